from __future__ import annotations

import io
from typing import Any

import pytest

from quoth_cli.table.hits import write_hits
from tests.unit.table.statements import statement


def shown(monkeypatch: pytest.MonkeyPatch, **fields: Any) -> str:
    monkeypatch.setenv("COLUMNS", "160")
    out = io.StringIO()
    write_hits([statement(1, anchor_date=None, **fields)], out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ({"factuality": "denied"}, "“nothing” [denied]"),
        ({"factuality": "negated"}, "“nothing” [check whether this was said]"),
        ({"factuality": "negated", "kind": "indirect"}, "nothing [said nothing about this]"),
        ({"factuality": "negated", "cue_lemma": "deny"}, "“nothing” [did not deny]"),
        ({"factuality": "sung"}, "“nothing” [sung]"),
    ],
)
def test_whether_it_was_said(
    monkeypatch: pytest.MonkeyPatch, fields: dict[str, str], note: str
) -> None:
    assert note in shown(monkeypatch, **fields)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"content": "We load, […] and leave"}, "“We load,” […] “and leave”"),
        ({"content": "they load […] and leave", "kind": "indirect"}, "they load […] and leave"),
    ],
)
def test_what_stands_between_parts(
    monkeypatch: pytest.MonkeyPatch, fields: dict[str, str], words: str
) -> None:
    assert words in shown(monkeypatch, **fields)


def test_the_name_of_an_article_stands_whole_below_the_statement(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    out = io.StringIO()
    name = "2019-05-25-quake-in-the-north.txt"
    role = "spokesperson for the governor of the northern province and its islands"
    row = statement(1, anchor_date=None, content="We load", article_id=name, role=role)
    write_hits([row], out)
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    (place,) = [number for number, line in enumerate(lines) if line.endswith(f"  {name}")]
    assert lines[place - 1].endswith("“We load”")


@pytest.mark.parametrize("factuality", ["asserted", None])
def test_what_was_said_has_no_note(monkeypatch: pytest.MonkeyPatch, factuality: str | None) -> None:
    assert " [" not in shown(monkeypatch, factuality=factuality)
