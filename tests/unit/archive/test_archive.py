"""An archive opened: its index made, added to, made again, and never older than the archive."""

from __future__ import annotations

import dataclasses
import datetime
import os
from pathlib import Path

import pytest

from quoth_cli.table.schema import Rows, fields_of_rows
from quoth_server.archive import sources, store
from quoth_server.archive.archive import View, opened
from quoth_server.archive.errors import BadArchive
from quoth_server.archive.question import Order, Question
from quoth_server.archive.statement import Relay, Span, Statement
from tests.unit.archive.archives import row, write


def contents(view: View) -> list[str]:
    return [statement.content for statement in view.rows.each()]


def test_a_statement_has_every_column_of_the_rows():
    names = [name for name, _, _ in fields_of_rows(Rows.STATEMENTS)]
    assert [field.name for field in dataclasses.fields(Statement)] == ["key", "source", *names]
    assert sources.SCHEMA.names == names


FULL = row(
    7,
    title="The ledger",
    url="https://news.example/7",
    anchor_date="2024-05-09",
    date="2024-05",
    date_from="2024-05-01",
    date_to="2024-05-31",
    role="mayor",
    role_start=30,
    role_end=35,
    relays=[{"mention": "an agency", "speaker_id": None, "cue": "quoted"}],
)


def test_a_row_comes_back_as_it_was_written(tmp_path):
    view = opened(write(tmp_path / "a.parquet", [row(6), FULL]))
    found = view.rows.statement(1)
    assert found.key == f"{sources.id_of('a.parquet')}-1"
    assert (found.source, found.position, found.article_id) == ("a.parquet", 3, "a3")
    assert found.content == "The statement with the number 7 was made"
    assert found.content_spans == (Span(4, 44),)
    assert found.anchor_date == datetime.date(2024, 5, 9)
    assert (found.date_from, found.date_to) == (
        datetime.date(2024, 5, 1),
        datetime.date(2024, 5, 31),
    )
    assert found.day == datetime.date(2024, 5, 1)
    assert found.relays == (Relay("an agency", None, "quoted"),)
    assert found.role_start == 30
    assert found.addressee is None
    assert view.rows.number(found.key) == 1
    assert view.rows.number("nonsense") is None
    assert view.rows.text(1) is None


def test_the_text_of_an_article_is_kept_once(tmp_path):
    rows = [row(n, text=f"abc {'x' * 50} of {n // 2}") for n in range(9)]
    path = write(tmp_path / "a.parquet", rows, with_text=True, group=3)
    view = opened(path)
    assert [view.rows.text(n) for n in range(9)] == [each["text"] for each in rows]
    assert view.stored.has_text
    assert view.stored.articles == 5
    (texts,) = view.stored.folder.glob("*.texts")
    assert texts.read_bytes().count(b"x" * 50) == 5


def test_rows_of_articles_are_taken_apart(tmp_path):
    inner = {name for name, _, _ in fields_of_rows(Rows.STATEMENTS)} - {
        *("position", "article_id", "title", "published", "updated", "url", "author", "section"),
        *("anchor_date", "anchor_basis", "language", "engine_version"),
    }
    articles = [
        {
            "position": n,
            "article_id": f"a{n}",
            "statements": [
                {name: each.get(name) for name in inner}
                for each in (row(2 * n), row(2 * n + 1))[: 1 + n % 2]
            ],
            "speakers": [],
            "notices": [],
        }
        for n in range(3)
    ]
    path = write(tmp_path / "a.parquet", articles, rows_of=Rows.ARTICLES)
    found = list(opened(path).rows.each())
    assert [each.statement_id for each in found] == ["s0", "s2", "s3", "s4"]
    assert [each.article_id for each in found] == ["a0", "a1", "a1", "a2"]


def test_a_folder_is_one_archive(tmp_path):
    write(tmp_path / "in/2.parquet", [row(2)])
    write(tmp_path / "in/deep/1.parquet", [row(1)])
    view = opened(tmp_path / "in")
    assert [each.source for each in view.rows.each()] == ["2.parquet", "deep/1.parquet"]
    assert (tmp_path / "in.index/current").exists()


def test_the_index_is_kept(tmp_path, monkeypatch):
    path = write(tmp_path / "a.parquet", [row(1)])
    opened(path)
    monkeypatch.setattr(store, "_made", None)  # it would be called
    assert contents(opened(path)) == [row(1)["content"]]


def test_the_index_can_be_elsewhere(tmp_path):
    path = write(tmp_path / "a.parquet", [row(1)])
    opened(path, tmp_path / "elsewhere")
    assert (tmp_path / "elsewhere/current").exists()
    assert not store.folder_of(path).exists()


