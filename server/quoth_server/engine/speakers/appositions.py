"""Finds the name that a description is next to, or is said of: "the mayor, Karl Lund"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, islice

from spacy.tokens import Doc, Token

from quoth_server.engine.speakers import role_phrases, role_spans
from quoth_server.engine.speakers.mentions import Phrase
from quoth_server.engine.speakers.nouns import Number
from quoth_server.engine.types import SpeakerType

__all__ = ["heads"]

_FEW = 6
"""The number of words in a description's phrase that are searched for an apposition."""
_WIDE = 32
"""Tokens of a description that are looked through for names: time stays linear."""


def heads(doc: Doc, phrase: Phrase, name_at: Mapping[int, Phrase]) -> Iterator[int]:
    """The head tokens of names that the description belongs to, the surest first.

    Args:
        doc: the parse.
        phrase: a description.
        name_at: the names by their first tokens.
    """
    if phrase.type is SpeakerType.UNNAMED and phrase.number is Number.ONE:
        yield from _right_after(doc, phrase, name_at)
    head = doc[phrase.head]
    if head.dep_ == "appos":
        yield from (t.i for t in _apposed_to(head))
    else:
        yield from (t.i for t in _subjects_of(head))
    near = islice(chain.from_iterable(t.subtree for t in head.rights), _WIDE)
    below = [t for t in near if t.dep_ in {"appos", "conj"}]
    yield from (t.i for t in below[:_FEW] if _names(t, head))


def _apposed_to(noun: Token) -> Iterator[Token]:
    """What a noun is apposed to, through other appositions."""
    for _ in range(_FEW):
        if noun.dep_ != "appos":
            return
        noun = noun.head
        yield noun


def _names(name: Token, noun: Token) -> bool:
    """Whether a name is apposed to the noun, or to what is: "his aide, the poet Ana Ruiz"."""
    if role_phrases.noun_before(name) == noun:
        return True
    return name.dep_ == "appos" and noun in _apposed_to(name)


def _right_after(doc: Doc, phrase: Phrase, name_at: Mapping[int, Phrase]) -> Iterator[int]:
    """A person's name that follows: "the guide Ana Ruiz", "the guide, Ana Ruiz,"."""
    end = role_spans.noun_phrase(doc[phrase.head])[1]
    for start in (phrase.end, end, end + 1):
        name = name_at.get(start)
        if name is None or name.type is not SpeakerType.PERSON:
            continue
        if start <= end or (doc[end].text == "," and _closes(doc, name.end)):
            yield name.head


def _closes(doc: Doc, index: int) -> bool:
    """Whether an apposition can end before this token: at a comma, a verb, a sentence's end."""
    if index >= len(doc):
        return True
    return doc[index].text in {",", ".", "”", '"'} or doc[index].pos_ in {"VERB", "AUX"}


def _subjects_of(noun: Token) -> list[Token]:
    """The subject that a predicate noun says something of: "Holt is the council chair"."""
    if noun.dep_ != "attr" or any(c.dep_ == "neg" for c in noun.head.children):
        return []
    return [c for c in noun.head.lefts if c.dep_ == "nsubj"]
