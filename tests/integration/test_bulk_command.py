"""`quoth bulk` as its users run it: every kind of input and output, kills and resumes."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from quoth_cli.bulk.journal import failures_path, ledger_path
from quoth_cli.exits import Exit
from tests.integration.test_command import environment, jsonl, quoth, running


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running() as (address, _):
        yield address


# The number of articles and failures, the rate; a bar; how much; and the time left.
BAR = re.compile(r"\d+ articles?, 1 failed, [\d.]+ a second \S+ +\d+% [-:\d]+")


def rows_of(output: Path) -> list[dict[str, Any]]:
    if output.suffix == ".parquet":
        rows: list[dict[str, Any]] = pq.read_table(output).to_pylist()
        return rows
    return [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# ---- kinds of input and output ---------------------------------------------------------

ROWS = [
    {"guid": "x1", "main": "First über.", "pubDate": "Wed, 08 May 2024 10:00:00 GMT"},
    {"guid": "x2", "main": "Second.", "pubDate": "2024-05-09"},
]
FIELDS = ("--text-field", "main")


def as_jsonl(folder: Path) -> Path:
    return jsonl(folder / "in.jsonl", *ROWS)


def as_gzip(folder: Path) -> Path:
    path = folder / "in.jsonl.gz"
    path.write_bytes(gzip.compress(as_jsonl(folder).read_bytes()))
    return path


def as_zstandard(folder: Path) -> Path:
    path = folder / "in.jsonl.zst"
    path.write_bytes(pa.Codec("zstd").compress(as_jsonl(folder).read_bytes(), asbytes=True))
    return path


def as_parquet(folder: Path) -> Path:
    path = folder / "in.parquet"
    pq.write_table(pa.Table.from_pylist(ROWS), path)
    return path


def as_csv(folder: Path) -> Path:
    path = folder / "in.csv"
    lines = ["guid,main,pubDate", *(",".join(f'"{v}"' for v in row.values()) for row in ROWS)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize("make", [as_jsonl, as_gzip, as_zstandard, as_parquet, as_csv])
def test_every_kind_of_input(server: str, tmp_path: Path, make: Callable[[Path], Path]) -> None:
    output = tmp_path / "out.parquet"
    ended = quoth("bulk", make(tmp_path), *FIELDS, "-o", output, "--server", server)
    assert ended.code == Exit.OK
    assert [
        (
            row["position"],
            row["article_id"],
            row["content"],
            row["published"],
            str(row["anchor_date"]),
        )
        for row in rows_of(output)
    ] == [
        (0, "x1", "First über.", "2024-05-08T10:00:00+00:00", "2024-05-08"),
        (1, "x2", "Second.", "2024-05-09", "2024-05-09"),
    ]


def test_a_folder_of_texts(server: str, tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    (folder / "b").mkdir(parents=True)
    (folder / "a.txt").write_text("One.")
    (folder / "b" / "c.txt").write_text("Two.")
    (folder / "bad.txt").write_bytes(b"caf\xe9")
    (folder / "notes.md").write_text("No article.")
    output = tmp_path / "out.jsonl"
    ended = quoth("bulk", folder, "-o", output, "--server", server)
    assert ended.code == Exit.SOME_FAILED
    assert [(row["id"], row["position"]) for row in rows_of(output)] == [
        ("a.txt", 0),
        ("b/c.txt", 1),
    ]
    (failure,) = rows_of(failures_path(output))
    assert (failure["id"], failure["position"]) == ("bad.txt", 2)
    assert failure["error"]["message"].startswith("not UTF-8 text (byte 3)")


@pytest.mark.parametrize("name", ["out.jsonl", "below/out.parquet"])
def test_an_output_within_the_input_is_refused(server: str, tmp_path: Path, name: str) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "a.txt").write_text("One.")
    ended = quoth("bulk", tmp_path, "-o", tmp_path / name, "--server", server)
    assert ended.code == Exit.USAGE
    assert "is in the input folder" in ended.err
    assert names(tmp_path) == {"a.txt", "below"}


@pytest.mark.parametrize("name", ["out.jsonl.gz", "out.ods", "out.TSV"])
def test_a_form_that_is_not_written_is_refused(tmp_path: Path, name: str) -> None:
    source = jsonl(tmp_path / "in.jsonl", {"body": "One."})
    ended = quoth("bulk", source, "-o", tmp_path / name)
    assert ended.code == Exit.USAGE
    assert "name it .parquet, .csv, .xlsx or .jsonl" in ended.err
    assert names(tmp_path) == {"in.jsonl"}


def test_several_inputs_are_one(server: str, tmp_path: Path) -> None:
    first = jsonl(tmp_path / "a.jsonl", {"body": "A."}, {"body": "B."})
    second = jsonl(tmp_path / "b.jsonl", {"body": "C."})
    ended = quoth("bulk", first, second, "--rows", "statements", "--server", server)
    assert [(row["position"], row["content"]) for row in ended.rows] == [
        (0, "A."),
        (1, "B."),
        (2, "C."),
    ]


@pytest.mark.parametrize("make", [as_jsonl, as_parquet, as_csv])
def test_a_missing_text_lists_the_fields(
    server: str, tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    source = make(tmp_path)
    ended = quoth("bulk", source, "--server", server)
    assert ended.code == Exit.INPUT
    assert 'has no "body" or "text"; its fields are "guid", "main", "pubDate"' in ended.err
    assert "--text-field" in ended.err


def test_with_text(server: str, tmp_path: Path) -> None:
    source = jsonl(tmp_path / "in.jsonl", {"body": "One.", "url": "https://news.example/1"})
    for output in (tmp_path / "out.parquet", tmp_path / "out.csv"):
        assert quoth("bulk", source, "-o", output, "--with-text", "--server", server).code == 0
    assert rows_of(tmp_path / "out.parquet")[0]["text"] == "One."
    assert (tmp_path / "out.csv").read_text().splitlines()[0].endswith(",text")
    ended = quoth("bulk", source, "--with-text", "--server", server)
    assert ended.rows[0]["article"] == {"url": "https://news.example/1", "text": "One."}


def test_a_workbook(server: str, tmp_path: Path) -> None:
    source = jsonl(tmp_path / "in.jsonl", {"id": "a", "body": "=1+1"}, {"id": "b", "body": "crash"})
    output = tmp_path / "out.xlsx"
    command = ("bulk", source, "-o", output, "--columns", "article_id,content", "--server", server)
    assert quoth(*command).code == Exit.SOME_FAILED
    sheet = openpyxl.load_workbook(output).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows == [("article_id", "content"), ("a", "=1+1")]
    assert names(tmp_path) == {"in.jsonl", output.name, f"{output.name}.ledger",
                               f"{output.name}.failures.jsonl"}  # fmt: skip
    # What failed may fail again; what then succeeds cannot be added.
    assert quoth(*command, "--resume").code == Exit.SOME_FAILED
    ended = quoth(*command, "--resume", "--bom")
    assert ended.code == Exit.USAGE
    assert "was started with output" in ended.err


def test_rows_of_articles_in_parquet(server: str, tmp_path: Path) -> None:
    source = jsonl(tmp_path / "in.jsonl", {"id": 7, "body": "One."})
    output = tmp_path / "out.parquet"
    assert quoth("bulk", source, "-o", output, "--rows", "articles", "--server", server).code == 0
    (row,) = rows_of(output)
    assert row["article_id"] == "7"
    assert row["statements"][0]["content"] == "One."
    assert row["speakers"][0]["speaker"] == "Echo"


def test_a_damaged_input_keeps_what_was_read(server: str, tmp_path: Path) -> None:
    whole = gzip.compress(b"".join(b'{"body": "%d"}\n' % n for n in range(50_000)))
    source = tmp_path / "in.jsonl.gz"
    source.write_bytes(whole[: len(whole) // 100])
    output = tmp_path / "out.jsonl"
    ended = quoth("bulk", source, "-o", output, "--server", server)
    assert ended.code == Exit.INPUT
    assert "damaged" in ended.told[-1]
    assert [row["position"] for row in rows_of(output)] == list(range(len(rows_of(output))))
    assert rows_of(output)


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
@pytest.mark.parametrize("end", ["finished", "interrupted"])
def test_a_terminal_has_a_bar_and_then_the_summary(tmp_path: Path, end: str) -> None:
    import pty

    bodies = ["sleep 0.3\nLong.", " ", *["sleep 0.3\nLong."] * (7 if end == "finished" else 200)]
    source = jsonl(tmp_path / "in.jsonl", *({"body": body} for body in bodies))
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "quoth_cli", "bulk", source, "-o", tmp_path / "out.parquet"]
    with subprocess.Popen(
        [*command, "--workers", "1"],
        stderr=theirs,
        env=environment(TERM="xterm", COLUMNS="100", NO_COLOR="1"),
    ) as process:
        os.close(theirs)
        told = ""
        # A pseudo-terminal whose other end is closed has an error where a file has its end.
        with contextlib.suppress(OSError):
            while data := os.read(ours, 4096):
                told += data.decode("utf-8", "replace")
                if end == "interrupted" and BAR.search(told) and process.poll() is None:
                    process.send_signal(signal.SIGINT)
                    end = "interrupting"
    os.close(ours)
    assert BAR.search(told), told
    bar, ended, summary = told.rpartition("quoth: unfinished: " if end != "finished" else "quoth: ")
    assert ended, told
    assert "\x1b[2K" in bar.rpartition("━")[2]  # it was taken away
    assert "━" not in summary
    if end == "finished":
        assert "writing " in bar
        assert summary.startswith("8 articles, 1 failed, 8 statements, ")
    assert process.returncode == (Exit.SOME_FAILED if end == "finished" else Exit.INTERRUPTED)


# ---- going on --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["out.jsonl", "out.parquet"])
def test_failures_are_tried_again(tmp_path: Path, name: str) -> None:
    bodies = ["One.", f"die_once {tmp_path / 'died'}", "crash", "Four.", "die"]
    source = jsonl(tmp_path / "in.jsonl", *({"body": body} for body in bodies))
    output = tmp_path / name
    rows = ("--rows", "articles")
    ended = quoth("bulk", source, "-o", output, *rows)
    assert ended.code == Exit.SOME_FAILED
    assert [row["position"] for row in rows_of(output)] == [0, 1, 3]
    assert [row["position"] for row in rows_of(failures_path(output))] == [2, 4]
    # The engine is better now: what ended it is read.
    better = {"QUOTH_ENGINE": "tests.fake_engine:load_calm"}
    for _ in range(2):
        ended = quoth("bulk", source, "-o", output, *rows, "--resume", **better)
        assert ended.code == Exit.OK
        assert [row["position"] for row in rows_of(output)] == [0, 1, 3, 2, 4]
    assert not failures_path(output).exists()
    assert names(tmp_path) == {"in.jsonl", "died", name, ledger_path(output).name}


def test_an_unfinished_output_is_not_destroyed(server: str, tmp_path: Path) -> None:
    source = jsonl(tmp_path / "in.jsonl", {"body": "One."}, {"body": "Two."})
    output = tmp_path / "out.jsonl"
    asked = ("bulk", source, "-o", output, "--server", server)
    assert quoth(*asked).code == Exit.OK
    before = output.read_bytes()
    ledger = ledger_path(output)
    ledger.write_bytes(b"".join(ledger.read_bytes().splitlines(keepends=True)[:2]))
    ended = quoth(*asked)
    assert ended.code == Exit.USAGE
    assert "--resume" in ended.err
    assert "--overwrite" in ended.err
    assert output.read_bytes() == before
    assert quoth(*asked, "--resume").code == Exit.OK
    assert output.read_bytes() == before
    assert quoth(*asked, "--overwrite").code == Exit.OK
    assert quoth(*asked).code == Exit.OK  # a finished one is made again
    assert output.read_bytes() == before


@pytest.mark.parametrize(
    "change", [["--min-confidence", "0.6"], ["--kind", "direct"], ["--rows", "statements"]]
)
def test_a_run_resumes_with_the_same_options(
    server: str, tmp_path: Path, change: list[str]
) -> None:
    source = jsonl(tmp_path / "in.jsonl", {"body": "One."})
    asked = ("bulk", source, "-o", tmp_path / "out.jsonl", "--server", server)
    assert quoth(*asked).code == Exit.OK
    ended = quoth(*asked, *change, "--resume")
    assert ended.code == Exit.USAGE
    assert "was started with" in ended.err
    jsonl(source, {"body": "One."}, {"body": "Two."})
    assert "was started with input" in quoth(*asked, "--resume").err


def test_an_output_without_a_ledger_is_not_resumed(server: str, tmp_path: Path) -> None:
    source = jsonl(tmp_path / "in.jsonl", {"body": "One."})
    output = jsonl(tmp_path / "out.jsonl", {"kept": True})
    ended = quoth("bulk", source, "-o", output, "--resume", "--server", server)
    assert ended.code == Exit.USAGE
    assert rows_of(output) == [{"kept": True}]


def test_two_runs_do_not_write_one_output(tmp_path: Path) -> None:
    source = jsonl(tmp_path / "in.jsonl", *({"body": "sleep 0.2"} for _ in range(2000)))
    output = tmp_path / "out.jsonl"
    command = [sys.executable, "-m", "quoth_cli", "bulk", source, "-o", output]
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=environment()) as process:
        wait_until(lambda: output.exists() and output.stat().st_size > 0)
        for how in ("--resume", "--overwrite"):
            ended = quoth("bulk", source, "-o", output, how)
            assert ended.code == Exit.USAGE
            assert "another run is writing this output" in ended.err
        process.kill()
        process.communicate()


def wait_until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not done():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)


def _kill_at(command: list[Any], ledger: Path, size: int) -> None:
    """Runs a command until a file has this many bytes, and kills it, unless it ended before."""
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment()) as process:
        wait_until(
            lambda: (
                process.poll() is not None or (ledger.exists() and ledger.stat().st_size >= size)
            )
        )
        process.kill()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "options"),
    [("out.jsonl", []), ("out.parquet", ["--as-ready"]), ("out.csv", [])],
)
def test_kills_lose_and_double_nothing(tmp_path: Path, name: str, options: list[str]) -> None:
    """The command is killed at any moment, again and again, and always resumed."""
    count = 400
    source = jsonl(
        tmp_path / "in.jsonl",
        *({"id": n, "body": "crash" if n % 50 == 7 else f"number {n}"} for n in range(count)),
    )
    output = tmp_path / name
    rows = ["--columns", "all"] if name == "out.csv" else ["--rows", "articles"]
    command = [
        *(
            sys.executable,
            "-m",
            "quoth_cli",
            "bulk",
            source,
            "-o",
            output,
            "--resume",
            *rows,
            *options,
        ),
    ]
    ledger = ledger_path(output)
    chance = random.Random(name)
    for _ in range(3):
        size = ledger.stat().st_size if ledger.exists() else 0
        _kill_at(command, ledger, size + chance.randrange(1, 1500))
    process = subprocess.run(
        command, capture_output=True, text=True, env=environment(), timeout=120, check=False
    )
    err = process.stderr
    assert "Traceback" not in err, err
    assert process.returncode == Exit.SOME_FAILED, err
    failed = [row["position"] for row in rows_of(failures_path(output))]
    assert sorted(failed) == list(range(7, count, 50))
    if name == "out.csv":
        lines = output.read_text().splitlines()
        assert lines[0].startswith("position,")
        positions = [int(line.split(",")[0]) for line in lines[1:]]
    else:
        positions = [row["position"] for row in rows_of(output)]
    assert sorted(positions) == [n for n in range(count) if n % 50 != 7]
    if not options:
        assert positions == sorted(positions)
    assert names(tmp_path) == {
        *("in.jsonl", name, ledger.name, failures_path(output).name),
    }
