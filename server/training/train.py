"""Trains the attribution network: seeded, resumable, with a table of what happened."""

from __future__ import annotations

import itertools
import math
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from quoth_server.engine.attributions import encoder
from training.data import IGNORE, Example, Targets, batches
from training.heads import HEADS
from training.model import ArticleNetwork, Layer
from training.precision import half

__all__ = ["Recipe", "Trainer", "add_gradients", "replica"]


Network = TypeVar("Network", bound=nn.Module)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train. Rates are those at full height of a warm-up, hold and linear cool-down."""

    steps: int = 4000
    cooldown: float = 0.5
    warmup: int = 100
    window: int = 288
    batch: int = 1152
    shards: int = 2
    rate: float = 2e-4
    layer_decay: float = 0.85
    head_rate: float = 1e-3
    weight_decay: float = 0.01
    clip: float = 1.0
    ema: float = 0.998
    seed: int = 3


class Trainer:
    """Holds all that a checkpoint must: network, averaged weights, optimizer, step."""

    losses: Sequence[str] = tuple(head.name for head in HEADS)
    """What the losses are of, in the log's order."""

    def __init__(self, model: ArticleNetwork, recipe: Recipe, folder: Path) -> None:
        self.model, self.recipe, self.folder = model, recipe, folder
        folder.mkdir(parents=True, exist_ok=True)
        self.optimizer = torch.optim.AdamW(_groups(model, recipe), betas=(0.9, 0.98), fused=True)
        self.trained = _trained(model)
        self.average = [p.detach().clone() for p in self.trained]
        self.step = 0
        self.device = model.position.weight.device
        self.replicas = [model, *(replica(model) for _ in range(recipe.shards - 1))]
        # Numbers too small for fp32 to hold in full would be computed many times as slowly.
        self.threads = ThreadPoolExecutor(
            recipe.shards, initializer=torch.set_flush_denormal, initargs=(True,)
        )

    # ---- checkpoints ------------------------------------------------------------------

    def save(self) -> None:
        """Writes a checkpoint, whole or not at all."""
        part = self.folder / "checkpoint.part"
        torch.save(self._state(), part)
        part.replace(self.folder / "checkpoint.pt")

    def resume(self) -> bool:
        """Goes on from the folder's checkpoint, if it has one."""
        path = self.folder / "checkpoint.pt"
        if not path.exists():
            return False
        self._restore(torch.load(path, map_location=self.device))
        return True

    def _state(self) -> dict[str, Any]:
        return {
            "step": self.step,
            "model": self.model.state_dict(),
            "average": self.average,
            "optimizer": self.optimizer.state_dict(),
        }

    def _restore(self, state: dict[str, Any]) -> None:
        self.step = state["step"]
        self.model.load_state_dict(state["model"])
        self.average = state["average"]
        self.optimizer.load_state_dict(state["optimizer"])

    def averaged(self) -> ArticleNetwork:
        """A copy of the network with the averaged weights, for prediction."""
        copy = deepcopy(self.model)
        with torch.no_grad():
            for parameter, average in zip(_trained(copy), self.average, strict=True):
                parameter.copy_(average)
        return copy.eval()

    # ---- the run ------------------------------------------------------------------------

    def run(
        self, examples: Callable[[random.Random], Sequence[Example]], save_every: float = 180.0
    ) -> Iterator[int]:
        """Trains to the recipe's last step; yields the step at the end of every epoch.

        `examples` gives the articles of an epoch, which may differ from one to the next.
        """
        recipe, saved, sums, started = (
            self.recipe,
            time.monotonic(),
            [0.0] * (len(self.losses) + 1),
            time.monotonic(),
        )
        epoch, passed = 0, 0
        while True:
            rng = random.Random(recipe.seed * 1000 + epoch)
            stream = batches(examples(rng), recipe.window, recipe.batch // recipe.shards, rng)
            while shards := list(itertools.islice(stream, recipe.shards)):
                if self._limit_reached():
                    self.save()
                    return
                passed += 1
                if passed <= self.step:
                    continue  # already done before the checkpoint
                torch.manual_seed(recipe.seed * 1_000_000 + self.step)
                losses = self._update(shards)
                sums = [a + b for a, b in zip(sums, losses, strict=True)]
                if self.step % 25 == 0:
                    seconds, started = time.monotonic() - started, time.monotonic()
                    self._log(epoch, [s / 25 for s in sums], seconds / 25)
                    sums = [0.0] * (len(self.losses) + 1)
                if time.monotonic() - saved > save_every:
                    self.save()
                    saved = time.monotonic()
            epoch += 1
            if passed == self.step:
                self.save()
                yield self.step

    def _limit_reached(self) -> bool:
        return self.step >= self._steps()

    def _steps(self) -> int:
        """The last step; a file `steps` in the folder overrides the recipe while training runs."""
        override = self.folder / "steps"
        return int(override.read_text()) if override.exists() else self.recipe.steps

    def _rate(self) -> float:
        steps, recipe = self._steps(), self.recipe
        down = max(1, int(steps * recipe.cooldown))
        return max(0.01, min(1.0, (self.step + 1) / recipe.warmup, (steps - self.step) / down))

    def _update(self, shards: Sequence[tuple[encoder.Inputs, Targets]]) -> list[float]:
        """One step on a batch in shards, each computed by a thread of its own.

        Threads that meet once a step lose less to a busy machine than operations split in two.
        """
        self.model.train()
        rate = self._rate()
        for group in self.optimizer.param_groups:
            group["lr"] = group["height"] * rate
        recipe, counts = self.recipe, self._counts([targets for _, targets in shards])
        jobs = [
            self.threads.submit(self._backward, number, inputs, targets, counts)
            for number, (inputs, targets) in enumerate(shards)
        ]
        sums = [sum(parts) for parts in zip(*(job.result() for job in jobs), strict=True)]
        for other in self.replicas[1 : len(shards)]:
            add_gradients(self.trained, _trained(other))
        norm = torch.nn.utils.clip_grad_norm_(self.trained, recipe.clip)
        self.optimizer.step()
        self.step += 1
        with torch.no_grad():
            decay = min(recipe.ema, (1 + self.step) / (10 + self.step))
            torch._foreach_lerp_(self.average, self.trained, 1.0 - decay)
        return [*(total / count for total, count in zip(sums, counts, strict=True)), float(norm)]

    def _counts(self, targets: Sequence[Targets]) -> list[int]:
        """How much each loss of a step is the sum of."""
        return [max(1, sum(int((t[head.name] != IGNORE).sum()) for t in targets)) for head in HEADS]

    def _backward(
        self,
        number: int,
        inputs: encoder.Inputs,
        targets: Targets,
        counts: Sequence[int],
    ) -> list[float]:
        """Sets the gradients of a replica by one shard; returns its summed losses, unscaled."""
        model = self.replicas[number].train()
        model.zero_grad(set_to_none=True)
        gold = {name: torch.from_numpy(target).to(self.device) for name, target in targets.items()}
        arrays = (torch.from_numpy(array).to(self.device) for array in inputs.arrays())
        with half(self.device.type):
            scores = model(*arrays, heads=gold["head"].clamp(min=0))
        parts = [
            functional.cross_entropy(
                scores[head.name].flatten(0, 1).float(),
                gold[head.name].flatten(),
                ignore_index=IGNORE,
                reduction="sum",
            )
            for head in HEADS
        ]
        scale = [head.weight / count for head, count in zip(HEADS, counts, strict=True)]
        torch.autograd.backward(torch.stack(parts).dot(torch.tensor(scale, device=self.device)))
        return [float(part.detach()) for part in parts]

    def _log(self, epoch: int, values: Sequence[float], seconds: float) -> None:
        path = self.folder / "log.tsv"
        if not path.exists():
            names = "\t".join(self.losses)
            path.write_text(f"time\tepoch\tstep\trate\t{names}\tnorm\tseconds\n")
        row = [time.strftime("%H:%M:%S"), str(epoch), str(self.step), f"{self._rate():.3f}"]
        row += [f"{value:.4f}" for value in (*values, seconds)]
        with path.open("a") as file:
            file.write("\t".join(row) + "\n")


def _trained(model: ArticleNetwork) -> list[Tensor]:
    return [parameter for parameter in model.parameters() if parameter.requires_grad]


def replica(model: Network) -> Network:
    """A second network on the same weights, with gradients of its own."""
    copy = deepcopy(model)
    for mine, theirs in zip(copy.parameters(), model.parameters(), strict=True):
        mine.data = theirs.data
    return copy


def add_gradients(mine: Sequence[Tensor], theirs: Iterable[Tensor]) -> None:
    """Adds the gradients of a replica's parameters, where it has any."""
    for one, other in zip(mine, theirs, strict=True):
        if one.grad is None:
            one.grad = other.grad
        elif other.grad is not None:
            one.grad += other.grad


def _groups(model: ArticleNetwork, recipe: Recipe) -> list[dict[str, object]]:
    """Parameter groups: rates fall from the top layer down; no decay for norms and biases."""
    heights: dict[int, float] = {}
    for number, layer in enumerate(model.layers):
        assert isinstance(layer, Layer)
        for parameter in layer.parameters():
            height = recipe.rate * recipe.layer_decay ** (len(model.layers) - 1 - number)
            heights[id(parameter)] = height
    lowest = recipe.rate * math.pow(recipe.layer_decay, len(model.layers))
    for module in (model.position, model.norm):
        heights |= {id(parameter): lowest for parameter in module.parameters()}
    groups: dict[tuple[float, float], list[Tensor]] = {}
    for parameter in model.parameters():
        if parameter.requires_grad:
            height = heights.get(id(parameter), recipe.head_rate)
            decay = recipe.weight_decay if parameter.ndim > 1 else 0.0
            groups.setdefault((height, decay), []).append(parameter)
    return [
        {"params": parameters, "lr": height, "height": height, "weight_decay": decay}
        for (height, decay), parameters in groups.items()
    ]
