"""What each corpus says, and what it is silent about, as examples to learn from."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from quoth_server.engine.attributions import encoder
from quoth_server.engine.attributions.decoding import TAGS
from quoth_server.engine.types import Paragraph, ParagraphKind, Span
from training.data import (
    IGNORE,
    UNKNOWN,
    Example,
    IntArray,
    lines_as_paragraphs,
    unannotated,
    words_of,
)
from training.gold_records import spans
from training.heads import CLASSES
from training.parses import Parse, head_words

__all__ = [
    "GUM_GENRES",
    "attributed",
    "blocks",
    "chains",
    "named",
    "parsed",
    "plain",
    "polnear",
    "speakers",
    "without_speakers",
]

GUM_GENRES = ("academic", "bio", "court", "interview", "speech", "voyage")
"""The genres to learn from: all but news, on which the model is measured."""
_BLANK_LINE = re.compile(r"\n\s*\n")
_STOPS = frozenset(".?!")


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


def attributed(record: dict[str, Any], parse: Parse, tokenizer: Tokenizer) -> Example:
    """Gold records: what PolNeAR says, and roles, kinds of speakers and times besides.

    Contents get the quotation marks around them, as PolNeAR has it. Sentences with something that
    may be found or not teach nothing, what is annotated in them excepted.
    """
    body = record["text"]
    example = unannotated(record["id"], body, lines_as_paragraphs(body), parse.tokens, tokenizer)
    words = example.words
    for first, last in words_of([span for part in record["other"] for span in part], words):
        at, end = _sentence(example, first, last)
        example.tags[at:end] = IGNORE
    told = sorted(record["records"], key=lambda r: -sum(b - a for a, b in r["content"]))
    for each in told:
        content = words_of(
            [(s.start_offset, s.end_offset) for s in _with_marks(example, each["content"])], words
        )
        source, cue = (_words_of(each, name, words) for name in ("source", "cue"))
        for name, found in (("content", content), ("source", source), ("cue", cue)):
            for first, last in found:
                example.tags[first:last] = TAGS.index(f"I-{name}")
                example.tags[first] = TAGS.index(f"B-{name}")
        if cue:
            for first, last in content:
                example.cue_of[first:last] = cue[0][0]
            for first, last in cue:
                example.source_of[first:last] = source[0][0] if source else -1
    example.more["record_tags"] = example.tags
    return speakers(example, parse, told)


def speakers(example: Example, parse: Parse, records: Sequence[dict[str, Any]]) -> Example:
    """Adds what gold records say of speakers: names, kinds, roles; and times of cues."""
    words, size = example.words, len(example.words)
    kind = np.full(size, IGNORE, dtype=np.int64)
    time_of = np.full(size, UNKNOWN, dtype=np.int64)
    for each in records:
        if cue := _words_of(each, "cue", words):
            time = _words_of(each, "date_span" if "date_span" in each else "when", words)
            dated = each["date_scope"] == "cue" and time
            time_of[cue[0][0]] = time[0][0] if dated else -1
        if each["speaker"]:
            for first, last in _words_of(each, "source", words):
                kind[first:last] = CLASSES["speaker"].index(each["speaker"]["kind"])
    roles = {wording for each in records for wording in each["roles"]}
    role = _tagged(example, roles, CLASSES["role"].index("B-role"))
    named = _names(example, parse, [each["speaker"] for each in records if each["speaker"]])
    example.more.update(role=role, speaker=kind, time_of=time_of, name=named)
    example.more["speaker_of"] = _speaker_of(example, records)
    return example


def _speaker_of(example: Example, records: Sequence[dict[str, Any]]) -> IntArray:
    """Where the speaker is named: at the source, else nearest before it, else nearest after it.

    Asked of each word of the source, and of the first word of content without a source.
    """
    speaker_of = np.full(len(example.words), UNKNOWN, dtype=np.int64)
    for each in records:
        if not each["speaker"]:
            continue
        asked = _words_of(each, "source", example.words)[:1] or [
            (first, first + 1) for first, _ in _words_of(each, "content", example.words)[:1]
        ]
        names = set(each["speaker"]["names"])
        if each["speaker"]["kind"] == "PERSON":
            names |= {name.split()[-1] for name in names}
        named = np.flatnonzero(np.diff(_tagged(example, names, 1) > 0, append=False, prepend=False))
        ends = named[1::2] - 1
        for first, last in asked:
            before = ends[ends < last]
            nearest = before[-1:] if len(before) else ends[:1]
            speaker_of[first:last] = nearest[0] if len(nearest) else -1
    return speaker_of


def _words_of(record: dict[str, Any], field: str, words: encoder.Words) -> list[tuple[int, int]]:
    return words_of([(s.start_offset, s.end_offset) for s in spans(record.get(field))], words)


def _tagged(example: Example, wordings: Collection[str], begins: int) -> IntArray:
    """Tags of the words where some wordings stand: `begins`, then one more; else 0."""
    tags = np.zeros(len(example.words), dtype=np.int64)
    for wording in sorted(wordings, key=len):
        for match in re.finditer(
            rf"(?<!\w){re.escape(wording)}(?!\w)", example.body, re.IGNORECASE
        ):
            for first, last in words_of([match.span()], example.words):
                tags[first:last] = begins + 1
                tags[first] = begins
    return tags


def _names(example: Example, parse: Parse, told: Sequence[dict[str, Any]]) -> IntArray:
    """Tags of the names of speakers, family names alone included.

    What else spaCy takes for an entity may be a name too, and teaches nothing; but words that it
    glues to a speaker's name are none: "Vermont Bernie Sanders".
    """
    tags = np.zeros(len(example.words), dtype=np.int64)
    for kind in ("PLACE", "ORGANIZATION", "PERSON"):
        names = {name for one in told if one["kind"] == kind for name in one["names"]}
        if kind == "PERSON":
            names |= {name.split()[-1] for name in names}
        found = _tagged(example, names, CLASSES["name"].index(f"B-{kind}"))
        tags = np.where(found, found, tags)
    word_at = {int(start): at for at, start in enumerate(example.words.starts)}
    entity: list[int] = []
    for start, kind in [*zip(parse.starts, parse.entities, strict=True), (-1, "O")]:
        if not kind.startswith("I-"):
            if entity and not tags[entity].any():
                tags[entity] = IGNORE
            entity = []
        if kind != "O" and start in word_at:
            entity.append(word_at[start])
    return tags


def _with_marks(example: Example, content: Sequence[Sequence[int]]) -> list[Span]:
    """A content's spans, grown to the quotations that they fill."""
    grown = []
    for first, last in content:
        start, end = first, last
        for quotation in example.quotations:
            whole, inside = quotation.outer, quotation.inner
            if (
                inside.start_offset >= start - 1
                and inside.end_offset <= end + 2
                and whole.start_offset < end
            ):
                start, end = min(start, whole.start_offset), max(end, whole.end_offset)
        grown.append(Span(start, end))
    return grown


