"""Pages that are made to do harm: none takes long or much, none ends anything but itself."""

from __future__ import annotations

import codecs
import encodings
import os
import pkgutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from quoth.v1 import Statement, TextSpan
from quoth_cli.bulk.feed import Feed
from quoth_cli.bulk.ledger import Progress
from quoth_cli.formats.words import words
from quoth_cli.pages.encoding import decode
from quoth_cli.pages.extraction import _BREAKS, looks_like_html
from quoth_cli.pages.process import Extractor, fields_of_page
from quoth_cli.readers.base import BadRow
from quoth_cli.readers.mapping import FieldMap
from quoth_cli.readers.sources import Sources
from tests.unit.pages.test_pages import PARAGRAPHS, TEXT, page

pytestmark = pytest.mark.slow


def names_of_codecs() -> list[str]:
    return sorted({module.name for module in pkgutil.iter_modules(encodings.__path__)})


# ---- encodings -------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*names_of_codecs(), "a\0b", "é", "x" * 4000, "../etc"])
def test_no_name_of_an_encoding_ends_anything(name: str) -> None:
    for data in (b"caf\xe9 \x80\xff", "Café".encode(), b"", bytes(range(256))):
        assert isinstance(decode(data, name), str)
        assert isinstance(decode(f'<meta charset="{name}">'.encode() + data), str)


@pytest.mark.parametrize("name", ["idna", "punycode", "rot13", "undefined", "unicode_escape"])
def test_unknown_page_encodings_are_ignored(name: str) -> None:
    assert codecs.lookup(name)
    html = page().replace(b'charset="utf-8"', f'charset="{name}"'.encode())
    assert fields_of_page(html)["text"] == TEXT


@pytest.mark.parametrize("name", ["idna", "punycode", "rot13", "undefined"])
def test_one_page_ends_no_run(name: str, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(page())
    bad = page().replace(b'charset="utf-8"', f'charset="{name}"'.encode())
    (tmp_path / "b.html").write_bytes(bad + b"\xff\xfe\xe9" * 200)
    (tmp_path / "c.html").write_bytes(page())
    fields = FieldMap()
    source = Sources([str(tmp_path)], fields)
    source.describe()
    items = list(Feed(source, fields, Progress()).items())
    assert [item.position for item in items] == [0, 1, 2]
    bodies = [item.article.body for item in items if item.article is not None]
    assert (bodies[0], bodies[-1]) == (TEXT, TEXT)


# ---- time ------------------------------------------------------------------------------


def fastest(work: Callable[[], object]) -> float:
    """Seconds of the processor, the least of a few tries: others work here too."""
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


HEADS = [b"<!---->", b"<!-- x --> ", b"<!--", b"<?xml ", b" ", b"<!-->", b"\xef\xbb\xbf"]


@pytest.mark.parametrize("head", HEADS, ids=repr)
def test_whether_it_is_a_page_is_seen_in_linear_time(head: bytes) -> None:
    small, large = head * 50, head * 500
    assert not looks_like_html(large + b"x")
    # Ten times the bytes, a hundred times the time is quadratic; the exponential took hours.
    assert (
        fastest(lambda: looks_like_html(large))
        < 60 * fastest(lambda: looks_like_html(small)) + 0.01
    )


@pytest.mark.parametrize("tag", ["<br ", "<br", "<br>", "<br>  ", "<br <br>", "<br x=1 "])
def test_breaks_are_found_in_linear_time(tag: str) -> None:
    small, large = tag * 4_000, tag * 40_000
    few = fastest(lambda: _BREAKS.sub("<p>", small))
    assert fastest(lambda: _BREAKS.sub("<p>", large)) < 40 * few + 0.02


def test_marks_of_quotation_are_left_out_in_linear_time() -> None:
    def statement(count: int) -> tuple[Statement, str]:
        body = '"' * count + "x" + '"' * count + "a word" + '"' * count + "y"
        whole = TextSpan(start_offset=0, end_offset=len(body))
        inner = TextSpan(start_offset=2 * count + 1, end_offset=2 * count + 7)
        return Statement(content_spans=[whole], quoted_spans=[inner]), body

    few, many = statement(3_000), statement(30_000)
    assert fastest(lambda: list(words(*many))) < 40 * fastest(lambda: list(words(*few))) + 0.02


def test_a_page_has_a_deadline() -> None:
    attributes = " ".join(f"a{number}=''" for number in range(80_000))
    extractor = Extractor(seconds=2)
    try:
        with pytest.raises(BadRow, match="no article was found in 2 s"):
            extractor.fields_of(page(body=f"<div {attributes}>x</div>"))
        assert extractor._process is None  # the next page has another one
    finally:
        extractor.close()


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are those of Linux")
def test_a_page_has_a_limit_of_memory() -> None:
    extractor = Extractor(memory=160 * 1024 * 1024)
    try:
        assert extractor.fields_of(page())["text"] == TEXT
        with pytest.raises(BadRow):
            extractor.fields_of(page(body="<p>a" * 1_500_000))
        assert extractor.fields_of(page())["text"] == TEXT
    finally:
        extractor.close()


def test_a_page_has_a_largest_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quoth_cli.pages.process.MAX_PAGE_BYTES", 100)
    with pytest.raises(BadRow, match="the limit for a page"):
        fields_of_page(page())


def test_the_process_that_ends_is_replaced() -> None:
    extractor = Extractor()
    try:
        assert extractor.fields_of(page())["text"] == TEXT
        first = extractor._process
        assert first is not None
        first.kill()
        first.wait()
        assert extractor.fields_of(page())["text"] == TEXT
        assert extractor._process is not first
    finally:
        extractor.close()


def test_the_process_ends_with_its_parent() -> None:
    extractor = Extractor()
    assert extractor.fields_of(page())["text"] == TEXT
    process = extractor._process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()  # as when the parent is killed
    assert process.wait(60) == 0
    extractor.close()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_the_process_leaves_ctrl_c_to_its_parent() -> None:
    extractor = Extractor()
    try:
        assert extractor.fields_of(page())["text"] == TEXT
        assert extractor._process is not None
        os.kill(extractor._process.pid, signal.SIGINT)
        assert extractor.fields_of(page())["text"] == TEXT
    finally:
        extractor.close()


def test_nothing_of_the_folder_it_is_started_in_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("json.py", "struct.py", "trafilatura.py"):
        (tmp_path / name).write_text("import os; os._exit(66)")
    monkeypatch.chdir(tmp_path)
    extractor = Extractor()
    try:
        assert extractor.fields_of(page())["text"] == TEXT
    finally:
        extractor.close()


def test_what_libraries_print_is_not_an_answer(tmp_path: Path) -> None:
    html = page(body=f"<article>{PARAGRAPHS}<p>{'x' * 100_000}</p></article>")
    extractor = Extractor()
    try:
        for _ in range(3):
            assert extractor.fields_of(html)["text"].startswith(TEXT)
    finally:
        extractor.close()
