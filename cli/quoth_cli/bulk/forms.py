"""The forms of output of `quoth bulk`, one row of a table each."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import PurePath

from quoth.v1 import Article, AttributeQuotesResponse
from quoth_cli.bulk.folders import FolderTarget
from quoth_cli.bulk.kept import kept_row, write_brat, write_docbins
from quoth_cli.bulk.output import Target
from quoth_cli.bulk.workbooks import XlsxTarget
from quoth_cli.exits import Exit, Failure
from quoth_cli.formats.csv import write_header, write_rows
from quoth_cli.formats.docbin import require_spacy
from quoth_cli.formats.json import DOCUMENTS
from quoth_cli.problems import Problem, fields_of
from quoth_cli.reading import Item
from quoth_cli.site.writing import write_site
from quoth_cli.table.parquet import ParquetTarget
from quoth_cli.table.rows import ArticleMeta, Row, article_row, statement_rows
from quoth_cli.table.schema import Rows, parquet_schema

__all__ = ["FORMS", "BulkFormat", "Form", "Layout", "format_of"]


class BulkFormat(StrEnum):
    """The forms of output."""

    JSONL = "jsonl"
    PARQUET = "parquet"
    CSV = "csv"
    XLSX = "xlsx"
    JSONLD = "jsonld"
    WEBANNOTATION = "webannotation"
    DOCBIN = "docbin"
    BRAT = "brat"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Layout:
    """What the rows of an output are.

    Attributes:
        rows: What a row is of.
        with_text: Whether it has the article's text.
        columns: The columns of a table for people.
        bom: Whether CSV begins with a byte order mark.
    """

    rows: Rows
    with_text: bool
    columns: tuple[str, ...] = ()
    bom: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A form of output.

    Attributes:
        choices: What a row can be of, first what it is of where nothing is said.
        encode: The rows of an article as bytes. With a target they are JSON Lines: see
            `quoth_cli.bulk.output`.
        header: What the file begins with.
        encode_failure: The row of a failure in a stream, which has no file of failures beside it.
        target: What is made of the rows in the end; None where they are the output.
        folder: Whether that is a folder.
        all: Whether it holds less likely statements too, as what reads it leaves them out.
        people: Whether it is a table for people, which has the columns and the texts that are
            asked for and no others.
    """

    choices: tuple[Rows, ...]
    encode: Callable[[Item, AttributeQuotesResponse, Layout], bytes]
    header: Callable[[Layout], bytes] = lambda _layout: b""
    encode_failure: Callable[[Item, Problem, Layout], bytes] = lambda _item, _problem, _layout: b""
    target: Callable[[Layout], Target] | None = None
    folder: bool = False
    all: bool = False
    people: bool = False


# Whoever opens such a file expects anything but JSON Lines.
_NOT_WRITTEN = frozenset(
    {
        *("gz", "zst", "bz2", "xz", "zip", "tsv", "xls", "ods", "html"),
        *("feather", "arrow", "avro", "orc", "db", "duckdb", "sqlite"),
    }
)


def format_of(output: str) -> BulkFormat:
    """The form that the end of a file's name says; JSON Lines if it says none.

    Raises:
        Failure: It says one that is not written.
    """
    suffix = PurePath(output).suffix.lower().removeprefix(".")
    if suffix in _NOT_WRITTEN:
        raise Failure(
            Exit.USAGE,
            f"{output}: cannot write .{suffix}; name it .parquet, .csv, .xlsx or .jsonl, or give a "
            "--format, such as html for a folder of pages",
        )
    return BulkFormat(suffix) if suffix in list(BulkFormat) else BulkFormat.JSONL


def _jsonl(item: Item, response: AttributeQuotesResponse, layout: Layout) -> bytes:
    if layout.rows is Rows.STATEMENTS:
        return _row_lines(item, response, layout)
    made = DOCUMENTS["jsonl"](*_given(item), response, layout.with_text)
    del made["id"]  # which is a text there, whatever the input has
    return _lines([{"id": item.id, "position": item.position, **made}])


