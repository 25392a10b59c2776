"""`quoth info`: versions, limits and abilities."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated

import typer

from quoth.v1 import GetServerInfoResponse
from quoth_cli import options
from quoth_cli.attributor import Connection, attributor
from quoth_cli.exits import Exit
from quoth_cli.formats import Format
from quoth_cli.formats.document import fields
from quoth_cli.outcome import ending
from quoth_cli.printable import standard_output

__all__ = ["info"]

_Form = Annotated[Format, typer.Option("--format", "-f", help="text to read, json to process.")]


@ending
def info(
    form: _Form = Format.TEXT,
    server: options.Server = "",
    timeout: options.Timeout = options.DEFAULT_TIMEOUT,
    wait: options.Wait = 0,
    tls: options.Tls = False,
    tls_ca: options.TlsCa = None,
    tls_cert: options.TlsCert = None,
    tls_key: options.TlsKey = None,
    tls_server_name: options.TlsServerName = "",
    token_file: options.TokenFile = None,
    insecure: options.Insecure = False,
) -> Exit:
    """Show the versions, the limits and the abilities of a server, or of the engine here."""
    connection = Connection(
        server=server,
        tls=tls,
        tls_ca=tls_ca,
        tls_cert=tls_cert,
        tls_key=tls_key,
        tls_server_name=tls_server_name,
        token_file=token_file,
        insecure=insecure,
        timeout=timeout,
        wait=wait,
    )
    with attributor(connection) as asked:
        answer = asked.server_info()
    out = standard_output()
    match form:
        case Format.TEXT:
            out.writelines(f"{name:<11} {value}\n" for name, value in _rows(answer))
        case Format.JSON:
            out.write(json.dumps(fields(answer), ensure_ascii=False, indent=2) + "\n")
        case Format.JSONL:
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
