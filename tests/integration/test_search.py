"""`quoth search` and `quoth stats` as their users run them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest

from quoth_cli.exits import Exit
from tests.integration.test_command import quoth
from tests.unit.table.statements import write


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(
        tmp_path_factory.mktemp("archive") / "a.parquet",
        {"speaker": "Angela Merkel", "role": "minister", "content": "Sanctions [bold]work[/bold]",
         "day": "2019-05-25", "article_id": "one"},
        {"speaker": "Jo Merkelson", "content": "=no sanctions\x1b[2J", "anchor_date": "2019-06-01",
         "confidence": 0.2, "article_id": "two"},
    )  # fmt: skip


def test_the_example_of_the_readme(archive: Path) -> None:
    ended = quoth(
        "search", archive, "--speaker", "Merkel", "--role", "minister", "--since", "2019-05",
        "--contains", "sanctions",
    )  # fmt: skip
    assert (ended.code, ended.err) == (Exit.OK, "quoth: 1 statement\n")
    for words in ("2019-05-25", "Angela Merkel", "minister", "[bold]work[/bold]", "one"):
        assert words in ended.out
    assert "Merkelson" not in ended.out
    assert all(len(line) <= 80 for line in ended.out.splitlines())


def test_the_table_tells_whose_date_it_is_and_steers_no_terminal(archive: Path) -> None:
    ended = quoth("search", archive, "--speaker", "merkelson", "--min-confidence", "0")
    assert "2019-06-01*" in ended.out
    assert "* day of the article; the statement has none" in ended.out
    assert "unsure (20%)" in " ".join(ended.out.split())
    assert "\x1b" not in ended.out


def test_jsonl(archive: Path) -> None:
    ended = quoth(
        "search", archive, "-f", "jsonl", "--sort", "date", "-n", "1", "--min-confidence", "0"
    )
    assert [row["article_id"] for row in ended.rows] == ["two"]
    assert ended.rows[0]["content"] == "=no sanctions\x1b[2J"
    assert ended.err == "quoth: 2 statements, the first 1 shown; --limit 0 shows all\n"


def test_csv(archive: Path) -> None:
    ended = quoth("search", archive, "-f", "csv", "--columns", "all", "--min-confidence", "0")
    rows = list(csv.DictReader(io.StringIO(ended.out)))
    assert [row["speaker"] for row in rows] == ["Angela Merkel", "Jo Merkelson"]
    assert json.loads(rows[0]["content_spans"]) == [{"start": 3, "end": 10}]
    assert (rows[0]["confidence"], rows[0]["date_from"]) == ("0.9", "2019-05-25")


def test_tables_for_people(archive: Path, tmp_path: Path) -> None:
    found = ("search", archive, "--min-confidence", "0")
    ended = quoth(*found, "-o", tmp_path / "a.csv", "--columns", "speaker,content", "--bom")
    assert (ended.code, ended.out) == (Exit.OK, "")
    assert (tmp_path / "a.csv").read_bytes().decode() == (
        "\ufeffspeaker,content\r\nAngela Merkel,Sanctions [bold]work[/bold]\r\n"
        "Jo Merkelson,'=no sanctions\x1b[2J\r\n"
    )
    ended = quoth(*found, "-o", tmp_path / "a.xlsx", "--columns", "content,confidence")
    rows = list(openpyxl.load_workbook(tmp_path / "a.xlsx").active.iter_rows(values_only=True))
    assert rows == [
        ("content", "confidence"),
        ("Sanctions [bold]work[/bold]", 0.9),
        ("=no sanctions\ufffd[2J", 0.2),
    ]
    ended = quoth(*found, "-f", "csv", "--columns", "text")
    assert ended.code == Exit.USAGE
    assert "--columns: 'text' is not a column" in ended.err
    ended = quoth(*found, "-o", tmp_path / "no" / "a.csv")
    assert (ended.code, "cannot be written" in ended.err) == (Exit.OUTPUT, True)


def test_a_page_of_hits(archive: Path, tmp_path: Path) -> None:
    ended = quoth("search", archive, "--speaker", "merkel", "-o", tmp_path / "hits.html")
    assert ended.code == Exit.OK
    assert ended.told[0].startswith("quoth: the archive has neither the articles' texts nor their")
    page = (tmp_path / "hits.html").read_text(encoding="utf-8")
    assert "<title>Statements by “merkel”</title>" in page
    assert "“Sanctions [bold]work[/bold]”" in page


def test_less_likely_ones_are_left_out_and_counted(archive: Path) -> None:
    line = "quoth: 1 less likely statement left out; --min-confidence 0 shows it"
    ended = quoth("search", archive, "-f", "jsonl")
    assert [row["article_id"] for row in ended.rows] == ["one"]
    assert ended.told == ["quoth: 1 statement", line]
    assert quoth("search", archive, "--speaker", "merkel", "-f", "jsonl").told == [
        "quoth: 1 statement"
    ]
    assert quoth("search", archive, "--min-confidence", "0.5", "-f", "jsonl").told == [
        "quoth: 1 statement"
    ]
    ended = quoth("stats", archive, "-f", "json")
    assert (json.loads(ended.out)["statements"], ended.told) == (1, [line])


def test_no_match_is_not_an_error(archive: Path) -> None:
    ended = quoth("search", archive, "--speaker", "'; DROP TABLE statements; --")
    assert (ended.code, ended.out, ended.err) == (Exit.OK, "", "quoth: no statement matches\n")


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (
            ["--since", "May"],
            Exit.USAGE,
            "--since: 'May' is not a date; give it as 2019, 2019-05 or",
        ),
        (["--until", "2019-02-30"], Exit.USAGE, "--until: '2019-02-30' is not a calendar day"),
        (["--since", "2021", "--until", "2019-05"], Exit.USAGE, "--since 2021 is after --until 2"),
        (["--contains", " "], Exit.USAGE, "--contains: no word in ' '; give at least one"),
    ],
)
def test_wrong_options(archive: Path, options: list[str], code: Exit, told: str) -> None:
    ended = quoth("search", archive, *options)
    assert ended.code == code
    assert ended.err.startswith(f"quoth: {told}")


def test_wrong_files(tmp_path: Path) -> None:
    ended = quoth("search", tmp_path / "no.parquet")
    assert (ended.code, ended.told) == (
        Exit.INPUT,
        [f"quoth: {tmp_path}/no.parquet: no such file; check the path"],
    )
    ended = quoth("search", "president")
    assert ended.told == [
        "quoth: president: no such file; check the path (to find words, give --contains)"
    ]
    (tmp_path / "out.jsonl").write_text('{"id": "1", "position": 0, "statements": []}\n')
    ended = quoth("search", tmp_path / "out.jsonl")
    assert ended.code == Exit.INPUT
    assert "not a Parquet file, or incomplete; make one with: quoth bulk" in ended.err


def test_without_the_extra(archive: Path) -> None:
    ended = quoth("search", archive, prelude="sys.modules['duckdb'] = None")
    assert ended.code == Exit.MISSING_PACKAGE
    assert "needs duckdb, which is not installed" in ended.err
    assert "pip install 'quoth-cli[search]'" in ended.err


def test_stats(archive: Path) -> None:
    ended = quoth("stats", archive, "--words", "--min-confidence", "0")
    assert (ended.code, ended.err) == (Exit.OK, "")
    assert ended.out.startswith("2 statements in 2 articles, 2 by 2 known speakers\n")
    assert "Angela Merkel" in ended.out
    assert "2019-05" not in ended.out
    assert "2019-05" in quoth("stats", archive, "--by", "month").out


def test_stats_for_programs(archive: Path) -> None:
    counted = json.loads(quoth("stats", archive, "-f", "json", "--role", "minister").out)
    assert counted["statements"] == 1
    assert counted["rows"] == [
        {"name": "Angela Merkel", "type": "person", "statements": 1, "words": None, "share": 1.0,
         "articles": 1, "forms": [], "level": 0}
    ]  # fmt: skip
    ended = quoth("stats", archive, "-f", "csv", "--by", "kind", "--min-confidence", "0")
    (row,) = csv.DictReader(io.StringIO(ended.out))
    assert (row["kind"], row["statements"]) == ("direct", "2")


def test_chart(archive: Path, tmp_path: Path) -> None:
    ended = quoth("stats", archive, "--chart", tmp_path / "who.svg", "--min-confidence", "0")
    assert (ended.code, ended.err) == (Exit.OK, f"quoth: chart in {tmp_path}/who.svg\n")
    assert "Jo Merkelson" in (tmp_path / "who.svg").read_text(encoding="utf-8")
    ended = quoth("stats", archive, "--by", "month", "--chart", tmp_path / "when.svg")
    assert ">2019-05<" in (tmp_path / "when.svg").read_text(encoding="utf-8")
    ended = quoth("stats", archive, "--chart", tmp_path / "who.pdf")
    assert ended.code == Exit.USAGE
    ended = quoth("stats", archive, "--chart", tmp_path / "no" / "who.png")
    assert (ended.code, "cannot be written" in ended.err) == (Exit.OUTPUT, True)
    ended = quoth("stats", archive, "--speaker", "nobody", "--chart", tmp_path / "none.png")
    assert (ended.code, (tmp_path / "none.png").exists()) == (Exit.OK, False)