def _sentence(example: Example, first: int, last: int) -> tuple[int, int]:
    """The words of the sentences that some words are in, by their stops and by paragraphs."""
    words, body = example.words, example.body
    while first and words.paragraph[first - 1] == words.paragraph[first]:
        if body[words.starts[first - 1] : words.ends[first - 1]] in _STOPS:
            break
        first -= 1
    while last < len(words) and words.paragraph[last] == words.paragraph[last - 1]:
        last += 1
        if body[words.starts[last - 1] : words.ends[last - 1]] in _STOPS:
            break
    return first, last


def plain(record: dict[str, Any], parse: Parse, tokenizer: Tokenizer) -> Example:
    """A text of which nothing but its parse and, where it has them, its chains is known."""
    body = record["text"]
    example = unannotated(record["id"], body, lines_as_paragraphs(body), parse.tokens, tokenizer)
    example.tags[:] = IGNORE
    return example


def parsed(example: Example, parse: Parse) -> Example:
    """Adds what spaCy said of each word: fine tag, head and its label, entity, sentence."""
    word_at = {int(start): at for at, start in enumerate(example.words.starts)}
    place = [word_at.get(start, UNKNOWN) for start in parse.starts]
    size = len(example.words)
    gold = {name: np.full(size, IGNORE, dtype=np.int64) for name in _PARSED}
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
            ("sentence", CLASSES["sentence"][parse.begins[token]]),
        ):
            gold[name][word] = _INDEX[name].get(found, IGNORE)
    example.more.update(gold, head=heads)
    return example


