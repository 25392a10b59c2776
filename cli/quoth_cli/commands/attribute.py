"""`quoth attribute`: who said what in some texts."""

from __future__ import annotations

import functools
import sys
from typing import Annotated

import typer

from quoth_cli.articles import files_in, item_of
from quoth_cli.attributor import attributor
from quoth_cli.connection import ConnectionOptions
from quoth_cli.exits import Exit, Failure
from quoth_cli.formats import Format, format_of, renderer
from quoth_cli.formats.output import rendering
from quoth_cli.likely import likely, told
from quoth_cli.options import ArticleOptions, FileOptions, StatementOptions
from quoth_cli.outcome import ending, say
from quoth_cli.problems import exit_of, located
from quoth_cli.readers.mapping import FieldMap
from quoth_cli.readers.streams import STDIN
from quoth_cli.reading import read_all
from quoth_cli.table.columns import TableOptions

__all__ = ["attribute"]

_Files = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="FILE|FOLDER|-",
        help="Files of plain text, HTML, .docx or .pdf, one article each, and folders of them; "
        "without any, or with -, standard input is read.",
    ),
]
_Form = Annotated[
    Format | None,
    typer.Option(
        "--format",
        "-f",
        help="text to read; html to look at; csv or xlsx for spreadsheets; json or jsonl (one "
        "line each) to process; jsonld, webannotation, docbin (spaCy) or brat for other tools. "
        "Default: by the extension of --output.",
    ),
]
_Out = Annotated[
    str,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE|FOLDER",
        help="File to write, for brat a folder; - is standard output.",
    ),
]
_WithText = Annotated[
    bool,
    typer.Option(
        "--with-text", help="Include the text of each article in json, jsonl, csv, xlsx and jsonld."
    ),
]
_Title = Annotated[
    str,
    typer.Option(
        "--title", help="Headline, if the text does not include it.", rich_help_panel="Article"
    ),
]


@ending
def attribute(
    *,
    files: _Files = None,
    form: _Form = None,
    output: _Out = STDIN,
    with_text: _WithText = False,
    title: _Title = "",
    article: ArticleOptions,
    about: FileOptions,
    statements: StatementOptions,
    table: TableOptions,
    connection: ConnectionOptions,
) -> Exit:
    """Find who said what, in which role and when, in articles.

    Each file is one article: plain text with a blank line or a line break between paragraphs, or
    a page of HTML or a document, whose text is extracted and included in json, jsonl and jsonld.
    A file that cannot be read does not stop the others; the exit code is then that of the first
    such file.

    Example: quoth attribute story.txt --published 2026-05-14
    """
    catalog = about.catalog()
    named = files or [STDIN]
    paths = list(files_in(named))
    if title and len(paths) > 1:
        raise Failure(
            Exit.USAGE, "--title is for one article, but several files are given; leave it out"
        )
    article.check()
    table.names()  # refuses a wrong one before anything is read
    form = form or format_of(output)
    fields = FieldMap(catalog=catalog, encoding=about.encoding)
    code = Exit.OK
    left_out = 0
    # The report has a switch for them.
    all_asked = statements.min_confidence is not None or form is Format.HTML
    several = named != paths or len(paths) > 1
    make = functools.partial(renderer, form, with_text=with_text, table=table, several=several)
    with rendering(form, output, paths, make) as out, attributor(connection) as source:
        for result in read_all(
            source,
            (item_of(path, _name(path, form), article, fields, title=title) for path in paths),
            statements=statements,
        ):
            item = result.item
            if result.response is not None and item.article is not None and item.meta is not None:
                response, less_likely = (
                    (result.response, 0) if all_asked else likely(result.response)
                )
                left_out += less_likely
                out.write(item.meta, item.article, response)
            elif result.problem is not None:
                say(located(item.place, result.problem))
                code = code or exit_of(result.problem)
    if catalog and (line := catalog.unused()):
        say(line)
    if left_out:
        sys.stdout.flush()
        say(told(left_out))
    return code


def _name(path: str, form: Format) -> str:
    for_people = form in (Format.TEXT, Format.HTML)
    return "standard input" if path == STDIN and for_people else path
