"""That a message stayed without an answer: "calls to Ruiz were not returned", "no reply from"."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from quoth_server.engine.lexicon import words
from quoth_server.engine.nonresponses.words import (
    ANSWERS,
    Wording,
    first_of,
    is_about,
    is_denied,
    object_of,
    prepositions,
)
from quoth_server.engine.types import NonresponseKind

__all__ = ["read"]

_UNANSWERED = frozenset({"unanswered", "unreturned"})
_TRYING = frozenset({"effort", "attempt"})
_FINDING = frozenset({"reach", "contact"})
_ANSWERS = frozenset({"response", "reply", "comment", "answer"})


def read(token: Token) -> Wording | None:
    """The wording that turns on a verb whose subject is a message, an effort or an answer."""
    if token.pos_ not in {"VERB", "AUX"}:
        return None
    return _left(token) or _missed(token) or _none_from(token)


def _left(verb: Token) -> Wording | None:
    """As in "calls to Ruiz **were not returned**", "an email to Ruiz **went unanswered**"."""
    subject = next((c for c in verb.lefts if c.dep_ in {"nsubj", "nsubjpass"}), None)
    if subject is None or not is_about(subject, words("message_nouns")):
        return None
    passive = verb.lemma_ in {"return", "answer"} and verb.tag_ == "VBN"
    unanswered = next((c for c in verb.rights if c.lower_ in _UNANSWERED), None)
    if not (passive and is_denied(verb)) and (unanswered is None or is_denied(verb)):
        return None
    who = next(_asked(subject), None)
    if who is None and not any(t.lemma_ in ANSWERS for t in subject.subtree):
        return None
    last = verb.i if unanswered is None else unanswered.i
    return Wording(NonresponseKind.NO_ANSWER, first_of(verb), last, verb, who)


def _asked(message: Token) -> Iterator[Token]:
    """Whom a message went to: "messages **left with the office**", "calls **to Ruiz**"."""
    for noun in (message, *(c for c in message.rights if c.dep_ in {"acl", "conj"})):
        for asked in prepositions(noun, "to", "with", "at", "for"):
            if asked.lemma_.lower() not in ANSWERS:
                yield asked
            else:  # "a request for comment to the ministry"
                yield from prepositions(asked, "to")
                for sent in (c for c in asked.rights if c.dep_ == "acl"):
                    yield from prepositions(sent, "to", "with")


def _missed(verb: Token) -> Wording | None:
    """As in "efforts to reach Ruiz **were unsuccessful**"."""
    subject = next((c for c in verb.lefts if c.dep_ == "nsubj"), None)
    if subject is None or subject.lemma_ not in _TRYING:
        return None
    trying = next((c for c in subject.rights if c.lemma_ in _FINDING), None)
    failed = verb if verb.lemma_ == "fail" else None
    failed = failed or next((c for c in verb.rights if c.lower_ == "unsuccessful"), None)
    if is_denied(verb) and any(c.lower_ == "successful" for c in verb.rights):
        failed = next(c for c in verb.rights if c.lower_ == "successful")
    who = object_of(trying) if trying is not None else None
    if failed is None or who is None:
        return None
    return Wording(NonresponseKind.NOT_REACHED, first_of(verb), failed.i, verb, who)


def _none_from(verb: Token) -> Wording | None:
    """As in "there **was no response** from the ministry"."""
    if verb.lemma_ != "be" or not any(c.dep_ == "expl" for c in verb.lefts):
        return None
    answer = next((c for c in verb.rights if c.dep_ in {"attr", "nsubj"}), None)
    if answer is None or answer.lemma_ not in _ANSWERS:
        return None
    who = next(iter([*prepositions(answer, "from"), *prepositions(verb, "from")]), None)
    if who is None or not any(c.lower_ == "no" for c in answer.lefts):
        return None
    return Wording(NonresponseKind.NO_ANSWER, first_of(verb), answer.i, verb, who)
