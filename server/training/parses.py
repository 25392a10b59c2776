"""What spaCy makes of a text: the parse that the network learns to give by itself.

It is our own computation on texts of corpora, so no annotation is copied. The words are the ones
that the engine reads.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import spacy
from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import use_ops

from quoth_server.engine.config import EngineConfig
from quoth_server.engine.parse import Parser
from quoth_server.engine.types import Paragraph, Span
from training import stored

__all__ = ["Parse", "Text", "head_words", "parse_all"]

IntArray = npt.NDArray[np.int64]
Text = tuple[str, tuple[Paragraph, ...]]
"""A body and its paragraphs."""


@dataclass(frozen=True, slots=True)
class Parse:
    """The tokens of a body that are not white space, as parallel lists.

    `heads` are indices of tokens, -1 for a root, -2 where white space is the head; `begins` says
    whether a sentence begins.
    """

    starts: list[int]
    ends: list[int]
    tags: list[str]
    heads: list[int]
    labels: list[str]
    entities: list[str]
    begins: list[bool]

    @property
    def tokens(self) -> list[Span]:
        """The tokens as spans of the body."""
        return list(map(Span, self.starts, self.ends))


@cache
def _tokenizer() -> Parser:
    return Parser(EngineConfig().pipeline)


@cache
def _teacher() -> Language:
    # Numpy multiplies with OpenBLAS, thinc by default with a BLIS that on newer processors falls
    # back to plain code: 70 against 23 GFLOP/s on an EPYC of family 25.
    with use_ops("numpy", use_blis=False):
        return spacy.load(EngineConfig().pipeline)


def _parse(text: Text) -> Parse:
    body, paragraphs = text
    teacher = _teacher()
    with teacher.memory_zone():
        return _read(teacher(_tokens(body, {p.span.start_offset for p in paragraphs})))


def _tokens(body: str, starts: Collection[int]) -> Doc:
    """The engine's tokens of a body, for the teacher, with what it must take for sentences."""
    parser = _tokenizer()
    with parser.memory():
        tokens = parser.tokens(body)
        return Doc(
            _teacher().vocab,
            words=[t.text for t in tokens],
            spaces=[bool(t.whitespace_) for t in tokens],
            sent_starts=[t.idx in starts or (False if t.is_space else None) for t in tokens],
        )


def _read(doc: Doc) -> Parse:
    tokens = [t for t in doc if not t.is_space]
    place = {t.i: at for at, t in enumerate(tokens)}
    return Parse(
        starts=[t.idx for t in tokens],
        ends=[t.idx + len(t) for t in tokens],
        tags=[t.tag_ for t in tokens],
        heads=[-1 if t.head == t else place.get(t.head.i, -2) for t in tokens],
        labels=[t.dep_ for t in tokens],
        entities=[f"{t.ent_iob_}-{t.ent_type_}" if t.ent_type_ else "O" for t in tokens],
        begins=[t.is_sent_start or t is tokens[0] for t in tokens],
    )


def parse_all(texts: Sequence[Text], store: Path) -> list[Parse]:
    """Parses texts on all cores; `store` keeps the result between runs."""
    return stored.mapped(_parse, texts, store)


def head_words(parse: Parse, spans: Iterable[Span]) -> list[int | None]:
    """The token of each span on which the others hang; None for a span without a token."""
    starts, ends = np.array(parse.starts), np.array(parse.ends)
    found: list[int | None] = []
    for span in spans:
        first = int(np.searchsorted(ends, span.start_offset, side="right"))
        last = int(np.searchsorted(starts, span.end_offset, side="left"))
        inside = range(first, last)
        roots = [t for t in inside if parse.heads[t] not in inside]
        found.append(roots[0] if roots else None)
    return found
