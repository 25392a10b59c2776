"""`quoth evaluate`: how good the answers are, on gold."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.progress import track

from quoth_cli.attributor import attributor
from quoth_cli.connection import ConnectionOptions
from quoth_cli.cores import cores
from quoth_cli.evaluation.asking import answers
from quoth_cli.evaluation.documents import GoldError, Prediction
from quoth_cli.evaluation.page import page
from quoth_cli.evaluation.reading import check_spans, read_gold, read_predictions
from quoth_cli.evaluation.scoring import Gold, Score, score, unseen_first
from quoth_cli.evaluation.table import table
from quoth_cli.exits import Exit, Failure
from quoth_cli.files import writing
from quoth_cli.outcome import ending, say
from quoth_cli.printable import standard_output
from quoth_cli.problems import located

__all__ = ["evaluate"]


class _Form(StrEnum):
    TABLE = "table"
    JSON = "json"


_Gold = Annotated[
    list[Path],
    typer.Argument(
        metavar="GOLD...", help="Files of gold (.jsonl or .toml) or folders of such files."
    ),
]
_FormOption = Annotated[
    _Form, typer.Option("--format", "-f", help="table to read; json to process.")
]
_Html = Annotated[
    Path | None,
    typer.Option(
        "--html",
        metavar="FILE",
        help="Page to write with the worst articles, gold and answer side by side.",
    ),
]
_Worst = Annotated[
    int, typer.Option("--worst", min=1, metavar="N", help="Articles of each gold set on the page.")
]
_Predictions = Annotated[
    Path | None,
    typer.Option(
        "--predictions",
        metavar="FILE",
        help="Score the predictions in FILE (.jsonl) instead of those of a server or the engine.",
    ),
]
_Keep = Annotated[
    Path | None,
    typer.Option(
        "--keep",
        metavar="FILE",
        help="Save the answers as predictions (.jsonl), for --predictions.",
    ),
]


@ending
def evaluate(
    *,
    gold: _Gold,
    form: _FormOption = _Form.TABLE,
    html: _Html = None,
    worst: _Worst = 20,
    predictions: _Predictions = None,
    keep: _Keep = None,
    connection: ConnectionOptions,
) -> Exit:
    """Score a server, or the engine, on gold: articles with records, attributions or cases.

    Held-out articles are scored separately and come first. An article that could not be read
    counts as one in which nothing was found. docs/evaluation.md has the formats, and explains
    each figure.

    Example: quoth evaluate gold.jsonl --html worst.html
    """
    try:
        sets = unseen_first(map(read_gold, gold))
        given = None if predictions is None else _given(predictions, sets)
    except GoldError as error:
        raise Failure(Exit.INPUT, str(error)) from error
    engine = ""
    if given is not None:
        scores = [score(each, given) for each in sets]
    else:
        engine, scores = _asked(connection, sets, keep)
    _write(engine, scores, form)
    if html is not None:
        _save(html, page(engine, scores, worst))
    return Exit.SOME_FAILED if any(each.unanswered for each in scores) else Exit.OK


def _given(path: Path, sets: Iterable[Gold]) -> Mapping[str, Prediction]:
    """The predictions of a file for the gold's documents."""
    given = read_predictions(path)
    documents = [document for each in sets for document in each.documents]
    if strangers := sorted(set(given).difference(each.id for each in documents)):
        others = f" and {len(strangers) - 1} more" if len(strangers) > 1 else ""
        say(f"{path}: {strangers[0]}{others}: not in the gold, so not scored")
    for document in documents:
        if document.id in given:
            check_spans(str(path), document, given[document.id])
    return given


def _asked(
    connection: ConnectionOptions, sets: Iterable[Gold], keep: Path | None
) -> tuple[str, list[Score]]:
    """The engine's version, and how good its answers are."""
    scores = []
    kept: dict[str, Prediction] = {}
    console = Console(stderr=True)
    with attributor(connection, cores()) as source:
        engine = source.server_info().engine_version
        for each in sets:
            found = {}
            for document, answer in track(
                answers(source, each.documents),
                description=each.title,
                total=len(each.documents),
                console=console,
                transient=True,
                disable=not console.is_terminal,
            ):
                if isinstance(answer, Prediction):
                    found[document.id] = answer
                else:
                    say(located(document.id, answer))
            kept.update(found)
            scores.append(score(each, found))
    if keep is not None:
        lines = [msgspec.json.encode(each).decode() for each in kept.values()]
        _save(keep, "".join(f"{line}\n" for line in lines))
    return engine, scores


def _write(engine: str, scores: Iterable[Score], form: _Form) -> None:
    out = standard_output()
    match form:
        case _Form.JSON:
            made = {"engine": engine, "scores": [each.fields() for each in scores]}
            out.write(json.dumps(made, ensure_ascii=False, indent=2) + "\n")
        case _Form.TABLE:
            if engine:
                out.write(f"engine {engine}\n")
            for each in scores:
                out.writelines(f"{line}\n" for line in ("", *table(each)))


def _save(path: Path, text: str) -> None:
    with writing(path):
        path.write_text(text, encoding="utf-8", newline="")
