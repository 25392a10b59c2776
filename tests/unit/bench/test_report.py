from __future__ import annotations

import json

import pytest

from tests.bench import report
from tests.bench.figures import Spread
from tests.bench.latency import Added, Level
from tests.bench.machine import Machine, this
from tests.bench.peers import PEERS, Linearity, Peer
from tests.bench.processes import Memory
from tests.bench.report import Results, markdown, spread, table, to_json
from tests.bench.speed import Setup, Throughput
from tests.bench.start import Start
from tests.bench.steps import Step


def at(value: float) -> Spread:
    return Spread(value, value - 0.1, value + 0.1, 3)


def results(*, scaling: float = 1.9, added: float = 3.0) -> Results:
    return Results(
        machine=Machine("A Processor", 2, "3.11.7", "Linux x86_64"),
        when="2026-11-23",
        quick=False,
        texts="some texts",
        whole_words=4000,
        short_words=200,
        start=Start(
            2,
            at(7.0),
            Memory(100.0, 50.0, (120.0,), (60.0,)),
            Memory(100.0, 50.0, (110.0, 110.0), (60.0, 62.0)),
        ),
        peers=[
            Peer("quoth", at(1000), at(990), at(1.0), 0),
            *(Peer(name, at(1250), at(1200), at(0.79), 4) for name in PEERS),
        ],
        linearity=Linearity(450, 10, at(10.5)),
        steps=[
            Step("parse", 0.5, 0.5, False),
            Step("parse: ner", 0.2, 0.2, True),
            Step("total", 1.0, 1.0, False),
        ],
        throughput=Throughput(
            (Setup("calls, 1 worker", 1, at(900), at(1.1)),), at(scaling), at(1.0), 9.5
        ),
        levels=[
            Level(0.25, 2.4, 60, 210, 300, 400, {"OK": 140}),
            Level(1.0, 9.5, 45, 500, 900, 1100, {"OK": 400, "RESOURCE_EXHAUSTED": 25}),
        ],
        added=Added(50, 200.0, 203.0, added, 2.0),
    )


def test_a_table():
    assert table(("a", "b"), [(1, "x|y")]) == "| a | b |\n| --- | --- |\n| 1 | x\\|y |"


@pytest.mark.parametrize(
    ("figure", "digits", "expected"),
    [
        (Spread(950.4, 900.0, 1990.6, 5), 0, "950 [900–1,991]"),
        (Spread(1.234, 1.0, 2.0, 5), 2, "1.23 [1.00–2.00]"),
    ],
)
def test_a_spread(figure, digits, expected):
    assert spread(figure, digits) == expected


def test_the_report_names_the_machine_and_every_figure():
    written = markdown(results())
    for expected in (
        "A Processor, 2 cores",
        "some texts",
        "| quoth, everything on | 1,000 [1,000–1,000] | 1.00 |",
        "| &nbsp;&nbsp;parse: ner | 200.0 | 20.0 % |",
        "| 100 % | 9.5 | 500 | 900 | 1100 | 425 | 25 |",
        "adds 3.0 ms at p50",
        "| each further worker | 100 MiB |",
    ):
        assert expected in written


@pytest.mark.parametrize(
    ("made", "met"),
    [
        (results(), {"2 workers to one": True, "added by the service at p50": True}),
        (results(scaling=1.7), {"2 workers to one": False}),
        (results(added=12.0), {"added by the service at p50": False}),
        (results(), {f"one worker to {PEERS[0]}": False}),
        (results(), {"10 times the text": True, "memory of a further worker": True}),
    ],
)
def test_targets(made, met):
    found = {target.what: target.met for target in made.targets()}
    assert found | met == found


def test_all_of_it_is_json():
    read = json.loads(to_json(results()))
    assert read["levels"][1]["codes"] == {"OK": 400, "RESOURCE_EXHAUSTED": 25}
    assert read["throughput"]["scaling"]["median"] == 1.9
    assert len(read["targets"]) == 8


def test_the_plot_is_a_picture(tmp_path):
    pytest.importorskip("matplotlib")
    report.plot(results().levels, "title", tmp_path / "latency.png")
    assert (tmp_path / "latency.png").read_bytes().startswith(b"\x89PNG")


def test_this_machine_is_known():
    machine = this()
    assert machine.processor
    assert machine.cores >= 1
