"""Trains the installed networks on more gold: `python -m training.more`.

    python -m training.more --corpora ../shared/corpora --out build/more
        --unseen evaluation/gold/written_links.toml … [--install]

For gold written after a training whose checkpoints are gone. Both networks go on together, as in
`training.joint`, at half the rate, for the first of its epochs; articles of the `--unseen` files
count twice. Texts that are kept aside stay so. There are no folds: what the networks have read
before cannot be unread, so figures are those of texts kept aside. What is written is the mean of
the weights before and after; `--blend` is the share of those after.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

import torch

from quoth_cli.evaluation.toml_gold import read_toml
from quoth_server.engine.attributions.model import DIRECTORY, MODEL, TOKENIZER
from training import examples, export, measure, record_model, records, shipped
from training.__main__ import VERSION
from training.data import Example
from training.joint import ARTICLE, DROPOUT, RECORDS, Together, groups
from training.model import ArticleNetwork
from training.record_examples import RecordExample
from training.record_model import RecordModel
from training.train import Recipe, Trainer

__all__ = ["with_fair_statements", "with_heads"]

_HEADS = Recipe(steps=260, warmup=20, head_rate=2e-3)
_RECIPE = replace(ARTICLE, rate=ARTICLE.rate / 2, head_rate=3e-4)
_RECORDS = replace(RECORDS, rate=RECORDS.rate / 2, weigh_rate=RECORDS.weigh_rate / 2)
_FROZEN = "word.weight"


def with_heads(
    gold: Sequence[Example], others: Sequence[Example], folder: Path, recipe: Recipe
) -> ArticleNetwork:
    """The installed article network, with the heads that serve training alone.

    They are not in its file. They are learned anew, while all else stays as it is, so that they
    do not spoil the vectors.

    Args:
        gold: Gold articles.
        others: The other articles that it learns from.
        folder: For the checkpoint.
        recipe: How to learn them.
    """
    known = shipped.weights_of(DIRECTORY / MODEL)
    network = shipped.network_of(known, DROPOUT)
    for name, parameter in network.named_parameters():
        parameter.requires_grad_(name not in known)
    trainer = Trainer(network, recipe, folder)
    trainer.resume()
    for step in trainer.run(lambda rng: examples.mixed(gold, others, rng)):
        print("heads: epoch ended at step", step, flush=True)
    for name, parameter in network.named_parameters():
        parameter.requires_grad_(name != _FROZEN)
    return network


def with_fair_statements(
    read: RecordExample, unseen: Collection[str], installed: RecordModel
) -> RecordExample:
    """The article; where it is not unseen, with what the installed network says is a statement.

    In articles that it learned from, the article network proposes little but statements: a record
    network that learned from them whether a candidate is one would take nearly all for one.
    """
    asked = read.statements[0]
    if read.key in unseen or not len(asked.questions):
        return read
    with torch.no_grad():
        states = records.states_of(installed, read, torch.from_numpy(read.table.vectors).float())
        places, features = map(torch.from_numpy, (asked.questions.places, asked.questions.features))
        chances = installed.statement(installed.queries(states, places, features))[:, 0].sigmoid()
    asked = replace(asked, is_statement=chances.tolist())
    return replace(read, statements=[asked, *read.statements[1:]])


def main() -> None:
    """Trains, goes on from the last checkpoint, exports and measures."""
    options = _options()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    recipe, record_recipe = (replace(each, seed=options.seed) for each in (_RECIPE, _RECORDS))
    torch.manual_seed(options.seed)
    sources = examples.Sources.of_installed(options.corpora, options.out, quick=options.quick)
    gold, others = sources.records(), sources.others()
    heads = replace(_HEADS, steps=4) if options.quick else _HEADS
    article = with_heads(gold, others, options.out / "heads", heads)
    unseen = {document["id"] for file in options.unseen for document in read_toml(file)}
    trainer = Together(
        article,
        record_model.read(DIRECTORY),
        list(groups(_order(options, unseen, record_recipe)))[: 4 if options.quick else None],
        options.out,
        recipe,
        record_recipe,
    )
    trainer.resume()
    for step in trainer.run(lambda rng: examples.mixed(gold, others, rng)):
        print("epoch ended at step", step, flush=True)
    model, record = trainer.averaged(), trainer.record_average
    torch.save(model.state_dict(), options.out / "final.pt")
    for new, old in (
        (model, shipped.weights_of(DIRECTORY / MODEL)),
        (record, record_model.read(DIRECTORY).state_dict()),
    ):
        new.load_state_dict(shipped.blended(old, new.state_dict(), options.blend))
    target = DIRECTORY if options.install else options.out / "shipped"
    target.mkdir(exist_ok=True)
    export.export(model, DIRECTORY / TOKENIZER, target, VERSION)
    record_model.write(record, target)
    dev = options.corpora / "polnear" / "dev.jsonl"
    measure.print_table(target / MODEL, sources.polnear(dev.name), dev, options.out)


def _order(
    options: argparse.Namespace, unseen: Collection[str], recipe: records.RecordRecipe
) -> Sequence[RecordExample]:
    """The gold articles of the epoch, in the order in which they teach."""
    shared, store = options.corpora.parent, options.out / "examples.pickle"
    read = records.load_examples(shared, store, quick=options.quick)
    installed = record_model.read(DIRECTORY).eval()
    fair = [with_fair_statements(one, unseen, installed) for one in read]
    repeated, parted = records.repeated_and_parted(shared)
    return next(records.epochs(fair, recipe, repeated | unseen, parted))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m training.more",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--corpora", type=Path, required=True, help="the folder with polnear/")
    parser.add_argument("--out", type=Path, required=True, help="checkpoints, logs and files")
    parser.add_argument(
        "--unseen",
        type=Path,
        nargs="+",
        required=True,
        metavar="FILE",
        help="gold that the installed networks have not learned from",
    )
    parser.add_argument(
        "--blend", type=float, default=0.5, help="the share of the new weights (default: 0.5)"
    )
    parser.add_argument("--seed", type=int, default=3, help="of order and dropout (default: 3)")
    parser.add_argument("--install", action="store_true", help="put the files into the package")
    parser.add_argument("--quick", action="store_true", help="four steps of each")
    return parser.parse_args()


if __name__ == "__main__":
    main()
