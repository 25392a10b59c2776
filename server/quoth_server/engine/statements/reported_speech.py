"""Looks at a cue: is it speech at all, and whose, where one source quotes another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from spacy.tokens import Doc, Token

from quoth_server.engine.body import body_of
from quoth_server.engine.lexicon import words
from quoth_server.engine.statements import beside
from quoth_server.engine.types import Attribution, Span

__all__ = [
    "apart",
    "clause_beside",
    "has_word_of_speech",
    "quoted_through",
    "telling_of",
    "unfolded",
    "verb_of",
]

_RETELLING = frozenset({"quote", "cite"})
_VOICES = frozenset({"dobj", "nsubjpass"})
_FINITE = frozenset({"VBD", "VBZ", "VBP"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "expl"})
_VERBAL = frozenset({"aux", "neg"})
_NEAR = 24
"""A clause of saying beside a quotation has no more tokens."""
_FAR = 14
"""After "quoted", "as saying" comes within this many tokens."""


def has_word_of_speech(doc: Doc, cue: Span | None) -> bool:
    """Whether one of the cue's words is known to report speech or writing."""
    known = words("saying_verbs") | words("telling_verbs")
    return any(t.lemma_.lower() in known or t.lower_ in known for t in _tokens(doc, cue))


def verb_of(doc: Doc, cue: Span | None) -> Token | None:
    """The verb that the cue turns on: the topmost one in it."""
    span = doc.char_span(cue.start_offset, cue.end_offset, alignment_mode="expand") if cue else None
    if span is None:
        return None
    if span.root.pos_ in {"VERB", "AUX"}:
        return span.root
    return next((t for t in span if t.pos_ == "VERB"), None)


def unfolded(doc: Doc, attribution: Attribution) -> Attribution:
    """The words retold as their own: "a memo quoted **Lund** as saying **it rained**"."""
    verb = quoted_through(doc, attribution.cue)
    voice = (
        next((c for c in verb.children if c.dep_ in _VOICES), None) if verb is not None else None
    )
    if verb is None or voice is None:
        return attribution
    start, body = _said_from(verb), body_of(doc)
    while body[start : start + 1] in {" ", ":", ","}:
        start += 1
    kept = [
        Span(max(s.start_offset, start), s.end_offset)
        for s in attribution.content
        if s.end_offset > start
    ]
    words_ = doc[voice.left_edge.i : voice.right_edge.i + 1]
    return replace(
        attribution,
        content=tuple(kept) or attribution.content,
        source=Span(words_.start_char, words_.end_char),
    )


def apart(doc: Doc, attribution: Attribution) -> list[Attribution]:
    """The attribution, and what the speaker said too: "said it rained, **but did not say** why"."""
    verb = verb_of(doc, attribution.cue)
    also = _said_too(verb, attribution) if verb is not None else None
    if verb is None or also is None:
        return [attribution]
    body = body_of(doc)
    joint = [c.idx for c in verb.children if c.dep_ == "cc" and verb.i < c.i < also.i]
    cut, start = min([also.left_edge.idx, *joint[-1:]]), also.idx + len(also)
    content = attribution.content
    before = _telling_parts(
        body,
        (Span(s.start_offset, min(s.end_offset, cut)) for s in content if s.start_offset < cut),
    )
    rest = _telling_parts(
        body,
        (Span(max(s.start_offset, start), s.end_offset) for s in content if s.end_offset > start),
    )
    if not before or not rest:
        return [attribution]
    first = min((c.idx for c in also.lefts if c.dep_ in _VERBAL), default=also.idx)
    second = replace(attribution, content=rest, cue=Span(first, start))
    return [replace(attribution, content=before), second]


