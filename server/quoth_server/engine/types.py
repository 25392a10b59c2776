"""What the engine takes and gives: frozen data, free of spaCy, grpc and protobuf.

Every offset is a code point of `Article.body` as it was sent, half-open, so that
`body[span.start_offset:span.end_offset]` is the span's text. Only these types cross the
process boundary.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum, auto

from quoth_server.engine.joining import joined

__all__ = [
    "AnchorBasis",
    "AnchorDate",
    "Anonymity",
    "Article",
    "Attribution",
    "CalendarDate",
    "Cue",
    "DateBasis",
    "DateGranularity",
    "Factuality",
    "KnownSpeaker",
    "Medium",
    "MediumType",
    "Nonresponse",
    "NonresponseKind",
    "Notice",
    "NoticeReason",
    "Paragraph",
    "ParagraphKind",
    "Quotation",
    "Reading",
    "RejectedQuotation",
    "RejectionReason",
    "Relay",
    "Role",
    "RoleStatus",
    "Span",
    "Speaker",
    "SpeakerMention",
    "SpeakerType",
    "Statement",
    "StatementDate",
    "StatementKind",
]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of the body, `[start, end)` in code points."""

    start_offset: int
    end_offset: int

    def of(self, body: str) -> str:
        """The text that the span covers."""
        return body[self.start_offset : self.end_offset]

    def trimmed(self, body: str) -> Span:
        """The span without white space at its ends."""
        text = self.of(body)
        start = self.start_offset + len(text) - len(text.lstrip())
        return Span(start, start + len(text.strip()))

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one code point."""
        return self.start_offset < other.end_offset and other.start_offset < self.end_offset

    def covers(self, other: Span) -> bool:
        """Whether `other` lies wholly inside this span."""
        return self.start_offset <= other.start_offset and other.end_offset <= self.end_offset


# ---- the article and its layout (steps 1 to 3) ----------------------------------------


@dataclass(frozen=True, slots=True)
class Article:
    """One article to read; `published` is the calendar day at the place of the dateline.

    `known_speakers` wins over what the text alone says of its speakers.
    """

    body: str
    title: str = ""
    published: datetime.date | None = None
    known_speakers: tuple[KnownSpeaker, ...] = ()


class ParagraphKind(StrEnum):
    """What a paragraph is to the article."""

    TITLE = auto()
    PUBLISHED = auto()
    UPDATED = auto()
    HEADING = auto()
    BODY = auto()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A stretch between line breaks, without the white space around it."""

    span: Span
    kind: ParagraphKind


@dataclass(frozen=True, slots=True)
class Quotation:
    """A stretch in quotation marks, within one paragraph.

    `outer` has the marks, `inner` does not. `depth` is 0 for the outermost. `closed` is false
    where nothing ends it (it then runs to the end of its paragraph). `continues` is true where
    it carries on the quotation that the paragraph before left open. `is_block` is true for a
    paragraph of a block quotation, whose mark is `>` before it.
    """

    outer: Span
    inner: Span
    depth: int = 0
    closed: bool = True
    continues: bool = False
    is_block: bool = False


# ---- attributions (step 4) ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Attribution:
    """Words that report content: whose (`source`), by which word (`cue`), and what (`content`).

    `content` is never empty, in text order, without overlap; it may have its quotation marks.
    `score` is the finder's own certainty in [0, 1], not yet calibrated.
    """

    content: tuple[Span, ...]
    cue: Span | None = None
    source: Span | None = None
    score: float = 1.0


# ---- the record (steps 5 to 10) -------------------------------------------------------


class StatementKind(StrEnum):
    """How the words of a statement are given."""

    DIRECT = auto()
    INDIRECT = auto()
    MIXED = auto()


class SpeakerType(StrEnum):
    """What kind of speaker this is."""

    PERSON = auto()
    ORGANIZATION = auto()
    GROUP = auto()
    DOCUMENT = auto()
    UNNAMED = auto()
    PLACE = auto()


class RoleStatus(StrEnum):
    """Whether a role is held at the time of the article."""

    CURRENT = auto()
    FORMER = auto()
    ACTING = auto()
    PROSPECTIVE = auto()


class MediumType(StrEnum):
    """What kind of channel a statement came through."""

    INTERVIEW = auto()
    WRITTEN_STATEMENT = auto()
    PUBLIC_REMARKS = auto()
    SOCIAL_MEDIA = auto()
    DOCUMENT = auto()
    BROADCAST = auto()


class DateGranularity(StrEnum):
    """How fine a date is; a WEEK's date is its Monday."""

    DAY = auto()
    WEEK = auto()
    MONTH = auto()
    YEAR = auto()


class DateBasis(StrEnum):
    """How a date is tied to its statement."""

    CUE = auto()
    CONTEXT = auto()


class Factuality(StrEnum):
    """Whether the article tells a statement as said; not whether what was said is true."""

    ASSERTED = auto()
    DENIED = auto()
    NEGATED = auto()
    FUTURE = auto()
    HYPOTHETICAL = auto()
    ASKED = auto()


class RejectionReason(StrEnum):
    """Why words in quotation marks are not a statement."""

    SCARE_QUOTES = auto()
    TITLE = auto()
    NAME = auto()
    TERM = auto()
    MOTTO = auto()
    PROVERB = auto()
    HYPOTHETICAL = auto()
    UNATTRIBUTED = auto()


class NonresponseKind(StrEnum):
    """How somebody did not answer."""

    DECLINED = auto()
    NO_ANSWER = auto()
    NOT_REACHED = auto()


class AnchorBasis(StrEnum):
    """Where the anchor date came from."""

    REQUEST = auto()
    TEXT = auto()


