"""Turns of interviews and transcripts: paragraphs that begin with a label for who speaks.

How a turn is written is a closed convention, so this is rules: "HOLT: No.", "Q: … / A: …",
"WN: …", "((WSS)) : …", "((WSS)) …". One label alone proves nothing ("Correction: …", "Time: four
hours"), so a label counts where it comes back, or where questions and answers take turns.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from quoth_server.engine.types import Attribution, Paragraph, Span

__all__ = ["SIGNS", "find"]

SIGNS = (":", "))")
"""What parts a label from the words: the cue of a turn."""

_LABEL = re.compile(
    r"[\W_]{0,4}(?P<label>(?:[A-Z][\w.’'-]*)(?:\s[A-Z][\w.’'-]*){0,3})"
    r"(?:[)\]*_]{0,4}\s?(?P<sign>:)[*_]{0,2}|(?P<closing>\)\)))\s+(?=\S)"
)
_QUESTION = frozenset({"q", "question", "reporter", "interviewer", "moderator"})
"""Labels of whoever asks, whom nobody names."""
_CREDIT = frozenset(
    {"caption", "correction", "credit", "file", "graphic", "image", "note", "photo", "photograph"}
    | {"picture", "source", "update", "video"}
)
"""Labels of what is shown or noted, not said."""
_ANSWER = frozenset({"a", "answer"})


def find(body: str, paragraphs: Sequence[Paragraph]) -> list[Attribution]:
    """The turns as attributions: the label is the source, the colon the cue.

    A label in two pairs of parentheses needs no colon: the pairs' end is the cue then.

    Questions of nobody in particular ("Q:") are left out.
    """
    lines = [
        (p.span, _LABEL.match(body, p.span.start_offset, p.span.end_offset)) for p in paragraphs
    ]
    labeled = [(span, match) for span, match in lines if match]
    if len(labeled) < 2:
        return []
    told = {(match["label"], body[match.end() : span.end_offset]) for span, match in labeled}
    times = Counter(label for label, _ in told)  # "Image: Jo Lund." under each picture is said once
    labels = {match["label"].lower() for _, match in labeled}
    asked = bool(labels & _QUESTION) and bool(labels & _ANSWER)
    beside = {
        span
        for (one, first), (other, second) in pairwise(lines)
        if first and second and {times[first["label"]], times[second["label"]]} != {1}
        for span in (one, other)
    }
    found = []
    for span, match in labeled:
        label = match["label"]
        if label.lower() in _QUESTION | _CREDIT or not (
            times[label] > 1 or asked or span in beside
        ):
            continue
        found.append(
            Attribution(
                content=(Span(match.end(), span.end_offset),),
                cue=Span(*match.span("sign" if match["sign"] else "closing")),
                source=Span(*match.span("label")),
            )
        )
    return found
