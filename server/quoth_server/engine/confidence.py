"""Step 10: how likely a statement, its speaker, role and date are right.

The networks' scores are not yet probabilities of being right; small logistic
functions, fitted on gold records, make them so. Their weights and the numbers they were fitted on
are in `data/en/confidence.json`, made by `python -m training.fit_confidence`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from spacy.tokens import Doc

from quoth_server.engine.logistic import probability
from quoth_server.engine.statements import Draft, reported_speech
from quoth_server.engine.types import (
    DateBasis,
    RoleStatus,
    SpeakerMention,
    StatementDate,
    StatementKind,
)

__all__ = ["features", "of_date", "of_link", "of_record", "of_role", "of_statement"]


_LEAST, _MOST = 0.02, 0.995
"""No score counts as surer than this."""


def of_statement(values: Mapping[str, float]) -> float:
    """The probability that kind, content and speaker are all right."""
    return probability("confidence", "statement", values)


def of_link(values: Mapping[str, float]) -> float:
    """The probability that the speaker is right; 0 where none is named."""
    return probability("confidence", "link", values) if values["linked"] else 0.0


def of_role(values: Mapping[str, float]) -> float:
    """The probability that the speaker has the role here; 0 where there is none."""
    return probability("confidence", "role", values) if values["role"] else 0.0


def of_date(values: Mapping[str, float]) -> float:
    """The probability that the date is right; 0 where there is none."""
    return probability("confidence", "date", values) if values["date"] else 0.0


def of_record(values: Mapping[str, float]) -> float:
    """The probability that content, speaker, role and date are all right."""
    return probability("confidence", "record", values)


def features(
    doc: Doc, draft: Draft, mention: SpeakerMention | None, date: StatementDate | None
) -> dict[str, float]:
    """What the probabilities rest on, by the names of the weights.

    `mention` and `date` have the record network's own certainty as their confidence.
    """
    linked = mention is not None and bool(mention.speaker_id)
    choice = mention.confidence if mention is not None and linked else 0.0
    role = mention.role if mention is not None else None
    source = mention.span if mention is not None else None
    dated = date is not None and date.date is not None
    named = (
        doc.char_span(draft.source.start_offset, draft.source.end_offset, alignment_mode="expand")
        if draft.source
        else None
    )
    time = date.confidence if date is not None and dated else 0.0
    here = role is not None and source is not None and source.overlaps(role.span)
    return {
        "bias": 1.0,
        "score": draft.score,
        "score's odds": _odds(draft.score),
        "report": draft.likelihood,
        "report's odds": _odds(draft.likelihood),
        "speech": float(reported_speech.has_word_of_speech(doc, draft.cue)),
        "choice": choice,
        "choice's odds": _odds(choice) if linked else 0.0,
        "linked": float(linked),
        "source": float(draft.source is not None),
        "source is a name": float(named is not None and named.root.pos_ == "PROPN"),
        "cue": float(draft.cue is not None),
        "quoted": float(draft.kind is not StatementKind.INDIRECT),
        "reported": float(draft.parent is not None),
        "role": float(role is not None),
        "role here": float(here),
        "role past": float(role is not None and role.status is not RoleStatus.CURRENT),
        "date": float(dated),
        "time": time,
        "time's odds": _odds(time) if dated else 0.0,
        "date of context": float(dated and date is not None and date.basis is DateBasis.CONTEXT),
    }


def _odds(probability: float) -> float:
    """Half the logarithm of the odds, which is what a logistic function adds up."""
    certain = min(max(probability, _LEAST), _MOST)
    return math.log(certain / (1.0 - certain)) / 2.0
