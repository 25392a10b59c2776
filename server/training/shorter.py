"""Gives the installed article network fewer layers: `python -m training.shorter`.

    python -m training.shorter --corpora ../shared/corpora --out build/shorter
        --layers 0 2 3 5 [--install]

The shorter network begins with some layers of the installed one and learns to make the same
vectors of words, layer by layer, on every text there is (Sun and others 2019, "Patient Knowledge
Distillation for BERT Model Compression"). Its heads and the record network stay as they are: they
read the same vectors.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from quoth_server.engine.attributions import encoder
from quoth_server.engine.attributions.model import DIRECTORY, MODEL, TOKENIZER
from training import examples, export, measure, shipped
from training.__main__ import VERSION
from training.data import Targets
from training.model import ArticleNetwork
from training.precision import half
from training.train import Recipe, Trainer

__all__ = ["Shorter", "shortened"]

_RECIPE = Recipe(steps=4000, rate=5e-4, layer_decay=1.0, cooldown=0.8)
_LAST = 3.0
"""What the last layer, the one that heads read, weighs against each below."""


def shortened(long: ArticleNetwork, layers: Sequence[int]) -> ArticleNetwork:
    """A copy of the network with some of its layers, counted from 0."""
    short = deepcopy(long)
    short.layers = nn.ModuleList(short.layers[at] for at in layers)
    short.size = replace(short.size, layers=len(layers))
    return short


class Shorter(Trainer):
    """Teaches a shortened network the vectors that the long one makes."""

    def __init__(
        self, long: ArticleNetwork, layers: Sequence[int], folder: Path, recipe: Recipe = _RECIPE
    ) -> None:
        short = shortened(long, layers)
        short.requires_grad_(False)
        for part in (short.position, short.shape, short.mark, short.norm, short.layers):
            part.requires_grad_(True)
        super().__init__(short, recipe, folder)
        self.long, self.layers = long.eval().requires_grad_(False), layers
        self.losses = [f"layer {of}" for of in layers]

    def _counts(self, targets: Sequence[Targets]) -> list[int]:
        return [len(targets)] * len(self.layers)

    def _backward(
        self, number: int, inputs: encoder.Inputs, targets: Targets, counts: Sequence[int]
    ) -> list[float]:
        model = self.replicas[number].train()
        model.zero_grad(set_to_none=True)
        arrays = [torch.from_numpy(array) for array in inputs.arrays()[:4]]
        real = arrays[3].bool()
        with half():
            with torch.no_grad():
                taught = list(_states(self.long, *arrays))
            found = list(_states(model, *arrays))
        losses = [
            functional.mse_loss(mine[real].float(), taught[of][real].float())
            / taught[of][real].float().var()
            for mine, of in zip(found, self.layers, strict=True)
        ]
        total = torch.stack([*losses[:-1], _LAST * losses[-1]]).sum()
        total.div(counts[-1]).backward()
        return [float(loss.detach()) for loss in losses]


def _states(
    model: ArticleNetwork, pieces: Tensor, shapes: Tensor, marks: Tensor, mask: Tensor
) -> Iterator[Tensor]:
    """What each layer makes of every piece: windows × pieces × hidden."""
    x = model.embedded(pieces, shapes, marks)
    bias = (1.0 - mask[:, None, None, :].to(x.dtype)) * -1e4
    for layer in model.layers:
        x = layer(x, bias)
        yield x


def main() -> None:
    """Trains, goes on from the last checkpoint, exports and measures."""
    options = _options()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    sources = examples.Sources.of_installed(options.corpora, options.out, quick=options.quick)
    long = shipped.network_of(shipped.weights_of(DIRECTORY / MODEL))
    texts = [*sources.records(), *sources.others()]
    recipe = Recipe(steps=4) if options.quick else _RECIPE
    trainer = Shorter(long, options.layers, options.out, recipe)
    trainer.resume()
    for step in trainer.run(lambda rng: rng.sample(texts, len(texts))):
        print("epoch ended at step", step, flush=True)
    target = DIRECTORY if options.install else options.out / "shipped"
    export.export(trainer.averaged(), DIRECTORY / TOKENIZER, target, VERSION)
    dev = options.corpora / "polnear" / "dev.jsonl"
    measure.print_table(target / MODEL, sources.polnear(dev.name), dev, options.out)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m training.shorter",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--corpora", type=Path, required=True, help="the folder with polnear/")
    parser.add_argument("--out", type=Path, required=True, help="checkpoints, logs and files")
    parser.add_argument(
        "--layers", type=int, nargs="+", required=True, help="those to begin with, from 0"
    )
    parser.add_argument("--install", action="store_true", help="put the files into the package")
    parser.add_argument("--quick", action="store_true", help="four steps")
    return parser.parse_args()


if __name__ == "__main__":
    main()
