"""Which statements of an archive are asked for, and in which order."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Order", "Question"]


class Order(StrEnum):
    """The order of statements; those without a day come last."""

    NEWEST = "newest"
    OLDEST = "oldest"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class Question:
    """What a statement must have; what is empty or None asks for nothing.

    In the texts, letter case and accents make no difference, only whole words count, and a word
    that ends in `*` is the beginning of one.

    Attributes:
        contains: Words of the content, one after the other.
        speaker: Words of the speaker's name, in any order.
        role: Words of the role, in any order.
        organization: Words of the organization of the role, in any order.
        kinds: One of these kinds, such as `direct`.
        speaker_types: One of these types, such as `person`.
        factualities: One of these, such as `denied`.
        article_id: The article.
        since: The first day. A statement's date counts if any day that it can mean does.
        until: The last day.
        min_confidence: The least confidence, from 0 to 1.
        numbers: One of these statements, by their numbers.
        after: A number greater than this.
    """

    contains: str = ""
    speaker: str = ""
    role: str = ""
    organization: str = ""
    kinds: Collection[str] = ()
    speaker_types: Collection[str] = ()
    factualities: Collection[str] = ()
    article_id: str = ""
    since: datetime.date | None = None
    until: datetime.date | None = None
    min_confidence: float | None = None
    numbers: Collection[int] | None = None
    after: int | None = None
