"""The weights of a file that was shipped, to train on from: its 8-bit products as plain numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

__all__ = ["blended", "read", "weights_of"]

_PREFIX = "network."


def read(path: Path) -> dict[str, Tensor]:
    """Weights to train on from: those that training saved, or those of a shipped file."""
    if path.suffix == ".onnx":
        return weights_of(path)
    saved: dict[str, Tensor] = torch.load(path)
    return saved


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
    stored = {entry.name: numpy_helper.to_array(entry) for entry in graph.initializer}
    weights: dict[str, np.ndarray] = {}
    for name, values in stored.items():
        if name.startswith(_PREFIX) and name.endswith("_quantized"):
            restored = name.removesuffix("_quantized")
            weights[restored] = _restored(stored, restored)
        elif name.startswith(_PREFIX) and not name.endswith(("_scale", "_zero_point")):
            weights[name] = values
    for node in graph.node:
        if node.op_type == "MatMulInteger" and node.name.startswith("/network/"):
            # "/network/layers.0/qkv/MatMul_quant", and twice the name in a sequence: tags/tags.0
            parts = node.name.strip("/").split("/")[:-1]
            if len(parts) > 1 and parts[-1].startswith(f"{parts[-2]}."):
                del parts[-2]
            weights[".".join([*parts, "weight"])] = _restored(
                stored, node.input[1].removesuffix("_quantized")
            ).T
    return {
        name.removeprefix(_PREFIX): torch.from_numpy(np.array(values, dtype=np.float32))
        for name, values in weights.items()
    }


def _restored(stored: dict[str, np.ndarray], name: str) -> np.ndarray:
    values = stored[f"{name}_quantized"].astype(np.float32)
    zero = stored[f"{name}_zero_point"].astype(np.float32)
    restored: np.ndarray = (values - zero) * stored[f"{name}_scale"]
    return restored
