"""Runs `quoth evaluate` on all gold there is: the project's own, and what lies in ../shared.

    python -m tests.quality [OPTIONS of quoth evaluate]

The own gold is enough. The corpora beside the clone are those of evaluation/README.md.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"


def main() -> int:
    """Score all gold there is."""
    beside = [
        *sorted((SHARED / "gold").glob("*.jsonl")),
        *sorted((SHARED / "cases").glob("*.jsonl")),
        *sorted((SHARED / "corpora/polnear").glob("dev.jsonl")),
    ]
    gold = map(str, (ROOT / "evaluation/gold", *beside))
    return subprocess.call([sys.executable, "-m", "quoth_cli", "evaluate", *gold, *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
