"""The examples of every corpus that the network learns from, and what each is silent about."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from training import corpora, data
from training.data import Example
from training.parses import Parse

__all__ = ["Sources"]


@dataclass(frozen=True, slots=True)
class Sources:
    """Reads corpora below a folder; `share` is the part of each that is used."""

    folder: Path
    tokenizer: Tokenizer
    stores: Path
    share: float = 1.0

    def polnear(self, part: str) -> list[Example]:
        """PolNeAR: attributions, and the parse."""
        return self._load(f"polnear/{part}", _with_parse(corpora.polnear))

    def training(self) -> list[Example]:
        """All that is trained on.

        GUM's news, PolNeAR's and Wikinews's development parts and all records are kept out: they
        measure.
        """
        gold = self.folder.parent / "gold"
        held = {line.split('"')[3] for line in (gold / "wikinews-dev.jsonl").open(encoding="utf-8")}
        found = self.polnear("train.jsonl")
        for genre in corpora.GUM_GENRES:
            found += self._load(f"gum/gum-{genre}.jsonl", _chained)
        found += self._load("meantime/meantime-dev.jsonl", _chained)
        found += self._load("litbank/litbank-quotes.jsonl", _chained, corpora.blocks)
        found += self._load("../gold/wikinews-train.jsonl", _with_parse(corpora.plain))
        found += self._load(
            "articles/wikinews-dev.jsonl",
            _with_parse(corpora.plain),
            wanted=lambda r: r["id"] not in held,
        )
        return found

    def _load(
        self,
        name: str,
        read: data.Reader,
        paragraphs: Callable[..., Any] = data.lines_as_paragraphs,
        wanted: Callable[[dict[str, Any]], bool] = lambda _: True,
    ) -> list[Example]:
        path = self.folder / name
        rng = random.Random(1)
        chosen = (lambda r: wanted(r) and rng.random() < self.share) if self.share < 1 else wanted
        store = self.stores / f"{path.parent.name}-{path.stem}.pickle"
        return data.load(path, self.tokenizer, read, store, paragraphs, chosen)


def _with_parse(read: data.Reader) -> data.Reader:
    def reader(record: dict[str, Any], parse: Parse, tokenizer: Tokenizer) -> Example:
        return corpora.parsed(read(record, parse, tokenizer), parse)

    return reader


def _chained(record: dict[str, Any], parse: Parse, tokenizer: Tokenizer) -> Example:
    """Parse and chains; what a corpus says of attributions is left out.

    That of GUM, trained with, cost more on its news than it brought (README).
    """
    example = corpora.parsed(corpora.plain(record, parse, tokenizer), parse)
    return corpora.chains(example, parse, record["entities"])
