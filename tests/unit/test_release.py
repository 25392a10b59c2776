"""`make release`, in its own repository."""

from __future__ import annotations

import datetime
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
TODAY = datetime.date(2026, 5, 14)
NEW = "7.8.9"


def load() -> Any:
    spec = importlib.util.spec_from_file_location("release", ROOT / ".ci/release.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


release = load()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """What a release writes to, with something to release."""
    root = tmp_path / "repository"
    patterns = ("*/pyproject.toml", "CHANGELOG.md", *release.PLACES)
    for path in (each for pattern in patterns for each in ROOT.glob(pattern)):
        if path.is_file():
            target = root / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    log = root / "CHANGELOG.md"
    log.write_text(log.read_text().replace("## [Unreleased]\n", "## [Unreleased]\n\n- New.\n", 1))
    return root


def test_the_version_is_written_everywhere(root: Path) -> None:
    old = release.current(root)
    release.prepare(root, NEW, TODAY)
    assert release.current(root) == NEW
    for pattern, words in release.PLACES.items():
        texts = [path.read_text() for path in root.glob(pattern) if path.is_file()]
        assert any(words.format(NEW) in text for text in texts), pattern
        assert not any(words.format(old) in text for text in texts), pattern
    assert ">=7.8,<7.9" in (root / "server/pyproject.toml").read_text()
    assert "\ndate-released: 2026-05-14\n" in (root / "CITATION.cff").read_text()
    log = (root / "CHANGELOG.md").read_text()
    assert "\n## [Unreleased]\n\n## [7.8.9] - 2026-05-14\n\n- New.\n" in log


def test_a_release_without_changes_is_refused(root: Path) -> None:
    release.prepare(root, NEW, TODAY)
    with pytest.raises(release.Refused, match="nothing to release"):
        release.prepare(root, "7.9.0", TODAY)


@pytest.mark.parametrize("version", ["0.0.1", "7.8.9"])
def test_what_is_not_later_is_refused(root: Path, version: str) -> None:
    release.prepare(root, NEW, TODAY)
    with pytest.raises(release.Refused, match="not later"):
        release.prepare(root, version, TODAY)


@pytest.mark.parametrize("version", ["", "1", "1.2", "v1.2.3", "01.2.3", "1.2.3rc1", "1.2.3\n"])
def test_what_is_not_a_version_is_refused(version: str) -> None:
    with pytest.raises(release.Refused, match="not a version"):
        release.number(version)


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.mark.slow
def test_a_release_is_one_commit_and_one_tag(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "A. Nyone")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "a@example.org")
    monkeypatch.setattr(release, "ROOT", root)

    def build(tree: Path, into: Path) -> list[str]:
        into.mkdir()
        (into / f"quoth-{release.current(tree)}.tar.gz").touch()
        return [path.name for path in into.iterdir()]

    monkeypatch.setattr(release, "build", build)
    git(root, "init", "--quiet", "--initial-branch", "main")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "First")
    before = git(root, "rev-parse", "HEAD")

    release.release(NEW, dry_run=True)
    assert (git(root, "rev-parse", "HEAD"), git(root, "tag")) == (before, "")

    (root / "left.txt").touch()
    with pytest.raises(release.Refused, match="not committed"):
        release.release(NEW, dry_run=False)
    (root / "left.txt").unlink()

    release.release(NEW, dry_run=False)
    assert git(root, "rev-list", "--count", f"{before}..v{NEW}^{{commit}}") == "1"
    assert release.current(root) == NEW
    assert [path.name for path in (root / "dist" / NEW).iterdir()] == [f"quoth-{NEW}.tar.gz"]
    with pytest.raises(release.Refused):
        release.release(NEW, dry_run=True)


def test_the_command_says_what_is_wrong(
    capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    monkeypatch.setattr(sys, "argv", ["release", "soon"])
    assert release.main() == 1
    assert "'soon' is not a version such as 0.2.0" in capsys.readouterr().err
