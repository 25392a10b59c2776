"""`make release VERSION=0.2.0`: one commit and one tag, and what they are of built into dist/.

Everything is done in a worktree of its own first; with `--dry-run` it is thrown away at the end.
Nothing is pushed or uploaded: the last lines say how.
"""

from __future__ import annotations

import argparse
import datetime
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]

# Where the version stands, and in which words.
PLACES = {
    "*/*/__init__.py": '__version__ = "{}"',
    "CITATION.cff": "\nversion: {}\n",
    "deploy/*": "quoth-server:{}",
    "docs/*.md": "quoth-server:{}",
    "examples/node/README.md": "quoth-client-{}.tgz",
    "examples/node/package.json": '"version": "{}"',
}
_OPTIONAL = {"README.md": "quoth-server:{}"}
_BOUNDS = re.compile(r'("quoth(?:-\w+)?(?:\[[\w,]+\])?)>=\d+\.\d+,<\d+\.\d+"')
_UNRELEASED = "## [Unreleased]\n"


class Refused(Exception):
    """The release is not made; the message says why and what to do."""


def number(version: str) -> tuple[int, ...]:
    """A version to compare.

    Raises:
        Refused: if it is not MAJOR.MINOR.PATCH.
    """
    if not re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", version):
        raise Refused(f"{version!r} is not a version such as 0.2.0")
    return tuple(map(int, version.split(".")))


def current(root: Path) -> str:
    """The version of the distributions, which is the same of all.

    Raises:
        Refused: if it is not.
    """
    found = {
        text.partition('__version__ = "')[2].partition('"')[0]
        for project in projects(root)
        for text in [(project / version_file(project)).read_text(encoding="utf-8")]
    }
    if len(found) != 1:
        raise Refused(f"the distributions have several versions: {', '.join(sorted(found))}")
    return found.pop()


def projects(root: Path) -> list[Path]:
    """The folders of the distributions."""
    return sorted(path.parent for path in root.glob("*/pyproject.toml"))


def version_file(project: Path) -> str:
    """The file that has the version of a distribution."""
    settings = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    path: str = settings["tool"]["hatch"]["version"]["path"]
    return path


def prepare(root: Path, new: str, today: datetime.date) -> None:
    """Writes the new version wherever the old one stands, and dates the change log.

    Raises:
        Refused: if the version is not a later one, there is nothing to release, or a place of the
            version is not where it is looked for.
    """
    old = current(root)
    if number(new) < number(old) or (new == old and _is_released(root, old)):
        raise Refused(f"{new} is not later than {old}")
    for pattern, words in (PLACES | _OPTIONAL).items():
        files = [path for path in sorted(root.glob(pattern)) if path.is_file()]
        texts = {path: path.read_text(encoding="utf-8") for path in files}
        if pattern in PLACES and not any(words.format(old) in text for text in texts.values()):
            raise Refused(f"{pattern} nowhere has {words.format(old)!r}; correct .ci/release.py")
        for path, text in texts.items():
            path.write_text(text.replace(words.format(old), words.format(new)), encoding="utf-8")
    major, minor, _ = number(new)
    bounds = rf'\1>={major}.{minor},<{major}.{minor + 1}"'
    for project in projects(root):
        _rewrite(project / "pyproject.toml", lambda text: _BOUNDS.sub(bounds, text))
    _rewrite(root / "CHANGELOG.md", lambda text: _dated(text, new, today))
    _rewrite(root / "CITATION.cff", lambda text: _cited(text, today))


def _is_released(root: Path, version: str) -> bool:
    return f"\n## [{version}]" in (root / "CHANGELOG.md").read_text(encoding="utf-8")


def _rewrite(path: Path, change: Callable[[str], str]) -> None:
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def _dated(text: str, new: str, today: datetime.date) -> str:
    before, heading, rest = text.partition(_UNRELEASED)
    if not heading or not rest.partition("\n## ")[0].strip():
        raise Refused("CHANGELOG.md has nothing under [Unreleased]: there is nothing to release")
    return f"{before}{heading}\n## [{new}] - {today}\n{rest}"


def _cited(text: str, today: datetime.date) -> str:
    kept = [line for line in text.splitlines() if not line.startswith("date-released:")]
    return "\n".join([*kept, f"date-released: {today}", ""])


def build(root: Path, into: Path) -> list[str]:
    """Builds all distributions; the names of the files."""
    for project in projects(root):
        subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "--directory", into],
            cwd=project,
            check=True,
            capture_output=True,
        )
    return sorted(path.name for path in into.iterdir())


def git(*arguments: str | Path, cwd: Path | None = None) -> str:
    """What git prints."""
    return subprocess.run(
        ["git", *arguments], cwd=cwd or ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()


def release(new: str, *, dry_run: bool) -> None:
    """Makes the release, or all of it but the commit and the tag.

    Raises:
        Refused: if it cannot be made.
    """
    number(new)
    if not dry_run and git("status", "--porcelain"):
        raise Refused("there are changes that are not committed: commit or stash them first")
    if git("tag", "--list", f"v{new}"):
        raise Refused(f"there is a tag v{new} already")
    with tempfile.TemporaryDirectory() as folder:
        tree, built = Path(folder) / "tree", Path(folder) / "dist"
        git("worktree", "add", "--detach", tree, "HEAD")
        try:
            prepare(tree, new, datetime.datetime.now(datetime.UTC).date())
            files = build(tree, built)
            stray = [name for name in files if new not in name]
            if stray:
                raise Refused(f"built with another version: {', '.join(stray)}")
            _say(git("diff", "--stat", cwd=tree))
            if not dry_run:
                git("commit", "--all", "--message", f"Release {new}", cwd=tree)
                git("merge", "--ff-only", git("rev-parse", "HEAD", cwd=tree))
                git("tag", "--annotate", f"v{new}", "--message", f"quoth {new}")
                shutil.copytree(built, ROOT / "dist" / new)
        finally:
            git("worktree", "remove", "--force", tree)
    _say("\n".join(files))
    if dry_run:
        _say(f"A dry run: v{new} is not made. All of it would work.")
    else:
        _say(f"v{new} is made. Next: git push --follow-tags, and publish dist/{new}.")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def main() -> int:
    """Runs the command."""
    parser = argparse.ArgumentParser(description="Makes a release.")
    parser.add_argument("version")
    parser.add_argument("--dry-run", action="store_true")
    arguments = parser.parse_args()
    try:
        release(arguments.version, dry_run=arguments.dry_run)
    except Refused as refusal:
        sys.stderr.write(f"release: {refusal}\n")
        return 1
    except subprocess.CalledProcessError as error:
        sys.stderr.write(f"release: {error}\n{error.stderr}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
