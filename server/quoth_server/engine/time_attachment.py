"""Whether a time expression tells the time of a cue, read off the dependency parse.

"After landing late Thursday, Zarif told reporters" does; "the man, arrested on Sunday, said" does
not. The parse is followed upward from the expression to the words that govern the statement, and
the way must not lead through the clause of another event.
"""

from __future__ import annotations

import re

from spacy.tokens import Doc, Token

from quoth_server.engine.lexicon import words
from quoth_server.engine.types import Span

__all__ = ["MODIFIERS", "governors", "is_beside", "is_future", "tells_time_of"]

_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "expl"})
_CLAUSES = frozenset({"ccomp", "csubj", "conj", "parataxis", "ROOT"})
MODIFIERS = frozenset({"poss", "compound", "nmod", "amod", "nummod"})
_SAME_TIME = frozenset({"as", "when", "while", "after"})
_FUTURE = frozenset({"will", "'ll", "’ll", "shall", "may", "might"})
_MEDIA = (
    "document_nouns",
    "media_broadcast",
    "media_document",
    "media_interview",
    "media_public_remarks",
    "media_social",
    "media_written_statement",
)
_GAP = re.compile(r"[\s,]*(?:(?:on|in)\s)?", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?\b")


def governors(doc: Doc, cue: Span) -> frozenset[int]:
    """Indices of the words whose time is that of the cue.

    These are the cue's own, and those of the clause that it shares its subject with: "**took** to
    Twitter to say", "issued a **statement** saying", "**met** the envoy and said".
    """
    span = doc.char_span(cue.start, cue.end, alignment_mode="expand")
    if span is None:
        return frozenset()
    found = {token.i for token in span if not token.is_punct}
    token = span.root
    while token.head.i not in found and _shares_subject(token):
        token = token.head
        found.add(token.i)
    return frozenset(found)


def tells_time_of(root: Token, governing: frozenset[int]) -> bool:
    """Whether the expression with this root tells the time of the governing words."""
    token, is_adverbial = root, False
    while token.i not in governing:
        if not (token is root and token.dep_ == "prep") and not _passes(token, is_adverbial):
            return False
        is_adverbial = is_adverbial or token.dep_ == "npadvmod"
        token = token.head
    # In "met the envoy on Monday and said", the day is not told of the saying.
    is_first = any(c.dep_ == "conj" and c.i in governing for c in token.children)
    return not is_first or root.i < token.i


def is_beside(body: str, expression: Span, cue: Span, source: Span | None) -> bool:
    """Whether it stands right at the cue ("said late Tuesday") or before the source ("Friday, he
    said"). The parse is often wrong there, and the position alone is enough."""
    if _POSSESSIVE.match(body, expression.end):
        return False
    if cue.end <= expression.start:
        return _is_gap(body, cue.end, expression.start)
    if source is None or source.start >= cue.start:
        return False
    if source.end <= expression.start < cue.start:
        return _is_gap(body, source.end, expression.start) and _is_gap(body, expression.end, cue.start)
    return expression.end <= source.start and _is_gap(body, expression.end, source.start)


def is_future(doc: Doc, governing: frozenset[int]) -> bool:
    """Whether the governing words tell what is to come: "will say", "is expected to say"."""
    return any(
        any(child.lower_ in _FUTURE for child in token.children if child.dep_ == "aux")
        or (token.dep_ == "xcomp" and token.head.lemma_ in words("planning_words"))
        for token in (doc[i] for i in governing)
    )


def _shares_subject(token: Token) -> bool:
    """Whether what the token tells has the time of its head."""
    if any(child.dep_ in _SUBJECTS for child in token.children):
        return False
    if token.dep_ in ("acl", "relcl"):
        return _is_medium(token.head)
    if token.dep_ in ("dobj", "pobj"):
        return _is_medium(token)
    return token.dep_ in ("xcomp", "advcl", "conj", "pcomp") or (
        token.dep_ == "prep" and token.lower_ in ("as", "in", "at")
    )


def _passes(token: Token, is_adverbial: bool) -> bool:
    """Whether what holds at the token's time holds at its head's too."""
    head = token.head
    if token.dep_ in _CLAUSES:
        return False
    if token.dep_ in _SUBJECTS:
        return _is_medium(token)
    if token.dep_ in ("acl", "relcl"):
        return token.lemma_.lower() in words("publishing_verbs")
    if token.dep_ == "advcl":
        marks = {c.lower_ for c in token.children if c.dep_ in ("mark", "advmod")}
        return bool(marks & _SAME_TIME) or not any(c.dep_ in _SUBJECTS for c in token.children)
    if token.dep_ == "prep" and token.lower_ in words("untimely_prepositions"):
        return is_adverbial or any(child.dep_ == "pcomp" for child in token.children)
    if token.dep_ in MODIFIERS and head.pos_ in ("NOUN", "PROPN"):
        return _is_medium(head) or (head.dep_ == "pobj" and head.head.lower_ in ("at", "in", "during"))
    return True


def _is_medium(token: Token) -> bool:
    return any(token.lemma_.lower() in words(name) for name in _MEDIA)


def _is_gap(body: str, start: int, end: int) -> bool:
    return _GAP.fullmatch(body, start, end) is not None
