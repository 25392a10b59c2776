"""Texts with their attributions marked, so that a test is one line.

Every line is a paragraph with at most one attribution: `[[content]]`, `((source))` and `<<cue>>`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc

from quoth_server.engine import marks, paragraphs, speakers, statements
from quoth_server.engine.parse import Parser
from quoth_server.engine.speakers import Speakers
from quoth_server.engine.statements import Draft
from quoth_server.engine.types import Attribution, Paragraph, Quotation, Span

_MARK = re.compile(r"\[\[|\]\]|\(\(|\)\)|<<|>>")
_KIND = {"[[": "content", "((": "source", "<<": "cue"}


@cache
def _parser() -> Parser:
    return Parser()


@dataclass(frozen=True)
class Marked:
    """A text without its marks, read up to the drafts."""

    body: str
    doc: Doc
    paragraphs: tuple[Paragraph, ...]
    quotations: tuple[Quotation, ...]
    attributions: tuple[Attribution, ...]
    drafts: tuple[Draft, ...]

    def speakers(self, title: str = "") -> Speakers:
        """The speakers of the drafts."""
        return speakers.link(self.doc, self.paragraphs, self.quotations, self.drafts, title)

    def names(self, title: str = "") -> list[str | None]:
        """For each draft the display name of its speaker."""
        found = self.speakers(title)
        by_id = {s.speaker_id: s.display_name for s in found.speakers}
        return [by_id.get(m.speaker_id) if m else None for m in found.mentions]


def read(text: str) -> Marked:
    """Takes the marks out and reads the text."""
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
    layout = paragraphs.divide(body)
    quotations = marks.pair(body, layout)
    doc = _parser().parse(body, layout)
    drafts = statements.assemble(doc, layout, quotations, attributions)
    return Marked(body, doc, layout, quotations, tuple(attributions), drafts)
