"""What spaCy makes of a text: the parse that the network learns to give by itself.

It is our own computation on texts of corpora, so no annotation is copied. The words are the ones
that the engine reads, since its own parser makes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from spacy.tokens import Doc

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

    `heads` are indices of tokens, -1 for a root, -2 where white space is the head.
    """

    starts: list[int]
    ends: list[int]
    tags: list[str]
    heads: list[int]
    labels: list[str]
    entities: list[str]

    @property
    def tokens(self) -> list[Span]:
        """The tokens as spans of the body."""
        return list(map(Span, self.starts, self.ends))


@cache
def _parser() -> Parser:
    return Parser(EngineConfig().pipeline)


def _parse(text: Text) -> Parse:
    parser = _parser()
    with parser.memory():
        return _read(parser.parse(*text))


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
