from __future__ import annotations

import pytest

from tests.soak.memory import Sample, growth
from tests.soak.traffic import Kind, Ledger, Plan
from tests.soak.verdict import judge, unended

PLAN = Plan(seconds=100, rough=50, impatience=5, callers=2, streams=1)
FLAT = [Sample(at, 100.0, 400.0) for at in range(101)]


def begins(request_id: str) -> str:
    return f'level=debug message="call begins" method=AttributeQuotes request_id={request_id}'


def ends(request_id: str, code: str = "OK") -> str:
    return f"level=info message=call method=AttributeQuotes code={code} request_id={request_id}"


def ledger(*outcomes: tuple[Kind, str]) -> Ledger:
    made = Ledger()
    for kind, outcome in outcomes:
        made.begin()
        made.end(kind, outcome)
    return made


def problems(made: Ledger, log: str, samples: list[Sample] = FLAT) -> list[str]:
    return list(judge(PLAN, made, samples, log, tolerance=0.05).problems)


GOOD_LOG = "\n".join([begins("a"), begins("b"), ends("b", "DEADLINE_EXCEEDED"), ends("a")])


def test_all_is_well() -> None:
    made = ledger((Kind.ARTICLE, "OK"), (Kind.NO_TIME, "DEADLINE_EXCEEDED"))
    assert problems(made, GOOD_LOG) == []


def test_an_answer_that_came_too_late_for_its_caller_is_accounted_for() -> None:
    made = ledger((Kind.CANCEL, "CANCELLED"))
    assert problems(made, "\n".join([begins("a"), ends("a")])) == []


@pytest.mark.parametrize(
    ("made", "log", "expected"),
    [
        (ledger((Kind.ARTICLE, "INTERNAL")), "", "article: INTERNAL"),
        (ledger((Kind.BAD_INPUT, "OK")), "", "bad input: OK"),
        (ledger((Kind.ITEM, "RESOURCE_EXHAUSTED")), "", "item of a stream: RESOURCE_EXHAUSTED"),
        (ledger((Kind.ARTICLE, "OK")), "", "1 calls were answered, and by the server's log 0"),
        (ledger(), ends("a"), "0 calls were answered, and by the server's log 1"),
        (ledger(), begins("a"), "call a begins and never ends"),
        (ledger(), "level=error message=fault at=here", "message=fault"),
    ],
)
def test_what_is_wrong_is_named(made: Ledger, log: str, expected: str) -> None:
    assert any(expected in each for each in problems(made, log))


def test_a_call_without_an_end_is_a_problem() -> None:
    made = Ledger()
    made.begin()
    assert problems(made, "") == ["1 calls or items came to no end"]


def test_memory_that_grows_is_a_problem() -> None:
    leak = [Sample(at, 100.0, 400.0 + 2 * max(0, at - 60)) for at in range(101)]
    assert any("all processes grew" in each for each in problems(ledger(), "", leak))
    leak = [Sample(at, 100.0 + at, 400.0) for at in range(101)]
    assert any("front process grew" in each for each in problems(ledger(), "", leak))


def test_memory_may_grow_while_it_warms_up() -> None:
    warming = [Sample(at, min(100, 80 + at), min(400, 200 + 4 * at)) for at in range(101)]
    assert problems(ledger(), "", warming) == []


def test_growth() -> None:
    samples = [Sample(at, 0.0, 100.0 if at < 50 else 110.0) for at in range(100)]
    assert growth(samples, lambda sample: sample.total, 0, 100) == pytest.approx(0.1)
    assert growth(samples, lambda sample: sample.total, 60, 100) == 0
    with pytest.raises(ValueError, match="too few"):
        growth(samples, lambda sample: sample.total, 98, 99)


def test_unended() -> None:
    log = "\n".join([begins("a"), begins("b"), ends("a")])
    assert unended(log) == ["b"]
