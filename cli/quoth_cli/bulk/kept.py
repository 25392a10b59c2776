"""Answers kept whole in a journal, for forms of `quoth bulk` that are folders of files."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from google.protobuf.json_format import ParseDict, ParseError

from quoth.v1 import Article, AttributeQuotesResponse
from quoth_cli.bulk.beside import replacing
from quoth_cli.files import file_name, replace
from quoth_cli.formats.brat import CONFIGURATION, write_files
from quoth_cli.formats.docbin import DocBinRenderer
from quoth_cli.formats.document import fields
from quoth_cli.reading import Item
from quoth_cli.table.rows import ArticleMeta

__all__ = ["kept_answer", "kept_row", "write_brat", "write_docbins"]

_DOCS_A_FILE = 1_000

_Row = dict[str, Any]


def kept_row(item: Item, response: AttributeQuotesResponse) -> _Row:
    """An article with its answer, as a row of a journal."""
    assert item.meta is not None
    assert item.article is not None
    return {
        "position": item.position,
        "meta": dataclasses.asdict(item.meta),
        "text": item.article.body,
        "response": fields(response),
    }


def kept_answer(row: _Row) -> tuple[ArticleMeta, Article, AttributeQuotesResponse]:
    """What a row of a journal holds.

    Raises:
        ValueError: It is not such a row.
    """
    try:
        response = ParseDict(row["response"], AttributeQuotesResponse())
    except ParseError as error:
        raise ValueError(f"no answer in {row['position']}: {error}") from error
    return ArticleMeta(**row["meta"]), Article(body=row["text"]), response


def write_docbins(folder: Path, number: int, rows: Iterator[_Row]) -> None:
    """Writes a file of spaCy's for each thousand articles.

    Raises:
        OSError: A file cannot be written.
        Failure: spaCy is not installed.
    """
    for part in itertools.count():
        some = list(itertools.islice(rows, _DOCS_A_FILE))
        if not some:
            return
        with replacing(folder / f"{number:03}-{part:05}.spacy") as out:
            renderer = DocBinRenderer(out)
            for row in some:
                renderer.write(*kept_answer(row))
            renderer.close()


def write_brat(folder: Path, number: int, rows: Iterator[_Row]) -> None:
    """Writes the files of brat, named by the position and the id of each article.

    Raises:
        OSError: A file cannot be written.
    """
    del number  # positions are unlike each other over all journals
    replace(folder / "annotation.conf", CONFIGURATION)
    for row in rows:
        meta, article, response = kept_answer(row)
        name = f"{row['position']:06}-{file_name(meta.id)}"
        write_files(folder, name, article, response)
