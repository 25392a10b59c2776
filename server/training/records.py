"""Trains the record network on gold records: `python -m training.records`.

    python -m training.records --shared ../shared --out build/records [--folds 3]

It reads the project's own gold (less the fifth that is kept aside), `gold/wikinews-train.jsonl`,
`gold/records-train.jsonl` and what we annotated on corpora (`standoff`) with the engine's parser
and the article network, and trains on what that makes of them. `training.joint` goes on from here.
With `--folds` it also trains without each fold of the articles.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Collection, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from quoth_server.engine.attributions import AttributionModel
from quoth_server.engine.attributions.model import DIRECTORY
from quoth_server.engine.config import EngineConfig
from quoth_server.engine.parse import Parser
from quoth_server.engine.records import distances, network
from training import stored
from training.gold_records import annotated, documents, fold_of, real_news
from training.precision import half
from training.record_examples import UNKNOWN, Pairs, RecordExample, Statements, example
from training.record_model import RecordModel, RecordSize, write

__all__ = [
    "RecordRecipe",
    "epochs",
    "load_examples",
    "losses",
    "optimizer_of",
    "repeated_and_parted",
    "states_of",
    "tools",
    "train",
]


@dataclass(frozen=True, slots=True)
class RecordRecipe:
    """How to train; `weigh_rate` is for the layers that weigh features.

    `repeated` is how often an epoch has each article of the gold of real news, which is the best
    and is what is to be read; of what we annotated on the corpora (`standoff`), which agrees with
    that gold less and is long, an epoch has one part of `epochs`.
    """

    epochs: int = 3
    repeated: int = 3
    rate: float = 6e-4
    weigh_rate: float = 2.4e-3
    warmup: int = 60
    accumulate: int = 2
    weight_decay: float = 0.02
    clip: float = 1.0
    ema: float = 0.995
    seed: int = 1


@cache
def _parser() -> Parser:
    return Parser(EngineConfig().pipeline)


@cache
def _finder(folder: Path) -> AttributionModel:
    return AttributionModel.load(folder)


def tools(key: str, finders: Path | None, folds: int) -> tuple[Parser, AttributionModel]:
    """The parser, and the article network that has not seen an article; loaded once in a process.

    Args:
        key: The id of the article.
        finders: Where the networks trained without each fold lie; None for the installed one.
        folds: How many folds there are.
    """
    folder = finders / str(fold_of(key, folds)) / "shipped" if finders else DIRECTORY
    return _parser(), _finder(folder)


def _example(job: tuple[dict[str, Any], Path | None, int]) -> RecordExample:
    document, finders, folds = job
    return example(document, *tools(document["id"], finders, folds))


def load_examples(
    shared: Path, store: Path, finders: Path | None = None, folds: int = 0, *, quick: bool = False
) -> list[RecordExample]:
    """All gold articles as the engine reads them; kept in `store`, and read from there if it is.

    Args:
        shared: The folder with gold/.
        store: Where to keep them.
        finders: Where the article networks trained without each fold lie; see `tools`.
        folds: How many folds there are.
        quick: A dozen articles alone.
    """
    jobs = [(document, finders, folds) for document in documents(shared, quick=quick)]
    return stored.mapped(_example, jobs, store)


def train(
    examples: Sequence[RecordExample],
    recipe: RecordRecipe,
    repeated: Collection[str] = (),
    parted: Collection[str] = (),
    name: str = "",
) -> RecordModel:
    """Trains a network; what is returned has the running average of the weights.

    Args:
        examples: What to train on.
        recipe: How.
        repeated: The keys of articles that an epoch has several times.
        parted: The keys of articles that all epochs together have once.
        name: Goes before each line that is printed.
    """
    torch.manual_seed(recipe.seed)
    model = RecordModel(RecordSize())
    average = deepcopy(model)
    optimizer = optimizer_of(model, recipe)
    orders = list(epochs(examples, recipe, repeated, parted))
    steps = sum(map(len, orders)) // recipe.accumulate
    step = 0
    for epoch, order in enumerate(orders, 1):
        sums: dict[str, list[float]] = {}
        for number, one in enumerate(order, 1):
            found = losses(model, one, torch.from_numpy(one.table.vectors).float())
            torch.stack(list(found.values())).sum().div(recipe.accumulate).backward()
            for key, loss in found.items():
                sums.setdefault(key, []).append(loss.item())
            if number % recipe.accumulate:
                continue
            torch.nn.utils.clip_grad_norm_(model.parameters(), recipe.clip)
            height = min(1.0, (step + 1) / recipe.warmup) * max(0.02, 1 - step / steps)
            for group in optimizer.param_groups:
                group["lr"] = group["height"] * height
            optimizer.step()
            optimizer.zero_grad()
            step += 1
            with torch.no_grad():
                decay = min(recipe.ema, (1 + step) / (10 + step))
                torch._foreach_lerp_(
                    list(average.parameters()), list(model.parameters()), 1.0 - decay
                )
        told = ", ".join(f"{key} {sum(v) / len(v):.3f}" for key, v in sums.items())
        print(f"{name} epoch {epoch}: {told}", flush=True)
    return average.eval()


def optimizer_of(model: RecordModel, recipe: RecordRecipe) -> torch.optim.Optimizer:
    """The optimizer of a record network; the rate of a group at full height is its `height`."""
    weighing = [p for part in (model.speaker, model.time) for p in part.features.parameters()]
    chosen = {id(p) for p in weighing}
    others = [p for p in model.parameters() if id(p) not in chosen]
    return torch.optim.AdamW(
        [
            {"params": others, "height": recipe.rate},
            {"params": weighing, "height": recipe.weigh_rate},
        ],
        lr=recipe.rate,
        weight_decay=recipe.weight_decay,
        betas=(0.9, 0.98),
    )


def repeated_and_parted(shared: Path) -> tuple[set[str], set[str]]:
    """The articles of real news that others annotated, and those that we annotated; see `train`."""
    repeated = {document["id"] for document in real_news(shared)}
    return repeated, {document["id"] for document in annotated(shared)} - repeated


def epochs(
    examples: Sequence[RecordExample],
    recipe: RecordRecipe,
    repeated: Collection[str],
    parted: Collection[str],
) -> Iterator[list[RecordExample]]:
    """The articles of each epoch, in the order in which they teach; see `train`."""
    rng = random.Random(recipe.seed)
    plain = [e for e in examples if e.key not in parted]
    often = [e for e in plain for _ in range(recipe.repeated if e.key in repeated else 1)]
    once = [e for e in examples if e.key in parted]
    rng.shuffle(once)
    for epoch in range(recipe.epochs):
        order = often + once[epoch :: recipe.epochs]
        rng.shuffle(order)
        yield order


def losses(model: RecordModel, one: RecordExample, vectors: Tensor) -> dict[str, Tensor]:
    """What a network has wrong of an article, by question, weighed.

    Args:
        model: The network.
        one: The article.
        vectors: Those of its words, words × HIDDEN.
    """
    states = states_of(model, one, vectors)
    found = {
        "names": 0.5 * functional.cross_entropy(model.names(states), torch.from_numpy(one.names)),
        "roles": 0.5 * functional.cross_entropy(model.roles(states), torch.from_numpy(one.roles)),
    }
    parts: dict[str, list[Tensor]] = {}
    for asked in one.statements:
        if len(asked.questions):
            _ask(model, states, asked, parts)
    weights = {"statement": 0.5, "speaker": 1.0, "time": 1.0, "role": 1.0, "kind": 0.3}
    found.update({name: weights[name] * torch.cat(each).mean() for name, each in parts.items()})
    return found


def states_of(model: RecordModel, one: RecordExample, vectors: Tensor) -> Tensor:
    """What the network makes of an article's words, given their vectors: words × hidden."""
    table = one.table
    found = []
    for first, last, core, core_last in network.chunks(len(table)):
        apart = torch.from_numpy(distances.between(table.words.paragraph[first:last]))
        with half():
            states = model(
                vectors[first:last],
                torch.from_numpy(table.classes[first:last]),
                functional.embedding(apart, model.biases()).unbind(2),
            )
        found.append(states[core - first : core_last - first].float())
    return torch.cat(found)


