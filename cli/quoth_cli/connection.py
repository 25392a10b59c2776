"""How to reach a server, as the options say."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from quoth import TLS, AsyncClient, Client
from quoth_cli.exits import Exit, Failure

__all__ = ["ConnectionOptions", "Timeout"]


_Client = TypeVar("_Client", Client, AsyncClient)

_option = partial(typer.Option, rich_help_panel="Connection")
Timeout = Annotated[
    float,
    _option(
        "--timeout",
        help="Longest wait for the next answer, from a server or the local engine.",
        min=0.001,
        metavar="SECONDS",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionOptions:
    """How to reach a server; without a `server` the engine runs on this machine."""

    server: Annotated[
        str,
        _option(
            "--server",
            help="Server to use (default: the engine of quoth-server on this machine).",
            envvar="QUOTH_SERVER",
            metavar="HOST:PORT",
        ),
    ] = ""
    # The default is longer than a server may take for one article, so that its own error is seen.
    timeout: Timeout = 120.0
    wait: Annotated[
        float,
        _option(
            "--wait",
            help="Wait up to this long for a server that is starting.",
            min=0,
            metavar="SECONDS",
        ),
    ] = 0
    tls: Annotated[
        bool, _option("--tls", help="Connect with TLS; any other --tls option implies it.")
    ] = False
    tls_ca: Annotated[
        Path | None,
        _option(
            "--tls-ca",
            help="PEM file of the certificate authorities to trust instead of the system's.",
            metavar="FILE",
        ),
    ] = None
    tls_cert: Annotated[
        Path | None,
        _option(
            "--tls-cert",
            help="PEM file of the client's certificate, with --tls-key.",
            metavar="FILE",
        ),
    ] = None
    tls_key: Annotated[
        Path | None,
        _option("--tls-key", help="PEM file of the client's private key.", metavar="FILE"),
    ] = None
    tls_server_name: Annotated[
        str,
        _option(
            "--tls-server-name",
            help="Name to expect in the server's certificate, if not the host.",
            metavar="NAME",
        ),
    ] = ""
    token_file: Annotated[
        Path | None,
        _option(
            "--token-file",
            help="File with the token for the server; or set QUOTH_TOKEN.",
            metavar="FILE",
        ),
    ] = None
    insecure: Annotated[
        bool,
        _option(
            "--insecure",
            help="Allow plaintext, including the token, to a server on another machine.",
            envvar="QUOTH_INSECURE",
        ),
    ] = False

    def for_archive(self, context: typer.Context) -> ConnectionOptions:
        """The options for an archive on this machine: without the server that QUOTH_SERVER names.

        It is set for every command, while an archive is given for this one. A server that --server
        names stays, as whoever gives both has to decide.
        """
        source = context.get_parameter_source("server")
        if source is not None and source.name == "ENVIRONMENT":
            return replace(self, server="")
        return self

    def refuse_without_server(self) -> None:
        """Makes sure that no option is ignored where no server is asked.

        Raises:
            Failure: An option that needs a server was given.
        """
        may_be_given = {"server", "timeout"}
        if "QUOTH_INSECURE" in os.environ:  # it may be set for every command
            may_be_given.add("insecure")
        for field in fields(self):
            if getattr(self, field.name) and field.name not in may_be_given:
                option = f"--{field.name.replace('_', '-')}"
                raise Failure(
                    Exit.USAGE,
                    f"{option} needs a server; name it with --server or QUOTH_SERVER, or leave "
                    f"{option} out",
                )

    def client(self, kind: type[_Client]) -> _Client:
        """A client of the server.

        Raises:
            Failure: A file cannot be read, or options do not go together.
            ValueError: The server cannot be reached in this way.
        """
        return kind(
            self.server,
            tls=self.credentials(),
            token=self.token(),
            insecure=self.insecure,
            timeout=self.timeout,
        )

    def credentials(self) -> TLS | None:
        """The TLS settings, or None for plaintext.

        Raises:
            Failure: A file cannot be read, or one of certificate and key is missing.
        """
        if not (self.tls or self.tls_ca or self.tls_cert or self.tls_key or self.tls_server_name):
            return None
        if (self.tls_cert is None) != (self.tls_key is None):
            raise Failure(Exit.USAGE, "--tls-cert and --tls-key go together; give both or none")
        return TLS(
            root_certificates=_pem("--tls-ca", self.tls_ca),
            private_key=_pem("--tls-key", self.tls_key),
            certificate_chain=_pem("--tls-cert", self.tls_cert),
            server_name=self.tls_server_name,
        )

    def token(self) -> str:
        """The token of the file, or else of the variable; empty if there is none.

        Raises:
            Failure: The file cannot be read or does not hold just one token.
        """
        if self.token_file is None:
            return os.environ.get("QUOTH_TOKEN", "").strip()
        words = _read("--token-file", self.token_file).decode("utf-8", "replace").split()
        if len(words) != 1:
            raise Failure(
                Exit.INPUT,
                f"--token-file {self.token_file}: holds {len(words)} words; write the token alone",
            )
        return words[0].rpartition(":")[2]


def _pem(option: str, path: Path | None) -> bytes | None:
    if path is None:
        return None
    data = _read(option, path)
    if b"-----BEGIN" not in data:
        raise Failure(Exit.INPUT, f"{option} {path}: not a PEM file; convert it with openssl")
    return data


def _read(option: str, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Failure(Exit.INPUT, f"{option} {path}: {error.strerror}; check the path") from error
