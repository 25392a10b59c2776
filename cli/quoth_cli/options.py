"""The options that several commands share, in the groups that they are given on in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from quoth.v1 import KnownSpeaker, StatementKind
from quoth_cli import known_speakers
from quoth_cli.enum_words import KindWord, number
from quoth_cli.known_speakers import KnownSpeakers
from quoth_cli.readers import Defaults

__all__ = ["ArticleOptions", "StatementOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleOptions(Defaults):
    """What an article has that does not say otherwise."""

    published: Annotated[
        str,
        typer.Option(
            "--published",
            metavar="DATE",
            help="Day of publication, such as 2026-05-14, or the time with its offset. Weekdays "
            "are counted from it. Without it, the article is searched for it.",
            rich_help_panel="Article",
        ),
    ] = ""
    time_zone: Annotated[
        str,
        typer.Option(
            "--time-zone",
            metavar="ZONE",
            help="Time zone, such as America/New_York, in which the day of an instant of "
            "publication is taken; without it, that is the day at the instant's own offset.",
            rich_help_panel="Article",
        ),
    ] = ""
    language: Annotated[
        str,
        typer.Option(
            "--language",
            metavar="CODE",
            help="Language, such as en; detected without it.",
            rich_help_panel="Article",
        ),
    ] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementOptions:
    """Which statements are asked for."""

    kinds: Annotated[
        list[KindWord] | None,
        typer.Option(
            "--kind",
            help="Kind of statement to find; may be given several times. All without it.",
            show_default=False,
            rich_help_panel="Statements",
        ),
    ] = None
    min_confidence: Annotated[
        float | None,
        typer.Option(
            "--min-confidence",
            min=0,
            max=1,
            metavar="0..1",
            help="Leave out statements that are less sure; the server decides without it.",
            rich_help_panel="Statements",
        ),
    ] = None
    known_speakers: Annotated[
        KnownSpeakers | None,
        typer.Option(
            "--known-speakers",
            metavar="FILE",
            parser=known_speakers.read,
            help="Table of speakers (.csv or .toml) whose names, ids and roles win over the text.",
            show_default=False,
            rich_help_panel="Statements",
        ),
    ] = None
    rejected: Annotated[
        bool,
        typer.Option(
            "--rejected",
            help="Tell too which words in quotation marks are no statement, and why.",
            rich_help_panel="Statements",
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
