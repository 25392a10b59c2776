"""The options that several commands share, in the groups in which they are passed on."""

from __future__ import annotations

import contextlib
import zoneinfo
from dataclasses import dataclass
from functools import partial
from typing import Annotated

import typer

from quoth import InvalidArticle, article
from quoth.v1 import KnownSpeaker, StatementKind
from quoth_cli import known_speakers
from quoth_cli.enum_words import KindWord, number
from quoth_cli.exits import Exit, Failure
from quoth_cli.known_speakers import KnownSpeakers
from quoth_cli.readers.base import Unreadable
from quoth_cli.readers.catalog import Catalog, read_catalog
from quoth_cli.readers.mapping import ALIASES, Defaults

__all__ = ["ArticleOptions", "FileOptions", "StatementOptions"]

_of_article = partial(typer.Option, rich_help_panel="Article")
_of_statements = partial(typer.Option, rich_help_panel="Statements")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleOptions(Defaults):
    """Defaults for articles that do not say otherwise."""

    published: Annotated[
        str,
        _of_article(
            "--published",
            metavar="DATE",
            help="Day of publication, such as 2026-05-14, or the time with its offset. Weekdays "
            "are counted from it. Default: the date given in the article.",
        ),
    ] = ""
    time_zone: Annotated[
        str,
        _of_article(
            "--time-zone",
            metavar="ZONE",
            help="Time zone, such as America/New_York, that decides the day of a publication "
            "time (default: the time's own offset).",
        ),
    ] = ""
    language: Annotated[
        str,
        _of_article("--language", metavar="CODE", help="Language, such as en (default: detected)."),
    ] = ""

    def check(self) -> None:
        """Refuses what can be seen to be wrong before any article is read.

        Raises:
            Failure: `--published` or `--time-zone` cannot be read.
        """
        try:
            article("", published=self.published or None)
        except InvalidArticle as error:
            raise Failure(Exit.USAGE, f"--published: {error.violations[0].description}") from error
        if self.time_zone and self.time_zone not in zoneinfo.available_timezones():
            raise Failure(
                Exit.USAGE,
                f"--time-zone: {self.time_zone!r} is not an IANA time zone; give one such as "
                "America/New_York",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOptions:
    """What is known of the files of the input."""

    metadata: Annotated[
        str,
        _of_article(
            "--metadata",
            metavar="FILE.csv",
            help="Table with a row for each file: its name in the column file, its day of "
            "publication in date, and title, url, author and section if known. It overrides "
            "everything else. Without a date there, the date in the file's name counts, such as "
            "2026-05-14-quake.txt.",
        ),
    ] = ""
    encoding: Annotated[
        str,
        _of_article(
            "--encoding",
            metavar="NAME",
            help="Encoding of texts, CSV tables and pages, such as windows-1252 (default: UTF-8). "
            "Byte order marks take precedence.",
        ),
    ] = ""

    def catalog(self) -> Catalog | None:
        """The table of what is known of files; None if none is given.

        Raises:
            Failure: There is no such encoding, or the table cannot be read.
        """
        if self.encoding:
            try:
                with contextlib.suppress(UnicodeError):  # a single space is not valid in some
                    b" ".decode(self.encoding)
            except LookupError as error:
                raise Failure(
                    Exit.USAGE,
                    f"--encoding: {self.encoding!r} is not a text encoding; give one such as "
                    "windows-1252",
                ) from error
        if not self.metadata:
            return None
        try:
            return read_catalog(self.metadata, ALIASES, self.encoding)
        except Unreadable as error:
            raise Failure(Exit.USAGE, f"--metadata: {error}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementOptions:
    """Which statements to return."""

    kinds: Annotated[
        list[KindWord] | None,
        _of_statements(
            "--kind", help="Kind of statement to find (default: all); may be given several times."
        ),
    ] = None
    min_confidence: Annotated[
        float | None,
        _of_statements(
            "--min-confidence",
            min=0,
            max=1,
            metavar="0..1",
            help="Leave out statements below this confidence (default: 0.5, and say how many; "
            "HTML and Parquet keep them all).",
        ),
    ] = None
    known_speakers: Annotated[
        KnownSpeakers | None,
        _of_statements(
            "--known-speakers",
            metavar="FILE",
            parser=known_speakers.read,
            help="Table of speakers (.csv or .toml) whose names, ids and roles override the text.",
        ),
    ] = None
    rejected: Annotated[
        bool,
        _of_statements(
            "--rejected",
            help="Also list words in quotation marks that are not statements, and why.",
        ),
    ] = False
    nonresponses: Annotated[
        bool,
        _of_statements(
            "--nonresponses",
            help="Also list who declined to comment, did not respond or could not be reached.",
        ),
    ] = False
    sentences: Annotated[
        bool,
        _of_statements(
            "--sentences",
            help="Also list each sentence of the text, with the statements of which it contains "
            "a part.",
        ),
    ] = False

    @property
    def messages(self) -> list[StatementKind.ValueType]:
        """The kinds in the contract; empty is all."""
        return [number(StatementKind, kind) for kind in self.kinds or ()]

    @property
    def known(self) -> tuple[KnownSpeaker, ...]:
        """The known speakers; empty is none."""
        return self.known_speakers.speakers if self.known_speakers else ()
