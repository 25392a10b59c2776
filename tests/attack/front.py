"""A server under attack, and a caller who only wants a sentence read meanwhile."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import grpc

from quoth import v1
from tests.attack import loop
from tests.integration.server import Server, article

__all__ = ["FAKE", "GREEDY", "MODEST", "REAL", "Front", "Waits", "bearer", "front", "other_caller"]

FAKE = "tests.fake_engine:load"
REAL = "quoth_server.engine.pipeline:load"
_GREEDY_TOKEN, _MODEST_TOKEN = "g" * 16, "m" * 16
GREEDY = (("authorization", f"Bearer {_GREEDY_TOKEN}"),)
MODEST = (("authorization", f"Bearer {_MODEST_TOKEN}"),)
_SENTENCE = "“It rained,” Ann Lee said."
_ALONE_CALLS = 10
_PAUSE = 0.1  # seconds between two calls of the other caller
_ALONE = [("grpc.use_local_subchannel_pool", 1), ("grpc.enable_retries", 0)]


def bearer(metadata: Sequence[tuple[str, str]] = GREEDY) -> dict[str, str]:
    """The token as a header of HTTP."""
    return {"Authorization": metadata[0][1]}


@dataclass(frozen=True, slots=True)
class Front:
    """A server with two tokens, whose loop is watched.

    Attributes:
        server: The server.
        stops: What its loop notes of itself.
    """

    server: Server
    stops: Path

    def forget_memory(self) -> None:
        """Has the most memory count from now on."""
        Path(f"/proc/{self.server.process.pid}/clear_refs").write_text("5")

    def most_memory(self) -> float:
        """The most that the front process has had, in MiB."""
        for line in Path(f"/proc/{self.server.process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
        raise RuntimeError("the system does not tell the memory of a process")


@contextmanager
def front(folder: Path, name: str, engine: str, *flags: str) -> Iterator[Front]:
    """Runs a server."""
    tokens = folder / f"{name}.tokens"
    tokens.write_text(f"greedy:{_GREEDY_TOKEN}\nmodest:{_MODEST_TOKEN}\n")
    tokens.chmod(0o600)
    path = folder / f"{name}.stops"
    more = ("--token-file", str(tokens), "--log-level", "info", *flags)
    prelude = loop.PRELUDE.format(path=str(path))
    with Server(*more, engine=engine, prelude=prelude) as server:
        yield Front(server, path)


@dataclass
class Waits:
    """What the other caller met: the seconds that each call took, and its status.

    `alone` is the longest before anybody else called, which tells how busy the machine is.
    """

    alone: float = 0.0
    seconds: list[float] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)

    @property
    def longest(self) -> float:
        """The seconds that the longest call took."""
        return max(self.seconds, default=float("inf"))


@contextmanager
def other_caller(address: str) -> Iterator[Waits]:
    """Asks for one sentence after the other, in its own process, until it is left."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_ask, args=(address, theirs), daemon=True)
    process.start()
    theirs.close()
    waits = Waits()
    waits.alone = ours.recv()
    yield waits
    ours.send("stop")
    waits.seconds, waits.codes = ours.recv()
    process.join()


def _ask(address: str, pipe: Connection) -> None:
    seconds: list[float] = []
    codes: set[str] = set()
    with grpc.insecure_channel(address, options=_ALONE) as channel:
        stub = v1.AttributionServiceStub(channel)

        def ask() -> float:
            start = time.monotonic()
            call = stub.AttributeQuotes.future(article(_SENTENCE), metadata=MODEST, timeout=60)
            codes.add(call.code().name)
            return time.monotonic() - start

        ask()  # connects
        pipe.send(max(ask() for _ in range(_ALONE_CALLS)))
        while not pipe.poll(_PAUSE):
            seconds.append(ask())
    pipe.send((seconds, codes))
