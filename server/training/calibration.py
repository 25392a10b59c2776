"""Logistic functions: fitting, documents held out, and tables of how well calibrated they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

__all__ = ["Point", "Probability", "error", "fit", "held_out", "reliability", "thresholds"]

_FOLDS = 10
_PENALTY = 2.0
_BINS = 10
_THRESHOLDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


@dataclass(frozen=True)
class Point:
    """One answer: its document's number, its features, whether it is right, how much it counts."""

    document: int
    features: dict[str, float]
    right: bool
    weight: float = 1.0


Probability = tuple[float, bool]
"""What was expected, and whether it came true."""


def fit(points: Sequence[Point]) -> dict[str, float]:
    """Weights of a logistic function, by L2-penalized likelihood (Newton's method)."""
    names = sorted({n for point in points for n in point.features})
    x = np.array([[point.features.get(n, 0.0) for n in names] for point in points])
    y = np.array([point.right for point in points], float)
    counts = np.array([point.weight for point in points])
    w = np.zeros(len(names))
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (counts * (p - y)) + _PENALTY * w
        curvature = (x * (counts * p * (1 - p))[:, None]).T @ x + _PENALTY * np.eye(len(names))
        w -= np.linalg.solve(curvature, gradient)
    return dict(zip(names, (round(float(v), 3) for v in w), strict=True))


def held_out(points: Sequence[Point]) -> list[Probability]:
    """For each point its probability by a fit without the tenth of documents that it is in."""
    out = []
    for fold in range(_FOLDS):
        weights = fit([p for p in points if p.document % _FOLDS != fold])
        out += _applied(weights, (p for p in points if p.document % _FOLDS == fold))
    return out


def _applied(weights: dict[str, float], points: Iterator[Point]) -> Iterator[Probability]:
    for point in points:
        score = sum(weights.get(n, 0.0) * v for n, v in point.features.items())
        yield 1 / (1 + float(np.exp(-score))), point.right


def error(pairs: Sequence[Probability]) -> float:
    """Expected calibration error: the mean distance of expected and observed, over ten bins."""
    return sum(abs(p - r) * n for _, p, r, n in _bins(pairs)) / max(1, len(pairs))


def reliability(name: str, pairs: Sequence[Probability]) -> Iterator[str]:
    """The lines of a table: for each tenth of the scale what was expected and what came true."""
    right = 100 * sum(r for _, r in pairs) / max(1, len(pairs))
    yield f"{name}: {len(pairs)}, {right:.1f} % right, calibration error {error(pairs):.3f}"
    yield "  confidence    expected  observed  count"
    for low, expected, observed, count in _bins(pairs):
        place = f"{low / _BINS:.1f} to {(low + 1) / _BINS:.1f}"
        yield f"  {place:<12}  {expected:8.2f}  {observed:8.2f}  {count:5d}"


def thresholds(name: str, pairs: Sequence[Probability]) -> Iterator[str]:
    """The lines of a table: what a threshold promises, what it keeps and how much is right."""
    yield f"{name}: what a threshold buys"
    yield "  at least  promised  precision   kept"
    for least in _THRESHOLDS:
        kept = [pair for pair in pairs if pair[0] >= least]
        if kept:
            promised = 100 * sum(p for p, _ in kept) / len(kept)
            right = 100 * sum(r for _, r in kept) / len(kept)
            share = 100 * len(kept) / len(pairs)
            yield f"  {least:8.2f}  {promised:7.1f}%  {right:8.1f}%  {share:4.0f}%"


def _bins(pairs: Sequence[Probability]) -> Iterator[tuple[int, float, float, int]]:
    """The bins that have any: the number, the mean expected, the share right, the count."""
    for low in range(_BINS):
        inside = [(p, r) for p, r in pairs if low <= min(_BINS - 0.001, p * _BINS) < low + 1]
        if inside:
            count = len(inside)
            yield low, sum(p for p, _ in inside) / count, sum(r for _, r in inside) / count, count
