"""Teaches a small network how likely one life has two roles or headlines.

    python -m training.meanings --corpora ../shared/corpora --out meanings.onnx

It makes `quoth_server/archive/people/data/meanings.onnx`, on two cores in a quarter of an hour.
First the network learns to give texts the directions that MiniLM gives them, then to find the
other article of a person among those of hundreds (`invented_lives/`). That makes the product of two
directions the logarithm of how much likelier they are in one life than in two (van den Oord and
others 2018). No label of the cases in `evaluation/people` is looked at, and no text of those that
are held out.
`python -m evaluation.people --fit` must follow, as the weights go with the directions.
"""

from __future__ import annotations

import argparse
import math
import random
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnxruntime.quantization import (  # type: ignore[import-untyped]
    QuantType,
    quantize_dynamic,
)
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from quoth_server.archive.people.meanings import LONGEST, USUAL, Told
from quoth_server.engine.attributions.encoder import UNKNOWN, load_tokenizer
from training.base import unpack
from training.lives import lives
from training.meaning_texts import made, of_cases, sentences
from training.model import ArticleNetwork, Layer, Size

FloatArray = npt.NDArray[np.float32]
Life = list[Told]

_DIRECTIONS = 384  # of MiniLM
_OWN = 128
_WIDTH = 192
_BATCH = 128
_ROUNDS = 7
_LIVES = 512  # told apart at once
_LIFE_ROUNDS = 30
_DROPOUT, _WORD_DROPOUT = 0.2, 0.1
_UNSEEN = 10  # one in so many lives is not learned from
_COMPARED = 2_000  # texts, for how alike any two are
_CLS, _SEP = 101, 102


class Student(nn.Module):
    """A table of word pieces with a weight for each, and one layer over them."""

    def __init__(self, table: FloatArray) -> None:
        super().__init__()
        self.table = nn.Embedding.from_pretrained(torch.tensor(table), freeze=False, sparse=True)
        self.weight = nn.Embedding(len(table), 1, sparse=True)
        nn.init.zeros_(self.weight.weight)
        self.place = nn.Embedding(LONGEST, _WIDTH)
        nn.init.normal_(self.place.weight, std=0.02)
        self.norm = nn.LayerNorm(_WIDTH)
        self.layer = Layer(Size(hidden=_WIDTH, heads=4, inner=2 * _WIDTH, dropout=0.0))
        self.taught, self.own = nn.Linear(_WIDTH, _DIRECTIONS), nn.Linear(_WIDTH, _OWN)
        nn.init.orthogonal_(self.own.weight)
        self.sure = nn.Parameter(torch.tensor(math.log(10.0)))

    def forward(self, pieces: Tensor, mask: Tensor | None = None) -> Tensor:
        """Texts × pieces in, texts × directions out: their products are logarithms of odds."""
        mean = functional.dropout(self._mean(pieces, mask), _DROPOUT, self.training)
        return _unit(self.own(mean)) * torch.exp(self.sure / 2)

    def as_taught(self, pieces: Tensor, mask: Tensor) -> Tensor:
        """The directions that MiniLM gives, of length 1."""
        return _unit(self.taught(self._mean(pieces, mask)))

    def _mean(self, pieces: Tensor, mask: Tensor | None) -> Tensor:
        x, weights = self.table(pieces), torch.exp(self.weight(pieces))
        bias = None
        if mask is not None:
            weights = weights * mask[:, :, None]
            bias = (1.0 - mask[:, None, None, :]) * -1e4
        x = x + self.layer(self.norm(x + self.place.weight[: pieces.shape[1]]), bias)
        mean: Tensor = (x * weights).sum(1) / weights.sum(1)
        return mean


def _unit(found: Tensor) -> Tensor:
    return found / (found * found).sum(-1, keepdim=True).sqrt()


