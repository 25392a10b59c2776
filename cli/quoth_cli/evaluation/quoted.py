"""Which words of a text are quoted, and whether a content is direct, mixed or indirect for that."""

from __future__ import annotations

import bisect
import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from quoth_cli.evaluation.documents import Kind, Span

__all__ = ["Text"]

_TOKEN = re.compile(r"\w+|[^\w\s]")
_MARK = re.compile("[“„«‟”»\"＂]|''|``")
_OPENING = frozenset(("“", "„", "«", "‟", "``"))
_CLOSING = frozenset(("”", "»"))
_ANY_MARK = frozenset("“„«‟”»\"＂‘’'`´‚‛")
_DIRECT_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Quoted words, from the opening mark to behind the closing one, where there is one."""

    start: int
    end: int
    closed: bool


class Text:
    """A text by its tokens (words and single marks) and its quoted stretches."""

    def __init__(self, text: str) -> None:
        self._text = text
        tokens = [token.span() for token in _TOKEN.finditer(text)]
        self._starts = [start for start, _ in tokens]
        self._ends = [end for _, end in tokens]

    def tokens(self, spans: Iterable[Span]) -> frozenset[int]:
        """The numbers of the tokens that overlap any of the spans."""
        return frozenset(
            itertools.chain.from_iterable(
                range(bisect.bisect_right(self._ends, s), bisect.bisect_left(self._starts, e))
                for s, e in spans
            )
        )

    def hull(self, spans: tuple[Span, ...]) -> Span | None:
        """From the first start to the last end, less space, marks and punctuation around it."""
        if not spans:
            return None
        start, end = min(s for s, _ in spans), max(e for _, e in spans)
        while start < end and _is_outer(self._text[start]):
            start += 1
        while start < end and _is_outer(self._text[end - 1]):
            end -= 1
        return (start, end) if start < end else None

    def kind(self, content: tuple[Span, ...]) -> Kind:
        """DIRECT where at least 80 % of the tokens are quoted, INDIRECT where none is, else MIXED.

        Only those quoted stretches count in which the content has the first or the last mark, or
        stands right beside one: an indirect content inside somebody's quoted words stays so.
        """
        mine = self.tokens(content)
        quoted = self.tokens(
            (each.start, each.end)
            for each in self._stretches
            if any(self._takes_part(span, each) for span in content)
        )
        share = len(mine & quoted)
        if not share:
            return "INDIRECT"
        return "DIRECT" if share >= _DIRECT_SHARE * len(mine) else "MIXED"

    def _takes_part(self, span: Span, stretch: _Stretch) -> bool:
        start, end = span
        if end <= stretch.start or stretch.end <= start:
            return False
        if start <= stretch.start or not self._text[stretch.start + 1 : start].strip():
            return True
        behind = self._text[end : stretch.end - 1]
        return stretch.closed and (stretch.end <= end or all(map(_is_outer, behind)))

    @cached_property
    def _stretches(self) -> list[_Stretch]:
        lines = [line.span() for line in re.finditer(r"[^\n]*\S[^\n]*", self._text)]
        following = [*lines[1:], None]
        return [
            stretch
            for line, after in zip(lines, following, strict=True)
            for stretch in self._stretches_of(line, after)
        ]

    def _stretches_of(self, line: Span, after: Span | None) -> Iterator[_Stretch]:
        opened: int | None = None
        for mark in _MARK.finditer(self._text, *line):
            if self._opens(mark, line, opened is None):
                opened = mark.start()
            elif opened is not None:
                yield _Stretch(opened, mark.end(), closed=True)
                opened = None
        # A quotation that goes on is opened again in the next paragraph, without being closed.
        if opened is not None and after is not None:
            again = _MARK.match(self._text[slice(*after)].lstrip())
            if again and again.group() not in _CLOSING:
                whole = self._text[slice(*line)].rstrip()
                yield _Stretch(opened, line[0] + len(whole), closed=False)

    def _opens(self, mark: re.Match[str], line: Span, may_open: bool) -> bool:
        if mark.group() in _OPENING | _CLOSING:
            return mark.group() in _OPENING
        space_before = mark.start() == line[0] or self._text[mark.start() - 1].isspace()
        space_after = mark.end() == line[1] or self._text[mark.end()].isspace()
        return may_open if space_before == space_after else space_before


def _is_outer(character: str) -> bool:
    return (
        character.isspace()
        or character in _ANY_MARK
        or unicodedata.category(character).startswith("P")
    )
