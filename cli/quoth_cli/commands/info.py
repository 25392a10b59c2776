"""`quoth info`: versions, limits and capabilities."""

from __future__ import annotations

from collections.abc import Iterator

from quoth.v1 import GetServerInfoResponse
from quoth_cli.attributor import attributor
from quoth_cli.connection import ConnectionOptions
from quoth_cli.exits import Exit
from quoth_cli.formats.answers import MessageForm, MessageFormOption, write_message
from quoth_cli.outcome import ending

__all__ = ["info"]


@ending
def info(*, form: MessageFormOption = MessageForm.TEXT, connection: ConnectionOptions) -> Exit:
    """Show the versions, limits and capabilities of a server, or of the local engine."""
    with attributor(connection) as asked:
        answer = asked.server_info()
    write_message(answer, form, (f"{name:<11} {value}" for name, value in _rows(answer)))
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
