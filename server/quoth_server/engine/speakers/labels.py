"""Whom the label of a turn stands for: initials and short forms of a name in the article.

How labels are formed is a closed convention: "WSS" is William S. Saturn, "WN" is Wikinews, whose
letters it has in their order.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from quoth_server.engine.speakers.candidates import Candidates
from quoth_server.engine.speakers.mentions import Form
from quoth_server.engine.speakers.referents import Referents
from quoth_server.engine.statements.draft import Draft
from quoth_server.engine.statements.turns import SIGNS

__all__ = ["fits", "narrowed"]

_MOST = 5
"""Letters of a label that is short for a name."""


def narrowed(body: str, found: Referents, draft: Draft, candidates: Candidates) -> Candidates:
    """The candidates that the label of a turn can be short for; all of them where none is.

    Initials go before letters inside a word.
    """
    if draft.cue is None or draft.source is None or draft.cue.of(body) not in SIGNS:
        return candidates
    label = draft.source.of(body)
    named = np.array([found.phrases[at].form is Form.NAME for at in candidates.phrases], dtype=bool)
    ranks = np.array([fits(label, found.names[at]) for at in candidates.phrases], dtype=np.int64)
    ranks = np.where(named, ranks, 0)
    if not ranks.any():
        return candidates
    kept = ranks == ranks.max()
    return replace(candidates, phrases=candidates.phrases[kept], features=candidates.features[kept])


def fits(label: str, name: str) -> int:
    """How well a label can stand for a name: 2 its initials, 1 the name or letters of its one word.

    Returns:
        0 where it cannot. Initials do not stand for themselves, but for what is written out.
    """
    letters = label.replace(".", "")
    if not (2 <= len(letters) <= _MOST and letters.isalpha() and letters.isupper()):
        return int(label == name)
    words = name.split()
    if letters == name or not words:
        return 0
    if "".join(word[0] for word in words) == letters:
        return 2
    rest = iter(name.upper())
    in_order = all(letter in rest for letter in letters)
    return int(len(words) == 1 and name[0] == letters[0] and in_order)
