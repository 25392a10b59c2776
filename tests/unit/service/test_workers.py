from __future__ import annotations

import asyncio
import errno
import multiprocessing
import os
import signal
from collections.abc import AsyncIterator, Callable
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from quoth_server.engine.config import EngineConfig
from quoth_server.engine.errors import UnsupportedLanguage
from quoth_server.engine.types import Article, Span
from quoth_server.service import worker, workers
from quoth_server.service.quarantine import Quarantined
from quoth_server.service.worker import (
    Done,
    EngineNotLoaded,
    EngineSpec,
    Failed,
    Loaded,
    ReadingTimeout,
    WorkerLost,
)
from quoth_server.service.workers import WorkerPool

pytestmark = pytest.mark.slow


def spec(factory: str = "load") -> EngineSpec:
    return EngineSpec(f"tests.fake_engine:{factory}", EngineConfig())


@pytest.fixture
async def pool() -> AsyncIterator[WorkerPool]:
    pool = WorkerPool(2, spec())
    await pool.start()
    yield pool
    await pool.stop()


async def lemma(pool: WorkerPool, body: str) -> str:
    answer = await pool.read(Article(body))
    assert isinstance(answer, Done)
    cue = answer.reading.statements[0].cue
    assert cue
    return cue.lemma


async def eventually(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - the pool has no event for each thing asked here
            await asyncio.sleep(0.001)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def until_warm(pool: WorkerPool, count: int) -> None:
    await eventually(lambda: pool.warm >= count)


async def test_a_reading_comes_back_whole(pool: WorkerPool) -> None:
    answer = await pool.read(Article("“Yes 😀,” she said."))
    assert isinstance(answer, Done)
    assert answer.reading.statements[0].content_spans == (Span(0, 18),)
    assert pool.engine == Loaded("fake-1", {"fake": "1"})


async def test_a_long_article_goes_through(pool: WorkerPool) -> None:
    answer = await pool.read(Article("é" * 3_000_000))
    assert isinstance(answer, Done)
    assert answer.reading.statements[0].content_spans == (Span(0, 3_000_000),)


async def test_workers_work_at_the_same_time(pool: WorkerPool) -> None:
    await until_warm(pool, 2)
    pids = await asyncio.gather(*(lemma(pool, "sleep 0.3\npid") for _ in range(2)))
    assert len(set(pids)) == 2


async def test_an_error_of_the_engine_comes_back(pool: WorkerPool) -> None:
    answer = await pool.read(Article("refuse de"))
    assert isinstance(answer, Failed)
    assert isinstance(answer.error, UnsupportedLanguage)
    assert answer.error.language == "de"


async def test_a_fault_comes_back_without_the_text_and_costs_no_worker(pool: WorkerPool) -> None:
    await until_warm(pool, 2)
    answer = await pool.read(Article("crash and other words"))
    assert isinstance(answer, Failed)
    assert answer.error is None
    assert answer.trace.startswith("ValueError at ")
    assert "other words" not in answer.trace
    assert pool.warm == 2


async def test_a_worker_that_dies_loses_nothing(pool: WorkerPool, tmp_path: Path) -> None:
    await until_warm(pool, 2)
    died = tmp_path / "died"
    answers = await asyncio.gather(
        pool.read(Article(f"sleep 0.1\ndie_once {died}")), pool.read(Article("sleep 0.4"))
    )
    assert died.exists()
    assert all(isinstance(answer, Done) for answer in answers)
    assert len(pool.quarantine) == 0
    await until_warm(pool, 2)


async def test_a_text_that_ends_two_workers_is_refused_and_costs_no_third(pool: WorkerPool) -> None:
    await until_warm(pool, 2)
    dies, lives = await asyncio.gather(
        pool.read(Article("die")), pool.read(Article("sleep 0.4")), return_exceptions=True
    )
    assert isinstance(dies, WorkerLost)
    assert isinstance(lives, Done)
    await until_warm(pool, 2)
    before = set(await asyncio.gather(*(lemma(pool, "sleep 0.3\npid") for _ in range(2))))
    for _ in range(5):
        with pytest.raises(Quarantined):
            await pool.read(Article("die", title="Another title"))
    after = set(await asyncio.gather(*(lemma(pool, "sleep 0.3\npid") for _ in range(2))))
    assert before == after


async def test_the_same_text_sent_many_times_at_once_ends_as_many_workers_as_there_are(
    pool: WorkerPool,
) -> None:
    await until_warm(pool, 2)
    answers = await asyncio.gather(
        *(pool.read(Article("die")) for _ in range(50)), return_exceptions=True
    )
    lost = [answer for answer in answers if isinstance(answer, WorkerLost)]
    assert len(lost) <= 2
    assert sum(isinstance(answer, Quarantined) for answer in answers) == 50 - len(lost)
    async with asyncio.timeout(20):
        assert isinstance(await pool.read(Article("on")), Done)


async def test_a_worker_out_of_memory_is_replaced(pool: WorkerPool) -> None:
    with pytest.raises(WorkerLost, match=f"exitcode={errno.ENOMEM}"):
        await pool.read(Article("hoard"))
    with pytest.raises(Quarantined):
        await pool.read(Article("hoard"))
    await until_warm(pool, 2)


@pytest.mark.parametrize("body", ["spin 600", "stuck"])
async def test_an_article_has_a_limit_and_twice_over_it_is_refused(body: str) -> None:
    pool = WorkerPool(1, spec(), limit=1.0)
    await pool.start()
    for _ in range(2):
        pid = int(await lemma(pool, "pid"))
        with pytest.raises(ReadingTimeout):
            await pool.read(Article(body))
        await eventually(lambda: not alive(pid))  # noqa: B023 - it is called here and now
    with pytest.raises(Quarantined):
        await pool.read(Article(body))
    assert isinstance(await pool.read(Article("on")), Done)
    await pool.stop()


async def test_what_a_caller_gives_up_is_not_held_against_the_text(pool: WorkerPool) -> None:
    for _ in range(3):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await pool.read(Article("stuck"))
    assert len(pool.quarantine) == 0


def work_until_orphaned(connection: Connection, spec: EngineSpec) -> None:
    """Is a worker that waits less long for its pool."""
    worker._ORPHANED = 0.5
    worker.work(connection, spec, 0.1)


async def test_a_worker_whose_pool_is_gone_ends_itself() -> None:
    """As after a `kill -9` of the server, whose stuck workers nobody ends."""
    ours, theirs = multiprocessing.Pipe()
    orphan = multiprocessing.get_context("spawn").Process(
        target=work_until_orphaned, args=(theirs, spec()), daemon=True
    )
    orphan.start()
    assert isinstance(ours.recv(), Loaded)
    for body in ("x", "x"):  # in time, so there is no reason to end
        ours.send(Article(body))
        assert isinstance(ours.recv(), Done)
    ours.send(Article("stuck"))
    await asyncio.to_thread(orphan.join, 20)
    assert orphan.exitcode == -signal.SIGALRM


async def test_workers_that_die_idle_are_replaced(pool: WorkerPool) -> None:
    await until_warm(pool, 2)
    before = set(await asyncio.gather(*(lemma(pool, "sleep 0.3\npid") for _ in range(2))))
    for pid in before:
        os.kill(int(pid), signal.SIGKILL)
    await eventually(lambda: pool.warm < 2)
    await until_warm(pool, 2)
    after = set(await asyncio.gather(*(lemma(pool, "sleep 0.3\npid") for _ in range(2))))
    assert not before & after


async def test_cancelled_work_stops_and_its_worker_is_replaced(pool: WorkerPool) -> None:
    await until_warm(pool, 2)
    running = [asyncio.create_task(pool.read(Article("spin 600"))) for _ in range(2)]
    await asyncio.sleep(0.1)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    async with asyncio.timeout(20):
        assert isinstance(await pool.read(Article("on")), Done)
    await until_warm(pool, 2)


async def test_work_that_waits_is_dropped_when_cancelled(pool: WorkerPool, tmp_path: Path) -> None:
    await until_warm(pool, 2)
    until = Article(f"until {tmp_path / 'go'}")
    running = [asyncio.create_task(pool.read(until)) for _ in range(2)]
    await asyncio.sleep(0.1)
    waiting = asyncio.create_task(pool.read(Article("die")))
    await asyncio.sleep(0.1)
    waiting.cancel()
    (tmp_path / "go").touch()
    assert all(isinstance(answer, Done) for answer in await asyncio.gather(*running))
    assert pool.warm == 2


async def test_a_worker_ignores_the_signals_of_its_group(pool: WorkerPool) -> None:
    pid = int(await lemma(pool, "pid"))
    os.kill(pid, signal.SIGINT)
    os.kill(pid, signal.SIGTERM)
    await until_warm(pool, 2)
    pids = await asyncio.gather(*(lemma(pool, "sleep 0.3\npid") for _ in range(2)))
    assert str(pid) in pids


async def test_stopping_ends_the_processes() -> None:
    pool = WorkerPool(1, spec())
    await pool.start()
    pid = int(await lemma(pool, "pid"))
    running = asyncio.create_task(pool.read(Article("spin 600")))
    await asyncio.sleep(0.1)
    await pool.stop()
    with pytest.raises(WorkerLost):
        await running
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.parametrize(
    ("factory", "message"),
    [
        ("load_missing", "ModelError: the pipeline 'nothing' is not installed"),
        ("load_dying", "died"),
        ("nothing", "AttributeError"),
    ],
)
async def test_an_engine_that_cannot_be_loaded_is_reported(factory: str, message: str) -> None:
    pool = WorkerPool(2, spec(factory))
    with pytest.raises(EngineNotLoaded, match=message):
        await pool.start()
    await pool.stop()


async def test_workers_that_cannot_start_any_more_are_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_FIRST_PAUSE", 0.001)
    marker = tmp_path / "ends"
    pool = WorkerPool(2, EngineSpec("tests.fake_engine:load_ending", EngineConfig(str(marker))))
    await pool.start()
    await until_warm(pool, 2)
    marker.touch()
    waiting = [asyncio.create_task(pool.read(Article(f"{n}\ndie"))) for n in range(3)]
    with pytest.raises(EngineNotLoaded, match="died"):
        async with asyncio.timeout(20):
            await pool.failed
    for answer in await asyncio.gather(*waiting, return_exceptions=True):
        assert isinstance(answer, WorkerLost)
    with pytest.raises(WorkerLost):
        await pool.read(Article("late"))
    await pool.stop()


async def test_while_one_worker_lives_the_others_are_tried_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(workers, "_FIRST_PAUSE", 0.001)
    marker = tmp_path / "ends"
    pool = WorkerPool(2, EngineSpec("tests.fake_engine:load_ending", EngineConfig(str(marker))))
    await pool.start()
    await until_warm(pool, 2)
    marker.touch()
    os.kill(int(await lemma(pool, "pid")), signal.SIGKILL)
    await eventually(lambda: caplog.text.count("a worker did not start") > 5)
    assert isinstance(await pool.read(Article("on")), Done)
    marker.unlink()
    await until_warm(pool, 2)
    await pool.stop()


@pytest.mark.parametrize(
    ("missing", "error"),
    [
        ("multiprocessing.context.BaseContext.Pipe", OSError(errno.EMFILE, "Too many open files")),
        (
            "multiprocessing.context.ForkServerProcess.start",
            OSError(errno.EMFILE, "Too many open files"),
        ),
        ("quoth_server.service.process.threading.Thread", RuntimeError("can't start new thread")),
    ],
)
async def test_a_worker_is_replaced_once_the_system_can_again(
    pool: WorkerPool,
    missing: str,
    error: Exception,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """As when connections have used up all open files for a while."""
    await until_warm(pool, 2)
    pid = int(await lemma(pool, "pid"))

    def none_left(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as exhausted:
        exhausted.setattr(missing, none_left)
        os.kill(pid, signal.SIGKILL)
        await eventually(lambda: caplog.text.count("a worker did not start") == 2)
    await until_warm(pool, 2)


async def test_a_shortage_is_waited_out_also_where_no_worker_is_left(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(workers, "_FIRST_PAUSE", 0.001)
    monkeypatch.setattr(workers, "_LONGEST_PAUSE", 0.01)
    pool = WorkerPool(1, spec())
    await pool.start()

    def none_left(*_: object, **__: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    with monkeypatch.context() as exhausted:
        exhausted.setattr("multiprocessing.context.BaseContext.Pipe", none_left)
        os.kill(int(await lemma(pool, "pid")), signal.SIGKILL)
        tries = 4 * workers._FAILURES_IN_A_ROW
        await eventually(lambda: caplog.text.count("a worker did not start") > tries)
        waiting = asyncio.create_task(pool.read(Article("x")))
    assert isinstance(await waiting, Done)
    assert not pool.failed.done()
    await pool.stop()


async def test_a_shortage_at_the_start_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left(*_: object, **__: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr("multiprocessing.context.BaseContext.Pipe", none_left)
    pool = WorkerPool(1, spec())
    with pytest.raises(EngineNotLoaded, match="Too many open files"):
        await pool.start()
    await pool.stop()


async def test_a_fault_while_an_article_is_handed_over_costs_no_worker_for_good(
    pool: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_thread(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    await until_warm(pool, 2)
    with monkeypatch.context() as exhausted:
        exhausted.setattr(asyncio.get_running_loop(), "run_in_executor", no_thread)
        for _ in range(2):
            with pytest.raises(RuntimeError, match="new thread"):
                await pool.read(Article("x"))
    async with asyncio.timeout(20):
        assert isinstance(await pool.read(Article("on")), Done)
    await until_warm(pool, 2)


async def test_changes_are_reported() -> None:
    told: list[int] = []
    pool = WorkerPool(1, spec(), on_change=told.append)
    await pool.start()
    with pytest.raises(WorkerLost):
        await pool.read(Article("die"))
    await eventually(lambda: told == [1, 0, 1, 0, 1])
    await pool.stop()
