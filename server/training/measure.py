"""Measures an exported file with `eval/score_attributions.py`, which lies beside the corpora."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from quoth_server.engine.attributions.model import open_network
from training import predict
from training.data import Example

__all__ = ["print_table"]


def print_table(model: Path, examples: Sequence[Example], gold: Path, folder: Path) -> None:
    """Predicts with the exported network and prints the scorer's table."""
    found = predict.predict(open_network(model), examples)
    predicted, chosen = folder / "predicted.jsonl", folder / "gold.jsonl"
    predict.write(found, examples, predicted)
    keys = {example.key for example in examples}
    with gold.open(encoding="utf-8") as source, chosen.open("w", encoding="utf-8") as target:
        target.writelines(line for line in source if json.loads(line)["id"] in keys)
    scorer = gold.parents[2] / "eval" / "score_attributions.py"
    subprocess.run([sys.executable, str(scorer), str(chosen), str(predicted)], check=True)
