"""The record network: reads the whole article's words, and answers what is asked of statements.

It goes over the vectors of the attribution network once more, this time across windows, and weighs
what the rules offer: which phrase a source means, which time expression is the statement's. Its
layers are an exported file; what it asks of pairs is small enough for plain arrays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime  # type: ignore[import-untyped]

from quoth_server.engine.attributions.reading import softmax
from quoth_server.engine.errors import ModelError
from quoth_server.engine.records import distances
from quoth_server.engine.records.questions import Questions
from quoth_server.engine.records.table import FloatArray, IntArray, WordTable

__all__ = [
    "CHOICES",
    "CHUNK",
    "FAR",
    "LAYERS",
    "MARGIN",
    "WEIGHTS",
    "Asked",
    "Read",
    "RecordNetwork",
    "chunks",
]

LAYERS, WEIGHTS = "records.onnx", "records.npz"
CHOICES = ("speaker", "time")
"""What is chosen among words by comparing each with the statement."""
FAR = "far"
"""What the files call the weights of distances, heads × classes."""
CHUNK, MARGIN = 768, 128
"""Words read at once, and those read with them on either side: time and memory stay linear."""


@dataclass(frozen=True, slots=True)
class Read:
    """What the network makes of an article's words.

    Shape: `states` words × hidden; `keys` what a query is compared with, words × pair, and
    `priors` what each word has before any query, words, for each of `CHOICES`.
    """

    states: FloatArray
    keys: Mapping[str, FloatArray]
    priors: Mapping[str, FloatArray]


@dataclass(frozen=True, slots=True)
class Asked:
    """Statements of an article, ready to be asked about.

    Shape: `queries` statements × hidden.
    """

    network: RecordNetwork
    read: Read
    questions: Questions
    queries: FloatArray

    def likelihoods(self) -> list[float]:
        """For each the probability that it is a statement at all."""
        scores = self.network.linear("statement", self.queries)[:, 0]
        chances = 1.0 / (1.0 + np.exp(-scores))
        found: list[float] = _rounded(chances.astype(np.float32)).tolist()
        return found

    def kinds(self, row: int, word: int) -> FloatArray:
        """The probabilities of the kinds of speaker, where a word is the speaker's."""
        seen = np.concatenate([self.queries[row], self.read.states[word]])
        return _softmax(self.network.layers("kind", seen))

    def choice(self, name: str, row: int, words: IntArray, features: FloatArray) -> FloatArray:
        """The probabilities of "none" and of each candidate, for one statement.

        Args:
            name: One of `CHOICES`.
            row: The statement.
            words: The word of each candidate.
            features: Candidates × their number of features.
        """
        network, query = self.network, self.queries[row]
        tail = network.linear(f"{name}.tail", query)
        scores = self.read.keys[name][words] @ tail / np.sqrt(np.float32(len(tail)))
        scores = scores + self.read.priors[name][words]
        scores = scores + network.layers(f"{name}.features", features)[:, 0]
        return _softmax(np.concatenate([network.linear(f"{name}.none", query), scores]))

    def as_roles(self, words: IntArray) -> FloatArray:
        """What the words of phrases are as roles; one for all statements of a speaker."""
        return self.network.linear("role.word", self.read.states[words])

    def role(
        self, row: int, mentions: IntArray, word: FloatArray, features: FloatArray
    ) -> FloatArray:
        """The probabilities of "none" and of each phrase as the speaker's role, for one statement.

        Args:
            row: The statement.
            mentions: The word by which the speaker is named nearest to each phrase.
            word: What the word of each phrase is (`as_roles`).
            features: Phrases × their number of features.
        """
        network = self.network
        # Many phrases are nearest to one mention.
        once, which = np.unique(mentions, return_inverse=True)
        mine = network.linear("role.mention", self.read.states[once])[which]
        inner = _gelu(mine + word + network.linear("role.features", features))
        inner = network.linear("role.deep", np.concatenate([inner, mine * word], axis=1))
        scores = network.linear("role.score", _gelu(inner))[:, 0]
        return _softmax(np.concatenate([network.linear("role.none", self.queries[row]), scores]))


