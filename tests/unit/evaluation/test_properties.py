"""What holds for all gold and all answers."""

from __future__ import annotations

import random
from typing import Any

import msgspec
import pytest

from quoth_cli.evaluation.documents import Attributions, Document, Prediction, Records
from quoth_cli.evaluation.scoring import Gold, score

PEOPLE = ("Ana Ruiz", "Tom Lund", "Critics")
DAYS = (None, "2024", "2024-05", "2024-05-07")


def records(dice: random.Random) -> list[dict[str, Any]]:
    """Records of one text whose contents do not touch."""
    made = []
    for number in range(dice.randrange(6)):
        date = dice.choice(DAYS)
        names = dice.sample(PEOPLE, dice.choice((1, 2)))
        speaker = {"names": names, "kind": dice.choice(("PERSON", "GROUP"))}
        made.append(
            {
                "content": [(number * 40, number * 40 + dice.randrange(8, 39))],
                "kind": "INDIRECT",
                "speaker": dice.choice((None, speaker)),
                "roles": dice.sample(("mayor", "clerk", "judge"), dice.randrange(3)),
                "date": date,
                "date_scope": date and dice.choice(("cue", "context")),
            }
        )
    return made


def articles(dice: random.Random) -> list[list[dict[str, Any]]]:
    return [records(dice) for _ in range(dice.randrange(1, 5))]


@pytest.fixture(params=range(30))
def dice(request: pytest.FixtureRequest) -> random.Random:
    return random.Random(request.param)


TEXT = "the people of the town were told by all " * 6


def document(key: int, made: list[dict[str, Any]]) -> Document:
    return msgspec.convert({"id": f"a{key}", "text": TEXT, "records": made}, Records)


def perfect(key: int, made: list[dict[str, Any]]) -> Prediction:
    statements = [
        {
            **{name: each[name] for name in ("content", "kind", "date")},
            "roles": each["roles"][:1],
            "speaker": each["speaker"]
            and {"name": each["speaker"]["names"][0], "kind": each["speaker"]["kind"]},
        }
        for each in made
    ]
    return msgspec.convert({"id": f"a{key}", "statements": statements}, Prediction)


def test_perfect_answers_have_all_right(dice: random.Random) -> None:
    every = articles(dice)
    gold = Gold("gold", [document(key, made) for key, made in enumerate(every)])
    found = {f"a{key}": perfect(key, made) for key, made in enumerate(every)}
    got = score(gold, found)
    figures = got.figures
    if figures["records"]:
        for name in ("record", "found", "kind", "speaker", "surname"):
            assert figures[name] == 100, name
    assert figures["spurious"] == 0
    assert sum(each.errors for each in got.judgments) == 0


def test_order_does_not_matter(dice: random.Random) -> None:
    pairs = [(made, records(dice)) for made in articles(dice)]
    documents = [document(key, made) for key, (made, _) in enumerate(pairs)]
    found = [perfect(key, made) for key, (_, made) in enumerate(pairs)]
    once = score(Gold("gold", documents), {each.id: each for each in found}).figures
    dice.shuffle(documents)
    shuffled = []
    for each in found:
        statements = list(each.statements)
        dice.shuffle(statements)
        shuffled.append(msgspec.structs.replace(each, statements=tuple(statements)))
    assert score(Gold("gold", documents), {each.id: each for each in shuffled}).figures == once


def test_figures_are_percents_and_an_answer_more_never_finds_less(dice: random.Random) -> None:
    pairs = [(made, records(dice)) for made in articles(dice)]
    gold = Gold("gold", [document(key, made) for key, (made, _) in enumerate(pairs)])
    found = {f"a{key}": perfect(key, made) for key, (_, made) in enumerate(pairs)}
    figures = score(gold, found).figures
    for name in ("record", "found", "spurious", "speaker", "kind", "speaker_kind"):
        assert 0 <= figures[name] <= 100
    assert figures["record"] <= figures["found"]
    assert figures["speaker"] <= figures["surname"]
    fewer = {
        key: msgspec.structs.replace(each, statements=each.statements[:-1])
        for key, each in found.items()
    }
    assert score(gold, fewer).figures["found"] <= figures["found"]


def test_precision_and_recall_change_places_with_gold_and_answer(dice: random.Random) -> None:
    one, other = records(dice), records(dice)

    def attributed(made: list[dict[str, Any]], kind: Any) -> Any:
        attributions = [{"content": each["content"]} for each in made]
        return msgspec.convert({"id": "a", "text": TEXT, "attributions": attributions}, kind)

    def figures(gold: Any, found: Any) -> dict[str, Any]:
        documents = [attributed(gold, Attributions)]
        return score(Gold("gold", documents), {"a": attributed(found, Prediction)}).figures["ALL"]

    there, back = figures(one, other)["content"], figures(other, one)["content"]
    assert there["precision"] == back["recall"]
    assert there["f1"] == pytest.approx(back["f1"])


def test_intervals_hold_the_figure_and_are_the_same_each_time() -> None:
    dice = random.Random(7)
    made = [{"content": [(0, 20)], "kind": "DIRECT", "speaker": None, "roles": [], "date": None}]
    gold = Gold("gold", [document(key, made) for key in range(30)])
    found = {f"a{key}": perfect(key, made if dice.random() < 0.7 else []) for key in range(30)}
    first, again = score(gold, found), score(gold, found)
    assert first.intervals == again.intervals
    low, high = first.intervals["found"]
    assert low < first.figures["found"] < high
