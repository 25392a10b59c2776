"""Whether a time expression tells the time of a cue, read off the dependency parse.

"After landing late Thursday, Zarif told reporters" does; "the man, arrested on Sunday, said" does
not. The parse is followed upward from the expression to the words that govern the statement, and
the way must not lead through the clause of another event.
"""

from __future__ import annotations

import re

from spacy.tokens import Doc, Token
from spacy.tokens import Span as Words

from quoth_server.engine.lexicon import meanings, pairs, words
from quoth_server.engine.statements import Draft
from quoth_server.engine.types import Factuality

__all__ = ["MODIFIERS", "governors", "is_beside", "is_future", "is_medium", "tells_time_of"]

_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "expl"})
_CLAUSES = frozenset({"ccomp", "csubj", "conj", "parataxis", "ROOT"})
MODIFIERS = frozenset({"poss", "compound", "nmod", "amod", "nummod"})
_AT = frozenset({"after", "at", "during", "following"})
_VERBAL = frozenset({"AUX", "VERB"})
_WEIGHTY = _VERBAL | {"NOUN", "PROPN"}
_SAME_TIME = frozenset({"as", "when", "while", "after"})
_FUTURE = frozenset({"will", "'ll", "’ll", "shall", "may", "might"})
_GAP = re.compile(r"[\s,]*(?:(?:on|in)\s)?", re.IGNORECASE)
_TO_CONTENT = re.compile(r"[\s,:]*(?:that\b)?[\s,:“‘\"]*")
_POSSESSIVE = re.compile(r"['’]s?\b")


def governors(doc: Doc, draft: Draft) -> frozenset[int]:
    """Indices of the words outside the content whose time is that of the cue; none without a cue.

    These are the cue's own, and those of the clause that it shares its subject with: "**took** to
    Twitter to say", "issued a **statement** saying", "**met** the envoy and said".
    """
    if draft.cue is None:
        return frozenset()
    span = doc.char_span(draft.cue.start_offset, draft.cue.end_offset, alignment_mode="expand")
    if span is None:
        return frozenset()
    found = {token.i for token in span if not token.is_punct}
    token = span.root
    while token.head.i not in found and _shares_subject(token) and not _is_in(token.head, draft):
        token = token.head
        found.add(token.i)
    return frozenset(found)


def tells_time_of(root: Token, governing: frozenset[int]) -> bool:
    """Whether the expression with this root tells the time of the governing words."""
    token, is_adverbial = root, False
    while token.i not in governing:
        if not (token == root and token.dep_ == "prep") and not _passes(token, is_adverbial):
            return False
        is_adverbial = is_adverbial or token.dep_ == "npadvmod"
        token = token.head
    # In "met the envoy on Monday and said", the day does not belong to the saying.
    is_first = any(c.dep_ == "conj" and c.i in governing for c in token.children)
    return not is_first or root.i < token.i


def is_beside(body: str, time: Words, draft: Draft, governing: frozenset[int]) -> bool:
    """Whether its place alone makes it the cue's: the parse is often wrong there.

    After the cue ("said late Tuesday"), before the source ("Friday, he said"), between them ("in
    April charged"), or between cue and content ("told the crowd this week she would run").
    """
    doc, cue, source = time.doc, draft.cue, draft.source
    start, end = time.start_char, time.end_char
    before = doc[time.start - 1].lower_ if time.start else ""
    if cue is None or _POSSESSIVE.match(body, end) or before in words("untimely_prepositions"):
        return False
    if cue.end_offset <= start:
        inverted = (
            source is not None
            and cue.end_offset <= source.start_offset
            and source.end_offset <= start
        )
        named = source.end_offset if source and inverted else cue.end_offset
        return _is_gap(body, named, start) or _leads_to_content(body, time, draft)
    if source is None or source.start_offset >= cue.start_offset:
        return False
    if source.end_offset <= start:
        verbs = (doc[i].idx for i in governing)
        return _is_gap(body, source.end_offset, start) and any(
            _is_gap(body, end, verb) for verb in verbs
        )
    opening = doc[time.sent.start : time.start]
    return _is_gap(body, end, source.start_offset) and not any(t.pos_ in _WEIGHTY for t in opening)


def is_future(doc: Doc, governing: frozenset[int]) -> bool:
    """Whether the governing words tell what is to come: "will say", "is expected to say"."""
    return any(
        any(child.lower_ in _FUTURE for child in token.children if child.dep_ == "aux")
        or (
            token.dep_ == "xcomp"
            and meanings("factuality_words", Factuality).get(token.head.lemma_) is Factuality.FUTURE
        )
        for token in (doc[i] for i in governing)
    )


def is_medium(token: Token) -> bool:
    """Whether the word is a document, a broadcast or an occasion that carries words."""
    lemma = token.lemma_.lower()
    return lemma in pairs("media") or lemma in words("document_nouns")


def _shares_subject(token: Token) -> bool:
    """Whether what the token tells has the time of its head."""
    if any(child.dep_ in _SUBJECTS for child in token.children):
        return False
    if token.dep_ in ("acl", "relcl"):
        return is_medium(token.head)
    if token.dep_ in ("dobj", "pobj"):
        return is_medium(token)
    return token.dep_ in ("xcomp", "advcl", "conj", "pcomp") or (
        token.dep_ == "prep" and token.lower_ in ("as", "at", "by", "in")
    )


def _passes(token: Token, is_adverbial: bool) -> bool:
    """Whether what holds at the token's time holds at its head's too."""
    head = token.head
    if token.dep_ in _CLAUSES:
        return False
    if token.dep_ in _SUBJECTS:
        return is_medium(token)
    if token.dep_ in ("acl", "relcl"):
        return token.lemma_.lower() in words("publishing_verbs")
    if token.dep_ == "advcl":
        marks = {c.lower_ for c in token.children if c.dep_ in ("mark", "advmod")}
        return bool(marks & _SAME_TIME) or not any(c.dep_ in _SUBJECTS for c in token.children)
    if token.dep_ == "prep" and token.lower_ in words("untimely_prepositions"):
        return is_adverbial or any(child.dep_ == "pcomp" for child in token.children)
    if token.dep_ == "prep" and head.pos_ == "NOUN" and not is_medium(head):
        # The year beside a noun is that of the thing: "a photograph of a launching in 1978".
        return not any(child.pos_ == "NUM" for child in token.children)
    if token.dep_ in MODIFIERS and head.pos_ in ("NOUN", "PROPN"):
        return is_medium(head) or (head.dep_ == "pobj" and head.head.lower_ in _AT)
    return True


def _leads_to_content(body: str, time: Words, draft: Draft) -> bool:
    """Whether nothing but the addressee stands before it, and the content begins after it."""
    doc, cue = time.doc, draft.cue
    content = next((s.start_offset for s in draft.content if s.start_offset >= time.end_char), None)
    if content is None or cue is None or not _TO_CONTENT.fullmatch(body, time.end_char, content):
        return False
    head = time.root.head
    is_adverbial = time.root.dep_ == "npadvmod" or head.lower_ in ("on", "in")
    between = doc.char_span(cue.end_offset, time.start_char, alignment_mode="contract") or ()
    return is_adverbial and not any(t.pos_ in _VERBAL or t.is_punct for t in between)


def _is_in(token: Token, draft: Draft) -> bool:
    return any(span.start_offset <= token.idx < span.end_offset for span in draft.content)


def _is_gap(body: str, start: int, end: int) -> bool:
    return start <= end and _GAP.fullmatch(body, start, end) is not None
