"""The index of an archive on the disk: made, added to, and never older than the archive.

A folder holds one generation at a time, in its own folder that `current` names. While files
are only added, or a run of `quoth bulk` adds to its file, the generation grows; anything else
makes another one. Whoever builds holds a lock; readers are not disturbed.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from quoth_server.archive import rows, sources
from quoth_server.archive.errors import BadArchive
from quoth_server.archive.index import Index
from quoth_server.archive.sources import Source

__all__ = ["Indexed", "Part", "Stored", "folder_of", "stored", "updated"]

_FORM = 1  # of what the folder holds; another one is made again
_CURRENT = "current"
_STATE = "state.json"
_WORDS = "words"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Part:
    """Statements of one source: their file, and the number of the first one in the source."""

    file: str
    first: int


@dataclass(frozen=True, slots=True)
class Indexed:
    """A source as it was when it was read last."""

    name: str
    size: int
    changed: int
    run: str
    statements: int

    def is_of(self, source: Source) -> bool:
        """Whether the source is still as it was."""
        return (self.size, self.changed) == (source.size, source.changed)


@dataclass(frozen=True, slots=True)
class Stored:
    """A generation of an index; its parts are in order, each with the name of its source.

    `has_text` says whether all articles have their text.
    """

    folder: Path
    sources: tuple[Indexed, ...]
    parts: tuple[tuple[str, Part], ...]
    articles: int
    has_text: bool

    @property
    def statements(self) -> int:
        """How many there are."""
        return sum(source.statements for source in self.sources)

    def rows(self) -> rows.Rows:
        """The statements."""
        return rows.Rows(
            (self.folder / part.file, name, sources.id_of(name), part.first)
            for name, part in self.parts
        )

    def words(self) -> Index:
        """Their words."""
        return Index(self.folder / _WORDS)

    def is_of(self, there: list[Source]) -> bool:
        """Whether the archive is still as it was when this was made."""
        return len(there) == len(self.sources) and not self.behind(there)

    def behind(self, there: list[Source]) -> list[Source]:
        """The sources that are new or have changed."""
        known = {source.name: source for source in self.sources}
        return [
            source
            for source in there
            if source.name not in known or not known[source.name].is_of(source)
        ]


def folder_of(archive: Path) -> Path:
    """Where the index of an archive is, if nothing is said: beside it."""
    return archive.with_name(f"{archive.name}.index")


def stored(folder: Path) -> Stored | None:
    """The current generation; None if there is none that can be used."""
    try:
        generation = folder / (folder / _CURRENT).read_text(encoding="utf-8").strip()
        state = json.loads((generation / _STATE).read_text(encoding="utf-8"))
        if state["form"] != _FORM:
            return None
        return Stored(
            generation,
            tuple(Indexed(**each) for each in state["sources"]),
            tuple((name, Part(**part)) for name, part in state["parts"]),
            state["articles"],
            state["has_text"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def updated(archive: Path, folder: Path) -> Stored:
    """The index of an archive as it is now, made or added to where it is not yet.

    Raises:
        BadArchive: The archive cannot be read, or the folder cannot be written.
    """
    there = sources.found(archive)
    known = stored(folder)
    if known and known.is_of(there):
        return known
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder):
            known = stored(folder)  # another process may have done it
            if known and known.is_of(there):
                return known
            return _made(there, known, folder)
    except OSError as error:
        raise BadArchive(
            f"{folder}: cannot write the index there ({error.strerror}); "
            "give another folder with --archive-index"
        ) from error


def _made(there: list[Source], known: Stored | None, folder: Path) -> Stored:
    grown = _grown(there, known) if known else None
    start = time.monotonic()
    if known and grown is not None and len(known.words()) == known.statements:
        made = _added(known, grown)
    else:
        made = _rebuilt(there, folder)
    seconds = time.monotonic() - start
    told = {"statements": made.statements, "seconds": round(seconds, 1)}
    _log.info("the archive is indexed", extra=told)
    return made


def _grown(there: list[Source], known: Stored) -> list[tuple[Source, int]] | None:
    """What is to be added, as sources and where they go on; None if it takes more than that."""
    before = {source.name: source for source in known.sources}
    if not before.keys() <= {source.name for source in there}:
        return None
    grown = []
    for source in known.behind(there):
        old = before.get(source.name)
        if old is None:
            grown.append((source, 0))
        elif old.run and old.run == source.run() and source.size > old.size:
            grown.append((source, old.statements))
        else:
            return None
    return grown


def _rebuilt(there: list[Source], folder: Path) -> Stored:
    generation = folder / secrets.token_hex(4)
    generation.mkdir()
    try:
        empty = Stored(generation, (), (), 0, True)
        made = _added(empty, [(source, 0) for source in there])
        _replace(folder / _CURRENT, generation.name)
    except BaseException:
        shutil.rmtree(generation, ignore_errors=True)
        raise
    for old in folder.iterdir():
        if old.is_dir() and old != generation:
            shutil.rmtree(old, ignore_errors=True)  # whoever reads it still has its files open
    return made


def _added(known: Stored, grown: list[tuple[Source, int]]) -> Stored:
    """Adds statements to a generation. It is as it was until the state is written."""
    number = known.statements
    articles = known.articles
    has_text = known.has_text
    parts = list(known.parts)
    found = {source.name: source for source in known.sources}
    with known.words().writer() as writer:
        for source, skip in grown:
            part = Part(f"{len(parts)}.arrow", skip)
            before = number
            last: tuple[Any, Any] | None = None
            for batch in rows.write(known.folder / part.file, sources.batches(source, skip)):
                writer.add(batch, number)
                number += batch.num_rows
                has_text = has_text and "text" in batch.schema.names
                changes, last = rows.articles(batch, last)
                articles += changes
            parts.append((source.name, part))
            count = skip + number - before
            found[source.name] = Indexed(
                source.name, source.size, source.changed, source.run(), count
            )
    made = Stored(known.folder, tuple(found.values()), tuple(parts), articles, has_text)
    state = {
        "form": _FORM,
        "sources": [asdict(each) for each in made.sources],
        "parts": [[name, asdict(part)] for name, part in made.parts],
        "articles": made.articles,
        "has_text": made.has_text,
    }
    _replace(known.folder / _STATE, json.dumps(state))
    return made


def _replace(path: Path, text: str) -> None:
    new = path.with_name(f"{path.name}.new")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
