"""Teaches a small network to give the directions that MiniLM gives to roles and titles.

    python -m training.meanings --corpora ../shared/corpora --out meanings.onnx

It makes `quoth_server/archive/people/data/meanings.onnx`, on one core in five minutes. No label is
looked at, and no text of the cases that are held out. `python -m evaluation.people --fit` must
follow, as the weights go with the directions.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from onnxruntime.quantization import (  # type: ignore[import-untyped]
    QuantType,
    quantize_dynamic,
)
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from evaluation.people.gold import cases
from quoth_server.archive.people import profile, word_lists
from quoth_server.engine.attributions.encoder import load_tokenizer
from training.base import unpack
from training.model import ArticleNetwork, Layer, Size

FloatArray = npt.NDArray[np.float32]

_DIRECTIONS = 384
_WIDTH = 192
_LONGEST = 48
_BATCH = 128
_ROUNDS = 7
_SENTENCES, _MADE = 13_000, 7_000
_UNSEEN = 6  # one in so many texts of the cases is not learned from
_CLS, _SEP = 101, 102
_KINDS = ("former", "deputy", "chief", "senior", "acting", "retired", "vice", "head", "local")


class Student(nn.Module):
    """A table of word pieces with a weight for each, and one layer over them."""

    def __init__(self, table: FloatArray) -> None:
        super().__init__()
        self.table = nn.Embedding.from_pretrained(torch.tensor(table), freeze=False, sparse=True)
        self.weight = nn.Embedding(len(table), 1, sparse=True)
        nn.init.zeros_(self.weight.weight)
        self.place = nn.Embedding(_LONGEST, _WIDTH)
        nn.init.normal_(self.place.weight, std=0.02)
        self.norm = nn.LayerNorm(_WIDTH)
        self.layer = Layer(Size(hidden=_WIDTH, heads=4, inner=2 * _WIDTH, dropout=0.0))
        self.out = nn.Linear(_WIDTH, _DIRECTIONS)

    def forward(self, pieces: Tensor, mask: Tensor | None = None) -> Tensor:
        """Texts × pieces in, texts × directions of length 1 out."""
        x, weights = self.table(pieces), torch.exp(self.weight(pieces))
        bias = None
        if mask is not None:
            weights = weights * mask[:, :, None]
            bias = (1.0 - mask[:, None, None, :]) * -1e4
        x = x + self.layer(self.norm(x + self.place.weight[: pieces.shape[1]]), bias)
        found = self.out((x * weights).sum(1) / weights.sum(1))
        lengths = (found * found).sum(-1, keepdim=True).sqrt()
        directions: Tensor = found / lengths
        return directions


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
    told = sorted(_told())
    chance.shuffle(told)
    unseen, seen = told[::_UNSEEN], [t for n, t in enumerate(told) if n % _UNSEEN]
    texts = [*seen, *_sentences(given.corpora, chance), *_made(chance)]
    encoder = _Teacher(base)
    student = Student(_table(encoder.network.word.weight.detach().numpy()))
    _teach(student, _pieces(texts, tokenizer), encoder)
    print("on unseen texts:", round(_nearness(student, _pieces(unseen, tokenizer), encoder), 3))
    _export(student, given.out)


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


def _teach(student: Student, texts: list[list[int]], teacher: _Teacher) -> None:
    texts.sort(key=len)
    wanted = teacher.directions(texts)
    sparse = [student.table.weight, student.weight.weight]
    kept = {id(each) for each in sparse}
    groups = [{"params": [sparse[0]], "lr": 5e-3}, {"params": [sparse[1]], "lr": 1e-2}]
    rest = [each for each in student.parameters() if id(each) not in kept]
    optimizers = [torch.optim.SparseAdam(groups), torch.optim.Adam(rest, lr=1e-3)]
    starts = list(range(0, len(texts), _BATCH))
    steps = _ROUNDS * len(starts)
    decay = [
        torch.optim.lr_scheduler.LambdaLR(each, lambda step: max(0.02, 1 - step / steps))
        for each in optimizers
    ]
    for number in range(_ROUNDS):
        total = 0.0
        for at in np.random.default_rng(number).permutation(starts):
            pieces, mask = _padded(texts[at : at + _BATCH])
            goal = wanted[at : at + _BATCH]
            found = student(pieces, mask)
            apart = ((found @ found.T - goal @ goal.T) ** 2).mean()
            loss = 1 - (found * goal).sum(1).mean() + 5 * apart
            for optimizer in optimizers:
                optimizer.zero_grad()
            loss.backward()
            for optimizer, scheduler in zip(optimizers, decay, strict=True):
                optimizer.step()
                scheduler.step()
            total += loss.item()
        print("round", number, "loss", round(total / len(starts), 4))


def _nearness(student: Student, texts: list[list[int]], teacher: _Teacher) -> float:
    """How the likenesses of any two texts correlate with the teacher's."""
    with torch.no_grad():
        found = student(*_padded(texts))
    goal = teacher.directions(texts)
    above = np.triu_indices(len(texts), 1)
    a, b = (each @ each.T for each in (found, goal))
    return float(np.corrcoef(a.numpy()[above], b.numpy()[above])[0, 1])


def _export(student: Student, out: Path) -> None:
    student.eval()
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
    found = (tokenizer.encode(each, add_special_tokens=False).ids[:_LONGEST] for each in texts)
    return [each for each in found if each]


def _told() -> Iterator[str]:
    """The roles and titles of the cases that are not held out."""
    found = set[str]()
    for case in cases():
        for _, voice in () if case.held_out else case.voices:
            for told in profile.of_voice(voice).texts:
                roles = told.roles or "unknown"
                found |= {roles, told.title, f"{roles}. {told.title}"}
    yield from found


def _sentences(corpora: Path, chance: random.Random) -> list[str]:
    """Titles, and some words in a row of each sentence."""
    found = set[str]()
    for path in sorted(corpora.glob("*/*.jsonl")):
        if path.parent.name == "litbank":
            continue  # novels
        for line in path.open(encoding="utf-8"):
            document = json.loads(line)
            found |= {document["title"][:120]} if document.get("title") else set()
            for sentence in re.split(r"(?<=[.!?])\s+|\n+", document.get("text") or ""):
                words = sentence.split()
                if len(words) >= 5:
                    count = chance.randint(4, 12)
                    first = chance.randint(0, max(0, len(words) - count))
                    found.add(" ".join(words[first : first + count]))
    return chance.sample(sorted(found), min(_SENTENCES, len(found)))


def _made(chance: random.Random) -> list[str]:
    """Roles put together from the word lists."""

    def shown(words: set[str]) -> list[str]:
        return sorted(word.replace("_", " ") for word in words)

    offices, spheres = shown({*word_lists.offices()}), shown({*word_lists.spheres()})
    bodies = shown({*word_lists.bodies()})
    lands = shown({*word_lists.country_names(), *word_lists.places(), *word_lists.regions()})
    found = set[str]()
    while len(found) < _MADE:
        office, sphere, body = map(chance.choice, (offices, spheres, bodies))
        land, kind = chance.choice(lands).title(), chance.choice(_KINDS)
        found.add(
            chance.choice(
                (
                    office,
                    f"{kind} {office}",
                    f"{land} {office}",
                    f"{office} of {land}",
                    f"{sphere} {office}",
                    f"{office} of the {sphere} {body}",
                    f"{sphere} {body} {office}",
                    f"{office} at the {land} {body}",
                    f"{kind} {land} {office}",
                    f"{land} {sphere} {office}",
                )
            )
        )
    return sorted(found)


if __name__ == "__main__":
    main()
