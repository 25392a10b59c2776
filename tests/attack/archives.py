"""Attacks on the command: files that do harm, and what happens to those that it writes."""

from __future__ import annotations

import contextlib
import gzip
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from quoth_cli.bulk.journal import failures_path, ledger_path
from quoth_cli.exits import Exit
from tests.attack.finding import Finding, checked
from tests.integration.server import ROOT, Server, cpu_seconds, descendants
from tests.integration.test_bulk_hostile import EVIL, PAGE, on_a_terminal
from tests.integration.test_command import environment, jsonl

__all__ = ["ATTACKS", "pairs"]

_LIMIT = 600.0  # seconds that a command may take here
_MOST_WORK = 60.0  # seconds of the cores for a page
_MOST_MEMORY = 1024.0  # MiB of a command
_ENCODINGS = ("idna", "punycode", "rot13", "undefined", "utf-8")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended.

    Attributes:
        code: Its exit code.
        err: What it wrote to standard error.
        work: Seconds that it and its processes have used of the cores.
        memory: The most that one of its processes had, in MiB.
    """

    code: int
    err: str
    work: float
    memory: float


@contextlib.contextmanager
def _started(*args: object) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "quoth_cli", *map(str, args)]
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment(),
        text=True,
        cwd=ROOT,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _run(*args: object) -> Ended:
    start = time.monotonic()
    memory = work = 0.0
    with _started(*args) as process:
        while process.poll() is None:
            for pid in (process.pid, *descendants(process.pid)):
                memory = max(memory, _most_memory(pid))
            work = max(work, cpu_seconds(process.pid))
            if time.monotonic() > start + _LIMIT:
                process.kill()
            time.sleep(0.02)
        assert process.stderr
        return Ended(process.returncode, process.stderr.read(), work, memory)


def _most_memory(pid: int) -> float:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


def _rows(path: Path) -> list[dict[str, object]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def pairs(count: int) -> Finding:
    """R3: runs that begin at once on one output, see `pairs`."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.attack.pairs", str(count)],
        env=environment(),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
        timeout=_LIMIT + count,
    )
    found = json.loads(done.stdout)
    bad = found.get("ruined", 0) + found.get("failed", 0)
    return Finding(
        "the lock first; none ruined",
        f"{found.get('ruined', 0)} of {count} pairs ruined; one wrote in {found.get('one', 0)}, "
        f"one after the other in {found.get('both', 0)}",
        not bad and sum(found.values()) == count,
    )


def page_encodings(server: Server, folder: Path) -> Finding:
    """R4: pages that name an encoding that is none of pages, in a run and in one that resumes."""
    pages = folder / "pages"
    pages.mkdir()
    for name in _ENCODINGS:
        declared = PAGE.replace(b"utf-8", name.encode())
        (pages / f"{name}.html").write_bytes(declared + b"\xff\xe9" * 50)
    (pages / "comments.html").write_bytes(b"<!---->" * 40)
    output = folder / "pages.jsonl"
    how = []
    for more in ((), ("--resume",)):
        ended = _run("bulk", pages, "-o", output, "--server", server.address, *more)
        how.append((ended.code, len(_rows(output)), len(_rows(failures_path(output)))))
    return Finding(
        "a failure of that page; the run goes on",
        "; ".join(f"code {code}, {read} read, {failed} failed" for code, read, failed in how),
        how == 2 * [(Exit.SOME_FAILED, len(_ENCODINGS), 1)],
    )


def removed_output(server: Server, folder: Path) -> Finding:
    """R8: the output, or its folder, that is removed while it is written."""
    source = jsonl(folder / "slow.jsonl", *({"body": "sleep 0.05"} for _ in range(60)))
    codes = {}
    for what in ("output", "folder"):
        place = folder / f"removed-{what}"
        place.mkdir()
        output = place / "out.jsonl"
        with _started("bulk", source, "-o", output, "--server", server.address) as process:
            _until_some(output, process)
            output.unlink() if what == "output" else shutil.rmtree(place)
            process.communicate(timeout=_LIMIT)
        codes[what] = process.returncode
    return Finding(
        "exit code 7",
        ", ".join(f"{what}: code {code}" for what, code in codes.items()),
        set(codes.values()) == {Exit.OUTPUT},
    )


