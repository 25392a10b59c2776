"""Why a source has no name: "because he was not authorized to speak", "citing fear of reprisal"."""

from __future__ import annotations

from spacy.tokens import Token

from quoth_server.engine.lexicon import words
from quoth_server.engine.types import Span

__all__ = ["reason_of"]

_STRONG = frozenset({"because", "citing", "fearing", "lest", "owing", "due"})
"""Words that open a reason wherever they stand in the clause."""
_LEADING = frozenset({"because", "since", "fearing", "citing"})
"""Those that open a reason before the words for anonymity."""
_NAMED_REASONS = frozenset({"fearing", "citing"})
_NEXT = frozenset({"since", "as", "given", "out", "over", "amid", "so", "discussing", "describing"})
"""Those that open one right behind the words for anonymity."""
_IN = frozenset({"order", "line", "keeping", "accordance"})
_UNDER = frozenset({"rule", "policy", "term", "law", "order", "protocol", "regulation"})
_NO_REASON = frozenset({"time", "story", "article", "report", "now", "interview"})
_FAR = 18
"""Tokens between the words for anonymity and a reason."""


def reason_of(verb: Token, last: Token) -> Span | None:
    """The reason behind, or before, the words for anonymity.

    Args:
        verb: What governs them.
        last: Their last word.
    """
    opener = _behind(last)
    if opener is not None:
        return _clause(opener, after=last)
    return _before(verb)


def _before(verb: Token) -> Span | None:
    """As in "**Fearing reprisals**, she asked not to be named"."""
    subject = next((c for c in verb.lefts if c.dep_ in {"nsubj", "nsubjpass"}), None)
    opener = verb.sent[0]
    aside = (*verb.lefts, *(subject.rights if subject is not None else ()))
    for child in aside:
        if child.lower_ in _NAMED_REASONS and child.right_edge.i < verb.i and child.i > opener.i:
            return _span(child, child.right_edge)
    if subject is None or opener.lower_ not in _LEADING or subject.left_edge.i <= opener.i + 1:
        return None
    comma = subject.left_edge.nbor(-1)
    return _span(opener, comma) if comma.text == "," else None


def _behind(last: Token) -> Token | None:
    doc = last.doc
    at = last.i + 1
    aside = at < len(doc) and doc[at].text == ","
    if aside:
        at += 1
    for place in range(at, min(at + (1 if aside else _FAR), len(doc))):
        token = doc[place]
        told = token.lower_ == "that" or (place > at and _says(token))
        if told or token.is_sent_start or token.is_quote or token.text in {";", "—", "–"}:
            return None
        if token.text == "," and doc[min(place + 1, len(doc) - 1)].lower_ not in _STRONG:
            return None
        if token.lower_ in _STRONG or (
            place == at and _opens(token) and not (aside and token.lower_ == "to")
        ):
            return token
    return None


def _opens(token: Token) -> bool:
    """Whether a word right behind the words for anonymity opens a reason."""
    if token.i + 1 >= len(token.doc):
        return False
    lower, following = token.lower_, token.nbor()
    if lower in _NEXT:
        return True
    if lower == "to":
        return following.tag_ in {"VB", "RB"} and token.dep_ != "prep"
    if lower == "in":
        return following.lower_ in _IN
    noun = next((o for o in token.rights if o.dep_ == "pobj"), None)
    if noun is None:
        return False
    if lower == "under":
        return noun.lemma_.lower() in _UNDER
    timed = noun.ent_type_ in {"DATE", "TIME", "PERSON", "ORG"}
    papers = noun.lemma_.lower() in _NO_REASON or noun.lower_ in words("document_nouns")
    return lower == "for" and not timed and not papers


def _clause(opener: Token, after: Token) -> Span:
    """From the opener to the end of what it opens, within its sentence and before a quotation."""
    head = opener.head if opener.dep_ in {"mark", "aux", "advmod"} else opener
    last = max(opener.right_edge.i, head.right_edge.i if head.i > after.i else opener.i)
    if (
        opener.lower_ in {"out", "due", "owing", "because", "over", "given", "as"}
        and last == opener.i
    ):
        last = opener.nbor().right_edge.i
    doc = opener.doc
    for place in range(opener.i + 1, last + 1):
        token = doc[place]
        quoted = token.is_quote or token.text in {"“", "”"}
        told = token.text == "," and _says(doc[min(place + 1, len(doc) - 1)])
        if token.is_sent_start or quoted or told:
            last = place - 1
            break
    return _span(opener, doc[last])


def _says(token: Token) -> bool:
    return token.tag_ in {"VBD", "VBZ"} and token.lemma_ in words("saying_verbs")


def _span(first: Token, last: Token) -> Span:
    while last.i > first.i and (last.is_punct or last.is_space):
        last = last.nbor(-1)
    return Span(first.idx, last.idx + len(last))
