from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from quoth_server.service import logs


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in (None, "grpc", "quoth_server")]
    levels = [logger.level for logger in loggers]
    handlers = loggers[0].handlers[:]
    yield
    loggers[0].handlers[:] = handlers
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def test_a_line_is_keys_and_values(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("text", "info")
    logging.getLogger("quoth_server.x").info(
        "a call", extra={"ms": 1.5, "id": 'a "b"\nc', "none": ""}
    )
    line = capsys.readouterr().err
    assert line.endswith(' level=info message="a call" ms=1.5 id="a \\"b\\"\\nc" none=""\n')
    assert line.startswith("time=2")
    assert line.count("\n") == 1


def test_a_line_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json", "info")
    logging.getLogger("quoth_server.x").warning("a call", extra={"ms": 1.5, "id": "é\n"})
    line = json.loads(capsys.readouterr().err)
    assert line.pop("time").endswith("Z")
    assert line == {"level": "warning", "message": "a call", "ms": 1.5, "id": "é\n"}


def test_less_severe_lines_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("text", "error")
    logging.getLogger("quoth_server.x").warning("a call")
    assert capsys.readouterr().err == ""


def test_of_others_only_the_severe_lines_are_written(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("text", "debug")
    logging.getLogger("another").info("a detail")
    logging.getLogger("another").warning("a trouble")
    written = capsys.readouterr().err
    assert "a trouble" in written
    assert "a detail" not in written


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_exception_tells_where_it_was_and_not_what_it_says(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(form, "info")
    try:
        raise ValueError("the words of an article")
    except ValueError:
        logging.getLogger("quoth_server.x").exception("a fault")
    line = capsys.readouterr().err
    assert "words of an article" not in line
    assert "ValueError at " in line
    assert "test_logs.py" in line
