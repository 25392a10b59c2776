"""From a trained network to the shipped files: ONNX, int8, checked, with a manifest."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import torch
from torch import Tensor, nn

from quoth_server.engine.attributions.model import MANIFEST, MODEL, OUTPUTS, TOKENIZER
from training import int8
from training.heads import RECORD_SHARE
from training.model import ArticleNetwork

__all__ = ["export", "to_onnx"]

INPUTS = ("pieces", "shapes", "marks", "words")


class _WithoutPadding(nn.Module):
    """The network for windows of one length: serving reads them one at a time."""

    def __init__(self, network: ArticleNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(
        self, pieces: Tensor, shapes: Tensor, marks: Tensor, words: Tensor
    ) -> tuple[Tensor, ...]:
        """What the network gives without a mask, in the order of `OUTPUTS`."""
        found = self.network(pieces, shapes, marks, None, words)
        found["tags"] = torch.lerp(found["tags"], found["record_tags"], RECORD_SHARE)
        return tuple(found[name] for name in OUTPUTS)


def to_onnx(model: ArticleNetwork, path: Path) -> None:
    """Writes the network in fp32 with free sizes of batch, pieces and words; no piece is padding.

    Adding a mask of zeros to the attention's scores took 5 % of its time.
    """
    axes = {name: {0: "windows", 1: "pieces"} for name in INPUTS[:-1]}
    axes |= {name: {0: "windows", 1: "words"} for name in ("words", *OUTPUTS)}
    pieces = torch.ones((2, 40), dtype=torch.int64)
    words = torch.arange(1, 31).repeat(2, 1)
    example = (pieces, torch.zeros_like(pieces), torch.zeros_like(pieces), words)
    torch.onnx.export(
        _WithoutPadding(model).eval(),
        example,
        str(path),
        input_names=list(INPUTS),
        output_names=list(OUTPUTS),
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )


def export(model: ArticleNetwork, tokenizer: Path, folder: Path, version: str) -> None:
    """Writes model, tokenizer and manifest into `folder`, the model in int8."""
    folder.mkdir(parents=True, exist_ok=True)
    exact = folder / "attribution.fp32.onnx"
    to_onnx(model, exact)
    int8.quantize(exact, folder / MODEL)
    shutil.copyfile(tokenizer, folder / TOKENIZER)
    manifest = {
        "version": version,
        "sha256": {
            name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
            for name in (MODEL, TOKENIZER)
        },
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
