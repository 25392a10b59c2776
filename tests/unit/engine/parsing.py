"""Texts parsed as the pipeline does it, with models that are loaded once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from spacy.tokens import Doc

from quoth_server.engine import marks, paragraphs
from quoth_server.engine.attributions import AttributionModel
from quoth_server.engine.parse import Parser
from quoth_server.engine.speakers import nouns
from quoth_server.engine.types import Paragraph, Quotation


@cache
def finder() -> AttributionModel:
    return AttributionModel.load()


@cache
def loaded() -> Parser:
    return Parser()


def parsed(
    body: str,
    layout: Sequence[Paragraph] | None = None,
    quotations: Sequence[Quotation] | None = None,
    parser: Parser | None = None,
) -> Doc:
    """The parse of a body; without layout and quotations they are found."""
    layout = paragraphs.divide(body) if layout is None else layout
    quotations = marks.pair(body, layout) if quotations is None else quotations
    parser = parser or loaded()
    doc = parser.tokens(body)
    found = finder().read(doc, layout, quotations)
    parser.parse(doc, found.words, found.seen.parse)
    nouns.learn(doc, found)
    return doc
