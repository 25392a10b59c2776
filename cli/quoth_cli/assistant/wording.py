"""Answers of tools: short lines, each statement with its place."""

from __future__ import annotations

from collections.abc import Iterator

from quoth import speaker_of
from quoth.v1 import (
    ArchivedArticle,
    ArchivedStatement,
    AttributeQuotesResponse,
    Factuality,
    GetPersonResponse,
    ListPeopleResponse,
    Normalization,
    Person,
    PersonRole,
    QuotePlace,
    RoleStatus,
    SearchStatementsResponse,
    Speaker,
    SpeakerAgreement,
    SpeakerType,
    Statement,
    StatementKind,
    VerifyOutcome,
    VerifyQuoteResponse,
)
from quoth_cli.enum_words import word
from quoth_cli.formats.lines import days
from quoth_cli.formats.wording import count
from quoth_cli.printable import clean
from quoth_cli.table.rows import calendar_text

__all__ = ["attributed", "listed", "person", "searched", "verified"]

_LONGEST = 400  # characters of a content
_CONTEXT = 120  # characters on each side of it

_OUTCOMES = {
    VerifyOutcome.VERIFY_OUTCOME_VERBATIM: "VERBATIM: the articles have these words.",
    VerifyOutcome.VERIFY_OUTCOME_ALTERED: "ALTERED: the articles have most of these words.",
    VerifyOutcome.VERIFY_OUTCOME_PARAPHRASED: "PARAPHRASED: the articles have it in other words.",
    VerifyOutcome.VERIFY_OUTCOME_OTHER_SPEAKER: (
        "OTHER_SPEAKER: the articles have these words, but not from this speaker."
    ),
    VerifyOutcome.VERIFY_OUTCOME_IN_PART: "IN_PART: the articles have only part of it.",
    VerifyOutcome.VERIFY_OUTCOME_NOT_FOUND: (
        "NOT_FOUND: these articles do not have it, which does not mean that it is false."
    ),
}


def attributed(response: AttributeQuotesResponse, most: int) -> str:
    """Who said what in one article."""
    found = response.statements[:most]
    lines = [_head(len(found), len(response.statements), "No statement was found in the text.")]
    for number, each in enumerate(found, start=1):
        lines.append(_statement(number, each, speaker_of(response, each)))
        lines.append(f"   {_place(each)}")
    lines += [f"Note: {clean(notice.message)}" for notice in response.notices]
    return "\n".join(lines)


def searched(response: SearchStatementsResponse) -> str:
    """Statements of an archive."""
    lines = [_head(len(response.statements), response.total_size, "No statement matches.")]
    for number, each in enumerate(response.statements, start=1):
        lines += _archived(number, each)
    return "\n".join(lines)


def verified(response: VerifyQuoteResponse) -> str:
    """What was found of a quotation, and where."""
    lines = [_OUTCOMES.get(response.outcome, f"OUTCOME {response.outcome}")]
    for number, place in enumerate(response.places, start=1):
        lines += _archived(number, place.statement)
        lines += [f"   {each}" for each in _compared(place)]
    if more := response.total_places - len(response.places):
        lines.append(f"{count(more, 'more place')} not shown.")
    return "\n".join(lines)


def listed(response: ListPeopleResponse) -> str:
    """People of an archive, to choose from."""
    if not response.total_size:
        return "No person of the archive has this name."
    lines = [f"{len(response.people)} of {response.total_size} people shown."]
    return "\n".join([*lines, *(f"- {_person(each)}" for each in response.people)])


def person(response: GetPersonResponse) -> str:
    """One person with their roles over time."""
    found = response.person
    lines = [_person(found)]
    if found.aliases:
        lines.append(f"Also: {', '.join(map(clean, found.aliases[:10]))}")
    if found.external_ids:
        ids = (f"{clean(name)}: {clean(id_)}" for name, id_ in sorted(found.external_ids.items()))
        lines.append(f"Ids: {', '.join(ids)}")
    lines.append("Roles over time:" if found.roles else "The articles give no role.")
    for role in found.roles:
        status = word(RoleStatus, role.status)
        parts = (
            clean(role.role),
            role.organization and f"at {clean(role.organization)}",
            status if status != "current" else "",
            _days(role),
            count(role.statements, "statement"),
        )
        lines.append(f"- {' · '.join(filter(None, parts))}")
    return "\n".join(lines)


