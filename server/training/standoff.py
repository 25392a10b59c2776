"""Records that we annotated on texts of the corpora, kept apart from the texts.

`annotated/` beside this module has one file for each corpus, an article a line: its id, the SHA-256
of its text, and records in the format of the gold (`gold/GUIDELINE.md` beside the corpora), with
the place of every name and role instead of its words. See `annotated/README.md`.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

__all__ = ["CORPORA", "read", "whole"]

CORPORA = {"polnear": "polnear/train.jsonl", "meantime": "meantime/meantime-dev.jsonl"}
"""The annotated corpora, and where their texts lie below the folder of corpora."""

_ANNOTATED = Path(__file__).parent / "annotated"


def read(corpora: Path, corpus: str) -> Iterator[dict[str, Any]]:
    """The annotated articles of a corpus in the format of the gold.

    Args:
        corpora: The folder of corpora.
        corpus: A key of `CORPORA`.

    Raises:
        ValueError: A text is not the one that was annotated.
    """
    with (_ANNOTATED / f"{corpus}.jsonl").open(encoding="utf-8") as file:
        annotated = {told["id"]: told for told in map(json.loads, file)}
    with (corpora / CORPORA[corpus]).open(encoding="utf-8") as file:
        for document in map(json.loads, file):
            if document["id"] in annotated:
                yield whole(document, annotated[document["id"]])


def whole(document: Mapping[str, Any], annotated: Mapping[str, Any]) -> dict[str, Any]:
    """An article with its records, whose names and roles are words again.

    Raises:
        ValueError: The text is not the one that was annotated.
    """
    body, title = document["text"], document.get("title") or ""
    if hashlib.sha256(body.encode()).hexdigest() != annotated["sha256"]:
        raise ValueError(f"the text of {document['id']} is not the one that was annotated")
    places = {"text": body, "title": title}

    def words(spans: Sequence[Sequence[Any]]) -> list[str]:
        return [places[where][first:last] for where, first, last in spans]

    records = [
        {
            **record,
            "speaker": record["speaker"]
            and {**record["speaker"], "names": words(record["speaker"]["names"])},
            "roles": words(record["roles"]),
        }
        for record in annotated["records"]
    ]
    return {
        "id": document["id"],
        "title": title,
        "published": _day(document["published"]),
        "text": body,
        "records": records,
        "other": annotated["other"],
    }


def _day(published: str) -> str | None:
    """The day, where the corpus has it in ISO 8601; one article of MEANTIME has not."""
    try:
        return datetime.date.fromisoformat(published[:10]).isoformat()
    except ValueError:
        return None
