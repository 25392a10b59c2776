"""Words in quotation marks that are not statements, and why.

Scare quotes, titles, names, words as words, mottos, proverbs and what is only imagined look like
speech now and then. What stands around the marks tells: the noun they are an apposition to ("her
novel “…”"), a verb that names ("known as “…”"), "so-called", a name on both sides.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from quoth_server.engine.body import body_of
from quoth_server.engine.lexicon import meanings, words
from quoth_server.engine.statements import beside
from quoth_server.engine.statements.quoted_speech import union
from quoth_server.engine.types import Quotation, RejectedQuotation, RejectionReason, Span

__all__ = ["find", "reason_of"]

_WORD = re.compile(r"\w+")
_SPEECH_WORDS = 4
"""From this many words on, a quotation with a finite verb is speech, unless it is a title."""
_NEAR = 9
"""The number of tokens next to the marks that may hold the deciding word."""
_FINITE = frozenset({"VBD", "VBP", "VBZ", "MD"})
_MODIFIERS = frozenset({"DET", "ADJ", "PRON", "PART", "NUM", "NOUN"})
_CONTENT_WORDS = frozenset({"NOUN", "PROPN", "VERB", "ADJ", "ADV", "NUM"})
_GENERIC = frozenset({"they", "we", "you", "one", "people", "locals", "some", "many"})
_REFLEXIVE = frozenset({"itself", "himself", "herself", "themselves"})
_SHOWING = frozenset({"read", "say", "declare", "proclaim", "bear", "carry", "display", "be"})
_INSCRIBED = frozenset(
    {"paint", "print", "mark", "stamp", "inscribe", "emblazon", "scrawl", "engrave", "carve"}
)
_LEADING = frozenset({"read", "reads", "reading", "words", "word", "message", "with"})
"""Words between a sign and what is on it."""
_IMAGINING = frozenset({"imagine", "suppose", "picture"})


def find(
    doc: Doc, quotations: Sequence[Quotation], contents: Sequence[Span]
) -> tuple[RejectedQuotation, ...]:
    """The outermost quotations that no statement has a word of, each with the reason.

    Args:
        doc: the parse of the body.
        quotations: from `marks.pair`, in text order.
        contents: the content spans of all statements.
    """
    body = body_of(doc)
    taken = union(contents)
    starts = [span.start_offset for span in taken]
    rejected = []
    for quotation in quotations:
        inner = quotation.inner
        last = bisect_left(starts, inner.end_offset)  # of those that start before its end, the last
        if last and taken[last - 1].end_offset > inner.start_offset:
            continue
        if quotation.depth == 0 and _WORD.search(body, inner.start_offset, inner.end_offset):
            place = _Place.of(doc, quotation)
            rejected.append(RejectedQuotation(inner, _reason(place) or _by_form(place)))
    return tuple(rejected)


def reason_of(doc: Doc, quotation: Quotation) -> RejectionReason | None:
    """Why the quotation is surely no statement; None where nothing says so."""
    return _reason(_Place.of(doc, quotation))


@dataclass(frozen=True, slots=True)
class _Place:
    """A quotation's tokens, and those beside it up to the end of the sentence or another mark."""

    inside: Sequence[Token]
    before: Sequence[Token]
    after: Sequence[Token]

    @classmethod
    def of(cls, doc: Doc, quotation: Quotation) -> _Place:
        inner, outer = (
            doc.char_span(s.start_offset, s.end_offset, alignment_mode="expand")
            for s in (quotation.inner, quotation.outer)
        )
        assert inner is not None
        assert outer is not None
        inside = [t for t in inner if t.idx >= quotation.inner.start_offset]
        before = beside.before(doc, outer.start, _NEAR)
        return cls(inside, before, beside.after(doc, outer.end, _NEAR))

    @property
    def last(self) -> Token | None:
        """The word before the quotation, whatever sign is between the two."""
        return next((t for t in reversed(self.before) if not t.is_punct), None)

    @property
    def is_named(self) -> bool:
        """Whether its words of content have capitals, as titles and names do."""
        return all(t.text[0].isupper() for t in self.inside if t.pos_ in _CONTENT_WORDS)

    @property
    def is_speech(self) -> bool:
        """Whether it is a sentence, and neither title nor name."""
        told = [t for t in self.inside if not t.is_punct and not t.is_space]
        ends = self.inside[-1:] and self.inside[-1].text in {".", "!", "?", ","}
        finite = any(t.tag_ in _FINITE for t in told)
        return bool(ends and len(told) > 1) or (
            len(told) >= _SPEECH_WORDS and finite and not self.is_named
        )


# ---- what tells -----------------------------------------------------------------------


def _reason(place: _Place) -> RejectionReason | None:
    if _is_imagined(place.before):
        return RejectionReason.HYPOTHETICAL
    ended = place.inside[-1:] and place.inside[-1].text in {".", "!", "?"}
    if _is_proverb(place.before) or (not ended and _is_proverb(place.after)):
        return RejectionReason.PROVERB
    return _named(place) or _shown(place) or _apposed(place)


def _is_imagined(before: Sequence[Token]) -> bool:
    """Whether it is put as a thought: "imagine a minister saying “…”", "if she says “…”"."""
    for number, token in enumerate(before):
        opens = number == 0 or before[number - 1].is_punct
        imagined = token.lemma_.lower() in _IMAGINING or token.lower_ in {"if", "unless"}
        if opens and imagined and not any(t.text == "," for t in before[number:]):
            return any(t.pos_ in {"VERB", "AUX"} for t in before[number + 1 :])
    return False


