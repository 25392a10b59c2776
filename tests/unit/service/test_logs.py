from __future__ import annotations

import errno
import json
import logging
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from quoth_server.service import logs


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in (None, "grpc", "quoth_server")]
    levels = [logger.level for logger in loggers]
    handlers = loggers[0].handlers[:]
    factory = logging.getLogRecordFactory()
    logging.setLogRecordFactory(logging.LogRecord)  # Ray's import puts another one in its place
    yield
    logging.setLogRecordFactory(factory)
    loggers[0].handlers[:] = handlers
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def lines_of(capfd: pytest.CaptureFixture[str]) -> str:
    """What was written, without the lines of gRPC's core, which come when they like."""
    lines = capfd.readouterr().err.splitlines(keepends=True)
    return "".join(line for line in lines if not re.match(r"[IWE]\d{4} ", line))


def test_a_line_is_keys_and_values(capfd: pytest.CaptureFixture[str]) -> None:
    logs.configure("text", "info")
    logging.getLogger("quoth_server.x").info(
        "a call", extra={"ms": 1.5, "id": 'a "b"\nc', "none": ""}
    )
    line = lines_of(capfd)
    assert line.endswith(' level=info message="a call" ms=1.5 id="a \\"b\\"\\nc" none=""\n')
    assert line.startswith("time=2")
    assert line.count("\n") == 1


def test_a_line_is_json(capfd: pytest.CaptureFixture[str]) -> None:
    logs.configure("json", "info")
    logging.getLogger("quoth_server.x").warning("a call", extra={"ms": 1.5, "id": "é\n"})
    line = json.loads(lines_of(capfd))
    assert line.pop("time").endswith("Z")
    assert line == {"level": "warning", "message": "a call", "ms": 1.5, "id": "é\n"}


def test_less_severe_lines_are_left_out(capfd: pytest.CaptureFixture[str]) -> None:
    logs.configure("text", "error")
    logging.getLogger("quoth_server.x").warning("a call")
    assert lines_of(capfd) == ""


def test_of_others_only_the_severe_lines_are_written(capfd: pytest.CaptureFixture[str]) -> None:
    logs.configure("text", "debug")
    logging.getLogger("another").info("a detail")
    logging.getLogger("another").warning("a trouble")
    written = lines_of(capfd)
    assert "a trouble" in written
    assert "a detail" not in written


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_exception_tells_where_it_was_and_not_what_it_says(
    form: str, capfd: pytest.CaptureFixture[str]
) -> None:
    logs.configure(form, "info")
    try:
        raise ValueError("the words of an article")
    except ValueError:
        logging.getLogger("quoth_server.x").exception("a fault")
    line = lines_of(capfd)
    assert "words of an article" not in line
    assert "ValueError at " in line
    assert "test_logs.py" in line


def test_lines_that_cannot_be_written_are_counted_and_reported(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    logs.configure("json", "info")
    logger = logging.getLogger("quoth_server.x")
    with monkeypatch.context() as full:

        def write(descriptor: int, data: bytes) -> int:
            raise OSError(28, "No space left on device")

        full.setattr(os, "write", write)
        logger.info("one")
        logger.info("two")
    logger.info("three")
    logger.info("four")
    lines = [json.loads(line) for line in lines_of(capfd).splitlines()]
    assert [(line["message"], line.get("lines")) for line in lines] == [
        ("lines before this one could not be written", 2),
        ("three", None),
        ("four", None),
    ]


def test_a_line_that_a_full_disk_took_half_of_is_counted_and_spoils_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = 60
    write = os.write

    def filling(descriptor: int, data: bytes) -> int:
        nonlocal room
        if not room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        taken = write(descriptor, data[:room])
        room -= taken
        return taken

    monkeypatch.setattr(os, "write", filling)
    path = tmp_path / "log"
    with path.open("w") as file:
        monkeypatch.setattr(sys, "stderr", file)
        logs.configure("json", "info")
        logger = logging.getLogger("quoth_server.x")
        logger.info("one")  # cut
        logger.info("two")
        room = 10_000
        logger.info("three")
        logger.info("four")
    half, *lines = path.read_text().splitlines()
    assert len(half) == 60
    told = [json.loads(line) for line in lines]
    assert [(line["message"], line.get("lines")) for line in told] == [
        ("lines before this one could not be written", 2),
        ("three", None),
        ("four", None),
    ]


def test_what_the_system_takes_in_parts_is_written_whole(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:7]))
    assert logs.say("a line of more than seven bytes", sys.stderr)
    assert lines_of(capfd) == "a line of more than seven bytes\n"


def test_a_closed_stream_is_written_to_by_nobody() -> None:
    assert not logs.say("a line", None)
