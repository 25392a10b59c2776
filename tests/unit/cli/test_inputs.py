from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from quoth import InvalidArticle
from quoth.cli import inputs
from quoth.cli.exits import Exit, Failure
from quoth.cli.inputs import BadLine, Defaults, article_of_line, lines, read_text

NONE = Defaults()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"plain", "plain"),
        (b"one\r\ntwo\rthree\n", "one\r\ntwo\rthree\n"),
        ("“é” 東\U0001f469".encode(), "“é” 東\U0001f469"),
        (b"\xef\xbb\xbfmarked", "marked"),
        ("“é”".encode("utf-16"), "“é”"),
        (b"\xfe\xff" + "“é”".encode("utf-16-be"), "“é”"),
        (b"", ""),
    ],
)
def test_text_is_read_as_it_stands(data: bytes, expected: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    assert read_text(str(path)) == expected


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"caf\xe9", "not UTF-8 text (byte 3); if it is text in another encoding, convert it"),
        (b"\xff\xfe\x00", "not UTF-16-LE text"),
        (b"a\x00b", "a binary file (NUL at character 1)"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, line: str, tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(data)
    with pytest.raises(Failure) as failure:
        read_text(str(path))
    assert str(failure.value).startswith(f"{path}: {line}")
    assert failure.value.code is Exit.INPUT


def test_a_file_that_never_ends_is_refused() -> None:
    with pytest.raises(Failure, match="/dev/zero: longer than 16 MiB"):
        read_text("/dev/zero")


def test_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="is a directory; name the files in it"):
        read_text(str(tmp_path))


def test_lines_have_numbers_and_no_blanks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "MAX_BYTES", 8)
    data = b"one\n\n  \r\n" + b"x" * 30 + b"\n12345678\n" + b"last"
    assert list(lines(io.BytesIO(data))) == [
        (1, b"one\n"),
        (4, None),
        (5, b"12345678\n"),
        (6, b"last"),
    ]


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_a_long_last_line_ends(end: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "MAX_BYTES", 8)
    assert list(lines(io.BytesIO(b"x" * 100 + end))) == [(1, None)]


def test_a_line_with_everything() -> None:
    row = {
        "id": "a1",
        "text": "Body.",
        "title": "Head",
        "published": "2026-05-14T23:30",
        "time_zone": "America/New_York",
        "language": "en",
        "author": ["anything"],
    }
    given, article = article_of_line(json.dumps(row).encode(), NONE)
    assert given == "a1"
    assert (article.article_id, article.title, article.body) == ("a1", "Head", "Body.")
    assert article.publish_time.ToJsonString() == "2026-05-15T03:30:00Z"
    assert (article.time_zone, article.language_code) == ("America/New_York", "en")


def test_options_give_what_a_line_leaves_out() -> None:
    defaults = Defaults("", "2026-05-14", "Asia/Tokyo", "en")
    _, article = article_of_line(b'{"body": "x", "published": null}', defaults)
    assert article.publish_time.ToJsonString() == "2026-05-13T15:00:00Z"
    _, article = article_of_line(b'{"body": "x", "time_zone": "UTC"}', defaults)
    assert article.publish_time.ToJsonString() == "2026-05-14T00:00:00Z"


def test_ids_keep_their_type() -> None:
    assert article_of_line(b'{"id": 7, "body": "x"}', NONE)[0] == 7
    assert article_of_line(b'{"body": "x"}', NONE)[0] is None


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
        (b"{}", 'has no "body"'),
        (b'{"body": "x", "text": "x"}', 'has both "body" and "text"'),
        (b'{"body": 5}', '"body" is a number; make it a text'),
        (b'{"body": "x", "title": {}}', '"title" is an object'),
        (b'{"body": "x", "id": [1]}', '"id" is a list'),
        (b'{"body": "x", "id": true}', '"id" is true or false'),
        (None, "longer than 16 MiB"),
    ],
)
def test_bad_lines(line: bytes | None, why: str) -> None:
    with pytest.raises(BadLine) as bad:
        article_of_line(line, NONE)
    assert str(bad.value).startswith(why)


@pytest.mark.parametrize(
    "line",
    [
        b'{"body": "x", "published": "yesterday"}',
        b'{"body": "x", "published": "2026-05-14", "time_zone": "Mars/Base"}',
        b'{"body": "\\ud800"}',
    ],
)
def test_bad_fields(line: bytes) -> None:
    with pytest.raises(InvalidArticle):
        article_of_line(line, NONE)
