"""The options of `quoth search` and `quoth stats` that say which statements are asked for."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import Annotated

import typer

from quoth_cli.exits import Exit, Failure
from quoth_cli.problems import missing_package
from quoth_cli.table import matching
from quoth_cli.table.opening import Archive, BadArchive, opened
from quoth_cli.table.question import Question, days

__all__ = [
    "ArticleIds",
    "Contains",
    "Factualities",
    "Factuality",
    "Kind",
    "Kinds",
    "MinConfidence",
    "Organization",
    "Paths",
    "Role",
    "Since",
    "Speaker",
    "SpeakerType",
    "SpeakerTypes",
    "Until",
    "archive",
    "question",
]

_PANEL = "Which statements"


class Kind(StrEnum):
    """How the words of a statement are given."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


class SpeakerType(StrEnum):
    """What a speaker is."""

    PERSON = "person"
    ORGANIZATION = "organization"
    GROUP = "group"
    DOCUMENT = "document"
    UNNAMED = "unnamed"
    PLACE = "place"


class Factuality(StrEnum):
    """Whether a statement was made."""

    ASSERTED = "asserted"
    DENIED = "denied"
    NEGATED = "negated"
    FUTURE = "future"
    HYPOTHETICAL = "hypothetical"
    ASKED = "asked"


Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="OUT.parquet...",
        help="Files that quoth bulk wrote, folders of them, or patterns.",
        show_default=False,
    ),
]
Speaker = Annotated[
    str,
    typer.Option(
        "--speaker",
        metavar="WORDS",
        help="Words of the speaker's name, in any order. Letter case and accents make no "
        "difference; Merk* is the beginning of a word.",
        rich_help_panel=_PANEL,
    ),
]
Role = Annotated[
    str,
    typer.Option(
        "--role",
        metavar="WORDS",
        help="Words of the role held at the statement, likewise.",
        rich_help_panel=_PANEL,
    ),
]
Organization = Annotated[
    str,
    typer.Option(
        "--organization",
        metavar="WORDS",
        help="Words of the organization where the role is held, likewise.",
        rich_help_panel=_PANEL,
    ),
]
Contains = Annotated[
    list[str] | None,
    typer.Option(
        "--contains",
        metavar="PHRASE",
        help="Words of the content, one after the other, likewise; may be given several times.",
        show_default=False,
        rich_help_panel=_PANEL,
    ),
]
Kinds = Annotated[
    list[Kind] | None,
    typer.Option(
        "--kind",
        help="Kind of statement; may be given several times.",
        show_default=False,
        rich_help_panel=_PANEL,
    ),
]
SpeakerTypes = Annotated[
    list[SpeakerType] | None,
    typer.Option(
        "--speaker-type",
        help="What the speaker is; may be given several times.",
        show_default=False,
        rich_help_panel=_PANEL,
    ),
]
Since = Annotated[
    str,
    typer.Option(
        "--since",
        metavar="DATE",
        help="Said on this day or later: 2019, 2019-05 or 2019-05-25. Where a statement has no "
        "date, the day of its article counts.",
        rich_help_panel=_PANEL,
    ),
]
Until = Annotated[
    str,
    typer.Option(
        "--until",
        metavar="DATE",
        help="Said on this day or before; 2019-05 is the whole of May.",
        rich_help_panel=_PANEL,
    ),
]
ArticleIds = Annotated[
    list[str] | None,
    typer.Option(
        "--article",
        metavar="ID",
        help="Id of the article; may be given several times.",
        show_default=False,
        rich_help_panel=_PANEL,
    ),
]
MinConfidence = Annotated[
    float | None,
    typer.Option(
        "--min-confidence",
        min=0,
        max=1,
        metavar="0..1",
        help="Leave out statements that are less sure.",
        show_default=False,
        rich_help_panel=_PANEL,
    ),
]
Factualities = Annotated[
    list[Factuality] | None,
    typer.Option(
        "--factuality",
        help="Whether it was said, denied and so on; may be given several times.",
        show_default=False,
        rich_help_panel=_PANEL,
    ),
]


def question(
    *,
    speaker: str,
    role: str,
    organization: str,
    contains: Sequence[str] | None,
    kinds: Sequence[Kind] | None,
    speaker_types: Sequence[SpeakerType] | None,
    since: str,
    until: str,
    articles: Sequence[str] | None,
    min_confidence: float | None,
    factualities: Sequence[Factuality] | None,
) -> Question:
    """What the options ask for.

    Raises:
        Failure: A date cannot be read, none is between the dates, or a text has no word.
    """
    for option, text, read in (
        ("--speaker", speaker, matching.words),
        ("--role", role, matching.words),
        ("--organization", organization, matching.words),
        *(("--contains", each, matching.phrase) for each in contains or ()),
    ):
        if text or option == "--contains":
            _readable(option, text, read)
    first, last = _day("--since", since, first=True), _day("--until", until, first=False)
    if first and last and first > last:
        raise Failure(
            Exit.USAGE, f"--since {since} is after --until {until}; no day is between them"
        )
    return Question(
        speaker=speaker,
        role=role,
        organization=organization,
        contains=tuple(contains or ()),
        kinds=tuple(kinds or ()),
        speaker_types=tuple(speaker_types or ()),
        factualities=tuple(factualities or ()),
        articles=tuple(articles or ()),
        since=first,
        until=last,
        min_confidence=min_confidence,
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
