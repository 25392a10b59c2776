"""What an earlier run of `quoth bulk` has finished."""

from __future__ import annotations

import json
from pathlib import Path

__all__ = ["keep_finished"]


def keep_finished(path: Path) -> frozenset[str | int]:
    """Leaves in an output only its finished answers, and gives their ids.

    Errors and a line that was cut off are left out, so that their articles are tried again. The
    file is replaced as a whole: an interruption leaves the old one or the new one.

    Raises:
        OSError: The file cannot be read or replaced.
    """
    if not path.exists():
        return frozenset()
    finished = set()
    kept = path.with_name(f"{path.name}.kept")
    with path.open("rb") as old, kept.open("wb") as new:
        for line in old:
            answered = _answered(line)
            if answered is not None:
                finished.add(answered)
                new.write(line)
    kept.replace(path)
    return frozenset(finished)


def _answered(line: bytes) -> str | int | None:
    """The id of the article that a line answers; None if it does not."""
    try:
        row = json.loads(line)
    except ValueError:
        return None
    if not isinstance(row, dict) or "statements" not in row or not line.endswith(b"\n"):
        return None
    given = row.get("id")
    return given if isinstance(given, str | int) else None
