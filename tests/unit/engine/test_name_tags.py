"""Entities of the parse, corrected by names that a network reads."""

from __future__ import annotations

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan

from quoth_server.engine.attributions.encoder import Words
from quoth_server.engine.attributions.reading import NAMES, ROLES
from quoth_server.engine.speakers import name_tags
from quoth_server.engine.types import Span

_VOCAB = spacy.blank("en").vocab


def _corrected(text: str, entities: list[tuple[int, int, str]], tags: str) -> list[tuple[str, str]]:
    """The entities of a text of words; `tags` has a letter a word: P begins a person, p is inside.

    J is a job that the names' tags take for a person; ? is more likely no name than a person's
    first word.
    """
    doc = Doc(_VOCAB, words=text.split())
    doc.ents = [DocSpan(doc, start, end, label=label) for start, end, label in entities]
    starts = np.array([token.idx for token in doc])
    zeros = np.zeros(len(doc), dtype=np.int64)
    words = Words(starts, starts + 1, zeros, zeros, zeros, zeros, zeros)
    letters = {".": "O", "P": "B-PERSON", "p": "I-PERSON", "R": "B-ORGANIZATION", "L": "B-PLACE"}
    letters |= {"r": "I-ORGANIZATION", "?": "O"}
    chances = np.zeros((len(doc), len(NAMES)), dtype=np.float32)
    roles = np.zeros((len(doc), len(ROLES)), dtype=np.float32)
    for row, letter in enumerate(tags):
        chances[row, NAMES.index(letters.get(letter, "B-PERSON"))] = 0.6 if letter == "?" else 1.0
        chances[row, NAMES.index("B-PERSON")] += 0.4 * (letter == "?")
        roles[row, ROLES.index("B-role" if letter == "J" else "O")] = 1.0
    name_tags.people(doc, words, chances, roles)
    return [(entity.text, entity.label_) for entity in doc.ents]


@pytest.mark.parametrize(
    ("text", "entities", "tags", "expected"),
    [
        ("Vermont Ana Ruiz left", [(0, 3, "PERSON")], ".Pp.", [("Ana Ruiz", "PERSON")]),
        ("Oslo Ana Ruiz left", [(0, 3, "GPE")], ".Pp.", [("Oslo", "GPE"), ("Ana Ruiz", "PERSON")]),
        ("Campaigner Ana Ruiz left", [(0, 3, "PERSON")], "JPp.", [("Ana Ruiz", "PERSON")]),
        # The likeliest legal tags: what goes on has begun, though its first word is unsure.
        ("of Oslo Ana Ruiz left", [(1, 4, "ORG")], ".r?p.",
         [("Oslo", "ORG"), ("Ana Ruiz", "PERSON")]),
        # Initials are a name's, and so is what a hyphen joins; a word of a role begins none.
        ("A.K. Abdul Momtaz left", [(0, 3, "PERSON")], ".Pp.", [("A.K. Abdul Momtaz", "PERSON")]),
        ("Jean - Luc Favre left", [], "PpPp.", [("Jean - Luc Favre", "PERSON")]),
        ("Jean - Luc Favre left", [], "JpPp.", [("Jean - Luc Favre", "PERSON")]),
        ("ANGLER ANA RUIZ left", [], "Jpp.", [("ANA RUIZ", "PERSON")]),
        # The end of a name, and a single one, stay as they are.
        ("Ana Ruiz Bey left", [(0, 3, "PERSON")], "Pp..", [("Ana Ruiz Bey", "PERSON")]),
        ("Vermont Ruiz left", [(0, 2, "PERSON")], ".P.", [("Vermont Ruiz", "PERSON")]),
        ("Ana Ruiz Karl Lund left", [], "PpPp.", [("Ana Ruiz", "PERSON"), ("Karl Lund", "PERSON")]),
        # Two in one name are one.
        ("Ana B. Ruiz Bey left", [(0, 4, "PERSON")], "P.Pp.", [("Ana B. Ruiz Bey", "PERSON")]),
        ("Ana Ruiz Karl Lund left", [(0, 4, "PERSON")], "PpPp.",
         [("Ana Ruiz Karl Lund", "PERSON")]),
        ("In Oslo on Monday", [(1, 2, "GPE"), (3, 4, "DATE")], ".L..",
         [("Oslo", "GPE"), ("Monday", "DATE")]),
        ("the mayor left", [], ".P.", []),
        ("Ana left", [(0, 1, "PERSON")], "..", [("Ana", "PERSON")]),
    ],
)  # fmt: skip
def test_correct(
    text: str, entities: list[tuple[int, int, str]], tags: str, expected: list[tuple[str, str]]
) -> None:
    assert _corrected(text, entities, tags) == expected


@pytest.mark.parametrize(
    ("source", "tag", "entity", "is_name"),
    [
        ("May", "MD", "", True),
        ("Will", "MD", "", True),
        ("April", "NNP", "DATE", True),
        ("they", "PRP", "", False),
        ("Report", "NN", "", False),
        ("may", "MD", "", False),
    ],
)
def test_what_speaks_is_a_name(source: str, tag: str, entity: str, is_name: bool) -> None:
    doc = Doc(_VOCAB, words=[source, "said", "so"], tags=[tag, "VBD", "RB"])
    if entity:
        doc.ents = [DocSpan(doc, 0, 1, label=entity)]
    name_tags.speaking(doc, [Span(0, len(source))])
    assert [(e.text, e.label_) for e in doc.ents] == ([(source, "PERSON")] if is_name else [])
    assert (doc[0].tag_ == "NNP") == is_name


@pytest.mark.parametrize(
    ("words", "verb", "tag", "name"),
    [
        (["Will", "Hart"], "said", "VBD", "Will Hart"),
        (["Oz", "Can"], "said", "VBD", "Oz Can"),
        (["Can", "Yilmaz"], "says", "VBZ", "Can Yilmaz"),
        # A modal's verb is an infinitive.
        (["Will", "Hart"], "say", "VB", None),
        (["will", "Hart"], "said", "VBD", None),
    ],
)
def test_a_name_has_no_modal(words: list[str], verb: str, tag: str, name: str | None) -> None:
    modal = [word.lower() in {"will", "can"} for word in words]
    doc = Doc(
        _VOCAB,
        words=[*words, verb],
        tags=[*("MD" if each else "NNP" for each in modal), tag],
        pos=[*("AUX" if each else "PROPN" for each in modal), "VERB"],
        deps=[*("aux" if each else "nsubj" for each in modal), "ROOT"],
        heads=[2, 2, 2],
    )
    doc.ents = [DocSpan(doc, at, at + 1, label="PERSON") for at in (0, 1) if not modal[at]]
    name_tags.speaking(doc, [Span(0, len(" ".join(words)))])
    assert (name in {entity.text for entity in doc.ents}) == (name is not None)
    assert any(token.dep_ == "aux" for token in doc) == (name is None)
