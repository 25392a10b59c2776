"""Fits the two confidence functions on gold records, and says how well calibrated they are.

    python server/training/fit_confidence.py GOLD.jsonl … [-o confidence.json]

GOLD has one document a line with `text`, `title` and `records` (content spans, kind, speaker with
its names, or null). The engine reads each document; a statement counts as right when it pairs with
a record (word overlap of at least half) whose kind and speaker it has, a link when its statement
pairs and the speaker is right. Statements that overlap an attribution listed under `other` are
left out. The error is that of documents held out (five folds).
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from quoth_server.engine import (
    attributions,
    confidence,
    marks,
    paragraphs,
    parse,
    speakers,
    statements,
)
from quoth_server.engine.types import Span

_WORD = re.compile(r"\w+")
_PENALTY = 3.0
_FOLDS = 5
_SKIPPED = frozenset({"the", "a", "an", "mr", "mrs", "ms", "dr", "his", "her", "its", "their"})

Point = tuple[int, dict[str, float], bool]
"""The document's number, the features, and whether it is right."""


def points(gold: Sequence[dict]) -> dict[str, list[Point]]:
    """The statements and links of all documents."""
    parser, finder = parse.Parser(), attributions.AttributionModel.load()
    found: dict[str, list[Point]] = {"statement": [], "link": []}
    for number, document in enumerate(gold):
        body = document["text"]
        layout = paragraphs.divide(body, document.get("title") or "")
        quotations = marks.pair(body, layout)
        doc = parser.parse(body, layout)
        drafts = statements.assemble(doc, layout, quotations, finder.find(doc, layout, quotations))
        cast = speakers.link(doc, layout, quotations, drafts)
        names = {s.speaker_id: s.display_name for s in cast.speakers}
        records = [(_words(body, r["content"]), r) for r in document["records"]]
        other = [_words(body, _content(o)) for o in document.get("other", ())]
        for draft, mention in zip(drafts, cast.mentions, strict=True):
            said = _words(body, draft.content)
            record = next((r for w, r in records if 2 * len(w & said) >= len(w | said)), None)
            if record is None and any(said & w for w in other):
                continue
            values = confidence.features(draft, mention)
            name = names.get(mention.speaker_id) if mention else None
            right = record is not None and _same(record["speaker"], name)
            kind = record is not None and record["kind"] == draft.kind.name
            found["statement"].append((number, values, right and kind))
            if name is not None and record is not None:
                found["link"].append((number, values, right))
    return found


def _content(other: object) -> Sequence[Sequence[int]]:
    return other["content"] if isinstance(other, dict) else other  # type: ignore[return-value]


def _words(body: str, spans: Sequence[Span] | Sequence[Sequence[int]]) -> set[int]:
    edges = [(s.start, s.end) if isinstance(s, Span) else (s[0], s[1]) for s in spans]
    return {m.start() for a, b in edges for m in _WORD.finditer(body, a, b)}


def _same(speaker: dict | None, name: str | None) -> bool:
    if speaker is None or name is None:
        return speaker is None and name is None
    return any(_key(name) == _key(n) for n in speaker["names"])


def _key(name: str) -> list[str]:
    return [w for w in _WORD.findall(name.lower()) if w not in _SKIPPED]


def fit(found: Sequence[Point]) -> dict[str, float]:
    """Weights of a logistic function, by L2-penalised likelihood (Newton's method)."""
    names = sorted({n for _, values, _ in found for n in values})
    x = np.array([[values.get(n, 0.0) for n in names] for _, values, _ in found])
    y = np.array([right for _, _, right in found], float)
    w = np.zeros(len(names))
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (p - y) + _PENALTY * w
        curvature = (x * (p * (1 - p))[:, None]).T @ x + _PENALTY * np.eye(len(names))
        w -= np.linalg.solve(curvature, gradient)
    return dict(zip(names, (round(float(v), 3) for v in w), strict=True))


def _held_out(found: Sequence[Point]) -> Iterator[tuple[float, bool]]:
    """For each point its probability from a fit without its fold, and whether it is right."""
    for fold in range(_FOLDS):
        w = fit([p for p in found if p[0] % _FOLDS != fold])
        for number, values, right in found:
            if number % _FOLDS == fold:
                score = sum(w.get(n, 0.0) * v for n, v in values.items())
                yield 1 / (1 + float(np.exp(-score))), right


def calibration_error(pairs: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error over ten bins."""
    total = 0.0
    for low in range(10):
        inside = [(p, r) for p, r in pairs if low <= min(9.999, p * 10) < low + 1]
        if inside:
            total += abs(sum(p for p, _ in inside) - sum(r for _, r in inside))
    return total / len(pairs)


def main() -> None:
    """Fits, reports, and writes the weights."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("gold", nargs="+", type=Path)
    arguments.add_argument("-o", "--out", type=Path)
    options = arguments.parse_args()
    gold = [json.loads(line) for path in options.gold for line in path.open(encoding="utf-8")]
    found = points(gold)
    for name, of in found.items():
        pairs = list(_held_out(of))
        share = sum(r for _, r in pairs) / len(pairs)
        print(f"{name}: {len(of)} points, {share:.3f} right, error {calibration_error(pairs):.3f}")
    if options.out is not None:
        learned = {
            "about": "Weights of the confidence functions; server/training/fit_confidence.py.",
            "points": {name: len(of) for name, of in found.items()},
            "weights": {name: fit(of) for name, of in found.items()},
        }
        options.out.write_text(json.dumps(learned, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
