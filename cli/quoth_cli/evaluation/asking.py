"""Asks a server, or the engine, for the documents of some gold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import quoth
from quoth import Client, InvalidArticle
from quoth_cli.evaluation.answers import prediction_of
from quoth_cli.evaluation.documents import Document, Prediction
from quoth_cli.options import StatementOptions
from quoth_cli.problems import Problem
from quoth_cli.reading import Item, read_all

__all__ = ["answers"]


def answers(
    attributor: Client, documents: Iterable[Document]
) -> Iterator[tuple[Document, Prediction | Problem]]:
    """Yields each document, in order, with its answer or with why there is none."""
    listed = list(documents)
    items = (_item(number, document) for number, document in enumerate(listed))
    for result in read_all(attributor, items, statements=StatementOptions(rejected=True)):
        document = listed[result.item.position]
        if result.response is not None:
            yield document, prediction_of(document.id, document.text, result.response)
        elif result.problem is not None:
            yield document, result.problem


def _item(position: int, document: Document) -> Item:
    try:
        article = quoth.article(
            document.text, title=document.title or "", published=document.published
        )
    except InvalidArticle as problem:
        return Item(document.id, document.id, problem=problem, position=position)
    return Item(document.id, document.id, article, position=position)
