"""A record network that learns beside the article network, through its encoder.

The record network that ships reads the vectors of a finished article network and cannot change
them. The one in here can: what it lacks reaches the encoder. Afterwards `training.records` goes on
from its weights, on the vectors of articles that their network has not seen.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from quoth_server.engine.attributions import encoder
from quoth_server.engine.attributions.reading import EDGE, SEAM, WINDOW
from training import stored
from training.gold_records import fold_of, real_news
from training.model import ArticleNetwork
from training.record_examples import RecordExample
from training.record_model import RecordModel, RecordSize

__all__ = ["SHARE", "Learning", "drawn", "read", "vectors"]

SHARE = 0.5
"""What all that is asked of records weighs beside the heads of the article network."""
_LONGEST = 1500
"""Words of an article that is read whole; the few longer ones are left out."""
_REPEATED = 3
"""How often a round has each article of real news."""


class Learning(nn.Module):
    """The two networks that learn together."""

    def __init__(self, article: ArticleNetwork) -> None:
        super().__init__()
        self.article, self.records = article, RecordModel(RecordSize())


def read(path: Path, shared: Path, without: tuple[int, int] | None) -> list[RecordExample]:
    """The examples that `training.records` left, those of real news three times.

    Args:
        path: `examples.pickle`.
        shared: The folder with gold.
        without: The fold that is left out, and how many there are.
    """
    repeated = {document["id"] for document in real_news(shared)}
    found = [
        one
        for one in stored.read(path)
        if len(one.table) and len(one.table) <= _LONGEST and one.statements
        if without is None or fold_of(one.key, without[1]) != without[0]
    ]
    return [one for one in found for _ in range(_REPEATED if one.key in repeated else 1)]


def drawn(examples: Sequence[RecordExample], seed: int, first: int) -> Iterator[RecordExample]:
    """Examples without end, each once in a round, from a place on."""
    rounds, at = divmod(first, max(1, len(examples)))
    while examples:
        order = random.Random(seed * 1000 + rounds).sample(range(len(examples)), len(examples))
        yield from (examples[number] for number in order[at:])
        rounds, at = rounds + 1, 0


def vectors(article: ArticleNetwork, one: RecordExample) -> Tensor:
    """What the network makes of an article's words, as in serving: words × hidden."""
    words = one.table.words
    windows = list(encoder.core_windows(words, WINDOW, EDGE, SEAM))
    arrays = (torch.from_numpy(array) for array in encoder.pack(words, windows).arrays())
    cores = [
        row[window.core_first - window.first : window.core_last - window.first]
        for row, window in zip(article.read(*arrays), windows, strict=True)
    ]
    return torch.cat(cores)
