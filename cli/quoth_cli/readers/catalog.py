"""What a table says of articles beside their text: a row for each file, such as its date."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from quoth_cli.dates import BadDate, iso_date
from quoth_cli.readers.base import BadRow, Unreadable, shown
from quoth_cli.readers.streams import whole
from quoth_cli.readers.texts import text_of

__all__ = ["DELIMITERS", "Catalog", "read_catalog"]

_KEYS = ("file", "filename", "file_name", "path", "name", "id", "article_id", "article")
DELIMITERS = ",;\t|"
"""What the fields of a table may be divided by."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """What is known of articles, by the name of their file or by their id.

    Attributes:
        place: The table, for people.
        rows: For each name the fields, by the keys of `quoth_cli.readers.ALIASES`.
        used: The names that were asked for and found.
    """

    place: str
    rows: Mapping[str, Mapping[str, str]]
    used: set[str] = field(default_factory=set, compare=False)

    def unused(self) -> str:
        """What to tell the user if no row was of any article; empty if one was."""
        if self.used or not self.rows:
            return ""
        first = next(iter(self.rows))
        return f"{self.place}: matches none of the articles; it has names such as {shown(first)}"

    def of(self, *names: str) -> Mapping[str, str]:
        """What is known of an article by one of its names, or of a file of the last part of it."""
        for name in names:
            path = PurePath(name)
            for each in (name, path.name, path.stem):
                if each in self.rows:
                    self.used.add(each)
                    return self.rows[each]
        return {}


def read_catalog(path: str, aliases: Mapping[str, tuple[str, ...]], encoding: str = "") -> Catalog:
    """Reads a table of CSV with a line of names.

    A column names the file (`file`, `filename`, `path`, `name`) or the article (`id`), the others
    are looked for under the names of the fields of articles. Empty cells say nothing.

    Raises:
        Unreadable: It cannot be read; no column names the files, or none says anything of them; a
            file has two rows, or a date cannot be read.
    """
    try:
        lines = text_of(whole(path), encoding).splitlines(keepends=True)
    except BadRow as error:
        raise Unreadable(f"{path}: {error}") from error
    delimiter = max(DELIMITERS, key=lines[0].count) if lines else ","
    reader = csv.DictReader(lines, delimiter=delimiter)
    columns = list(reader.fieldnames or ())
    key = next((name for name in _KEYS if name in columns), None)
    wanted = {
        what: name
        for what, names in aliases.items()
        if what not in ("text", "id")
        for name in reversed(names)
        if name in columns and name != key
    }
    if key is None or not wanted:
        need = "names the files; call it “file”" if key is None else "says anything; call it “date”"
        raise Unreadable(f"{path}: no column {need} (it has {', '.join(columns) or 'none'})")
    rows: dict[str, Mapping[str, str]] = {}
    for row in reader:
        name = (row[key] or "").strip()
        place = f"{path}:{reader.line_num}"
        if not name:
            continue
        if name in rows:
            raise Unreadable(f"{place}: {shown(name)} already has a row; remove one")
        rows[name] = _fields(row, wanted, place)
    return Catalog(path, rows)


def _fields(
    row: Mapping[str, str | None], wanted: Mapping[str, str], place: str
) -> Mapping[str, str]:
    found = {what: (row[name] or "").strip() for what, name in wanted.items()}
    for what in ("date", "updated"):
        if value := found.get(what):
            try:
                found[what] = iso_date(value)
            except BadDate as error:
                raise Unreadable(
                    f'{place}: "{wanted[what]}" is {shown(value)}, which cannot be read as a date; '
                    "make it an ISO 8601 date, such as 2019-05-25"
                ) from error
    return {what: value for what, value in found.items() if value}
