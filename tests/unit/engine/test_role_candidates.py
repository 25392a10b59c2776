"""What can be somebody's role: words that a network tags."""

from __future__ import annotations

import numpy as np
import pytest

from quoth_server.engine import roles
from quoth_server.engine.records.table import FloatArray
from quoth_server.engine.roles import candidates
from quoth_server.engine.speakers import referents, role_spans, role_tags
from quoth_server.engine.types import SpeakerType

from .marked import Marked, read


def _phrases(marked: Marked, tags: FloatArray | None = None) -> roles.RolePhrases:
    table = marked.asked().questions.table
    if tags is None:
        found = marked.referents(table)
    else:
        told = role_tags.find(marked.doc, table, tags)
        found = referents.find(marked.doc, table, marked.paragraphs, marked.quotations, "", told)
    return roles.find(marked.doc, table, found, marked.drafts)


def _tagged(marked: Marked, run: range, chance: float) -> FloatArray:
    tags = np.zeros((len(marked.asked().questions.table), 3), dtype=np.float32)
    tags[:, 0] = 1.0
    for at in run:
        tags[at] = (1 - chance, 0.0, chance) if at > run.start else (1 - chance, chance, 0.0)
    return tags


def _words(marked: Marked, phrases: roles.RolePhrases) -> list[str]:
    return [role.span.of(marked.body) for role in phrases.roles]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("((Mayor Ana Ruiz)) <<said>> [[it rained]].", ["Mayor"]),
        ("((Ana Ruiz)), a nurse, <<said>> [[it rained]].", ["nurse"]),
        ("((Ana Ruiz)) <<said>> [[it rained]].", []),
        ("The mayor met Lund.\n((The mayor)) <<said>> [[it rained]].", ["mayor", "mayor"]),
    ],
)
def test_the_network_tags_them(text: str, expected: list[str]) -> None:
    marked = read(text)
    assert _words(marked, _phrases(marked)) == expected


@pytest.mark.parametrize(
    ("run", "chance", "expected"),
    [
        (range(2, 5), 0.9, ["of Harbor Watch"]),
        (range(2, 5), 0.1, []),  # too unsure
        (range(3, 5), 0.4, ["Harbor Watch"]),
    ],
)
def test_tagged_words_are_phrases(run: range, chance: float, expected: list[str]) -> None:
    marked = read("((Ana Ruiz of Harbor Watch)) <<said>> [[it rained]].")
    told = _phrases(marked, _tagged(marked, run, chance))
    assert _words(marked, told) == expected


@pytest.mark.parametrize(
    ("text", "first", "last", "expected"),
    [
        ("((Ana Ruiz, co-author of it,)) <<said>> [[no]].", "co", "co", "co-author"),
        ("((Ana Ruiz, co-author of it,)) <<said>> [[no]].", "author", "author", "co-author"),
        ("((The UK-based baker)) <<said>> [[no]].", "based", "baker", "UK-based baker"),
        ("((The 34-year-old baker)) <<said>> [[no]].", "year", "baker", "year-old baker"),
        ("((The port - baker to all)) <<said>> [[no]].", "baker", "baker", "baker"),
    ],
)
def test_a_role_has_whole_words(text: str, first: str, last: str, expected: str) -> None:
    doc = read(text).doc
    words = [token.text for token in doc]
    (role,) = role_spans.role(doc, words.index(first), words.index(last) + 1)
    assert role_spans.text_of(doc, role) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "((Ana Ruiz, whose brother died,)) <<said>> [[it rained]].",
            ["brother"],
            marks=pytest.mark.xfail(strict=True, reason="the article network errs"),
        ),
        ("((Ana Ruiz, whose brother had been ill,)) <<said>> [[it rained]].", []),  # not tagged
        ("((Ana Ruiz, a nurse,)) <<said>> [[it rained]].", []),
    ],
)
def test_whose_brother_is_another(text: str, expected: list[str]) -> None:
    marked = read(text)
    told = _phrases(marked)
    (ruiz,) = [at for at, each in enumerate(told.referents.phrases) if each.text == "Ana Ruiz"]
    of_kin = told.of_kin([ruiz])
    assert [role for role, kin in zip(_words(marked, told), of_kin, strict=True) if kin] == expected


@pytest.mark.parametrize(
    ("text", "run", "expected"),
    [
        ("((Ruiz)), an adviser for the mayor, <<said>> [[it rained]].", range(3, 5), "adviser"),
        ("((Ruiz)), an adviser and friend, <<said>> [[it rained]].", range(3, 5), "adviser"),
        ("((Ruiz)), a stand-in, <<said>> [[it rained]].", range(3, 6), "stand-in"),
        (
            "((Ruiz)), head of the harbor, <<said>> [[it rained]].",
            range(2, 6),
            "head of the harbor",
        ),
    ],
)
def test_nothing_is_missing_at_the_end_of_a_role(text: str, run: range, expected: str) -> None:
    marked = read(text)
    told = _phrases(marked, _tagged(marked, run, 0.9))
    assert expected in _words(marked, told)
    assert not any(words.endswith((" for", " and")) for words in _words(marked, told))


@pytest.mark.parametrize(
    ("text", "run", "expected"),
    [
        ("((Mayor of Bruges Ana Ruiz)) <<said>> [[it rained]].", range(5), "Mayor of Bruges"),
        (
            "((Ana Ruiz)), a son of Ana Ruiz, <<said>> [[it rained]].",
            range(4, 8),
            "son of Ana Ruiz",
        ),
        ("((Ana Ruiz)), the mayor, <<said>> [[it rained]].", range(4, 5), "mayor"),
    ],
)
def test_a_role_ends_before_its_holders_name(text: str, run: range, expected: str) -> None:
    marked = read(text)
    told = _phrases(marked, _tagged(marked, run, 0.9))
    longest = max(told.roles, key=lambda role: role.span.end_offset - role.span.start_offset)
    everybody = range(len(told.referents.phrases))
    assert told.without_own_name(longest, everybody).span.of(marked.body) == expected


def test_each_phrase_is_described() -> None:
    marked = read("((Mayor Ana Ruiz)) <<said>> [[it rained]].\n((Karl Lund)) <<said>> [[no]].")
    told = _phrases(marked)
    lund = [at for at, phrase in enumerate(told.referents.phrases) if phrase.text == "Karl Lund"]
    words, features = told.describe(lund, lund, SpeakerType.PERSON, marked.drafts[1])
    assert words.shape == (1,)
    assert features.shape == (1, candidates.FEATURES)
    ruiz = [0]
    _, of_ruiz = told.describe(ruiz, ruiz, SpeakerType.PERSON, marked.drafts[0])
    assert (of_ruiz != features).any()
