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
import struct
import subprocess
import sys
import threading
from typing import IO, Any

from quoth_cli.pages.extraction import Extracted, NoArticle

__all__ = ["MAX_PAGE_BYTES", "Extractor", "extract_apart"]

MAX_PAGE_BYTES = 8 * 1024 * 1024
"""The largest page that is looked into; pages of articles are a tenth of it."""
_SECONDS = 20.0
# Others may work here too, so that a page waits for the processor; only a clock ends what sleeps.
_TIMES_ON_THE_CLOCK = 15
_MEMORY_BYTES = 384 * 1024 * 1024

_OUT_OF_TIME = -getattr(signal, "SIGPROF", 0) or None

_LENGTHS = struct.Struct("!II")
_LENGTH = struct.Struct("!I")
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

    def extract(
        self, html: bytes, url: str = "", *, encoding: str = "", kind: str = "html"
    ) -> Extracted:
        """Finds the article of a page, see `quoth_cli.pages.extraction.extract`, or of a document.

        Raises:
            NoArticle: There is none, or the page is too large, takes too long or too much memory.
            ModuleNotFoundError: A package that it needs is not installed.
        """
        if kind == "html" and len(html) > MAX_PAGE_BYTES:
            raise NoArticle(f"longer than {MAX_PAGE_BYTES // 1024**2} MiB, the limit for a page")
        given = json.dumps({"url": url, "encoding": encoding, "kind": kind}).encode()
        with self._lock:
            answer = self._ask(given, html)
        match answer:
            case {"found": fields}:
                return Extracted(**fields)
            case {"none": why}:
                raise NoArticle(why)
            case {"missing": name}:
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        raise NoArticle(f"cannot be read: {answer['fault']}; check what was saved")

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

    def _ask(self, given: bytes, html: bytes) -> dict[str, Any]:
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
                process.stdin.write(_LENGTHS.pack(len(given), len(html)) + given)
                process.stdin.write(html)
                process.stdin.flush()
            answer = _read(process.stdout)
        except BaseException:
            self.close()  # its answer would be taken for that to another page
            raise
        finally:
            timer.cancel()
        if answer is None:
            self.close()
            if late.is_set() or process.returncode == _OUT_OF_TIME:
                raise NoArticle(
                    f"no article was found in {self._seconds:g} s: the file is "
                    "broken, or crafted to take long; give its text as a file"
                )
            raise NoArticle(
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


def extract_apart(
    html: bytes, url: str = "", *, encoding: str = "", kind: str = "html"
) -> Extracted:
    """Finds the article of a page or a document in the one process that this program has for it."""
    return _EXTRACTOR.extract(html, url, encoding=encoding, kind=kind)


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
    while lengths := requests.read(_LENGTHS.size):
        length, size = _LENGTHS.unpack(lengths)
        given = json.loads(requests.read(length))
        html = requests.read(size)
        _alarm(seconds)
        answer = json.dumps(_answer(html, **given)).encode()
        _alarm(0)
        answers.write(_LENGTH.pack(len(answer)) + answer)
        answers.flush()


def _answer(html: bytes, url: str, encoding: str, kind: str) -> dict[str, Any]:
    import dataclasses

    from quoth_cli.pages.extraction import extract

    try:
        if kind != "html":
            from quoth_cli.pages.documents import extract_document

            return {"found": dataclasses.asdict(extract_document(html, kind))}
        return {"found": dataclasses.asdict(extract(html, url, encoding=encoding))}
    except NoArticle as error:
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


def _read(pipe: IO[bytes]) -> bytes | None:
    """An answer; None if the process ended before it was whole."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    answer = pipe.read(length)
    return answer if len(answer) == length else None
