"""Runs a network over examples as serving does, and writes what the scorer reads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from quoth_server.engine.attributions import encoder
from quoth_server.engine.attributions.decoding import Found, decode
from quoth_server.engine.attributions.reading import Network, quoted_words, score_words
from training.data import Example
from training.model import ArticleNetwork

__all__ = ["as_network", "predict", "write"]


def as_network(model: ArticleNetwork) -> Network:
    """The torch model behind the same interface as the exported file."""

    def run(inputs: encoder.Inputs) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        with torch.inference_mode():
            scores = model(*map(torch.from_numpy, inputs.arrays()))
        return {name: values.numpy() for name, values in scores.items()}

    return run


def predict(network: Network, examples: Sequence[Example]) -> dict[str, tuple[Found, ...]]:
    """Attributions of each example, by its key."""
    found = {}
    for example in examples:
        scores, _ = score_words(network, example.words)
        quoted = quoted_words(example.words, example.quotations)
        found[example.key] = decode(scores, quoted, example.words.paragraph_starts)
    return found


def write(found: dict[str, tuple[Found, ...]], examples: Sequence[Example], path: Path) -> None:
    """Writes predictions as JSONL for `eval/score_attributions.py`."""
    with path.open("w", encoding="utf-8") as file:
        for example in examples:
            attributions = [
                {
                    "id": f"A{number}",
                    "source": _spans(example, [one.source]),
                    "cue": _spans(example, [one.cue]),
                    "content": _spans(example, one.content),
                }
                for number, one in enumerate(found[example.key], 1)
            ]
            file.write(json.dumps({"id": example.key, "attributions": attributions}) + "\n")


def _spans(example: Example, ranges: Sequence[tuple[int, int] | None]) -> list[list[int]]:
    words = example.words
    return [[int(words.starts[r[0]]), int(words.ends[r[1] - 1])] for r in ranges if r]
