"""Every kind of file, good and damaged, as the articles of an archive."""

from __future__ import annotations

import gzip
import io
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from quoth_cli.readers import streams
from quoth_cli.readers.base import BadRow, Unreadable
from quoth_cli.readers.jsonl import object_of_line
from quoth_cli.readers.mapping import FieldMap
from quoth_cli.readers.sources import Sources
from quoth_cli.readers.streams import lines

FIELDS = FieldMap()


def read(*paths: Path | str, first: int = 0) -> list[tuple[int, str, Any]]:
    """Position, place behind the folder, and body of each article, or why it has none."""
    source = Sources([str(path) for path in paths], FIELDS)
    source.describe()
    found = []
    for position, record in source.records(first):
        place = record.place.rpartition("/")[2]
        try:
            body = FIELDS.article(record.fields(), record.name)[1].body
        except BadRow as error:
            found.append((position, place, error))
        else:
            found.append((position, place, body))
    return found


def told(found: list[tuple[int, str, Any]]) -> list[Any]:
    return [str(each) if isinstance(each, BadRow) else each for _, _, each in found]


# ---- lines -----------------------------------------------------------------------------


def test_lines_have_numbers_and_no_blanks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MAX_BYTES", 8)
    data = b"\xef\xbb\xbfone\n\n  \r\n" + b"x" * 30 + b"\n12345678\n" + b"last"
    assert list(lines(io.BytesIO(data), "in")) == [
        (1, b"one\n"),
        (4, None),
        (5, b"12345678\n"),
        (6, b"last"),
    ]


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_a_long_last_line_ends(end: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MAX_BYTES", 8)
    assert list(lines(io.BytesIO(b"x" * 100 + end), "in")) == [(1, None)]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"nothing", "not JSON: Expecting value at column 1"),
        (b'{"body": "x"', "not JSON: Expecting ',' delimiter at column 13"),
        (b"\xff\xff{}", "not UTF-8 text"),
        (b"[" * 100_000, "not JSON"),
        (b"9" * 5000, "not JSON that can be read"),
        (b"[]", "is a list; make it an object"),
        (b"null", "is null"),
        (b"3.5", "is a number"),
        (b'"x"', "is a text"),
        (None, "longer than 8 MiB"),
    ],
)
def test_lines_that_are_not_objects(line: bytes | None, why: str) -> None:
    with pytest.raises(BadRow) as bad:
        object_of_line(line)
    assert str(bad.value).startswith(why)


