"""What the operator's page shows works as it stands there, and what it promises holds."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from quoth import Client
from tests.integration.server import ROOT, Server, free_port, python_path


def test_the_commands_of_the_page(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```sh\n(.+?)```", page, re.DOTALL)
    port, metrics = free_port(), free_port()
    script = (
        block.replace("quoth-server --", f"quoth-server --listen 127.0.0.1:{port} --")
        .replace("127.0.0.1:50051", f"127.0.0.1:{port}")
        .replace("9464", str(metrics))
    )
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, module in (("quoth-server", "quoth_server"), ("quoth", "quoth_cli")):
        program = folder / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {module} "$@"\n')
        program.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QUOTH_")}
    done = subprocess.run(
        ["bash", "-c", f'set -euo pipefail\n{script}\nkill "$!"\nwait "$!"'],
        cwd=tmp_path,
        env=kept
        | {
            "PATH": f"{folder}:{os.environ['PATH']}",
            "PYTHONPATH": python_path(),
            "QUOTH_ENGINE": "tests.fake_engine:load",
            "QUOTH_WORKERS": "1",
        },
        capture_output=True,
        text=True,
        timeout=55,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "SERVING\n" in done.stdout
    assert re.search(r"^server +\d", done.stdout, re.M)
    assert 'quoth_calls_total{code="OK",method="GetServerInfo"} 1.0' in done.stdout
    assert "caller=desk" in done.stderr
    assert "level=warning" not in done.stderr
    assert (tmp_path / "tokens").stat().st_mode & 0o777 == 0o600


@contextmanager
def calling(target: str) -> Iterator[list[str]]:
    """Calls from three threads as long as it is entered; what went wrong."""
    wrong: list[str] = []
    over = threading.Event()

    def call(client: Client, number: int) -> None:
        count = 0
        while not over.is_set():
            count += 1
            try:
                client.attribute(f"sleep 0.02\nText {number} {count}.", timeout=30)
            except Exception as error:  # noqa: BLE001 - every kind of it is counted
                wrong.append(repr(error))

    with Client(target) as client:
        threads = [threading.Thread(target=call, args=(client, n)) for n in range(3)]
        for thread in threads:
            thread.start()
        try:
            yield wrong
        finally:
            over.set()
            for thread in threads:
                thread.join()


def test_a_rolling_restart_loses_no_call() -> None:
    ports = [free_port(), free_port()]
    running: list[Server] = []

    def start(port: int) -> Server:
        flags = ("--listen", f"127.0.0.1:{port}", "--workers", "1", "--queue-per-worker", "8")
        return Server(*flags, "--drain-delay", "0.3").__enter__()

    try:
        running = [start(port) for port in ports]
        with calling(f"ipv4:127.0.0.1:{ports[0]},127.0.0.1:{ports[1]}") as wrong:
            for place, port in enumerate(ports):
                running[place].until_log("(?s)(message=call .*){5}")
                running[place].signal(signal.SIGTERM)
                assert running[place].exit_code() == 0
                running[place].__exit__(None, None, None)
                running[place] = start(port)
                running[place].until_log("(?s)(message=call .*){5}")  # it gets calls again
        assert wrong == []
    finally:
        for server in running:
            server.__exit__(None, None, None)
