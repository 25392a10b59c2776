"""Many short articles, out of the paragraphs of longer ones."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from evaluation.as_jsonl import documents
from tests.bench.texts import words

__all__ = ["paragraphs", "write"]

_CORPORA = Path(__file__).resolve().parents[3] / "shared/corpora/polnear"
_SHORTEST, _LONGEST = 15, 30  # words


def paragraphs() -> tuple[str, Sequence[str]]:
    """Where the paragraphs are from, and the paragraphs.

    They are those of PolNeAR where it lies beside the project, else those of the project's gold.
    """
    files = sorted(_CORPORA.glob("*.jsonl"))
    if files:
        lines = (line for file in files for line in file.read_text(encoding="utf-8").splitlines())
        texts = [json.loads(line)["text"] for line in lines if line.strip()]
        source = "PolNeAR"
    else:
        texts = [document["text"] for document in documents()]
        source = "quoth's own gold"
    return source, tuple(dict.fromkeys(part for text in texts for part in _parts(text)))


def _parts(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if _SHORTEST <= words(line) <= _LONGEST:
            yield line.strip()


def write(path: Path, count: int, texts: Sequence[str], seed: int) -> int:
    """Writes `count` articles of one paragraph each, and returns their words.

    Article N has the id `aN`.
    """
    random = Random(seed)
    total = 0
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            body = random.choice(texts)
            total += words(body)
            day = f"2016-{1 + number % 12:02}-{1 + number % 28:02}"
            file.write(json.dumps({"id": f"a{number}", "body": body, "published": day}) + "\n")
    return total
