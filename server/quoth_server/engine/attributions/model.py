"""Step 4: finds attributions with the learned model, and is the only one to know its files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import onnxruntime  # type: ignore[import-untyped]
from spacy.tokens import Doc
from tokenizers import Tokenizer

from quoth_server.engine.attributions.decoding import Found, propose
from quoth_server.engine.attributions.encoder import Inputs, Words, load_tokenizer, read_words
from quoth_server.engine.attributions.reading import (
    FloatArray,
    Network,
    Seen,
    quoted_words,
    score_words,
)
from quoth_server.engine.body import body_of
from quoth_server.engine.errors import ModelError
from quoth_server.engine.types import Attribution, Paragraph, Quotation, Span

__all__ = [
    "DIRECTORY",
    "MANIFEST",
    "MODEL",
    "TOKENIZER",
    "AttributionModel",
    "Findings",
    "open_network",
]

DIRECTORY = Path(__file__).parent.parent / "data" / "en"
"""Where the shipped model lies."""
OUTPUTS = (
    *("tags", "cue_of", "source_of", "role", "speaker", "vectors"),
    *("fine_tag", "head", "label", "entity", "sentence"),
)
"""What is asked of the network; what no output needs is not computed."""
_SLOWER = ["SkipLayerNormFusion"]
"""On a CPU the one operator takes five times as long as the two it replaces (onnxruntime 1.32)."""
MANIFEST, MODEL, TOKENIZER = "attribution.json", "attribution.onnx", "attribution.tokenizer.json"


@dataclass(frozen=True, slots=True)
class Findings:
    """What the model makes of a document: attributions, its words, and what it sees in each."""

    attributions: tuple[Attribution, ...]
    words: Words
    seen: Seen


@dataclass(frozen=True, slots=True)
class AttributionModel:
    """The learned finder, loaded; safe to share between threads."""

    version: str
    _network: Network
    _tokenizer: Tokenizer

    @classmethod
    def load(cls, directory: Path = DIRECTORY) -> AttributionModel:
        """Loads the model from a directory with its manifest, network and tokenizer.

        Raises:
            ModelError: A file is missing, cannot be read, or has another checksum than the
                manifest says.
        """
        version, checksums = _read_manifest(directory / MANIFEST)
        files = {name: directory / name for name in (MODEL, TOKENIZER)}
        for name, path in files.items():
            _check(path, checksums[name])
        return cls(
            version=version,
            _network=open_network(files[MODEL]),
            _tokenizer=load_tokenizer(str(files[TOKENIZER])),
        )

    def common_words(self, count: int) -> list[str]:
        """The most common words of its vocabulary, the most common first, in small letters."""
        pieces = self._tokenizer.get_vocab(with_added_tokens=False)
        return sorted(filter(str.isalpha, pieces), key=pieces.__getitem__)[:count]

    def read(
        self, doc: Doc, paragraphs: Sequence[Paragraph], quotations: Sequence[Quotation]
    ) -> Findings:
        """Finds what may be the attributions of a document, in the order of their content.

        Args:
            doc: The body in tokens, which are the words; nothing else is read of it.
            paragraphs: The body's paragraphs, in order.
            quotations: The body's quotations, from `marks.pair`.

        Returns:
            Attributions whose content has its quotation marks. What is found depends on this
            document alone; time and memory grow in proportion to its length.
        """
        tokens = [Span(t.idx, t.idx + len(t)) for t in doc if not t.is_space]
        body = body_of(doc)
        words = read_words(body, tokens, paragraphs, quotations, self._tokenizer)
        scores, seen = score_words(self._network, words)
        found = propose(scores, quoted_words(words, quotations), words.paragraph_starts)
        attributions = (_attribution(one, words, body) for one in found)
        kept = tuple(attribution for attribution in attributions if attribution.content)
        return Findings(kept, words, seen)


def _attribution(found: Found, words: Words, body: str) -> Attribution:
    """The same in offsets; parts of the content without a letter or digit are left out."""

    def span(words_range: tuple[int, int]) -> Span:
        first, last = words_range
        return Span(int(words.starts[first]), int(words.ends[last - 1]))

    parts = map(span, found.content)
    return Attribution(
        content=tuple(part for part in parts if any(map(str.isalnum, part.of(body)))),
        cue=span(found.cue) if found.cue else None,
        source=span(found.source) if found.source else None,
        score=found.score,
    )


def open_network(path: Path) -> Network:
    """Opens the network for one thread: workers are processes, one for each core."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOWER
    )
    names = [entry.name for entry in session.get_inputs()]

    def run(inputs: Inputs) -> dict[str, FloatArray]:
        found = session.run(OUTPUTS, {name: getattr(inputs, name) for name in names})
        return dict(zip(OUTPUTS, found, strict=True))

    return run


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(
            f"{path}: a file of the attribution model cannot be read ({error.strerror});"
            " reinstall quoth-server, or make the file with `make train`"
        ) from error


def _read_manifest(path: Path) -> tuple[str, dict[str, str]]:
    """The model's version, and the checksum of each of its files."""
    try:
        manifest = json.loads(_read(path))
        return str(manifest["version"]), {
            name: str(manifest["sha256"][name]) for name in (MODEL, TOKENIZER)
        }
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"{path}: not a manifest of the attribution model ({error!r});"
            " reinstall quoth-server, or make the file with `make train`"
        ) from error


def _check(path: Path, expected: str) -> None:
    found = hashlib.sha256(_read(path)).hexdigest()
    if found != expected:
        raise ModelError(
            f"{path}: sha256 {found}, but {MANIFEST} expects {expected}; the file is damaged or"
            " of another version: reinstall quoth-server, or remake it with `make train`"
        )
