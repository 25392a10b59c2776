"""Texts as words that can be compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth_server.archive import words


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("", []),
        ("… — !", []),
        ("We will go.", ["we", "will", "go"]),
        ("I don’t, I don't", ["i", "dont", "i", "dont"]),
        ("‘Salt Road’", ["salt", "road"]),
        ("twenty-five", ["twenty", "five"]),
        ("1,000 and 1000", ["1000", "and", "1000"]),
        ("2.5 percent at 10:30", ["2.5", "percent", "at", "10:30"]),
        ("5% of $3", ["5", "%", "of", "$", "3"]),
        ("Élodie Sæther", ["elodie", "sæther"]),
        ("STRASSE Straße", ["strasse", "strasse"]),
        ("the 1980s and 3rd", ["the", "1980s", "and", "3rd"]),
        ("“We”—she said—“go”", ["we", "she", "said", "go"]),
    ],
)
def test_words_are_compared_by_what_does_not_differ_idly(text, keys):
    assert words.keys(text) == keys


@given(st.text())
def test_every_word_is_where_it_says(text):
    end = 0
    for word in words.split(text):
        assert end <= word.start < word.end <= len(text)
        assert words.folded(text[word.start : word.end]) == word.key
        end = word.end


@given(st.text())
def test_a_text_and_its_words_have_the_same_keys(text):
    assert [word.key for word in words.split(text)] == words.keys(text)


def test_what_a_text_is_about_has_no_common_words():
    about = words.content_words(words.keys("They would not tell us what the ministers decided"))
    assert about == {"tell", "minis", "decid"}
