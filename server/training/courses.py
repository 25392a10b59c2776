"""Teaches a small network which articles are the course of one life, and which of two.

    python -m training.courses --out courses.npz

It learns from invented lives (`lives`), with the directions of the installed `meanings.onnx`: of
two articles of one life, which is the positive example, one is replaced by an article of another
life, often of one that is like it. The years between stay as they are, so that it cannot learn
how long lives are.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from quoth_server.archive.people import meanings
from quoth_server.archive.people.courses import Weights
from training.life_teacher import DIRECTIONS
from training.lives import lives

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]

_READ, _UNITS = 32, 96
_DROPOUT = 0.25
_STEPS, _QUICK_STEPS = 5_000, 20
_BATCH = 512
_RATE, _WARMUP, _DECAY = 2e-3, 50, 0.05
_NEAREST = 60  # lives that are like one
_ROWS = 512
_QUICK_LIVES = 500
_UNSEEN = 12  # one in so many lives is not learned from
_UNTITLED, _UNDATED = 0.25, 0.05
_TOLD = 4  # numbers about roles and years


class _Pairs(NamedTuple):
    """Two articles each: those of one life first, then as many of two.

    Attributes:
        early: Directions of the earlier articles, of roles and title, then of roles.
        early_known: 1 for each of them that gives a role, else 0.
        late: As `early`, of the later articles.
        late_known: As `early_known`.
        years: Between them; not a number where that is not known.
    """

    early: FloatArray
    early_known: FloatArray
    late: FloatArray
    late_known: FloatArray
    years: FloatArray


class _Course(nn.Module):
    """The network that `archive/people/courses.py` computes."""

    def __init__(self) -> None:
        super().__init__()
        self.read_early = nn.Linear(2 * DIRECTIONS, _READ)
        self.read_late = nn.Linear(2 * DIRECTIONS, _READ)
        self.hidden = nn.Linear(2 * DIRECTIONS + _TOLD + 2 * (_READ + 1), _UNITS)
        self.out = nn.Linear(_UNITS, 1)

    def forward(self, pairs: _Pairs) -> Tensor:
        early, early_known, late, late_known, years = map(torch.from_numpy, pairs)
        dated = ~years.isnan()
        past = torch.where(dated, years, 0.0)
        told = [early_known * late_known, past.log1p(), dated / (1 + past), dated.float()]
        x = [
            self._drop(early * late),
            torch.stack(told, 1),
            torch.tanh(self.read_early(self._drop(early))),
            early_known[:, None],
            torch.tanh(self.read_late(self._drop(late))),
            late_known[:, None],
        ]
        units = functional.relu(self.hidden(torch.cat(x, 1)))
        found: Tensor = self.out(self._drop(units))[:, 0]
        return found

    def _drop(self, x: Tensor) -> Tensor:
        return functional.dropout(x, _DROPOUT, self.training)

    def weights(self) -> Weights:
        """As they are shipped."""
        sizes = (2 * DIRECTIONS, _TOLD, _READ + 1, _READ + 1)
        products, told, early, late = self.hidden.weight.T.split(sizes)
        arrays = (
            *(self.read_early.weight.T, self.read_early.bias, early),
            *(self.read_late.weight.T, self.read_late.bias, late),
            *(products, told, self.hidden.bias, self.out.weight[0], self.out.bias),
        )
        return Weights(*(each.detach().numpy() for each in arrays))


@dataclass(frozen=True, slots=True)
class _Lives:
    """Directions of all articles, those of one life next to each other.

    Attributes:
        wholes: Of roles and title.
        roles: Of roles.
        known: 1 for each that gives a role.
        years: When each is of.
        first: The first article of each life.
        size: How many articles each life has.
        near: Lives like each.
    """

    wholes: FloatArray
    roles: FloatArray
    known: FloatArray
    years: FloatArray
    first: IntArray
    size: IntArray
    near: IntArray

    def examples(self, pool: IntArray, size: int, chance: np.random.Generator) -> _Pairs:
        """As many pairs of one life as of two."""
        person = chance.choice(pool, size)
        a = chance.integers(self.size[person])
        b = (a + 1 + chance.integers(self.size[person] - 1)) % self.size[person]
        a, b = self.first[person] + a, self.first[person] + b
        turned = self.years[a] > self.years[b]
        early, late = np.where(turned, b, a), np.where(turned, a, b)
        gap = self.years[late] - self.years[early]
        gap = np.abs(gap + chance.uniform(-0.5, 0.5, size))
        alike = self.near[person, chance.integers(self.near.shape[1], size=size)]
        rival = np.where(chance.random(size) < 0.5, alike, chance.choice(pool, size))
        wrong = self.first[rival] + chance.integers(self.size[rival])
        side = chance.random(size) < 0.5
        early = np.concatenate([early, np.where(side, wrong, early)])
        late = np.concatenate([late, np.where(side, late, wrong)])
        undated = chance.random(2 * size) < _UNDATED
        years = np.where(undated, np.nan, np.tile(gap, 2)).astype(np.float32)
        untitled = chance.random(2 * size) < _UNTITLED
        return _Pairs(*self._articles(early, untitled), *self._articles(late, untitled), years)

    def _articles(
        self, numbers: IntArray, untitled: npt.NDArray[np.bool_]
    ) -> tuple[FloatArray, FloatArray]:
        roles, known = self.roles[numbers], self.known[numbers]
        shown = (untitled & (known > 0))[:, None]
        wholes = np.where(shown, roles, self.wholes[numbers])
        return np.concatenate([wholes, roles], 1), known


def main() -> None:
    """Learns and writes."""
    parser = argparse.ArgumentParser(description="How likely two articles are one life.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--quick", action="store_true", help="few lives, few steps: does it run?")
    given = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    found = _read(_QUICK_LIVES if given.quick else None)
    people = np.arange(len(found.first))
    unseen = people % _UNSEEN == 0
    network = _learned(found, people[~unseen], _QUICK_STEPS if given.quick else _STEPS)
    network.eval()
    with torch.no_grad():
        loss = _loss(network, found.examples(people[unseen], 8_000, np.random.default_rng(1)))
    print("loss of unseen lives", round(float(loss), 4))
    arrays = asdict(network.weights())
    np.savez(given.out, **{name: array.astype(np.float16) for name, array in arrays.items()})


def _read(limit: int | None) -> _Lives:
    people = [life for life in lives() if len(life) > 1][:limit]
    told = meanings.of([told for life in people for told in life])
    size = np.array([len(life) for life in people])
    first = np.cumsum(size) - size
    mean = np.add.reduceat(told.wholes, first) / size[:, None]
    mean /= np.linalg.norm(mean, axis=1, keepdims=True)
    near = np.concatenate([_near(mean, at) for at in range(0, len(people), _ROWS)])
    return _Lives(told.wholes, told.roles, told.known, told.years, first, size, near)


def _near(mean: FloatArray, at: int) -> IntArray:
    """The lives like each of some rows of lives."""
    alike = mean[at : at + _ROWS] @ mean.T
    rows = np.arange(len(alike))
    alike[rows, at + rows] = -1  # nobody is a rival of their own
    count = min(_NEAREST, len(mean) - 1)
    return np.argpartition(-alike, count, axis=1)[:, :count]


def _learned(found: _Lives, pool: IntArray, steps: int) -> _Course:
    network = _Course()
    optimizer = torch.optim.AdamW(network.parameters(), lr=_RATE, weight_decay=_DECAY)
    rates = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / _WARMUP) * (1 - step / steps)
    )
    chance = np.random.default_rng(0)
    for step in range(steps):
        loss = _loss(network, found.examples(pool, _BATCH // 2, chance))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        rates.step()
        if step % 1_000 == 999:
            print("course, step", step + 1, "loss", round(loss.item(), 4), flush=True)
    return network


def _loss(network: _Course, pairs: _Pairs) -> Tensor:
    same = torch.zeros(len(pairs.years))
    same[: len(same) // 2] = 1
    return functional.binary_cross_entropy_with_logits(network(pairs), same)


if __name__ == "__main__":
    main()
