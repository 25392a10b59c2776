"""`quoth verify`: did they say it?"""

from __future__ import annotations

from typing import Annotated

import typer

from quoth_cli.archive_options import ArchiveOrServer, IndexFolder
from quoth_cli.articles import item_of
from quoth_cli.attributor import attributor, connect, own_archive
from quoth_cli.connection import ConnectionOptions
from quoth_cli.exits import Exit, Failure
from quoth_cli.formats.answers import MessageForm, MessageFormOption, write_message
from quoth_cli.formats.verified import written
from quoth_cli.outcome import ending
from quoth_cli.problems import exit_of, located

__all__ = ["verify"]


_Quotation = Annotated[
    str,
    typer.Argument(
        metavar="QUOTATION",
        help="The words, with or without quotation marks. An ellipsis stands for omitted words, "
        "and words in square brackets are an editor's.",
    ),
]
_Speaker = Annotated[
    str,
    typer.Option("--speaker", metavar="NAME", help="Who supposedly said it (default: anybody)."),
]
_Article = Annotated[
    str,
    typer.Option(
        "--article",
        metavar="FILE|-",
        help="Article to look in instead of an archive: plain text or HTML.",
    ),
]


@ending
def verify(
    context: typer.Context,
    *,
    quotation: _Quotation,
    archive: ArchiveOrServer = None,
    speaker: _Speaker = "",
    article: _Article = "",
    index: IndexFolder = None,
    form: MessageFormOption = MessageForm.TEXT,
    connection: ConnectionOptions,
) -> Exit:
    """Check whether somebody said some words: verbatim, altered, in other words, or in part.

    Quotation marks, letter case, spacing, punctuation, ellipses and brackets make no difference;
    the answer lists which of these were ignored. Not found does not mean that the quotation is
    false, only that these articles do not have it. The first time, an index of ARCHIVE is built,
    which takes a while.

    Example: quoth verify "Nobody reads the ledger" --speaker Lund statements.parquet
    """
    if not any(map(str.isalnum, quotation)):
        raise Failure(Exit.USAGE, "QUOTATION has no word; give the words to look for")
    if article and archive:
        raise Failure(Exit.USAGE, "ARCHIVE and --article are both given; give one of them")
    if index and not archive:
        raise Failure(Exit.USAGE, "--index needs ARCHIVE, which is not given")
    if article:
        item = item_of(article, article)
        if item.article is None:
            assert item.problem
            raise Failure(exit_of(item.problem), located(item.place, item.problem))
        with attributor(connection) as source:
            response = source.verify(quotation, speaker=speaker, article=item.article)
    else:
        asked = (
            own_archive(connection.for_archive(context), archive, index)
            if archive
            else connect(connection)
        )
        with asked as source:
            response = source.verify(quotation, speaker=speaker)
    write_message(response, form, written(response))
    return Exit.OK
