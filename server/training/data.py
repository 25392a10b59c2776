"""From annotated articles to examples: words as the model reads them, and what it should say."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from quoth_server.engine.attributions import encoder
from quoth_server.engine.attributions.decoding import TAGS
from quoth_server.engine.marks import pair
from quoth_server.engine.types import Paragraph, ParagraphKind, Quotation, Span
from training.heads import HEADS
from training.parses import Parse, parse_all

__all__ = [
    "IGNORE",
    "UNKNOWN",
    "Example",
    "IntArray",
    "Targets",
    "batches",
    "lines_as_paragraphs",
    "load",
    "training_windows",
    "unannotated",
    "words_of",
]

IGNORE = -100
"""The tag of a word that a corpus says nothing of, and every target that is not to be learned."""
UNKNOWN = -2
"""A head that a corpus does not name."""
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Example:
    """One article: words and gold. `cue_of` and `source_of` hold word indices, -1 for none.

    `tags` are indices into `decoding.TAGS`, or `IGNORE`; heads can be `UNKNOWN`. `cue_of[i]` is
    the first word of the cue that a content word belongs to; `source_of[i]` the first word of the
    source of a cue word. `more` has the gold of further heads by their name (see `heads`).
    """

    key: str
    body: str
    paragraphs: tuple[Paragraph, ...]
    quotations: tuple[Quotation, ...]
    words: encoder.Words
    tags: IntArray
    cue_of: IntArray
    source_of: IntArray
    more: dict[str, IntArray] = field(default_factory=dict)


Targets = dict[str, IntArray]
"""Gold for a batch by head, windows × words.

Pointers count from 1, 0 is none; `IGNORE` is skipped.
"""


def lines_as_paragraphs(body: str) -> tuple[Paragraph, ...]:
    """Every line that is not blank is a paragraph."""
    paragraphs, at = [], 0
    for line in body.split("\n"):
        stripped = line.strip()
        if stripped:
            start = at + line.index(stripped)
            span = Span(start, start + len(stripped))
            paragraphs.append(Paragraph(span, ParagraphKind.BODY))
        at += len(line) + 1
    return tuple(paragraphs)


Reader = Callable[[dict[str, Any], Parse, Tokenizer], Example]
"""Makes an example of a corpus's record and the parse of its text."""


def load(
    path: Path,
    tokenizer: Tokenizer,
    read: Reader,
    store: Path,
    paragraphs: Callable[[str], tuple[Paragraph, ...]] = lines_as_paragraphs,
    wanted: Callable[[dict[str, Any]], bool] = lambda _: True,
) -> list[Example]:
    """Reads a JSONL file of articles; parses are kept in `store` between runs."""
    with path.open(encoding="utf-8") as file:
        records = [json.loads(line) for line in file if line.strip()]
    records = [record for record in records if wanted(record)]
    texts = [(record["text"], paragraphs(record["text"])) for record in records]
    parses = parse_all(texts, store)
    pairs = zip(records, parses, strict=True)
    return [read(record, parse, tokenizer) for record, parse in pairs]


def words_of(spans: Sequence[Sequence[int]], words: encoder.Words) -> list[tuple[int, int]]:
    """The ranges of words that overlap the spans."""
    ranges = []
    for start, end in sorted(map(tuple, spans)):
        first = int(np.searchsorted(words.ends, start, side="right"))
        last = int(np.searchsorted(words.starts, end, side="left"))
        if first < last:
            ranges.append((first, last))
    return ranges


def unannotated(
    key: str,
    body: str,
    paragraphs: tuple[Paragraph, ...],
    tokens: Sequence[Span],
    tokenizer: Tokenizer,
) -> Example:
    """An example in which every word is outside; its arrays are to be written on."""
    quotations = pair(body, paragraphs)
    words = encoder.read_words(body, tokens, paragraphs, quotations, tokenizer)
    tags = np.zeros(len(words), dtype=np.int64)
    cue_of, source_of = (np.full(len(words), -1, dtype=np.int64) for _ in range(2))
    return Example(key, body, paragraphs, quotations, words, tags, cue_of, source_of)


