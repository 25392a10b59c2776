"""Learns the network that corrects the regression by what features mean together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from quoth_server.archive.people.model import Correction

__all__ = ["corrected"]

FloatArray = npt.NDArray[np.float32]

_SEED = 0
_MOST = 1.0
_UNITS = 128
_EPOCHS = 32
_BATCH = 128
_RATE, _WARMUP, _DECAY = 2e-3, 50, 0.05
_FIRST, _SECOND, _SMALL = 0.9, 0.999, 1e-8  # of Adam (Kingma and Ba 2015)
_FEATURES_LEFT_OUT, _UNITS_LEFT_OUT = 0.2, 0.5


def corrected(
    features: Sequence[str], x: FloatArray, told: FloatArray, same: FloatArray, share: FloatArray
) -> Correction:
    """Learns from pairs.

    Args:
        features: Their names.
        x: Pairs × features.
        told: What the regression says of each pair, a logarithm of odds.
        same: 1 for each pair that is one person, else 0.
        share: How much each pair counts.
    """
    most = np.maximum(np.abs(x).max(0), 1e-6)
    hidden, hidden_bias, out, out_bias = _learned(x / most, told, same, share)
    return Correction(
        features,
        hidden / most[:, None],
        hidden_bias,
        out,
        float(out_bias[0]),
        _MOST,
    )


def _learned(
    x: FloatArray, told: FloatArray, same: FloatArray, share: FloatArray
) -> list[FloatArray]:
    """The weights and biases of a network that begins with no correction at all."""
    chance = np.random.default_rng(_SEED)
    count, width = x.shape
    weights = [
        chance.uniform(-1, 1, (width, _UNITS)).astype(np.float32) / np.sqrt(np.float32(width)),
        chance.uniform(-1, 1, _UNITS).astype(np.float32) / np.sqrt(np.float32(width)),
        np.zeros(_UNITS, dtype=np.float32),
        np.zeros(1, dtype=np.float32),
    ]
    means = [np.zeros_like(each) for each in weights]
    squares = [np.zeros_like(each) for each in weights]
    batches = -(-count // _BATCH)
    for step in range(_EPOCHS * batches):
        if step % batches == 0:
            parts = np.array_split(chance.permutation(count), batches)
        part = parts[step % batches]
        slopes = _slopes(weights, x[part], told[part], same[part], share[part], chance)
        rate = _RATE * min(1.0, (step + 1) / _WARMUP) * (1 - step / (_EPOCHS * batches))
        for weight, mean, square, slope in zip(weights, means, squares, slopes, strict=True):
            mean[...] = _FIRST * mean + (1 - _FIRST) * slope
            square[...] = _SECOND * square + (1 - _SECOND) * slope**2
            near = np.sqrt(square / (1 - _SECOND ** (step + 1))) + _SMALL
            step_taken = mean / (1 - _FIRST ** (step + 1)) / near + _DECAY * weight
            weight[...] = weight - rate * step_taken
    return weights


def _slopes(
    weights: Sequence[FloatArray],
    x: FloatArray,
    told: FloatArray,
    same: FloatArray,
    share: FloatArray,
    chance: np.random.Generator,
) -> tuple[FloatArray, ...]:
    """The slopes of the log loss, with some features and some units left out."""
    hidden, hidden_bias, out, out_bias = weights
    x = x * _kept(x.shape, _FEATURES_LEFT_OUT, chance)
    units = x @ hidden + hidden_bias
    kept = _kept(units.shape, _UNITS_LEFT_OUT, chance) * (units > 0)
    active = units * kept
    part = np.tanh(active @ out + out_bias)  # of the most that is allowed
    off = 1 / (1 + np.exp(-told - _MOST * part)) - same
    off = (share * off * _MOST * (1 - part**2)).astype(np.float32) / len(x)
    back = off[:, None] * out * kept
    return x.T @ back, back.sum(0), active.T @ off, off.sum(keepdims=True)


def _kept(shape: tuple[int, ...], left_out: float, chance: np.random.Generator) -> FloatArray:
    kept = chance.random(shape, dtype=np.float32) >= left_out
    return kept.astype(np.float32) / np.float32(1 - left_out)
