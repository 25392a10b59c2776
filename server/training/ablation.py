"""`python -m training.ablation`: what more corpora and other dress are worth, in short runs.

Every run goes on from the same trained network for the same few steps, on PolNeAR alone or with
more, and is measured in fp32 on PolNeAR dev and on GUM news, which none has seen.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import torch

from quoth_server.engine.attributions import encoder
from training import base, corpora, data, predict
from training.augmentation import Dress, dressed
from training.data import Example
from training.model import AttributionNetwork
from training.train import Recipe, Trainer

Epoch = Callable[[random.Random], Sequence[Example]]

SECOND = Recipe(cooldown=0.6, rate=1e-4, head_rate=4e-4, ema=0.99, seed=2)
"""At half the rates of the first run. The average follows faster, or it would stay with that."""


def main() -> None:
    """Trains and measures every variant that OUT/ablation.tsv does not hold yet."""
    options = _options()
    out: Path = options.out
    tokenizer = encoder.load_tokenizer(str(base.unpack(out / "base") / "tokenizer.json"))

    def load(name: str, read: data.Reader) -> list[Example]:
        cache = out / f"{name.replace('/', '-')}.pickle"
        return data.load(options.corpora / f"{name}.jsonl", tokenizer, read, cache)

    polnear = load("polnear/train", corpora.polnear)
    gum = [one for genre in corpora.GUM_GENRES for one in load(f"gum/gum-{genre}", corpora.gum)]
    litbank = load("litbank/litbank-quotes", corpora.litbank)
    variants: dict[str, Epoch] = {
        "PolNeAR": lambda _: polnear,
        "PolNeAR, other dress": _in(Dress(), polnear),
        "PolNeAR, GUM": lambda _: [*polnear, *gum],
        "PolNeAR, LitBank": lambda _: [*polnear, *litbank],
        "PolNeAR, GUM, other dress": _in(Dress(), [*polnear, *gum]),
    }
    tests = {
        "dev": load("polnear/dev", corpora.polnear),
        "news": load("gum/gum-news", corpora.gum),
    }
    gold = {
        "dev": options.corpora / "polnear" / "dev.jsonl",
        "news": _gum_gold(options.corpora, out / "gum-news.gold.jsonl"),
    }
    table = out / "ablation.tsv"
    done = table.read_text("utf-8") if table.exists() else ""
    for name, epoch in {"none of it": None, **variants}.items():
        if f"{name}\t" in done:
            continue
        model = _trained(out, options.steps, name, epoch)
        figures = []
        for part, examples in tests.items():
            file = out / f"{part}.predicted.jsonl"
            predict.write(
                predict.predict(predict.as_network(model.eval()), examples), examples, file
            )
            figures += _figures(options.corpora.parent / "eval", gold[part], file)
        with table.open("a", encoding="utf-8") as lines:
            lines.write("\t".join([name, *(f"{figure:.1f}" for figure in figures)]) + "\n")


def _in(dress: Dress, examples: Sequence[Example]) -> Epoch:
    return lambda rng: list(dressed(examples, dress, rng))


def _trained(out: Path, steps: int, name: str, epoch: Epoch | None) -> AttributionNetwork:
    """The trained network, taken on for some steps."""
    first = Trainer(base.new_network(out / "base"), Recipe(), out)
    if not first.resume():
        raise SystemExit(f"{out} holds no checkpoint: run `make train` first")
    if epoch is None:
        return first.averaged()
    folder = out / "ablation" / name.replace(", ", "-").replace(" ", "-")
    trainer = Trainer(first.averaged(), replace(SECOND, steps=steps), folder)
    for _ in trainer.run(epoch, save_every=float("inf")):
        pass
    (folder / "checkpoint.pt").unlink(missing_ok=True)
    return trainer.averaged()


def _gum_gold(folder: Path, path: Path) -> Path:
    script = folder.parent / "eval" / "gum_to_attributions.py"
    command = [sys.executable, str(script), str(folder / "gum" / "gum-news.jsonl")]
    path.write_bytes(subprocess.run(command, check=True, capture_output=True).stdout)
    return path


def _figures(scorers: Path, gold: Path, predicted: Path) -> list[float]:
    """F1 of content and attribution, then recall of both and of the tokens of content."""
    command = [sys.executable, str(scorers / "score_attributions.py"), str(gold), str(predicted)]
    printed = subprocess.run(
        [*command, "--json", "--bootstrap", "0"], check=True, capture_output=True
    )
    scores = json.loads(printed.stdout)
    found = [scores["ALL"][what] for what in ("content", "attribution")]
    return [one[key] for key in ("F1", "R") for one in found] + [scores["tokens"]["content"]["R"]]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training.ablation", description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True, help="the folder with polnear/")
    parser.add_argument("--out", type=Path, required=True, help="that of `python -m training`")
    parser.add_argument("--steps", type=int, default=200, help="steps of each run")
    torch.set_num_threads(1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
