"""The engine without a server; that it answers as a server does is in `test_command`."""

from __future__ import annotations

import hashlib
import itertools
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import grpc
import pytest

import quoth
from quoth_server.embedded import Embedded
from tests.integration.server import descendants, python_path

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def embedded() -> Iterator[Embedded]:
    """Three workers of the fake engine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUOTH_ENGINE", "tests.fake_engine:load")
        patch.setenv("QUOTH_MAX_DEADLINE", "2")
        # None of these concerns a private server.
        patch.setenv("QUOTH_LISTEN", "nowhere")
        patch.setenv("QUOTH_TOKEN_FILE", "/nonexistent")
        patch.setenv("QUOTH_HTTP", "1")
        with Embedded(workers=3) as embedded:
            yield embedded


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[Path]]:
    """Makes temporary folders be made in one that is empty, and tells which are there."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))  # a short name, which a socket needs
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return lambda: list(folder.iterdir())


def pid(embedded: Embedded) -> int:
    return int(embedded.attribute("pid").statements[0].cue.lemma)


def server_of(embedded: Embedded) -> int:
    return embedded._process.pid


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def ends(*processes: int) -> bool:
    end = time.monotonic() + 20
    while any(map(alive, processes)) and time.monotonic() < end:
        time.sleep(0.02)
    return not any(map(alive, processes))


def bodies(outcomes: Iterable[quoth.Outcome]) -> list[str]:
    return [
        each.response.statements[0].content_spans[0].text if each.response else "!"
        for each in outcomes
    ]


def test_settings_of_the_engine_hold(embedded: Embedded) -> None:
    assert embedded.server_info().engine_version == "fake-1"
    assert embedded.server_info().limits.max_deadline.seconds == 2


def test_only_its_user_can_reach_it(folders: Callable[[], list[Path]], fake: None) -> None:
    with Embedded():
        [folder] = folders()
        assert folder.stat().st_mode & 0o777 == 0o700
    assert not folders()


@pytest.mark.parametrize("body", ["spin 600", "stuck"])
def test_an_article_has_a_limit(embedded: Embedded, body: str) -> None:
    with pytest.raises(quoth.DeadlineExceeded, match=r"within 2 s;.*QUOTH_MAX_DEADLINE") as caught:
        embedded.attribute(body)
    assert caught.value.reason == "DEADLINE_EXCEEDED"
    assert embedded.attribute("next").statements


def test_a_fault_says_where_it_is(embedded: Embedded) -> None:
    with pytest.raises(quoth.QuothError, match=r"bug in the engine: ValueError at .*py:\d+"):
        embedded.attribute("crash")


def test_an_article_whose_process_dies_is_read_by_another(
    embedded: Embedded, tmp_path: Path
) -> None:
    assert embedded.attribute(f"die_once {tmp_path / 'died'}\npid").statements


def test_an_article_that_ends_two_processes_fails_alone(embedded: Embedded) -> None:
    lost, read = embedded.attribute_many([quoth.article("die"), quoth.article("x")])
    assert isinstance(lost.error, quoth.Unavailable)
    assert lost.error.reason == "WORKER_LOST"
    assert lost.error.metadata["bodySha256"] == hashlib.sha256(b"die").hexdigest()[:16]
    assert read.response
    with pytest.raises(quoth.QuothError) as caught:
        embedded.attribute("die")
    assert caught.value.reason == "QUARANTINED"


@pytest.mark.parametrize("in_flight", [None, 1, 50])
def test_several_processes_keep_order(embedded: Embedded, in_flight: int | None) -> None:
    texts = [f"sleep 0.0{3 - n % 3}\nnumber {n}" for n in range(60)]
    articles = (quoth.article(text) for text in texts)
    assert bodies(embedded.attribute_many(articles, in_flight=in_flight)) == texts


def test_articles_are_spread_over_the_processes(embedded: Embedded) -> None:
    # As many as it takes: on a busy machine a process may load for long.
    articles = itertools.repeat(quoth.article("sleep 0.05\npid"))
    read: set[str] = set()
    for each in embedded.attribute_many(articles, ordered=False):
        read.add(each.unwrap().statements[0].cue.lemma)
        if len(read) == 3:
            break


