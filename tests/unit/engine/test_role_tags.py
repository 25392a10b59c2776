"""Roles as a network tags them, and beside which phrases they stand."""

from __future__ import annotations

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc

from quoth_server.engine.attributions.encoder import Words
from quoth_server.engine.attributions.reading import HIDDEN
from quoth_server.engine.records.table import CLASSES, WordTable
from quoth_server.engine.speakers import role_tags
from quoth_server.engine.speakers.mentions import Form, Phrase
from quoth_server.engine.types import RoleStatus, Span

_VOCAB = spacy.blank("en").vocab


def _doc(text: str, arcs: dict[str, tuple[str, str]], tags: dict[str, str]) -> Doc:
    """Words, each of which hangs on "said" unless `arcs` gives it another head and a label."""
    words = text.split()
    heads = [words.index(arcs[w][0]) if w in arcs else words.index("said") for w in words]
    labels = [arcs[w][1] if w in arcs else "dep" for w in words]
    fine = [tags.get(w, "NN") for w in words]
    return Doc(_VOCAB, words=words, heads=heads, deps=labels, tags=fine, lemmas=words)


def _found(doc: Doc, letters: str) -> role_tags.RoleTags:
    """`letters` has one a word: B begins a role, i goes on, ? may be one, a dot is none."""
    starts = np.array([token.idx for token in doc])
    ends = np.array([token.idx + len(token) for token in doc])
    zeros = np.zeros(len(doc), dtype=np.int64)
    words = Words(starts, ends, zeros, zeros, zeros, zeros, zeros)
    table = WordTable(
        words,
        np.zeros((len(doc), HIDDEN), dtype=np.float32),
        np.zeros((len(doc), len(CLASSES)), dtype=np.int64),
        zeros,
        np.arange(len(doc)),
    )
    chances = {"B": (0, 1, 0), "i": (0, 0, 1), "?": (0.7, 0.3, 0), ".": (1, 0, 0)}
    tags = np.array([chances[letter] for letter in letters], dtype=np.float32)
    return role_tags.find(doc, table, tags)


def _phrase(doc: Doc, name: str, form: Form) -> Phrase:
    words = [token.text for token in doc]
    first, *rest = name.split()
    start = words.index(first)
    end = start + 1 + len(rest)
    span = Span(doc[start].idx, doc[end - 1].idx + len(doc[end - 1]))
    return Phrase(start, end, end - 1, span, name, form)


def _texts(doc: Doc, tagged: role_tags.RoleTags) -> list[str]:
    return [doc.text[one.role.span.start_offset : one.role.span.end_offset] for one in tagged.found]


@pytest.mark.parametrize(
    ("text", "letters", "expected"),
    [
        ("the harbor master Ana said so", ".Bi...", ["harbor master"]),
        ("the mayor and nurse Ana said so", ".B.B...", ["mayor", "nurse"]),
        ("harbor master Ana said so", "B?...", ["harbor", "master"]),
        ("the mayor Ana said so", "Bi...", ["mayor"]),  # without its article
        ("Ana said so", "...", []),
    ],
)
def test_runs_of_tagged_words(text: str, letters: str, expected: list[str]) -> None:
    doc = _doc(text, {}, {"the": "DT", "and": "CC"})
    assert _texts(doc, _found(doc, letters)) == expected


@pytest.mark.parametrize(
    ("text", "letters", "arcs", "phrase", "form", "expected"),
    [
        ("mayor Ana said so", "B...", {}, "Ana", Form.NAME, ["mayor"]),
        ("the mayor , Ana , said so", ".B.....", {}, "Ana", Form.NAME, ["mayor"]),
        ("Ana , a nurse , said so", "...B...", {}, "Ana", Form.NAME, ["nurse"]),
        ("Ana , 34 , a nurse , said so", ".....B...", {}, "Ana", Form.NAME, ["nurse"]),
        ("Ana ( mayor ) said so", "..B...", {}, "Ana", Form.NAME, ["mayor"]),
        ("Ana met the mayor said so", "...B..", {}, "Ana", Form.NAME, []),
        ("the old mayor said so", "..B..", {}, "old mayor", Form.DESCRIPTION, ["mayor"]),
        # The parse tells: far away, but apposed to the name, or said of it.
        (
            "Ana of the port here , a nurse , said so",
            ".......B...",
            {"nurse": ("Ana", "appos")},
            "Ana",
            Form.NAME,
            ["nurse"],
        ),
        (
            "Ana is now the mayor said",
            "....B.",
            {"Ana": ("is", "nsubj"), "mayor": ("is", "attr")},
            "Ana",
            Form.NAME,
            ["mayor"],
        ),
        # Not sure enough, no name, or somebody else's.
        ("mayor Ana said so", "?...", {}, "Ana", Form.NAME, []),
        ("mayor she said so", "B...", {}, "she", Form.PRONOUN, []),
        ("Lund 's lawyer said so", "Bii..", {}, "Lund", Form.NAME, []),
    ],
)
def test_what_stands_beside(
    text: str,
    letters: str,
    arcs: dict[str, tuple[str, str]],
    phrase: str,
    form: Form,
    expected: list[str],
) -> None:
    doc = _doc(text, arcs, {"the": "DT", "a": "DT", ",": ",", "34": "CD", "'s": "POS"})
    tagged = _found(doc, letters)
    roles = tagged.roles_beside(_phrase(doc, phrase, form))
    found = [doc.text[role.span.start_offset : role.span.end_offset] for role in roles]
    assert found == expected


@pytest.mark.parametrize(
    ("verb", "tag", "status"),
    [("be", "VBD", RoleStatus.FORMER), ("be", "VBZ", RoleStatus.CURRENT)],
)
def test_what_somebody_was(verb: str, tag: str, status: RoleStatus) -> None:
    doc = _doc(f"Ana {verb} mayor said", {"mayor": (verb, "attr")}, {verb: tag})
    (one,) = _found(doc, "..B.").found
    assert one.role.status is status
