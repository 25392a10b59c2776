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
    Nonresponse,
    Notice,
    NoticeReason,
    RejectionReason,
    Relay,
    Role,
    RoleStatus,
    Sentence,
    Speaker,
    SpeakerMention,
    SpeakerType,
    Statement,
    StatementDate,
    StatementKind,
)
from quoth_cli.printable import clean

__all__ = [
    "STATUSES",
    "anchor_words",
    "anonymity_words",
    "count",
    "counted",
    "date_words",
    "factuality_words",
    "is_cue",
    "kind_word",
    "medium_words",
    "notice_words",
    "reason_words",
    "relay_words",
    "role_words",
    "sentences_words",
    "speaker_words",
    "summary",
]

_KINDS = {
    StatementKind.STATEMENT_KIND_DIRECT: "direct",
    StatementKind.STATEMENT_KIND_INDIRECT: "indirect",
    StatementKind.STATEMENT_KIND_MIXED: "mixed",
}

STATUSES = {
    RoleStatus.ROLE_STATUS_FORMER: "former",
    RoleStatus.ROLE_STATUS_ACTING: "acting",
    RoleStatus.ROLE_STATUS_PROSPECTIVE: "incoming",
}
"""What is said of a role that is not simply held."""

# What was said needs no word. The report has the same words, in web/words.js.
_FACTUALITIES = {
    Factuality.FACTUALITY_DENIED: "denied",
    Factuality.FACTUALITY_NEGATED: "said nothing about this",
    Factuality.FACTUALITY_FUTURE: "not yet said",
    Factuality.FACTUALITY_HYPOTHETICAL: "hypothetical",
    Factuality.FACTUALITY_ASKED: "asked",
}
_NOT_DENIED = "did not deny"
_CHECK = "check whether this was said"

# Lemmas of cues that call the words untrue; with a "not" before them, nothing is denied.
_DENYING = frozenset({"deny", "dispute", "dismiss", "rebut", "refute", "reject", "repudiate"})

_REASONS = {
    RejectionReason.REJECTION_REASON_SCARE_QUOTES: "scare quotes",
    RejectionReason.REJECTION_REASON_TITLE: "title of a work",
    RejectionReason.REJECTION_REASON_NAME: "name",
    RejectionReason.REJECTION_REASON_TERM: "term",
    RejectionReason.REJECTION_REASON_MOTTO: "motto or words on a sign",
    RejectionReason.REJECTION_REASON_PROVERB: "proverb",
    RejectionReason.REJECTION_REASON_HYPOTHETICAL: "imagined",
    RejectionReason.REJECTION_REASON_UNATTRIBUTED: "no speaker given",
}

# A server's own message is for developers and names fields.
_NOTICES = {
    NoticeReason.NOTICE_REASON_UNBALANCED_QUOTATION_MARKS: (
        "This quotation mark is not closed in its paragraph."
    ),
    NoticeReason.NOTICE_REASON_NO_PUBLISH_TIME: (
        "The publication day is not known, so words such as “Tuesday” have no date."
    ),
    NoticeReason.NOTICE_REASON_AMBIGUOUS_SPEAKER: (
        "Two speakers fit about equally well here, so neither is named."
    ),
    NoticeReason.NOTICE_REASON_AMBIGUOUS_KNOWN_SPEAKER: (
        "Several known speakers fit this speaker equally well, so none is chosen."
    ),
}

# The names of persons, groups and organizations show what they are; these do not.
_TYPES = {
    SpeakerType.SPEAKER_TYPE_DOCUMENT: "document",
    SpeakerType.SPEAKER_TYPE_UNNAMED: "unnamed",
    SpeakerType.SPEAKER_TYPE_PLACE: "place",
}

_PREPOSITION = re.compile(r"\b(at|by|during|in|on|over|through|via)\s+$", re.IGNORECASE)
_LONGEST_BEFORE = 20


def count(number: int, noun: str) -> str:
    """A number with its noun: `1 statement`, `2000 statements`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def counted(number: int, noun: str) -> str:
    """The same with thousands divided: `2,000 statements`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def kind_word(kind: StatementKind.ValueType) -> str:
    """`direct`, `indirect` or `mixed`; a kind of a newer server by its number."""
    return _KINDS.get(kind, f"kind {kind}")


def factuality_words(statement: Statement) -> str:
    """Whether it was said; empty where it was.

    Of words that are quoted verbatim it is never claimed that they were not said: a "not" may as
    well belong to them.
    """
    if statement.factuality != Factuality.FACTUALITY_NEGATED:
        return _FACTUALITIES.get(statement.factuality, "")
    cue = statement.cue.lemma.split()  # "do not deny", "have not yet say"
    if not _DENYING.isdisjoint(cue):
        return _NOT_DENIED
    if statement.kind != StatementKind.STATEMENT_KIND_INDIRECT:
        return _CHECK
    yet = Factuality.FACTUALITY_FUTURE
    return _FACTUALITIES[yet if "yet" in cue else statement.factuality]


def notice_words(notice: Notice) -> str:
    """A note for readers; one of a newer server as the server words it."""
    return _NOTICES.get(notice.reason) or clean(notice.message)


def reason_words(reason: RejectionReason.ValueType) -> str:
    """Why a quotation is not a statement; a reason of a newer server by its number."""
    return _REASONS.get(reason, f"reason {reason}")


def relay_words(relays: Iterable[Relay]) -> str:
    """Who passed a statement on, the one nearest to the article first."""
    return "quoted by " + ", ".join(clean(relay.span.text) for relay in relays)


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
        return "Publication day not known: give --published to resolve days such as “Tuesday”"
    day = calendar_words(anchor.date, DateGranularity.DATE_GRANULARITY_DAY)
    if anchor.basis == AnchorBasis.ANCHOR_BASIS_TEXT:
        return f"Published {day}, according to the article"
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
    status = STATUSES.get(role.status, "")
    if status and status not in words.casefold().split():
        left_out.append(status)
    organization = clean(role.organization)
    if organization.casefold() not in words.casefold():
        left_out.append(organization)
    return f"{words} ({', '.join(left_out)})" if left_out else words


def speaker_words(
    statement: Statement | Nonresponse, speakers: Mapping[str, Speaker]
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


def anonymity_words(speaker: Speaker) -> str:
    """That a speaker has no name at their wish, and why; empty where the article does not say."""
    if not speaker.HasField("anonymity"):
        return ""
    why = clean(speaker.anonymity.reason.text)
    return f"anonymous: {why}" if why else "anonymous"


def sentences_words(sentences: Sequence[Sentence]) -> str:
    """How many sentences there are, and how many have a statement or a part of one."""
    holding = sum(bool(sentence.statement_ids) for sentence in sentences)
    return f"{holding:,} of {count(len(sentences), 'sentence')} with a statement"


def _role(mention: SpeakerMention, name: str) -> str:
    """The role in words; empty where the name says it already ("a company official")."""
    if not mention.HasField("role"):
        return clean(mention.known_role)
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
