"""Scores attributions: who says (source), the words of saying (cue), and what is said (content).

Predicted attributions are paired with those of gold one to one, those first whose contents
overlap most (IoU of tokens, at least 0.5). A pair counts as content; it counts as attribution when
the source is right too: an IoU of at least 0.5, or one of the two contains the other, and none
where gold has none. Roles are scored by themselves too: by token, and exactly, by the hull of their
spans. What has no content is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, get_args

from quoth_cli.evaluation.documents import Attribution, Attributions, Kind, Prediction, Span
from quoth_cli.evaluation.judgment import Counts, Figures, Judgment, Row, percent, three
from quoth_cli.evaluation.overlap import iou, one_to_one
from quoth_cli.evaluation.quoted import Text

__all__ = ["HEADLINES", "KINDS", "ROLES", "figures", "judge"]

ROLES: Final = ("source", "cue", "content")
KINDS: Final = ("ALL", *get_args(Kind))
HEADLINES: Final = (
    "ALL.attribution.f1",
    "ALL.attribution.precision",
    "ALL.attribution.recall",
    "ALL.content.f1",
    *(f"{kind}.attribution.recall" for kind in get_args(Kind)),
    *(f"tokens.{role}.f1" for role in ROLES),
)
_LEAST = 0.5


@dataclass(frozen=True, slots=True)
class _Item:
    """An attribution by its tokens."""

    spans: Mapping[str, tuple[Span, ...]]
    tokens: Mapping[str, frozenset[int]]
    hulls: Mapping[str, Span | None]
    kind: Kind

    @property
    def kinds(self) -> tuple[str, str]:
        return ("ALL", self.kind)


def judge(document: Attributions, prediction: Prediction) -> Judgment:
    """Scores the attributions of one document."""
    text = Text(document.text)
    gold = _items(text, document.attributions)
    found = _items(text, prediction.attributions)
    pairs = _pairs(gold, found)
    counts: Counts = Counter()
    _count_roles(counts, gold, found)
    for side, items in (("gold", gold), ("predicted", found)):
        for item in items:
            for kind in item.kinds:
                counts[kind, side] += 1
                counts[kind, side, "without source"] += not item.tokens["source"]
    for g, p in pairs.items():
        right = _is_source_right(gold[g], found[p])
        same = gold[g].hulls["source"] == found[p].hulls["source"]
        for side, item in (("gold", gold[g]), ("predicted", found[p])):
            for kind in item.kinds:
                counts[kind, side, "paired"] += 1
                counts[kind, side, "right"] += right
                counts[kind, side, "same source"] += same
    return Judgment(counts, tuple(_rows(document.text, gold, found, pairs)))


def figures(counts: Counts) -> Figures:
    """Every figure, in percent, of the summed counts of some documents."""
    made: Figures = {
        way: {
            role: three(
                percent(counts[way, role, "both"], counts[way, role, "predicted"]),
                percent(counts[way, role, "both"], counts[way, role, "gold"]),
            )
            for role in ROLES
        }
        for way in ("tokens", "exact")
    }
    for kind in KINDS:
        paired = counts[kind, "gold", "paired"]
        made[kind] = {
            "gold": counts[kind, "gold"],
            "predicted": counts[kind, "predicted"],
            "gold_without_source": counts[kind, "gold", "without source"],
            "predicted_without_source": counts[kind, "predicted", "without source"],
            "content": _of_pairs(counts, kind, "paired"),
            "attribution": _of_pairs(counts, kind, "right"),
            "source_accuracy": percent(counts[kind, "gold", "right"], paired),
            "source_exact": percent(counts[kind, "gold", "same source"], paired),
        }
    return made


def _of_pairs(counts: Counts, kind: str, what: str) -> dict[str, float]:
    return three(
        percent(counts[kind, "predicted", what], counts[kind, "predicted"]),
        percent(counts[kind, "gold", what], counts[kind, "gold"]),
    )


def _items(text: Text, attributions: Iterable[Attribution]) -> list[_Item]:
    made = []
    for each in attributions:
        spans = {"source": each.source or (), "cue": each.cue or (), "content": each.content}
        tokens = {role: text.tokens(spans[role]) for role in ROLES}
        if tokens["content"]:
            hulls = {role: text.hull(spans[role]) for role in ROLES}
            made.append(_Item(spans, tokens, hulls, text.kind(each.content)))
    return made


def _pairs(gold: Sequence[_Item], found: Sequence[_Item]) -> dict[int, int]:
    overlaps = [
        (iou(one.tokens["content"], other.tokens["content"]), g, p)
        for g, one in enumerate(gold)
        for p, other in enumerate(found)
    ]
    enough = [(-overlap, g, p) for overlap, g, p in overlaps if overlap >= _LEAST]
    return one_to_one((g, p) for _, g, p in sorted(enough))


def _is_source_right(gold: _Item, found: _Item) -> bool:
    g, p = gold.tokens["source"], found.tokens["source"]
    if not g or not p:
        return not g and not p
    return g <= p or p <= g or iou(g, p) >= _LEAST


def _count_roles(counts: Counts, gold: Sequence[_Item], found: Sequence[_Item]) -> None:
    for role in ROLES:
        tokens = [frozenset[int]().union(*(i.tokens[role] for i in s)) for s in (gold, found)]
        hulls = [Counter(i.hulls[role] for i in side if i.hulls[role]) for side in (gold, found)]
        for number, side in enumerate(("gold", "predicted")):
            counts["tokens", role, side] = len(tokens[number])
            counts["exact", role, side] = hulls[number].total()
        counts["tokens", role, "both"] = len(tokens[0] & tokens[1])
        counts["exact", role, "both"] = (hulls[0] & hulls[1]).total()


def _rows(
    text: str, gold: Sequence[_Item], found: Sequence[_Item], pairs: Mapping[int, int]
) -> Iterable[Row]:
    for number, item in enumerate(gold):
        if number not in pairs:
            yield Row(_shown(text, item), "", item.spans["content"], (), ("missed",))
            continue
        other = found[pairs[number]]
        wrong = () if _is_source_right(item, other) else ("source",)
        contents = item.spans["content"], other.spans["content"]
        yield Row(_shown(text, item), _shown(text, other), *contents, wrong)
    for number in sorted(set(range(len(found))) - set(pairs.values())):
        other = found[number]
        yield Row("", _shown(text, other), (), other.spans["content"], ("spurious",))


def _shown(text: str, item: _Item) -> str:
    parts = (" … ".join(text[s:e] for s, e in item.spans[role]) for role in ("source", "cue"))
    return " · ".join(part or "–" for part in parts)