def chunks(count: int) -> Sequence[tuple[int, int, int, int]]:
    """Stretches of words: first and last one read, and of them the first and last that count."""
    if count <= CHUNK + 2 * MARGIN:
        return [(0, count, 0, count)] if count else []
    return [
        (max(0, at - MARGIN), min(count, at + CHUNK + MARGIN), at, min(count, at + CHUNK))
        for at in range(0, count, CHUNK)
    ]


class RecordNetwork:
    """The network, loaded; safe to share between threads."""

    def __init__(
        self,
        session: onnxruntime.InferenceSession,
        weights: Mapping[str, FloatArray],
        version: str = "",
    ) -> None:
        self._session, self._weights, self._version = session, weights, version
        # The arena would keep the largest article's attention for as long as the process lives.
        self._run = onnxruntime.RunOptions()
        self._run.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")

    @classmethod
    def load(cls, directory: Path) -> RecordNetwork:
        """Opens the files of a directory, for one thread.

        Raises:
            ModelError: A file is missing or cannot be read.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            session = onnxruntime.InferenceSession(
                str(directory / LAYERS), options, providers=["CPUExecutionProvider"]
            )
            with np.load(directory / WEIGHTS) as stored:
                weights = {name: stored[name] for name in stored.files}
        except Exception as error:
            raise ModelError(
                f"{directory / LAYERS}: the record network cannot be read ({error});"
                " reinstall quoth-server, or make the file with `make train`"
            ) from error
        digest = hashlib.sha256()
        for name in (LAYERS, WEIGHTS):
            digest.update((directory / name).read_bytes())
        return cls(session, weights, digest.hexdigest()[:8])

    @property
    def version(self) -> str:
        """Eight hexadecimal digits that change with the network."""
        return self._version

    def read(self, table: WordTable) -> Read:
        """Reads the words of an article."""
        hidden = int(self._weights["missing"].shape[-1])
        states = [np.zeros((0, hidden), dtype=np.float32)]
        for first, last, core_first, core_last in chunks(len(table)):
            inputs = {
                "vectors": table.vectors[first:last].astype(np.float32),
                "classes": table.classes[first:last],
                **self._attention(table.words.paragraph[first:last]),
            }
            (found,) = self._session.run(["states"], inputs, self._run)
            states.append(found[core_first - first : core_last - first])
        read = np.concatenate(states)
        keys = {name: self.linear(f"{name}.head", read) for name in CHOICES}
        priors = {name: self.linear(f"{name}.prior", key)[:, 0] for name, key in keys.items()}
        return Read(read, keys, priors)

    def _attention(self, paragraph: IntArray) -> dict[str, FloatArray]:
        """What each head adds for how far apart two words are: words × words by input."""
        classes = distances.between(paragraph)
        return {
            f"{FAR}.{head}": np.take(of_class, classes, mode="clip")
            for head, of_class in enumerate(self._weights[FAR])
        }

    def ask(self, read: Read, questions: Questions) -> Asked:
        """Looks at statements, to answer what is asked of them."""
        places, missing = questions.places, self._weights["missing"]
        found = np.tile(missing, (len(places), 1, 1))
        there = places >= 0
        found[there] = read.states[places[there]]
        flat = found.reshape(len(places), missing.size)
        queries = self.layers("query", np.concatenate([flat, questions.features], axis=1))
        return Asked(self, read, questions, queries)

    def linear(self, name: str, values: FloatArray) -> FloatArray:
        """One layer, by its name in the file."""
        found: FloatArray = values @ self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return found

    def layers(self, name: str, values: FloatArray) -> FloatArray:
        """Two layers with a bend between them."""
        return self.linear(f"{name}.1", _gelu(self.linear(f"{name}.0", values)))


def _softmax(scores: FloatArray) -> FloatArray:
    return _rounded(softmax(scores))


def _rounded(chances: FloatArray) -> FloatArray:
    """Probabilities without the last digits, in which numbers of threads differ."""
    return chances.round(4)


def _gelu(values: FloatArray) -> FloatArray:
    """By its tangent, as in training."""
    # Products, as NumPy's power of single numbers takes two hundred times as long.
    cubes = values * values * values
    inner = np.float32(0.7978845608) * (values + np.float32(0.044715) * cubes)
    bent = np.float32(0.5) * values * (np.float32(1.0) + np.tanh(inner))
    return bent.astype(np.float32, copy=False)
