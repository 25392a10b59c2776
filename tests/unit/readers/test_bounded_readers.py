"""Small files that hold gigabytes: each reader has limits, and what comes behind is read."""

from __future__ import annotations

import gzip
import io
import json
import random
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth_cli.bulk.feed import Feed
from quoth_cli.bulk.ledger import Progress
from quoth_cli.pages import process
from quoth_cli.readers import arrays, parquet, streams, tables, warc
from quoth_cli.readers.arrays import elements
from quoth_cli.readers.base import BadRow, Record, Unreadable
from quoth_cli.readers.mapping import FieldMap
from quoth_cli.readers.pagesizes import groups, pages
from quoth_cli.readers.sources import Sources
from tests.unit.pages.test_pages import PARAGRAPHS, TEXT, page, response
from tests.unit.readers.test_readers import read, told

pytestmark = pytest.mark.slow  # pages are read in a process of their own

MIB = 1024 * 1024


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> int:
    """A limit that tests reach at once."""
    most = 64 * 1024
    for module in (streams, arrays, tables, parquet):
        monkeypatch.setattr(module, "MAX_BYTES", most)
    return most


def compressed(path: Path, *parts: tuple[bytes, int]) -> Path:
    """A file of parts, each repeated a number of times."""
    with gzip.open(path, "wb", 1) as file:
        for part, times in parts:
            for _ in range(times):
                file.write(part)
    return path


# ---- JSON ------------------------------------------------------------------------------

GOOD: list[dict[str, Any]] = [
    {"body": "One."},
    {"body": 'T[w]o, "{}".'},
    {"body": "Thrée\\", "x": [1, {"y": [2]}]},
]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b" \r\n\t"])
@pytest.mark.parametrize("name", ["in.json", "in.jsonl", "in.json.gz"])
def test_an_array_is_read_as_articles(
    name: str, start: bytes, indent: int | None, tmp_path: Path
) -> None:
    path = tmp_path / name
    data = start + json.dumps(GOOD, indent=indent, ensure_ascii=False).encode() + b"\n"
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    found = read(path)
    assert told(found) == [row["body"] for row in GOOD]
    assert [place for _, place, _ in found] == [f"{name}[{n}]" for n in range(3)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"[]", []),
        (b"[ ]\n\n", []),
        (b'[{"body": "x"},]', ["x"]),
        (b'[{"body": "x"},,{"body": "y"}]', ["x", "not JSON", "y"]),
        (b'[1,"two",{"body":"x"}]', ["is a number", "is a text", "x"]),
        (b'[{"body":"x"},{"body":"\xff"},{"body":"y"}]', ["x", "not UTF-8", "y"]),
        (b"[[" * 3 + b"]]" * 3, ["is a list"]),
    ],
)
def test_elements_that_are_not_articles(data: bytes, expected: list[str], tmp_path: Path) -> None:
    path = tmp_path / "in.json"
    path.write_bytes(data)
    found = told(read(path))
    assert len(found) == len(expected)
    assert all(text.startswith(each) for text, each in zip(found, expected, strict=True))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'[{"body":"x"},', "ends before its array does"),
        (b'[{"body":"x"},{"bo', "ends before its array does"),
        (b'[{"body":"x"}] {}', "continues after its array"),
    ],
)
def test_an_array_that_is_cut_off_keeps_what_was_read(
    data: bytes, why: str, tmp_path: Path
) -> None:
    path = tmp_path / "in.json"
    path.write_bytes(data)
    feed = Feed(Sources([str(path)], FieldMap()), FieldMap(), Progress())
    assert [item.article.body for item in feed.items() if item.article] == ["x"]
    assert why in str(feed.problem)


@given(
    st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=4), max_size=8),
    st.integers(1, 9),
)
def test_elements_are_those_of_json_however_they_come(rows: list[Any], size: int) -> None:
    class Dribble(io.BytesIO):
        def read(self, most: int | None = -1, /) -> bytes:
            return super().read(size)

    data = json.dumps(rows, ensure_ascii=False).encode()
    found = [json.loads(each or b"") for each in elements(Dribble(data), "in")]
    assert found == rows


