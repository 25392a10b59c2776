"""Extraction in its own process, which a page can neither hold up for long nor make grow.

The parsers of HTML and what looks for the article take any time and memory for some pages, in code
that nothing interrupts. So a page has a deadline and a limit of memory; the process that one of
them ends is replaced for the next page.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Any

from quoth_cli.readers.base import BadRow

__all__ = ["MAX_PAGE_BYTES", "Extractor", "fields_of_page"]

MAX_PAGE_BYTES = 8 * 1024 * 1024
"""The largest page that is looked into; pages of articles are a tenth of it."""
_SECONDS = 20.0
# Others may work here too, so that a page waits for the processor; only a clock ends what sleeps.
_TIMES_ON_THE_CLOCK = 15
_MEMORY_BYTES = 384 * 1024 * 1024

_OUT_OF_TIME = -getattr(signal, "SIGPROF", 0) or None

# It finds what its parent finds, and nothing in the folder that it is started in.
_CODE = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from quoth_cli.pages.process import serve; serve()"
)


class Extractor:
    """A process that extracts pages one after the other; it starts with the first.

    Args:
        seconds: How long the processor may work on a page.
        memory: How many bytes of data the process may have.
    """

    def __init__(self, seconds: float = _SECONDS, memory: int = _MEMORY_BYTES) -> None:
        self._seconds = seconds
        self._memory = memory
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._owner = 0

    def fields_of(
        self, data: bytes, url: str = "", encoding: str = "", kind: str = "html"
    ) -> Mapping[str, Any]:
        """The fields of the article of a page or a document, with the names of `Extracted`.

        Args:
            data: The file.
            url: Where a page was found.
            encoding: What came with a page as its encoding.
            kind: `html`, or one of `quoth_cli.pages.documents.KINDS`.

        Raises:
            BadRow: There is none, or the page is too large, takes too long or too much memory.
            ModuleNotFoundError: A package that it needs is not installed.
        """
        if kind == "html" and len(data) > MAX_PAGE_BYTES:
            raise BadRow(f"longer than {MAX_PAGE_BYTES // 1024**2} MiB, the limit for a page")
        given = {"size": len(data), "url": url, "encoding": encoding, "kind": kind}
        with self._lock:
            answer = self._ask(json.dumps(given).encode() + b"\n", data)
        match answer:
            case {"found": dict(fields)}:
                return fields
            case {"none": why}:
                raise BadRow(why)
            case {"missing": name}:
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        raise BadRow(f"cannot be read: {answer['fault']}; check what was saved")

    def close(self) -> None:
        """Ends the process."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            assert pipe
            with contextlib.suppress(BrokenPipeError):
                pipe.close()

    def _ask(self, given: bytes, data: bytes) -> dict[str, Any]:
        process = self._started()
        assert process.stdin
        assert process.stdout
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self._seconds * _TIMES_ON_THE_CLOCK, end)
        timer.daemon = True
        timer.start()
        try:
            with contextlib.suppress(BrokenPipeError):  # how it ended is seen below
                process.stdin.write(given)
                process.stdin.write(data)
                process.stdin.flush()
            answer = process.stdout.readline()
        except BaseException:
            self.close()  # its answer would be taken for that to another page
            raise
        finally:
            timer.cancel()
        if not answer.endswith(b"\n"):  # the process ended before it was whole
            self.close()
            if late.is_set() or process.returncode == _OUT_OF_TIME:
                raise BadRow(
                    f"no article was found in {self._seconds:g} s: the file is "
                    "broken, or crafted to take long; give its text as a file"
                )
            raise BadRow(
                "the process that read it crashed: the file is broken, "
                "or crafted to do harm; give its text as a file"
            )
        told: dict[str, Any] = json.loads(answer)
        return told

    def _started(self) -> subprocess.Popen[bytes]:
        if self._owner != os.getpid():  # after a fork the process is that of the parent
            self._process = None
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._owner = os.getpid()
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-I", "-c", _CODE, json.dumps(sys.path)),
                    *(str(self._seconds), str(self._memory)),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        return self._process


_EXTRACTOR = Extractor()
atexit.register(_EXTRACTOR.close)
fields_of_page = _EXTRACTOR.fields_of
"""Asks the one process that this program has for it."""


# ---- in the process --------------------------------------------------------------------


def serve() -> None:
    """Answers what comes by standard input, until it ends."""
    import logging

    seconds, memory = float(sys.argv[2]), int(sys.argv[3])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends it
    logging.disable(logging.CRITICAL)  # what the libraries have to say of a page helps nobody
    # What is asked for is whole before anything else may print.
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _limit_memory(memory)
    while line := requests.readline():
        given = json.loads(line)
        data = requests.read(given.pop("size"))
        _alarm(seconds)
        answer = json.dumps(_answer(data, **given)).encode()
        _alarm(0)
        answers.write(answer + b"\n")
        answers.flush()


def _answer(data: bytes, url: str, encoding: str, kind: str) -> dict[str, Any]:
    import dataclasses

    from quoth_cli.pages.extraction import extract

    try:
        if kind != "html":
            from quoth_cli.pages.documents import extract_document

            return {"found": dataclasses.asdict(extract_document(data, kind))}
        return {"found": dataclasses.asdict(extract(data, url, encoding=encoding))}
    except BadRow as error:
        return {"none": str(error)}
    except ModuleNotFoundError as error:
        return {"missing": error.name}
    except MemoryError:
        return {"none": "takes too much memory to read; give its text as a file"}
    except Exception as error:  # noqa: BLE001  (the barrier: one page is one page)
        return {"fault": f"{type(error).__name__}: {error}"[:300]}


def _limit_memory(memory: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _alarm(seconds: float) -> None:
    if sys.platform == "win32":
        return
    # When the processor has worked so long, this ends the process, whatever code it is in.
    signal.setitimer(signal.ITIMER_PROF, seconds)
