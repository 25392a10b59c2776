"""The page of the worst articles, and that nothing in a text can become markup."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from quoth_cli.evaluation.page import page, worst_of
from quoth_cli.evaluation.reading import read_gold, read_predictions
from quoth_cli.evaluation.scoring import Score, score
from tests.unit.evaluation.build import RUST, TEXT, record, statement, written

EVIL = "</td></mark><script>alert(1)</script><img src=x onerror=alert(1)> &lt; \"' ]]> <!-- "


class Parsed(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, list[str | None]] = {}
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        self.tags.append(tag)
        for name, value in attributes:
            self.attributes.setdefault(name, []).append(value)

    def handle_data(self, data: str) -> None:
        self.words += data


def scores(folder: Path, *pairs: tuple[dict[str, Any], dict[str, Any]]) -> Score:
    gold = written(folder / "gold.jsonl", *(one for one, _ in pairs))
    found = written(folder / "found.jsonl", *(other for _, other in pairs))
    return score(read_gold(gold), read_predictions(found))


def test_gold_and_answer_stand_side_by_side(tmp_path: Path) -> None:
    gold = {"id": "a", "text": TEXT, "title": "A bridge", "records": [record(), record(RUST)]}
    found = {"id": "a", "statements": [statement(roles=["clerk"])]}
    parsed = Parsed(page("1.2", [scores(tmp_path, (gold, found))], 5))
    assert parsed.tags.count("mark") == 3
    assert parsed.words.count(TEXT) == 2
    assert parsed.attributes["class"] == ["sides", "text", "wrong", "wrong", "text", "wrong"]
    assert parsed.attributes["title"] == ["role", "missed", "role"]
    for words in ("A bridge", "0 of 2 right", "Ana Ruiz (PERSON) · clerk", "Engine 1.2"):
        assert words in parsed.words


@pytest.mark.parametrize("place", ["text", "title", "id", "name", "role", "date", "published"])
def test_markup_stays_text(tmp_path: Path, place: str) -> None:
    text = EVIL + TEXT if place == "text" else TEXT
    content = [(0, len(text))]
    gold = {
        "id": EVIL if place == "id" else "a",
        "text": text,
        "title": EVIL if place == "title" else "",
        "published": EVIL if place == "published" else None,
        "records": [record(content=content)],
    }
    answer = statement(
        content=content,
        speaker={"name": EVIL if place == "name" else "Nobody", "kind": "PERSON"},
        roles=[EVIL if place == "role" else "clerk"],
        date=EVIL if place == "date" else None,
    )
    made = page("", [scores(tmp_path, (gold, {"id": gold["id"], "statements": [answer]}))], 5)
    parsed = Parsed(made)
    assert EVIL in parsed.words
    assert not {"script", "img"} & set(parsed.tags)
    assert "onerror" not in parsed.attributes
    assert "<!--" not in made


def test_controls_and_reversed_writing_are_made_visible(tmp_path: Path) -> None:
    text = f"\x00\x1b[2J\u202e{TEXT}\nLast."
    gold = {"id": "a", "text": text, "records": [record(content=[(0, len(text))])]}
    made = page("", [scores(tmp_path, (gold, {"id": "a"}))], 5)
    assert not set(made) & set("\x00\x1b\u202e")
    assert f"{TEXT}\nLast." in made.replace("&lt;", "<")


def test_the_worst_come_first_and_right_ones_not_at_all(tmp_path: Path) -> None:
    def pair(key: str, gold: list[Any], found: list[Any]) -> Any:
        return (
            {"id": key, "text": TEXT, "records": gold},
            {"id": key, "statements": found},
        )

    both = [record(), record(RUST)]
    got = scores(
        tmp_path,
        pair("right", [record()], [statement()]),
        pair("half", both, [statement()]),
        pair("one", [record()], []),
        pair("two", both, []),
    )
    assert [document.id for document, _ in worst_of(got, 5)] == ["two", "one", "half"]
    assert [document.id for document, _ in worst_of(got, 1)] == ["two"]