def test_threads_may_share_one(embedded: Embedded) -> None:
    texts = [f"sleep 0.1\n{n}" for n in range(3)]
    read: list[str] = []

    def work(text: str) -> None:
        read.extend(bodies(embedded.attribute_many([quoth.article(text)])))

    threads = [threading.Thread(target=work, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(read) == texts


def test_long_articles_pass(embedded: Embedded) -> None:
    texts = ["é" * 150_000, "short", "x" * 199_999] * 4
    assert bodies(embedded.attribute_many([quoth.article(text) for text in texts])) == texts


# ---- its start and its end -------------------------------------------------------------


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTH_ENGINE", "tests.fake_engine:load")


@pytest.mark.parametrize(
    ("factory", "message"),
    [
        ("load_missing", "ModelError: the pipeline 'nothing' is not installed"),
        ("load_dying", "the fork server died|died"),
        ("nothing", "AttributeError"),
    ],
)
def test_an_engine_that_cannot_be_loaded_is_reported(
    factory: str,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    folders: Callable[[], list[Path]],
) -> None:
    monkeypatch.setenv("QUOTH_ENGINE", f"tests.fake_engine:{factory}")
    with Embedded() as embedded:
        for _ in range(2):
            with pytest.raises(quoth.QuothError, match=f"{factory} cannot be loaded: .*{message}"):
                embedded.attribute("x")
    assert not folders()


def test_a_bad_setting_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTH_MIN_CONFIDENCE", "7")
    with Embedded() as embedded, pytest.raises(quoth.QuothError) as caught:
        embedded.server_info()
    assert caught.value.code is grpc.StatusCode.INVALID_ARGUMENT
    assert "QUOTH_MIN_CONFIDENCE" in caught.value.message


def test_no_worker_at_all() -> None:
    with pytest.raises(ValueError, match="workers is 0; give 1 or more"):
        Embedded(0)


def test_one_process_loads_the_engine_for_all_workers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("QUOTH_ENGINE", "tests.fake_engine:load_noted")
    monkeypatch.setenv("QUOTH_PIPELINE", str(tmp_path / "noted"))
    with Embedded(workers=2) as embedded:
        reader = pid(embedded)
        [loader] = map(int, (tmp_path / "noted").read_text().split())
        assert loader not in (reader, server_of(embedded))


def test_closed_it_leaves_nothing(fake: None, folders: Callable[[], list[Path]]) -> None:
    with Embedded() as embedded:
        embedded.attribute("x")
        started = [server_of(embedded), *descendants(server_of(embedded))]
    assert len(started) > 2
    assert ends(*started)
    assert not folders()


def test_closed_before_it_is_ready_it_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folders: Callable[[], list[Path]]
) -> None:
    monkeypatch.setenv("QUOTH_ENGINE", "tests.fake_engine:load_until")
    monkeypatch.setenv("QUOTH_PIPELINE", str(tmp_path / "never"))
    embedded = Embedded()
    while len(started := descendants(server_of(embedded))) < 2:
        time.sleep(0.02)
    embedded.close()
    assert ends(server_of(embedded), *started)
    assert not folders()


def test_a_server_that_has_ended_is_reported(fake: None) -> None:
    with Embedded() as embedded:
        embedded.attribute("x")
        os.kill(server_of(embedded), signal.SIGKILL)
        with pytest.raises(quoth.QuothError, match="its server ended with exit code -9"):
            embedded.attribute("y")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_outlives_a_killed_program(
    number: signal.Signals, fake: None, folders: Callable[[], list[Path]]
) -> None:
    script = (
        "import quoth\n"
        "from quoth_server.embedded import Embedded\n"
        "articles = [quoth.article('sleep 0.2\\npid')] * 200\n"
        "for each in Embedded(workers=2).attribute_many(articles, ordered=False):\n"
        "    print(each.unwrap().statements[0].cue.lemma, flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script],
        env=os.environ | {"PYTHONPATH": python_path()},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout
        assert process.stdout.readline()
        started = descendants(process.pid)
        process.send_signal(number)
    assert len(started) > 3
    assert ends(*started)
    assert not folders()


# Without a guard for its main module, and without closing anything.
SCRIPT = """
from quoth_server.embedded import Embedded
embedded = Embedded()
print(embedded.attribute("pid").statements[0].cue.lemma)
"""


def test_a_plain_script_needs_no_care_and_leaves_nothing(
    tmp_path: Path, fake: None, folders: Callable[[], list[Path]]
) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, "-W", "error", script],
        env=os.environ | {"PYTHONPATH": python_path()},
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    assert done.stderr == ""
    assert ends(int(done.stdout))
    assert not folders()


def test_a_fork_of_the_program_does_not_end_the_server(fake: None) -> None:
    with Embedded(workers=1) as embedded:
        if (child := os.fork()) == 0:
            embedded._end()
            os._exit(0)
        os.waitpid(child, 0)
        # The server is still there; which of its workers answers, the one standing by too, is open.
        assert embedded._process.poll() is None
        assert pid(embedded)
