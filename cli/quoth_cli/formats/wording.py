"""The words of the text output: dates, roles, speakers and counts as a reader says them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence

from quoth.v1 import (
    AnchorBasis,
    AnchorDate,
    CalendarDate,
    DateGranularity,
    Factuality,
    Medium,
    RejectionReason,
    Relay,
    Role,
    RoleStatus,
    Speaker,
    SpeakerMention,
    SpeakerType,
    Statement,
    StatementDate,
    StatementKind,
)
from quoth_cli.printable import clean

__all__ = [
    "anchor_words",
    "clean",
    "count",
    "date_words",
    "factuality_words",
    "is_cue",
    "kind_word",
    "medium_words",
    "reason_words",
    "relay_words",
    "role_words",
    "speaker_words",
    "summary",
]

_KINDS = {
    StatementKind.STATEMENT_KIND_DIRECT: "direct",
    StatementKind.STATEMENT_KIND_INDIRECT: "indirect",
    StatementKind.STATEMENT_KIND_MIXED: "mixed",
}

_STATUSES = {
    RoleStatus.ROLE_STATUS_FORMER: "former",
    RoleStatus.ROLE_STATUS_ACTING: "acting",
    RoleStatus.ROLE_STATUS_PROSPECTIVE: "to be",
}

# What was said needs no word.
_FACTUALITIES = {
    Factuality.FACTUALITY_DENIED: "denied",
    Factuality.FACTUALITY_NEGATED: "NOT said",
    Factuality.FACTUALITY_FUTURE: "NOT said yet",
    Factuality.FACTUALITY_HYPOTHETICAL: "only supposed",
    Factuality.FACTUALITY_ASKED: "a question",
}

_REASONS = {
    RejectionReason.REJECTION_REASON_SCARE_QUOTES: "scare quotes",
    RejectionReason.REJECTION_REASON_TITLE: "the title of a work",
    RejectionReason.REJECTION_REASON_NAME: "a name",
    RejectionReason.REJECTION_REASON_TERM: "the words themselves are meant",
    RejectionReason.REJECTION_REASON_MOTTO: "a motto or the words of a sign",
    RejectionReason.REJECTION_REASON_PROVERB: "a proverb",
    RejectionReason.REJECTION_REASON_HYPOTHETICAL: "only supposed",
    RejectionReason.REJECTION_REASON_UNATTRIBUTED: "nobody is said to have said it",
}

# Persons, groups and organizations are told by their names; these are not.
_TYPES = {
    SpeakerType.SPEAKER_TYPE_DOCUMENT: "document",
    SpeakerType.SPEAKER_TYPE_UNNAMED: "unnamed",
    SpeakerType.SPEAKER_TYPE_PLACE: "place",
}

_PREPOSITION = re.compile(r"\b(at|by|during|in|on|over|through|via)\s+$", re.IGNORECASE)
_LONGEST_BEFORE = 20


def count(number: int, noun: str) -> str:
    """A number with its noun: `1 statement`, `2 statements`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def kind_word(kind: StatementKind.ValueType) -> str:
    """`direct`, `indirect` or `mixed`; a kind of a newer server by its number."""
    return _KINDS.get(kind, f"kind {kind}")


def factuality_words(factuality: Factuality.ValueType) -> str:
    """Whether it was said; empty where it was."""
    return _FACTUALITIES.get(factuality, "")


def reason_words(reason: RejectionReason.ValueType) -> str:
    """Why a quotation is no statement; a reason of a newer server by its number."""
    return _REASONS.get(reason, f"reason {reason}")


def relay_words(relays: Iterable[Relay]) -> str:
    """Who passed a statement on, the one nearest to the article first."""
    return "by way of " + ", ".join(clean(relay.span.text) for relay in relays)


