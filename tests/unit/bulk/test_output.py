"""An output after interruptions: whatever is cut off, every article is in it once in the end."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quoth_cli.bulk.beside import LedgerError
from quoth_cli.bulk.folders import FolderTarget
from quoth_cli.bulk.journal import failures_path, ledger_path
from quoth_cli.bulk.ledger import NOTHING, Ledger, replay
from quoth_cli.bulk.output import Output, Target
from quoth_cli.table.parquet import ParquetTarget
from quoth_cli.table.rows import Row

COUNT = 12
OF = {"input": "in", "output": ["jsonl"]}


def write(folder: Path, number: int, rows: Iterator[Row]) -> None:
    (folder / f"{number}.json").write_text(json.dumps(list(rows)))


TARGETS: Mapping[str, Target] = {
    ".parquet": ParquetTarget(pa.schema([("position", pa.int64()), ("row", pa.int32())])),
    ".files": FolderTarget(write),
}


def rows_of(position: int) -> bytes:
    """An article of position p has p % 3 rows."""
    return b"".join(b'{"position": %d, "row": %d}\n' % (position, n) for n in range(position % 3))


EXPECTED = sorted((p, n) for p in range(COUNT) for n in range(p % 3))


def opened(path: Path, of: Mapping[str, Any] = OF, **more: Any) -> Output:
    return Output(path, of, **{"resume": True, "target": TARGETS.get(path.suffix), **more})


def go_on(path: Path, bad: Iterable[int] = (), stop: int = COUNT) -> None:
    """Tries articles that are not done, up to one; those that are bad fail."""
    with opened(path) as output:
        for position in range(stop):
            if output.progress.is_done(position):
                continue
            if position in set(bad):
                output.fail(position, {"position": position, "id": "\ud800"})
            else:
                output.put(position, rows_of(position))
        if stop == COUNT:
            output.finish()


def found(path: Path) -> list[tuple[int, int]]:
    if path.suffix == ".parquet":
        rows = pq.read_table(path).to_pylist()
    else:
        rows = [json.loads(line) for line in path.read_bytes().splitlines()]
    return [(row["position"], row["row"]) for row in rows]


def failed(path: Path) -> list[int]:
    failures = failures_path(path)
    if not failures.exists():
        return []
    return [json.loads(line)["position"] for line in failures.read_bytes().splitlines()]


def cut(path: Path, share: float) -> None:
    with path.open("r+b") as file:
        file.truncate(round(share * path.stat().st_size))


SHARES = st.one_of(st.just(1.0), st.floats(0, 1))
BAD = st.sets(st.integers(0, COUNT - 1), max_size=4)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from(["out.jsonl", "out.parquet"]),
    runs=st.lists(st.tuples(st.integers(0, COUNT), BAD, SHARES, SHARES, SHARES), max_size=4),
    bad=BAD,
)
def test_any_cut_loses_and_doubles_nothing(
    name: str, runs: list[tuple[int, set[int], float, float, float]], bad: set[int]
) -> None:
    """Runs that stop anywhere, with files cut at any byte, as when the machine loses its power."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        rows = path if name == "out.jsonl" else path.with_name(f"{name}.journal")
        synced = 0  # bytes of the ledger that no loss of power takes: a run that ended synced them
        for stop, failing, *shares in runs:
            go_on(path, failing, stop)
            header = ledger_path(path).read_bytes().index(b"\n") + 1
            for file, share in zip(
                (rows, ledger_path(path), failures_path(path)), shares, strict=True
            ):
                if file == ledger_path(path):
                    size = file.stat().st_size
                    # A run that comes to its end makes all last but the record that it has.
                    synced = size - len("E\n") if stop == COUNT else synced
                    least = min(max(header, synced), size)
                    kept = least + round(share * (size - least))
                    with file.open("r+b") as opened_file:
                        opened_file.truncate(kept)
                elif file.exists() and stop < COUNT:
                    cut(file, share)
        go_on(path)
        go_on(path, bad)  # nothing is open, so nothing can fail
        assert sorted(found(path)) == EXPECTED
        assert failed(path) == []
        assert not path.with_name(f"{name}.journal").exists()


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(times=st.lists(BAD, min_size=1, max_size=3), share=st.floats(0, 1))
def test_an_older_ledger_doubles_nothing(times: list[set[int]], share: float) -> None:
    """A ledger of before, put back by hand, beside a target that has more."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.parquet"
        for failing in times:
            go_on(path, failing)
        header = ledger_path(path).read_bytes().index(b"\n") + 1
        with ledger_path(path).open("r+b") as file:
            file.truncate(header + round(share * (ledger_path(path).stat().st_size - header)))
        try:
            go_on(path)
        except LedgerError as error:
            assert "is missing, or does not match its ledger" in str(error)  # noqa: PT017
        else:
            assert sorted(found(path)) == EXPECTED


@pytest.mark.parametrize("runs", [[set()], [{1, 4}], [{1, 4}, {4}], [{1, 4}, set()]])
@pytest.mark.parametrize("target", ["out.parquet", "out.files"])
def test_a_ledger_that_knows_less_than_its_target_is_refused(
    tmp_path: Path, runs: list[set[int]], target: str
) -> None:
    path = tmp_path / target
    for failing in runs:
        go_on(path, failing)
    lines = ledger_path(path).read_bytes().splitlines(keepends=True)
    last = max(number for number, line in enumerate(lines) if line.startswith(b"D"))
    ledger_path(path).write_bytes(b"".join(lines[:last]))
    with pytest.raises(LedgerError, match=r"does not match its ledger; start over with --over"):
        opened(path)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(share=st.floats(0, 1), stop=st.integers(0, COUNT), bad=BAD)
def test_what_is_not_cut_is_kept(share: float, stop: int, bad: set[int]) -> None:
    """The process is killed at any byte of what it appends; it appends rows, then the record."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.jsonl"
        go_on(path, bad, stop)
        header = ledger_path(path).read_bytes().index(b"\n") + 1
        size = ledger_path(path).stat().st_size
        with ledger_path(path).open("r+b") as file:
            file.truncate(kept := header + round(share * (size - header)))
        records = ledger_path(path).read_bytes()[header:kept].splitlines(keepends=True)
        told = [each.split() for each in records if each.endswith(b"\n")]
        with opened(path) as output:
            done = {int(each[1]) for each in told if each[0] == b"D"}
            assert {p for p in range(COUNT) if output.progress.is_done(p)} == done
            assert output.progress.failed == {int(each[1]) for each in told if each[0] == b"F"}
        assert sorted(found(path)) == [each for each in EXPECTED if each[0] in done]


