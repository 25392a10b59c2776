"""What happens to a server from outside: killed processes, full disks, jumping clocks, bad models.

Other faults are elsewhere: ports in use, engines that cannot be loaded at all and bad settings in
`test_life`, texts that hold or end a worker and floods of calls in `test_load`.
"""

from __future__ import annotations

import collections
import contextlib
import itertools
import json
import os
import queue
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from quoth import v1
from quoth_server.engine.attributions import model
from quoth_server.engine.config import EngineConfig
from tests.integration.server import ROOT, Server, article, descendants, free_port

Stub = v1.AttributionServiceStub
needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")


def codes_of(
    server: Server,
    bodies: Iterator[str],
    callers: int,
    until: threading.Event | None = None,
    running: set[str] | None = None,
) -> collections.Counter[str]:
    """Asks one after the other in each of some threads; how often each status came.

    The bodies that are asked about at the moment are in `running`.
    """
    running = set() if running is None else running
    codes: collections.Counter[str] = collections.Counter()
    lock = threading.Lock()

    def ask() -> None:
        with server.channel() as channel:
            stub = v1.AttributionServiceStub(channel)
            while not (until and until.is_set()):
                with lock:
                    body = next(bodies, None)
                    if body is None:
                        return
                    running.add(body)
                code = stub.AttributeQuotes.future(article(body), timeout=40).code()
                with lock:
                    running.discard(body)
                    codes[code.name] += 1

    threads = [threading.Thread(target=ask) for _ in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return codes


# ---- processes -------------------------------------------------------------------------


@needs_proc
def test_killing_workers_under_load_loses_nothing() -> None:
    with Server("--workers", "2", "--queue-per-worker", "4") as server:
        lost = 'message="an article lost its worker; another one reads it"'
        enough = threading.Event()
        running: set[str] = set()
        wounded: set[str] = set()

        def kill() -> None:
            while server.log.count(lost) < 4:
                time.sleep(0.05)
                workers = workers_of(server)
                if workers and not wounded & running:  # else an article may be hit twice
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(random.choice(workers), signal.SIGKILL)
                    wounded.update(running)
            enough.set()

        killing = threading.Thread(target=kill)
        killing.start()
        bodies = (f"sleep 0.1\n{n}" for n in itertools.count())
        codes = codes_of(server, bodies, 6, enough, running)
        killing.join()
        assert set(codes) == {"OK"}
        assert "an article was not read" not in server.log


def workers_of(server: Server) -> list[int]:
    """The children of the fork server."""
    front = server.process.pid
    return [each for each in descendants(front) if parent(each) not in (front, 0)]


def parent(pid: int) -> int:
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return 0


@needs_proc
def test_a_killed_fork_server_costs_nothing() -> None:
    with Server("--workers", "1") as server, server.channel() as channel:
        stub = v1.AttributionServiceStub(channel)
        pid = int(stub.AttributeQuotes(article("pid")).statements[0].cue.lemma)
        os.kill(parent(pid), signal.SIGKILL)
        assert stub.AttributeQuotes(article("x"), timeout=20).statements
        os.kill(pid, signal.SIGKILL)  # the next one needs a new fork server
        assert stub.AttributeQuotes(article("pid"), timeout=40).statements[0].cue.lemma != str(pid)
        server.signal(signal.SIGTERM)
        assert server.exit_code() == 0


def test_texts_that_end_workers_starve_nobody() -> None:
    with Server("--workers", "2", "--queue-per-worker", "8") as server:
        good_ones_done = threading.Event()
        bad: collections.Counter[str] = collections.Counter()

        def endlessly() -> Iterator[str]:
            number = 0
            while True:
                number += 1
                yield f"die\nof text {number % 3}"

        attacking = threading.Thread(
            target=lambda: bad.update(codes_of(server, endlessly(), 3, good_ones_done))
        )
        attacking.start()
        codes = codes_of(server, (f"sleep 0.02\n{n}" for n in range(100)), callers=3)
        good_ones_done.set()
        attacking.join()
        assert codes == {"OK": 100}
        # Each of the three texts could end two workers, or a few more where two read it at once.
        assert server.log.count('message="a worker died and is being replaced"') <= 12
        assert bad["FAILED_PRECONDITION"] > bad["UNAVAILABLE"] > 0
        assert set(bad) <= {"FAILED_PRECONDITION", "UNAVAILABLE"}


@needs_proc
def test_workers_that_cannot_be_started_any_more_end_the_server(tmp_path: Path) -> None:
    marker = tmp_path / "ends"
    engine = "tests.fake_engine:load_ending"
    with Server("--workers", "1", "--pipeline", str(marker), engine=engine) as server:
        with server.channel() as channel:
            stub = v1.AttributionServiceStub(channel)
            assert stub.AttributeQuotes(article("x")).statements
            marker.touch()
            for pid in workers_of(server):  # the one that stands by too
                os.kill(pid, signal.SIGKILL)
            call = stub.AttributeQuotes.future(article("x"), timeout=40)
            assert server.exit_code() == 4
            assert call.code() is grpc.StatusCode.UNAVAILABLE
        assert server.log.count('message="a worker did not start"') >= 5
        last = server.log.splitlines()[-1]
        assert last.startswith(f"quoth-server: the engine {engine} cannot be loaded: worker-")


# ---- the end ---------------------------------------------------------------------------


def test_every_accepted_call_is_answered_when_it_ends_under_load() -> None:
    with Server("--workers", "2", "--queue-per-worker", "4") as server:
        codes: collections.Counter[str] = collections.Counter()
        items: queue.SimpleQueue[str] = queue.SimpleQueue()
        asking = threading.Thread(
            target=lambda: codes.update(
                codes_of(server, (f"sleep 0.02\n{n}" for n in range(100_000)), 12, ended)
            )
        )
        ended = threading.Event()

        def stream() -> None:
            requests = (
                v1.BulkAttributeQuotesRequest(item_id=str(n), request=article("sleep 0.02"))
                for n in range(100_000)
            )
            with server.channel() as channel, contextlib.suppress(grpc.RpcError):
                for answer in v1.AttributionServiceStub(channel).BulkAttributeQuotes(requests):
                    items.put(answer.item_id)

        streaming = threading.Thread(target=stream)
        asking.start()
        streaming.start()
        time.sleep(2)
        server.signal(signal.SIGTERM)
        assert server.exit_code() == 0
        ended.set()
        asking.join()
        streaming.join()
        # Calls without an answer get a code on which clients try another server.
        assert set(codes) <= {"OK", "RESOURCE_EXHAUSTED", "UNAVAILABLE"}
        lines = server.log.splitlines()
        ends = [line for line in lines if "message=call method=AttributeQuotes" in line]
        begins = [line for line in lines if '"call begins" method=AttributeQuotes' in line]
        assert len(ends) == len(begins)
        assert sum("code=OK" in line for line in ends) == codes["OK"] > 0
        (bulk,) = [line for line in lines if "message=call method=BulkAttributeQuotes" in line]
        assert f" items={items.qsize()} failed=0 " in bulk


# ---- disks -----------------------------------------------------------------------------


@contextlib.contextmanager
def with_full_disk(*flags: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A server whose standard output and standard error are on a full disk, and its address."""
    address = f"127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "quoth_server", "--listen", address, "--workers", "1"]
    command += ["--engine", "tests.fake_engine:load", "--log-level", "debug", *flags]
    with (
        Path("/dev/full").open("wb") as full,
        subprocess.Popen(command, stdout=full, stderr=full, cwd=ROOT) as process,
    ):
        try:
            yield process, address
        finally:
            if process.poll() is None:
                process.kill()


@needs_full
def test_a_full_disk_for_logs_costs_only_the_logs() -> None:
    with with_full_disk() as (process, address):
        with grpc.insecure_channel(address) as channel:
            health = health_pb2_grpc.HealthStub(channel)
            end = time.monotonic() + 50
            status = 0
            while status != health_pb2.HealthCheckResponse.SERVING:
                assert time.monotonic() < end
                with contextlib.suppress(grpc.RpcError):
                    status = health.Check(
                        health_pb2.HealthCheckRequest(), wait_for_ready=True, timeout=50
                    ).status
            stub = v1.AttributionServiceStub(channel)
            for _ in range(100):
                assert stub.AttributeQuotes(article("x"), timeout=20).statements
            with pytest.raises(grpc.RpcError) as caught:
                stub.AttributeQuotes(article("crash"), timeout=20)
            assert caught.value.code() is grpc.StatusCode.INTERNAL
        process.terminate()
        assert process.wait(30) == 0


@needs_full
@pytest.mark.parametrize(
    ("flags", "code"),
    [
        (["--listen", "nowhere"], 2),
        (["--listen", "192.0.2.1:1", "--insecure"], 3),
        (["--engine", "tests.fake_engine:load_missing"], 4),
    ],
)
def test_a_full_disk_leaves_the_exit_code(flags: list[str], code: int) -> None:
    with with_full_disk(*flags) as (process, _):
        assert process.wait(50) == code


# ---- clocks ----------------------------------------------------------------------------

# Overrides what tells the time of day, for all code in the process and its children, also in C.
JUMPING_CLOCK = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long jump(void) {
    const char *file = getenv("JUMP_WHEN"), *seconds = getenv("JUMP_SECONDS");
    return file && seconds && access(file, F_OK) == 0 ? atol(seconds) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(clock, now);
    if (clock == CLOCK_REALTIME) now->tv_sec += jump();
    return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec precise;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &precise);
    now->tv_sec = precise.tv_sec;
    now->tv_usec = precise.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *result) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (result) *result = now.tv_sec;
    return now.tv_sec;
}
"""


@pytest.fixture(scope="module")
def jumping_clock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("needs Linux and a C compiler")
    folder = tmp_path_factory.mktemp("clock")
    source, library = folder / "clock.c", folder / "clock.so"
    source.write_text(JUMPING_CLOCK)
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True, timeout=50
    )
    return library


@pytest.mark.parametrize("seconds", [86_400, -86_400])
def test_a_clock_that_jumps_changes_no_deadline(
    jumping_clock: Path, tmp_path: Path, seconds: int
) -> None:
    when = tmp_path / "now"
    variables = {
        "LD_PRELOAD": str(jumping_clock),
        "JUMP_WHEN": str(when),
        "JUMP_SECONDS": str(seconds),
    }
    flags = ("--workers", "2", "--max-deadline", "6", "--log-format", "json")
    with Server(*flags, variables=variables, wait=False) as server:
        address = server.until_output(r"ready on (\S+)")[1]
        with grpc.insecure_channel(address) as channel:
            stub = v1.AttributionServiceStub(channel)
            # Both run at the jump, and neither ends then: one is done, one meets its deadline.
            done = stub.AttributeQuotes.future(article("sleep 3"), timeout=30)
            start = time.monotonic()
            late = stub.AttributeQuotes.future(article("spin 600"), timeout=30)
            time.sleep(1)
            when.touch()
            assert done.result().statements
            assert late.code() is grpc.StatusCode.DEADLINE_EXCEEDED
            assert "within 6 s" in late.details()
            assert time.monotonic() - start > 5
            # So do calls that come after it.
            assert stub.AttributeQuotes(article("sleep 1"), timeout=30).statements
            over = stub.AttributeQuotes.future(article("spin 600\nagain"), timeout=1)
            assert over.code() is grpc.StatusCode.DEADLINE_EXCEEDED
            assert stub.AttributeQuotes(article("x"), timeout=30).statements
        server.signal(signal.SIGTERM)
        assert server.exit_code() == 0
        times = [json.loads(line)["time"][:10] for line in server.log.splitlines()]
        assert len(set(times)) >= 2  # it did jump


# ---- models (what else can be wrong with one is in test_attributions) ----------------------


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the model of attributions that a test may damage."""
    for name in (model.MANIFEST, model.MODEL, model.TOKENIZER):
        shutil.copy(model.DIRECTORY / name, tmp_path)
    return tmp_path


def ended(folder: Path) -> tuple[int, str]:
    engine = "tests.fake_engine:load_model"
    with Server("--pipeline", str(folder), engine=engine, wait=False) as server:
        code = server.exit_code()
        assert server.output == ""
        return code, server.log.splitlines()[-1]


@pytest.mark.model
def test_a_damaged_model_is_reported(copied: Path) -> None:
    damaged = bytearray((copied / model.MODEL).read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (copied / model.MODEL).write_bytes(damaged)
    code, told = ended(copied)
    assert code == 4
    assert f"{copied / model.MODEL}: sha256 " in told
    assert "damaged" in told


@pytest.mark.model
def test_a_missing_model_is_reported(copied: Path) -> None:
    (copied / model.MODEL).unlink()
    code, told = ended(copied)
    assert code == 4
    assert str(copied / model.MODEL) in told


@pytest.mark.model
def test_a_parser_that_is_not_installed_is_reported() -> None:
    engine = "quoth_server.engine.pipeline:load"
    with Server("--pipeline", "no_such_pipeline", engine=engine, wait=False) as server:
        assert server.exit_code() == 4
        assert "'no_such_pipeline'" in server.log.splitlines()[-1]


@pytest.mark.model
@pytest.mark.parametrize("damage", ["a flipped bit", "a file that is gone"])
def test_a_damaged_parser_is_reported(tmp_path: Path, damage: str) -> None:
    """Its weights would load whatever they are, and read every article wrong."""
    package = metadata.distribution(EngineConfig().pipeline)
    for file in package.files or ():
        copy = tmp_path / file
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file.locate(), copy)
    (weights,) = tmp_path.glob("*/*/ner/model")
    if damage == "a flipped bit":
        content = bytearray(weights.read_bytes())
        content[len(content) // 2] ^= 1
        weights.write_bytes(content)
    else:
        weights.unlink()
    engine = "quoth_server.engine.pipeline:load"
    with Server(engine=engine, variables={"PYTHONPATH": str(tmp_path)}, wait=False) as server:
        assert server.exit_code() == 4
        last = server.log.splitlines()[-1]
        assert f"ModelError: {weights}: " in last
        assert f"reinstall {EngineConfig().pipeline}" in last
        assert server.output == ""
