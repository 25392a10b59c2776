"""Log lines for people (key=value) and for programs (JSON), never with text of an article."""

from __future__ import annotations

import contextlib
import datetime
import json
import logging
import os
import sys
import traceback
from types import TracebackType
from typing import Literal, TextIO

__all__ = ["address", "configure", "places", "say"]

# What every record has; anything else was given by `extra` and is a field of the line.
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "taskName"}


def configure(form: Literal["text", "json"], level: str) -> None:
    """Sends the log lines of the process to standard error; `level` is that of our own."""
    handler = _Handler(sys.stderr)
    handler.setFormatter(_JsonFormatter() if form == "json" else _TextFormatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("quoth_server").setLevel(level.upper())
    # The traceback and message that grpc logs of a failed handler could hold text of an article;
    # the barrier logs the failure without.
    logging.getLogger("grpc").setLevel(logging.CRITICAL)


def address(host: str, port: int) -> str:
    """HOST:PORT, an IPv6 address in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def places(error: BaseException, skip: int = 0) -> str:
    """The type of an exception and where it was raised, without its message.

    Of the places, `skip` of the outermost ones are left out.
    """
    frames = traceback.extract_tb(error.__traceback__)[skip:]
    where = " > ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
    return f"{type(error).__name__} at {where}"


def say(line: str, stream: TextIO | None) -> bool:
    """Writes a line to a standard stream; whether that was possible.

    It goes past the buffer of the stream, which would keep what a full disk did not take and, as
    it cannot write it at the end either, spoil the exit code. The stream is None if it is closed.
    """
    data = _encoded(line)
    return _written(data, stream) == len(data)


def _encoded(line: str) -> bytes:
    return (line + "\n").encode(errors="backslashreplace")


def _written(data: bytes, stream: TextIO | None) -> int:
    """Writes what can be written; how many bytes, as a disk that fills up may take a part."""
    written = 0
    with contextlib.suppress(OSError):
        while stream and written < len(data):
            written += os.write(stream.fileno(), data[written:])
    return written


class _Handler(logging.Handler):
    """Writes lines while it can: that it cannot must not hold up the service."""

    def __init__(self, stream: TextIO | None) -> None:
        super().__init__()
        self._stream = stream
        self._lost = 0
        self._cut = False

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record)
        if self._lost:
            lost = {"levelno": logging.WARNING, "levelname": "WARNING", "lines": self._lost}
            notice = {"msg": "lines before this one could not be written", **lost}
            # Not behind the part of a line that was still written.
            cut = "\n" * self._cut
            line = cut + self.format(logging.makeLogRecord(notice)) + "\n" + line
        data = _encoded(line)
        written = _written(data, self._stream)
        if written == len(data):
            self._lost, self._cut = 0, False
        else:
            self._lost += 1
            self._cut = self._cut or written > 0


class _Formatter(logging.Formatter):
    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        return places(ei[1]) if ei[1] else ""

    def fields(self, record: logging.LogRecord) -> dict[str, object]:
        time = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        fields: dict[str, object] = {
            "time": time.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        fields.update(
            (name, value) for name, value in vars(record).items() if name not in _STANDARD
        )
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return fields


class _TextFormatter(_Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return " ".join(f"{name}={_plain(value)}" for name, value in self.fields(record).items())


class _JsonFormatter(_Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(self.fields(record), default=str)


def _plain(value: object) -> str:
    """A value on one line, in quotes where its end would not be clear otherwise."""
    text = str(value)
    bare = text.isascii() and text.isprintable() and text and not set(text) & set(' "=\\')
    return text if bare else json.dumps(text)
