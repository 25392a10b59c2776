"""The record network: two layers over a whole article's words, and what weighs candidates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import Tensor, nn
from torch.nn import functional

from quoth_server.engine.attributions.reading import HIDDEN, KINDS
from quoth_server.engine.dates import of_statements
from quoth_server.engine.records import distances, network, questions
from quoth_server.engine.records.table import CLASSES
from quoth_server.engine.roles import candidates
from quoth_server.engine.speakers import candidates as speaker_candidates
from training import int8
from training.heads import NAMES

__all__ = ["RecordModel", "RecordSize", "read", "write"]


@dataclass(frozen=True, slots=True)
class RecordSize:
    """Measures of the network."""

    hidden: int = 256
    layers: int = 2
    heads: int = 8
    pair: int = 48
    weigh: int = 64
    belong: int = 96
    dropout: float = 0.2


class _Layer(nn.Module):
    """One layer (pre-norm), with a bias for how far apart two words are."""

    def __init__(self, size: RecordSize) -> None:
        super().__init__()
        hidden = size.hidden
        self.heads, self.dropout = size.heads, size.dropout
        self.qkv, self.out = nn.Linear(hidden, 3 * hidden), nn.Linear(hidden, hidden)
        self.norm_attention, self.norm_output = nn.LayerNorm(hidden), nn.LayerNorm(hidden)
        self.up, self.down = nn.Linear(hidden, 2 * hidden), nn.Linear(2 * hidden, hidden)

    def forward(self, x: Tensor, biases: Sequence[Tensor]) -> Tensor:
        """Shape: `x` words × hidden; `biases` words × words, of each head.

        One head after the other: a head's words × words stay in the cache.
        """
        parts = self.qkv(self.norm_attention(x)).chunk(3 * self.heads, dim=1)
        found = []
        for head, bias in enumerate(biases):
            q, k, v = parts[head :: self.heads]
            scores = (q / math.sqrt(q.shape[1])) @ k.T + bias
            found.append(torch.softmax(scores, dim=1) @ v)
        mixed = self.out(torch.cat(found, dim=1))
        x = x + functional.dropout(mixed, self.dropout, self.training)
        wide = self.down(functional.gelu(self.up(self.norm_output(x)), approximate="tanh"))
        return x + functional.dropout(wide, self.dropout, self.training)


class _Layers(nn.ModuleList):
    """Two linear layers, named as the engine's file has them."""

    def __init__(self, size: int, inner: int, out: int) -> None:
        super().__init__([nn.Linear(size, inner), nn.Linear(inner, out)])

    def forward(self, x: Tensor, dropout: float = 0.0) -> Tensor:
        inner = functional.gelu(self[0](x), approximate="tanh")
        found: Tensor = self[1](functional.dropout(inner, dropout, self.training))
        return found


