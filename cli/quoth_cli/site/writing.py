"""Writes the files of a site: a page for each article, the statements as Parquet, the index."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from quoth.v1 import Article
from quoth_cli.bulk.beside import replacing
from quoth_cli.bulk.kept import kept_answer
from quoth_cli.files import replace
from quoth_cli.report import Attributed, page
from quoth_cli.site.index import Index, index_page
from quoth_cli.site.layout import DATA, INDEX, PAGES, SCRIPT, STYLE, page_of
from quoth_cli.table.rows import Row, article_row
from quoth_cli.table.schema import Rows, parquet_schema, table_of
from quoth_cli.web import script, site_script, style

__all__ = ["write_site"]

_BATCH = 500


def write_site(folder: Path, number: int, rows: Iterator[dict[str, Any]]) -> None:
    """Writes the pages of rows of `quoth_cli.bulk.kept`, and the index over all that are there.

    Args:
        folder: The folder of the site.
        number: That of the journal of the rows, after which their data is named.
        rows: The articles with their answers.

    Raises:
        OSError: A file cannot be written.
        ModuleNotFoundError: pyarrow is not installed.
    """
    import pyarrow.parquet as pq

    (folder / PAGES).mkdir(exist_ok=True)
    (folder / DATA).mkdir(exist_ok=True)
    replace(folder / SCRIPT, f"{script()}\n{site_script()}")
    replace(folder / STYLE, style())
    schema = parquet_schema(Rows.ARTICLES)
    path = folder / DATA / f"{number:03}.parquet"
    with replacing(path) as file, pq.ParquetWriter(file, schema, compression="zstd") as writer:
        while some := list(itertools.islice(rows, _BATCH)):
            told = [_written(folder, row) for row in some]
            writer.write_table(table_of(told, schema))
    index = Index()
    for each in sorted((folder / DATA).glob("*.parquet")):
        with pq.ParquetFile(each) as file:
            for batch in file.iter_batches(_BATCH):
                index.add(batch.to_pylist())
    replace(folder / INDEX, index_page(index))


def _written(folder: Path, row: dict[str, Any]) -> Row:
    """Writes the page of an article, and gives its row for the data."""
    position: int = row["position"]
    meta, article, response = kept_answer(row)
    shown = Article(body=article.body, title=meta.title, source_uri=meta.url)
    made = page([Attributed(meta.id, shown, response)], site="..")
    replace(folder / page_of(position, meta.id), made)
    return article_row(position, meta, response, article.body)
