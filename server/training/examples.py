"""The examples of every corpus that the network learns from, and what each is silent about."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from quoth_server.engine.attributions import encoder
from quoth_server.engine.attributions.model import DIRECTORY, TOKENIZER
from training import corpora, data
from training.data import Example
from training.gold_records import documents, fold_of, read_jsonl
from training.parses import Parse, parse_all

__all__ = ["Sources", "mixed"]


@dataclass(frozen=True, slots=True)
class Sources:
    """Reads corpora below a folder.

    Attributes:
        folder: The corpora; gold lies in `gold` beside it.
        tokenizer: Makes word pieces.
        stores: Where parses are kept.
        share: The part of each corpus that is used.
        without: The fold of gold articles that is left out, and how many folds there are.
    """

    folder: Path
    tokenizer: Tokenizer
    stores: Path
    share: float = 1.0
    without: tuple[int, int] | None = None

    @classmethod
    def of_installed(cls, folder: Path, out: Path, *, quick: bool) -> Sources:
        """Sources for the installed network's words; parses are kept in `out`.

        Args:
            folder: The corpora.
            out: What is trained is kept there too.
            quick: One percent of each corpus.
        """
        stores = out / "parses"
        stores.mkdir(parents=True, exist_ok=True)
        tokenizer = encoder.load_tokenizer(str(DIRECTORY / TOKENIZER))
        return cls(folder, tokenizer, stores, share=0.01 if quick else 1.0)

    def polnear(self, part: str) -> list[Example]:
        """PolNeAR: attributions, and the parse; where there are gold records, speakers too."""
        records = {d["id"]: d["records"] for d in self._gold() if not self._left_out(d)}

        def read(record: dict[str, Any], parse: Parse, tokenizer: Tokenizer) -> Example:
            example = corpora.polnear(record, parse, tokenizer)
            told = records.get(record["id"])
            return _parsed(
                example if told is None else corpora.speakers(example, parse, told), parse, told
            )

        return self._load(f"polnear/{part}", read)

    def records(self) -> list[Example]:
        """Gold records, the attributions of which teach as PolNeAR's do.

        Those on PolNeAR's own articles are among PolNeAR's.
        """
        articles = self.folder / "polnear" / "train.jsonl"
        polnear = {article["id"] for article in read_jsonl([articles])}
        told = [d for d in self._gold() if d["id"] not in polnear]
        texts = [(d["text"], data.lines_as_paragraphs(d["text"])) for d in told]
        parses = parse_all(texts, self.stores / f"records-{len(texts)}.pickle")
        return [
            _parsed(corpora.attributed(document, parse, self.tokenizer), parse, document["records"])
            for document, parse in zip(told, parses, strict=True)
            if not self._left_out(document)
        ]

    def others(self) -> list[Example]:
        """All else that is trained on.

        GUM's news and PolNeAR's development part are kept out: they measure.
        """
        found = self.polnear("train.jsonl")
        for genre in corpora.GUM_GENRES:
            found += self._load(f"gum/gum-{genre}.jsonl", _chained)
        found += self._load("meantime/meantime-dev.jsonl", _chained)
        found += self._load("litbank/litbank-quotes.jsonl", _chained, corpora.blocks)
        return found

    def _gold(self) -> list[dict[str, Any]]:
        return documents(self.folder.parent, quick=self.share < 1)

    def _left_out(self, document: dict[str, Any]) -> bool:
        if self.without is None:
            return False
        fold, folds = self.without
        return fold_of(document["id"], folds) == fold

    def _load(
        self,
        name: str,
        read: data.Reader,
        paragraphs: Callable[..., Any] = data.lines_as_paragraphs,
    ) -> list[Example]:
        path = self.folder / name
        rng = random.Random(1)
        wanted = (lambda _: rng.random() < self.share) if self.share < 1 else (lambda _: True)
        store = self.stores / f"{path.parent.name}-{path.stem}.pickle"
        return data.load(path, self.tokenizer, read, store, paragraphs, wanted)


def _parsed(example: Example, parse: Parse, records: Sequence[dict[str, Any]] | None) -> Example:
    """The example with its parse, which the records of gold, if there are any, correct."""
    example = corpora.parsed(example, parse)
    return example if records is None else corpora.named(corpora.without_speakers(example, records))


def _chained(record: dict[str, Any], parse: Parse, tokenizer: Tokenizer) -> Example:
    """Parse and chains; what a corpus says of attributions is left out.

    That of GUM, trained with, cost more on its news than it brought (README).
    """
    example = corpora.parsed(corpora.plain(record, parse, tokenizer), parse)
    return corpora.chains(example, parse, record["entities"])


def mixed(
    records: Sequence[Example], others: Sequence[Example], rng: random.Random
) -> list[Example]:
    """An epoch: all gold records, and as many words of everything else, drawn again."""
    room = sum(len(example.words) for example in records)
    drawn = []
    for example in rng.sample(others, len(others)):
        if room <= 0:
            break
        drawn.append(example)
        room -= len(example.words)
    return [*records, *drawn]
