"""A statement on its way through the steps."""

from __future__ import annotations

from dataclasses import dataclass

from quoth_server.engine.types import Span, StatementKind

__all__ = ["Draft", "RelayWords"]


@dataclass(frozen=True, slots=True)
class RelayWords:
    """The words for who passed a statement on, and those that say that it did."""

    span: Span
    cue: Span | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What was said, and the words that say whose it is.

    `content` and `quoted` leave outer quotation marks out; they are in text order and without
    overlap. `parent` is the index, in the same tuple, of the draft that reports this one. `score`
    is the finder's certainty, `likelihood` the probability that it is a statement at all.
    `relays` are who passed it on, the one nearest to the article first.
    """

    content: tuple[Span, ...]
    quoted: tuple[Span, ...] = ()
    kind: StatementKind = StatementKind.INDIRECT
    cue: Span | None = None
    source: Span | None = None
    parent: int | None = None
    score: float = 1.0
    likelihood: float = 1.0
    relays: tuple[RelayWords, ...] = ()
