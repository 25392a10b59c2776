"""`python -m training`: from the corpora to the shipped file; see README.md."""

from __future__ import annotations

import argparse
import os
import random
from dataclasses import replace
from pathlib import Path

import torch

from quoth_server.engine.attributions import encoder
from quoth_server.engine.attributions.model import DIRECTORY, MODEL
from training import augmentation, base, corpora, data, export, measure
from training.train import Recipe, Trainer

VERSION = "attribution-en-2"
"""Goes into the manifest; to be raised with every new shipped file."""

FIRST = Recipe()
"""From MiniLM, on PolNeAR as it stands."""
SECOND = Recipe(steps=500, cooldown=0.6, rate=1e-4, head_rate=4e-4, ema=0.99, seed=2)
"""From the first stage's averaged weights, at half its rates, in other dress."""


def main() -> None:
    """Prepares, trains (going on from the last checkpoint), exports and measures."""
    options = _options()
    options.out.mkdir(parents=True, exist_ok=True)
    stages = [FIRST, SECOND]
    if options.quick:
        stages = [replace(stage, steps=12, warmup=4, ema=0.9) for stage in stages]
    device = "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cuda":
        stages = [replace(stage, shards=1) for stage in stages]
    torch.set_num_threads(max(1, (os.cpu_count() or 1) // stages[0].shards))
    torch.manual_seed(FIRST.seed)
    folder = base.unpack(options.out / "base")
    tokenizer = encoder.load_tokenizer(str(folder / "tokenizer.json"))
    share = 0.01 if options.quick else 1.0

    def load(name: str, read: data.Reader) -> list[data.Example]:
        cache = options.out / f"{name.replace('/', '-')}.pickle"
        examples = data.load(options.corpora / f"{name}.jsonl", tokenizer, read, cache)
        return _share(examples, share)

    train, dev = (load(f"polnear/{part}", corpora.polnear) for part in ("train", "dev"))

    def varied(rng: random.Random) -> list[data.Example]:
        return list(augmentation.dressed(train, augmentation.Dress(), rng))

    model = base.new_network(folder).to(device)
    for name, stage, examples in zip(
        ("first", "second"), stages, (lambda _: train, varied), strict=True
    ):
        trainer = Trainer(model, stage, options.out / name)
        if not options.quick:
            trainer.resume()
        for step in trainer.run(examples):
            print(f"{name} stage: epoch ended at step {step}", flush=True)
        model = trainer.averaged().to(device)
    torch.save(model.state_dict(), options.out / "final.pt")
    shipped = options.install or options.out / "shipped"
    export.export(model.cpu().eval(), folder / "tokenizer.json", shipped, VERSION)
    gold = options.corpora / "polnear" / "dev.jsonl"
    measure.print_table(shipped / MODEL, dev, gold, options.out)


def _share(examples: list[data.Example], share: float) -> list[data.Example]:
    """The same random share every time, two at least."""
    count = max(2, round(len(examples) * share))
    return examples if share == 1.0 else random.Random(1).sample(examples, count)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True, help="the folder with polnear/")
    parser.add_argument("--out", type=Path, required=True, help="checkpoints, log and figures")
    parser.add_argument(
        "--install",
        type=Path,
        nargs="?",
        const=DIRECTORY,
        help="where the exported files go; without a folder: into the package",
    )
    parser.add_argument("--quick", action="store_true", help="one percent of it, two minutes")
    return parser.parse_args()


if __name__ == "__main__":
    main()
