"""W3C Web Annotation output: an `AnnotationCollection` an article.

Each statement is an annotation whose targets are the parts of what was said, and each speaker one
whose targets are the places they are named at. A target is selected twice, by its text with some
text around it, and by its place in code points of the article's text as it was sent.
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from quoth.v1 import Article, AttributeQuotesResponse, Speaker, Statement, TextSpan
from quoth_cli.formats.jsonld import is_iri
from quoth_cli.formats.wording import date_words, factuality_words, kind_word, speaker_words
from quoth_cli.printable import clean
from quoth_cli.table.rows import ArticleMeta, Row, statement_rows

__all__ = ["CONTEXT", "collection"]

CONTEXT = "http://www.w3.org/ns/anno.jsonld"

_Node = dict[str, Any]

# The fields of a row that are tags; the other ones are about the article, or places.
_TAGS = (
    "statement_id",
    "kind",
    "cue",
    "speaker_id",
    "speaker",
    "speaker_type",
    "role",
    "role_organization",
    "role_status",
    "date",
    "date_granularity",
    "addressee",
    "medium",
    "medium_type",
    "parent_statement_id",
    "factuality",
    "confidence",
)
_AROUND = 32


def collection(meta: ArticleMeta, article: Article, response: AttributeQuotesResponse) -> _Node:
    """The annotations of one article, as a collection of one page.

    Identifiers depend on the article and the answer alone, so that the same article gives the
    same ones. The source of the targets is the article's URL, or else a `ni:` URI of the text.
    """
    made = _Annotations(meta, article.body, response)
    speakers = {speaker.speaker_id: speaker for speaker in response.speakers}
    rows = statement_rows(0, meta, response, article.body)
    items = [
        made.of_statement(statement, row, speakers)
        for statement, row in zip(response.statements, rows, strict=True)
    ]
    items += [made.of_speaker(speaker) for speaker in response.speakers if speaker.mentions]
    return {
        "@context": CONTEXT,
        "id": made.iri("collection"),
        "type": "AnnotationCollection",
        "label": f"Statements in {clean(meta.title or meta.id)}",
        "total": len(items),
        "first": {
            "id": made.iri("page"),
            "type": "AnnotationPage",
            "startIndex": 0,
            "items": items,
        },
    }


class _Annotations:
    """Makes the annotations of one text."""

    def __init__(self, meta: ArticleMeta, body: str, response: AttributeQuotesResponse) -> None:
        digest = hashlib.sha256(body.encode()).digest()
        named = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        self._body = body
        # RFC 6920: the name of the very text that the positions count in.
        self._source = meta.url if is_iri(meta.url) else f"ni:///sha-256;{named}"
        self._seed = f"{meta.id}\n{named}\n{response.engine_version}"
        self._generator = {"type": "Software", "name": f"quoth {response.engine_version}".strip()}

    def iri(self, part: str) -> str:
        """The identifier of a part of the output."""
        return uuid.uuid5(uuid.NAMESPACE_URL, f"{self._seed}\n{part}").urn

    def of_statement(
        self, statement: Statement, row: Row, speakers: Mapping[str, Speaker]
    ) -> _Node:
        """A statement: described in a sentence and by tags."""
        tags = [f"{name}: {row[name]}" for name in _TAGS if row[name] is not None]
        body = [
            _text("describing", _sentence(statement, speakers)),
            *(_text("tagging", clean(tag)) for tag in tags),
        ]
        return self._annotation(statement.statement_id, "describing", body, statement.content_spans)

    def of_speaker(self, speaker: Speaker) -> _Node:
        """The mentions of a speaker."""
        body = [
            _text("identifying", clean(speaker.display_name)),
            _text("tagging", f"speaker_id: {speaker.speaker_id}"),
        ]
        return self._annotation(speaker.speaker_id, "identifying", body, speaker.mentions)

    def _annotation(
        self, part: str, motivation: str, body: list[_Node], spans: Iterable[TextSpan]
    ) -> _Node:
        return {
            "id": self.iri(part),
            "type": "Annotation",
            "motivation": motivation,
            "generator": self._generator,
            "body": body,
            "target": [self._target(span) for span in spans],
        }

    def _target(self, span: TextSpan) -> _Node:
        start, end = span.start_offset, span.end_offset
        return {
            "type": "SpecificResource",
            "source": self._source,
            "selector": [
                {
                    "type": "TextQuoteSelector",
                    "exact": self._body[start:end],
                    "prefix": self._body[max(0, start - _AROUND) : start],
                    "suffix": self._body[end : end + _AROUND],
                },
                {"type": "TextPositionSelector", "start": start, "end": end},
            ],
        }


def _text(purpose: str, value: str) -> _Node:
    return {
        "type": "TextualBody",
        "purpose": purpose,
        "value": value,
        "format": "text/plain",
        "language": "en",
    }


def _sentence(statement: Statement, speakers: Mapping[str, Speaker]) -> str:
    """Who said it, how and when, for people."""
    named = speaker_words(statement, speakers)
    who = ", ".join(filter(None, named[:2])) if named else "Speaker not known"
    facts = [factuality_words(statement), kind_word(statement.kind)]
    if statement.HasField("date"):
        facts.append(date_words(statement.date))
    if statement.HasField("addressee"):
        facts.append(f"to {clean(statement.addressee.text)}")
    return f"{who}: {', '.join(filter(None, facts))}"