def without_speakers(example: Example, records: Sequence[dict[str, Any]]) -> Example:
    """Adds which nouns mean no speaker: those of no source, and not what a speaker is called."""
    told = [each["speaker"]["names"] for each in records if each["speaker"]]
    told += [each["roles"] for each in records]
    called = {word.casefold() for names in told for name in names for word in name.split()}
    words, kinds = example.words, example.more["speaker"]
    common = np.isin(example.more["fine_tag"], _NOUNS) & (kinds == IGNORE)
    for at in np.flatnonzero(common).tolist():
        if example.body[words.starts[at] : words.ends[at]].casefold() not in called:
            kinds[at] = CLASSES["speaker"].index("none")
    return example


def named(example: Example) -> Example:
    """Corrects the parse by the names of speakers that gold has, where an example has both.

    What spaCy glues to a name, cuts off or takes for a verb or a day ("**May** said") is not what
    the network is to learn. One word of a longer name of a person stays spaCy's: gold has family
    names alone too.
    """
    told = example.more.get("name")
    if told is None:
        return example
    entity, tags = example.more["entity"], example.more["fine_tag"]
    kinds, shapes = CLASSES["name"], example.words.shape
    begins = np.flatnonzero([kinds[max(tag, 0)].startswith("B-") for tag in told])
    for first in begins.tolist():
        last = first + 1
        while last < len(told) and told[last] == told[first] + 1:
            last += 1
        begin = _INDEX["entity"][_ENTITY_OF[kinds[told[first]]]]
        inside = (entity[first] == begin + 1) or (last < len(told) and entity[last] == begin + 1)
        if last - first == 1 and (inside or begin != _INDEX["entity"]["B-PERSON"]):
            continue
        if not {int(shapes[first]), int(shapes[last - 1])} <= _CAPITALIZED:
            continue  # "the interior ministry"
        start, end = first, last
        while start > 0 and entity[start] % 2 == 0 and entity[start] > 0:
            start -= 1
        while end < len(told) and entity[end] % 2 == 0 and entity[end] > 0:
            end += 1
        outside = [at for at in (*range(start, first), *range(last, end)) if told[at] == 0]
        entity[outside] = 0
        entity[first:last] = begin + 1
        entity[first] = begin
        if last < end and entity[last] > 0:
            entity[last] -= entity[last] % 2 == 0  # what is left begins an entity of its own
        misread = [
            at
            for at in range(first, last)
            if tags[at] not in _NAME_TAGS and int(shapes[at]) in _CAPITALIZED
        ]
        tags[misread] = _INDEX["fine_tag"]["NNP"]
        example.more["label"][misread] = IGNORE
        example.more["head"][misread] = UNKNOWN
    return example


_PARSED = ("fine_tag", "label", "entity", "sentence")
_INDEX = {name: {kind: at for at, kind in enumerate(kinds)} for name, kinds in CLASSES.items()}
_ENTITY_OF = {"B-PERSON": "B-PERSON", "B-ORGANIZATION": "B-ORG", "B-PLACE": "B-GPE"}
_NOUNS = [_INDEX["fine_tag"][tag] for tag in ("NN", "NNS")]
_NAME_TAGS = {_INDEX["fine_tag"][tag] for tag in ("NNP", "NNPS", "HYPH", "POS", ".", "IN", "DT")}
_CAPITALIZED = {2, 3, 6}
"""The shapes of words that a name is made of; see `encoder.SHAPES`."""


def chains(example: Example, parse: Parse, entities: Sequence[dict[str, Any]]) -> Example:
    """Adds whom each mention refers to: the head word of the mention before it, none at the first.

    Words that are not the head of a mention are not supervised.
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
