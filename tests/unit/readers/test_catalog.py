"""What is known of files beside their text: a table, or the day in their name."""

from __future__ import annotations

from pathlib import Path

import pytest

from quoth_cli.articles import item_of
from quoth_cli.dates import day_of_name
from quoth_cli.readers.base import Unreadable
from quoth_cli.readers.catalog import Catalog, read_catalog
from quoth_cli.readers.mapping import ALIASES, Defaults, FieldMap


def catalog(tmp_path: Path, text: str, encoding: str = "") -> Catalog:
    path = tmp_path / "dates.csv"
    path.write_bytes(text.encode(encoding or "utf-8"))
    return read_catalog(str(path), ALIASES, encoding)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("file,date\na.txt,2019-05-25\n", {"a.txt": {"date": "2019-05-25"}}),
        ("\ufefffilename;title;published\na.txt;A “b”;May 25, 2019\n",
         {"a.txt": {"title": "A “b”", "date": "2019-05-25"}}),
        ("id\turl\tother\n7\thttps://x.example\tz\n\n", {"7": {"url": "https://x.example"}}),
        ('path,date,section\n"a, b.txt",,Harbor\nc.txt,,\n,2019,\n',
         {"a, b.txt": {"section": "Harbor"}, "c.txt": {}}),
        # The name that is looked for first counts.
        ("name,date,published\na,2019-01-01,2020-02-02\n", {"a": {"date": "2020-02-02"}}),
    ],
)  # fmt: skip
def test_a_table_of_files(tmp_path: Path, text: str, rows: dict[str, dict[str, str]]) -> None:
    assert catalog(tmp_path, text).rows == rows


def test_its_encoding(tmp_path: Path) -> None:
    assert catalog(tmp_path, "file,title\na,Café\n", "windows-1252").rows["a"]["title"] == "Café"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "no column names the files; call it “file” (it has none)"),
        ("when,date\n", "no column names the files; call it “file” (it has when, date)"),
        ("file,when\n", "no column says anything; call it “date” (it has file, when)"),
        ("file,date\na,1\n", 'dates.csv:2: "date" is "1", which cannot be read as a date; make it'),
        ("file,date\na,2019\n", 'dates.csv:2: "date" is "2019", which cannot be read as a date'),
        ("file,date\na,2019-05-25\na,2019-05-26\n", 'dates.csv:3: "a" already has a row; remove'),
    ],
)
def test_a_table_that_cannot_be_read(tmp_path: Path, text: str, line: str) -> None:
    with pytest.raises(Unreadable) as error:
        catalog(tmp_path, text)
    assert line in str(error.value)


@pytest.mark.parametrize("name", ["below/a.txt", "a.txt", "/x/a.txt", "a"])
def test_a_file_is_found_by_the_end_of_its_path(name: str) -> None:
    for key in {"a.txt", "a"} & {Path(name).name, Path(name).stem}:
        made = Catalog("dates.csv", {key: {"date": "2019-05-25"}})
        assert made.of(name) == {"date": "2019-05-25"}
        assert made.unused() == ""
    made = Catalog("dates.csv", {"b.txt": {}})
    assert made.of(name) == {}
    assert made.unused() == 'dates.csv: matches none of the articles; it has names such as "b.txt"'


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2019-05-25-quake.txt", "2019-05-25"),
        ("quake_2019_05_25.html", "2019-05-25"),
        ("news/20190525.pdf", "2019-05-25"),
        ("2019.05.25 quake.docx", "2019-05-25"),
        ("2019-05-25 and 2019-05-25.txt", "2019-05-25"),
        # No day, or not one day alone.
        ("2019-05-quake.txt", ""),
        ("2019-13-25.txt", ""),
        ("2019-05_25.txt", ""),
        ("120190525.txt", ""),
        ("201905251.txt", ""),
        ("2019-05-25-to-2019-05-27.txt", ""),
        ("1719-05-25.txt", ""),
        ("2019-05-25/quake.txt", ""),
        ("25-05-2019.txt", ""),
        ("", ""),
    ],
)
def test_the_day_in_a_name(name: str, day: str) -> None:
    assert day_of_name(name) == day


@pytest.mark.parametrize(
    ("table", "given", "day"),
    [
        ({"date": "2001-01-01"}, "2002-02-02", "2001-01-01"),
        ({}, "2002-02-02", "2002-02-02"),
        ({}, "", "2019-05-25"),
    ],
)
def test_which_day_counts_in_the_command(
    tmp_path: Path, table: dict[str, str], given: str, day: str
) -> None:
    path = tmp_path / "2019-05-25.txt"
    path.write_text("It is late.")
    fields = FieldMap(catalog=Catalog("dates.csv", {path.name: table}))
    item = item_of(str(path), str(path), Defaults(published=given), fields)
    assert item.meta
    assert item.meta.published == day


@pytest.mark.parametrize(
    ("table", "row", "day"),
    [
        ({"date": "2001-01-01"}, {"published": "2002-02-02"}, "2001-01-01"),
        ({}, {"published": "2002-02-02"}, "2002-02-02"),
        ({}, {}, "2019-05-25"),
    ],
)
def test_which_day_counts_in_an_archive(
    table: dict[str, str], row: dict[str, str], day: str
) -> None:
    fields = FieldMap(
        defaults=Defaults(published="1999-09-09"), catalog=Catalog("dates.csv", {"7": table})
    )
    _, _, meta = fields.article({"body": "x", "id": 7, **row}, "1", day="2019-05-25")
    assert meta.published == day


def test_a_table_fills_the_fields_of_other_names(tmp_path: Path) -> None:
    fields = FieldMap(
        {"date": "when", "text": "main"},
        catalog=Catalog("dates.csv", {"a": {"date": "2001-01-01", "title": "T", "url": "u:x"}}),
    )
    _, _, meta = fields.article({"main": "x", "when": "2002-02-02"}, "a")
    assert (meta.published, meta.title, meta.url) == ("2001-01-01", "T", "u:x")
