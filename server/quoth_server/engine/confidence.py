"""Step 10: how likely a statement and its speaker are right.

The finder's and the ranker's scores are not yet probabilities of being right; two small logistic
functions, fitted on gold records, make them so. Their weights and the number of records they
were fitted on are in `data/en/confidence.json`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache
from importlib import resources

from quoth_server.engine.statements import Draft
from quoth_server.engine.types import Mention, StatementKind

__all__ = ["features", "of_link", "of_statement"]


def of_link(draft: Draft, mention: Mention | None) -> float:
    """The probability that a mention's speaker is right; 0 where none is named."""
    if mention is None or not mention.speaker_id:
        return 0.0
    return _probability("link", features(draft, mention))


def of_statement(draft: Draft, mention: Mention | None) -> float:
    """The probability that kind, content and speaker are all right."""
    return _probability("statement", features(draft, mention))


def features(draft: Draft, mention: Mention | None) -> dict[str, float]:
    """What the probabilities rest on, by the names of the weights."""
    linked = mention is not None and bool(mention.speaker_id)
    return {
        "bias": 1.0,
        "score": draft.score,
        "surely": 5.0 * max(0.0, draft.score - 0.8),
        "certainly": float(draft.score >= 0.95),
        "choice": mention.confidence if mention is not None and linked else 0.0,
        "linked": float(linked),
        "source": float(draft.source is not None),
        "cue": float(draft.cue is not None),
        "quoted": float(draft.kind is not StatementKind.INDIRECT),
    }


def _probability(name: str, values: Mapping[str, float]) -> float:
    weights = _weights()[name]
    score = sum(weights.get(key, 0.0) * value for key, value in values.items())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))


@cache
def _weights() -> Mapping[str, Mapping[str, float]]:
    file = resources.files("quoth_server.engine") / "data" / "en" / "confidence.json"
    weights: Mapping[str, Mapping[str, float]] = json.loads(file.read_text("utf-8"))["weights"]
    return weights
