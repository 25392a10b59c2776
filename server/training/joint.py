"""Trains the two networks together: `python -m training.joint`.

    python -m training.joint --corpora ../shared/corpora --article build/training/0
        --record build/records/fold-0 --examples build/records/examples.pickle
        --out build/joint --without 0

The article network goes on learning all that its heads are asked, and beside it its vectors learn
from what the record network is asked of gold articles: a network that only reads vectors made for
other questions cannot change what they tell. Both begin as they were trained apart. With
`--without` neither has seen a fold of the gold: what they answer there are the figures to believe,
and what confidence is fitted on. The files go where `training.fit_confidence` looks for them:
`OUT/0/shipped` and `OUT/fold-0`, or `OUT/all`.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from quoth_server.engine.attributions import encoder
from quoth_server.engine.attributions.model import DIRECTORY, MODEL
from quoth_server.engine.attributions.reading import EDGE, SEAM, WINDOW
from training import examples, export, measure, record_model, records, stored
from training.__main__ import VERSION
from training.data import Targets
from training.gold_records import fold_of
from training.model import ArticleNetwork, Size
from training.precision import half
from training.record_examples import RecordExample
from training.record_model import RecordModel
from training.records import RecordRecipe
from training.train import Recipe, Trainer, add_gradients, replica

__all__ = ["ARTICLE", "DROPOUT", "RECORDS", "Together", "groups", "vectors"]

ARTICLE = Recipe(rate=1e-4, head_rate=5e-4, warmup=60)
RECORDS = RecordRecipe(rate=3e-4, weigh_rate=1.2e-3, epochs=2, repeated=2)
DROPOUT = 0.15
"""More than the article network had alone: it has read these articles six times already."""
PIECES = 600
"""Word pieces of the gold articles that a thread reads in a step, beside its half of a batch."""

Group = list[RecordExample]
"""Gold articles that a thread reads in one step."""


class Together(Trainer):
    """Trains both networks; a step is a batch of the article network and a group a thread."""

    def __init__(
        self,
        model: ArticleNetwork,
        record: RecordModel,
        read: Sequence[Group],
        folder: Path,
        recipe: Recipe = ARTICLE,
        record_recipe: RecordRecipe = RECORDS,
    ) -> None:
        super().__init__(model, replace(recipe, steps=len(read) // recipe.shards), folder)
        self.record, self.read, self.record_recipe = record, read, record_recipe
        self.record_average = deepcopy(record)
        self.record_optimizer = records.optimizer_of(record, record_recipe)
        self.record_replicas = [record, *(replica(record) for _ in self.replicas[1:])]

    def _state(self) -> dict[str, Any]:
        return super()._state() | {
            "record": self.record.state_dict(),
            "record_average": self.record_average.state_dict(),
            "record_optimizer": self.record_optimizer.state_dict(),
        }

    def _restore(self, state: dict[str, Any]) -> None:
        super()._restore(state)
        self.record.load_state_dict(state["record"])
        self.record_average.load_state_dict(state["record_average"])
        self.record_optimizer.load_state_dict(state["record_optimizer"])

    def _update(self, shards: Sequence[tuple[encoder.Inputs, Targets]]) -> list[float]:
        for group in self.record_optimizer.param_groups:
            group["lr"] = group["height"] * self._rate()
        losses = super()._update(shards)
        mine = list(self.record.parameters())
        for other in self.record_replicas[1 : len(shards)]:
            add_gradients(mine, other.parameters())
        torch.nn.utils.clip_grad_norm_(mine, self.record_recipe.clip)
        self.record_optimizer.step()
        with torch.no_grad():
            decay = min(self.record_recipe.ema, (1 + self.step) / (10 + self.step))
            averages = list(self.record_average.parameters())
            torch._foreach_lerp_(averages, mine, 1.0 - decay)
        return losses

    def _backward(
        self, number: int, inputs: encoder.Inputs, targets: Targets, counts: Sequence[int]
    ) -> list[float]:
        found = super()._backward(number, inputs, targets, counts)
        shards = self.recipe.shards
        step = self.read[shards * self.step : shards * (self.step + 1)]
        model, record = self.replicas[number], self.record_replicas[number].train()
        record.zero_grad(set_to_none=True)
        for one in step[number]:
            losses = records.losses(record, one, vectors(model, one.table.words))
            torch.stack(list(losses.values())).sum().div(sum(map(len, step))).backward()
        return found


def vectors(model: ArticleNetwork, words: encoder.Words) -> Tensor:
    """The vectors of an article's words, read in the windows in which serving reads them."""
    windows = list(encoder.core_windows(words, WINDOW, EDGE, SEAM))
    arrays = (torch.from_numpy(array) for array in encoder.pack(words, windows).arrays())
    with half():
        found = model.vectors(*arrays)
    cores = [
        row[window.core_first - window.first : window.core_last - window.first]
        for row, window in zip(found, windows, strict=True)
    ]
    return torch.cat(cores).float()


