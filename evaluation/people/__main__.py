"""Measures how well the speakers of different articles become people.

    python -m evaluation.people            # by the shipped weights
    python -m evaluation.people --fit      # learns the weights, and puts them into the package
    python -m evaluation.people --mistakes # and the pairs that are not right, but of those held out

What was held out is by itself and stands first. The rest was learned from, so its second row is of
weights that were learned without the case in question, with the shipped bound.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from evaluation.people import fit
from evaluation.people.gold import Case, Pair, cases, pairs
from evaluation.people.score import Score, score
from quoth_server.archive.people.model import Model, shipped

_FOLDS = 8
_TURNS = 3  # one pair more or less that is wrong would else move the bound
_BOUNDS = tuple(step / 10 for step in range(21))
_WANTED = 0.985  # precision of the folds; what was held out has half a point less
_SHARE = 0.25  # of a pair of files that hold nothing out, which have more namesakes and careers
_LEAD = 0.6
_UNTITLED = 3  # one in so many pairs is learned from without titles too


def main() -> None:
    """Reads the arguments and prints a table."""
    parser = argparse.ArgumentParser(description="How well speakers become people.")
    parser.add_argument("--fit", action="store_true", help="learn the weights")
    parser.add_argument("--mistakes", action="store_true", help="show the pairs that are not right")
    given = parser.parse_args()
    found = cases()
    seen = [case for case in found if not case.held_out]
    if given.fit:
        fit.write(learned(seen, _bound(seen)))
        shipped.cache_clear()
    held_out = [case for case in found if case.held_out]
    folds = _folds(seen)
    _print(f"{'':22} {'pairs':>6} {'one person':>11} {'precision':>10} {'recall':>7}")
    _row("held out", held_out, [score(held_out, shipped())])
    _row("learned without it", seen, folds)
    _row("learned from", seen, [score(seen, shipped())])
    if given.mistakes:
        for mistake in (pair for each in folds for pair in each.mistakes):
            _print(_told(mistake))


def learned(seen: Sequence[Case], bound: float) -> Model:
    """The model that cases teach."""
    return fit.fit([each for case in seen for each in _lessons(case)], bound, _LEAD)


@cache
def _lessons(case: Case) -> list[fit.Lesson]:
    """What the pairs of a case whose names agree teach."""
    known = [pair for pair in pairs(case) if pair.same is not None]
    # Newspapers have titles, archives not always.
    shown = [*known, *map(_untitled, known[::_UNTITLED])]
    share = 1.0 if case.for_bound else _SHARE
    found = [(fit.example(pair), bool(pair.same)) for pair in shown]
    return [fit.Lesson(told, same, share) for told, same in found if told is not None]


def _untitled(pair: Pair) -> Pair:
    return replace(pair, one=replace(pair.one, title=""), other=replace(pair.other, title=""))


def _folds(seen: Sequence[Case]) -> list[Score]:
    """Each eighth of the cases by weights that were learned from the rest."""
    bound = shipped().same
    return [score(part, learned(rest, bound)) for part, rest in _parts(seen)]


def _parts(seen: Sequence[Case], turn: int = 0) -> list[tuple[list[Case], list[Case]]]:
    """Each eighth, and the rest; each turn divides the cases otherwise."""
    folds = [(n + turn * (n // _FOLDS)) % _FOLDS for n in range(len(seen))]
    return [
        (
            [case for case, fold in zip(seen, folds, strict=True) if fold == part],
            [case for case, fold in zip(seen, folds, strict=True) if fold != part],
        )
        for part in range(_FOLDS)
    ]


def _bound(seen: Sequence[Case]) -> float:
    """The lowest bound from which on the eighths are precise enough, each by the rest."""
    parts = [each for turn in range(_TURNS) for each in _parts(seen, turn)]
    apart = [([c for c in part if c.for_bound], learned(rest, 0.0)) for part, rest in parts]
    enough = None
    for bound in reversed(_BOUNDS):
        total = _sum([score(part, replace(model, same=bound)) for part, model in apart])
        if round(total.precision, 3) < _WANTED:
            break
        enough = bound
    if enough is None:
        raise SystemExit("no bound is precise enough; look at --mistakes")
    return enough


def _sum(scores: Sequence[Score]) -> Score:
    right, wrong = sum(each.right for each in scores), sum(each.wrong for each in scores)
    return Score(right, wrong, sum(each.missed for each in scores), (0, 0), ())


def _row(name: str, found: Sequence[Case], scores: Sequence[Score]) -> None:
    total = _sum(scores)
    known = sum(pair.same is not None for case in found for pair in pairs(case))
    same = total.right + total.missed
    _print(f"{name:22} {known:6} {same:11} {total.precision:10.3f} {total.recall:7.3f}")


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _told(pair: Pair) -> str:
    sides = [
        f"{voice.name} ({'; '.join(held.role for held, _ in voice.roles) or '-'}, {voice.day})"
        for voice in (pair.one, pair.other)
    ]
    return f"{'missed' if pair.same else 'WRONG '} {pair.case.id}: {' | '.join(sides)}"


if __name__ == "__main__":
    main()
