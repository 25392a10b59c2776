"""Small logistic functions, whose weights are learned and lie in `data/en`."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache
from importlib import resources

__all__ = ["probability", "weights"]


def probability(file: str, name: str, values: Mapping[str, float]) -> float:
    """The function's value, in (0, 1).

    Args:
        file: the weights are in `data/en/<file>.json`.
        name: of the function in the file.
        values: the features, by the names of their weights; those without a weight do not count.
    """
    known = weights(file)[name]
    score = sum(known.get(key, 0.0) * value for key, value in values.items())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))


@cache
def weights(file: str) -> Mapping[str, Mapping[str, float]]:
    """The weights of each function of a file, read once in a process."""
    path = resources.files("quoth_server.engine") / "data" / "en" / f"{file}.json"
    functions: Mapping[str, Mapping[str, float]] = json.loads(path.read_text("utf-8"))["weights"]
    return functions
