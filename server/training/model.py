"""The network: MiniLM, with classes of words and biaffine pointers between them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from quoth_server.engine.attributions.decoding import TAGS
from quoth_server.engine.attributions.encoder import MARK_CLASSES, SHAPES
from training.heads import CLASSES

__all__ = ["ArticleNetwork", "Layer", "Size"]


@dataclass(frozen=True, slots=True)
class Size:
    """Measures of the network; the defaults are those of MiniLM-L6-H384."""

    vocabulary: int = 30522
    positions: int = 512
    hidden: int = 384
    layers: int = 6
    heads: int = 12
    inner: int = 1536
    pointer: int = 160
    label: int = 128
    dropout: float = 0.1


class Layer(nn.Module):
    """One BERT layer (post-norm)."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.heads, self.dropout = size.heads, size.dropout
        self.qkv = nn.Linear(size.hidden, 3 * size.hidden)
        self.out = nn.Linear(size.hidden, size.hidden)
        self.norm_attention = nn.LayerNorm(size.hidden, eps=1e-12)
        self.up = nn.Linear(size.hidden, size.inner)
        self.down = nn.Linear(size.inner, size.hidden)
        self.norm_output = nn.LayerNorm(size.hidden, eps=1e-12)

    def forward(self, x: Tensor, bias: Tensor | None) -> Tensor:
        """`x` is windows × pieces × hidden; `bias`, if any, is added to the attention's scores."""
        batch, length, hidden = x.shape
        qkv = self.qkv(x).view(batch, length, 3, self.heads, hidden // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        # Written out, as in bfloat16 on a CPU PyTorch's own operator takes three times as long.
        scores = q / math.sqrt(q.shape[-1]) @ k.transpose(-1, -2)
        scores = scores.float() if bias is None else scores.float() + bias
        mixed = torch.softmax(scores, -1).to(v.dtype) @ v
        mixed = self.out(mixed.transpose(1, 2).reshape(batch, length, hidden))
        x = self.norm_attention(x + functional.dropout(mixed, self.dropout, self.training))
        wide = self.down(functional.gelu(self.up(x)))
        normed: Tensor = self.norm_output(x + functional.dropout(wide, self.dropout, self.training))
        return normed


class _Pointer(nn.Module):
    """Scores, for each word, every word of the window as its head; place 0 is none."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.dropout = size.dropout
        self.tail = nn.Linear(size.hidden, size.pointer)
        self.head = nn.Linear(size.hidden, size.pointer)
        self.bilinear = nn.Linear(size.pointer, size.pointer, bias=False)
        self.prior = nn.Linear(size.pointer, 1)
        self.none = nn.Parameter(torch.randn(size.pointer) * 0.05)
        nn.init.orthogonal_(self.bilinear.weight)

    def forward(self, words: Tensor, real: Tensor) -> Tensor:
        drop = self.dropout
        tail = functional.dropout(functional.gelu(self.tail(words)), drop, self.training)
        head = functional.dropout(functional.gelu(self.head(words)), drop, self.training)
        head = torch.cat([self.none.expand(head.shape[0], 1, -1), head], dim=1)
        scores = self.bilinear(tail) @ head.transpose(1, 2) / math.sqrt(head.shape[-1])
        scores = scores + self.prior(head).transpose(1, 2)
        allowed = torch.cat([torch.ones_like(real[:, :1]), real], dim=1)
        masked: Tensor = scores.masked_fill(~allowed[:, None, :], -1e4)
        return masked


class _Labels(nn.Module):
    """Scores the labels of the arc between each word and its head."""

    def __init__(self, size: Size, labels: int) -> None:
        super().__init__()
        self.tail = nn.Linear(size.hidden, size.label)
        self.head = nn.Linear(size.hidden, size.label)
        self.root = nn.Parameter(torch.zeros(size.label))
        self.scores = nn.Linear(size.label, labels)

    def forward(self, words: Tensor, heads: Tensor) -> Tensor:
        """`heads` are places, windows × words; 0 is none."""
        head = self.head(words)
        head = torch.cat([self.root.expand(head.shape[0], 1, -1), head], dim=1)
        index = heads[:, :, None].expand(-1, -1, head.shape[-1])
        scores: Tensor = self.scores(
            functional.gelu(self.tail(words) + torch.gather(head, 1, index))
        )
        return scores


class ArticleNetwork(nn.Module):
    """Windows of word pieces in; what each head of `heads.HEADS` says of every word out."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.size = size
        self.word = nn.Embedding(size.vocabulary, size.hidden)
        self.position = nn.Embedding(size.positions, size.hidden)
        self.shape = nn.Embedding(SHAPES, size.hidden)
        self.mark = nn.Embedding(MARK_CLASSES, size.hidden)
        self.norm = nn.LayerNorm(size.hidden, eps=1e-12)
        self.layers = nn.ModuleList(Layer(size) for _ in range(size.layers))
        self.tags, self.record_tags = (
            nn.Sequential(
                nn.Linear(size.hidden, size.hidden), nn.GELU(), nn.Linear(size.hidden, len(TAGS))
            )
            for _ in range(2)
        )
        self.cue_of = _Pointer(size)
        self.source_of = _Pointer(size)
        self.fine_tag = nn.Linear(size.hidden, len(CLASSES["fine_tag"]))
        self.head = _Pointer(size)
        self.label = _Labels(size, len(CLASSES["label"]))
        self.entity = nn.Linear(size.hidden, len(CLASSES["entity"]))
        self.sentence = nn.Linear(size.hidden, len(CLASSES["sentence"]))
        self.antecedent = _Pointer(size)
        self.role = nn.Linear(size.hidden, len(CLASSES["role"]))
        self.speaker = nn.Linear(size.hidden, len(CLASSES["speaker"]))
        self.time_of = _Pointer(size)
        self.name = nn.Linear(size.hidden, len(CLASSES["name"]))
        self.speaker_of = _Pointer(size)
        for embedding in (self.shape, self.mark):
            nn.init.normal_(embedding.weight, std=0.02)
        self.word.weight.requires_grad_(False)

    def vectors(
        self, pieces: Tensor, shapes: Tensor, marks: Tensor, mask: Tensor | None, words: Tensor
    ) -> Tensor:
        """What the heads read of each word, at its first piece: windows × words × hidden.

        Without a mask no piece is padding.
        """
        x = self.embedded(pieces, shapes, marks)
        bias = None if mask is None else (1.0 - mask[:, None, None, :].to(x.dtype)) * -1e4
        for layer in self.layers:
            x = layer(x, bias)
        index = words.clamp(min=0)[:, :, None].expand(-1, -1, x.shape[-1])
        return torch.gather(x, 1, index)

    def embedded(self, pieces: Tensor, shapes: Tensor, marks: Tensor) -> Tensor:
        """What the first layer reads of every piece: windows × pieces × hidden."""
        place = torch.arange(pieces.shape[1], device=pieces.device)
        x = self.word(pieces) + self.position(place) + self.shape(shapes) + self.mark(marks)
        return functional.dropout(self.norm(x), self.size.dropout, self.training)

    def forward(
        self,
        pieces: Tensor,
        shapes: Tensor,
        marks: Tensor,
        mask: Tensor | None,
        words: Tensor,
        heads: Tensor | None = None,
    ) -> dict[str, Tensor]:
        """Scores by head: windows × words × answers, of which a pointer has 1 + words.

        `heads` are those that arcs get labels for, the likeliest ones by default.
        """
        vectors = self.vectors(pieces, shapes, marks, mask, words)
        x = functional.dropout(vectors, self.size.dropout, self.training)
        real = words >= 0
        arcs = self.head(x, real)
        return {
            "tags": self.tags(x),
            "record_tags": self.record_tags(x),
            "cue_of": self.cue_of(x, real),
            "source_of": self.source_of(x, real),
            "fine_tag": self.fine_tag(x),
            "head": arcs,
            "label": self.label(x, arcs.argmax(-1) if heads is None else heads),
            "entity": self.entity(x),
            "sentence": self.sentence(x),
            "antecedent": self.antecedent(x, real),
            "role": self.role(x),
            "speaker": self.speaker(x),
            "time_of": self.time_of(x, real),
            "name": self.name(x),
            "speaker_of": self.speaker_of(x, real),
            "vectors": vectors,
        }

    def load_bert(self, weights: dict[str, Tensor]) -> None:
        """Takes over the encoder of a BERT checkpoint in the Hugging Face layout."""
        weights = {name.removeprefix("bert."): value for name, value in weights.items()}
        kinds = weights["embeddings.token_type_embeddings.weight"][0]
        pairs: list[tuple[nn.Module, str]] = [(self.norm, "embeddings.LayerNorm")]
        with torch.no_grad():
            self.word.weight.copy_(weights["embeddings.word_embeddings.weight"])
            self.position.weight.copy_(weights["embeddings.position_embeddings.weight"] + kinds)
            for number, layer in enumerate(self.layers):
                assert isinstance(layer, Layer)
                name = f"encoder.layer.{number}"
                for kind in ("weight", "bias"):
                    parts = [
                        weights[f"{name}.attention.self.{part}.{kind}"]
                        for part in ("query", "key", "value")
                    ]
                    getattr(layer.qkv, kind).copy_(torch.cat(parts))
                pairs += [
                    (layer.out, f"{name}.attention.output.dense"),
                    (layer.norm_attention, f"{name}.attention.output.LayerNorm"),
                    (layer.up, f"{name}.intermediate.dense"),
                    (layer.down, f"{name}.output.dense"),
                    (layer.norm_output, f"{name}.output.LayerNorm"),
                ]
            for module, name in pairs:
                for kind in ("weight", "bias"):
                    getattr(module, kind).copy_(weights[f"{name}.{kind}"])
