"""Makes the blocking client, `quoth._sync`, from the asyncio one, `quoth._async`.

`python client/unasync.py` writes it; with `--check` it exits with 1 if it is not current.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).parent / "quoth" / "_async"
TARGET = SOURCE.with_name("_sync")
HEADER = "# Generated from quoth/_async/{}: change that file, then run `make generate`.\n"

RULES = [
    (r"It connects in the event loop.*", "It is safe between threads."),
    (r"\bin a task of its own\b", "in a thread of its own"),
    (r"`contextlib\.aclosing`", "`contextlib.closing`"),
    (r"\ban `async with`", "a `with`"),
    (r"\basync (def|for|with)\b", r"\1"),
    (r"\bawait ", ""),
    (r"\bIterable\[v1\.Article\] \| AsyncIterable\[v1\.Article\]", "Iterable[v1.Article]"),
    (r"\bAsyncIterable, ", ""),
    (r"\bAsync(?=[A-Z])", ""),
    (r"\b__a(iter|enter|exit)__", r"__\1__"),
    (r"\banext\b", "next"),
    (r"\bquoth\._async\b", "quoth._sync"),
    (r"\bquoth\._aio\b", "quoth._threads"),
]
# Shorter words are wrapped and sorted in another way.
TIDY = [["check", "--quiet", "--fix", "--exit-zero"], ["format", "--quiet"]]


def blocking(source: Path) -> str:
    """The text of the twin of one file."""
    text = source.read_text(encoding="utf-8")
    for pattern, replacement in RULES:
        text = re.sub(pattern, replacement, text)
    name = f"--stdin-filename={TARGET / source.name}"
    for arguments in TIDY:
        command = [sys.executable, "-m", "ruff", *arguments, name, "-"]
        text = subprocess.check_output(command, input=text, text=True)
    return HEADER.format(source.name) + text


def main() -> int:
    """Writes each twin, or checks it."""
    stale = False
    for source in sorted(SOURCE.glob("[!_]*.py")):
        target = TARGET / source.name
        text = blocking(source)
        if "--check" not in sys.argv:
            target.write_text(text, encoding="utf-8")
        elif not target.exists() or target.read_text(encoding="utf-8") != text:
            stale = True
            sys.stderr.write(f"{target} is not current: run `make generate` and commit it\n")
    return int(stale)


if __name__ == "__main__":
    sys.exit(main())
