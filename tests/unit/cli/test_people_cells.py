"""People and repeats as cells."""

from __future__ import annotations

from typing import Any

from quoth_cli.formats import people, repeats


def test_a_name_is_not_a_formula() -> None:
    person: dict[str, Any] = dict.fromkeys(people.COLUMNS) | {
        "display_name": "=Olsen",
        "statements": 1,
        "aliases": [],
        "external_ids": {},
        "roles": [],
        "maybe": [],
    }
    row = dict(zip(people.COLUMNS, people.cells(person), strict=True))
    assert (row["display_name"], row["statements"]) == ("'=Olsen", 1)


def test_a_quotation_is_not_a_formula() -> None:
    place = dict.fromkeys(repeats.COLUMNS) | {"wording": 0, "story": 0}
    repeat = {"text": "=1", "wordings": [{"text": "=1"}], "occurrences": [place]}
    (row,) = repeats.rows(1, repeat)
    told = dict(zip(repeats.COLUMNS, row, strict=True))
    assert (told["text"], told["wording_text"], told["wording"]) == ("'=1", "'=1", 0)