def test_a_run_that_goes_on_adds_to_the_index(tmp_path):
    path = write(tmp_path / "a.parquet", [row(n) for n in range(4)], run="r")
    before = opened(path)
    assert before.stored.is_of(sources.found(path))
    write(path, [row(n) for n in range(8)], run="r")
    assert not before.stored.is_of(sources.found(path))
    view = opened(path)
    assert view.stored.is_of(sources.found(path))
    assert view.generation == before.generation
    assert contents(view) == [row(n)["content"] for n in range(8)]
    kept = [each.key for each in before.rows.each()]
    assert [each.key for each in view.rows.each()][:4] == kept
    found = view.index.search(Question(contains="number 6"), Order.NEWEST, limit=9)
    assert found == ([6], 1)
    assert view.stored.articles == 4
    assert opened(path).stored == view.stored


def test_a_file_that_is_new_adds_to_the_index(tmp_path):
    write(tmp_path / "in/b.parquet", [row(1)])
    generation = opened(tmp_path / "in").generation
    write(tmp_path / "in/a.parquet", [row(2)])
    view = opened(tmp_path / "in")
    assert view.generation == generation
    assert contents(view) == [row(1)["content"], row(2)["content"]]


@pytest.mark.parametrize(
    "change",
    [
        lambda path: write(path, [row(n) for n in range(9)], run="another"),
        lambda path: write(path, [row(n) for n in range(9)]),
        lambda path: write(path, [row(8)], run="r"),
        lambda path: write(path, [row(n) for n in (7, 8, 9)], run="r"),
    ],
    ids=["another run", "no run", "shorter", "as long"],
)
def test_what_is_replaced_is_indexed_again(tmp_path, change):
    path = write(tmp_path / "a.parquet", [row(n) for n in range(3)], run="r")
    generation = opened(path).generation
    change(path)
    view = opened(path)
    assert view.generation != generation
    assert contents(view) == contents(opened(path, tmp_path / "again"))
    folders = [each for each in store.folder_of(path).iterdir() if each.is_dir()]
    assert [each.name for each in folders] == [view.generation]


def test_a_file_that_is_gone_is_not_answered_from(tmp_path):
    write(tmp_path / "in/a.parquet", [row(1)])
    path = write(tmp_path / "in/b.parquet", [row(2)])
    opened(tmp_path / "in")
    path.unlink()
    assert contents(opened(tmp_path / "in")) == [row(1)["content"]]


def test_the_same_time_and_size_are_the_same_file(tmp_path):
    path = write(tmp_path / "a.parquet", [row(1)])
    before = opened(path).stored
    stat = path.stat()
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))
    assert not before.is_of(sources.found(path))
    assert opened(path).stored != before


@pytest.mark.parametrize("harm", ["state", "current", "words", "form"])
def test_an_index_that_is_damaged_is_made_again(tmp_path, harm):
    path = write(tmp_path / "a.parquet", [row(1)], run="r")
    folder = opened(path).stored.folder
    state = folder / "state.json"
    match harm:
        case "state":
            state.write_text("{", encoding="utf-8")
        case "current":
            (folder.parent / "current").write_text("nowhere", encoding="utf-8")
        case "form":
            text = state.read_text(encoding="utf-8")
            state.write_text(text.replace('"form": 1', '"form": 0'), encoding="utf-8")
        case "words":  # a build that was ended after the words and before the state
            with store.stored(folder.parent).words().writer() as writer:
                writer.add(next(sources.batches(sources.found(path)[0])), 1)
            write(path, [row(1), row(2)], run="r")
    assert len(contents(opened(path))) == (2 if harm == "words" else 1)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: None, "No such file or directory; check the path"),
        (lambda path: path.mkdir(), "no *.parquet in this folder"),
        (lambda path: path.write_bytes(b"{}"), "not a Parquet file, or incomplete"),
    ],
)
def test_what_is_not_an_archive_is_refused(tmp_path, make, says):
    path = tmp_path / "a.parquet"
    make(path)
    with pytest.raises(BadArchive) as refused:
        opened(path)
    assert str(path) in str(refused.value)
    assert says in str(refused.value)


def test_rows_of_something_else_are_refused(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"title": ["x"]}), path)
    with pytest.raises(BadArchive, match="lacks content, article_id; make one with"):
        opened(path)


def test_an_index_that_cannot_be_written_is_reported(tmp_path):
    path = write(tmp_path / "a.parquet", [row(1)])
    (tmp_path / "file").touch()
    with pytest.raises(BadArchive, match="give another folder with --archive-index"):
        opened(path, tmp_path / "file")


def test_what_fails_leaves_no_index(tmp_path):
    write(tmp_path / "in/a.parquet", [row(1)])
    (tmp_path / "in/b.parquet").write_bytes(b"PAR1")
    with pytest.raises(BadArchive):
        opened(tmp_path / "in")
    assert [each.name for each in Path(tmp_path / "in.index").iterdir()] == ["lock"]
