"""The engine without a server; that it answers as a server does is in `test_command`."""

from __future__ import annotations

import hashlib
import itertools
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

import quoth
from quoth_server.embedded import Embedded
from tests.integration.server import python_path


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
    with pytest.raises(quoth.DeadlineExceeded, match=r"within 2 s;.*QUOTH_MAX_DEADLINE") as caught:
        embedded.attribute(body)
    assert caught.value.reason == "DEADLINE_EXCEEDED"
    assert not alive(before)
    assert pid(embedded) != before


def test_the_caller_may_allow_less(embedded: Embedded) -> None:
    pid(embedded)
    with pytest.raises(quoth.DeadlineExceeded, match=r"within 1 s"):
        embedded.attribute("stuck", timeout=1)
    # More time, as those that are not stuck have to be read in it on a busy machine, too.
    articles = [quoth.article(body) for body in ("one", "stuck", "two")]
    outcomes = list(embedded.attribute_many(articles, timeout=1.5))
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


# ---- several processes -----------------------------------------------------------------


@pytest.fixture
def crew(monkeypatch: pytest.MonkeyPatch) -> Iterator[Embedded]:
    monkeypatch.setenv("QUOTH_ENGINE", "tests.fake_engine:load")
    monkeypatch.setenv("QUOTH_MAX_DEADLINE", "2")
    with Embedded(workers=3) as embedded:
        yield embedded


def bodies(outcomes: Iterable[quoth.Outcome]) -> list[str]:
    return [
        each.response.statements[0].content_spans[0].text if each.response else "!"
        for each in outcomes
    ]


@pytest.mark.parametrize("in_flight", [None, 1, 2, 50])
def test_several_processes_keep_order(crew: Embedded, in_flight: int | None) -> None:
    texts = [f"sleep 0.0{3 - n % 3}\nnumber {n}" for n in range(60)]
    articles = (quoth.article(text) for text in texts)
    assert bodies(crew.attribute_many(articles, in_flight=in_flight)) == texts


def test_articles_are_spread_over_the_processes(crew: Embedded) -> None:
    # As many as it takes: on a busy machine a process may load for long.
    articles = itertools.repeat(quoth.article("sleep 0.05\npid"))
    read: set[str] = set()
    for each in crew.attribute_many(articles, ordered=False):
        read.add(each.unwrap().statements[0].cue.lemma)
        if len(read) == 3:
            break


def test_outcomes_come_as_they_are_ready(crew: Embedded) -> None:
    crew.attribute("sleep 0.1")
    texts = ["sleep 1.5", *(f"{n}" for n in range(20))]
    outcomes = crew.attribute_many([quoth.article(text) for text in texts], ordered=False)
    assert sorted(bodies(outcomes)) == sorted(texts)


@pytest.mark.parametrize("ordered", [False, True])
def test_bad_articles_harm_no_other(crew: Embedded, ordered: bool) -> None:
    bad = {5: "die", 11: "crash", 12: "stuck", 17: "refuse fr", 18: "", 24: "die"}
    articles = [quoth.article(bad.get(n, f"number {n}")) for n in range(40)]
    outcomes = list(crew.attribute_many(articles, ordered=ordered))
    if ordered:
        assert [each.index for each in outcomes] == list(range(40))
    assert sorted(each.index for each in outcomes) == list(range(40))
    assert {each.index: each.error.reason for each in outcomes if each.error} == {
        5: "WORKER_LOST",
        11: "INTERNAL",
        12: "DEADLINE_EXCEEDED",
        17: "UNSUPPORTED_LANGUAGE",
        18: "EMPTY_BODY",
        24: "WORKER_LOST",
    }
    assert all(bodies([each]) == [each.article.body] for each in outcomes if each.response)


def test_few_articles_are_taken_ahead(crew: Embedded) -> None:
    taken = 0

    def endless() -> Iterator[quoth.v1.Article]:
        nonlocal taken
        while True:
            taken += 1
            yield quoth.article(f"number {taken}")

    outcomes = crew.attribute_many(endless(), in_flight=8)
    for given in range(1, 30):
        next(outcomes)
        assert taken <= given + 8
    outcomes.close()  # type: ignore[attr-defined]
    assert bodies(crew.attribute_many([quoth.article("next")])) == ["next"]


def test_calls_within_one_another(crew: Embedded) -> None:
    articles = [quoth.article(f"number {n}") for n in range(10)]
    for outcome in crew.attribute_many(articles):
        inner = crew.attribute_many([quoth.article(f"in {outcome.index}"), *articles])
        assert bodies([next(inner)]) == [f"in {outcome.index}"]
        inner.close()  # type: ignore[attr-defined]
        assert outcome.response


def test_long_articles_pass(crew: Embedded) -> None:
    texts = ["é" * 150_000, "short", "x" * 199_999] * 4
    assert bodies(crew.attribute_many([quoth.article(text) for text in texts])) == texts


def test_no_process_outlives_a_killed_program(tmp_path: Path) -> None:
    script = (
        "import sys, quoth\n"
        "from quoth_server.embedded import Embedded\n"
        "articles = [quoth.article('sleep 0.2\\npid')] * 200\n"
        "for each in Embedded(workers=2).attribute_many(articles, ordered=False):\n"
        "    print(each.unwrap().statements[0].cue.lemma, flush=True)\n"
    )
    variables = {"PYTHONPATH": python_path(), "QUOTH_ENGINE": "tests.fake_engine:load"}
    with subprocess.Popen(
        [sys.executable, "-c", script],
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        workers: set[int] = set()
        while len(workers) < 2:  # one may load for longer than the other
            workers.add(int(process.stdout.readline()))
        process.kill()
    assert all(ends(worker) for worker in workers)


# Without a guard for its main module, and without closing anything.
SCRIPT = """
from quoth_server.embedded import Embedded
embedded = Embedded()
print(embedded.attribute("pid").statements[0].cue.lemma)
"""


def test_a_plain_script_needs_no_care_and_leaves_no_process(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    variables = {"PYTHONPATH": python_path(), "QUOTH_ENGINE": "tests.fake_engine:load"}
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
