from __future__ import annotations

import datetime
import io
from typing import Any

import openpyxl
import pytest

from quoth_cli.formats.xlsx import Workbook, XlsxRenderer
from quoth_cli.table.columns import SHORT, TableOptions
from tests.unit.cli import example


def sheets(data: bytes) -> list[list[tuple[Any, ...]]]:
    """The cells of each sheet as Excel would have them; formulas would begin with =."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [list(sheet.iter_rows(values_only=True)) for sheet in book]


def made(*rows: dict[str, Any], columns: tuple[str, ...] = ("content",), **options: Any) -> bytes:
    out = io.BytesIO()
    book = Workbook(out, columns, **options)
    book.add(rows)
    book.close()
    return out.getvalue()


def test_an_article_is_a_sheet_of_statements() -> None:
    out = io.BytesIO()
    renderer = XlsxRenderer(out, TableOptions())
    renderer.write(example.META, example.article(), example.answer())
    renderer.close()
    (rows,) = sheets(out.getvalue())
    assert rows[0] == SHORT
    assert len(rows) == 11
    first = dict(zip(SHORT, rows[1], strict=True))
    assert first["speaker"] == "Mira Sole"
    assert first["content"] == "We load at dawn, […] And we\nleave at noon."
    assert isinstance(first["confidence"], float)
    assert first["url"] == example.META.url


def test_long_texts_are_wrapped_and_not_cut_by_their_neighbors() -> None:
    columns = ("speaker", "role", "kind", "content", "title")
    row = dict.fromkeys(columns, "Investigative Committee and Federal Security Service")
    book = openpyxl.load_workbook(io.BytesIO(made(row, columns=columns)))
    wrapped = [cell.alignment.wrap_text for cell in book.active[2]]
    assert wrapped == [True, True, None, True, True]


@pytest.mark.parametrize("text", ["=1+1", "+1", "@x", "http://x.example/", "{=1}", "0012", " a "])
def test_texts_are_texts(text: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(made({"content": text})))
    cell = book.active["A2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("", None),
        (3, 3),
        (0.25, 0.25),
        (float("nan"), "nan"),
        (True, "True"),
        ("a\r\nb\rc\td\x1b", "a\nb\nc\td\ufffd"),
        (datetime.date(2019, 5, 25), "2019-05-25"),
        ([{"start": 1}], '[{"start": 1}]'),
    ],
)
def test_values(value: Any, expected: Any) -> None:
    rows = sheets(made({"content": value, "kind": "x"}, columns=("content", "kind")))[0]
    assert rows[1][0] == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2019-05-25", datetime.datetime(2019, 5, 25)),  # noqa: DTZ001
        (datetime.date(2019, 5, 25), datetime.datetime(2019, 5, 25)),  # noqa: DTZ001
        ("2019-05", "2019-05"),
        ("2019-05-25T10:00:00Z", "2019-05-25T10:00:00Z"),
        ("1850-01-02", "1850-01-02"),  # before the first day of spreadsheets
        ("2019-02-30", "2019-02-30"),
    ],
)
@pytest.mark.parametrize("column", ["date", "published"])
def test_days_are_days_to_a_spreadsheet(column: str, value: Any, expected: Any) -> None:
    data = made({column: value}, columns=(column,))
    assert sheets(data)[0][1] == (expected,)
    if not isinstance(expected, str):
        assert openpyxl.load_workbook(io.BytesIO(data)).active["A2"].number_format == "yyyy-mm-dd"


@pytest.mark.parametrize("letter", ["a", "\U0001f6a2"])
def test_a_text_longer_than_a_cell_is_cut_with_a_warning(
    letter: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ((_, (text,)),) = sheets(made({"content": letter * 40_000}))
    assert text.endswith(f"{letter}… [cut off]")
    assert len(text.encode("utf-16-le")) // 2 in (32_766, 32_767)
    assert "1 texts are longer than the 32,767 characters" in capsys.readouterr().err


def test_more_rows_than_a_sheet_has_go_on_in_another() -> None:
    rows = [{"content": str(n)} for n in range(5)]
    found = sheets(made(*rows, most_rows=3))
    assert [len(sheet) for sheet in found] == [3, 3, 2]
    assert [row for sheet in found for row in sheet[1:]] == [(str(n),) for n in range(5)]


def test_the_same_rows_make_the_same_file() -> None:
    assert made({"content": "a"}) == made({"content": "a"})
