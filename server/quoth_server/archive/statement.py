"""The statement of an archive: a row of what `quoth bulk` wrote, as all that reads one has it.

The fields have the names of the columns, which are described in the documentation of `quoth bulk`.
"""

from __future__ import annotations

import ctypes
import datetime
from dataclasses import dataclass

__all__ = ["Relay", "Span", "Statement", "single"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text in code points, half-open."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Relay:
    """A voice that passed a statement on."""

    mention: str | None = None
    speaker_id: str | None = None
    cue: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement with what is known of its article; None where a column does not hold.

    Enums are the words of the rows, such as `direct`. Spans point into the text of the article,
    which is not part of this: `rows.Rows.text` has it where the archive does.

    Attributes:
        key: Its name in the archive: it stays the same while its file is only added to. Empty for
            a statement that is in no archive.
        position: The place of the article in the input of its run, from 0. Within one file of an
            archive it tells articles apart.
        source: The file that the statement is in, as a path from the archive's folder.
    """

    key: str = ""
    source: str = ""
    position: int = 0
    article_id: str = ""
    title: str | None = None
    published: str | None = None
    updated: str | None = None
    url: str | None = None
    author: str | None = None
    section: str | None = None
    anchor_date: datetime.date | None = None
    anchor_basis: str | None = None
    language: str | None = None
    statement_id: str = ""
    kind: str | None = None
    content: str = ""
    content_spans: tuple[Span, ...] = ()
    quoted_spans: tuple[Span, ...] = ()
    cue: str | None = None
    cue_lemma: str | None = None
    cue_start: int | None = None
    cue_end: int | None = None
    speaker_id: str | None = None
    speaker: str | None = None
    speaker_type: str | None = None
    mention: str | None = None
    mention_start: int | None = None
    mention_end: int | None = None
    role: str | None = None
    role_organization: str | None = None
    role_status: str | None = None
    role_start: int | None = None
    role_end: int | None = None
    date_text: str | None = None
    date: str | None = None
    date_from: datetime.date | None = None
    date_to: datetime.date | None = None
    date_granularity: str | None = None
    date_basis: str | None = None
    addressee: str | None = None
    medium: str | None = None
    medium_type: str | None = None
    parent_statement_id: str | None = None
    factuality: str | None = None
    relays: tuple[Relay, ...] = ()
    confidence: float | None = None
    speaker_confidence: float | None = None
    role_confidence: float | None = None
    date_confidence: float | None = None
    record_confidence: float | None = None
    engine_version: str | None = None

    @property
    def day(self) -> datetime.date | None:
        """The first day that it can be of, or else the day of its article."""
        return self.date_from or self.anchor_date

    def is_likely(self, least: float) -> bool:
        """Whether it is at least that sure, or nothing is known of it."""
        return self.confidence is None or self.confidence >= single(least)


def single(value: float) -> float:
    """A confidence as rows and the wire have it, in 32 bits: 0.9 is at least 0.9."""
    return ctypes.c_float(value).value
