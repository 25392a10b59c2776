"""What each corpus says, and what it is silent about, as examples to learn from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from spacy.language import Language
from tokenizers import Tokenizer

from quoth_server.engine.attributions.decoding import TAGS
from quoth_server.engine.types import Paragraph, ParagraphKind, Span
from training.data import IGNORE, UNKNOWN, Example, lines_as_paragraphs, unannotated, words_of

__all__ = ["GUM_GENRES", "gum", "litbank", "polnear"]

GUM_GENRES = ("academic", "bio", "court", "interview", "speech", "voyage")
"""The genres to learn from: all but news, on which the model is measured."""
_BEGIN, _INSIDE = TAGS.index("B-content"), TAGS.index("I-content")
_SOURCE, _IN_SOURCE = TAGS.index("B-source"), TAGS.index("I-source")
_BLANK_LINE = re.compile(r"\n\s*\n")


def polnear(record: dict[str, Any], nlp: Language, tokenizer: Tokenizer) -> Example:
    """PolNeAR says everything: a word has one tag, every link is named."""
    body = record["text"]
    example = unannotated(record["id"], body, lines_as_paragraphs(body), nlp, tokenizer)
    for attribution in record["attributions"]:
        ranges = {
            role: words_of(attribution[role], example.words)
            for role in ("source", "cue", "content")
        }
        for role, found in ranges.items():
            for first, last in found:
                example.tags[first:last] = TAGS.index(f"I-{role}")
                example.tags[first] = TAGS.index(f"B-{role}")
        if ranges["cue"]:
            cue = ranges["cue"][0][0]
            for first, last in ranges["content"]:
                example.cue_of[first:last] = cue
            if ranges["source"]:
                for first, last in ranges["cue"]:
                    example.source_of[first:last] = ranges["source"][0][0]
    return example


def gum(record: dict[str, Any], nlp: Language, tokenizer: Tokenizer) -> Example:
    """GUM names content and source, not the cue inside the attributing clause.

    Its attributions nest, and a quotation is cut into clauses: where it would contradict PolNeAR's
    conventions its words are ignored. Attributions without words of their own, such as picture
    credits, are none.
    """
    body = record["text"]
    example = unannotated(record["id"], body, lines_as_paragraphs(body), nlp, tokenizer)
    tags, cue_of = example.tags, example.cue_of
    worded = [a for a in record["attributions"] if a["cue"] != "none"]
    depth = np.zeros(len(tags), dtype=np.int64)
    for attribution in worded:
        for first, last in words_of(attribution["content_max"], example.words):
            fresh = depth[first:last] == 0
            tags[first:last] = np.where(fresh, _INSIDE, tags[first:last])
            after_content = first > 0 and depth[first - 1] > 0
            tags[first] = _BEGIN if fresh[0] and not after_content else IGNORE
            cue_of[first:last] = UNKNOWN
            depth[first:last] += 1
    for attribution in worded:
        source = _spans(attribution["source"])
        for first, last in words_of(_spans(attribution["frame"]), example.words):
            tags[first:last] = np.where(depth[first:last] == 0, IGNORE, tags[first:last])
        for first, last in words_of(source, example.words):
            if not depth[first:last].any():
                tags[first:last] = _IN_SOURCE
                tags[first] = _SOURCE
    example.source_of[:] = UNKNOWN
    return example


def litbank(record: dict[str, Any], nlp: Language, tokenizer: Tokenizer) -> Example:
    """LitBank names direct speech alone: of the words around it nothing is learned."""
    body = record["text"]
    example = unannotated(record["id"], body, _blocks(body), nlp, tokenizer)
    example.tags[:] = IGNORE
    example.cue_of[:] = UNKNOWN
    example.source_of[:] = UNKNOWN
    for quote in record["quotes"]:
        for first, last in words_of([quote["span"]], example.words):
            example.tags[first:last] = _INSIDE
            # A quotation may carry on the one before it: only its inside is sure.
            example.tags[first] = IGNORE
    return example


def _spans(value: Any) -> Sequence[Sequence[int]]:
    """One span, many or none, as a list of spans."""
    if not value:
        return []
    return [value] if isinstance(value[0], int) else value


def _blocks(body: str) -> tuple[Paragraph, ...]:
    """Paragraphs are what blank lines part: lines are broken at a width."""
    paragraphs, at = [], 0
    for gap in [*_BLANK_LINE.finditer(body), None]:
        end = gap.start() if gap else len(body)
        stripped = body[at:end].strip()
        if stripped:
            start = body.index(stripped, at)
            paragraphs.append(Paragraph(Span(start, start + len(stripped)), ParagraphKind.BODY))
        at = gap.end() if gap else end
    return tuple(paragraphs)
