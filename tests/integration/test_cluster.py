"""An archive on a Ray cluster: the rows of one machine, also when an actor is killed on the way."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

import quoth_server
from tests.integration.server import ROOT, python_path

SAMPLE = (Path(quoth_server.__file__).parent / "data" / "sample.txt").read_text("utf-8")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="Ray is not installed"),
]


def environment(engine: str) -> dict[str, str]:
    return os.environ | {
        "PYTHONPATH": python_path(),
        "QUOTH_ENGINE": engine,
        "RAY_AUTH_MODE": "disabled",
        "RAY_USAGE_STATS_ENABLED": "0",
    }


FAKE = environment("tests.fake_engine:load")
REAL = environment("quoth_server.engine.pipeline:load")


@pytest.fixture(scope="module")
def cluster() -> Iterator[tuple[str, psutil.Process]]:
    """The address of a cluster of two nodes, and the process above all of it."""
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).parent / "ray_cluster.py")],
        env=FAKE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        top = psutil.Process(process.pid)
        address = process.stdout.readline().strip()
        assert address
        below = top.children(recursive=True)
        yield address, top
        process.stdin.close()
        process.wait(60)
        for left in psutil.wait_procs(below, timeout=10)[1]:
            left.kill()


def command(source: Path, output: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "quoth_cli", "bulk", str(source), "-o", str(output), *options]


def run(env: dict[str, str], *arguments: Any, code: int = 0) -> str:
    done = subprocess.run(
        command(*arguments),
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == code, done.stderr
    return done.stderr


def written(path: Path, articles: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(each) + "\n" for each in articles), "utf-8")
    return path


def rows(path: Path) -> list[str]:
    return sorted(path.read_text("utf-8").splitlines())


def until(condition: Any) -> Any:
    end = time.monotonic() + 200
    while not (found := condition()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return found


def done(output: Path) -> int:
    ledger = output.with_name(f"{output.name}.ledger")
    return ledger.read_bytes().count(b"\nD ") if ledger.exists() else 0


def actors(top: psutil.Process) -> list[psutil.Process]:
    return [each for each in top.children(recursive=True) if is_actor(each)]


def is_actor(process: psutil.Process) -> bool:
    try:
        return any("MapWorker" in word for word in process.cmdline())
    except psutil.NoSuchProcess:
        return False  # it has ended since, or is about to


def both(found: list[psutil.Process]) -> list[psutil.Process]:
    return found if len(found) == 2 else []


@pytest.mark.model
def test_the_rows_of_a_cluster_are_those_of_one_machine(
    tmp_path: Path, cluster: tuple[str, psutil.Process]
) -> None:
    import pyarrow.parquet as pq

    paragraphs = [each for each in SAMPLE.split("\n\n") if len(each) > 80]
    articles: list[dict[str, Any]] = [
        {
            "id": f"a{number}",
            "text": f"{paragraphs[number % len(paragraphs)]}\n\n“Number {number},” she said.",
            "published": "2026-05-15",
            "url": f"https://example.org/{number}",
        }
        for number in range(40)
    ]
    articles[20:20] = [
        {"id": "blank", "text": " "},
        {"id": "undated", "text": "It rains.", "published": "soon"},
        {"id": "without"},
        {"id": "french", "text": "Nous sommes complets, a dit le maire de la ville, mardi matin."},
    ]
    source = written(tmp_path / "in.jsonl", articles)
    here, there = tmp_path / "here.parquet", tmp_path / "there.parquet"
    run(REAL, source, here, "--workers", "1", "--with-text", code=1)
    said = run(
        REAL, source, there, "--engine", "ray", "--address", cluster[0], "--with-text", code=1
    )
    assert "2 actors" in said
    order = [("position", "ascending"), ("statement_id", "ascending")]
    assert pq.read_table(there).sort_by(order).equals(pq.read_table(here).sort_by(order))
    assert pq.read_table(here).num_rows >= 60
    failures = [output.with_name(f"{output.name}.failures.jsonl") for output in (here, there)]
    assert rows(failures[0]) == rows(failures[1])
    assert len(rows(failures[0])) == 4


def test_no_article_is_lost_or_doubled_when_an_actor_is_killed(
    tmp_path: Path, cluster: tuple[str, psutil.Process]
) -> None:
    address, top = cluster
    first, second = tmp_path / "first", tmp_path / "second"  # as long as they are not there, all
    articles = [  # articles behind wait for them, whatever the machine's speed
        {"id": f"a{number}", "text": f"{gate}\nNo. {number}"}
        for number, gate in enumerate(
            [*["Go."] * 10, *[f"until {first}"] * 70, *[f"until {second}"] * 70]
        )
    ]
    articles[30]["text"] = "die"
    source = written(tmp_path / "in.jsonl", articles)
    here, there = tmp_path / "here.jsonl", tmp_path / "there.jsonl"

    begun = subprocess.Popen(command(source, there, "--workers", "1"), env=FAKE, cwd=ROOT)
    until(lambda: done(there) == 10)
    begun.send_signal(signal.SIGINT)
    assert begun.wait(60) == 130
    assert done(there) == 10
    first.touch()

    # A parcel of 32 articles comes back, and then both actors wait, each in another one.
    options = ("--engine", "ray", "--address", address, "--resume")
    with subprocess.Popen(command(source, there, *options), env=FAKE, cwd=ROOT) as going:
        try:
            until(lambda: done(there) > 10)
            (killed, _) = until(lambda: both(actors(top)))
            killed.kill()
            assert done(there) < 80
            second.touch()
            assert going.wait(200) == 1
        finally:
            going.kill()  # else it would wait for the files, and all other tests for it
    run(FAKE, source, here, "--workers", "8", code=1)
    assert rows(there) == rows(here)
    assert len(rows(there)) == 149
    assert {json.loads(line)["position"] for line in rows(there)} == {*range(150)} - {30}
    (failure,) = rows(there.with_name("there.jsonl.failures.jsonl"))
    assert json.loads(failure)["error"]["reason"] == "WORKER_LOST"


def test_an_engine_that_cannot_be_loaded_ends_the_run(
    tmp_path: Path, cluster: tuple[str, psutil.Process]
) -> None:
    source = written(tmp_path / "in.jsonl", [{"text": "It rains."}])
    env = environment("tests.fake_engine:load_missing")
    options = ("--engine", "ray", "--address", cluster[0])
    said = run(env, source, tmp_path / "out.jsonl", *options, code=9)
    assert "'nothing' is not installed; pip install it" in said
    assert "--resume" in said


@pytest.mark.parametrize("address", ["127.0.0.1:1", "127.0.0.1:head"])
def test_an_address_where_no_cluster_is_ends_the_run(tmp_path: Path, address: str) -> None:
    source = written(tmp_path / "in.jsonl", [{"text": "It rains."}])
    options = ("--engine", "ray", "--address", address)
    said = run(FAKE, source, tmp_path / "out.jsonl", *options, code=5)
    assert f"--address {address}: no Ray cluster (" in said