def _ask(
    model: RecordModel,
    states: Tensor,
    asked: Statements,
    parts: dict[str, list[Tensor]],
) -> None:
    places = torch.from_numpy(asked.questions.places)
    queries = model.queries(states, places, torch.from_numpy(asked.questions.features))
    said = torch.tensor(asked.is_statement)
    known = said != UNKNOWN
    if known.any():
        scores = model.statement(queries)[known, 0]
        loss = functional.binary_cross_entropy_with_logits(scores, said[known].float())
        parts.setdefault("statement", []).append(loss[None])
    for name in ("speaker", "time", "role"):
        rows, taught = [], []
        for row, pairs in enumerate(getattr(asked, f"{name}s")):
            if pairs is not None and pairs.teaches:
                rows.append(row)
                taught.append(pairs)
        if not rows:
            continue
        scores, right, words = _weighed(model, name, states, queries[rows], taught)
        good = scores.masked_fill(~right, -torch.inf)
        parts.setdefault(name, []).append(torch.logsumexp(scores, 1) - torch.logsumexp(good, 1))
        if name == "speaker":
            kinds = torch.tensor([asked.kinds[row] for row in rows])
            best = words.gather(1, good[:, 1:].argmax(1, keepdim=True))[:, 0]
            found = model.kind(torch.cat([queries[rows], states[best]], 1), model.size.dropout)
            loss = functional.cross_entropy(found, kinds, ignore_index=UNKNOWN, reduction="none")
            parts.setdefault("kind", []).append(loss[kinds != UNKNOWN])


