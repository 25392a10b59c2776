"""Corrects people among the entities of the parse by the names that the article network reads.

The parser's recognizer glues titles and places to names ("Vermont Bernie Sanders") and takes people
for organizations; the network learned names from annotated speakers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from spacy.tokens import Doc, Token
from spacy.tokens import Span as DocSpan
from spacy.util import filter_spans

from quoth_server.engine.attributions.decoding import best_tags
from quoth_server.engine.attributions.encoder import Words
from quoth_server.engine.attributions.model import Findings
from quoth_server.engine.attributions.reading import NAMES, ROLES
from quoth_server.engine.records.table import FloatArray
from quoth_server.engine.types import Span

__all__ = ["correct", "people", "speaking"]

_BEGINS, _INSIDE = NAMES.index("B-PERSON"), NAMES.index("I-PERSON")
_PERSON = "PERSON"
_RATHER = 2 / 3
"""A word at least so likely a role's begins no name."""
_LEAST = np.float32(1e-6)
_SURE = 0.8
"""Words glued to a name that are surer than this to be none are cut off, in front alone: the end
of a name is what the recognizer reads better."""


def correct(doc: Doc, found: Findings) -> None:
    """Corrects the people of a parse by all that the article network finds."""
    people(doc, found.words, found.seen.names, found.seen.roles)
    speaking(doc, [a.source for a in found.attributions if a.source])


def people(doc: Doc, words: Words, tags: FloatArray, roles: FloatArray) -> None:
    """Sets the document's entities: people where the network reads full names.

    What it reads as a single name stays as the recognizer has it: the network learned family names
    without the given names that the annotation left out.

    Args:
        doc: The parse of the body.
        words: As the article network read them.
        tags: The probabilities of `reading.NAMES` of each.
        roles: Those of `reading.ROLES`; a role is not part of a name.
    """
    tokens = [token for token in doc if not token.is_space]
    if not tokens or not len(tags):
        return
    places = np.searchsorted(words.starts, [token.idx for token in tokens], side="right") - 1
    places = np.maximum(places, 0)
    best = np.array(best_tags(np.log(tags + _LEAST)))
    runs = _runs(tokens, best[places].tolist(), 1 - roles[places, ROLES.index("O")])
    outside = np.ones(len(doc))
    none = np.maximum(tags[:, NAMES.index("O")], 1 - roles[:, ROLES.index("O")])
    outside[[token.i for token in tokens]] = none[places]
    taken = np.full(len(doc), -1)
    for number, (start, end) in enumerate(runs):
        taken[start:end] = number
    found: list[DocSpan] = []
    for entity in doc.ents:
        inside = taken[entity.start : entity.end]
        numbers = set(inside[inside >= 0].tolist())
        if not numbers:
            found.append(entity)
        elif entity.label_ != _PERSON:
            found += _left(doc, entity, inside < 0)
        else:
            first, last = min(numbers), max(numbers)
            start, end = runs[first][0], max(runs[last][1], entity.end)
            initials = all(map(_is_initial, doc[entity.start : start]))
            if first < last or initials or not _is_glued(outside, entity.start, start):
                start = min(start, entity.start)
            runs[first : last + 1] = [(start, end)] * (last + 1 - first)
    found += [DocSpan(doc, start, end, label=_PERSON) for start, end in set(runs)]
    doc.ents = filter_spans(found)


def speaking(doc: Doc, sources: Iterable[Span]) -> None:
    """Makes names of the words of sources that the parse has for verbs or days: "May said".

    A day and a verb never speak; the article network is surer of sources than a tagger of words.

    Args:
        doc: The parse of the body.
        sources: The sources that the article network found, as offsets.
    """
    found: list[DocSpan] = []
    for source in set(sources):
        words = doc.char_span(source.start_offset, source.end_offset)
        if words is None:
            continue
        if all(map(_is_misread, words)):
            found.append(DocSpan(doc, words.start, words.end, label=_PERSON))
            for word in words:
                _make_name(word)
                if word.dep_ in {"aux", "npadvmod"}:
                    word.dep_ = "nsubj"
            continue
        wholes = [_whole_name(words, word) for word in words if _is_no_modal(word)]
        found += [whole for whole in wholes if whole is not None]
    if found:
        doc.ents = filter_spans([*found, *(e for e in doc.ents if not _overlaps(e, found))])


