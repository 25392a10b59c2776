"""One article network of several: the mean of their weights, exported.

    python -m training.merge --runs build/training/0 build/training/1 … --corpora ../shared/corpora
        --out build/training/merged [--start OLD.onnx --blend 0.5]

Networks that were trained from the same weights on overlapping data can be averaged (Wortsman and
others 2022, "Model soups"). Each run leaves a fold of the gold out; together they have seen it all.
With `--start` the mean is averaged once more with that of former trainings.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from quoth_server.engine.attributions import encoder
from quoth_server.engine.attributions.model import MODEL
from training import base, examples, export, measure, shipped
from training.__main__ import VERSION

__all__ = ["mean"]


def mean(states: Sequence[dict[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of the weights of networks of one shape."""
    return {name: torch.stack([s[name] for s in states]).mean(0) for name in states[0]}


def main() -> None:
    """Averages, exports and measures."""
    options = _options()
    options.out.mkdir(parents=True, exist_ok=True)
    folder = base.unpack(options.out / "base")
    network = base.new_network(folder)
    state = mean([torch.load(run / "final.pt") for run in options.runs])
    if options.start:
        state = shipped.blended(shipped.read(options.start), state, options.blend)
    network.load_state_dict(state)
    torch.save(network.state_dict(), options.out / "final.pt")
    target = options.out / "shipped"
    export.export(network, folder / "tokenizer.json", target, VERSION)
    tokenizer = encoder.load_tokenizer(str(folder / "tokenizer.json"))
    stores = options.out / "parses"
    stores.mkdir(exist_ok=True)
    dev = examples.Sources(options.corpora, tokenizer, stores).polnear("dev.jsonl")
    measure.print_table(target / MODEL, dev, options.corpora / "polnear/dev.jsonl", options.out)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m training.merge",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--runs", type=Path, nargs="+", required=True, help="their --out")
    parser.add_argument("--corpora", type=Path, required=True, help="the folder with polnear/")
    parser.add_argument("--out", type=Path, required=True, help="the weights and the figures")
    parser.add_argument("--start", type=Path, help="former weights: final.pt, or a shipped file")
    parser.add_argument(
        "--blend", type=float, default=0.5, help="share of the new weights in their mean with those"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
