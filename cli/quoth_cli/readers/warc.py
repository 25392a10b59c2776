"""Archives of many HTML pages, with memory that what is in the file cannot make grow."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from email.message import Message
from functools import partial
from pathlib import Path
from typing import Any

from quoth_cli.pages.process import MAX_PAGE_BYTES, fields_of_page
from quoth_cli.readers.base import File, Reader, Record, Unreadable
from quoth_cli.readers.mapping import FieldMap
from quoth_cli.readers.streams import reading

__all__ = ["Warc"]

_HTML = ("text/html", "application/xhtml+xml")
_OK = "200"
_MAX_HEAD = 1024 * 1024
_MAX_CONTENT_TYPE = 200
_PIECE = 16 * 1024
# What is decompressed at a time may become a thousand times as much.
_BLOCK = 4 * 1024
# What brotli makes of a few bytes has no limit, so few are taken at a time.
_SMALL_PIECE = 64
_WINDOWS = {
    "gzip": (16 + zlib.MAX_WBITS,),
    "x-gzip": (16 + zlib.MAX_WBITS,),
    "deflate": (zlib.MAX_WBITS, -zlib.MAX_WBITS),
}


class Warc(Reader):
    """Reads the pages that a WARC has the answers of servers for; other records are passed over.

    The address of a page is its id.
    """

    def __init__(self, file: File, fields: FieldMap) -> None:
        self._path = Path(file.path)
        self._place = file.place

    def records(self, first: int) -> Iterator[Record]:
        """See `Reader`."""
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed

        with reading(self._place), self._path.open("rb") as file:
            archive = ArchiveIterator(file, no_record_parse=True)
            archive.reader = reader = _line_reader(file)
            while True:
                reader.begin_record()
                try:
                    record = next(archive, None)
                    page = record is not None and _is_page(archive, record)
                    wanted = page and self.count >= first
                    data = _content(record) if wanted else b""
                except (ArchiveLoadFailed, _HeadTooLong) as error:
                    raise Unreadable(
                        f"{self._place}: damaged, or not WARC: {error}; get the file again"
                    ) from error
                self.taken = file.tell()
                if record is None:
                    return
                if not page:
                    continue
                self.count += 1
                url = record.rec_headers.get_header("WARC-Target-URI") or ""
                charset = _content_type(record).get_param("charset", "")
                yield Record(
                    f"{self._place}:{self.count}",
                    url or str(self.count),
                    partial(fields_of_page, data, url, str(charset)),
                    extracted=True,
                )


class _HeadTooLong(Exception):
    """The header of a record is longer than any."""


def _line_reader(file: Any) -> Any:
    """What warcio reads a file with, but the lines of one record have a limit."""
    from warcio.bufferedreaders import DecompressingBufferedReader

    class Reader(DecompressingBufferedReader):  # type: ignore[misc]  # warcio has no types
        left = _MAX_HEAD

        def begin_record(self) -> None:
            self.left = _MAX_HEAD

        def readline(self, length: int | None = None) -> bytes:
            most = self.left + 1 if length is None else min(length, self.left + 1)
            line: bytes = super().readline(most)
            self.left -= len(line)
            if self.left < 0:
                raise _HeadTooLong(f"a header is longer than {_MAX_HEAD // 1024**2} MiB")
            return line

    return Reader(file, block_size=_BLOCK)


def _is_page(archive: Any, record: Any) -> bool:
    """Whether a record is an answer with a page; reads its header of HTTP."""
    if record.rec_type != "response" or record.length == 0:
        return False
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    try:
        # A record without an address, or without an answer in it, is not a page.
        record.http_headers = archive.loader.load_http_headers(
            "response", url, record.raw_stream, record.length
        )
    except EOFError:
        return False
    return (
        record.http_headers is not None
        and record.http_headers.get_statuscode() == _OK
        and _content_type(record).get_content_type() in _HTML
    )


def _content_type(record: Any) -> Message:
    header = Message()
    given = record.http_headers.get_header("Content-Type") or ""
    header["Content-Type"] = given[:_MAX_CONTENT_TYPE]
    return header


class _Capped:
    """No more of a stream than a page can have: warcio holds a part of it whole."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._left = MAX_PAGE_BYTES + _PIECE

    def read(self, length: int | None = None) -> bytes:
        most = self._left if length is None else min(length, self._left)
        data: bytes = self._stream.read(most) if most else b""
        self._left -= len(data)
        return data

    def readline(self, length: int | None = None) -> bytes:
        most = self._left if length is None else min(length, self._left)
        line: bytes = self._stream.readline(most) if most else b""
        self._left -= len(line)
        return line


def _content(record: Any) -> bytes:
    """What a server has answered, decompressed; more than a page may have is cut off."""
    from warcio.bufferedreaders import ChunkedDataReader

    stream: Any = _Capped(record.raw_stream)
    if (record.http_headers.get_header("transfer-encoding") or "").lower() == "chunked":
        stream = ChunkedDataReader(stream)
    data: bytes = stream.read(MAX_PAGE_BYTES + 1)
    encoding = (record.http_headers.get_header("content-encoding") or "").strip().lower()
    for decompress, size in _decompressors(encoding):
        found = _decompressed(data, decompress, size)
        if found:
            return found
    return data  # as it is: what says to be compressed may not be


def _decompressors(encoding: str) -> Iterator[tuple[Callable[[bytes, int], bytes], int]]:
    """What may decompress it, with the size of the pieces that it takes."""
    from warcio.bufferedreaders import BufferedReader

    for window in _WINDOWS.get(encoding, ()):
        yield zlib.decompressobj(window).decompress, _PIECE
    if encoding == "br" and "br" in BufferedReader.DECOMPRESSORS:
        brotli = BufferedReader.DECOMPRESSORS["br"]()
        yield lambda piece, _most: brotli.decompress(piece), _SMALL_PIECE


def _decompressed(data: bytes, decompress: Callable[[bytes, int], bytes], size: int) -> bytes:
    """What comes out before an error, and not much more than a page may have."""
    found: list[bytes] = []
    left = MAX_PAGE_BYTES + 1
    for at in range(0, len(data), size):
        try:
            found.append(decompress(data[at : at + size], left))
        except Exception:  # noqa: BLE001  (each library has its own errors; it is damaged)
            break
        left -= len(found[-1])
        if left <= 0:
            break
    return b"".join(found)