class _Weighing(nn.Module):
    """Weighs the candidates of a statement, and "none"."""

    def __init__(self, size: RecordSize, features: int) -> None:
        super().__init__()
        self.dropout = size.dropout
        self.tail, self.head = (nn.Linear(size.hidden, size.pair) for _ in range(2))
        self.prior, self.none = nn.Linear(size.pair, 1), nn.Linear(size.hidden, 1)
        self.features = _Layers(features, size.weigh, 1)
        # Features speak first; what the words say is learned on top of them.
        for linear in (self.tail, self.prior):
            nn.init.zeros_(linear.weight)

    def forward(
        self, queries: Tensor, states: Tensor, features: Tensor, row: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Scores of "none" for each statement, and of each candidate for that in its `row`.

        Shape: statements × hidden; candidates × hidden; candidates × features; candidates →
        statements × 1; candidates.
        """
        drop = self.dropout
        tails = self.tail(functional.dropout(queries, drop, self.training))
        keys = self.head(functional.dropout(states, drop, self.training))
        scores = (keys * tails[row]).sum(1) / math.sqrt(keys.shape[-1]) + self.prior(keys)[:, 0]
        return self.none(queries), scores + self.features(features)[:, 0]


class _Belonging(nn.Module):
    """Weighs phrases as the role of a speaker: how each and the mention next to it read."""

    def __init__(self, size: RecordSize, features: int) -> None:
        super().__init__()
        self.dropout = size.dropout
        self.mention, self.word = (nn.Linear(size.hidden, size.belong) for _ in range(2))
        self.features, self.score = nn.Linear(features, size.belong), nn.Linear(size.belong, 1)
        self.none = nn.Linear(size.hidden, 1)
        self.deep = nn.Linear(2 * size.belong, size.belong)

    def forward(
        self, queries: Tensor, mentions: Tensor, words: Tensor, features: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Scores of "none" for each statement, and of each phrase.

        Shape: statements × hidden; twice phrases × hidden; phrases × features →
        statements × 1; phrases.
        """
        drop = self.dropout
        mine = self.mention(functional.dropout(mentions, drop, self.training))
        word = self.word(functional.dropout(words, drop, self.training))
        inner = functional.gelu(mine + word + self.features(features), approximate="tanh")
        inner = functional.dropout(inner, drop, self.training)
        inner = self.deep(torch.cat([inner, mine * word], 1))
        inner = functional.gelu(inner, approximate="tanh")
        inner = functional.dropout(inner, drop, self.training)
        return self.none(queries), self.score(inner)[:, 0]


class RecordModel(nn.Module):
    """The whole network; `states` is what is exported as a graph, the rest as plain arrays."""

    def __init__(self, size: RecordSize) -> None:
        super().__init__()
        self.size = size
        hidden = size.hidden
        self.enter = nn.Linear(HIDDEN, hidden)
        self.known = nn.ModuleList(nn.Embedding(count, hidden) for count in CLASSES)
        for embedding in self.known:
            nn.init.normal_(embedding.weight, std=0.05)
        self.far = nn.Embedding(distances.WORDS, size.heads)
        self.apart = nn.Embedding(distances.PARAGRAPHS, size.heads)
        for embedding in (self.far, self.apart):
            nn.init.zeros_(embedding.weight)
        self.layers = nn.ModuleList(_Layer(size) for _ in range(size.layers))
        self.norm = nn.LayerNorm(hidden)
        self.names, self.roles = nn.Linear(hidden, len(NAMES)), nn.Linear(hidden, 3)
        self.missing = nn.Parameter(torch.zeros(questions.PLACES, hidden))
        self.query = _Layers(questions.PLACES * hidden + questions.FEATURES, hidden, hidden)
        self.statement = nn.Linear(hidden, 1)
        self.kind = _Layers(2 * hidden, 96, len(KINDS))
        self.speaker = _Weighing(size, speaker_candidates.FEATURES)
        self.time = _Weighing(size, of_statements.FEATURES)
        self.role = _Belonging(size, candidates.FEATURES)

    def forward(self, vectors: Tensor, classes: Tensor, biases: Sequence[Tensor]) -> Tensor:
        """The states of some words: words × hidden.

        `biases` are what each head adds for how far apart two words are: words × words.
        """
        x = self.enter(vectors)
        for column, embedding in enumerate(self.known):
            x = x + embedding(classes[:, column])
        x = functional.dropout(x, self.size.dropout, self.training)
        for layer in self.layers:
            x = layer(x, biases)
        states: Tensor = self.norm(x)
        return states

    def biases(self) -> Tensor:
        """What each head adds for each class of distance: classes × heads."""
        return (self.far.weight[:, None] + self.apart.weight[None]).flatten(0, 1)

    def queries(self, states: Tensor, places: Tensor, features: Tensor) -> Tensor:
        """Statements × hidden, from the words they stand at and their features."""
        found = states[places.clamp(min=0)]
        found = torch.where((places >= 0)[..., None], found, self.missing)
        inputs = torch.cat([found.flatten(1), features], dim=1)
        queries: Tensor = self.query(inputs, self.size.dropout)
        return queries


def write(model: RecordModel, folder: Path) -> None:
    """Writes the files that the engine loads: layers in int8, what weighs candidates in fp32."""
    model = model.eval()
    exact = folder / f"exact.{network.LAYERS}"
    biases = {f"{network.FAR}.{head}": torch.zeros(30, 30) for head in range(model.size.heads)}
    example = (
        torch.zeros(30, HIDDEN),
        torch.zeros(30, len(CLASSES), dtype=torch.int64),
        [*biases.values()],
    )
    torch.onnx.export(
        model,
        example,
        str(exact),
        input_names=["vectors", "classes", *biases],
        output_names=["states"],
        dynamic_axes={
            **{name: {0: "words"} for name in ("vectors", "classes", "states")},
            **{name: {0: "words", 1: "words"} for name in biases},
        },
        opset_version=17,
        dynamo=False,
    )
    int8.quantize(exact, folder / network.LAYERS)
    parts = ("missing", "query", "statement", "kind", "speaker", "time", "role")
    kept = {network.FAR: model.biases().detach().numpy().T.copy()}
    for name, value in model.state_dict().items():
        if name.partition(".")[0] in parts:
            array = value.numpy().astype(np.float32)
            kept[name] = array.T.copy() if name.endswith("weight") else array
    np.savez(folder / network.WEIGHTS, **kept)


def read(folder: Path) -> RecordModel:
    """The network of the files that `write` wrote, to train on.

    What they leave out, the tags of names and of roles, is new.
    """
    state = int8.restored(onnx.load(str(folder / network.LAYERS)).graph)
    with np.load(folder / network.WEIGHTS) as stored:
        state |= {n: a.T if n.endswith("weight") else a for n, a in stored.items()}
    # The files have the sums of both distances; how each sum is parted makes no difference.
    sums = state.pop(network.FAR).T.reshape(distances.WORDS, distances.PARAGRAPHS, -1)
    state |= {"far.weight": sums[:, 0], "apart.weight": sums[0] - sums[0, 0]}
    model = RecordModel(RecordSize())
    model.load_state_dict(
        {n: torch.from_numpy(np.array(a)) for n, a in state.items()}, strict=False
    )
    return model