def _until_some(output: Path, process: subprocess.Popen[str]) -> None:
    """Waits until some articles are in the ledger of an output."""
    path = ledger_path(output)
    while process.poll() is None:
        if path.exists() and path.read_bytes().count(b"D") >= 3:
            return
        time.sleep(0.01)
    raise RuntimeError("the run ended before anything could be done to its output")


def pathological_pages(server: Server, folder: Path) -> Finding:
    """R11, R12: markup that took hours, or for ever."""
    attributes = b"<div " + b" ".join(b"a%d=''" % number for number in range(40_000)) + b">"
    bodies = {
        "<br × 40,000": PAGE + b"<br " * 40_000,
        "40,000 attributes": PAGE + attributes,
        "<!----> × 40": b"<!---->" * 40,
        "<b> × 100,000": PAGE + b"<b>" * 100_000,
        "&amp; × 1,000,000": PAGE + b"&" * 1_000_000,
    }
    took = {}
    for number, (name, body) in enumerate(bodies.items()):
        path = folder / f"markup-{number}.html"
        path.write_bytes(body)
        ended = _run("attribute", path, "-f", "jsonl", "--server", server.address)
        fine = ended.code in (Exit.OK, Exit.INPUT, Exit.REFUSED) and "Traceback" not in ended.err
        took[name] = ended.work if fine else float("inf")
    slowest = max(took, key=lambda name: took[name])
    return Finding(
        "linear, under a deadline",
        f"{len(took)} pages, the slowest ({slowest}) {took[slowest]:.1f} s of the cores with the "
        "start of the command",
        took[slowest] < _MOST_WORK,
    )


