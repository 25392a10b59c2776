"""From a trained network to the shipped files: ONNX, int8, checked, with a manifest."""

from __future__ import annotations

import copy
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import torch
from onnxruntime.quantization import (  # type: ignore[import-untyped]
    QuantType,
    quantize_dynamic,
)
from torch import Tensor, nn
from torch.nn import functional

from quoth_server.engine.attributions.model import MANIFEST, MODEL, TOKENIZER
from training.model import AttributionNetwork, Layer

__all__ = ["export", "to_onnx"]

INPUTS = ("pieces", "shapes", "marks", "words")
"""By the names of `encoder.Inputs`. There is no mask: windows are read alone, without padding."""
OUTPUTS = ("tags", "cue_heads", "source_heads")


class _Attention(torch.autograd.Function):
    """Attention without a mask, as one operator of onnxruntime in place of twelve."""

    @staticmethod
    def forward(ctx: Any, q: Tensor, k: Tensor, v: Tensor, heads: int) -> Tensor:
        split = [x.unflatten(2, (heads, -1)).transpose(1, 2) for x in (q, k, v)]
        return functional.scaled_dot_product_attention(*split).transpose(1, 2).flatten(2)

    @staticmethod
    def symbolic(g: Any, q: Any, k: Any, v: Any, heads: int) -> Any:
        return g.op("com.microsoft::MultiHeadAttention", q, k, v, num_heads_i=heads)


class _ServedLayer(nn.Module):
    """A trained layer as it is served."""

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, x: Tensor, _bias: Tensor) -> Tensor:
        layer = self.layer
        mixed = _Attention.apply(*layer.qkv(x).chunk(3, dim=-1), layer.heads)
        x = layer.norm_attention(x + layer.out(mixed))
        return layer.norm_output(x + layer.down(functional.gelu(layer.up(x))))


class _Served(nn.Module):
    """A trained network that takes what serving gives it."""

    def __init__(self, model: AttributionNetwork) -> None:
        super().__init__()
        self.model = copy.deepcopy(model).eval()
        self.model.layers = nn.ModuleList(map(_ServedLayer, self.model.layers))

    def forward(
        self, pieces: Tensor, shapes: Tensor, marks: Tensor, words: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        scores: tuple[Tensor, Tensor, Tensor] = self.model(
            pieces, shapes, marks, torch.ones_like(pieces), words
        )
        return scores


def to_onnx(model: AttributionNetwork, path: Path) -> None:
    """Writes the network in fp32 with free sizes of batch, pieces and words."""
    axes = {name: {0: "windows", 1: "pieces"} for name in INPUTS[:-1]}
    axes |= {name: {0: "windows", 1: "words"} for name in ("words", *OUTPUTS)}
    pieces = torch.ones((2, 40), dtype=torch.int64)
    words = torch.arange(1, 31).repeat(2, 1)
    torch.onnx.export(
        _Served(model),
        (pieces, torch.zeros_like(pieces), torch.zeros_like(pieces), words),
        str(path),
        input_names=list(INPUTS),
        output_names=list(OUTPUTS),
        dynamic_axes=axes,
        opset_version=17,
        custom_opsets={"com.microsoft": 1},
        dynamo=False,
    )


def export(model: AttributionNetwork, tokenizer: Path, folder: Path, version: str) -> None:
    """Writes model, tokenizer and manifest into `folder`, the model in int8."""
    folder.mkdir(parents=True, exist_ok=True)
    exact = folder / "attribution.fp32.onnx"
    to_onnx(model, exact)
    # Weights in 7 bits: AVX2 without VNNI adds products in 16 bits, which 8 bits overflow.
    quantize_dynamic(
        exact, folder / MODEL, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8
    )
    exact.unlink()
    shutil.copyfile(tokenizer, folder / TOKENIZER)
    manifest = {
        "version": version,
        "sha256": {
            name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
            for name in (MODEL, TOKENIZER)
        },
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
