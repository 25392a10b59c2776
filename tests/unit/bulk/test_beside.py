"""Files beside an output: two runs at once, files that go away, links that lead elsewhere."""

from __future__ import annotations

import contextlib
import itertools
import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from quoth_cli.bulk.beside import LedgerError
from quoth_cli.bulk.folders import FolderTarget
from quoth_cli.bulk.journal import failures_path, ledger_path, lock_path
from quoth_cli.bulk.output import Output
from quoth_cli.table.parquet import ParquetTarget
from quoth_cli.table.rows import Row

OF = {"input": "in"}
HOW: tuple[dict[str, Any], ...] = ({}, {"resume": True}, {"overwrite": True})
TARGET = ParquetTarget(pa.schema([("position", pa.int64())]))
PAIRS = 100
COUNT = 5


def row(position: int) -> bytes:
    return b'{"position": %d}\n' % position


# ---- two at once -----------------------------------------------------------------------


def test_of_two_runs_at_once_one_writes_and_one_is_refused(tmp_path: Path) -> None:
    for pair in range(PAIRS):
        path = tmp_path / f"{pair}.jsonl"
        gate, done = threading.Barrier(2), threading.Barrier(2)
        told: list[str] = []

        def run(
            path: Path = path,
            gate: threading.Barrier = gate,
            done: threading.Barrier = done,
            told: list[str] = told,
        ) -> None:
            gate.wait()
            try:
                with Output(path, OF) as output:
                    for position in range(COUNT):
                        output.put(position, row(position))
                    done.wait(60)  # the other one has tried by now
                    output.finish()
                told.append("wrote")
            except LedgerError as error:
                told.append(str(error))
                done.wait(60)

        threads = [threading.Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        assert sorted(each.rpartition("another run")[1] for each in told) == ["", "another run"]
        assert path.read_bytes() == b"".join(map(row, range(COUNT)))
        assert ledger_path(path).read_bytes().splitlines()[-1] == b"E"


def test_a_second_run_harms_nothing_before_it_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    with Output(path, OF) as output:
        output.put(0, row(0))
        ledger = ledger_path(path).read_bytes()
        for more in HOW:
            with pytest.raises(LedgerError, match="another run is writing"):
                Output(path, OF, **more)
        assert ledger_path(path).read_bytes() == ledger
        assert path.read_bytes() == row(0)
    assert not lock_path(path).exists()


def test_a_lock_that_was_left_behind_keeps_nobody_out(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    lock_path(path).touch()  # as after kill -9
    with Output(path, OF) as output:
        output.finish()


def test_the_same_file_under_another_name_is_another_run_too(tmp_path: Path) -> None:
    path, link = tmp_path / "out.jsonl", tmp_path / "link.jsonl"
    with Output(path, OF) as output:
        output.put(0, row(0))
        link.symlink_to(path)
        with pytest.raises(LedgerError, match="another run is writing"):
            Output(link, OF)
        assert path.read_bytes() == row(0)


# ---- files that go away ----------------------------------------------------------------


@pytest.mark.parametrize("again", [False, True], ids=["gone", "replaced"])
@pytest.mark.parametrize(
    ("target", "suffix"), [(None, ""), (TARGET, ".journal"), (None, ".ledger")]
)
def test_a_removed_output_is_an_error(
    target: Any, suffix: str, again: bool, tmp_path: Path
) -> None:
    path = tmp_path / "out"
    output = Output(path, OF, target=target)
    output.put(0, row(0))
    gone = path.with_name(f"out{suffix}")
    gone.unlink()
    if again:
        gone.touch()
    with pytest.raises(FileNotFoundError, match=f"out{suffix} was removed or replaced"):
        output.finish()
    output.close()
    how: dict[str, Any] = {"overwrite": True} if suffix == ".ledger" else {"resume": True}
    with Output(path, OF, target=target, **how) as output:
        assert output.progress.done == 0
        output.put(0, row(0))
        output.finish()


def there(output: Output) -> bool:
    return output.there


def test_a_removed_folder_is_an_error(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    path = folder / "out.jsonl"
    output = Output(path, OF)
    output.put(0, row(0))
    output.fail(1, {"position": 1})
    assert there(output)
    shutil.rmtree(folder)
    assert not there(output)
    with pytest.raises(FileNotFoundError, match="was removed"):
        output.finish()
    output.close()
    assert not there(output)


# ---- links -----------------------------------------------------------------------------


@pytest.mark.parametrize("place", [ledger_path, failures_path, lock_path])
def test_nothing_is_written_through_a_link_beside_an_output(place: Any, tmp_path: Path) -> None:
    path, other = tmp_path / "out.jsonl", tmp_path / "other"
    other.write_bytes(b"of somebody else")
    place(path).symlink_to(other)

    for more in HOW:
        with contextlib.suppress(LedgerError), Output(path, OF, **more) as output:
            output.put(0, row(0))
            output.fail(1, {"position": 1})
            output.finish()
    assert other.read_bytes() == b"of somebody else"


def test_new_files_go_through_no_link(tmp_path: Path) -> None:
    path, other = tmp_path / "out.parquet", tmp_path / "other"
    other.write_bytes(b"of somebody else")
    for name in ("out.parquet.new", "out.parquet.ledger.new", "out.parquet.failures.jsonl.new"):
        (tmp_path / name).symlink_to(other)
    with Output(path, OF, target=TARGET) as output:
        output.put(0, row(0))
        output.finish()
    assert other.read_bytes() == b"of somebody else"
    assert pq.read_table(path).to_pylist() == [{"position": 0}]


def test_an_output_that_is_named_may_be_a_link(tmp_path: Path) -> None:
    path, link = tmp_path / "out.jsonl", tmp_path / "link.jsonl"
    link.symlink_to(path)
    with Output(link, OF) as output:
        output.put(0, row(0))
        output.finish()
    assert path.read_bytes() == row(0)


# ---- damage ----------------------------------------------------------------------------


def write(folder: Path, number: int, rows: Iterator[Row]) -> None:
    (folder / f"{number}.json").write_text(json.dumps(list(rows)))


@pytest.mark.slow
@pytest.mark.parametrize("target", [TARGET, FolderTarget(write)], ids=["parquet", "folder"])
def test_a_flipped_bit_in_a_journal_is_reported(target: Any, tmp_path: Path) -> None:
    told = 0
    for position, bit in itertools.product(range(len(row(0)) - 1), range(8)):
        path = tmp_path / f"{position}-{bit}"
        with Output(path, OF, target=target) as output:
            output.put(0, row(0))
            output.put(1, row(1))
            journal = path.with_name(f"{path.name}.journal")
            data = bytearray(journal.read_bytes())
            data[len(row(0)) + position] ^= 1 << bit
            journal.write_bytes(data)
            with contextlib.suppress(LedgerError):
                output.finish()
                continue
            told += 1
    assert told > 8 * (len(row(0)) - 1) / 3  # the others are JSON still


def test_a_damaged_journal_is_reported_with_its_place_and_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    with Output(path, OF, target=TARGET) as output:
        output.put(0, row(0))
        path.with_name("out.parquet.journal").write_bytes(row(0).replace(b"{", b"\xff"))
        with pytest.raises(LedgerError, match=r"out.parquet.journal: damaged .*--overwrite"):
            output.finish()
