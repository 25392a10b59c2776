"""`quoth verify`: did they say it?"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from quoth.v1 import VerifyQuoteResponse
from quoth_cli.archive_options import ArchiveOrServer, IndexFolder
from quoth_cli.articles import item_of
from quoth_cli.attributor import attributor, verifier
from quoth_cli.connection import ConnectionOptions
from quoth_cli.exits import Exit, Failure
from quoth_cli.formats.document import fields
from quoth_cli.formats.verified import written
from quoth_cli.inputs import Defaults
from quoth_cli.outcome import ending
from quoth_cli.printable import standard_output
from quoth_cli.problems import exit_of, located

__all__ = ["verify"]


class _Form(StrEnum):
    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"


_Quotation = Annotated[
    str,
    typer.Argument(
        metavar="QUOTATION",
        help="The words, with or without quotation marks. An ellipsis stands for omitted words, "
        "and words in square brackets are an editor's.",
        show_default=False,
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
_FormOption = Annotated[
    _Form, typer.Option("--format", "-f", help="text to read; json or jsonl to process.")
]


@ending
def verify(
    *,
    quotation: _Quotation,
    archive: ArchiveOrServer = None,
    speaker: _Speaker = "",
    article: _Article = "",
    index: IndexFolder = None,
    form: _FormOption = _Form.TEXT,
    connection: ConnectionOptions,
) -> Exit:
    """Check whether somebody said some words: verbatim, altered, in other words, or in part.

    Marks, case, spaces, punctuation, ellipses and brackets make no difference; the answer lists
    what was overlooked. Not found does not mean that the quotation is false, only that these
    articles do not have it. The first time, an index of ARCHIVE is built, which takes a while.

    Example: quoth verify "Nobody reads the ledger" --speaker Lund statements.parquet
    """
    if not any(map(str.isalnum, quotation)):
        raise Failure(Exit.USAGE, "QUOTATION has no word; give the words to look for")
    if article and archive:
        raise Failure(Exit.USAGE, "ARCHIVE and --article are both given; give one of them")
    if index and not archive:
        raise Failure(Exit.USAGE, "--index needs ARCHIVE, which is not given")
    with _response(quotation, speaker, article, archive, index, connection) as response:
        _write(response, form)
    return Exit.OK


@contextlib.contextmanager
def _response(
    quotation: str,
    speaker: str,
    article: str,
    archive: Path | None,
    index: Path | None,
    connection: ConnectionOptions,
) -> Iterator[VerifyQuoteResponse]:
    if not article:
        with verifier(connection, archive, index) as asked:
            yield asked.verify(quotation, speaker=speaker)
        return
    item = item_of(article, article, Defaults())
    if item.article is None:
        assert item.problem
        raise Failure(exit_of(item.problem), located(item.place, item.problem))
    with attributor(connection) as source:
        yield source.verify(quotation, speaker=speaker, article=item.article)


def _write(response: VerifyQuoteResponse, form: _Form) -> None:
    out = standard_output()
    match form:
        case _Form.TEXT:
            out.writelines(f"{line}\n" for line in written(response))
        case _Form.JSON:
            out.write(json.dumps(fields(response), ensure_ascii=False, indent=2) + "\n")
        case _Form.JSONL:
            out.write(json.dumps(fields(response), ensure_ascii=False) + "\n")
