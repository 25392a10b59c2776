"""Texts with their attributions marked, so that a test is one line.

Every line is a paragraph with at most one attribution: `[[content]]`, `((source))` and `<<cue>>`.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc

from quoth_server.engine import factuality, known, marks, paragraphs, roles, statements
from quoth_server.engine.attributions import Findings
from quoth_server.engine.attributions.model import DIRECTORY
from quoth_server.engine.dates import of_statements
from quoth_server.engine.records import questions
from quoth_server.engine.records.network import Asked, RecordNetwork
from quoth_server.engine.records.table import WordTable, read_table
from quoth_server.engine.speakers import referents, resolution, role_tags
from quoth_server.engine.statements import Draft
from quoth_server.engine.types import (
    AnchorBasis,
    AnchorDate,
    Attribution,
    KnownSpeaker,
    Paragraph,
    Quotation,
    Span,
    StatementDate,
)

from .parsing import finder, parsed

_MARK = re.compile(r"\[\[|\]\]|\(\(|\)\)|<<|>>")
_KIND = {"[[": "content", "((": "source", "<<": "cue"}


@cache
def _network() -> RecordNetwork:
    return RecordNetwork.load(DIRECTORY)


@dataclass(frozen=True)
class Marked:
    """A text without its marks, read up to the drafts."""

    body: str
    doc: Doc
    paragraphs: tuple[Paragraph, ...]
    quotations: tuple[Quotation, ...]
    attributions: tuple[Attribution, ...]
    drafts: tuple[Draft, ...]

    def asked(self) -> Asked:
        """The drafts as the record network reads them."""
        network = _network()
        found: Findings = finder().read(self.doc, self.paragraphs, self.quotations)
        words = (found.words, found.seen.vectors)
        table = read_table(self.doc, *words, self.paragraphs, self.attributions)
        return network.ask(network.read(table), questions.ask(self.doc, table, self.drafts))

    def likelihoods(self) -> list[float]:
        """How likely each draft is a statement."""
        return self.asked().likelihoods()

    def referents(self, table: WordTable, title: str = "") -> referents.Referents:
        """The phrases that can be a speaker."""
        seen = finder().read(self.doc, self.paragraphs, self.quotations).seen
        tagged = role_tags.find(self.doc, table, seen.roles)
        return referents.find(self.doc, table, self.paragraphs, self.quotations, title, tagged)

    def speakers(self, title: str = "") -> resolution.Speakers:
        """The speakers of the drafts."""
        asked = self.asked()
        found = self.referents(asked.questions.table, title)
        return resolution.link(self.doc, asked, found, self.drafts)

    def cast(self, *speakers: KnownSpeaker) -> resolution.Speakers:
        """The speakers of the drafts, each with the role that they hold there.

        Args:
            speakers: Those that the caller knows.
        """
        asked = self.asked()
        table = asked.questions.table
        found = self.referents(table)
        linked = resolution.link(self.doc, asked, found, self.drafts)
        could = roles.find(self.doc, table, found, self.drafts)
        cast = roles.assign(asked, could, self.drafts, linked)
        return known.apply(self.doc, found.phrases, cast, speakers)

    def names(self, title: str = "") -> list[str | None]:
        """For each draft the display name of its speaker."""
        found = self.speakers(title)
        by_id = {s.speaker_id: s.display_name for s in found.speakers}
        return [by_id.get(m.speaker_id) if m else None for m in found.mentions]

    def dates(self, day: datetime.date | None) -> tuple[StatementDate | None, ...]:
        """When each draft was said, in an article of a day."""
        asked, drafts = self.asked(), self.drafts
        anchor = AnchorDate(day, AnchorBasis.REQUEST) if day else None
        table = asked.questions.table
        times = of_statements.Times(self.doc, table, self.paragraphs, drafts, anchor)
        ids = [mention.speaker_id if mention else "" for mention in self.speakers().mentions]
        said = factuality.find(self.doc, drafts)
        return of_statements.find(self.doc, asked, times, drafts, said, ids)


def read(text: str) -> Marked:
    """Takes the marks out and reads the text; whatever is marked is a statement."""
    body, attributions = "", []
    for line in text.split("\n"):
        spans: dict[str, list[Span]] = {"content": [], "source": [], "cue": []}
        opened: list[tuple[str, int]] = []
        at = 0
        for mark in _MARK.finditer(line):
            body += line[at : mark.start()]
            at = mark.end()
            if mark.group() in _KIND:
                opened.append((_KIND[mark.group()], len(body)))
            else:
                kind, start = opened.pop()
                spans[kind].append(Span(start, len(body)))
        body += line[at:] + "\n"
        if spans["content"]:
            cue, source = (spans[k][0] if spans[k] else None for k in ("cue", "source"))
            attributions.append(Attribution(tuple(sorted(spans["content"])), cue, source))
    body = body.removesuffix("\n")
    return of(body, attributions)


def given(body: str, drafts: list[Draft]) -> Marked:
    """A body with given drafts."""
    layout = paragraphs.divide(body)
    quotations = marks.pair(body, layout)
    doc = parsed(body, layout, quotations)
    told = tuple(Attribution(draft.content, draft.cue, draft.source) for draft in drafts)
    return Marked(body, doc, layout, quotations, told, tuple(drafts))


def of(body: str, attributions: list[Attribution]) -> Marked:
    """A body with given attributions, read up to the drafts."""
    layout = paragraphs.divide(body)
    quotations = marks.pair(body, layout)
    doc = parsed(body, layout, quotations)
    drafts = assembled(doc, layout, quotations, attributions)
    return Marked(body, doc, layout, quotations, tuple(attributions), drafts)


def assembled(
    doc: Doc,
    layout: tuple[Paragraph, ...],
    quotations: tuple[Quotation, ...],
    attributions: Sequence[Attribution],
) -> tuple[Draft, ...]:
    """The drafts of attributions, all of them likely."""
    found = statements.candidates(doc, layout, quotations, attributions)
    return statements.assemble(doc, layout, quotations, found, [1.0] * len(found))