def groups(order: Sequence[RecordExample]) -> Iterator[Group]:
    """Articles one after the other, in groups of about `PIECES` word pieces."""
    group: Group = []
    size = 0
    for one in order:
        pieces = len(one.table.words.pieces)
        if group and size + pieces > PIECES:
            yield group
            group, size = [], 0
        group.append(one)
        size += pieces
    if group:
        yield group


def main() -> None:
    """Trains, goes on from the last checkpoint, exports and measures."""
    options = _options()
    fold = options.without
    folder = options.out / ("all" if fold is None else str(fold))
    files = options.out / ("all" if fold is None else f"fold-{fold}")
    for each in (folder, files):
        each.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    torch.manual_seed(ARTICLE.seed)
    tokenizer = options.article / "base" / "tokenizer.json"
    sources = examples.Sources(
        options.corpora,
        encoder.load_tokenizer(str(tokenizer)),
        options.article / "parses",
        share=0.01 if options.quick else 1.0,
        without=None if fold is None else (fold, options.folds),
    )
    gold, others = sources.records(), sources.others()
    article = ArticleNetwork(Size(dropout=DROPOUT))
    article.load_state_dict(torch.load(options.article / "final.pt"))
    record = record_model.read(options.record)
    trainer = Together(article, record, list(_read(options)), folder)
    trainer.resume()
    for step in trainer.run(lambda rng: examples.mixed(gold, others, rng)):
        print("epoch ended at step", step, flush=True)
    model = trainer.averaged()
    torch.save(model.state_dict(), folder / "final.pt")
    target = DIRECTORY if options.install else folder / "shipped"
    export.export(model, tokenizer, target, VERSION)
    record_model.write(trainer.record_average, DIRECTORY if options.install else files)
    dev = options.corpora / "polnear" / "dev.jsonl"
    measure.print_table(target / MODEL, sources.polnear(dev.name), dev, folder)


def _read(options: argparse.Namespace) -> Iterator[Group]:
    """The groups of gold articles of all steps."""
    shared, fold = options.corpora.parent, options.without
    told: list[RecordExample] = stored.kept(options.examples)
    kept = [one for one in told if fold is None or fold_of(one.key, options.folds) != fold]
    for order in records.epochs(kept, RECORDS, *records.repeated_and_parted(shared)):
        yield from itertools.islice(groups(order), 4 if options.quick else None)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m training.joint",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--corpora", type=Path, required=True, help="the folder with polnear/")
    parser.add_argument("--article", type=Path, required=True, help="an article network's --out")
    parser.add_argument("--record", type=Path, required=True, help="a record network's files")
    parser.add_argument("--examples", type=Path, required=True, help="what it was trained on")
    parser.add_argument("--out", type=Path, required=True, help="checkpoints, logs and files")
    parser.add_argument("--without", type=int, help="the fold of gold that both left out, from 0")
    parser.add_argument("--folds", type=int, default=3, help="how many folds there are")
    parser.add_argument("--install", action="store_true", help="put the files into the package")
    parser.add_argument("--quick", action="store_true", help="four steps")
    return parser.parse_args()


if __name__ == "__main__":
    main()
