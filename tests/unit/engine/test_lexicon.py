"""Word lists: data files that are read as they say."""

from __future__ import annotations

from enum import Enum
from importlib import resources

import pytest

from quoth_server.engine import lexicon
from quoth_server.engine.speakers.names import Gender
from quoth_server.engine.types import Factuality, MediumType, RejectionReason, RoleStatus

LISTS = sorted(
    file.name.removesuffix(".txt")
    for file in (resources.files("quoth_server.engine") / "data" / "en").iterdir()
    if file.name.endswith(".txt")
)


def test_comments_and_blank_lines_are_not_entries() -> None:
    days = lexicon.words("named_days")
    assert "black" in days
    assert "small business" in days
    assert not any("#" in day or day != day.strip() for day in days)


def test_a_list_is_read_once() -> None:
    assert lexicon.words("named_days") is lexicon.words("named_days")


@pytest.mark.parametrize(
    ("name", "entry", "meaning"),
    [
        ("media", "tweet", "SOCIAL_MEDIA"),
        ("media", "press release", "WRITTEN_STATEMENT"),
        ("given_names", "Ana", "FEMALE"),
        ("role_statuses", "former", "FORMER"),
        ("factuality_words", "deny", "DENIED"),
        ("quoted_nouns", "novel", "TITLE"),
    ],
)
def test_what_an_entry_means(name: str, entry: str, meaning: str) -> None:
    assert lexicon.pairs(name)[entry] == meaning


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("factuality_words", Factuality),
        ("gendered_words", Gender),
        ("given_names", Gender),
        ("media", MediumType),
        ("media_verbs", MediumType),
        ("quoted_nouns", RejectionReason),
        ("role_statuses", RoleStatus),
    ],
)
def test_meanings_are_known_and_each_entry_has_one(name: str, known: type[Enum]) -> None:
    assert set(lexicon.meanings(name, known).values()) <= set(known)
    assert set(lexicon.pairs(name).values()) <= set(known.__members__)
    assert len(lexicon.meanings(name, known)) == len(lexicon.words(name))


def test_an_unknown_list_is_a_bug() -> None:
    with pytest.raises(FileNotFoundError):
        lexicon.words("no_such_list")


def test_the_digest_is_of_the_files_alone() -> None:
    assert lexicon.digest() == lexicon.digest()
    assert len(lexicon.digest()) == 8


@pytest.mark.parametrize("name", LISTS)
def test_every_list_says_what_it_is_and_has_entries(name: str) -> None:
    text = (resources.files("quoth_server.engine") / "data" / "en" / f"{name}.txt").read_text()
    assert text.startswith("# ")
    assert lexicon.words(name)
