"""What a soak came to: whether every call is accounted for and memory is flat."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tests.soak.memory import Sample, growth
from tests.soak.traffic import Kind, Ledger, Plan

__all__ = ["Verdict", "judge", "unended"]

_BEGINS = re.compile(r'message="call begins" .*request_id=(\S+)')
_ENDS = re.compile(r"message=call .*request_id=(\S+)")
_UNARY_OK = re.compile(r"message=call method=AttributeQuotes code=OK ")
_FAULT = re.compile(r"message=fault|Traceback|was not read")
_REPLACED = " and is replaced"  # because it died, or was ended
_UNARY = (Kind.ARTICLE, Kind.LONG_ARTICLE, Kind.NO_TIME, Kind.SHORT_DEADLINE, Kind.CANCEL)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Growth as a share; `problems` is empty where all is well."""

    front: float
    total: float
    replaced: int
    problems: tuple[str, ...]


def judge(
    plan: Plan, ledger: Ledger, samples: Sequence[Sample], log: str, *, tolerance: float
) -> Verdict:
    """What the ledger of the clients, the samples and the log of the server say together.

    The front process is watched after a fifth of the time. Workers restart while callers give
    up on them, so all processes together are watched only after that, and a tenth of the time to
    warm up.
    """
    front = growth(samples, lambda sample: sample.front, plan.seconds / 5, plan.seconds)
    calm = plan.rough + plan.seconds / 10
    total = growth(samples, lambda sample: sample.total, calm, plan.seconds)
    problems = list(ledger.unfair)
    if ledger.unanswered:
        problems.append(f"{ledger.unanswered} calls or items came to no end")
    problems += [f"call {each} begins and never ends" for each in unended(log)]
    problems += [line for line in log.splitlines() if _FAULT.search(line)]
    answered, sent = len(_UNARY_OK.findall(log)), ledger.total(*_UNARY, outcome="OK")
    given_up = ledger.total(*_UNARY) - sent
    if not sent <= answered <= sent + given_up:
        problems.append(f"{sent} calls were answered, and by the server's log {answered}")
    for name, grown in (("the front process", front), ("all processes", total)):
        if grown > tolerance:
            problems.append(f"the memory of {name} grew by {100 * grown:.1f} %")
    return Verdict(front, total, log.count(_REPLACED), tuple(problems))


def unended(log: str) -> list[str]:
    """The ids of calls that begin and do not end."""
    ended = set(_ENDS.findall(log))
    return [each for each in _BEGINS.findall(log) if each not in ended]
