"""The options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from quoth.v1 import StatementKind
from quoth_cli.bulk.forms import BulkFormat
from quoth_cli.table.schema import Rows

__all__ = [
    "DEFAULT_TIMEOUT",
    "AuthorField",
    "DateField",
    "Form",
    "IdField",
    "Insecure",
    "Kind",
    "Kinds",
    "Language",
    "MinConfidence",
    "Overwrite",
    "Published",
    "Rejected",
    "Resume",
    "RowsOf",
    "SectionField",
    "Server",
    "Sources",
    "TextField",
    "TimeZone",
    "Timeout",
    "TitleField",
    "Tls",
    "TlsCa",
    "TlsCert",
    "TlsKey",
    "TlsServerName",
    "TokenFile",
    "UrlField",
    "Wait",
    "WithText",
]

DEFAULT_TIMEOUT = 120.0
"""Seconds; longer than a server may take for one article, so that its own error is seen."""

_CONNECTION = "Connection"
_ARTICLE = "Article"
_STATEMENTS = "Statements"


class Kind(StrEnum):
    """How the words of a statement are given."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"

    @property
    def message(self) -> StatementKind.ValueType:
        """The same in the contract."""
        return StatementKind.Value(f"STATEMENT_KIND_{self.name}")


Server = Annotated[
    str,
    typer.Option(
        "--server",
        envvar="QUOTH_SERVER",
        metavar="HOST:PORT",
        help="Server to ask. Without one the engine of quoth-server runs here.",
        rich_help_panel=_CONNECTION,
    ),
]
Timeout = Annotated[
    float,
    typer.Option(
        "--timeout",
        min=0.001,
        metavar="SECONDS",
        help="Longest wait for any next answer of the server.",
        rich_help_panel=_CONNECTION,
    ),
]
Wait = Annotated[
    float,
    typer.Option(
        "--wait",
        min=0,
        metavar="SECONDS",
        help="Wait up to this long for a server that is starting.",
        rich_help_panel=_CONNECTION,
    ),
]
Tls = Annotated[
    bool,
    typer.Option(
        "--tls",
        help="Connect by TLS; any other --tls option turns it on too.",
        rich_help_panel=_CONNECTION,
    ),
]
TlsCa = Annotated[
    Path | None,
    typer.Option(
        "--tls-ca",
        metavar="FILE",
        help="PEM file of the authorities to trust, instead of the system's.",
        rich_help_panel=_CONNECTION,
    ),
]
TlsCert = Annotated[
    Path | None,
    typer.Option(
        "--tls-cert",
        metavar="FILE",
        help="PEM file of the client's certificate, with --tls-key.",
        rich_help_panel=_CONNECTION,
    ),
]
TlsKey = Annotated[
    Path | None,
    typer.Option(
        "--tls-key",
        metavar="FILE",
        help="PEM file of the client's private key.",
        rich_help_panel=_CONNECTION,
    ),
]
TlsServerName = Annotated[
    str,
    typer.Option(
        "--tls-server-name",
        metavar="NAME",
        help="Name to expect in the server's certificate, where it is not the host.",
        rich_help_panel=_CONNECTION,
    ),
]
TokenFile = Annotated[
    Path | None,
    typer.Option(
        "--token-file",
        metavar="FILE",
        help="File with the token to show to the server; or give the token as QUOTH_TOKEN.",
        rich_help_panel=_CONNECTION,
    ),
]
Insecure = Annotated[
    bool,
    typer.Option(
        "--insecure",
        envvar="QUOTH_INSECURE",
        help="Allow plain text, and the token in it, to a server on another machine.",
        rich_help_panel=_CONNECTION,
    ),
]
Published = Annotated[
    str,
    typer.Option(
        "--published",
        metavar="DATE",
        help="Day of publication, such as 2026-05-14, or the time with its offset. Weekdays are "
        "counted from it. Without it, the article is searched for it.",
        rich_help_panel=_ARTICLE,
    ),
]
TimeZone = Annotated[
    str,
    typer.Option(
        "--time-zone",
        metavar="ZONE",
        help="Time zone of the dateline, such as America/New_York; UTC without it.",
        rich_help_panel=_ARTICLE,
    ),
]
Language = Annotated[
    str,
    typer.Option(
        "--language",
        metavar="CODE",
        help="Language, such as en; detected without it.",
        rich_help_panel=_ARTICLE,
    ),
]
Kinds = Annotated[
    list[Kind] | None,
    typer.Option(
        "--kind",
        help="Kind of statement to find; may be given several times. All without it.",
        show_default=False,
        rich_help_panel=_STATEMENTS,
    ),
]
MinConfidence = Annotated[
    float | None,
    typer.Option(
        "--min-confidence",
        min=0,
        max=1,
        metavar="0..1",
        help="Leave out statements that are less sure; the server decides without it.",
        rich_help_panel=_STATEMENTS,
    ),
]
Rejected = Annotated[
    bool,
    typer.Option(
        "--rejected",
        help="Tell too which words in quotation marks are no statement, and why.",
        rich_help_panel=_STATEMENTS,
    ),
]
Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="IN...",
        help="Files (.jsonl, .csv, .parquet, .txt, .html, .warc; also .gz or .zst), folders of "
        'them, or - for standard input. JSON Lines are such as {"id": "a1", "body": "…"}.',
        show_default=False,
    ),
]
Form = Annotated[
    BulkFormat | None,
    typer.Option(
        "--format", "-f", help="Form of OUT; without it, what its name ends in.", show_default=False
    ),
]
RowsOf = Annotated[
    Rows | None,
    typer.Option(
        "--rows",
        help="What a row is of; articles in JSON Lines, else statements, without it.",
        show_default=False,
    ),
]
WithText = Annotated[bool, typer.Option("--with-text", help="Put the article's text in too.")]
Resume = Annotated[
    bool,
    typer.Option("--resume", help="Go on where the run that wrote OUT stopped; retry failures."),
]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Begin anew, even if OUT is of an unfinished run.")
]


def _field(name: str, what: str) -> Any:
    help_text = f"Field of IN that has the {what}."
    return typer.Option(
        f"--{name}-field", metavar="NAME", help=help_text, rich_help_panel="Fields of IN"
    )


TextField = Annotated[str, _field("text", "text")]
TitleField = Annotated[str, _field("title", "headline")]
DateField = Annotated[str, _field("date", "day or time of publication")]
IdField = Annotated[str, _field("id", "id")]
UrlField = Annotated[str, _field("url", "address")]
AuthorField = Annotated[str, _field("author", "author")]
SectionField = Annotated[str, _field("section", "section")]
