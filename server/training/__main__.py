"""`python -m training`: from the corpora to the shipped file; see README.md."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path

import torch

from quoth_server.engine.attributions import encoder
from quoth_server.engine.attributions.model import MODEL
from training import base, examples, export, measure, shipped
from training.train import Recipe, Trainer

VERSION = "article-en-11"
"""Goes into the manifest; to be raised with every new shipped file."""


def main() -> None:
    """Prepares, trains (going on from the last checkpoint), exports and measures."""
    options = _options()
    options.out.mkdir(parents=True, exist_ok=True)
    recipe = Recipe(steps=options.steps)
    if options.start:
        recipe = replace(recipe, rate=recipe.rate / 2)
    if options.quick:
        recipe = Recipe(steps=24, warmup=4, ema=0.9)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cuda":
        recipe = replace(recipe, shards=1)
    torch.set_num_threads(max(1, (os.cpu_count() or 1) // recipe.shards))
    torch.manual_seed(recipe.seed)
    folder = base.unpack(options.out / "base")
    tokenizer = encoder.load_tokenizer(str(folder / "tokenizer.json"))
    share = 0.01 if options.quick else 1.0

    stores = options.out / "parses"
    stores.mkdir(exist_ok=True)
    without = (options.without, options.folds) if options.without is not None else None
    sources = examples.Sources(options.corpora, tokenizer, stores, share, without)
    dev = sources.polnear("dev.jsonl")
    records, others = sources.records(), sources.others()
    network = base.new_network(folder)
    start = shipped.read(options.start) if options.start else {}
    for name in [name for name in start if name.startswith("tags.")]:
        start.setdefault(f"record_{name}", start[name])
    network.load_state_dict(start, strict=False)
    trainer = Trainer(network.to(device), recipe, options.out)
    if not options.quick:
        trainer.resume()
    for step in trainer.run(lambda rng: examples.mixed(records, others, rng)):
        print("epoch ended at step", step, flush=True)
    model = trainer.averaged()
    model.load_state_dict(shipped.blended(start, model.state_dict(), options.blend))
    torch.save(model.state_dict(), options.out / "final.pt")
    target = options.out / "shipped"
    export.export(model, folder / "tokenizer.json", target, VERSION)
    gold = options.corpora / "polnear" / "dev.jsonl"
    measure.print_table(target / MODEL, dev, gold, options.out)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True, help="the folder with polnear/")
    parser.add_argument("--out", type=Path, required=True, help="checkpoints, log and figures")
    parser.add_argument("--steps", type=int, default=Recipe().steps, help="steps to train")
    parser.add_argument(
        "--start", type=Path, help="weights to train on from: final.pt, or a shipped file"
    )
    parser.add_argument(
        "--blend",
        type=float,
        default=1.0,
        help="share of the new weights in their mean with those of --start",
    )
    parser.add_argument("--without", type=int, help="the fold of gold that is left out, from 0")
    parser.add_argument("--folds", type=int, default=3, help="how many folds there are")
    parser.add_argument("--quick", action="store_true", help="one percent of it, two minutes")
    return parser.parse_args()


if __name__ == "__main__":
    main()
