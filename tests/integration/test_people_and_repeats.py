"""`quoth people` and `quoth repeats` as their users run them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from quoth import v1
from quoth_cli.exits import Exit
from quoth_cli.table.schema import Rows, parquet_schema, table_of
from tests.integration.server import Server
from tests.integration.test_command import quoth

BRIDGE = "the bridge is safe and will stay open all winter"
COUNCIL = "the council had put off the repair for three years"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    schema = parquet_schema(Rows.STATEMENTS)
    blank = dict.fromkeys(schema.names)
    said = [
        (0, "Mara Olsen", "chief engineer", BRIDGE, "direct", "2026-05-14"),
        (0, "Teo Marsh", "councilman", COUNCIL, "indirect", "2026-05-14"),
        (1, "Mara Olsen", "chief engineer", BRIDGE, "direct", "2026-05-15"),
        (1, "Teo Marsh", "councilman", COUNCIL, "indirect", "2026-05-15"),
        (2, "Mara Olsen", "former chief engineer", f"{BRIDGE}\x1b[2J now", "direct", "2026-06-21"),
    ]
    rows = [
        blank
        | {
            "position": position,
            "article_id": f"a{position}",
            "statement_id": f"s{number}",
            "title": "The bridge at Ostby",
            "kind": kind,
            "content": content,
            "speaker_id": speaker,
            "speaker": speaker,
            "speaker_type": "person",
            "role": role,
            "role_status": "former" if role.startswith("former") else "current",
            "anchor_date": day,
        }
        for number, (position, speaker, role, content, kind, day) in enumerate(said)
    ]
    path = tmp_path_factory.mktemp("archive") / "a.parquet"
    pq.write_table(table_of(rows, schema), path)
    return path


def test_people_with_their_roles_over_time(archive: Path) -> None:
    ended = quoth("people", archive)
    assert (ended.code, ended.err) == (Exit.OK, "quoth: 2 found\n")
    assert ended.out.splitlines() == [
        "Mara Olsen (person) · 3 statements in 3 articles, 2026-05-14 to 2026-06-21",
        "  - chief engineer, 2026-05-14 to 2026-05-15 (2)",
        "  - former chief engineer [former], 2026-06-21 (1)",
        "Teo Marsh (person) · 2 statements in 2 articles, 2026-05-14 to 2026-05-15",
        "  - councilman, 2026-05-14 to 2026-05-15 (2)",
    ]


def test_people_who_are_known(archive: Path, tmp_path: Path) -> None:
    table = tmp_path / "people.csv"
    table.write_text("name,wikidata\nMara Olsen,Q1\n", "utf-8")
    ended = quoth("people", archive, "--known-people", table, "--name", "ols*", "-f", "jsonl")
    assert [row["external_ids"] for row in ended.rows] == [{"wikidata": "Q1"}]
    ended = quoth("people", archive, "--known-people", table, "--top", "1", "-f", "csv")
    (row,) = csv.DictReader(io.StringIO(ended.out))
    assert (row["person_id"], row["external_ids"]) == ("mara-olsen", "wikidata=Q1")
    assert ended.err == "quoth: 2 found, the first 1 shown; --top 0 shows all\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [(None, "cannot be read: No such file"), ("name,wikidata\nMara,1\n", "wikidata is '1'")],
)
def test_a_bad_table_is_reported(
    archive: Path, tmp_path: Path, text: str | None, told: str
) -> None:
    table = tmp_path / "people.csv"
    if text:
        table.write_text(text, "utf-8")
    ended = quoth("people", archive, "--known-people", table)
    assert ended.code == Exit.USAGE
    assert str(table) in ended.err
    assert told in ended.err


def test_nobody(archive: Path) -> None:
    ended = quoth("people", archive, "--type", "place")
    assert (ended.code, ended.out, ended.err) == (Exit.OK, "", "quoth: nobody matches\n")


def test_repeats_with_reprints_and_drift(archive: Path) -> None:
    ended = quoth("repeats", archive)
    assert (ended.code, ended.err) == (Exit.OK, "quoth: 2 quotations in several articles\n")
    assert ended.out.splitlines()[:6] == [
        BRIDGE,
        "  3 articles · 2 stories, reprints counted once · 2026-05-14 to 2026-06-21 · by "
        "Mara Olsen",
        "  - 2026-05-14 · a0 · The bridge at Ostby · Mara Olsen",
        "  - 2026-05-15 · a1 · The bridge at Ostby · Mara Olsen · reprint of a0",
        "  - 2026-06-21 · a2 · The bridge at Ostby · Mara Olsen",
        "  * 2026-06-21: adds “2J now”",
    ]
    assert "\x1b" not in ended.out


def test_repeats_to_process(archive: Path) -> None:
    ended = quoth("repeats", archive, "--min-articles", "3", "-f", "jsonl")
    assert [(row["articles"], row["stories"]) for row in ended.rows] == [(3, 2)]
    ended = quoth("repeats", archive, "--top", "1", "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(ended.out)))
    assert [(row["article_id"], row["story"], row["wording"]) for row in rows] == [
        ("a0", "0", "0"),
        ("a1", "0", "0"),
        ("a2", "1", "1"),
    ]
    assert "there are more, and --top 0 shows all" in ended.err


@pytest.fixture(scope="module")
def served(archive: Path) -> Iterator[Server]:
    with Server("--archive", str(archive), "--workers", "1") as server:
        yield server


@pytest.mark.parametrize("form", ["text", "jsonl", "csv"])
def test_a_server_tells_the_repeats_of_its_archive(
    archive: Path, served: Server, form: str
) -> None:
    own = quoth("repeats", archive, "-f", form)
    theirs = quoth("repeats", "--server", served.address, "-f", form)
    assert (theirs.code, theirs.out, theirs.err) == (own.code, own.out, own.err)
    some = quoth("repeats", "--server", served.address, "--min-articles", "3", "-f", form)
    assert some.out == quoth("repeats", archive, "--min-articles", "3", "-f", form).out


def test_repeats_come_page_by_page_with_as_many_places_as_are_asked_for(served: Server) -> None:
    with served.channel() as channel:
        stub = v1.ArchiveServiceStub(channel)
        request = v1.ListRepeatsRequest(page_size=1, max_occurrences=2)
        first = stub.ListRepeats(request)
        assert (first.total_size, first.archive.statements) == (2, 5)
        (bridge,) = first.repeats
        assert (bridge.text, bridge.statements, bridge.articles, bridge.stories) == (
            BRIDGE,
            3,
            3,
            2,
        )
        assert [each.statement.article.article_id for each in bridge.occurrences] == ["a0", "a1"]
        assert [each.statements for each in bridge.wordings] == [2]
        request.page_token = first.next_page_token
        second = stub.ListRepeats(request)
        assert [each.text for each in second.repeats] == [COUNCIL]
        assert not second.next_page_token
        (all_of_it,) = stub.ListRepeats(v1.ListRepeatsRequest(min_articles=3)).repeats
        (change,) = all_of_it.wordings[1].changes
        assert change.kind == v1.DifferenceKind.DIFFERENCE_KIND_ADDED
        assert not change.was


def test_repeats_want_one_archive(archive: Path, served: Server) -> None:
    both = quoth("repeats", archive, "--server", served.address)
    assert both.code == Exit.USAGE
    assert "give either ARCHIVE or --server\n" in both.err
    assert quoth("repeats").code == Exit.USAGE
    assert quoth("repeats", "--index", "x", "--server", served.address).code == Exit.USAGE


def test_an_archive_that_is_given_wins_over_the_server_of_the_environment(archive: Path) -> None:
    for command in (("repeats", archive), ("verify", BRIDGE, archive)):
        own = quoth(*command)
        anyway = quoth(*command, QUOTH_SERVER="127.0.0.1:1")
        assert (anyway.code, anyway.out, anyway.err) == (Exit.OK, own.out, own.err)


def test_no_archive() -> None:
    for command in ("people", "repeats"):
        ended = quoth(command, "nowhere.parquet")
        assert ended.code == Exit.INPUT
        assert "nowhere.parquet" in ended.err


@pytest.fixture(scope="module")
def unsure(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive, of whose statements the first one of Marsh is less likely than not."""
    sure = pa.array([0.9, 0.4, 0.9, 0.5, None], pa.float32())
    table = pq.read_table(archive)
    column = table.schema.get_field_index("confidence")
    path = tmp_path_factory.mktemp("unsure") / "a.parquet"
    pq.write_table(table.set_column(column, "confidence", sure), path)
    return path


LEFT_OUT = "quoth: 1 statement below 0.5 left out; --min-confidence 0 counts all\n"


def test_people_leave_out_what_is_less_likely(unsure: Path) -> None:
    ended = quoth("people", unsure)
    assert ended.err == f"quoth: 2 found\n{LEFT_OUT}"
    assert "Teo Marsh (person) · 1 statement in 1 article, 2026-05-15" in ended.out
    ended = quoth("people", unsure, "--min-confidence", "0")
    assert ended.err == "quoth: 2 found\n"
    assert "Teo Marsh (person) · 2 statements in 2 articles" in ended.out
    ended = quoth("people", unsure, "--min-confidence", "0.9", "-f", "jsonl")
    assert [row["display_name"] for row in ended.rows] == ["Mara Olsen"]
    assert ended.rows[0]["statements"] == 3


def test_repeats_leave_out_what_is_less_likely(unsure: Path) -> None:
    ended = quoth("repeats", unsure)
    assert ended.err == f"quoth: 1 quotation in several articles\n{LEFT_OUT}"
    assert COUNCIL not in ended.out
    ended = quoth("repeats", unsure, "--min-confidence", "0")
    assert ended.err == "quoth: 2 quotations in several articles\n"
    assert COUNCIL in ended.out