@pytest.mark.parametrize("name", ["out.jsonl", "out.parquet"])
def test_failures_are_reported_once_and_retried(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    go_on(path, {1, 4, 7})
    assert failed(path) == [1, 4, 7]
    for _ in range(2):
        go_on(path, {4, 7})
        assert failed(path) == [4, 7]
        assert sorted(found(path)) == [each for each in EXPECTED if each[0] not in {4, 7}]
    go_on(path)
    assert not failures_path(path).exists()
    # What failed comes behind, in the order in which it was read in the end.
    late = [1, 4, 7]
    order = [*(p for p in range(COUNT) if p not in late), *late]
    assert found(path) == sorted(EXPECTED, key=lambda each: (order.index(each[0]), each[1]))


def test_a_run_is_resumed_only_with_the_same_options(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    go_on(path)
    with pytest.raises(LedgerError, match="was started with input in, and now it is other"):
        opened(path, {**OF, "input": "other"})
    with pytest.raises(LedgerError, match="was started with kinds None"):
        opened(path, {**OF, "kinds": []})


def test_an_unfinished_output_is_not_destroyed(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    go_on(path, stop=5)
    with pytest.raises(LedgerError, match="an unfinished run has 5 articles in it"):
        opened(path, resume=False)
    assert found(path) == [each for each in EXPECTED if each[0] < 5]
    with opened(path, resume=False, overwrite=True):
        assert found(path) == []


def test_an_output_is_held(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    with opened(path):
        for how in ({"resume": True}, {"resume": False, "overwrite": True}):
            with pytest.raises(LedgerError, match="another run is writing this output"):
                opened(path, **how)
    opened(path).__exit__(None, None, None)


@pytest.mark.parametrize("data", [b"", b"{}\n", b"[1]\n", b"\xff\n", b'{"quoth_ledger": 99}\n'])
def test_what_is_not_a_ledger_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "out.jsonl"
    ledger_path(path).write_bytes(data)
    with pytest.raises(LedgerError, match="not a ledger of this version"):
        opened(path)


def test_an_output_that_is_gone_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    go_on(path)
    path.unlink()
    go_on(path)
    assert found(path) == EXPECTED


def test_names_that_are_not_text_are_reported(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    of = {"input": "caf\udce9"}
    for _ in range(2):
        opened(path, of).__exit__(None, None, None)
    ledger = Ledger.open(ledger_path(path))
    assert ledger.of == of
    ledger.close()


@pytest.mark.parametrize("bad", [b"D 2\n", b"D x 9\n", b"X\n", b"\xff\n", b"D 2 99\n", b"D 2 9"])
def test_a_record_that_is_none_ends_the_records(bad: bytes) -> None:
    progress = replay([b"D 0 4\n", b"F 1\n", bad, b"D 3 8\n"], size=20, merged=NOTHING)
    assert (progress.high, progress.missing, progress.failed) == (2, {1}, {1})
    assert (progress.end, progress.length, progress.done) == (4, 10, 1)
    assert progress.first_open == 1