class NoticeReason(StrEnum):
    """What a notice is about."""

    UNBALANCED_QUOTATION_MARKS = auto()
    NO_PUBLISH_TIME = auto()
    AMBIGUOUS_SPEAKER = auto()
    AMBIGUOUS_KNOWN_SPEAKER = auto()


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """A date of the Gregorian calendar; `month` and `day` are 0 where they are not known.

    As text it is as fine as it is known: `2019`, `2019-05` or `2019-05-25`.
    """

    year: int
    month: int = 0
    day: int = 0

    def __str__(self) -> str:
        known = [f"{part:02}" for part in (self.month, self.day) if part]
        return "-".join([f"{self.year:04}", *known])


@dataclass(frozen=True, slots=True)
class AnchorDate:
    """The day that relative dates count from, and where it came from."""

    date: datetime.date
    basis: AnchorBasis


@dataclass(frozen=True, slots=True)
class Cue:
    """The words that introduce a statement, and their base form."""

    span: Span
    lemma: str


@dataclass(frozen=True, slots=True)
class Role:
    """A job, office or relation that the article gives a speaker."""

    span: Span
    organization: str = ""
    status: RoleStatus = RoleStatus.CURRENT


@dataclass(frozen=True, slots=True)
class SpeakerMention:
    """The speaker as the text names them at one statement.

    `span` is the source, None where no words name one. `speaker_id` is empty where it is not
    resolved. `confidence` is that of the link to `speaker_id`, `role_confidence` that of `role`.
    `known_role` is the caller's, where the article gives no role.
    """

    span: Span | None
    speaker_id: str = ""
    role: Role | None = None
    confidence: float = 0.0
    role_confidence: float = 0.0
    known_role: str = ""


@dataclass(frozen=True, slots=True)
class Speaker:
    """One person, organization or unnamed source of the article.

    `known_speaker_id` is that of the known speaker it is, if any. `anonymity` is set where the
    article says that they have no name at their wish.
    """

    speaker_id: str
    display_name: str
    type: SpeakerType
    roles: tuple[Role, ...] = ()
    mentions: tuple[Span, ...] = ()
    known_speaker_id: str = ""
    anonymity: Anonymity | None = None


@dataclass(frozen=True, slots=True)
class Anonymity:
    """That a source has no name at their wish, and why.

    `span` is None where only the reason says so, `reason` where the article gives none.
    """

    span: Span | None
    reason: Span | None = None


@dataclass(frozen=True, slots=True)
class KnownSpeaker:
    """A speaker the caller knows, with the caller's own id.

    `aliases` are other names in full. `roles` tell apart known speakers that a name fits equally
    well; the first is the speaker's where the article gives none. `type` is None where the name
    tells whether it is a person's.
    """

    known_speaker_id: str
    display_name: str
    aliases: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    type: SpeakerType | None = None


@dataclass(frozen=True, slots=True)
class Medium:
    """The channel of a statement, such as "in a statement"."""

    span: Span
    type: MediumType


@dataclass(frozen=True, slots=True)
class Relay:
    """A voice that passed a statement on; `speaker_id` is empty where it is not resolved."""

    span: Span
    cue: Cue | None = None
    speaker_id: str = ""


@dataclass(frozen=True, slots=True)
class RejectedQuotation:
    """Words in quotation marks, the marks left out, that are not a statement."""

    span: Span
    reason: RejectionReason


@dataclass(frozen=True, slots=True)
class Nonresponse:
    """The article's word that somebody did not answer; it has no content and is not a statement."""

    kind: NonresponseKind
    cue: Cue
    speaker: SpeakerMention | None = None
    date: StatementDate | None = None


@dataclass(frozen=True, slots=True)
class StatementDate:
    """When a statement was made; `date` is None where the words could not be resolved."""

    span: Span | None
    date: CalendarDate | None
    granularity: DateGranularity
    basis: DateBasis
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that somebody said, wrote or claimed.

    `content_spans` leaves the outer quotation marks out; `quoted_spans` are its parts in marks.
    `parent_statement_id` names the statement that reports this one. `relays` passed it on, the one
    nearest to the article first.
    """

    statement_id: str
    kind: StatementKind
    content_spans: tuple[Span, ...]
    quoted_spans: tuple[Span, ...] = ()
    cue: Cue | None = None
    speaker: SpeakerMention | None = None
    addressee: Span | None = None
    medium: Medium | None = None
    date: StatementDate | None = None
    parent_statement_id: str = ""
    factuality: Factuality = Factuality.ASSERTED
    relays: tuple[Relay, ...] = ()
    confidence: float = 0.0
    record_confidence: float = 0.0

    def content_of(self, body: str) -> str:
        """What was said; `[…]` stands where words between its parts are left out."""
        spans = self.content_spans
        return joined([(span.start_offset, span.end_offset) for span in spans], body)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a caller may want to know that did not stop the work."""

    reason: NoticeReason
    message: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """All that the engine found in one article.

    The last of `speakers` may be of `nonresponses` alone.
    """

    statements: tuple[Statement, ...]
    speakers: tuple[Speaker, ...]
    anchor_date: AnchorDate | None = None
    notices: tuple[Notice, ...] = ()
    rejected_quotations: tuple[RejectedQuotation, ...] = ()
    nonresponses: tuple[Nonresponse, ...] = ()
    sentences: tuple[Span, ...] = ()

    def speaker_of(self, statement: Statement) -> Speaker | None:
        """The speaker of a statement, or None where it is not known.

        Where the words of the source ("he", "the senator") matter, read `statement.speaker.span`.
        """
        wanted = statement.speaker.speaker_id if statement.speaker else ""
        return next((each for each in self.speakers if each.speaker_id == wanted), None)