def _weighed(
    model: RecordModel, name: str, states: Tensor, queries: Tensor, taught: Sequence[Pairs]
) -> tuple[Tensor, Tensor, Tensor]:
    """Scores, who is right, and the words of the candidates of some statements, side by side.

    Place 0 is "none of them", which cannot be right of speakers. Where a statement has fewer
    candidates than another, the places left have no chance.
    """
    counts = torch.tensor([len(pairs.words) for pairs in taught])
    there = torch.arange(int(counts.max())) < counts[:, None]
    row, column = there.nonzero(as_tuple=True)
    words = torch.from_numpy(np.concatenate([pairs.words for pairs in taught]))
    features = torch.from_numpy(np.concatenate([pairs.features for pairs in taught]))
    if name == "role":
        mentions = [pairs.mentions for pairs in taught if pairs.mentions is not None]
        near = torch.from_numpy(np.concatenate(mentions))
        none, scores = model.role(queries, states[near], states[words], features)
    else:
        weighing = model.speaker if name == "speaker" else model.time
        none, scores = weighing(queries, states[words], features, row)
    placed = torch.full(there.shape, -torch.inf).index_put((row, column), scores)
    right = torch.zeros(there.shape, dtype=torch.bool)
    right[row, column] = torch.from_numpy(np.concatenate([pairs.right for pairs in taught]))
    at = torch.zeros(there.shape, dtype=torch.int64)
    at[row, column] = words
    if name == "speaker":
        none = torch.full_like(none, -torch.inf)
    none_right = torch.tensor([name != "speaker" and pairs.none_right for pairs in taught])
    return torch.cat([none, placed], 1), torch.cat([none_right[:, None], right], 1), at


def main() -> None:
    """Trains on everything, and without each fold."""
    options = _options()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    recipe = RecordRecipe(epochs=1 if options.quick else options.epochs)
    store = options.out / "examples.pickle"
    read = load_examples(options.shared, store, options.finders, options.folds, quick=options.quick)
    repeated, parted = repeated_and_parted(options.shared)
    chosen: list[int | None] = list(range(options.folds)) if options.folds else []
    for fold in options.only if options.only is not None else [None, *chosen]:
        kept = [one for one in read if fold is None or fold_of(one.key, options.folds) != fold]
        name = "all" if fold is None else f"fold {fold}"
        model = train(kept, recipe, repeated, parted, name)
        folder = options.out / ("all" if fold is None else f"fold-{fold}")
        folder.mkdir(exist_ok=True)
        write(model, folder)


def _fold(text: str) -> int | None:
    return None if text == "all" else int(text)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m training.records",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--shared", type=Path, required=True, help="the folder with gold/")
    parser.add_argument("--out", type=Path, required=True, help="examples and trained files")
    parser.add_argument(
        "--finders",
        type=Path,
        help="where `python -m training --without` put the article networks, 0/ to FOLDS-1/;"
        " without them the installed one reads articles that it was trained on",
    )
    parser.add_argument("--epochs", type=int, default=RecordRecipe().epochs)
    parser.add_argument(
        "--folds", type=int, default=0, help="also train without each of this many parts"
    )
    parser.add_argument("--only", type=_fold, nargs="+", help="only these: all, or a fold's number")
    parser.add_argument("--quick", action="store_true", help="a dozen articles, one epoch")
    return parser.parse_args()


if __name__ == "__main__":
    main()
