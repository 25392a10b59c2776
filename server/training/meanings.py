"""Teaches a small network how likely one life has two roles or headlines.

    python -m training.meanings --corpora ../shared/corpora --out meanings.onnx

It makes `quoth_server/archive/people/data/meanings.onnx`, on two cores in an hour. First MiniLM
learns from invented lives (`invented_lives/`, `life_teacher.py`), then a small network learns the
directions that it gives to some 200,000 roles and headlines. No label of the cases in
`evaluation/people` is looked at, and no text of those that are held out.
`python -m evaluation.people --fit` must follow, as the weights go with the directions.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnxruntime.quantization import (  # type: ignore[import-untyped]
    QuantType,
    quantize_dynamic,
)
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from quoth_server.archive.people.meanings import LONGEST, USUAL
from quoth_server.engine.attributions.encoder import UNKNOWN, load_tokenizer
from training.base import new_network, unpack
from training.life_teacher import DIRECTIONS, ROUNDS, LifeTeacher, padded, taught, views
from training.lives import Life, lives
from training.meaning_texts import made, of_cases, sentences
from training.model import Layer, Size

FloatArray = npt.NDArray[np.float32]

_WIDTH = 192
_BATCH = 128
_ROUNDS = 8
_DROPOUT = 0.2
_UNSEEN = 10  # one in so many lives is not learned from
_AMONG = 256  # lives, of which one is to be found
_COMPARED = 2_000  # texts, for how alike any two are
_QUICK = 1_000  # lives


class Student(nn.Module):
    """A table of word pieces with a weight for each, and one layer over them."""

    def __init__(self, table: FloatArray, sure: float) -> None:
        super().__init__()
        self.table = nn.Embedding.from_pretrained(torch.tensor(table), freeze=False, sparse=True)
        self.weight = nn.Embedding(len(table), 1, sparse=True)
        nn.init.zeros_(self.weight.weight)
        self.place = nn.Embedding(LONGEST, _WIDTH)
        nn.init.normal_(self.place.weight, std=0.02)
        self.norm = nn.LayerNorm(_WIDTH)
        self.layer = Layer(Size(hidden=_WIDTH, heads=4, inner=2 * _WIDTH, dropout=0.0))
        self.own = nn.Linear(_WIDTH, DIRECTIONS)
        nn.init.orthogonal_(self.own.weight)
        self.length = sure**0.5

    def forward(self, pieces: Tensor) -> Tensor:
        """Texts × pieces in, texts × directions out: their products are logarithms of odds."""
        return self.directions(pieces) * self.length

    def directions(self, pieces: Tensor, mask: Tensor | None = None) -> Tensor:
        """Those that the teacher gives, of length 1."""
        x, weights = self.table(pieces), torch.exp(self.weight(pieces))
        bias = None
        if mask is not None:
            weights = weights * mask[:, :, None]
            bias = (1.0 - mask[:, None, None, :]) * -1e4
        x = x + self.layer(self.norm(x + self.place.weight[: pieces.shape[1]]), bias)
        mean = (x * weights).sum(1) / weights.sum(1)
        found: Tensor = self.own(functional.dropout(mean, _DROPOUT, self.training))
        return found / (found * found).sum(-1, keepdim=True).sqrt()


def main() -> None:
    """Reads the arguments, teaches and writes the network."""
    parser = argparse.ArgumentParser(description="Teaches what roles and titles mean.")
    parser.add_argument("--corpora", type=Path, required=True, help="folder of public corpora")
    parser.add_argument("--base", type=Path, default=Path("build/base"), help="where MiniLM lies")
    parser.add_argument("--out", type=Path, required=True, help="the file to write")
    parser.add_argument(
        "--checkpoint",
        type=Path,
        default=Path("build/life-teacher.pt"),
        help="of the teacher, renewed each round; training goes on from it",
    )
    parser.add_argument("--quick", action="store_true", help="a share of everything, a minute")
    given = parser.parse_args()
    torch.manual_seed(0)
    chance = random.Random(1)
    base = unpack(given.base)
    tokenizer = load_tokenizer(str(base / "tokenizer.json"))
    people = [*lives()]
    chance.shuffle(people)
    people = people[:_QUICK] if given.quick else people
    unseen, seen = people[::_UNSEEN], [p for n, p in enumerate(people) if n % _UNSEEN]
    rounds = 2 if given.quick else ROUNDS
    teacher = taught(seen, base, tokenizer, given.checkpoint, rounds)
    told = [*of_cases(), *(each for life in seen for each in life)]
    texts = sorted({view for each in told for view in views(each)})
    if not given.quick:
        texts += [*made(chance), *sentences(given.corpora, chance)]
    words = new_network(base).word.weight.detach().numpy()
    student = Student(_table(words), float(teacher.sure.detach().exp()))
    _teach(student, _Lessons(texts, teacher, tokenizer))
    student.eval()
    told_apart = _found(student, unseen, tokenizer)
    print("of", len(unseen), "lives unseen,", round(told_apart, 3), "found among", _AMONG)
    _export(student, _usual(student, seen, tokenizer), given.out)


class _Lessons:
    """Texts in batches of one length, with the directions that the teacher gives them."""

    def __init__(self, texts: Sequence[str], teacher: LifeTeacher, tokenizer: Tokenizer) -> None:
        pieces = _pieces(texts, tokenizer)
        order = sorted(range(len(texts)), key=lambda n: len(pieces[n]))
        self.texts = [pieces[n] for n in order]
        self.wanted = teacher.directions([texts[n] for n in order])
        self.starts = list(range(0, len(self.texts), _BATCH))

    def loss(self, student: Student, at: int) -> Tensor:
        """How far the student is from the teacher, on the batch that starts there."""
        goal = self.wanted[at : at + _BATCH]
        found = student.directions(*padded(self.texts[at : at + _BATCH]))
        apart = ((found @ found.T - goal @ goal.T) ** 2).mean()
        return 1 - (found * goal).sum(1).mean() + 5 * apart


def _teach(student: Student, lessons: _Lessons) -> None:
    sparse = [student.table.weight, student.weight.weight]
    kept = {id(each) for each in sparse}
    rest = [each for each in student.parameters() if id(each) not in kept]
    tables = [{"params": [sparse[0]], "lr": 5e-3}, {"params": [sparse[1]], "lr": 1e-2}]
    optimizers = [
        torch.optim.SparseAdam(tables),
        torch.optim.AdamW(rest, lr=1e-3, weight_decay=0.01),
    ]
    steps = _ROUNDS * len(lessons.starts)
    rates = [
        torch.optim.lr_scheduler.LambdaLR(each, lambda step: max(0.02, 1 - step / steps))
        for each in optimizers
    ]
    for number in range(_ROUNDS):
        total = 0.0
        for at in np.random.default_rng(number).permutation(lessons.starts):
            loss = lessons.loss(student, int(at))
            for optimizer in optimizers:
                optimizer.zero_grad()
            loss.backward()
            for optimizer, rate in zip(optimizers, rates, strict=True):
                optimizer.step()
                rate.step()
            total += loss.item()
        print("student, round", number, "loss", round(total / len(lessons.starts), 4), flush=True)


def _found(student: Student, people: Sequence[Life], tokenizer: Tokenizer) -> float:
    """How often the second article is the nearest to the first one, of those of some people."""
    pairs = [life[:2] for life in people if len(life) > 1]
    one, other = (_read(student, [pair[n].whole for pair in pairs], tokenizer) for n in (0, 1))
    nearest = [
        (a @ b.T).argmax(1) == torch.arange(len(a))
        for a, b in zip(one.split(_AMONG), other.split(_AMONG), strict=True)
        if len(a) == min(_AMONG, len(pairs))
    ]
    return float(torch.cat(nearest).float().mean())


def _usual(student: Student, people: Sequence[Life], tokenizer: Tokenizer) -> float:
    """The product of two directions from which on they are likelier one life than two."""
    texts = [life[0].whole for life in people[: 2 * _COMPARED]]
    found = _read(student, texts, tokenizer)
    half = len(texts) // 2
    return float(torch.exp(found[:half] @ found[half:].T).mean().log())


def _read(student: Student, texts: Sequence[str], tokenizer: Tokenizer) -> Tensor:
    with torch.no_grad():
        return student.directions(*padded(_pieces(texts, tokenizer))) * student.length


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


def _pieces(texts: Sequence[str], tokenizer: Tokenizer) -> list[list[int]]:
    found = (tokenizer.encode(each, add_special_tokens=False).ids[:LONGEST] for each in texts)
    return [each or [UNKNOWN] for each in found]


if __name__ == "__main__":
    main()
