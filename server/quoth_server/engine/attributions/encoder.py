"""What the attribution model reads: words, their word pieces, and windows of whole paragraphs.

Serving and training share this module, so that the model sees in both what it was taught on.
Words are spaCy's tokens; word pieces exist only in here.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from quoth_server.engine.types import Paragraph, Quotation, Span

__all__ = [
    "MARK_CLASSES",
    "SHAPES",
    "Inputs",
    "Margins",
    "Window",
    "Words",
    "core_windows",
    "load_tokenizer",
    "pack",
    "read_words",
]

IntArray = npt.NDArray[np.int64]

PAD, UNKNOWN, CLS, SEP = 0, 100, 101, 102
"""Ids of the special pieces in the vocabulary of BERT, uncased."""
SHAPES = 8
"""Classes of `_shape`: 0 for special pieces, then lower case, Capitalized, CAPITALS, digits,
punctuation, mixed, and anything else."""
MARK_CLASSES = 6
"""Where a word stands to the outermost quotation: 0 outside or a special piece, 1 its first
mark, 2 inside, 3 its last mark, 4 inside one that continues from the paragraph before, 5 inside
one that nothing closes."""
MAX_WORD_PIECES = 6
"""Pieces kept of one word: its head carries the meaning, and no input can blow a window up."""
MAX_WORD_CHARACTERS = 48

_PLAIN = str.maketrans(
    {**dict.fromkeys("“”„‟«»″", '"'), **dict.fromkeys("‘’‚‛‹›`′", "'"), "–": "—", "\u00ad": ""}
)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one document, parallel arrays; offsets are code points of the body.

    `pieces` are the word pieces of all words in a row; word `i` has
    `pieces[first_piece[i]:first_piece[i + 1]]`, at least one.
    """

    starts: IntArray
    ends: IntArray
    paragraph: IntArray
    shape: IntArray
    mark: IntArray
    pieces: IntArray
    first_piece: IntArray

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def paragraph_starts(self) -> IntArray:
        """The first word of each paragraph."""
        return np.flatnonzero(np.diff(self.paragraph, prepend=-1))


class Margins(NamedTuple):
    """Pieces that a core is read with: of what stands before it, and behind."""

    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Window:
    """Words `[first, last)` are read together; of them `[core_first, core_last)` count."""

    first: int
    last: int
    core_first: int
    core_last: int


@dataclass(frozen=True, slots=True)
class Inputs:
    """A batch for the network: windows × pieces, and for each word the place of its first piece.

    Padding has `mask` 0 in `pieces` and -1 in `words` (windows × words).
    """

    pieces: IntArray
    shapes: IntArray
    marks: IntArray
    mask: IntArray
    words: IntArray

    def arrays(self) -> tuple[IntArray, ...]:
        """The arrays in the order in which the network takes them."""
        return (self.pieces, self.shapes, self.marks, self.mask, self.words)


def load_tokenizer(path: str) -> Tokenizer:
    """Loads a word piece tokenizer, without the truncation and padding its file may ask for."""
    tokenizer = Tokenizer.from_file(path)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def read_words(
    body: str,
    tokens: Sequence[Span],
    paragraphs: Sequence[Paragraph],
    quotations: Sequence[Quotation],
    tokenizer: Tokenizer,
) -> Words:
    """Describes the tokens of a body, none of them white space, for the model.

    A token that holds a mark of a quotation and more (”―) is two words or three.

    Quotation marks are read in one style whatever the text's own: `"` for an outermost
    quotation, `'` for one inside another, so that the model need not learn styles.
    """
    tokens = list(_split_at_marks(tokens, quotations))
    starts = np.array([token.start_offset for token in tokens], dtype=np.int64)
    ends = np.array([token.end_offset for token in tokens], dtype=np.int64)
    paragraph_starts = np.array([p.span.start_offset for p in paragraphs], dtype=np.int64)
    texts = [
        body[token.start_offset : min(token.end_offset, token.start_offset + MAX_WORD_CHARACTERS)]
        for token in tokens
    ]
    mark = np.zeros(len(tokens), dtype=np.int64)
    shown = [text.replace("``", '"').replace("''", '"').translate(_PLAIN) for text in texts]
    for quotation in quotations:
        first = int(np.searchsorted(ends, quotation.outer.start_offset, side="right"))
        last = int(np.searchsorted(starts, quotation.outer.end_offset, side="left"))
        if first >= last:
            continue
        glyph = '"' if quotation.depth == 0 else "'"
        edges = [first] if starts[first] == quotation.outer.start_offset else []
        if quotation.closed and ends[last - 1] == quotation.outer.end_offset:
            edges.append(last - 1)
        for edge in edges:
            if not any(character.isalnum() for character in texts[edge]):
                shown[edge] = glyph
        if quotation.depth == 0:
            mark[first:last] = 4 if quotation.continues else 2 if quotation.closed else 5
            if quotation.outer.start_offset < quotation.inner.start_offset:
                mark[first] = 1
            if quotation.closed:
                mark[last - 1] = 3
    pieces, first_piece = _pieces(shown, tokenizer)
    return Words(
        starts=starts,
        ends=ends,
        paragraph=np.searchsorted(paragraph_starts, starts, side="right") - 1,
        shape=np.fromiter(map(_shape, texts), dtype=np.int64, count=len(texts)),
        mark=mark,
        pieces=pieces,
        first_piece=first_piece,
    )