def _telling_parts(body: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans without marks of punctuation at their ends, those without a word left out."""
    found = []
    for span in spans:
        words_ = span.of(body).rstrip(" ,;–—-\n")
        if any(map(str.isalnum, words_)):
            found.append(Span(span.start_offset, span.start_offset + len(words_)).trimmed(body))
    return tuple(found)


def _said_too(verb: Token, attribution: Attribution) -> Token | None:
    """The verb of saying that goes with that of a cue, has its subject, and is in its content."""
    if verb.tag_ not in _FINITE:
        return None
    for other in verb.rights:
        if other.dep_ != "conj":
            continue
        forms = {other.tag_, *(c.tag_ for c in other.lefts if c.dep_ == "aux")}
        between = other.doc[verb.i : other.i]
        if (
            forms & _FINITE
            and other.lemma_ in words("saying_verbs")
            and not any(c.dep_ in _SUBJECTS for c in other.children)
            and not any(token.is_quote for token in between)
            and any(s.start_offset < other.idx < s.end_offset for s in attribution.content)
        ):
            return other
    return None


def quoted_through(doc: Doc, cue: Span | None) -> Token | None:
    """The verb by which one source quotes another, where the cue has one: "quoted … as"."""
    for token in _tokens(doc, cue):
        for verb in (token, *_above(token)):
            if verb.lemma_ in _RETELLING and _telling(verb) is not None:
                return verb
    return None


def clause_beside(doc: Doc, quotation: Span) -> tuple[Span | None, Span | None]:
    """The cue and the source of a clause of saying right after a quotation, else right before it.

    “…,” Rep. Ana Ruiz said. / said Ana Ruiz. / Ana Ruiz said: “…”
    """
    inside = doc.char_span(quotation.start_offset, quotation.end_offset, alignment_mode="expand")
    if inside is None:
        return None, None
    leads_up = inside.start > 0 and doc[inside.start - 1].text in {",", ":"}
    for tokens in (
        beside.after(doc, inside.end, _NEAR),
        beside.before(doc, inside.start - 1, _NEAR) if leads_up else [],
    ):
        for verb in tokens:
            subjects = [c for c in verb.children if c.dep_ == "nsubj" and c in tokens]
            if subjects and verb.pos_ == "VERB" and verb.lemma_ in words("saying_verbs"):
                source = [t for t in subjects[0].subtree if t in tokens]
                return _span([verb]), _span(source)
    return None, None


def _span(tokens: list[Token]) -> Span:
    last = tokens[-1]
    return Span(tokens[0].idx, last.idx + len(last))


def telling_of(doc: Doc, cue: Span | None) -> Token | None:
    """The verb of the words retold: "telling" in "quoted Lund as telling Ruiz"."""
    verb = quoted_through(doc, cue)
    return _telling(verb) if verb is not None else None


def _telling(verb: Token) -> Token | None:
    """The verb of the words quoted: "saying" in "quoted Lund as saying"."""
    for token in verb.doc[verb.i + 1 : verb.i + _FAR]:
        if token.is_sent_start:
            return None
        if token.tag_ == "VBG" and token.nbor(-1).lower_ == "as":
            return token
    return None


def _said_from(verb: Token) -> int:
    """Where the retold words begin: after "as saying" or "as telling Ruiz"."""
    last = _telling(verb)
    assert last is not None
    if last.lemma_ in words("telling_verbs") and last.i + 1 < len(last.doc):
        told = last.nbor()
        while told.dep_ == "compound" and told.i + 1 < len(told.doc):
            told = told.nbor()
        last = told if told.pos_ in {"PROPN", "NOUN", "PRON"} else last
    return last.idx + len(last)


def _above(token: Token) -> Iterator[Token]:
    """The two words that a word hangs on: "telling" on "as" on "quoted"."""
    for _ in range(2):
        if token.head == token:
            return
        token = token.head
        yield token


def _tokens(doc: Doc, span: Span | None) -> list[Token]:
    found = (
        doc.char_span(span.start_offset, span.end_offset, alignment_mode="expand") if span else None
    )
    return list(found) if found is not None else []
