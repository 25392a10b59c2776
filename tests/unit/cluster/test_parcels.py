"""How an archive is parceled out to a cluster, and what ends a run before it begins."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

pytest.importorskip("ray")

from quoth_cli.app import application
from quoth_cli.bulk.feed import Feed
from quoth_cli.bulk.ledger import Progress
from quoth_cli.cluster import job
from quoth_cli.cluster.parcels import Parcel, ParcelSource, packed, parcels, unpacked
from quoth_cli.exits import Exit, Failure
from quoth_cli.readers.mapping import Defaults, FieldMap
from quoth_cli.readers.sources import Sources


def feed(path: Path, progress: Progress | None = None) -> Feed:
    fields = FieldMap({}, Defaults())
    source = Sources([str(path)], fields)
    source.describe()
    return Feed(source, fields, progress or Progress())


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    rows = [{"id": f"a{number}", "text": f"Text {number}."} for number in range(10)]
    rows[6] = {"id": "a6", "published": "2019-05-25"}
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def positions(found: list[Parcel]) -> list[list[int]]:
    return [[item.position for item in parcel.items] for parcel in found]


def test_a_feed_in_parcels(archive: Path) -> None:
    found = list(parcels(feed(archive), 4))
    assert positions(found) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert [item.article is None for parcel in found for item in parcel.items].index(True) == 6
    assert found[-1].share == 1.0
    assert all(parcel.problem is None for parcel in found)


def test_a_copy_read_again_gives_the_same(archive: Path) -> None:
    original = feed(archive, Progress(high=7, missing={2, 5}))
    copies = [list(parcels(pickle.loads(pickle.dumps(original)), 3)) for _ in range(2)]
    assert positions(copies[0]) == positions(copies[1]) == [[2, 5, 7], [8, 9]]
    assert [pickle.dumps(each.items[0].article) for each in copies[0]] == [
        pickle.dumps(each.items[0].article) for each in copies[1]
    ]


def test_what_ends_the_input_comes_last(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text('{"id": "a", "headline": "no text"}\n')
    (parcel,) = parcels(feed(path))
    assert parcel.items == ()
    assert parcel.problem is not None
    assert parcel.problem.code is Exit.INPUT


def test_a_parcel_is_a_row(archive: Path) -> None:
    (parcel,) = parcels(feed(archive), 100)
    table = packed(parcel)
    assert table.num_rows == 1
    (again,) = unpacked(table)
    assert [item.article for item in again.items] == [item.article for item in parcel.items]
    assert str(again.items[6].problem) == str(parcel.items[6].problem)


def test_one_task_reads_where_the_files_are(archive: Path) -> None:
    source = ParcelSource(feed(archive))
    assert not source.supports_distributed_reads
    (task,) = source.get_read_tasks(8)
    assert sum(table.num_rows for table in task()) == 1


def test_a_driver_outside_the_cluster_is_refused() -> None:
    with (
        pytest.raises(Failure, match="on a machine of the cluster") as caught,
        job.cluster("ray://10.0.0.1:10001"),
    ):
        pass
    assert caught.value.code is Exit.USAGE


def test_no_cluster_is_reported_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    def init(**options: object) -> None:
        raise ConnectionError("Could not find any running Ray instance.")

    monkeypatch.setattr(job.ray, "init", init)
    with pytest.raises(Failure, match="ray start --head") as caught, job.cluster("auto"):
        pass
    assert caught.value.code is Exit.UNAVAILABLE


def bulk(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        application(["bulk"])(["bulk", *arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["-", "--engine", "ray"], "not standard input"),
        (["a.jsonl", "--engine", "ray", "--server", "127.0.0.1:1"], "leave out --server"),
        (["a.jsonl", "--address", "auto"], "give --engine ray"),
    ],
)
def test_options_that_do_not_go_together(
    options: list[str], said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert bulk(*options, "-o", str(tmp_path / "out.jsonl")) == Exit.USAGE
    assert said in capsys.readouterr().err


def test_a_wrong_setting_is_reported_before_a_cluster_is_asked(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    archive: Path,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("QUOTH_MAX_DEADLINE", "soon")
    output = tmp_path / "out.jsonl"
    assert bulk("--engine", "ray", str(archive), "-o", str(output)) == Exit.USAGE
    assert "QUOTH_MAX_DEADLINE" in capsys.readouterr().err
    assert not output.exists()
