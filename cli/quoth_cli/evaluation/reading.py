"""Reads gold and predictions, and refuses what cannot be meant, by file, line and field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from quoth_cli.evaluation.documents import (
    Attributions,
    Case,
    Document,
    GoldError,
    Prediction,
    Records,
    Span,
)
from quoth_cli.evaluation.scoring import Gold
from quoth_cli.evaluation.toml_gold import read_toml

__all__ = ["check_spans", "read_gold", "read_predictions"]

_KINDS: dict[str, type[Document]] = {
    "records": Records,
    "attributions": Attributions,
    "expect": Case,
}
_T = TypeVar("_T")


def read_gold(path: Path) -> Gold:
    """The documents of a file (.jsonl or .toml) or a folder of such files.

    Raises:
        GoldError: They cannot be read, or are not of one kind.
    """
    if path.is_dir():
        files = sorted(f for f in path.iterdir() if f.suffix in (".toml", ".jsonl"))
    else:
        files = [path]
    documents: dict[str, Document] = {}
    for file in files:
        for place, document in _documents(file):
            if document.id in documents:
                raise GoldError(f"{place}: id {document.id!r} occurs twice; give each its own")
            documents[document.id] = document
    kinds = sorted({type(each).__name__.lower() for each in documents.values()})
    if len(kinds) > 1:
        raise GoldError(f"{path}: has {' and '.join(kinds)}; put each kind in a separate file")
    if not documents:
        raise GoldError(f"{path}: has no gold documents; give a .jsonl or .toml file with some")
    return Gold(path.resolve().name, tuple(documents.values()))


def read_predictions(path: Path) -> dict[str, Prediction]:
    """The predictions of a .jsonl file by the id of their document.

    Raises:
        GoldError: They cannot be read.
    """
    found: dict[str, Prediction] = {}
    for place, line in _lines(path):
        made = _decoded(place, line, Prediction)
        if made.id in found:
            raise GoldError(f"{place}: id {made.id!r} occurs twice; give one prediction each")
        found[made.id] = made
    return found


def check_spans(place: str, document: Document, prediction: Prediction) -> None:
    """Refuses predictions of another text.

    Raises:
        GoldError: The text differs, or a span is not in it.
    """
    if prediction.text is not None and prediction.text != document.text:
        raise GoldError(f"{place}: {document.id}: its text differs from the gold's")
    spans = [
        *(span for each in prediction.statements for span in each.content),
        *(each.span for each in prediction.rejected),
        *(span for each in prediction.attributions for span in each.spans),
    ]
    _check(f"{place}: {document.id}", document.text, spans)


def _documents(path: Path) -> Iterator[tuple[str, Document]]:
    if path.suffix == ".toml":
        for fields in read_toml(path):
            yield path.name, msgspec.convert(fields, Records)
        return
    for place, line in _lines(path):
        yield place, _document(place, line)


def _document(place: str, line: bytes) -> Document:
    keys = _decoded(place, line, dict[str, msgspec.Raw])
    kind = next((kind for key, kind in _KINDS.items() if key in keys), None)
    if kind is None:
        raise GoldError(f"{place}: has none of {', '.join(_KINDS)}, so it is not gold")
    document = _decoded(place, line, kind)
    _check(place, document.text, _spans_of(document))
    if isinstance(document, Case):
        _check_words(place, document)
    return document


def _spans_of(document: Document) -> Iterator[Span]:
    match document:
        case Records():
            for content in (*(record.content for record in document.records), *document.other):
                yield from content
            yield from (each.span for each in document.not_statements)
            for unsaid in document.unsaid:
                yield from unsaid.content
        case Attributions():
            for each in document.attributions:
                yield from each.spans


def _check(place: str, text: str, spans: Iterable[Span]) -> None:
    for start, end in spans:
        if not 0 <= start <= end <= len(text):
            raise GoldError(
                f"{place}: span [{start}, {end}] is outside the text of {len(text)} "
                "characters; count code points from 0"
            )


def _check_words(place: str, case: Case) -> None:
    wordings = [part for each in case.expect for parts in each.wordings for part in parts]
    for words in (*wordings, *case.forbid):
        if case.text.count(words) != 1:
            raise GoldError(
                f"{place}: {words!r} occurs {case.text.count(words)} times in the text; give "
                "words that occur once"
            )


def _decoded(place: str, line: bytes, kind: type[_T]) -> _T:
    try:
        return msgspec.json.decode(line, type=kind)
    except msgspec.MsgspecError as error:
        raise GoldError(f"{place}: {error}") from error


def _lines(path: Path) -> Iterator[tuple[str, bytes]]:
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield f"{path}:{number}", line
    except OSError as error:
        raise GoldError(f"{path}: cannot be read: {error.strerror}; check the path") from error