def test_a_bad_line_spoils_no_other(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(b'{"body": "A."}\n\nnothing\n{"body": "\xff"}\n{"body": "B."}')
    found = read(path)
    assert [each[:2] for each in found] == [
        (0, "in.jsonl:1"),
        (1, "in.jsonl:3"),
        (2, "in.jsonl:4"),
        (3, "in.jsonl:5"),
    ]
    assert told(found)[::3] == ["A.", "B."]
    assert told(found)[1].startswith("not JSON")
    assert told(found)[2].startswith("not UTF-8")


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = SimpleNamespace(buffer=io.BytesIO(b'{"body": "A."}\n'), isatty=lambda: False)
    monkeypatch.setattr(sys, "stdin", stdin)
    assert read("-") == [(0, "standard input:1", "A.")]


# ---- tables ----------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "in.csv"
    rows = ["id,body", '1,"A, ""b""\r\nc;\td|."', "", "2,plain,more", "3,“é”"]
    text = "\r\n".join(rows)
    if delimiter != ",":
        text = text.translate(str.maketrans({",": delimiter, delimiter: ","}))
    path.write_text("\ufeff" + text, encoding="utf-8", newline="")
    found = read(path)
    body = 'A, "b"\r\nc;\td|.'
    if delimiter != ",":
        body = body.translate(str.maketrans({",": delimiter, delimiter: ","}))
    assert told(found)[::2] == [body, "“é”"]
    assert told(found)[1].startswith("has 3 fields, but the first line names 2")
    assert [place for _, place, _ in found] == ["in.csv:2", "in.csv:5", "in.csv:6"]


def test_bytes_that_are_not_text_spoil_only_their_row(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(b"body\nA.\ncaf\xe9\nB.\n")
    assert told(read(path)) == [
        "A.",
        '"body" is not UTF-8 text; give its encoding, for example: --encoding windows-1252',
        "B.",
    ]


@pytest.mark.parametrize("name", ["in.csv", "in.parquet"])
def test_a_table_without_a_text(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "in.csv":
        path.write_text("main,day\nx,y\n")
    else:
        pq.write_table(pa.table({"main": ["x"], "day": ["y"]}), path)
    with pytest.raises(
        Unreadable, match='its fields are "main", "day": give the one with the text'
    ):
        read(path)


def test_an_empty_table(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("")
    assert read(tmp_path / "in.csv") == []


def test_parquet_values(tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    times = pa.array([1_715_162_400_000_000_000, None, 0], pa.timestamp("ns", "UTC"))
    table = pa.table({"text": ["A.", None, "C."], "date": times, "views": [1, 2, 3]})
    pq.write_table(table, path)
    source = Sources([str(path)], FIELDS)
    made = [FIELDS.article(record.fields(), "1") for _, record in source.records()]
    assert [meta.published for _, _, meta in made] == [
        "2024-05-08T10:00:00+00:00",
        "",
        "1970-01-01T00:00:00+00:00",
    ]
    assert [article.body for _, article, _ in made] == ["A.", "", "C."]


def test_a_time_that_no_calendar_has_spoils_its_row_alone(tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    times = pa.array([0, 10**18, 0], pa.timestamp("us"))
    pq.write_table(pa.table({"text": ["A.", "B.", "C."], "date": times}), path)
    found = told(read(path))
    assert found[::2] == ["A.", "C."]
    assert found[1].startswith("has a value that cannot be read")


@pytest.mark.parametrize("first", range(8))
def test_positions_stay_where_row_groups_are_not_read(tmp_path: Path, first: int) -> None:
    path = tmp_path / "in.parquet"
    pq.write_table(pa.table({"text": [str(n) for n in range(7)]}), path, row_group_size=3)
    after = tmp_path / "more.jsonl"
    after.write_text('{"body": "7"}\n')
    found = read(path, after, first=first)
    assert all(str(position) == body for position, _, body in found)
    assert [position for position, _, _ in found][-1:] == [7]
    assert {position for position, _, _ in found} >= set(range(first, 8))


# ---- files and folders -----------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["gz", "zst"])
def test_compressed_files(tmp_path: Path, suffix: str) -> None:
    def pack(data: bytes) -> bytes:
        if suffix == "gz":
            return gzip.compress(data)
        return bytes(pa.Codec("zstd").compress(data, asbytes=True))

    (tmp_path / f"a.jsonl.{suffix}").write_bytes(pack(b'{"body": "A."}\n'))
    (tmp_path / f"b.csv.{suffix}").write_bytes(pack(b"body\nB.\n"))
    (tmp_path / f"c.TXT.{suffix}").write_bytes(pack(b"C."))
    assert told(read(tmp_path)) == ["A.", "B.", "C."]


@pytest.mark.parametrize("name", ["in.jsonl.gz", "in.jsonl.zst", "in.parquet"])
def test_a_damaged_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"no such thing " * 100)
    with pytest.raises(Unreadable, match=name):
        read(path)


def test_a_file_that_stops_in_the_middle_gives_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl.gz"
    data = gzip.compress(b"".join(b'{"body": "%x"}\n' % hash(str(n)) for n in range(9_000)))
    path.write_bytes(data[: len(data) // 2])
    source = Sources([str(path)], FIELDS)
    positions = []
    records = source.records()
    with pytest.raises(Unreadable, match="damaged"):  # noqa: PT012 - what comes before it counts
        for position, _ in records:
            positions.append(position)
    assert positions[:3] == [0, 1, 2]
    assert positions == list(range(len(positions)))


def test_a_folder_has_an_order_and_passes_others_by(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("c.txt", "a.txt", "b/z.txt", "b/a.jsonl"):
        (tmp_path / name).write_text('{"body": "line"}\n' if name.endswith("l") else name)
    for name in ("notes.md", "b/x.json", ".DS_Store"):
        (tmp_path / name).write_text("{}")
    assert told(read(tmp_path)) == ["a.txt", "line", "b/z.txt", "c.txt"]


def test_a_folder_without_articles(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("x")
    with pytest.raises(Unreadable, match="no article in this folder"):
        read(tmp_path)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no such file; check the path"):
        read(tmp_path / "in.jsonl")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_of_a_folder_that_may_not_be_read_is_one_failure(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(name)
    (tmp_path / "a.txt").chmod(0)
    assert told(read(tmp_path)) == [
        "no permission to read it; ask its owner, or use chmod",
        "b.txt",
    ]


def test_a_file_that_is_gone_is_one_failure(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(name)
    source = Sources([str(tmp_path)], FIELDS)
    records = [record for _, record in source.records()]
    (tmp_path / "a.txt").unlink()
    with pytest.raises(BadRow, match=r"^no such file"):
        records[0].fields()
    assert records[1].fields() == {"text": "b.txt"}


def test_another_input_is_described_otherwise(tmp_path: Path) -> None:
    def described() -> Any:
        return Sources([str(tmp_path)], FIELDS).describe()

    (tmp_path / "a.txt").write_text("A.")
    first = described()
    assert described() == first
    (tmp_path / "a.txt").write_text("A..")
    assert described() != first
    (tmp_path / "a.txt").write_text("B.")  # of the same size
    assert described() != first
    (tmp_path / "a.txt").rename(tmp_path / "b.txt")
    (tmp_path / "b.txt").write_text("A.")
    assert described() != first


@pytest.mark.parametrize("at", [0, 5_000_000, -1])
def test_another_large_input_of_the_same_size_is_described_otherwise(
    at: int, tmp_path: Path
) -> None:
    path = tmp_path / "in.jsonl"
    data = bytearray(b"x" * 10_000_000)
    path.write_bytes(data)
    first = Sources([str(path)], FIELDS).describe()
    block = slice(at, at + 400_000) if at >= 0 else slice(at, None)
    data[block] = b"y" * len(data[block])
    path.write_bytes(data)
    assert Sources([str(path)], FIELDS).describe() != first


def test_the_share_that_was_read(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(name)
    source = Sources([str(tmp_path)], FIELDS)
    source.describe()
    shares = [source.share() for _ in source.records()]
    assert [*shares, source.share()] == [0.0, 0.5, 1.0]
