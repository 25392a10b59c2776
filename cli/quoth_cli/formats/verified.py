"""What was found of a quotation, as text to read."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from quoth.v1 import (
    DateGranularity,
    DifferenceKind,
    Normalization,
    QuotePart,
    QuotePlace,
    SpeakerAgreement,
    StatementKind,
    VerifyOutcome,
    VerifyQuoteResponse,
    WordDifference,
)
from quoth_cli.enum_words import word
from quoth_cli.formats.lines import WIDTH
from quoth_cli.formats.wording import calendar_words, count, date_words, role_words
from quoth_cli.printable import clean

__all__ = ["written"]

_OUTCOMES = {
    VerifyOutcome.VERIFY_OUTCOME_VERBATIM: "Verbatim: the articles have these words.",
    VerifyOutcome.VERIFY_OUTCOME_ALTERED: "Altered: the articles have most of these words.",
    VerifyOutcome.VERIFY_OUTCOME_PARAPHRASED: (
        "Paraphrased: the articles have this in other words, or not as a quotation."
    ),
    VerifyOutcome.VERIFY_OUTCOME_OTHER_SPEAKER: (
        "Other speaker: the articles have these words, but not from this speaker."
    ),
    VerifyOutcome.VERIFY_OUTCOME_IN_PART: "In part: the articles have only part of this.",
    VerifyOutcome.VERIFY_OUTCOME_NOT_FOUND: (
        "Not found: these articles do not have it, which does not mean that nobody said it."
    ),
}
_PARTS = {
    QuotePart.QUOTE_PART_OF_STATEMENT: "cut out of a longer sentence",
    QuotePart.QUOTE_PART_OF_QUOTATION: "has only part of the quotation",
}


def written(response: VerifyQuoteResponse) -> Iterator[str]:
    """Yields the lines."""
    yield _OUTCOMES.get(response.outcome, f"Outcome {response.outcome}")
    for place in response.places:
        yield ""
        yield from _place(place)
    if more := response.total_places - len(response.places):
        yield ""
        yield f"{count(more, 'more place')} not shown."
    if response.archive.updating:
        yield ""
        yield "The archive has changed; this answer does not include the new articles yet."


def _place(place: QuotePlace) -> Iterator[str]:
    given = place.statement
    yield " · ".join(filter(None, (_speaker(place), _day(place), _article(place))))
    content = " ".join(clean(span.text) for span in given.statement.content_spans)
    before, after = clean(place.context_before).strip(), clean(place.context_after).strip()
    direct = given.statement.kind == StatementKind.STATEMENT_KIND_DIRECT
    shown = f"“{content}”" if direct else content
    text = " ".join(filter(None, (before and f"… {before}", f"[{shown}]", after and f"{after} …")))
    text = text if before or after else shown
    yield from textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="  ")
    yield from (f"  - {note}" for note in _notes(place))


def _speaker(place: QuotePlace) -> str:
    given = place.statement
    name = clean(given.speaker.display_name)
    if not name:
        mention = clean(given.statement.speaker.span.text)
        return f"“{mention}” (not identified)" if mention else "speaker not known"
    if given.statement.speaker.HasField("role"):
        return f"{name}, {role_words(given.statement.speaker.role)}"
    return name


def _day(place: QuotePlace) -> str:
    given = place.statement
    if given.statement.HasField("date") and given.statement.date.HasField("date"):
        return date_words(given.statement.date)
    if given.article.HasField("anchor_date"):
        day = DateGranularity.DATE_GRANULARITY_DAY
        return f"article of {calendar_words(given.article.anchor_date, day)}"
    return ""


def _article(place: QuotePlace) -> str:
    article = place.statement.article
    return clean(article.source_uri or article.article_id or article.title)


def _notes(place: QuotePlace) -> Iterator[str]:
    if place.speaker_agreement == SpeakerAgreement.SPEAKER_AGREEMENT_OTHER:
        yield "another speaker"
    wording = (word(VerifyOutcome, place.wording) or "").replace("_", " ")
    part = _PARTS.get(place.part)
    yield f"{wording}: {part}" if part else wording
    for each in place.differences:
        yield _difference(each)
    if place.normalizations:
        kinds = (
            (word(Normalization, each) or "").replace("_", " ") for each in place.normalizations
        )
        yield f"ignored: {', '.join(kinds)}"
    sure = place.statement.statement.confidence
    if sure:
        yield f"confidence {sure:.0%}"


def _difference(each: WordDifference) -> str:
    quoted, said = clean(each.quoted.text), clean(each.said.text)
    match each.kind:
        case DifferenceKind.DIFFERENCE_KIND_ADDED:
            return f"the quotation adds “{quoted}”"
        case DifferenceKind.DIFFERENCE_KIND_MISSING:
            return f"the quotation lacks “{said}”"
        case _:
            return f"the quotation has “{quoted}” for “{said}”"
