"""What must not be taken for a statement, and what was not said: how often the service sees it.

The project's own gold has both: `traps` are words that a careless rule would report, with the
phenomenon that they show; `other_notes` say of some contents that they were denied, or are still to
be said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from quoth import v1

__all__ = ["table"]

_WORD = re.compile(r"\w+")
_REASONS = {
    33: v1.RejectionReason.REJECTION_REASON_SCARE_QUOTES,
    34: v1.RejectionReason.REJECTION_REASON_TITLE,
    35: v1.RejectionReason.REJECTION_REASON_NAME,
    36: v1.RejectionReason.REJECTION_REASON_TERM,
    37: v1.RejectionReason.REJECTION_REASON_MOTTO,
    38: v1.RejectionReason.REJECTION_REASON_PROVERB,
    39: v1.RejectionReason.REJECTION_REASON_HYPOTHETICAL,
}
"""The reason that a phenomenon of the gold is, by its number."""
_NOT_SAID = {
    "negated": {v1.Factuality.FACTUALITY_NEGATED},
    "declined": {v1.Factuality.FACTUALITY_NEGATED},
    "future": {v1.Factuality.FACTUALITY_FUTURE, v1.Factuality.FACTUALITY_HYPOTHETICAL},
}
"""The factuality that a content has which is no record for such a reason."""
_UNSAID = frozenset().union(*_NOT_SAID.values())

Answers = Sequence[tuple[Mapping[str, Any], v1.AttributeQuotesResponse]]


def table(answers: Answers) -> Iterator[str]:
    """The lines of a table; the answers must have the rejected quotations."""
    counts: Counter[str] = Counter()
    for document, response in answers:
        _count_traps(counts, document, response)
        _count_unsaid(counts, document, response)
    for name, of in (
        ("traps not reported", "traps"),
        ("reason right", "reasons"),
        ("unsaid told as unsaid", "unsaid"),
        ("said told as unsaid", "said"),
    ):
        share = 100 * counts[name] / max(1, counts[of])
        yield f"{name:<22}{counts[name]:4d} of {counts[of]:4d}  {share:5.1f}"


def _count_traps(
    counts: Counter[str], document: Mapping[str, Any], response: v1.AttributeQuotesResponse
) -> None:
    body = document["text"]
    contents = [_words(body, _pairs(s.content_spans)) for s in response.statements]
    for trap in document["traps"]:
        if trap["not"] != "statement":
            continue
        words = _words(body, [trap["span"]])
        counts["traps"] += 1
        counts["traps not reported"] += not any(2 * len(c & words) >= len(c) for c in contents)
        wanted = {_REASONS[number] for number in trap["shows"] if number in _REASONS}
        if wanted:
            counts["reasons"] += 1
            counts["reason right"] += any(
                each.reason in wanted and _words(body, _pairs([each.span])) & words
                for each in response.rejected_quotations
            )


def _count_unsaid(
    counts: Counter[str], document: Mapping[str, Any], response: v1.AttributeQuotesResponse
) -> None:
    body = document["text"]
    records = [_words(body, record["content"]) for record in document["records"]]
    others = [
        (_words(body, spans), note["why"])
        for spans, note in zip(document["other"], document["other_notes"], strict=True)
    ]
    for statement in response.statements:
        said = _words(body, _pairs(statement.content_spans))
        why = next((w for words, w in others if words & said and w in _NOT_SAID), None)
        if why is not None:
            counts["unsaid"] += 1
            counts["unsaid told as unsaid"] += statement.factuality in _NOT_SAID[why]
        elif any(2 * len(words & said) >= len(words | said) for words in records):
            counts["said"] += 1
            counts["said told as unsaid"] += statement.factuality in _UNSAID


def _pairs(spans: Any) -> list[tuple[int, int]]:
    return [(span.start_offset, span.end_offset) for span in spans]


def _words(body: str, spans: Sequence[Sequence[int]]) -> frozenset[int]:
    return frozenset(m.start() for s, e in spans for m in _WORD.finditer(body, s, e))