def main() -> None:
    """Reads the arguments, teaches and writes the network."""
    parser = argparse.ArgumentParser(description="Teaches what roles and titles mean.")
    parser.add_argument("--corpora", type=Path, required=True, help="folder of public corpora")
    parser.add_argument("--base", type=Path, default=Path("build/base"), help="where MiniLM lies")
    parser.add_argument("--out", type=Path, required=True, help="the file to write")
    given = parser.parse_args()
    torch.manual_seed(0)
    chance = random.Random(1)
    base = unpack(given.base)
    tokenizer = load_tokenizer(str(base / "tokenizer.json"))
    people = [*lives()]
    chance.shuffle(people)
    unseen, seen = people[::_UNSEEN], [p for n, p in enumerate(people) if n % _UNSEEN]
    told = [*of_cases(), *(each for life in seen for each in life)]
    texts = sorted({view for each in told for view in _views(each)})
    texts += [*made(chance), *sentences(given.corpora, chance)]
    encoder = _Teacher(base)
    student = Student(_table(encoder.network.word.weight.detach().numpy()))
    lessons = _Lessons(_pieces(texts, tokenizer), encoder)
    _teach(student, lessons)
    _teach_lives(student, lessons, seen, tokenizer, chance)
    student.eval()
    print("of", len(unseen), "lives unseen,", round(_found(student, unseen, tokenizer), 3), "found")
    _export(student, _usual(student, seen, tokenizer), given.out)


