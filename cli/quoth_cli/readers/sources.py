"""The files of an archive one after the other, each read by the reader of its kind."""

from __future__ import annotations

import hashlib
import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from quoth_cli.pages.documents import KINDS
from quoth_cli.pages.process import fields_of_page
from quoth_cli.readers.base import STDIN, File, Reader, Record, Unreadable
from quoth_cli.readers.files import MAX_DOCUMENT_BYTES, PAGES, advice
from quoth_cli.readers.jsonl import JsonLines
from quoth_cli.readers.mapping import FieldMap
from quoth_cli.readers.parquet import Parquet
from quoth_cli.readers.streams import why
from quoth_cli.readers.tables import Csv
from quoth_cli.readers.texts import OneArticle, fields_of_text
from quoth_cli.readers.warc import Warc

__all__ = ["SUFFIXES", "Sources", "files_of"]


_BLOCK = 16 * 1024
_BLOCKS = 64


def _text(file: File, fields: FieldMap) -> Reader:
    return OneArticle(file, partial(fields_of_text, encoding=fields.encoding))


def _page(file: File, fields: FieldMap) -> Reader:
    return OneArticle(file, partial(fields_of_page, encoding=fields.encoding), extracted=True)


def _document(file: File, _fields: FieldMap) -> Reader:
    fields_of = partial(fields_of_page, kind=KINDS[file.suffix])
    return OneArticle(file, fields_of, extracted=True, most=MAX_DOCUMENT_BYTES)


# The one place where a kind of input is added.
SUFFIXES: Mapping[str, Callable[[File, FieldMap], Reader]] = {
    ".jsonl": JsonLines,
    ".ndjson": JsonLines,
    ".csv": Csv,
    ".tsv": Csv,
    ".parquet": Parquet,
    ".txt": _text,
    **dict.fromkeys(PAGES, _page),
    ".warc": Warc,
    **dict.fromkeys(KINDS, _document),
}
"""How a file is read, by the end of its name. A file that is named itself, and not found in a
folder, is JSON Lines if its name has no such end."""

_EXTRACTED = frozenset({*PAGES, *KINDS, ".warc"})


class Sources:
    """The articles of files, of all the files in folders, or of standard input.

    The order of the articles is always the same: files as they are named, those of a folder by
    name. The place of an article in it is its position.

    Args:
        paths: Files and folders, or `-` alone.
        fields: Which fields an article is made of.
    """

    def __init__(self, paths: Sequence[str], fields: FieldMap) -> None:
        self._paths = paths
        self._fields = fields
        self.extracts = False
        """Whether a text is extracted, so that only quoth has it; known when they are described."""
        self._total = 0
        self._before = 0  # bytes of the files that are done with
        self._reader: Reader | None = None
        self._file: File | None = None

    def describe(self) -> list[dict[str, Any]]:
        """What the input is, so that another one is not taken for it: names, sizes, contents.

        Of the contents of a large file only samples are looked at.

        Raises:
            Unreadable: There is no such file, or no file of a known kind in a folder.
        """
        described = []
        self._total = 0
        for path in self._paths:
            files, size, digest = 0, 0, hashlib.sha256()
            for file in files_of(path):
                files += 1
                size += file.size
                self.extracts |= file.suffix in _EXTRACTED
                digest.update(f"{file.name}\0{file.size}\0".encode("utf-8", "surrogateescape"))
                digest.update(_sample(file))
            if not files:
                raise Unreadable(
                    f"{path}: no article in this folder: no file that ends in "
                    f"{', '.join(sorted(SUFFIXES))}"
                )
            self._total += size
            number = {"files": files} if Path(path).is_dir() else {}
            told = {"name": path, **number, "bytes": size, "digest": digest.hexdigest()[:16]}
            described.append(told)
        return described

    def records(self, first: int = 0) -> Iterator[tuple[int, Record]]:
        """Yields the articles with their positions.

        Args:
            first: As many at the beginning may be left out.

        Raises:
            Unreadable: A file cannot be read, or not any further.
        """
        base = 0
        for file in itertools.chain.from_iterable(map(files_of, self._paths)):
            self._file = file
            self._reader = reader = SUFFIXES.get(file.suffix, JsonLines)(file, self._fields)
            for record in reader.records(first - base):
                yield base + reader.count - 1, record
            base += reader.count
            self._reader = None
            self._before += file.size

    @property
    def place(self) -> str:
        """The file that is read now, for people."""
        return self._file.place if self._file else ", ".join(self._paths)

    def share(self) -> float | None:
        """How much of the input was read, 0 to 1; None where that cannot be known."""
        if not self._total:
            return None
        reader = self._reader
        return min(1.0, (self._before + (reader.taken if reader else 0)) / self._total)


def _sample(file: File) -> bytes:
    """A digest of a file: of the whole, or of blocks from its beginning to its end if it is large.

    Anything but a file, such as a pipe, can be read only once and has none.
    """
    if file.path == STDIN or not Path(file.path).is_file():
        return b""
    found = hashlib.sha256()
    last = max(0, file.size - _BLOCK)
    step = 0 if last < _BLOCKS * _BLOCK else last // _BLOCKS
    try:
        with Path(file.path).open("rb", buffering=0) as raw:
            for at in range(0, last, step) if step else ():
                raw.seek(at)
                found.update(raw.read(_BLOCK))
            raw.seek(last if step else 0)
            found.update(raw.read(_BLOCK if step else _BLOCKS * _BLOCK + _BLOCK))
    except OSError:  # reported when the file is read
        return b""
    return found.digest()


def files_of(path: str) -> Iterator[File]:
    """The file of a path, or the files of a known kind in its folder and in those below."""
    if path == STDIN:
        yield File(path, path, 0)
        return
    try:
        if Path(path).is_dir():
            yield from _files_below(Path(path), "")
        else:
            if why_not := advice(path):
                raise Unreadable(f"{path}: {why_not}")
            yield File(path, path, Path(path).stat().st_size)
    except OSError as error:
        raise Unreadable(f"{error.filename or path}: {why(error)}") from error


def _files_below(folder: Path, prefix: str) -> Iterator[File]:
    with os.scandir(folder) as listed:
        entries: Iterable[os.DirEntry[str]] = sorted(listed, key=lambda entry: entry.name)
    for entry in entries:
        name = prefix + entry.name
        if entry.is_dir(follow_symlinks=False):
            yield from _files_below(folder / entry.name, f"{name}/")
        elif entry.is_file():
            file = File(entry.path, name, entry.stat().st_size)
            if file.suffix in SUFFIXES:
                yield file
