from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest

from quoth_cli.exits import Exit, Failure
from quoth_cli.formats import Format, renderer
from quoth_cli.formats.csv import harmless
from quoth_cli.table.columns import SHORT, TableOptions
from quoth_cli.table.rows import statement_rows
from tests.unit.cli import example


def written(
    *, with_text: bool = False, articles: int = 1, columns: str = "all", bom: bool = False
) -> str:
    out = io.StringIO(newline="")
    made = renderer(
        Format.CSV, out, with_text=with_text, table=TableOptions(columns=columns, bom=bom)
    )
    for _ in range(articles):
        made.write(example.META, example.article(), example.answer())
    made.close()
    return out.getvalue()


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def value_of(cell: str, like: Any) -> Any:
    """A cell as a value of the kind that the row has."""
    match like:
        case None:
            return None if cell == "" else cell
        case str() if cell.startswith("'="):
            return cell[1:]
        case list():
            return json.loads(cell)
        case int() | float():
            return type(like)(cell)
        case _:
            return cell


@pytest.mark.parametrize("with_text", [False, True])
def test_a_row_is_that_of_bulk(with_text: bool) -> None:
    rows = statement_rows(0, example.META, example.answer(), example.BODY, with_text=with_text)
    got = read(written(with_text=with_text))
    assert len(got) == len(rows) == 10
    for cells, row in zip(got, rows, strict=True):
        assert list(cells) == list(row)
        assert {name: value_of(cells[name], row[name]) for name in row} == row


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=SUM(1;2)", "'=SUM(1;2)"),
        ("+1", "'+1"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        (" =1+1", "' =1+1"),
        ("\n=1+1", "'\n=1+1"),
        ("\t1", "'\t1"),
        ("\r1", "'\r1"),
        ("a = b", "a = b"),
        ("“=1”", "“=1”"),
        ("'=1", "'=1"),
        ("2019-05-25", "2019-05-25"),
        ("-", "-"),
        ("", ""),
    ],
)
def test_no_text_is_a_formula(text: str, expected: str) -> None:
    assert harmless(text) == expected


def test_texts_stand_as_they_are_but_for_formulas() -> None:
    cells = read(written())
    assert cells[9]["content"] == "'=SUM(1;2)"
    assert cells[0]["content"] == "We load at dawn, […] And we\r\nleave at noon."
    assert cells[1]["content"] == "that the “old\tcrane” must go"
    assert cells[3]["content"] == 'money, "big" money, was paid'


def test_articles_are_numbered_under_one_row_of_names() -> None:
    got = read(written(articles=2))
    assert [row["position"] for row in got] == ["0"] * 10 + ["1"] * 10


def test_lines_end_as_rfc_4180_says() -> None:
    assert written().startswith("position,article_id,")
    assert written().split("\r\n")[0].endswith(",engine_version")
    assert written().endswith("\r\n")


def test_few_columns_come_without_being_asked_for() -> None:
    assert tuple(read(written(columns=""))[0]) == SHORT
    assert tuple(read(written(columns="", with_text=True))[0]) == (*SHORT, "text")
    assert tuple(read(written(columns="content, speaker"))[0]) == ("content", "speaker")
    assert "text" not in read(written())[0]


def test_a_column_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Failure, match="'zzz' is not a column; choose from addressee, anchor"):
        TableOptions(columns="content,zzz").names()


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("spekaer", "speaker"),
        ("Content", "content"),
        ("role organization", "role_organization"),
        ("published_date", "published"),
        ("quote", "content"),
        ("id", "article_id"),
    ],
)
def test_the_column_that_was_meant_is_told(name: str, meant: str) -> None:
    says = f"--columns: {name!r} is not a column; did you mean {meant!r}? choose from addressee, "
    with pytest.raises(Failure, match=re.escape(says)) as caught:
        TableOptions(columns=f"content,{name}").names()
    assert caught.value.code is Exit.USAGE


def test_a_byte_order_mark_on_request() -> None:
    assert written(bom=True) == "\ufeff" + written()
