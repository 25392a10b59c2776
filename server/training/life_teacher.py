"""MiniLM, taught which articles are of one life: what `meanings` teaches a small network.

It learns to find, for an article of a person, another one of the same person among those of
hundreds. That makes the product of two directions the logarithm of how much likelier they are in
one life than in two (van den Oord and others 2018).
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from quoth_server.archive.people.meanings import LONGEST, Told
from training.lives import Life
from training.model import ArticleNetwork, Size
from training.precision import half

__all__ = ["DIRECTIONS", "ROUNDS", "LifeTeacher", "padded", "taught", "views"]

DIRECTIONS = 128
"""Numbers of a direction."""
_LIVES = 384  # told apart at once
ROUNDS = 12
"""How often each person is seen."""
_MIXED = 7 / ROUNDS  # of the rounds, after which those told apart at once are alike
_ALIKE = 24  # lives of a group of such
_GROUPINGS = 4
_RATE, _OWN_RATE, _SURE_RATE = 2e-4, 1e-3, 1e-2
_WARMUP = 20  # steps
_DROPOUT, _WORD_DROPOUT = 0.1, 0.1
_BATCH = 256
_CLS, _SEP = 101, 102


class LifeTeacher(nn.Module):
    """MiniLM, the mean over all pieces, and a direction of it."""

    def __init__(self, base: Path, tokenizer: Tokenizer) -> None:
        super().__init__()
        network = ArticleNetwork(Size())
        network.load_bert(load_file(base / "model.safetensors"))
        self.word, self.position = network.word, network.position
        self.norm, self.layers = network.norm, network.layers
        self.word.weight.requires_grad_(True)
        self.own = nn.Linear(Size().hidden, DIRECTIONS)
        nn.init.orthogonal_(self.own.weight)
        self.sure = nn.Parameter(torch.tensor(math.log(16.0)))
        self._tokenizer = tokenizer

    def forward(self, pieces: Tensor, mask: Tensor) -> Tensor:
        """Texts × pieces in, directions of length 1 out."""
        # Neither shapes nor marks are known to the base weights.
        places = torch.arange(pieces.shape[1])
        x = self.norm(self.word(pieces) + self.position(places))
        x = functional.dropout(x, _DROPOUT, self.training)
        bias = (1.0 - mask[:, None, None, :]) * -1e4
        for layer in self.layers:
            x = layer(x, bias)
        x = x.float()
        mean = (x * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
        with torch.autocast("cpu", enabled=False):
            own: Tensor = self.own(functional.dropout(mean, _DROPOUT, self.training))
            return functional.normalize(own, dim=-1)

    def pieces(self, text: str) -> list[int]:
        """The word pieces of a text, between the two marks that the base weights expect."""
        found = self._tokenizer.encode(text, add_special_tokens=False).ids[:LONGEST]
        return [_CLS, *found, _SEP]

    def read(self, texts: Sequence[Sequence[int]]) -> Tensor:
        """The directions of texts, given by their pieces; those of one length side by side."""
        order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
        with half():
            found = [
                self(*padded([texts[n] for n in order[at : at + _BATCH]]))
                for at in range(0, len(order), _BATCH)
            ]
        places = torch.empty(len(order), dtype=torch.int64)
        places[torch.tensor(order)] = torch.arange(len(order))
        return torch.cat(found)[places]

    def directions(self, texts: Sequence[str]) -> Tensor:
        """The directions of texts, to learn from."""
        self.eval()
        with torch.no_grad():
            return self.read([self.pieces(each) for each in texts])


def taught(
    people: Sequence[Life],
    base: Path,
    tokenizer: Tokenizer,
    checkpoint: Path,
    rounds: int = ROUNDS,
) -> LifeTeacher:
    """Teaches MiniLM; goes on from the checkpoint if there is one, which each round renews.

    Args:
        people: Their lives.
        base: The folder of MiniLM's files.
        tokenizer: Of MiniLM.
        checkpoint: A file of PyTorch's.
        rounds: How often each person is seen.
    """
    teacher = LifeTeacher(base, tokenizer)
    people = [life for life in people if len(life) > 1]
    steps = _Steps(teacher, rounds * (len(people) // _LIVES))
    first = 0
    if checkpoint.exists():
        state = torch.load(checkpoint)
        first = state["round"]
        teacher.load_state_dict(state["teacher"])
        steps.optimizer.load_state_dict(state["optimizer"])
    for number in range(first, rounds):
        chance = random.Random(number)
        order = chance.sample(people, len(people))
        if number >= _MIXED * rounds:
            order = _grouped(teacher, order, chance)
        starts = range(0, len(order) - _LIVES + 1, _LIVES)
        losses = [
            steps.take(number * len(starts) + n, _loss(teacher, order[at : at + _LIVES], chance))
            for n, at in enumerate(starts)
        ]
        print("teacher, round", number, "loss", round(sum(losses) / len(losses), 4), flush=True)
        state = {"round": number + 1, "teacher": teacher.state_dict()}
        torch.save(state | {"optimizer": steps.optimizer.state_dict()}, checkpoint)
    return teacher


def views(told: Told) -> tuple[str, str, str]:
    """What an article tells as one text, and in parts."""
    return told.whole, told.roles or told.whole, told.title


def padded(texts: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Pieces of texts of some lengths, as one array, and which of it are pieces."""
    longest = max(map(len, texts))
    pieces = torch.tensor([[*each, *[0] * (longest - len(each))] for each in texts])
    mask = torch.tensor([[1.0] * len(each) + [0.0] * (longest - len(each)) for each in texts])
    return pieces, mask