def _jsonl_failure(item: Item, problem: Problem, layout: Layout) -> bytes:
    if layout.rows is Rows.STATEMENTS:
        return b""
    return _lines([{"id": item.id, "position": item.position, "error": fields_of(problem)}])


def _row_lines(item: Item, response: AttributeQuotesResponse, layout: Layout) -> bytes:
    return _lines(_rows(item, response, layout))


def _parquet_target(layout: Layout) -> Target:
    return ParquetTarget(parquet_schema(layout.rows, with_text=layout.with_text))


def _xlsx(item: Item, response: AttributeQuotesResponse, layout: Layout) -> bytes:
    rows = _rows(item, response, layout)
    return _lines([{name: row.get(name) for name in layout.columns} for row in rows])


def _xlsx_target(layout: Layout) -> Target:
    return XlsxTarget(layout.columns)


def _brat_target(_: Layout) -> Target:
    return FolderTarget(write_brat)


def _docbin_target(_: Layout) -> Target:
    require_spacy()  # now, and not when all is read
    return FolderTarget(write_docbins)


def _site_target(_: Layout) -> Target:
    parquet_schema(Rows.ARTICLES)  # now, and not when all is read
    return FolderTarget(write_site)


def _kept(item: Item, response: AttributeQuotesResponse, _: Layout) -> bytes:
    return _lines([kept_row(item, response)])


def _csv(item: Item, response: AttributeQuotesResponse, layout: Layout) -> bytes:
    out = io.StringIO(newline="")
    write_rows(_rows(item, response, layout), out, layout.columns)
    return out.getvalue().encode()


def _csv_header(layout: Layout) -> bytes:
    out = io.StringIO(newline="")
    write_header(out, layout.columns, bom=layout.bom)
    return out.getvalue().encode()


def _document(form: str, item: Item, response: AttributeQuotesResponse, layout: Layout) -> bytes:
    return _lines([DOCUMENTS[form](*_given(item), response, layout.with_text)])


def _rows(item: Item, response: AttributeQuotesResponse, layout: Layout) -> list[Row]:
    meta, article = _given(item)
    if layout.rows is Rows.STATEMENTS:
        return statement_rows(
            item.position, meta, response, article.body, with_text=layout.with_text
        )
    return [article_row(item.position, meta, response, article.body, with_text=layout.with_text)]


def _given(item: Item) -> tuple[ArticleMeta, Article]:
    assert item.meta is not None
    assert item.article is not None
    return item.meta, item.article


def _lines(rows: list[Row]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


_STATEMENTS, _ARTICLES = (Rows.STATEMENTS,), (Rows.ARTICLES,)

FORMS: Mapping[BulkFormat, Form] = {
    BulkFormat.JSONL: Form(_ARTICLES + _STATEMENTS, _jsonl, encode_failure=_jsonl_failure),
    BulkFormat.PARQUET: Form(_STATEMENTS + _ARTICLES, _row_lines, target=_parquet_target, all=True),
    BulkFormat.CSV: Form(_STATEMENTS, _csv, header=_csv_header, people=True),
    BulkFormat.XLSX: Form(_STATEMENTS, _xlsx, target=_xlsx_target, people=True),
    BulkFormat.JSONLD: Form(_ARTICLES, partial(_document, "jsonld")),
    BulkFormat.WEBANNOTATION: Form(_ARTICLES, partial(_document, "webannotation")),
    BulkFormat.DOCBIN: Form(_ARTICLES, _kept, target=_docbin_target, folder=True),
    BulkFormat.BRAT: Form(_ARTICLES, _kept, target=_brat_target, folder=True),
    BulkFormat.HTML: Form(_ARTICLES, _kept, target=_site_target, folder=True, all=True),
}
"""Every form of output."""
