"""`python -m training`: from the corpora to the shipped file. See README.md."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import torch

from quoth_server.engine import encoder
from training import base, data
from training.train import Recipe, Trainer


def main() -> None:
    """Runs one stage, or all."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=Recipe().steps)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(Recipe().seed)
    folder = base.unpack(options.out / "base")
    tokenizer = encoder.load_tokenizer(str(folder / "tokenizer.json"))
    recipe = Recipe(steps=options.steps)
    torch.set_num_threads(max(1, (os.cpu_count() or 1) // recipe.shards))
    train = data.load(
        options.corpora / "polnear" / "train.jsonl", tokenizer, options.out / "train.pickle"
    )
    trainer = Trainer(base.new_network(folder), recipe, options.out)
    trainer.resume()
    for step in trainer.run(train):
        print("epoch ended at step", step, flush=True)


if __name__ == "__main__":
    main()
