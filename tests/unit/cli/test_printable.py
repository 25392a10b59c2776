"""What is shown on a terminal cannot steer it; what goes into a file is exact."""

from __future__ import annotations

import csv
import io
import sys

import pytest

from quoth_cli.outcome import say
from quoth_cli.printable import Shown, clean, shown, standard_output

EVIL = "a\x1b]0;owned\x07b\x9bc\x7f\u202ed\re"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("make", [clean, shown])
def test_no_control_is_left(make: object) -> None:
    assert callable(make)
    text = make(EVIL + "\n\t")
    assert all(letter.isprintable() or letter == "\N{REPLACEMENT CHARACTER}" for letter in text)


def test_data_on_a_terminal_keeps_its_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    out = standard_output()
    csv.writer(out).writerow([EVIL, "plain\ttext", "two\nlines"])
    assert "\x1b" not in terminal.getvalue()
    assert "\x9b" not in terminal.getvalue()
    assert "\r" not in terminal.getvalue().removesuffix("\r\n")
    assert 'plain\ttext,"two\nlines"\r\n' in terminal.getvalue()


def test_data_in_a_file_is_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.StringIO()
    monkeypatch.setattr(sys, "stdout", file)
    standard_output().write(EVIL)
    assert file.getvalue() == EVIL
    assert not isinstance(standard_output(), Shown)


def test_what_is_said_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    say(f"{EVIL}.txt\nquoth: all done: no such file")
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "\x1b" not in told
    assert told.startswith("quoth: a")
