from __future__ import annotations

import gzip
import io
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from quoth_cli.exits import Exit, Failure
from quoth_cli.options import ArticleOptions
from quoth_cli.readers.base import BadRow, Unreadable
from quoth_cli.readers.streams import whole
from quoth_cli.readers.texts import text_of


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
def test_text_is_read_as_it_stands(data: bytes, expected: str) -> None:
    assert text_of(data) == expected


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"caf\xe9", "not UTF-8 text (byte 3); if it is text in another encoding, give it"),
        (b"\xff\xfe\x00", "not UTF-16-LE text"),
        (b"a\x00b", "a binary file (NUL at character 1)"),
    ],
)
def test_what_is_not_text_is_refused(data: bytes, line: str) -> None:
    with pytest.raises(BadRow) as refused:
        text_of(data)
    assert str(refused.value).startswith(line)


def test_a_compressed_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(b"plain"))
    assert whole(str(path)) == b"plain"


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = SimpleNamespace(buffer=io.BytesIO(b"plain"), isatty=lambda: False)
    monkeypatch.setattr(sys, "stdin", stdin)
    assert whole("-") == b"plain"


def test_a_file_that_never_ends_is_refused() -> None:
    with pytest.raises(Unreadable, match="/dev/zero: longer than 8 MiB"):
        whole("/dev/zero")


def test_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="is a directory; name the files in it"):
        whole(str(tmp_path))


@pytest.mark.parametrize(
    ("defaults", "line"),
    [
        (ArticleOptions(published="yesterday"), "--published: "),
        (ArticleOptions(time_zone="Mars/Base"), "--time-zone: "),
        (ArticleOptions(published="2026-05-14T10:00", time_zone="Mars/Base"), "--time-zone: "),
    ],
)
def test_bad_options_are_refused_at_once(defaults: ArticleOptions, line: str) -> None:
    with pytest.raises(Failure) as failure:
        defaults.check()
    assert str(failure.value).startswith(line)
    assert failure.value.code is Exit.USAGE


def test_good_options_pass() -> None:
    ArticleOptions(published="2026-05-14", time_zone="Asia/Tokyo", language="en").check()
