"""That somebody would not answer: "declined to comment", "had no comment", "refused interviews"."""

from __future__ import annotations

from spacy.tokens import Token

from quoth_server.engine.lexicon import words
from quoth_server.engine.nonresponses.words import (
    ANSWERS,
    ASKERS,
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

_REFUSING = frozenset({"decline", "refuse"})
_HAVING = frozenset({"have", "make", "offer", "give", "issue", "provide", "add"})
_SPEAKING = frozenset({"speak", "talk"})
_BEING_ASKED = frozenset({"interview", "quote"})


def read(token: Token) -> Wording | None:
    """The wording that turns on a verb, if it is one of refusal."""
    if token.pos_ not in {"VERB", "AUX"}:
        return None
    last: int | None
    if token.lemma_ in _REFUSING:
        last = None if is_denied(token) else _refused(token)
    else:
        last = _denied(token)
    who = subject_of(token)
    if last is None or who is None:
        return None
    return Wording(NonresponseKind.DECLINED, first_of(token), last, token, who)


def _refused(verb: Token) -> int | None:
    """The last token of "declined **to comment**" and "declined **an interview**"."""
    refused = object_of(verb)
    if refused is not None:
        return _of_press(refused)
    for act in (c for c in verb.rights if c.dep_ in {"xcomp", "ccomp"} and c.i > verb.i):
        for each in (act, *(c for c in act.rights if c.dep_ == "conj")):
            last = _answered(each, firm=verb.lemma_ == "decline")
            if last is not None:
                return last
    return None


def _of_press(noun: Token) -> int | None:
    """The last token of "comment", "an interview request", "requests for comment"."""
    if noun.lemma_.lower() in ANSWERS:
        return noun.i
    if noun.lemma_.lower() not in words("message_nouns"):
        return None
    if any(c.lemma_.lower() in ANSWERS for c in noun.lefts):
        return noun.i
    asked = [o for o in prepositions(noun, "for") if o.lemma_.lower() in ANSWERS]
    return asked[0].i if asked else None


def _answered(verb: Token, *, firm: bool) -> int | None:
    """The last token of the act that was refused, if it is an answer.

    `firm` is that of "declined", which is said of words; "refused to speak to his brother".
    """
    lemma = verb.lemma_
    if lemma in COMMENTING:
        return verb.i
    if lemma in _BEING_ASKED and verb.tag_ == "VBN":
        return verb.i
    spoken = object_of(verb)
    if lemma in RESPONDING:
        return None if _to_others(verb) else verb.i
    if lemma == "answer":
        if spoken is None:
            return None if prepositions(verb, "to", "for") else verb.i
        return spoken.i if is_about(spoken, words("message_nouns")) else None
    if lemma == "take" and spoken is not None:
        return spoken.i if spoken.lemma_ == "question" else None
    if lemma in _HAVING or lemma == "grant":
        return spoken.i if spoken is not None and is_about(spoken, ANSWERS) else None
    if lemma in _SPEAKING:
        asker = [o for o in prepositions(verb, "to", "with") if is_about(o, ASKERS)]
        if asker:
            return asker[0].i
        told = not prepositions(verb, "to", "with") and prepositions(verb, "about", "on")
        return verb.i if firm and told else None
    if lemma == "discuss" and firm and spoken is not None:
        return verb.i
    return None


def _to_others(verb: Token) -> bool:
    """Whether it is said of anything but a message: "refused to respond to the attack"."""
    return any(not is_about(o, words("message_nouns")) for o in prepositions(verb, "to"))


def _denied(verb: Token) -> int | None:
    """The last token of "would not comment" and "had no comment"."""
    spoken = object_of(verb)
    denied = is_denied(verb)
    if verb.lemma_ in COMMENTING:
        able = denied and can_answer(subject_of(verb), places=True)
        return verb.i if able else None
    if verb.lemma_ in _HAVING and spoken is not None and spoken.lemma_ == "comment":
        lacking = any(c.lower_ == "no" for c in spoken.lefts)
        return spoken.i if lacking is not denied else None
    if verb.lemma_ in {"take", "answer"} and spoken is not None and spoken.lemma_ == "question":
        lacking = any(c.lower_ == "no" for c in spoken.lefts)
        would = any(c.tag_ == "MD" and c.lemma_ in {"would", "will"} for c in verb.lefts)
        known = verb.lemma_ == "take" or (denied and would)
        able = can_answer(subject_of(verb), places=True)
        return spoken.i if (denied or lacking) and known and able else None
    return None