class _Teacher:
    """MiniLM, whose mean over all pieces is the direction."""

    def __init__(self, base: Path) -> None:
        self.network = ArticleNetwork(Size())
        self.network.load_bert(load_file(base / "model.safetensors"))
        self.network.eval()

    def directions(self, texts: Sequence[Sequence[int]]) -> Tensor:
        found = []
        with torch.no_grad():
            for at in range(0, len(texts), _BATCH):
                part = [[_CLS, *each, _SEP] for each in texts[at : at + _BATCH]]
                pieces, mask = _padded(part)
                # Neither shapes nor marks are known to the base weights.
                place = torch.arange(pieces.shape[1])
                x = self.network.norm(self.network.word(pieces) + self.network.position(place))
                for layer in self.network.layers:
                    x = layer(x, (1.0 - mask[:, None, None, :]) * -1e4)
                mean = (x * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
                found.append(functional.normalize(mean, dim=-1))
        return torch.cat(found)


class _Lessons:
    """Texts in batches of one length, with the directions that MiniLM gives them."""

    def __init__(self, texts: Iterable[list[int]], teacher: _Teacher) -> None:
        self.texts = sorted(texts, key=len)
        self.wanted = teacher.directions(self.texts)
        self.starts = list(range(0, len(self.texts), _BATCH))

    def loss(self, student: Student, at: int) -> Tensor:
        """How far the student is from the teacher, on the batch that starts there."""
        goal = self.wanted[at : at + _BATCH]
        found = student.as_taught(*_padded(self.texts[at : at + _BATCH]))
        apart = ((found @ found.T - goal @ goal.T) ** 2).mean()
        return 1 - (found * goal).sum(1).mean() + 5 * apart


class _Steps:
    """Steps of an optimizer whose rates fall in a straight line; the tables have their own."""

    def __init__(self, student: Student, steps: int, table: float) -> None:
        sparse = [student.table.weight, student.weight.weight]
        kept = {id(each) for each in sparse}
        rest = [each for each in student.parameters() if id(each) not in kept]
        groups = [
            {"params": [each], "lr": rate}
            for each, rate in zip(sparse, (table, 2 * table), strict=True)
        ]
        self._optimizers = [
            torch.optim.SparseAdam(groups),
            torch.optim.AdamW(rest, lr=1e-3, weight_decay=0.01),
        ]
        self._rates = [
            torch.optim.lr_scheduler.LambdaLR(each, lambda step: max(0.02, 1 - step / steps))
            for each in self._optimizers
        ]

    def take(self, loss: Tensor) -> None:
        for optimizer in self._optimizers:
            optimizer.zero_grad()
        loss.backward()
        for optimizer, rate in zip(self._optimizers, self._rates, strict=True):
            optimizer.step()
            rate.step()


def _teach(student: Student, lessons: _Lessons) -> None:
    steps = _Steps(student, _ROUNDS * len(lessons.starts), table=5e-3)
    for number in range(_ROUNDS):
        total = 0.0
        for at in np.random.default_rng(number).permutation(lessons.starts):
            loss = lessons.loss(student, int(at))
            steps.take(loss)
            total += loss.item()
        print("round", number, "loss", round(total / len(lessons.starts), 4), flush=True)


def _teach_lives(
    student: Student,
    lessons: _Lessons,
    people: list[Life],
    tokenizer: Tokenizer,
    chance: random.Random,
) -> None:
    """Of two articles of each of some hundred people, which two are of one."""
    people = [life for life in people if len(life) > 1]
    count = len(people) // _LIVES
    steps = _Steps(student, _LIFE_ROUNDS * count, table=1e-3)
    right = torch.arange(_LIVES)
    for number in range(_LIFE_ROUNDS):
        chance.shuffle(people)
        total = 0.0
        for at in range(0, count * _LIVES, _LIVES):
            chosen = [chance.sample(life, 2) for life in people[at : at + _LIVES]]
            one, other = (
                student(*_padded([_seen(pair[side], tokenizer, chance) for pair in chosen]))
                for side in (0, 1)
            )
            scores = one @ other.T
            loss = functional.cross_entropy(scores, right)
            loss = (loss + functional.cross_entropy(scores.T, right)) / 2
            total += loss.item()
            # What MiniLM knows of all words is not to be forgotten for that.
            steps.take(loss + lessons.loss(student, chance.choice(lessons.starts)))
        print("round", number, "of lives, loss", round(total / count, 4), flush=True)


def _seen(told: Told, tokenizer: Tokenizer, chance: random.Random) -> list[int]:
    """The pieces of what an article tells, or of a part of it, some of them left out."""
    pieces = _pieces([chance.choices(_views(told), (0.6, 0.25, 0.15))[0]], tokenizer)[0]
    return [each for each in pieces if chance.random() > _WORD_DROPOUT] or pieces


def _views(told: Told) -> tuple[str, str, str]:
    return told.whole, told.roles or told.whole, told.title


def _found(student: Student, people: Sequence[Life], tokenizer: Tokenizer) -> float:
    """How often the second article is the nearest of all to the first one."""
    pairs = [life[:2] for life in people if len(life) > 1]
    with torch.no_grad():
        one, other = (
            student(*_padded(_pieces([pair[side].whole for pair in pairs], tokenizer)))
            for side in (0, 1)
        )
    nearest = (one @ other.T).argmax(1)
    return float((nearest == torch.arange(len(pairs))).float().mean())


def _usual(student: Student, people: Sequence[Life], tokenizer: Tokenizer) -> float:
    """The product of two directions from which on they are likelier one life than two."""
    texts = [life[0].whole for life in people[: 2 * _COMPARED]]
    with torch.no_grad():
        found = student(*_padded(_pieces(texts, tokenizer)))
    half = len(texts) // 2
    return float(torch.exp(found[:half] @ found[half:].T).mean().log())


def _export(student: Student, usual: float, out: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(
            student,
            (torch.tensor([[1000, 1001, 1002]]),),
            str(plain),
            input_names=["pieces"],
            output_names=["directions"],
            dynamic_axes={"pieces": {0: "texts", 1: "pieces"}, "directions": {0: "texts"}},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(plain, out, weight_type=QuantType.QInt8, per_channel=False)
    model = onnx.load(out)
    onnx.helper.set_model_props(model, {USUAL: str(round(usual, 4))})
    onnx.save(model, out)


def _table(words: FloatArray) -> FloatArray:
    """The word embeddings in fewer directions, those that tell most."""
    centered = words - words[999:].mean(0)
    _, _, directions = np.linalg.svd(centered[999::3], full_matrices=False)
    found = centered @ directions[:_WIDTH].T
    scaled: FloatArray = (found / found[999:].std()).astype(np.float32)
    return scaled


def _padded(texts: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    longest = max(map(len, texts))
    pieces = torch.tensor([[*each, *[0] * (longest - len(each))] for each in texts])
    mask = torch.tensor([[1.0] * len(each) + [0.0] * (longest - len(each)) for each in texts])
    return pieces, mask


def _pieces(texts: Sequence[str], tokenizer: Tokenizer) -> list[list[int]]:
    found = (tokenizer.encode(each, add_special_tokens=False).ids[:LONGEST] for each in texts)
    return [each or [UNKNOWN] for each in found]


if __name__ == "__main__":
    main()
