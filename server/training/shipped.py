"""The weights of a file that was shipped, to train on from: its 8-bit products as plain numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from torch import Tensor

from training import int8
from training.model import ArticleNetwork, Size

__all__ = ["blended", "network_of", "read", "weights_of"]

_PREFIX = "network."


def read(path: Path) -> dict[str, Tensor]:
    """Weights to train on from: those that training saved, or those of a shipped file."""
    if path.suffix == ".onnx":
        return weights_of(path)
    saved: dict[str, Tensor] = torch.load(path)
    return saved


def network_of(weights: dict[str, Tensor], dropout: float = 0.0) -> ArticleNetwork:
    """A network with as many layers as a state has, and its weights.

    Heads that the state lacks, those that serve training alone, are new.
    """
    layers = {name.split(".")[1] for name in weights if name.startswith("layers.")}
    network = ArticleNetwork(Size(layers=len(layers), dropout=dropout))
    network.load_state_dict(weights, strict=False)
    return network


def blended(old: dict[str, Tensor], new: dict[str, Tensor], share: float) -> dict[str, Tensor]:
    """The mean of two states, in which `share` is the new one's; what is new alone stays as it is.

    Between the weights before and after training on other texts, scores on the old texts come back
    sooner than what was learned goes (Wortsman and others 2022, "Robust fine-tuning").
    """
    return {
        name: torch.lerp(old[name], values, share) if name in old else values
        for name, values in new.items()
    }


def weights_of(path: Path) -> dict[str, Tensor]:
    """The state of the network that `export.export` wrote, as near as its 8 bits allow."""
    graph = onnx.load(str(path)).graph
    weights = int8.restored(graph)
    for node in graph.node:
        if node.op_type == "MatMulInteger" and node.name.startswith("/network/"):
            # "/network/layers.0/qkv/MatMul_quant", and twice the name in a sequence: tags/tags.0
            parts = node.name.strip("/").split("/")[1:-1]
            if len(parts) > 1 and parts[-1].startswith(f"{parts[-2]}."):
                del parts[-2]
            weights[_PREFIX + ".".join([*parts, "weight"])] = weights[
                node.input[1].removesuffix("_quantized")
            ].T
    return {
        name.removeprefix(_PREFIX): torch.from_numpy(np.array(values))
        for name, values in weights.items()
        if name.startswith(_PREFIX)
    }
