"""`quoth bulk` where files go away, articles are too large and pages are made to do harm."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from quoth_cli.bulk.journal import failures_path, ledger_path
from quoth_cli.exits import Exit
from tests.integration.test_bulk_command import rows_of, wait_until
from tests.integration.test_command import environment, jsonl, quoth, running
from tests.unit.pages.test_pages import page

PAGE = page().removesuffix(b"</body></html>")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running() as (address, _):
        yield address


# ---- what is written goes away ---------------------------------------------------------


def remove_output(output: Path) -> None:
    output.with_name(f"{output.name}{'.journal' if output.suffix == '.parquet' else ''}").unlink()


def remove_ledger(output: Path) -> None:
    ledger_path(output).unlink()


def remove_folder(output: Path) -> None:
    shutil.rmtree(output.parent)


@pytest.mark.parametrize("name", ["out.jsonl", "out.parquet"])
@pytest.mark.parametrize("remove", [remove_output, remove_ledger, remove_folder])
def test_an_output_that_was_removed_is_reported(
    remove: Callable[[Path], None], name: str, tmp_path: Path
) -> None:
    source = jsonl(tmp_path / "in.jsonl", *({"body": "sleep 0.05"} for _ in range(60)))
    folder = tmp_path / "folder"
    folder.mkdir()
    output = folder / name
    command = [sys.executable, "-m", "quoth_cli", "bulk", str(source), "-o", str(output)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=environment(), text=True) as process:
        wait_until(
            lambda: ledger_path(output).exists() and b"D" in ledger_path(output).read_bytes()
        )
        remove(output)
        _, told = process.communicate(timeout=120)
    assert process.returncode == Exit.OUTPUT
    assert "was removed or replaced during the run; run it again" in told
    assert "Traceback" not in told
    assert f"60 in {output}" not in told


# ---- two at once -----------------------------------------------------------------------


def test_two_runs_that_begin_at_once_do_not_write_one_output(tmp_path: Path) -> None:
    source = jsonl(tmp_path / "in.jsonl", *({"body": f"Number {n}."} for n in range(200)))
    output = tmp_path / "out.jsonl"
    bulk = ("bulk", str(source), "-o", str(output), "--workers", "1")
    command = [sys.executable, "-m", "quoth_cli", *bulk]
    runs = [
        subprocess.Popen(command, stderr=subprocess.PIPE, env=environment(), text=True)
        for _ in range(2)
    ]
    ended = [(run.communicate(timeout=120)[1], run.returncode) for run in runs]
    codes = sorted(code for _, code in ended)
    # The second one may start when the first has finished, and then makes it again.
    assert codes in ([Exit.OK, Exit.USAGE], [Exit.OK, Exit.OK]), ended
    assert [row["position"] for row in rows_of(output)] == list(range(200))


# ---- articles and pages ----------------------------------------------------------------


def test_an_article_too_large_for_any_server_is_one_failure(server: str, tmp_path: Path) -> None:
    bodies = ["One.", "x" * (5 * 1024 * 1024), "Three.", "y" * (4 * 1024 * 1024), "Five."]
    source = jsonl(tmp_path / "in.jsonl", *({"body": body} for body in bodies))
    output = tmp_path / "out.jsonl"
    for more in ((), ("--resume",)):
        ended = quoth("bulk", source, "-o", output, "--server", server, *more)
        assert ended.code == Exit.SOME_FAILED
        assert [row["position"] for row in rows_of(output)] == [0, 2, 4]
        failed = rows_of(failures_path(output))
        assert [row["position"] for row in failed] == [1, 3]
        assert {row["error"]["reason"] for row in failed} == {"BODY_TOO_LONG"}


def test_no_page_ends_a_run(server: str, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    names = ("idna", "punycode", "rot13", "undefined", "utf-8")
    for name in names:
        declared = PAGE.replace(b"utf-8", name.encode())
        (folder / f"{name}.html").write_bytes(declared + b"\xff\xe9" * 50)
    (folder / "comments.html").write_bytes(b"<!---->" * 40)
    (folder / "breaks.html").write_bytes(PAGE + b"<br " * 40_000)
    output = tmp_path / "out.jsonl"
    for more in ((), ("--resume",)):
        ended = quoth("bulk", folder, "-o", output, "--server", server, *more)
        assert ended.code == Exit.SOME_FAILED
        assert len(rows_of(output)) == len(names) + 1
        assert [row["id"] for row in rows_of(failures_path(output))] == ["comments.html"]


@pytest.mark.parametrize("data", [b"<!---->" * 40, PAGE + b"<br " * 40_000])
def test_one_page_does_not_hold_up_attribute(server: str, data: bytes) -> None:
    ended = quoth("attribute", "-", "-f", "jsonl", "--server", server, stdin=data)
    assert ended.code == Exit.OK
    assert len(ended.rows) == 1


def test_an_array_is_read_by_its_name(server: str, tmp_path: Path) -> None:
    source = tmp_path / "in.json"
    source.write_text(
        '[{"_id": {"$oid": "5f"}, "body": "One.", "date": {"$date": 1558771200000}},\n'
        ' {"_id": {"$oid": "60"}, "body": "Two.", "date": "May 25, 2019"}]'
    )
    output = tmp_path / "out.csv"
    asked = ("--server", server, "--columns", "article_id,published")
    assert quoth("bulk", source, "-o", output, *asked).code == Exit.OK
    lines = output.read_text().splitlines()
    assert lines[1:] == ["5f,2019-05-25T08:00:00+00:00", "60,2019-05-25"]


# ---- another input, and the terminal ---------------------------------------------------


def test_another_input_of_the_same_size_is_not_resumed(server: str, tmp_path: Path) -> None:
    source = jsonl(tmp_path / "in.jsonl", {"body": "One."}, {"body": "Two."})
    output = tmp_path / "out.jsonl"
    asked = ("bulk", source, "-o", output, "--server", server)
    assert quoth(*asked).code == Exit.OK
    jsonl(source, {"body": "Six."}, {"body": "Ten."})
    ended = quoth(*asked, "--resume")
    assert ended.code == Exit.USAGE
    assert "was started with input" in ended.err


def on_a_terminal(*args: Any) -> str:
    """What a terminal gets."""
    import pty

    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "quoth_cli", *map(str, args)],
        stdout=theirs,
        stderr=theirs,
        env=environment(TERM="dumb", NO_COLOR="1"),
    ) as process:
        os.close(theirs)
        told = b""
        with contextlib.suppress(OSError):
            while data := os.read(ours, 4096):
                told += data
        process.wait(60)
    os.close(ours)
    return told.decode()


EVIL = "\x1b]0;owned\x07\x9b31m"


def test_nothing_that_is_read_steers_the_terminal(server: str, tmp_path: Path) -> None:
    archive = tmp_path / "out.parquet"
    rows = {"article_id": [EVIL], "content": [f"One {EVIL} two."], "speaker": [EVIL]}
    pq.write_table(pa.table(rows), archive)
    source = jsonl(tmp_path / f"{EVIL}.jsonl", {"body": f"One {EVIL} two."}, {"id": EVIL})
    for command in (
        *(("search", archive, "-f", form) for form in ("table", "csv", "jsonl")),
        *(("stats", archive, "-f", form) for form in ("table", "csv", "json")),
        *(("bulk", source, "-f", form, "--server", server) for form in ("csv", "jsonl")),
        ("attribute", tmp_path / f"{EVIL}.txt", "--server", server),
        ("attribute", source, "-f", "csv", "--server", server),
        ("bulk", tmp_path / f"{EVIL}.gz", "--server", server),
        ("search", tmp_path / f"{EVIL}.parquet"),
    ):
        told = on_a_terminal(*command)
        assert told, command
        assert not set(told) & {"\x1b", "\x9b", "\x07"}, (command, told)