def _is_proverb(beside: Sequence[Token]) -> bool:
    """Whether the words belong to everybody: "as the saying goes", "an old adage"."""
    for number, token in enumerate(beside):
        if token.pos_ == "NOUN" and _by_noun(token.lower_) is RejectionReason.PROVERB:
            return True
        if token.lower_ == "as" and [t.lower_ for t in beside[number + 1 : number + 3]] in (
            ["they", "say"],
            ["people", "say"],
            ["we", "say"],
        ):
            return True
    return False


def _named(place: _Place) -> RejectionReason | None:
    """Of a name: "so-called “…”", "Tomas “…” Herrera", "known as “…”", "locals call it “…”"."""
    before, after = place.before, place.after
    if "".join(t.lower_ for t in before[-3:]).endswith("so-called"):
        return RejectionReason.SCARE_QUOTES
    between = before[-1:] and after[:1] and before[-1].pos_ == after[0].pos_ == "PROPN"
    if between and len(place.inside) <= _SPEECH_WORDS:
        return RejectionReason.NAME
    verb = _naming_verb(place)
    if verb is None:
        return None
    if "title" in verb.lemma_:
        return RejectionReason.TITLE
    is_name = any(t.text[0].isupper() or t.lower_ == "the" for t in place.inside[:3])
    return RejectionReason.NAME if is_name else RejectionReason.TERM


def _naming_verb(place: _Place) -> Token | None:
    """The verb that gives the quotation as a name; an opinion ("called him “a liar”") is none."""
    if place.is_speech or any(t.lower_ in {"a", "an"} for t in place.inside[:1]):
        return None
    near = [t for t in place.before[-4:] if t.pos_ not in {"DET", "PUNCT"}]
    for number, token in enumerate(near):
        between = near[number + 1 :]
        known = token.lemma_ == "know" and [t.lower_ for t in between[-1:]] == ["as"]
        if token.lemma_.lower() not in words("naming_verbs") and not known:
            continue
        if any(t.lower_ in _REFLEXIVE for t in between):
            return token
        if any(t.lower_ not in {"as", "it", "them"} for t in between):
            continue
        subject = next((c for c in token.lefts if c.dep_ == "nsubj"), None)
        by_somebody = any(t.lower_ == "by" for t in place.after[:1])
        passive = token.tag_ == "VBN" and subject is None and not by_somebody
        if passive or (subject is not None and subject.lower_ in _GENERIC):
            return token
    return None


def _shown(place: _Place) -> RejectionReason | None:
    """Of a sign: "a banner read “…”", "a badge with the words “…”", "marked “…”"."""
    before, after = place.before, place.after
    near = [t for t in before[-4:] if not t.is_punct]
    for verb in (t for t in near if t.lemma_ in _SHOWING and t.pos_ in {"VERB", "AUX"}):
        carrier = next((c for c in verb.lefts if c.dep_ == "nsubj"), None)
        carrier = verb.head if carrier is None and verb.dep_ == "acl" else carrier
        if carrier is None:
            continue
        if _by_noun(carrier.lemma_.lower()) is RejectionReason.MOTTO:
            return RejectionReason.MOTTO
        person = carrier.pos_ in {"PRON", "PROPN"} or carrier.ent_type_
        told = person or carrier.lower_ in words("document_nouns")
        if verb.lemma_ == "read" and not told and not place.is_speech:
            return RejectionReason.MOTTO
    if any(t.lemma_ in _INSCRIBED and t.tag_ == "VBN" for t in (*near[-2:], *after[:1])):
        return RejectionReason.MOTTO
    carried = any(_by_noun(t.lemma_.lower()) is RejectionReason.MOTTO for t in before)
    if carried and near[-1:] and near[-1].lower_ in _LEADING:
        return RejectionReason.MOTTO
    with_it = near[-1:] and near[-1].lower_ == "with" and after[:1]
    if with_it and after[0].lower_ in {"on", "across", "in"}:
        return RejectionReason.MOTTO
    return None


def _apposed(place: _Place) -> RejectionReason | None:
    """Of a noun: "the term “…”", "her first novel, “…”", "“…”, a comedy", "“…” by Mina Kerr"."""
    if place.is_speech or not place.inside:
        return None
    after = place.after
    heads = [t for t in (place.last,) if t is not None]
    heads += [t.head for t in place.inside if t.dep_ == "appos" and t.head not in place.inside]
    for head in heads:
        reason = _by_noun(head.lower_) or _by_noun(head.lemma_.lower())
        if reason and head.pos_ in {"NOUN", "PROPN"} and head.lower_ != "words":
            return reason
    if place.is_named:
        if [t.lower_ for t in after[:1]] == ["by"] and after[1:2] and after[1].pos_ == "PROPN":
            return RejectionReason.TITLE
        aside = after[1:6] if [t.text for t in after[:1]] == [","] else []
        if any(_by_noun(t.lemma_.lower()) is RejectionReason.TITLE for t in aside):
            return RejectionReason.TITLE
    return None


def _by_noun(noun: str) -> RejectionReason | None:
    """What words in marks are beside a noun, such as "novel" or "motto"."""
    return meanings("quoted_nouns", RejectionReason).get(noun)


def _by_form(place: _Place) -> RejectionReason:
    """The likeliest reason where nothing beside the marks tells."""
    if place.is_speech:
        return RejectionReason.UNATTRIBUTED
    starts = not place.before
    if place.is_named and not (starts and len(place.inside) == 1):
        before_noun = place.after[:1] and place.after[0].pos_ == "NOUN"
        single = len(place.inside) == 1 or before_noun
        return RejectionReason.NAME if single else RejectionReason.TITLE
    last = place.before[-1] if place.before else None
    modified = last is not None and (last.pos_ in _MODIFIERS or last.text in {"’", "'"})
    return RejectionReason.SCARE_QUOTES if modified else RejectionReason.TERM