def _make_name(word: Token) -> None:
    word.tag_, word.pos_, word.lemma_ = "NNP", "PROPN", word.text


def _is_misread(word: Token) -> bool:
    """Whether the parse has a capitalized word for a modal verb or for a time."""
    named = word.is_title or word.is_upper
    return named and word.is_alpha and (word.tag_ == "MD" or word.ent_type_ in {"DATE", "TIME"})


def _is_no_modal(word: Token) -> bool:
    """Whether a capitalized word is an auxiliary to the parse before a verb that takes no modal.

    "**Will** Hart said", not "**Will** Hart say": a modal's verb is an infinitive.
    """
    if word.dep_ != "aux" or not (word.is_title or word.is_upper) or word.pos_ != "AUX":
        return False
    verbs = (word.head, *(c for c in word.head.lefts if c.dep_ in {"aux", "auxpass"}))
    return any(verb.tag_ in _FINITE for verb in verbs if verb != word)


_FINITE = frozenset({"VBD", "VBZ"})


def _whole_name(words: DocSpan, word: Token) -> DocSpan | None:
    """Makes a word a part of the name beside it, and gives that: "**Will** Hart", "Oz **Can**"."""
    doc, start, end = words.doc, word.i, word.i + 1
    while end < words.end and doc[end].tag_ == "NNP" and doc[end].ent_type_ in {"", _PERSON}:
        end += 1
    while start > words.start and doc[start - 1].ent_type_ == _PERSON:
        start -= 1
    if end - start == 1:
        return None
    _make_name(word)
    beside = doc[end - 1] if end > word.i + 1 else doc[start]
    if word.is_ancestor(beside):  # "Will May said": one of the two stays with the verb
        word.dep_ = "nsubj"
    else:
        word.dep_, word.head = "compound", beside
    return DocSpan(doc, start, end, label=_PERSON)


def _overlaps(entity: DocSpan, others: Iterable[DocSpan]) -> bool:
    return any(entity.start < other.end and other.start < entity.end for other in others)


def _runs(tokens: Sequence[Token], best: Sequence[int], roles: FloatArray) -> list[tuple[int, int]]:
    """The tokens `[start, end)` of each name of several words.

    With a hyphen a name goes on. A word that rather is a role's, "ANGLER ANA RUIZ", begins none.
    """
    runs: list[tuple[int, int]] = []
    first = {token.i: token for token in tokens}
    for token, tag, role in zip(tokens, best, roles.tolist(), strict=True):
        goes_on = bool(runs) and runs[-1][1] == token.i
        hyphened = goes_on and token.nbor(-1).text == "-"
        if goes_on and (tag == _INSIDE or (tag == _BEGINS and hyphened)):
            runs[-1] = (runs[-1][0], token.i + 1)
        elif tag in {_BEGINS, _INSIDE} and (role < _RATHER or _is_hyphened(token)):
            runs.append((token.i, token.i + 1))
    return [run for run in runs if run[1] - run[0] > 1 and first[run[0]].text[0].isupper()]


def _is_glued(outside: np.ndarray, start: int, end: int) -> bool:
    """Whether words before a name, each almost certainly not a name, do not belong to it."""
    return start < end and bool((outside[start:end] > _SURE).all())


def _is_initial(token: Token) -> bool:
    """Whether a word is the first letters of given names: "A.K.", "J."."""
    letters = token.text.replace(".", "")
    return letters.isupper() and len(token.text) == 2 * len(letters)


def _is_hyphened(token: Token) -> bool:
    """Whether a hyphen continues the word."""
    return token.i + 1 < len(token.doc) and token.nbor().text == "-"


def _left(doc: Doc, entity: DocSpan, free: np.ndarray) -> list[DocSpan]:
    """What is left of an entity, as its unbroken stretches."""
    tokens = np.flatnonzero(free) + entity.start
    parts = np.split(tokens, np.flatnonzero(np.diff(tokens) > 1) + 1) if len(tokens) else []
    return [DocSpan(doc, int(part[0]), int(part[-1]) + 1, label=entity.label_) for part in parts]
