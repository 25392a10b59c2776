from __future__ import annotations

import json

import pytest

from tests.bench.texts import load, shortened, spread_out, words


@pytest.mark.parametrize(
    ("text", "enough", "expected"),
    [
        ("a b\n\nc d\n\ne f\n", 1, "a b\n"),
        ("a b\n\nc d\n\ne f\n", 3, "a b\n\nc d\n"),
        ("a b\n\nc d\n\ne f\n", 99, "a b\n\nc d\n\ne f\n"),
        ("one", 1, "one"),
    ],
)
def test_shortened(text, enough, expected):
    assert shortened(text, enough) == expected


def test_spread_out_takes_from_the_whole_list():
    texts = [f"{number} word" for number in range(10)]
    assert spread_out(texts, 6) == ("0 word", "3 word", "6 word")
    assert spread_out(texts, 1) == ("0 word",)
    assert spread_out(texts, 1000) == tuple(texts)


def test_a_corpus_where_it_is(tmp_path):
    corpus = tmp_path / "corpus.jsonl"
    lines = [json.dumps({"text": f"Title {number}.\n\nThree words more."}) for number in range(4)]
    corpus.write_text("\n".join(lines), encoding="utf-8")
    texts = load(whole_words=10, short_words=2, corpus=corpus)
    assert texts.whole == ("Title 0.\n\nThree words more.", "Title 2.\n\nThree words more.")
    assert texts.short == ("Title 0.\n", "Title 1.\n", "Title 2.\n", "Title 3.\n")
    assert "PolNeAR" in texts.source


@pytest.mark.slow
def test_our_own_texts_elsewhere(tmp_path):
    texts = load(whole_words=600, short_words=50, corpus=tmp_path / "none")
    assert "own" in texts.source
    assert 300 < sum(map(words, texts.whole)) < 1200
    assert all(texts.short)
