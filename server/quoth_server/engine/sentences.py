"""The sentences of a body, as whoever counts by sentence wants them."""

from __future__ import annotations

import re

from spacy.tokens import Doc

from quoth_server.engine.body import body_of
from quoth_server.engine.types import Span

__all__ = ["find"]

_WORD = re.compile(r"\w")


def find(doc: Doc) -> tuple[Span, ...]:
    """The sentences in text order, without white space around them; each has a word.

    What the parse leaves by itself, such as a mark that closes a quotation, goes with the sentence
    before it on its line, else with the one behind it.
    """
    body = body_of(doc)
    found: list[Span] = []
    start: int | None = None
    for sentence in doc.sents:
        span = Span(sentence.start_char, sentence.end_char).trimmed(body)
        if span.start_offset == span.end_offset:
            continue
        if _WORD.search(body, span.start_offset, span.end_offset):
            begin = span.start_offset if start is None else start
            found.append(Span(begin, span.end_offset))
            start = None
        elif found and "\n" not in body[found[-1].end_offset : span.start_offset]:
            found[-1] = Span(found[-1].start_offset, span.end_offset)
        elif start is None:
            start = span.start_offset
    return tuple(found)