def swollen_files(server: Server, folder: Path) -> Finding:
    """R13: some kilobytes that unpack to gigabytes, of every kind of file."""
    block = gzip.compress(b"aa," * (16 * 1024 * 1024 // 3), 9, mtime=0)
    text = gzip.compress(b"word " * (16 * 1024 * 1024 // 5), 9, mtime=0)
    files = {
        "csv.gz": gzip.compress(b"body,id\n", mtime=0) + block * 64,
        "jsonl.gz": gzip.compress(b'{"body": "', mtime=0) + text * 64,
        "json.gz": gzip.compress(b'[{"body": "', mtime=0) + text * 64,
        "txt.gz": text * 64,
        "html.gz": gzip.compress(b"<html><body>", mtime=0) + text * 64,
        "warc.gz": gzip.compress(_WARC, mtime=0) + text * 64,
    }
    paths = []
    for suffix, content in files.items():
        paths.append(folder / f"swollen.{suffix}")
        paths[-1].write_bytes(content)
    same = pa.DictionaryArray.from_arrays(
        pa.array([0] * 260, pa.int32()), pa.array(["word " * (4 * 1024 * 1024)])
    )
    paths.append(folder / "swollen.parquet")
    pq.write_table(pa.table({"body": same}), paths[-1], compression="zstd", store_schema=False)
    found = {}
    for path in paths:
        output = folder / f"{path.name}.out.jsonl"
        ended = _run("bulk", path, "-o", output, "--server", server.address)
        fine = ended.code in (Exit.OK, Exit.SOME_FAILED, Exit.INPUT)
        found[path.name] = ended.memory if fine and "Traceback" not in ended.err else float("inf")
    largest = max(found, key=lambda name: found[name])
    listed = ", ".join(f"{name[8:]} {size:.0f}" for name, size in found.items())
    return Finding(
        f"memory bounded for every reader, at most {_MOST_MEMORY:.0f} MiB",
        f"MiB: {listed}",
        found[largest] <= _MOST_MEMORY,
    )


_WARC = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/\r\n"
    b"WARC-Record-ID: <urn:uuid:1>\r\nContent-Type: application/http; msgtype=response\r\n"
    b"Content-Length: 1073741824\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
)


def odd_archives(server: Server, folder: Path) -> Finding:
    """R17: columns, journals, links, terminals, replaced inputs."""
    return checked(
        "as a user would expect",
        {
            "columns of odd names": _odd_columns(folder),
            "a flipped byte in the journal": _flipped_byte(server, folder),
            "a planted link": _planted_link(server, folder),
            "escapes to a terminal": _escapes(server, folder),
            "a replaced input": _replaced_input(server, folder),
        },
    )


def _odd_columns(folder: Path) -> bool:
    archive = folder / "columns.parquet"
    rows = {
        name: ["x"]
        for name in (
            "article_id",
            "content",
            "speaker",
            "filename",
            "file_row_number",
            "_statement",
        )
    }
    pq.write_table(pa.table(rows), archive)
    ended = [_run("search", archive), _run("stats", archive)]
    return all(each.code == Exit.INPUT and "rename it" in each.err for each in ended)


def _flipped_byte(server: Server, folder: Path) -> bool:
    source = jsonl(folder / "journal.jsonl", *({"body": "sleep 0.05"} for _ in range(40)))
    output = folder / "journal.parquet"
    command = ("bulk", source, "-o", output, "--server", server.address)
    with _started(*command) as process:
        _until_some(output, process)
        process.send_signal(signal.SIGKILL)
        process.wait()
    journal = output.with_name(f"{output.name}.journal")
    data = bytearray(journal.read_bytes())
    data[3] = 0xFF
    journal.write_bytes(data)
    ended = _run(*command, "--resume")
    return ended.code == Exit.OUTPUT and "--overwrite" in ended.err


def _planted_link(server: Server, folder: Path) -> bool:
    output, other = folder / "planted.jsonl", folder / "other"
    other.write_bytes(b"of somebody else")
    ledger_path(output).symlink_to(other)
    source = jsonl(folder / "planted-in.jsonl", {"body": "One."})
    ended = _run("bulk", source, "-o", output, "--server", server.address)
    return other.read_bytes() == b"of somebody else" and "Traceback" not in ended.err


def _escapes(server: Server, folder: Path) -> bool:
    source = jsonl(folder / f"{EVIL}.jsonl", {"body": f"One {EVIL} two."}, {"id": EVIL})
    told = [
        on_a_terminal("bulk", source, "-f", "csv", "--server", server.address),
        on_a_terminal("attribute", folder / f"{EVIL}.txt", "--server", server.address),
    ]
    return all(each and not set(each) & {"\x1b", "\x9b", "\x07"} for each in told)


def _replaced_input(server: Server, folder: Path) -> bool:
    source = jsonl(folder / "replaced.jsonl", {"body": "One."}, {"body": "Two."})
    command = ("bulk", source, "-o", folder / "replaced-out.jsonl", "--server", server.address)
    first = _run(*command)
    jsonl(source, {"body": "Six."}, {"body": "Ten."})
    second = _run(*command, "--resume")
    return (first.code, second.code) == (Exit.OK, Exit.USAGE) and "was started with" in second.err


def large_articles(server: Server, folder: Path) -> Finding:
    """O1: articles over 4 MiB in a run, and in one that resumes."""
    bodies = ["One.", "x" * (5 * 1024 * 1024), "Three.", "y" * (4 * 1024 * 1024), "Five."]
    source = jsonl(folder / "large.jsonl", *({"body": body} for body in bodies))
    output = folder / "large-out.jsonl"
    how = []
    for more in ((), ("--resume",)):
        ended = _run("bulk", source, "-o", output, "--server", server.address, *more)
        how.append((ended.code, len(_rows(output)), len(_rows(failures_path(output)))))
    return Finding(
        "a failure of that article",
        "; ".join(f"code {code}, {read} read, {failed} failed" for code, read, failed in how),
        how == 2 * [(Exit.SOME_FAILED, 3, 2)],
    )


def odd_json(server: Server, folder: Path) -> Finding:
    """O5: an array, MongoDB's ids and dates, epochs and dates that are written out."""
    source = folder / "odd.json"
    source.write_text(
        '[{"_id": {"$oid": "5f"}, "body": "One.", "date": {"$date": 1558771200000}},\n'
        ' {"_id": {"$oid": "60"}, "body": "Two.", "date": "May 25, 2019"},\n'
        ' {"_id": {"$oid": "61"}, "body": "Three.", "date": 1558771200}]'
    )
    output = folder / "odd.csv"
    ended = _run("bulk", source, "-o", output, "--server", server.address)
    lines = output.read_text().splitlines()[1:] if output.exists() else []
    dated = sum("2019-05-25" in line for line in lines)
    return Finding(
        "an array is read as articles, every date as a day",
        f"code {ended.code}, {len(lines)} of 3 read, {dated} with their day",
        ended.code == Exit.OK and dated == 3,
    )


ATTACKS: dict[str, Callable[[Server, Path], Finding]] = {
    "R4": page_encodings,
    "R8": removed_output,
    "R11, R12": pathological_pages,
    "R13": swollen_files,
    "R17 command": odd_archives,
    "O1 command": large_articles,
    "O5": odd_json,
}
