"""`quoth info`: versions, limits and capabilities."""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

import typer

from quoth.v1 import GetServerInfoResponse
from quoth_cli.attributor import attributor
from quoth_cli.connection import ConnectionOptions
from quoth_cli.exits import Exit
from quoth_cli.formats.document import fields
from quoth_cli.outcome import ending
from quoth_cli.printable import standard_output

__all__ = ["info"]


class _Form(StrEnum):
    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"


_FormOption = Annotated[
    _Form, typer.Option("--format", "-f", help="text to read; json or jsonl to process.")
]


@ending
def info(
    *,
    form: _FormOption = _Form.TEXT,
    connection: ConnectionOptions,
) -> Exit:
    """Show the versions, limits and capabilities of a server, or of the local engine."""
    with attributor(connection) as asked:
        answer = asked.server_info()
    out = standard_output()
    match form:
        case _Form.TEXT:
            out.writelines(f"{name:<11} {value}\n" for name, value in _rows(answer))
        case _Form.JSON:
            out.write(json.dumps(fields(answer), ensure_ascii=False, indent=2) + "\n")
        case _Form.JSONL:
            out.write(json.dumps(fields(answer), ensure_ascii=False) + "\n")
    return Exit.OK


def _rows(answer: GetServerInfoResponse) -> Iterator[tuple[str, str]]:
    """Yields names and values for people."""
    yield "server", answer.server_version
    yield "engine", answer.engine_version
    for component in answer.components:
        yield "", f"{component.name} {component.version}"
    yield "languages", ", ".join(answer.language_codes)
    yield "body", f"at most {answer.limits.max_body_characters:,} characters"
    yield "request", f"at most {answer.limits.max_request_bytes:,} bytes"
    if seconds := answer.limits.max_deadline.ToTimedelta().total_seconds():
        yield "deadline", f"at most {seconds:g} s an article"
    abilities = [
        field.name.replace("_", " ") for field, on in answer.capabilities.ListFields() if on
    ]
    yield "abilities", ", ".join(abilities) or "none"
