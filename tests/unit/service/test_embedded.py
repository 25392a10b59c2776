"""The engine without a server; that it answers as a server does is in `test_command`."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import quoth
from quoth_server.embedded import Embedded

ROOT = Path(__file__).parents[3]


@pytest.fixture
def embedded(monkeypatch: pytest.MonkeyPatch) -> Iterator[Embedded]:
    monkeypatch.setenv("QUOTH_ENGINE", "tests.fake_engine:load")
    monkeypatch.setenv("QUOTH_MAX_DEADLINE", "2")
    with Embedded() as embedded:
        yield embedded


def pid(embedded: Embedded) -> int:
    return int(embedded.attribute("pid").statements[0].cue.lemma)


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def ends(process: int) -> bool:
    end = time.monotonic() + 20
    while alive(process) and time.monotonic() < end:
        time.sleep(0.02)
    return not alive(process)


def test_one_process_reads_all(embedded: Embedded) -> None:
    first = pid(embedded)
    assert first != os.getpid()
    assert pid(embedded) == first
    assert embedded.server_info().limits.max_deadline.seconds == 2
    embedded.close()
    assert not alive(first)
    assert pid(embedded) != first


@pytest.mark.parametrize("body", ["spin 600", "stuck"])
def test_an_article_has_a_limit(embedded: Embedded, body: str) -> None:
    before = pid(embedded)
    with pytest.raises(quoth.DeadlineExceeded, match="within 2 s") as caught:
        embedded.attribute(body)
    assert caught.value.reason == "DEADLINE_EXCEEDED"
    assert not alive(before)
    assert pid(embedded) != before


def test_the_caller_may_allow_less(embedded: Embedded) -> None:
    pid(embedded)
    with pytest.raises(quoth.DeadlineExceeded, match=r"within 0\.3 s"):
        embedded.attribute("stuck", timeout=0.3)
    articles = [quoth.article(body) for body in ("one", "stuck", "two")]
    outcomes = list(embedded.attribute_many(articles, timeout=0.3))
    assert [type(outcome.error) for outcome in outcomes] == [
        type(None),
        quoth.DeadlineExceeded,
        type(None),
    ]


def test_an_article_whose_process_dies_is_read_by_another(
    embedded: Embedded, tmp_path: Path
) -> None:
    before = pid(embedded)
    answer = embedded.attribute(f"die_once {tmp_path / 'died'}\npid")
    assert int(answer.statements[0].cue.lemma) != before


@pytest.mark.parametrize("body", ["die", "hoard"])
def test_an_article_that_ends_two_processes_fails_alone(embedded: Embedded, body: str) -> None:
    lost, read = embedded.attribute_many([quoth.article(body), quoth.article("x")])
    assert isinstance(lost.error, quoth.Unavailable)
    assert lost.error.reason == "WORKER_LOST"
    assert lost.error.metadata["bodySha256"] == hashlib.sha256(body.encode()).hexdigest()[:16]
    assert read.response


@pytest.mark.parametrize(
    "fields",
    [{"body": "a\ud800"}, {"body": "a", "title": "\udfff"}, {"body": "a", "language": "\ud800"}],
)
def test_text_that_is_not_unicode_is_refused(embedded: Embedded, fields: dict[str, str]) -> None:
    with pytest.raises(quoth.InvalidArticle, match="lone surrogate") as caught:
        embedded.attribute(**fields)
    assert caught.value.reason == "INVALID_TEXT"


@pytest.mark.parametrize(
    ("factory", "message"),
    [
        ("load_missing", "ModelError: the pipeline 'nothing' is not installed"),
        ("load_dying", "the process ended with -9"),
        ("nothing", "AttributeError"),
    ],
)
def test_an_engine_that_cannot_be_loaded_is_told(
    factory: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTH_ENGINE", f"tests.fake_engine:{factory}")
    with Embedded() as embedded:
        for _ in range(2):
            with pytest.raises(quoth.QuothError, match=f"{factory} cannot be loaded: {message}"):
                embedded.attribute("x")


# Without a guard for its main module, and without closing anything.
SCRIPT = """
from quoth_server.embedded import Embedded
embedded = Embedded()
print(embedded.attribute("pid").statements[0].cue.lemma)
"""


def test_a_plain_script_needs_no_care_and_leaves_no_process(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    variables = {"PYTHONPATH": str(ROOT), "QUOTH_ENGINE": "tests.fake_engine:load"}
    done = subprocess.run(
        [sys.executable, "-W", "error", script],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=50,
        check=True,
    )
    assert done.stderr == ""
    assert ends(int(done.stdout))