def training_windows(example: Example, size: int, rng: random.Random) -> Iterator[encoder.Window]:
    """Packs whole paragraphs up to `size` pieces; the cut points move with `rng`."""
    words, paragraph = example.words, example.words.paragraph
    ends = [*(np.flatnonzero(np.diff(paragraph)) + 1).tolist(), len(words)]
    at, room = 0, rng.randint(size // 4, size)
    first = 0
    for end in ends:
        # Pieces and separators so far; a paragraph that does not fit opens the next window.
        cost = int(words.first_piece[end] - words.first_piece[first])
        cost += int(paragraph[end - 1] - paragraph[first]) + 2
        if cost > room and at > first:
            yield encoder.Window(first, at, first, at)
            first, room = at, size
            cost = int(words.first_piece[end] - words.first_piece[first]) + 2
        while cost > size:  # one long paragraph
            limit = words.first_piece[first] + size * 4 // 5
            cut = int(np.searchsorted(words.first_piece, limit, side="right")) - 1
            yield encoder.Window(first, cut, first, cut)
            first = cut
            cost = int(words.first_piece[end] - words.first_piece[first]) + 2
        at = end
    if at > first:
        yield encoder.Window(first, at, first, at)


def batches(
    examples: Sequence[Example], size: int, pieces: int, rng: random.Random
) -> Iterator[tuple[encoder.Inputs, Targets]]:
    """One epoch of batches of about `pieces` pieces, windows of like length together, shuffled."""
    pool = [
        (example, window) for example in examples for window in training_windows(example, size, rng)
    ]
    rng.shuffle(pool)
    pool.sort(key=lambda item: _length(*item) // 4)
    groups: list[list[tuple[Example, encoder.Window]]] = [[]]
    width = 0
    for item in pool:
        width = max(width, _length(*item))
        if groups[-1] and width * (len(groups[-1]) + 1) > pieces:
            groups.append([])
            width = _length(*item)
        groups[-1].append(item)
    rng.shuffle(groups)
    for group in groups:
        yield _batch(group)


def _length(example: Example, window: encoder.Window) -> int:
    pieces, paragraph = example.words.first_piece, example.words.paragraph
    separators = paragraph[window.last - 1] - paragraph[window.first] + 2
    return int(pieces[window.last] - pieces[window.first] + separators)


def _batch(
    group: Sequence[tuple[Example, encoder.Window]],
) -> tuple[encoder.Inputs, Targets]:
    rows = [encoder.pack(example.words, [window]) for example, window in group]
    width = max(row.pieces.shape[1] for row in rows)
    count = max(row.words.shape[1] for row in rows)

    def stack(name: str, size: int, fill: int) -> IntArray:
        arrays = [getattr(row, name)[0] for row in rows]
        return np.stack([np.pad(a, (0, size - len(a)), constant_values=fill) for a in arrays])

    inputs = encoder.Inputs(
        stack("pieces", width, encoder.PAD),
        stack("shapes", width, 0),
        stack("marks", width, 0),
        stack("mask", width, 0),
        stack("words", count, -1),
    )
    targets = {head.name: np.full((len(group), count), IGNORE, dtype=np.int64) for head in HEADS}
    for index, (example, window) in enumerate(group):
        span = slice(window.first, window.last)
        size = window.last - window.first
        targets["tags"][index, :size] = example.tags[span]
        roles = example.tags[span]
        content = (roles == TAGS.index("B-content")) | (roles == TAGS.index("I-content"))
        cue = (roles == TAGS.index("B-cue")) | (roles == TAGS.index("I-cue"))
        targets["cue_of"][index, :size] = _relative(example.cue_of[span], window, content)
        targets["source_of"][index, :size] = _relative(example.source_of[span], window, cue)
        for head in HEADS:
            gold = example.more.get(head.name)
            if gold is not None:
                here = gold[span]
                points = _relative(here, window, here > UNKNOWN) if head.points else here
                targets[head.name][index, :size] = points
    return inputs, targets


def _relative(heads: IntArray, window: encoder.Window, counts: npt.NDArray[np.bool_]) -> IntArray:
    """Heads as places in the window, 0 for none; skipped where they lie outside it."""
    inside = (heads >= window.first) & (heads < window.last)
    out = np.where(inside, heads - window.first + 1, IGNORE)
    out = np.where(heads == -1, 0, out)
    return np.where(counts, out, IGNORE)
