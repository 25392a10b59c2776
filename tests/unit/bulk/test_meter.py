"""How far a long run is, as a log tells it; the bar is tested with the command."""

from __future__ import annotations

import re

import pytest

from quoth_cli.bulk import meter
from quoth_cli.bulk.encoded import Encoded
from quoth_cli.bulk.meter import Meter
from quoth_cli.readers.base import BadRow
from quoth_cli.reading import Item

DONE = Encoded(Item("in:1", "a"), rows=b"{}\n", words=700, statements=3)
FAILED = Encoded(Item("in:2", "b"), problem=BadRow("no article"))


def metered(*done: Encoded, share: float | None = None, failures: str = "") -> Meter:
    with Meter(lambda: share, bar=True, failures=failures) as counted:
        for each in done:
            counted.add(each)
        counted.writing("out.parquet")
    return counted


def test_a_summary_counts_all() -> None:
    summary = metered(DONE, DONE, FAILED).summary()
    assert summary.startswith("2 articles, 1 failed, 6 statements, 1,400 words in ")
    assert re.search(r"s: [\d,]+ words a second$", summary)
    assert metered(DONE).summary().startswith("1 article, 3 statements, 700 words in ")


def test_a_log_has_a_line_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    metered(DONE)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(meter, "_LINE_SECONDS", -1)
    metered(DONE, share=0.254)
    metered(DONE)
    read, writing, read_too, _ = capsys.readouterr().err.splitlines()
    assert re.fullmatch(r"quoth: 1 article, [\d,.]+ a second, 25.4% of the input read", read)
    assert writing == "quoth: all articles are read; writing out.parquet"
    assert re.fullmatch(r"quoth: 1 article, [\d,.]+ a second", read_too)


def test_failures_are_reported_up_to_a_limit(capsys: pytest.CaptureFixture[str]) -> None:
    metered(*[FAILED] * 25, failures="out.failures.jsonl")
    lines = capsys.readouterr().err.splitlines()
    assert lines[:20] == ["quoth: in:2: no article"] * 20
    assert lines[20:] == ["quoth: further failures are only in out.failures.jsonl"]
    metered(*[FAILED] * 25)  # they are reported nowhere else
    assert len(capsys.readouterr().err.splitlines()) == 25