def test_an_endless_element_is_one_failure(small: int, tmp_path: Path) -> None:
    path = compressed(
        tmp_path / "in.json.gz",
        (b'[{"body":"x"},{"body":"', 1),
        (b"[x" * 1000, 2 * small // 1000),
        (b'"},{"body":"y"}]', 1),
    )
    found = told(read(path))
    assert (found[0], found[2]) == ("x", "y")
    assert "the limit for an article; split it" in found[1]


# ---- CSV -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "long",
    [
        (b'"x' + b"x" * 998, b'"\n'),
        (b"aa," * 333, b"\n"),
        (b"x" * 1000, b"\n"),
    ],
    ids=["field", "fields", "line"],
)
def test_an_endless_row_is_one_failure(
    long: tuple[bytes, bytes], small: int, tmp_path: Path
) -> None:
    path = compressed(
        tmp_path / "in.csv.gz",
        (b"id,body\n1,before\n", 1),
        (long[0], 2 * small // len(long[0])),
        (long[1] + b"2,after\n", 1),
    )
    found = read(path)
    assert found[0][2] == "before"
    assert any("the limit for an article" in str(each[2]) for each in found)
    assert found[-1][2] == "after"


def test_a_first_line_that_never_ends_is_reported(tmp_path: Path) -> None:
    path = compressed(tmp_path / "in.csv.gz", (b"body," * 1000, 300))
    with pytest.raises(Unreadable, match="first line is longer than 1 MiB"):
        read(path)


def test_places_in_csv_are_those_of_lines(small: int, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(b'body\n"one\ntwo"\n\n' + b"x" * 3 * small + b"\nthree\n")
    assert [place for _, place, _ in read(path)] == ["in.csv:2", "in.csv:5", "in.csv:6"]


# ---- Parquet ---------------------------------------------------------------------------


def table(path: Path, columns: dict[str, Any], **options: Any) -> Path:
    pq.write_table(pa.table(columns), path, compression="zstd", store_schema=False, **options)
    return path


def same(text: str, count: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array([0] * count, pa.int32()), pa.array([text]))


def held(path: Path, most: int = 10**9) -> tuple[int, list[Any]]:
    """The most bytes that Arrow has while a file is read, and what the articles are."""
    pool = pa.default_memory_pool()
    before, peak, found = pool.bytes_allocated(), 0, []
    for _, record in Sources([str(path)], FieldMap()).records():
        peak = max(peak, pool.bytes_allocated() - before)
        found.append(outcome(record))
        if len(found) == most:
            break
    return peak, found


def outcome(record: Record) -> Any:
    try:
        return FieldMap().article(record.fields(), record.name)[1].body
    except BadRow as error:
        return str(error)


def test_one_text_of_many_rows_is_there_a_few_times(tmp_path: Path) -> None:
    text = "word " * 400_000
    path = table(tmp_path / "in.parquet", {"body": same(text, 500)})
    assert path.stat().st_size < 10_000
    peak, found = held(path)
    assert found == [text] * 500
    assert peak < 20 * len(text)  # and not all 500 of them, nor the 256 of a batch


def test_a_text_too_large_is_a_failure_of_its_row(small: int, tmp_path: Path) -> None:
    path = table(tmp_path / "in.parquet", {"body": ["a", "x" * 2 * small, "b"]})
    _, found = held(path)
    assert (found[0], found[2]) == ("a", "b")
    assert "the limit for an article; split it" in found[1]


@pytest.mark.parametrize("dictionary", [False, True])
def test_a_page_too_large_is_not_read(
    dictionary: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit in ("_MAX_PAGES", "_MAX_DICTIONARY"):
        monkeypatch.setattr(parquet, limit, MIB)
    column = {"body": same("x" * 3 * MIB, 5)} if dictionary else {"body": ["x" * 3 * MIB, "a"]}
    path = table(tmp_path / "in.parquet", column, use_dictionary=dictionary)
    before = pa.total_allocated_bytes()
    with pytest.raises(Unreadable, match='"body" in row group 0 takes 3 MiB to read at a time'):
        list(Sources([str(path)], FieldMap()).records())
    assert pa.total_allocated_bytes() - before < MIB


def test_a_row_group_before_one_that_is_not_read_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "_MAX_PAGES", MIB)
    path = table(
        tmp_path / "in.parquet",
        {"body": ["a", "x" * 3 * MIB]},
        use_dictionary=False,
        row_group_size=1,
    )
    feed = Feed(Sources([str(path)], FieldMap()), FieldMap(), Progress())
    assert [item.article.body for item in feed.items() if item.article] == ["a"]
    assert "in row group 1 takes 3 MiB" in str(feed.problem)


def test_a_list_that_never_ends_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authors = pa.array([["Ann"] * 50_000, ["Bo", "Cy"], None])
    path = table(tmp_path / "in.parquet", {"body": ["a", "b", "c"], "authors": authors})
    rows = [record.fields() for _, record in Sources([str(path)], FieldMap()).records()]
    assert [len(row["authors"] or ()) for row in rows] == [1000, 2, 0]
    monkeypatch.setattr(parquet, "_MAX_VALUES_OF_LISTS", 10_000)
    with pytest.raises(Unreadable, match="authors"):
        list(Sources([str(path)], FieldMap()).records())


def test_fields_within_fields_are_those_of_mongodb(tmp_path: Path) -> None:
    path = table(
        tmp_path / "in.parquet",
        {"body": ["a"], "_id": [{"$oid": "5f"}], "date": [{"$date": "2019-05-25T00:00:00Z"}]},
    )
    (record,) = [record for _, record in Sources([str(path)], FieldMap()).records()]
    name, _, meta = FieldMap().article(record.fields(), "1")
    assert (name, meta.published) == ("5f", "2019-05-25T00:00:00+00:00")


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("dictionary", [False, True])
def test_the_sizes_of_pages_are_those_that_are_written(
    dictionary: bool, version: str, tmp_path: Path
) -> None:
    path = tmp_path / "in.parquet"
    texts = [f"{number} " + "word " * (number % 50) for number in range(20_000)]
    pq.write_table(
        pa.table({"body": texts}),
        path,
        use_dictionary=dictionary,
        data_page_version=version,
        data_page_size=10_000,
        compression="zstd",
    )
    chunk = pq.read_metadata(path).row_group(0).column(0)
    with path.open("rb") as file:
        (group,) = groups(file, 1)
        found = list(pages(file, group.chunks[0]))
    assert group.rows == len(texts)
    assert group.chunks[0].length == chunk.total_compressed_size
    assert sum(each.values for each in found if not each.dictionary) == len(texts)
    assert any(each.dictionary for each in found) is dictionary
    assert 0 <= chunk.total_uncompressed_size - sum(each.size for each in found) < 2000 * len(found)


def test_a_damaged_file_is_reported(tmp_path: Path) -> None:
    whole = table(
        tmp_path / "whole.parquet", {"body": ["word " * 50] * 500, "id": list(range(500))}
    ).read_bytes()
    path = tmp_path / "in.parquet"
    chance = random.Random(7)
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
        feed = Feed(Sources([str(path)], FieldMap()), FieldMap(), Progress())
        for item in feed.items():
            assert item.article is not None or item.problem is not None


# ---- WARC ------------------------------------------------------------------------------

HTML = f"<html><body><article>{PARAGRAPHS}</article></body></html>".encode()


def record(http: bytes, *headers: str, url: str = "WARC-Target-URI: https://a.example/") -> bytes:
    lines = (
        "WARC/1.0", "WARC-Type: response", "WARC-Record-ID: <urn:uuid:1>", *([url] if url else ()),
        "Content-Type: application/http; msgtype=response", f"Content-Length: {len(http)}",
        *headers,
    )  # fmt: skip
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + http + b"\r\n\r\n"


def answer(body: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join((b"HTTP/1.1 200 OK", b"Content-Type: text/html", *headers, b"", body))


def chunks(body: bytes) -> bytes:
    return b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"


ENCODED: dict[str, bytes] = {
    "plain": answer(HTML),
    "gzip": answer(gzip.compress(HTML), b"Content-Encoding: gzip"),
    "deflate": answer(zlib.compress(HTML), b"Content-Encoding: deflate"),
    "raw deflate": answer(zlib.compress(HTML)[2:-4], b"Content-Encoding: deflate"),
    "said to be gzip": answer(HTML, b"Content-Encoding: gzip"),
    "chunked": answer(chunks(HTML), b"Transfer-Encoding: chunked"),
    "chunked gzip": answer(
        chunks(gzip.compress(HTML)), b"Content-Encoding: gzip", b"Transfer-Encoding: chunked"
    ),
    "said to be chunked": answer(HTML, b"Transfer-Encoding: chunked"),
}


@pytest.mark.parametrize("kind", ENCODED)
def test_answers_are_decoded(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "in.warc"
    path.write_bytes(record(ENCODED[kind]))
    assert [each.fields()["text"] for _, each in Sources([str(path)], FieldMap()).records()] == [
        TEXT
    ]


BOMB = b"<p>" * 40 * MIB
LARGE: dict[str, Callable[[], bytes]] = {
    "plain": lambda: answer(BOMB),
    "gzip": lambda: answer(gzip.compress(BOMB), b"Content-Encoding: gzip"),
    "chunked": lambda: answer(chunks(BOMB), b"Transfer-Encoding: chunked"),
    "cut chunk": lambda: answer(b"7fffffff\r\n" + BOMB, b"Transfer-Encoding: chunked"),
    "chunked gzip": lambda: answer(
        chunks(gzip.compress(BOMB)), b"Content-Encoding: gzip", b"Transfer-Encoding: chunked"
    ),
}


@pytest.mark.parametrize("kind", LARGE)
def test_an_endless_answer_is_one_failure(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (warc, process):
        monkeypatch.setattr(module, "MAX_PAGE_BYTES", 256 * 1024)
    path = tmp_path / "in.warc.gz"
    path.write_bytes(b"".join(map(gzip.compress, (record(LARGE[kind]()), record(answer(HTML))))))
    tracemalloc.start()
    try:
        first, second = (each for _, each in Sources([str(path)], FieldMap()).records())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < len(BOMB) / 2
    with pytest.raises(BadRow, match="the limit for a page"):
        first.fields()
    assert second.fields()["text"] == TEXT


@pytest.mark.parametrize(
    "head",
    [
        b"WARC/1.0\r\nWARC-Type: " + b"x" * 3 * MIB,
        b"WARC/1.0\r\n" + b"a: b\r\n" * MIB,
        record(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * MIB),
        record(b"HTTP/1.1 200 OK\r\nContent-Type: text/html; " + b";\x22" * 2 * MIB),
    ],
    ids=["line", "lines", "http", "content type"],
)
def test_a_header_that_never_ends_is_reported(head: bytes, tmp_path: Path) -> None:
    path = tmp_path / "in.warc.gz"
    path.write_bytes(gzip.compress(record(answer(HTML))) + gzip.compress(head))
    feed = Feed(Sources([str(path)], FieldMap()), FieldMap(), Progress())
    assert [item.article.body for item in feed.items() if item.article] == [TEXT]
    assert "a header is longer than 1 MiB" in str(feed.problem)


@pytest.mark.parametrize(
    "odd",
    [
        record(answer(HTML), url=""),
        record(b""),
        record(b"\r\n\r\n"),
        record(b"no answer at all"),
        record(b"HTTP/1.1 200 OK\r\nContent-Type\r\n\r\nx"),
        record(b"HTTP/1.1 200 OK\r\nContent-Type: ;;;=\r\n\r\nx"),
        response("dns:a.example", "text/html", HTML),
    ],
)
def test_an_odd_record_is_passed_over(odd: bytes, tmp_path: Path) -> None:
    path = tmp_path / "in.warc"
    path.write_bytes(odd + record(answer(HTML)))
    found = [each.fields()["text"] for _, each in Sources([str(path)], FieldMap()).records()]
    assert found == [TEXT]


# ---- what nobody thought of ------------------------------------------------------------


def test_whatever_goes_wrong_in_one_article_is_a_failure_of_it(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(page())
    (tmp_path / "b.txt").write_text("Text.")
    fields = FieldMap()

    class Odd(FieldMap):
        def article(self, fields: Any, name: str, *, extracted: bool = False, **more: Any) -> Any:
            if extracted:
                raise ZeroDivisionError("of a\nlibrary")
            return super().article(fields, name, extracted=extracted, **more)

    items = list(Feed(Sources([str(tmp_path)], fields), Odd(), Progress()).items())
    assert str(items[0].problem).startswith("cannot be read (ZeroDivisionError: of a library)")
    assert items[1].article is not None


def test_whatever_goes_wrong_in_a_file_ends_the_reading_and_no_more(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Text.")
    source = Sources([str(tmp_path)], FieldMap())
    whole = source.records

    def broken(first: int = 0) -> Any:
        yield from whole(first)
        raise ZeroDivisionError

    source.records = broken  # type: ignore[method-assign]
    feed = Feed(source, FieldMap(), Progress())
    assert len(list(feed.items())) == 1
    assert "a.txt: cannot be read (ZeroDivisionError" in str(feed.problem)


def test_lists_within_lists_of_a_footer_are_bounded() -> None:
    """Each byte opens a list in a list; the reader must not follow them all the way down."""
    footer = b"\x19" * 50_000
    raw = io.BytesIO(b"PAR1" + footer + len(footer).to_bytes(4, "little") + b"PAR1")
    with pytest.raises(ValueError, match="too deep"):
        groups(raw, 1)