def _head(shown: int, total: int, none: str) -> str:
    if not total:
        return none
    return f"{count(total, 'statement')}{'' if shown == total else f', the first {shown} shown'}."


def _archived(number: int, given: ArchivedStatement) -> list[str]:
    speaker = given.speaker if given.HasField("speaker") else None
    lines = [
        _statement(number, given.statement, speaker),
        f"   {_place(given.statement, given.article)}",
    ]
    names = (
        given.archive_statement_id and f"statement {given.archive_statement_id}",
        given.person_id and f"person {given.person_id}",
    )
    if any(names):
        lines.append(f"   {' · '.join(filter(None, names))}")
    return lines


def _statement(number: int, given: Statement, speaker: Speaker | None) -> str:
    mention = clean(given.speaker.span.text)
    name = clean(speaker.display_name) if speaker and speaker.display_name else mention
    role = given.speaker.role
    parts = filter(None, (clean(role.span.text), clean(role.organization)))
    shown = f" ({', '.join(dict.fromkeys(parts))})" if role.span.text else ""
    content = _short(" […] ".join(clean(span.text) for span in given.content_spans), _LONGEST)
    return f"{number}. {name or 'Speaker not known'}{shown}: {content}"


def _place(given: Statement, article: ArchivedArticle | None = None) -> str:
    """Article, offsets, kind, date and confidence."""
    parts = []
    if article:
        title = clean(article.title)
        parts += [
            f"article {clean(article.article_id)}" if article.article_id else "article",
            f"“{_short(title, _CONTEXT)}”" if title else "",
            clean(article.source_uri),
        ]
    spans = [each for each in given.content_spans if each.end_offset]
    if spans:
        parts.append(f"characters {spans[0].start_offset}-{spans[-1].end_offset}")
    factuality = word(Factuality, given.factuality)
    parts += [
        word(StatementKind, given.kind) or "",
        factuality if factuality and factuality != "asserted" else "",
        _when(given, article),
        f"confidence {given.confidence:.2f}",
    ]
    return " · ".join(filter(None, parts))


def _when(given: Statement, article: ArchivedArticle | None) -> str:
    if given.date.HasField("date"):
        return f"said {calendar_text(given.date.date)}"
    if article and article.HasField("anchor_date"):
        return f"article of {calendar_text(article.anchor_date)}"
    return "day not known"


def _compared(place: QuotePlace) -> Iterator[str]:
    agreement = word(SpeakerAgreement, place.speaker_agreement)
    wording = (word(VerifyOutcome, place.wording) or "").replace("_", " ")
    yield " · ".join(
        filter(None, (f"wording {wording}", agreement and f"speaker asked about: {agreement}"))
    )
    for each in place.differences:
        yield f"quotation: “{clean(each.quoted.text)}”, article: “{clean(each.said.text)}”"
    if place.normalizations:
        names = (word(Normalization, each) or "" for each in place.normalizations)
        yield f"ignored: {', '.join(name.replace('_', ' ') for name in names)}"
    before, after = clean(place.context_before).strip(), clean(place.context_after).strip()
    if before or after:
        yield f"passage: …{before[-_CONTEXT:]} [the statement] {after[:_CONTEXT]}…"


def _person(found: Person) -> str:
    parts = (
        clean(found.display_name),
        word(SpeakerType, found.type),
        f"{count(found.statements, 'statement')} in {count(found.articles, 'article')}",
        _days(found),
        f"person {found.person_id}",
    )
    return " · ".join(filter(None, parts))


def _days(found: Person | PersonRole) -> str:
    return days(calendar_text(found.first_day), calendar_text(found.last_day))


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
