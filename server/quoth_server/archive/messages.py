"""Statements of an archive as messages."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from quoth import v1
from quoth_server.archive.answer import Place
from quoth_server.archive.names import Agreement
from quoth_server.archive.statement import Span, Statement
from quoth_server.archive.verify import Difference, parts_of
from quoth_server.service.enums import number
from quoth_server.service.offsets import converter

if TYPE_CHECKING:  # both need packages of the extra `archive`
    from quoth_server.archive.people import Person
    from quoth_server.archive.repeats import Repeat

__all__ = ["Writer", "archived_article", "day", "person", "repeat"]

_CONTEXT = 240  # characters before and after a statement


def day(date: datetime.date | None) -> v1.CalendarDate | None:
    """A day, if it is known."""
    return v1.CalendarDate(year=date.year, month=date.month, day=date.day) if date else None


def archived_article(statement: Statement) -> v1.ArchivedArticle:
    """The article of a statement."""
    return v1.ArchivedArticle(
        article_id=statement.article_id,
        title=statement.title or "",
        source_uri=statement.url or "",
        anchor_date=day(statement.anchor_date),
        published=statement.published or "",
        author=statement.author or "",
        section=statement.section or "",
        language_code=statement.language or "",
    )


class Writer:
    """Writes what is about one statement of an archive.

    Offsets are in the unit of `encoding`, or in code points where its article has no text.
    """

    def __init__(
        self, statement: Statement, text: str | None, encoding: v1.OffsetEncoding.ValueType
    ) -> None:
        self._statement = statement
        self._text = text
        self._encoding = encoding
        self._offset: Callable[[int], int] = converter(text or "", encoding) if text else int

    def archived(self, person_id: str = "") -> v1.ArchivedStatement:
        """The statement with its article."""
        given = self._statement
        return v1.ArchivedStatement(
            archive_statement_id=given.key,
            article=archived_article(given),
            statement=self._message(),
            speaker=self._speaker(),
            person_id=person_id,
        )

    def place(self, found: Place, quotation: str, person_id: str = "") -> v1.QuotePlace:
        """The statement as a place of a quotation."""
        compared = found.comparison
        agreement = None if found.agreement is Agreement.NONE else found.agreement
        before, after = self.context()
        return v1.QuotePlace(
            statement=self.archived(person_id),
            wording=number(v1.VerifyOutcome, compared.wording),
            speaker_agreement=number(v1.SpeakerAgreement, agreement),
            differences=self._differences(compared.differences, quotation),
            normalizations=sorted(number(v1.Normalization, each) for each in compared.overlooked),
            similarity=compared.similarity,
            part=number(v1.QuotePart, compared.part),
            context_before=before,
            context_after=after,
        )

    def context(self) -> tuple[str, str]:
        """The words of the article before and after the content."""
        spans = self._statement.content_spans
        if self._text is None or not spans:
            return "", ""
        start, end = spans[0].start, spans[-1].end
        before = self._text[max(0, start - _CONTEXT) : start]
        after = self._text[end : end + _CONTEXT]
        if start > _CONTEXT:  # no half of a word
            before = before.partition(" ")[2]
        if end + _CONTEXT < len(self._text):
            after = after.rpartition(" ")[0]
        return before, after

    def said(self, place: Span) -> v1.TextSpan:
        """A stretch of the content as the article has it, with the cue where one interrupts it."""
        start = end = None
        for span, there in self._parts():
            if start is None and place.start < there.end:
                start = span.start + max(0, place.start - there.start)
            if place.end > there.start:
                end = span.start + min(place.end, there.end) - there.start
        words = self._statement.content[place.start : place.end]
        if start is None or end is None:  # the row has no spans
            return v1.TextSpan(text=words)
        if self._text is not None:
            words = self._text[start:end]
        return _span(Span(start, end), words, self._offset)

    def _differences(
        self, found: Iterable[Difference], quotation: str
    ) -> Iterator[v1.WordDifference]:
        offset = converter(quotation, self._encoding)
        for each in found:
            quoted = said = None
            if each.quoted:
                quoted = _span(each.quoted, quotation[each.quoted.start : each.quoted.end], offset)
            if each.said:
                said = self.said(each.said)
            kind = "replaced" if quoted and said else "added" if quoted else "missing"
            yield v1.WordDifference(kind=number(v1.DifferenceKind, kind), quoted=quoted, said=said)

    def _message(self) -> v1.Statement:
        given = self._statement
        cue = self._placed(given.cue, given.cue_start, given.cue_end)
        medium = v1.Medium(
            span=v1.TextSpan(text=given.medium or ""), type=number(v1.MediumType, given.medium_type)
        )
        return v1.Statement(
            statement_id=given.statement_id,
            kind=number(v1.StatementKind, given.kind),
            content_spans=self._contents(),
            quoted_spans=self._quoted(),
            cue=v1.Cue(span=cue, lemma=given.cue_lemma or "") if cue else None,
            speaker=self._mention(),
            addressee=self._placed(given.addressee),
            medium=medium if given.medium or given.medium_type else None,
            date=self._date(),
            parent_statement_id=given.parent_statement_id or "",
            confidence=given.confidence or 0.0,
            factuality=number(v1.Factuality, given.factuality),
            relays=[
                v1.Relay(
                    span=v1.TextSpan(text=relay.mention or ""),
                    speaker_id=relay.speaker_id or "",
                    cue=v1.Cue(span=v1.TextSpan(text=relay.cue)) if relay.cue else None,
                )
                for relay in given.relays
            ],
            record_confidence=given.record_confidence or 0.0,
        )

    def _contents(self) -> list[v1.TextSpan]:
        if not self._statement.content_spans:
            return [v1.TextSpan(text=self._statement.content)]
        content = self._statement.content
        return [
            _span(span, content[part.start : part.end], self._offset)
            for span, part in self._parts()
        ]

    def _quoted(self) -> list[v1.TextSpan]:
        """The quoted parts; their words are in the content, too."""
        content = self._statement.content
        found = []
        for quoted in self._statement.quoted_spans:
            words = " ".join(
                content[max(quoted.start - span.start, 0) + part.start :][
                    : min(quoted.end, span.end) - max(quoted.start, span.start)
                ]
                for span, part in self._parts()
                if max(quoted.start, span.start) < min(quoted.end, span.end)
            )
            found.append(_span(quoted, words, self._offset))
        return found

    def _parts(self) -> Iterator[tuple[Span, Span]]:
        """The parts of the content, each as a stretch of the article and of the content."""
        return zip(self._statement.content_spans, parts_of(self._statement), strict=True)

    def _speaker(self) -> v1.Speaker | None:
        given = self._statement
        if not given.speaker:
            return None
        role = self._role()
        return v1.Speaker(
            speaker_id=given.speaker_id or "",
            display_name=given.speaker,
            type=number(v1.SpeakerType, given.speaker_type),
            roles=[role] if role else [],
        )

    def _mention(self) -> v1.SpeakerMention | None:
        given = self._statement
        if not (given.mention or given.speaker):
            return None
        return v1.SpeakerMention(
            span=self._placed(given.mention, given.mention_start, given.mention_end),
            speaker_id=given.speaker_id or "",
            role=self._role(),
            confidence=given.speaker_confidence or 0.0,
            role_confidence=given.role_confidence or 0.0,
        )

    def _role(self) -> v1.Role | None:
        given = self._statement
        if not given.role:
            return None
        return v1.Role(
            span=self._placed(given.role, given.role_start, given.role_end),
            organization=given.role_organization or "",
            status=number(v1.RoleStatus, given.role_status),
        )

    def _date(self) -> v1.StatementDate | None:
        given = self._statement
        if not (given.date or given.date_text):
            return None
        known = [int(part) for part in (given.date or "").split("-") if part]
        year, month, of_month = (*known, 0, 0, 0)[:3]
        return v1.StatementDate(
            span=self._placed(given.date_text),
            date=v1.CalendarDate(year=year, month=month, day=of_month) if year else None,
            granularity=number(v1.DateGranularity, given.date_granularity),
            basis=number(v1.DateBasis, given.date_basis),
            confidence=given.date_confidence or 0.0,
        )

    def _placed(
        self, words: str | None, start: int | None = None, end: int | None = None
    ) -> v1.TextSpan | None:
        """Words of the article, and where they are if that is known."""
        if not words:
            return None
        if start is None or end is None:
            return v1.TextSpan(text=words)
        return _span(Span(start, end), words, self._offset)


def _span(span: Span, words: str, offset: Callable[[int], int]) -> v1.TextSpan:
    return v1.TextSpan(start_offset=offset(span.start), end_offset=offset(span.end), text=words)


def person(found: Person, *, roles: bool) -> v1.Person:
    """A person, with the roles or without."""
    return v1.Person(
        person_id=found.person_id,
        display_name=found.display_name,
        type=number(v1.SpeakerType, found.type),
        aliases=found.aliases,
        roles=[
            v1.PersonRole(
                role=role.role,
                organization=role.organization,
                status=number(v1.RoleStatus, role.status),
                first_day=day(role.first_day),
                last_day=day(role.last_day),
                statements=role.statements,
            )
            for role in found.roles
        ]
        if roles
        else [],
        external_ids=found.external_ids,
        statements=found.statements,
        articles=found.articles,
        first_day=day(found.first_day),
        last_day=day(found.last_day),
    )


_EDITS = {
    "replaced": v1.DifferenceKind.DIFFERENCE_KIND_REPLACED,
    "added": v1.DifferenceKind.DIFFERENCE_KIND_ADDED,
    "left out": v1.DifferenceKind.DIFFERENCE_KIND_MISSING,
}


def repeat(
    found: Repeat, most: int, archived: Callable[[int, Statement], v1.ArchivedStatement]
) -> v1.Repeat:
    """A quotation that several articles have, with `most` occurrences and the wordings of these.

    `archived` gives a statement, by its number, as a message.
    """
    shown = found.occurrences[:most]
    wordings = max(each.wording for each in shown) + 1  # they are counted as they come
    return v1.Repeat(
        text=found.text,
        occurrences=[
            v1.RepeatOccurrence(
                statement=archived(each.number, each.statement),
                wording=each.wording,
                story=each.story,
            )
            for each in shown
        ],
        wordings=[
            v1.RepeatWording(
                text=each.text,
                first_day=day(each.first_day),
                statements=each.statements,
                changes=[
                    v1.WordingChange(kind=_EDITS[c.edit.value], was=c.was, now=c.now)
                    for c in each.changes
                ],
            )
            for each in found.wordings[:wordings]
        ],
        speakers=found.speakers,
        statements=len(found.occurrences),
        articles=found.articles,
        stories=found.stories,
        first_day=day(found.first_day),
        last_day=day(found.last_day),
    )
