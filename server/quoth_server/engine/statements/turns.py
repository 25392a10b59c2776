"""Turns of interviews and transcripts: paragraphs that begin with a label for who speaks.

How a turn is written is a closed convention, so this is rules: "HOLT: No.", "Q: … / A: …",
"Q. … / A. …", "WN: …", "((WSS)) : …", "((WSS)) …", "Mr. OSTROW. …". One label alone proves nothing
("Correction: …", "Time: four hours"), so a label counts where it comes back, where questions and
answers take turns, or where several are initials of names in the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from quoth_server.engine.lexicon import words
from quoth_server.engine.types import Attribution, Paragraph, Span

__all__ = ["SIGNS", "find", "own"]

SIGNS = (":", "))", ".")
"""What parts a label from the words: the cue of a turn."""

_LABEL = re.compile(
    r"[\W_]{0,4}(?P<label>(?:[A-Z][\w.’'-]*)(?:\s[A-Z][\w.’'-]*){0,3})"
    r"(?:[)\]*_]{0,4}\s?(?P<sign>:)[*_]{0,2}|(?P<closing>\)\)))\s+(?=\S)"
)
_CAPITALS = r"(?:Mc|Mac|[A-Z]['’])?[A-Z]{2,}(?:[-'’][A-Z]+)*"
_IN_RECORD = re.compile(
    rf"(?P<label>(?P<title>[A-Z][a-z]+)\.?(?:\s(?:[A-Z]\.|Acting))*(?:\s{_CAPITALS}){{1,3}}"
    r"(?:\s(?:of|pro)\s[A-Za-z]+(?:\s[A-Z][a-z]+)?)?)"
    r"(?:\s\([^()\n]{1,80}\))?(?P<sign>\.)\s+(?=\S)"
)
"""Of a legislature's record: "The CHAIRMAN. …", "Mr. LEE of Ohio (during the reading). …"."""
_LETTER = re.compile(r"(?P<label>[QA])(?P<sign>\.)\s+(?=\S)")
_MOST_INITIALS = 5
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

    A label in two pairs of parentheses needs no colon: the pairs' end is the cue then. The
    period of a label that ends with one is its cue.

    Questions of nobody in particular ("Q:") are left out.
    """
    lines = _labeled(body, [p.span for p in paragraphs])
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
    initials = _initials(body, times)
    found = []
    for span, match in labeled:
        label, sign = match["label"], _sign(match)
        counts = times[label] > 1 or asked or span in beside or label in initials
        if label.lower() in _QUESTION | _CREDIT or not (counts or sign.of(body) == "."):
            continue
        found.append(
            Attribution(
                content=(Span(match.end(), span.end_offset),),
                cue=sign,
                source=Span(*match.span("label")),
            )
        )
    return found


def own(found: Sequence[Attribution], attribution: Attribution) -> Attribution:
    """An attribution to the label of a turn without what it has of the other turns.

    Args:
        found: The turns, from `find`.
        attribution: Any.
    """
    labels = {turn.source for turn in found}
    if attribution.source not in labels:
        return attribution
    others = [s for turn in found if turn.source != attribution.source for s in turn.content]
    kept = [s for s in attribution.content if not any(s.overlaps(other) for other in others)]
    return replace(attribution, content=tuple(kept) or attribution.content)


def _labeled(body: str, spans: Sequence[Span]) -> list[tuple[Span, re.Match[str] | None]]:
    """Each paragraph with its label, if it has one.

    Many short sentences end with a period, so labels with one count only where several look alike.
    """

    def matches(pattern: re.Pattern[str]) -> list[re.Match[str] | None]:
        return [pattern.match(body, span.start_offset, span.end_offset) for span in spans]

    plain, letters = matches(_LABEL), matches(_LETTER)
    records = [match if match and _is_titled(match) else None for match in matches(_IN_RECORD)]
    several = sum(match is not None for match in records) > 1
    both = {match["label"] for match in letters if match} == {"Q", "A"}
    return [
        (span, one or (record if several else None) or (letter if both else None))
        for span, one, record, letter in zip(spans, plain, records, letters, strict=True)
    ]


def _is_titled(match: re.Match[str]) -> bool:
    title = match["title"].lower()
    return title == "the" or title in words("honorifics") | words("titles")


def _sign(match: re.Match[str]) -> Span:
    return Span(*match.span("sign" if match["sign"] else "closing"))


def _initials(body: str, labels: Iterable[str]) -> frozenset[str]:
    """The labels that are initials of names in the text, if several are."""
    found = set()
    for label in labels:
        letters = label.replace(".", "")
        if 2 <= len(letters) <= _MOST_INITIALS and letters.isalpha() and letters.isupper():
            name = r"[\w.'’-]*\s".join(letters) + r"[\w.'’-]*[a-z]"
            if re.search(rf"\b{name}", body):
                found.add(label)
    return frozenset(found) if len(found) > 1 else frozenset()
