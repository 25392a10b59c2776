"""Gold and predictions as they are written down: the format is in evaluation/README.md.

All offsets are code points of the document's text, half-open.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

__all__ = [
    "Answered",
    "Attribution",
    "Attributions",
    "Case",
    "Document",
    "Expected",
    "GoldError",
    "Kind",
    "NotStatement",
    "Prediction",
    "Record",
    "Records",
    "Span",
    "Speaker",
    "SpeakerKind",
    "Statement",
    "Unsaid",
]

Span: TypeAlias = tuple[int, int]
Kind: TypeAlias = Literal["DIRECT", "INDIRECT", "MIXED"]
SpeakerKind: TypeAlias = Literal["PERSON", "UNNAMED", "GROUP", "ORGANIZATION", "PLACE", "DOCUMENT"]


class GoldError(ValueError):
    """A mistake in a file of gold or predictions; the message names file, place and words."""


# ---- gold -------------------------------------------------------------------------------


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A text with its annotation, which a subclass holds."""

    id: str
    text: str
    title: str | None = None
    published: str | None = None
    held_out: bool = False


class Speaker(msgspec.Struct, frozen=True):
    """Who said it: acceptable names, the fullest first, without titles."""

    names: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    kind: SpeakerKind


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Something said, by whom, in which role, on which day (`YYYY`, `YYYY-MM` or `YYYY-MM-DD`)."""

    content: tuple[Span, ...]
    kind: Kind
    speaker: Speaker | None
    roles: tuple[str, ...] = ()
    date: str | None = None
    date_scope: Literal["cue", "context"] | None = None

    @property
    def summary(self) -> str:
        """Who, in which role, when and how, in one line."""
        who = f"{self.speaker.names[0]} ({self.speaker.kind})" if self.speaker else "nobody"
        roles = " / ".join(self.roles[:2]) or "no role"
        date = f"{self.date} ({self.date_scope})" if self.date else "no date"
        return " · ".join((who, roles, date, self.kind))


class NotStatement(msgspec.Struct, frozen=True):
    """Words that look like a statement and are not; the reasons are those of the contract."""

    span: Span
    reason: str | tuple[str, ...] | None = None

    @property
    def reasons(self) -> tuple[str, ...]:
        """Every acceptable reason."""
        if self.reason is None:
            return ()
        return (self.reason,) if isinstance(self.reason, str) else self.reason


class Unsaid(msgspec.Struct, frozen=True):
    """Words that were not said, or not yet, and the factualities that say so."""

    content: tuple[Span, ...]
    factuality: tuple[str, ...]


class Records(Document, frozen=True, kw_only=True):
    """A document with records.

    `other` has contents that may be found or left out.
    """

    records: tuple[Record, ...]
    other: tuple[tuple[Span, ...], ...] = ()
    not_statements: tuple[NotStatement, ...] = ()
    unsaid: tuple[Unsaid, ...] = ()


class Attribution(msgspec.Struct, frozen=True, kw_only=True):
    """Spans of who says, the words of saying, and what is said."""

    content: tuple[Span, ...]
    source: tuple[Span, ...] | None = None
    cue: tuple[Span, ...] | None = None

    @property
    def spans(self) -> tuple[Span, ...]:
        """All of them."""
        return (*self.content, *(self.source or ()), *(self.cue or ()))


class Attributions(Document, frozen=True, kw_only=True):
    """A document with attributions, as PolNeAR annotates them."""

    attributions: tuple[Attribution, ...]


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """A statement that must come out of a case; only the fields that are set are tested."""

    content: tuple[str, ...]
    content_or: tuple[tuple[str, ...], ...] = ()
    optional: bool = False
    kind: Kind | tuple[Kind, ...] | UnsetType = UNSET
    speaker: str | tuple[str | None, ...] | UnsetType | None = UNSET
    speaker_kind: SpeakerKind | tuple[SpeakerKind, ...] | UnsetType = UNSET
    roles: tuple[str, ...] | UnsetType = UNSET
    not_roles: tuple[str, ...] = ()
    date: str | tuple[str | None, ...] | UnsetType | None = UNSET

    @property
    def wordings(self) -> tuple[tuple[str, ...], ...]:
        """Every acceptable list of parts."""
        return (self.content, *self.content_or)


class Case(Document, frozen=True, kw_only=True):
    """A short text that shows one phenomenon, and passes or fails as a whole.

    `forbid` has words that must not come out as a statement, `never` words (lower case) that no
    content may hold.
    """

    expect: tuple[Expected, ...]
    phenomenon: int = 0
    forbid: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


# ---- predictions ------------------------------------------------------------------------


class Answered(msgspec.Struct, frozen=True):
    """The speaker of a predicted statement."""

    name: str = ""
    kind: str = ""


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """A predicted statement."""

    content: tuple[Span, ...]
    kind: str | None = None
    speaker: Answered | None = None
    roles: tuple[str, ...] | None = ()
    date: str | None = None
    factuality: str = ""
    negated: bool = False

    @property
    def name(self) -> str:
        """The speaker's name; empty where there is none."""
        return self.speaker.name if self.speaker else ""

    @property
    def summary(self) -> str:
        """Who, in which role, when and how, in one line."""
        who = f"{self.name} ({self.speaker.kind})" if self.speaker and self.name else "nobody"
        roles = " / ".join(self.roles or ()) or "no role"
        return " · ".join((who, roles, self.date or "no date", self.kind or "no kind"))

    @property
    def is_asserted(self) -> bool:
        """Whether it was said at all."""
        return not self.negated and self.factuality != "NEGATED"


class Prediction(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in a document.

    Records and cases are scored by `statements`, attributions by `attributions`; `rejected` are
    the words in quotation marks that were seen not to be a statement.
    """

    id: str
    text: str | None = None
    statements: tuple[Statement, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    rejected: tuple[NotStatement, ...] = ()
