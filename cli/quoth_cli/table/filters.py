"""The options of `quoth search` and `quoth stats` that say which statements are asked for."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated

import typer

from quoth_cli.enum_words import FactualityWord, KindWord, SpeakerTypeWord
from quoth_cli.exits import Exit, Failure
from quoth_cli.problems import missing_package
from quoth_cli.table import matching
from quoth_cli.table.opening import Archive, BadArchive, opened
from quoth_cli.table.question import Question, days

__all__ = ["Filters", "Paths", "archive"]

_option = partial(typer.Option, rich_help_panel="Which statements")


Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="OUT.parquet...",
        help="Parquet files or sites that quoth bulk wrote, folders of them, or patterns.",
    ),
]


# How a heading tells of each option, in this order: before its value, and around each of its texts.
_TOLD = {
    "speaker": ("by", "“{}”"),
    "role": ("in the role", "“{}”"),
    "organization": ("at", "“{}”"),
    "contains": ("with the words", "“{}”"),
    "kinds": ("of the kind", "{}"),
    "speaker_types": ("by a speaker of the type", "{}"),
    "factualities": ("marked as", "{}"),
    "min_confidence": ("with a confidence of at least", "{}"),
    "since": ("since", "{}"),
    "until": ("until", "{}"),
    "articles": ("in the article", "{}"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which statements are asked for."""

    speaker: Annotated[
        str,
        _option(
            "--speaker",
            metavar="WORDS",
            help="Words of the speaker's name, in any order. Letter case and accents make no "
            "difference; Merk* matches a prefix.",
        ),
    ] = ""
    role: Annotated[
        str,
        _option(
            "--role",
            metavar="WORDS",
            help="Words of the role held at the statement, matched in the same way.",
        ),
    ] = ""
    organization: Annotated[
        str,
        _option(
            "--organization",
            metavar="WORDS",
            help="Words of the organization where the role is held, matched in the same way.",
        ),
    ] = ""
    contains: Annotated[
        list[str] | None,
        _option(
            "--contains",
            metavar="PHRASE",
            help="Consecutive words of the content, matched in the same way; may be given several "
            "times.",
        ),
    ] = None
    kinds: Annotated[
        list[KindWord] | None,
        _option("--kind", help="Kind of statement; may be given several times."),
    ] = None
    speaker_types: Annotated[
        list[SpeakerTypeWord] | None,
        _option("--speaker-type", help="Type of speaker; may be given several times."),
    ] = None
    since: Annotated[
        str,
        _option(
            "--since",
            metavar="DATE",
            help="Said on this day or later: 2019, 2019-05 or 2019-05-25. Where a statement has no "
            "date, the day of its article counts.",
        ),
    ] = ""
    until: Annotated[
        str,
        _option(
            "--until",
            metavar="DATE",
            help="Said on this day or before; 2019-05 is the whole of May.",
        ),
    ] = ""
    articles: Annotated[
        list[str] | None,
        _option("--article", metavar="ID", help="Id of the article; may be given several times."),
    ] = None
    min_confidence: Annotated[
        float | None,
        _option(
            "--min-confidence",
            min=0,
            max=1,
            metavar="0..1",
            help="Leave out statements below this confidence (default: 0.5, and say how many; "
            "0 shows all).",
        ),
    ] = None
    factualities: Annotated[
        list[FactualityWord] | None,
        _option(
            "--factuality",
            help="Whether it was said, denied and so on; may be given several times.",
        ),
    ] = None

    def told(self) -> str:
        """What is asked for, to stand behind “Statements”; empty if all is."""
        told = []
        for name, (before, around) in _TOLD.items():
            value = getattr(self, name)
            if value not in ("", None, []):
                each = value if isinstance(value, list) else [value]
                between = " and " if name == "contains" else " or "
                told.append(f"{before} {between.join(map(around.format, each))}")
        return " ".join(told)

    def question(self) -> Question:
        """What the options ask for.

        Raises:
            Failure: A date cannot be read, none is between the dates, or a text has no word.
        """
        for option, text, read in (
            ("--speaker", self.speaker, matching.words),
            ("--role", self.role, matching.words),
            ("--organization", self.organization, matching.words),
            *(("--contains", each, matching.phrase) for each in self.contains or ()),
        ):
            if text or option == "--contains":
                _readable(option, text, read)
        first = _day("--since", self.since, first=True)
        last = _day("--until", self.until, first=False)
        if first and last and first > last:
            raise Failure(
                Exit.USAGE,
                f"--since {self.since} is after --until {self.until}; there is no day between them",
            )
        return Question(
            speaker=self.speaker,
            role=self.role,
            organization=self.organization,
            contains=tuple(self.contains or ()),
            kinds=tuple(self.kinds or ()),
            speaker_types=tuple(self.speaker_types or ()),
            factualities=tuple(self.factualities or ()),
            articles=tuple(self.articles or ()),
            since=first,
            until=last,
            min_confidence=self.min_confidence,
        )


def _readable(option: str, text: str, read: Callable[[str], object]) -> None:
    try:
        read(text)
    except ValueError as error:
        raise Failure(Exit.USAGE, f"{option}: {error} in {text!r}; give at least one") from error


def _day(option: str, text: str, *, first: bool) -> datetime.date | None:
    if not text:
        return None
    try:
        begin, end = days(text)
    except ValueError as error:
        raise Failure(Exit.USAGE, f"{option}: {error}") from error
    return begin if first else end


@contextlib.contextmanager
def archive(paths: Sequence[str]) -> Iterator[Archive]:
    """Opens an archive; its errors, and that of a package that is missing, end the command."""
    try:
        with opened(paths) as found:
            yield found
    except BadArchive as error:
        raise Failure(Exit.INPUT, str(error)) from error
    except ModuleNotFoundError as error:
        raise missing_package(error) from error
