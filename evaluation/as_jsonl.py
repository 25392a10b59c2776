"""Prints the project's own gold with spans instead of words, one document a line.

python -m evaluation.as_jsonl > gold.jsonl
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from quoth_cli.evaluation.toml_gold import read_toml

__all__ = ["FOLDER", "documents"]

FOLDER = Path(__file__).parent / "gold"


def documents(folder: Path = FOLDER) -> Iterator[dict[str, Any]]:
    """Yields the documents of every file, in the order of file names.

    Raises:
        GoldError: A file holds a mistake.
    """
    for path in sorted(folder.glob("*.toml")):
        yield from read_toml(path)


def main() -> int:
    """Print every document."""
    for document in documents():
        sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
