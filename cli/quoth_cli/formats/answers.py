"""Answers that are one message, and lists of plain values: to read and to process."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer
from google.protobuf.message import Message

from quoth_cli.formats.document import fields
from quoth_cli.printable import standard_output

__all__ = ["ListForm", "MessageForm", "MessageFormOption", "write_list", "write_message"]


class MessageForm(StrEnum):
    """The forms of a message."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"


MessageFormOption = Annotated[
    MessageForm, typer.Option("--format", "-f", help="text to read; json or jsonl to process.")
]


class ListForm(StrEnum):
    """The forms of a list."""

    TEXT = "text"
    JSONL = "jsonl"
    CSV = "csv"


def write_message(message: Message, form: MessageForm, lines: Iterable[str]) -> None:
    """Writes a message to standard output; as a text it is the lines."""
    out = standard_output()
    if form is MessageForm.TEXT:
        out.writelines(f"{line}\n" for line in lines)
        return
    indent = 2 if form is MessageForm.JSON else None
    out.write(json.dumps(fields(message), ensure_ascii=False, indent=indent) + "\n")


def write_list(
    values: Iterable[Mapping[str, Any]],
    form: ListForm,
    *,
    lines: Callable[[Mapping[str, Any]], Iterable[str]],
    columns: Sequence[str],
    rows: Callable[[int, Mapping[str, Any]], Iterable[Sequence[str | int | None]]],
) -> int:
    """Writes values to standard output as they come.

    Args:
        values: What is written.
        form: How.
        lines: The lines of a value, as a text.
        columns: Those of CSV.
        rows: The rows of a value, which has a number, from 1.

    Returns:
        How many there were.
    """
    out = standard_output()
    writer = csv.writer(out)
    if form is ListForm.CSV:
        writer.writerow(columns)
    number = 0
    for number, value in enumerate(values, 1):
        match form:
            case ListForm.TEXT:
                out.writelines(f"{line}\n" for line in lines(value))
            case ListForm.JSONL:
                out.write(f"{json.dumps(value, ensure_ascii=False)}\n")
            case ListForm.CSV:
                writer.writerows(rows(number, value))
    return number