class _Steps:
    """Steps of an optimizer whose rates fall in a straight line."""

    def __init__(self, teacher: LifeTeacher, steps: int) -> None:
        own = [*teacher.own.parameters()]
        apart = {id(each) for each in (*own, teacher.sure)}
        rest = [each for each in teacher.parameters() if id(each) not in apart]
        groups = [
            {"params": rest, "height": _RATE},
            {"params": own, "height": _OWN_RATE},
            {"params": [teacher.sure], "height": _SURE_RATE, "weight_decay": 0.0},
        ]
        self.optimizer = torch.optim.AdamW(groups, lr=_RATE, weight_decay=0.01, fused=True)
        self._steps, self._teacher = steps, teacher

    def take(self, step: int, loss: Tensor) -> float:
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self._teacher.parameters(), 1.0)
        rate = min(1.0, (step + 1) / _WARMUP) * max(0.02, 1 - step / self._steps)
        for group in self.optimizer.param_groups:
            group["lr"] = group["height"] * rate
        self.optimizer.step()
        return float(loss.detach())


def _loss(teacher: LifeTeacher, people: Sequence[Life], chance: random.Random) -> Tensor:
    """Of two articles of each person, which two are of one."""
    teacher.train()
    pairs = [chance.sample(life, 2) for life in people]
    read = teacher.read([_seen(teacher, pair[side], chance) for side in (0, 1) for pair in pairs])
    one, other = read.split(len(people))
    scores = one @ other.T * teacher.sure.exp()
    right = torch.arange(len(people))
    return (functional.cross_entropy(scores, right) + functional.cross_entropy(scores.T, right)) / 2


def _seen(teacher: LifeTeacher, told: Told, chance: random.Random) -> list[int]:
    """The pieces of what an article tells, or of a part of it, some of them left out."""
    first, *inner, last = teacher.pieces(chance.choices(views(told), (0.6, 0.25, 0.15))[0])
    return [first, *([n for n in inner if chance.random() > _WORD_DROPOUT] or inner), last]


def _grouped(teacher: LifeTeacher, people: list[Life], chance: random.Random) -> list[Life]:
    """The people, those who are alike next to each other, as k-means finds them.

    Whoever has only to be told from anybody is told by the field; from one's like, by more.
    """
    found = teacher.directions([chance.choice(life).whole for life in people])
    middles = found[: max(1, len(people) // _ALIKE)]
    nearest = torch.zeros(len(people), dtype=torch.int64)
    for _ in range(_GROUPINGS):
        nearest = (found @ middles.T).argmax(1)
        sums = torch.zeros_like(middles).index_add(0, nearest, found)
        middles = functional.normalize(sums, dim=-1)
    groups: dict[int, list[Life]] = {}
    for life, group in zip(people, nearest.tolist(), strict=True):
        groups.setdefault(group, []).append(life)
    mixed = chance.sample(list(groups.values()), len(groups))
    return [life for group in mixed for life in group]
