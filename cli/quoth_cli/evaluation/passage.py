"""Finds the words that gold names in its text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from quoth_cli.evaluation.documents import GoldError, Span

__all__ = ["Nth", "Parts", "Passage"]


class Nth(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that stand several times in the text: the nth of them, from 1, is meant."""

    text: str
    nth: int


Parts = str | Nth | list[str | Nth] | None
"""Words of the text, each part in one piece."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text, and its place for messages."""

    place: str
    text: str

    def find_all(self, parts: Parts) -> list[Span]:
        """The spans of the parts, each looked up in the whole text.

        Raises:
            GoldError: A part does not stand there, or several times.
        """
        return [self._find(part, [(0, len(self.text))]) for part in _listed(parts)]

    def find_near(self, parts: Parts, content: list[Span]) -> list[Span]:
        """The spans of parts looked up in the paragraphs of the content, but outside it.

        Of several places there the one nearest to the content is meant. What does not stand
        there is looked up in the whole text, where it must stand once.

        Raises:
            GoldError: A part does not stand there, or several times.
        """
        near = [gap for span in self._paragraphs(content) for gap in _without(span, content)]
        far = _without((0, len(self.text)), content)
        return [
            self._find(part, near, content)
            if self._occurrences(_words(part), near)
            else self._find(part, far)
            for part in _listed(parts)
        ]

    def _find(self, part: str | Nth, scope: list[Span], near_to: Sequence[Span] = ()) -> Span:
        words = _words(part)
        found = self._occurrences(words, scope)
        times = f"{self.place}: {words!r} occurs {len(found)} times"
        if not found:
            raise GoldError(f"{self.place}: {words!r} does not occur in the text")
        if isinstance(part, Nth):
            if not 1 <= part.nth <= len(found):
                raise GoldError(f"{times}, not {part.nth}")
            return found[part.nth - 1]
        if near_to:
            found.sort(key=lambda span: _distance(span, near_to))
            if len(found) == 1 or _distance(found[0], near_to) < _distance(found[1], near_to):
                return found[0]
        if len(found) > 1:
            raise GoldError(f"{times}: write {{ text = …, nth = … }}")
        return found[0]

    def _occurrences(self, words: str, scope: list[Span]) -> list[Span]:
        """Where the words stand as whole words, in text order, each inside one span of `scope`."""
        before = r"(?<!\w)" if words[:1].isalnum() else ""
        after = r"(?!\w)" if words[-1:].isalnum() else ""
        pattern = re.compile(before + re.escape(words) + after)
        return [m.span() for s, e in scope for m in pattern.finditer(self.text, s, e)]

    def _paragraphs(self, content: list[Span]) -> list[Span]:
        lines = [m.span() for m in re.finditer(r"[^\n]+", self.text)]
        return [(s, e) for s, e in lines if any(a < e and s < b for a, b in content)]


def _listed(parts: Parts) -> list[str | Nth]:
    if parts is None:
        return []
    return parts if isinstance(parts, list) else [parts]


def _words(part: str | Nth) -> str:
    return part.text if isinstance(part, Nth) else part


def _distance(span: Span, others: Iterable[Span]) -> int:
    """The code points between a span and the nearest of others."""
    return min(max(span[0] - end, start - span[1]) for start, end in others)


def _without(whole: Span, holes: Iterable[Span]) -> list[Span]:
    """The gaps that `holes` leave in `whole`."""
    start, end = whole
    gaps = []
    for hole_start, hole_end in sorted(holes):
        if hole_end <= start or hole_start >= end:
            continue
        gaps.append((start, hole_start))
        start = hole_end
    gaps.append((start, end))
    return [(s, e) for s, e in gaps if s < e]
