"""What the network says of each word, and how much it is to learn of it."""

from __future__ import annotations

from dataclasses import dataclass

from quoth_server.engine.attributions.decoding import TAGS
from quoth_server.engine.attributions.reading import (
    ENTITIES,
    FINE_TAGS,
    KINDS,
    LABELS,
    ROLES,
)

__all__ = ["CLASSES", "HEADS", "NAMES", "RECORD_SHARE", "Head"]

NAMES = ("O", "B-PERSON", "I-PERSON", "B-ORGANIZATION", "I-ORGANIZATION", "B-PLACE", "I-PLACE")
"""Tags of the names of those who speak."""

CLASSES = {
    "tags": TAGS,
    "record_tags": TAGS,
    "fine_tag": FINE_TAGS,
    "label": LABELS,
    "entity": ("O", *(f"{at}-{kind}" for kind in ENTITIES for at in "BI")),
    "sentence": ("goes on", "begins"),
    "role": ROLES,
    "speaker": ("none", *(kind.name for kind in KINDS)),
    "name": NAMES,
}
"""The answers of each head that does not point."""


@dataclass(frozen=True, slots=True)
class Head:
    """One question asked of every word; `points` where the answer is another word, or none."""

    name: str
    weight: float
    points: bool = False


HEADS = (
    Head("tags", 1.0),
    Head("cue_of", 0.5, points=True),
    Head("source_of", 0.4, points=True),
    Head("fine_tag", 0.3),
    Head("head", 0.5, points=True),
    Head("label", 0.3),
    Head("entity", 0.4),
    Head("sentence", 0.2),
    Head("antecedent", 0.3, points=True),
    Head("role", 0.3),
    Head("speaker", 0.2),
    Head("time_of", 0.2, points=True),
    Head("name", 0.3),
    Head("speaker_of", 0.3, points=True),
    Head("record_tags", 0.7),
)
"""Weights of the first seven are those of the design's trial; the others were not tuned. Those from
`fine_tag` to `sentence` are learned from spaCy's parse.

The last six are of gold records: words of a speaker's role, the kind of speaker that a source's
words mean (or none, of a noun that is no speaker's), the first word of the time expression that
tells a cue's day, names of speakers, the last word of the name nearest to a source that its speaker
has, and the tags as records draw the edges of contents where PolNeAR's annotators had no part.
"""

RECORD_SHARE = 0.5
"""The share of `record_tags` in the exported scores of tags."""
