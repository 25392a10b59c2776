"""What each corpus says, and what it is silent about, as examples to learn from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from quoth_server.engine.attributions.decoding import TAGS
from quoth_server.engine.types import Paragraph, ParagraphKind, Span
from training.data import IGNORE, UNKNOWN, Example, lines_as_paragraphs, unannotated, words_of
from training.heads import CLASSES
from training.parses import Parse, head_words

__all__ = ["GUM_GENRES", "blocks", "chains", "parsed", "plain", "polnear"]

GUM_GENRES = ("academic", "bio", "court", "interview", "speech", "voyage")
"""The genres to learn from: all but news, on which the model is measured."""
_BLANK_LINE = re.compile(r"\n\s*\n")


def polnear(record: dict[str, Any], parse: Parse, tokenizer: Tokenizer) -> Example:
    """PolNeAR says everything: a word has one tag, every link is named."""
    body = record["text"]
    example = unannotated(record["id"], body, lines_as_paragraphs(body), parse.tokens, tokenizer)
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


def plain(record: dict[str, Any], parse: Parse, tokenizer: Tokenizer) -> Example:
    """A text of which nothing but its parse and, where it has them, its chains is known."""
    body = record["text"]
    example = unannotated(record["id"], body, lines_as_paragraphs(body), parse.tokens, tokenizer)
    example.tags[:] = IGNORE
    return example


def parsed(example: Example, parse: Parse) -> Example:
    """Adds what spaCy said of each word: fine tag, head and its label, entity."""
    word_at = {int(start): at for at, start in enumerate(example.words.starts)}
    place = [word_at.get(start, UNKNOWN) for start in parse.starts]
    size = len(example.words)
    gold = {name: np.full(size, IGNORE, dtype=np.int64) for name in ("fine_tag", "label", "entity")}
    heads = np.full(size, UNKNOWN, dtype=np.int64)
    for token, word in enumerate(place):
        if word < 0:
            continue
        head = parse.heads[token]
        heads[word] = place[head] if head >= 0 else head
        for name, found in (
            ("fine_tag", parse.tags[token]),
            ("label", parse.labels[token]),
            ("entity", parse.entities[token]),
        ):
            gold[name][word] = _INDEX[name].get(found, IGNORE)
    example.more.update(gold, head=heads)
    return example


_INDEX = {name: {kind: at for at, kind in enumerate(kinds)} for name, kinds in CLASSES.items()}


def chains(example: Example, parse: Parse, entities: Sequence[dict[str, Any]]) -> Example:
    """Adds whom each mention refers to: the head word of the mention before it, none at the first.

    Words that are no mention's head are not supervised.
    """
    word_at = {int(start): at for at, start in enumerate(example.words.starts)}
    antecedent = np.full(len(example.words), UNKNOWN, dtype=np.int64)
    for entity in entities:
        spans = [Span(*mention) for mention in entity["mentions"]]
        heads = [head for head in head_words(parse, spans) if head is not None]
        words = sorted({word_at[parse.starts[h]] for h in heads if parse.starts[h] in word_at})
        for before, word in zip([-1, *words], words, strict=False):
            antecedent[word] = before
    example.more["antecedent"] = antecedent
    return example


def blocks(body: str) -> tuple[Paragraph, ...]:
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