def _split_at_marks(tokens: Sequence[Span], quotations: Sequence[Quotation]) -> Iterator[Span]:
    """The tokens, cut where the mark of a quotation begins or ends inside one."""
    cuts = np.unique(
        [
            at
            for q in quotations
            for span in (q.outer, q.inner)
            for at in (span.start_offset, span.end_offset)
        ]
    )
    following = 0
    for token in tokens:
        start = token.start_offset
        while following < len(cuts) and cuts[following] < token.end_offset:
            cut = int(cuts[following])
            following += 1
            if cut > start:
                yield Span(start, cut)
                start = cut
        yield Span(start, token.end_offset)


def _pieces(texts: Sequence[str], tokenizer: Tokenizer) -> tuple[IntArray, IntArray]:
    """The pieces of all words in a row, and where each word's begin (one longer than the words).

    A word that the tokenizer drops whole (control characters, say) becomes one unknown piece.
    """
    of_word: dict[str, list[int]] = {}
    distinct = list(dict.fromkeys(texts))
    if distinct:
        encoding = tokenizer.encode(distinct, is_pretokenized=True, add_special_tokens=False)
        for piece, word in zip(encoding.ids, encoding.word_ids, strict=True):
            if word is not None:
                of_word.setdefault(distinct[word], []).append(piece)
    lists = [of_word.get(text, [UNKNOWN])[:MAX_WORD_PIECES] for text in texts]
    first_piece = np.zeros(len(lists) + 1, dtype=np.int64)
    np.cumsum([len(pieces) for pieces in lists], out=first_piece[1:])
    flat = itertools.chain.from_iterable(lists)
    return np.fromiter(flat, dtype=np.int64, count=int(first_piece[-1])), first_piece


def _shape(text: str) -> int:
    """The class of a word's letters; see `SHAPES`."""
    if text.isalpha():
        if text.islower():
            return 1
        if text.isupper():
            return 3 if len(text) > 1 else 2
        return 2 if text[0].isupper() and text[1:].islower() else 6
    if text.isdigit():
        return 4
    if not any(character.isalnum() for character in text):
        return 5
    if text[0].isupper():
        return 2 if any(character.islower() for character in text) else 3
    return 6 if text[0].isalpha() else 7


def core_windows(words: Words, size: int, edge: Margins, seam: Margins) -> Iterator[Window]:
    """Cuts a document into windows; sizes are in pieces and separators.

    Cores are whole paragraphs as long as they fit, `edge` around them, in `size`. A paragraph
    that does not is cut, and what stands around a cut inside it is `seam`.
    """
    count, at = len(words), 0
    # Where each word's first piece would stand in one row with all separators.
    place = words.first_piece + np.append(words.paragraph, words.paragraph[-1:])
    paragraph_ends = np.flatnonzero(np.diff(words.paragraph, append=-1)) + 1
    begins_paragraph = True
    while at < count:
        before = edge.before if begins_paragraph else seam.before
        end = _reaches(place, at, size - before - edge.after)
        whole = int(np.searchsorted(paragraph_ends, end, side="right")) - 1
        ends_paragraph = end >= count or (whole >= 0 and bool(paragraph_ends[whole] > at))
        if ends_paragraph:
            end, after = int(paragraph_ends[whole]), edge.after
        else:
            end, after = _reaches(place, at, size - before - seam.after), seam.after
        end = max(end, at + 1)
        first = int(np.searchsorted(place, place[at] - before, side="left"))
        last = _reaches(place, min(end, count), after)
        yield Window(min(first, at), max(min(last, count), end), at, end)
        at, begins_paragraph = end, ends_paragraph


def _reaches(place: IntArray, at: int, size: int) -> int:
    """The word before which `size` pieces from word `at` on end."""
    return int(np.searchsorted(place, place[at] + max(0, size), side="right")) - 1


def pack(words: Words, windows: Sequence[Window]) -> Inputs:
    """Lays windows out for the network: [CLS] paragraph [SEP] paragraph [SEP], padded."""
    rows = [_row(words, window) for window in windows]
    width = max(len(row[0]) for row in rows)
    most_words = max(len(row[3]) for row in rows)
    pieces = np.full((len(rows), width), PAD, dtype=np.int64)
    shapes, marks, mask = (np.zeros((len(rows), width), dtype=np.int64) for _ in range(3))
    places = np.full((len(rows), most_words), -1, dtype=np.int64)
    for index, (row_pieces, row_shapes, row_marks, row_places) in enumerate(rows):
        pieces[index, : len(row_pieces)] = row_pieces
        shapes[index, : len(row_pieces)] = row_shapes
        marks[index, : len(row_pieces)] = row_marks
        mask[index, : len(row_pieces)] = 1
        places[index, : len(row_places)] = row_places
    return Inputs(pieces, shapes, marks, mask, places)


def _row(words: Words, window: Window) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """One window's pieces, shapes and marks, and the place of each word's first piece."""
    first, last = window.first, window.last
    lengths = np.diff(words.first_piece[first : last + 1])
    # A separator follows the last word of each paragraph, and of the window.
    separators = np.diff(words.paragraph[first:last], append=-1) != 0
    places = 1 + np.cumsum(lengths) - lengths + np.cumsum(separators) - separators
    size = int(places[-1] + lengths[-1]) + 1
    at = np.repeat(places - (np.cumsum(lengths) - lengths), lengths) + np.arange(lengths.sum())
    pieces = np.full(size, SEP, dtype=np.int64)
    shapes, marks = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    pieces[0] = CLS
    pieces[at] = words.pieces[words.first_piece[first] : words.first_piece[last]]
    shapes[at] = np.repeat(words.shape[first:last], lengths)
    marks[at] = np.repeat(words.mark[first:last], lengths)
    return pieces, shapes, marks, places
