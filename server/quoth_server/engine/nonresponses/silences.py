"""That nothing came from somebody, or that they were not found: "did not respond to a request"."""

from __future__ import annotations

from spacy.tokens import Token

from quoth_server.engine.lexicon import words
from quoth_server.engine.nonresponses.words import (
    ANSWERS,
    COMMENTING,
    RESPONDING,
    Wording,
    can_answer,
    first_of,
    is_about,
    is_denied,
    object_of,
    prepositions,
)
from quoth_server.engine.subjects import subject_of
from quoth_server.engine.types import NonresponseKind

__all__ = ["read"]

_BY_WIRE = frozenset({"phone", "telephone", "email", "e-mail", "text"})
_ABLE = frozenset({"could", "can", "ca"})


def read(token: Token) -> Wording | None:
    """The wording that turns on a verb, if it is one of silence or absence."""
    if token.lemma_ in RESPONDING or token.lemma_ in {"return", "answer"}:
        return _unanswered(token)
    if token.lemma_ == "reach" and token.tag_ in {"VBN", "VBD", "VB"}:
        return _unreached(token)
    if token.lower_ in {"available", "unavailable"}:
        return _absent(token)
    if token.lemma_ == "ignore":
        return _ignored(token)
    return None


def _unanswered(verb: Token) -> Wording | None:
    who = subject_of(verb)
    if who is None or not is_denied(verb) or who.lemma_.lower() in words("message_nouns"):
        return None
    if verb.dep_ == "xcomp" and verb.head.lemma_ in {"decline", "refuse"}:
        return None
    spoken = object_of(verb)
    last = verb.i
    if verb.lemma_ in {"return", "answer"}:
        message = spoken is not None and is_about(spoken, words("message_nouns"))
        if spoken is None or not message or not can_answer(who, True):
            return None
        last = spoken.i
    else:
        asked = prepositions(verb, "to")
        if asked and not any(is_about(o, words("message_nouns")) for o in asked):
            return None
        if not asked and not can_answer(who, places=True):
            return None
    return Wording(NonresponseKind.NO_ANSWER, first_of(verb), last, verb, who)


def _unreached(verb: Token) -> Wording | None:
    able = any(c.lower_ in _ABLE for c in verb.lefts)
    if not is_denied(verb) or not able:
        return None
    asked = [o for o in prepositions(verb, "for") if o.lemma_.lower() in ANSWERS]
    if any(c.dep_ == "auxpass" for c in verb.lefts):
        who = subject_of(verb)
        how = prepositions(verb, "by", "on", "via", "through")
        otherwise = any(
            o.lemma_.lower() not in _BY_WIRE for o in how if o.ent_type_ not in {"DATE", "TIME"}
        )
        if who is None or not (asked or (can_answer(who) and not otherwise)):
            return None
    else:
        who = object_of(verb)
        if who is None or not asked:
            return None
    return Wording(NonresponseKind.NOT_REACHED, first_of(verb), verb.i, verb, who)


def _absent(word: Token) -> Wording | None:
    """As in "was not available for comment", "was unavailable to comment"."""
    verb = word.head
    if verb.lemma_ != "be" or is_denied(verb) is (word.lower_ == "unavailable"):
        return None
    asked = any(o.lemma_.lower() in ANSWERS for o in prepositions(word, "for"))
    asked = asked or any(c.lemma_ in COMMENTING and c.i > word.i for c in word.rights)
    who = subject_of(verb)
    if not asked or who is None:
        return None
    return Wording(NonresponseKind.NOT_REACHED, first_of(verb), word.i, verb, who)


def _ignored(verb: Token) -> Wording | None:
    spoken, who = object_of(verb), subject_of(verb)
    if spoken is None or who is None or is_denied(verb) or spoken.lemma_ != "request":
        return None
    if not any(o.lemma_.lower() in ANSWERS for o in prepositions(spoken, "for")):
        return None
    return Wording(NonresponseKind.NO_ANSWER, first_of(verb), spoken.i, verb, who)