def calendar_words(date: CalendarDate, granularity: DateGranularity.ValueType) -> str:
    """A date as fine as it is known: `Thursday, May 14, 2026`, `May 2026`, `2026`."""
    if not date.month:
        return str(date.year)
    if not date.day:
        return f"{datetime.date(date.year, date.month, 1):%B} {date.year}"
    day = datetime.date(date.year, date.month, date.day)
    words = f"{day:%A}, {day:%B} {day.day}, {day.year}"
    if granularity == DateGranularity.DATE_GRANULARITY_WEEK:
        return f"week of {words}"
    return words


def date_words(date: StatementDate) -> str:
    """A statement's date and, in marks, the words it was read from."""
    words = clean(date.span.text) if date.HasField("span") else ""
    if not date.HasField("date"):
        return f"“{words}” (day not known)" if words else ""
    day = calendar_words(date.date, date.granularity)
    return f"{day} (“{words}”)" if words else day


def anchor_words(anchor: AnchorDate) -> str:
    """What day relative dates were counted from, and who gave it."""
    if not anchor.HasField("date"):
        return "Publication day not known: give it with --published to have weekdays resolved"
    day = calendar_words(anchor.date, DateGranularity.DATE_GRANULARITY_DAY)
    if anchor.basis == AnchorBasis.ANCHOR_BASIS_TEXT:
        return f"Published {day}, as read in the article"
    return f"Published {day}"


def is_cue(medium: Medium, statement: Statement) -> bool:
    """Whether the word of saying itself tells the medium, as "tweeted" does."""
    return medium.span == statement.cue.span


def medium_words(medium: Medium, body: str) -> str:
    """A channel with the preposition that the article has before it, such as `in an email`."""
    words = clean(medium.span.text)
    start = medium.span.start_offset
    before = _PREPOSITION.search(body, max(0, start - _LONGEST_BEFORE), start)
    return f"{before[1].lower()} {words}" if before else f"via {words}"


def role_words(role: Role) -> str:
    """A role as the article words it, with what those words leave out in brackets."""
    words = clean(role.span.text)
    left_out = []
    status = _STATUSES.get(role.status, "")
    if status and status not in words.casefold().split():
        left_out.append(status)
    organization = clean(role.organization)
    if organization.casefold() not in words.casefold():
        left_out.append(organization)
    return f"{words} ({', '.join(left_out)})" if left_out else words


def speaker_words(
    statement: Statement, speakers: Mapping[str, Speaker]
) -> tuple[str, str, str] | None:
    """A statement's speaker: name, role and type, each of the last two possibly empty.

    None if nobody is named. The name is the speaker's, not the pronoun that stands for them; a
    mention that could not be resolved is given in marks, as the article has it.
    """
    if not statement.HasField("speaker"):
        return None
    mention = statement.speaker
    speaker = speakers.get(mention.speaker_id)
    if speaker is None:
        if not mention.HasField("span"):
            return None
        return f"“{clean(mention.span.text)}”", _role(mention, ""), "not identified"
    name = clean(speaker.display_name)
    return name, _role(mention, name), _TYPES.get(speaker.type, "")


def _role(mention: SpeakerMention, name: str) -> str:
    """The role in words; empty where the name says it already ("a company official")."""
    if not mention.HasField("role"):
        return ""
    words = role_words(mention.role)
    return "" if words.casefold() in name.casefold() else words


def summary(statements: Sequence[Statement], speakers: int) -> str:
    """How many statements there are, of which kinds, and by how many speakers."""
    if not statements:
        return "No statements found."
    kinds = [statement.kind for statement in statements]
    shares = ", ".join(f"{kinds.count(kind)} {kind_word(kind)}" for kind in sorted(set(kinds)))
    parts = [f"{count(len(kinds), 'statement')} ({shares})"]
    if speakers:
        parts.append(f"by {count(speakers, 'speaker')}")
    unknown = sum(not statement.speaker.speaker_id for statement in statements)
    end = f"; {unknown} without a known speaker" if unknown else ""
    return " ".join(parts) + end + "."
