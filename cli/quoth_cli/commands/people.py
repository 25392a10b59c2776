"""`quoth people`: who speaks in an archive, in which roles and when."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from quoth_cli.archive_options import (
    SCREENFUL,
    ArchivePath,
    IndexFolder,
    KnownPeople,
    MinConfidence,
    Top,
    not_counted,
)
from quoth_cli.attributor import local_archive
from quoth_cli.exits import Exit
from quoth_cli.formats.answers import ListForm, write_list
from quoth_cli.formats.people import COLUMNS, rows, written
from quoth_cli.likely import LEAST
from quoth_cli.outcome import ending, say

__all__ = ["people"]


class _Type(StrEnum):
    PERSON = "person"
    ORGANIZATION = "organization"
    PLACE = "place"


_Name = Annotated[
    str,
    typer.Option(
        "--name", metavar="WORDS", help="Words of a name, in any order; Merk* matches a prefix."
    ),
]
_Types = Annotated[
    list[_Type] | None,
    typer.Option(
        "--type", help="Type of speaker; may be given several times.", show_default="person"
    ),
]
_FormOption = Annotated[
    ListForm, typer.Option("--format", "-f", help="text to read; jsonl or csv to process.")
]


@ending
def people(
    archive: ArchivePath,
    *,
    name: _Name = "",
    types: _Types = None,
    known: KnownPeople = None,
    top: Top = None,
    index: IndexFolder = None,
    min_confidence: MinConfidence = LEAST,
    form: _FormOption = ListForm.TEXT,
) -> Exit:
    """List the people of an archive, with their roles over time, most frequent speakers first.

    Speakers of different articles are one person only where name, role, organization and time
    make it certain; otherwise they stay separate, and possible matches are listed. The first time,
    an index of ARCHIVE is built, which takes a while.

    Example: quoth people statements.parquet --name Merkel --known-people people.csv
    """
    with local_archive(archive, index) as asked:
        found = asked.people(
            name=name, types=types or [_Type.PERSON], known=known, least=min_confidence
        )
        left_out = asked.less_likely(min_confidence)
    if top is None and form is ListForm.TEXT:
        top = SCREENFUL
    shown = found[:top] if top else found
    write_list(shown, form, lines=written, columns=COLUMNS, rows=rows)
    sys.stdout.flush()
    say(_told(len(found), len(shown)))
    if left_out:
        say(not_counted(left_out, min_confidence))
    return Exit.OK


def _told(found: int, shown: int) -> str:
    if not found:
        return "nobody matches"
    told = f"{found:,} found"
    return told if shown == found else f"{told}, the first {shown:,} shown; --top 0 shows all"
