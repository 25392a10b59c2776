"""Who does what a verb says, where another verb may stand between the two, and their words."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from quoth_server.engine.speakers.sources import antecedent
from quoth_server.engine.types import Span

__all__ = ["subject_of", "words_of"]

_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_BORROWING = frozenset({"conj", "xcomp", "advcl", "ccomp", "pcomp", "dep", "parataxis"})
_FAR = 5
"""A verb borrows its subject from no more verbs above it."""
_CLAUSES = frozenset({"relcl", "acl", "ROOT"})
_RELATIVE = frozenset({"who", "which", "that"})


def subject_of(verb: Token) -> Token | None:
    """The head of the verb's subject; for "who" the noun that it stands for.

    "Holt rose and **declined**": a verb without one has that of the verb it hangs on.
    """
    for _ in range(_FAR):
        subject = next((c for c in verb.children if c.dep_ in _SUBJECTS), None)
        if subject is not None:
            relative = verb.dep_ == "relcl" and subject.lower_ in _RELATIVE
            return antecedent(subject) if relative else subject
        if verb.dep_ in {"relcl", "acl"}:
            return verb.head
        if verb.dep_ == "prep" or verb.head == verb:
            return None
        if verb.dep_ == "pcomp":
            verb = verb.head
        elif verb.dep_ not in _BORROWING:
            return None
        verb = verb.head
    return None


def words_of(doc: Doc, noun: Token, apart: int) -> Span:
    """The words of a noun with its modifiers, without those from the token `apart` on.

    "Mr. Ruiz, the mayor", of "Mr. Ruiz, the mayor, who declined to comment".
    """
    start = min(noun.left_edge.i, noun.i)
    end = noun.right_edge.i + 1
    if noun.i < apart < end:
        clause = doc[apart]
        while clause.dep_ not in _CLAUSES and clause.head != noun and clause.head.i >= start:
            clause = clause.head
        end = max(noun.i + 1, min(apart, clause.left_edge.i))
    if start <= apart < noun.i:
        start = noun.i
    timed = (c for c in noun.rights if c.dep_ == "prep" and any(map(_is_time, c.rights)))
    end = min([end, *(c.i for c in timed)])
    while end > noun.i + 1 and (doc[end - 1].is_punct or doc[end - 1].is_space):
        end -= 1
    last = doc[end - 1]
    return Span(doc[start].idx, last.idx + len(last))


def _is_time(token: Token) -> bool:
    return token.ent_type_ in {"DATE", "TIME"}
