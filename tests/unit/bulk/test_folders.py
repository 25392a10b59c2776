from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from quoth_cli.bulk.folders import FolderTarget
from quoth_cli.bulk.ledger import LedgerError
from quoth_cli.bulk.output import Output

OF = {"input": "a"}


def write(folder: Path, number: int, rows: Iterator[dict[str, Any]]) -> None:
    for row in rows:
        (folder / f"{number}-{row['position']}.txt").write_text(row["text"])


TARGET = FolderTarget(write)


def put(output: Output, position: int) -> None:
    output.put(position, json.dumps({"position": position, "text": "x"}).encode() + b"\n")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def opened(folder: Path, target: FolderTarget = TARGET, **how: bool) -> Output:
    return Output(folder / "out", OF, target=target, **how)


def test_files_are_made_when_all_was_tried(tmp_path: Path) -> None:
    with opened(tmp_path) as output:
        put(output, 0)
        output.fail(1, {"position": 1})
        assert not (tmp_path / "out").exists()
        put(output, 2)
        output.finish()
    assert names(tmp_path / "out") == ["0-0.txt", "0-2.txt"]
    assert names(tmp_path) == ["out", "out.failures.jsonl", "out.ledger"]


def test_failures_that_are_tried_again_come_beside(tmp_path: Path) -> None:
    with opened(tmp_path) as output:
        put(output, 0)
        output.fail(1, {"position": 1})
        output.finish()
    with opened(tmp_path, resume=True) as output:
        assert output.progress.missing == {1}
        put(output, 1)
        output.finish()
    assert names(tmp_path / "out") == ["0-0.txt", "1-1.txt"]


@pytest.mark.parametrize("after", [0, 1, 2])
def test_an_interruption_while_files_are_made_loses_nothing(tmp_path: Path, after: int) -> None:
    def interrupted(folder: Path, number: int, rows: Iterator[dict[str, Any]]) -> None:
        for _ in range(after):
            write(folder, number, iter([next(rows)]))
        raise OSError("No space left on device")

    with opened(tmp_path, FolderTarget(interrupted)) as output:
        put(output, 0)
        put(output, 1)
        with pytest.raises(OSError, match="No space"):
            output.finish()
    assert not (tmp_path / "out").exists()
    with opened(tmp_path, resume=True) as output:
        assert output.progress.done == 2
        output.finish()
    assert names(tmp_path / "out") == ["0-0.txt", "0-1.txt"]


def test_a_new_run_leaves_nothing_of_the_old_one(tmp_path: Path) -> None:
    for position in (0, 1):
        with opened(tmp_path) as output:
            put(output, position)
            output.finish()
    assert names(tmp_path / "out") == ["0-1.txt"]


@pytest.mark.parametrize("overwrite", [False, True])
def test_what_quoth_has_not_made_is_left_alone(tmp_path: Path, overwrite: bool) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(LedgerError, match="is not a folder made by quoth"):
        opened(tmp_path, overwrite=overwrite)
    assert (tmp_path / "out" / "mine.txt").read_text() == "mine"
    assert names(tmp_path) == ["out"]


def test_a_file_is_not_a_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(LedgerError, match="is not a folder"):
        opened(tmp_path)


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with opened(tmp_path) as output:
        put(output, 0)
        output.finish()
    assert names(tmp_path / "out") == ["0-0.txt"]
