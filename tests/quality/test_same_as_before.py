"""The scorers give what those give that they replaced, on the same gold and predictions."""

from __future__ import annotations

import copy
import datetime
import functools
import importlib.util
import json
import random
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from quoth_cli.evaluation.documents import Prediction
from quoth_cli.evaluation.reading import read_gold
from quoth_cli.evaluation.scoring import Gold, Score, score

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
SCORERS = SHARED / "eval"
RECORDS = (
    SHARED / "gold/wikinews-dev.jsonl",
    SHARED / "gold/records-dev.jsonl",
    SHARED / "gold/records-article.jsonl",
    ROOT / "evaluation/gold",
)
POLNEAR = SHARED / "corpora/polnear/dev.jsonl"
SEEDS = range(3)

pytestmark = pytest.mark.skipif(not SCORERS.is_dir(), reason="the scorers are not beside the clone")


def scorer(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, SCORERS / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


gold_of = functools.cache(read_gold)


def plain(gold: Gold) -> list[dict[str, Any]]:
    return [msgspec.to_builtins(document) for document in gold.documents]


def scored(gold: Gold, predictions: Mapping[str, Any]) -> Score:
    return score(gold, {key: msgspec.convert(p, Prediction) for key, p in predictions.items()})


def shifted(dice: random.Random, text: str, spans: Any) -> list[list[int]]:
    def moved(at: int) -> int:
        return min(len(text), max(0, at + dice.choice([0, 0, 0, -1, 1, -12, 12, 40])))

    return [sorted((moved(s), moved(e))) for s, e in spans]


def statements(dice: random.Random, document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The records as statements, with mistakes."""
    text = document["text"]
    people = [record["speaker"] for record in document["records"]]
    words = text.split()
    for record in document["records"] * 2:
        if dice.random() < 0.4:
            continue
        speaker = dice.choice([record["speaker"], record["speaker"], dice.choice(people)])
        name = speaker and dice.choice(
            [*speaker["names"], speaker["names"][0].split()[-1], dice.choice(words), ""]
        )
        yield {
            "content": shifted(dice, text, record["content"]),
            "kind": dice.choice([record["kind"], "DIRECT"]),
            "speaker": speaker and {"name": name, "kind": speaker["kind"]},
            "roles": dice.choice(
                [record["roles"][:1], list(record["roles"]), [], [dice.choice(words)]]
            ),
            "date": dice.choice([record["date"], record["date"], None, "2016-10-04"]),
        }
    for spans in document["other"]:
        yield {"content": shifted(dice, text, spans), "kind": None, "speaker": None}
    for _ in range(dice.randrange(4)):
        at = dice.randrange(len(text))
        yield {"content": [[at, min(len(text), at + 60)]], "roles": None, "date": None}


def records_of(gold: Gold, dice: random.Random) -> dict[str, Any]:
    return {
        document["id"]: {"id": document["id"], "statements": list(statements(dice, document))}
        for document in plain(gold)
        if dice.random() < 0.9
    }


def names_of(figures: Mapping[str, Any], *keys: str) -> dict[str, float]:
    return {key: figures[key] for key in keys}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_records(path: Path, seed: int) -> None:
    gold = gold_of(path)
    predictions = records_of(gold, random.Random(seed))
    wanted = scorer("score_records").score(plain(gold), predictions)
    figures = scored(gold, predictions).figures
    assert figures["records"] == wanted.pop("records")
    assert figures["predicted"] == wanted.pop("predicted")
    for name, value in wanted.items():
        if isinstance(value, dict):
            got = {key: figures[name][long] for key, long in LONG.items()}
            assert got == pytest.approx(value, abs=0.0501), name
        else:
            assert round(figures[name], 1) == value, name


LONG = {"p": "precision", "r": "recall", "f1": "f1"}


def attributions(dice: random.Random, document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The attributions with mistakes."""
    for each in document["attributions"]:
        if dice.random() < 0.2:
            continue
        yield {
            role: shifted(dice, document["text"], each[role] or [])
            if dice.random() < 0.8
            else dice.choice([[], [[5, 9]]])
            for role in ("source", "cue", "content")
        }


def gum(folder: Path) -> Path:
    """News of GUM in the format of attributions."""
    made = folder / "gum.jsonl"
    lines = []
    for line in (SHARED / "corpora/gum/gum-news.jsonl").read_text(encoding="utf-8").splitlines():
        document = json.loads(line)
        found = [a for a in document["attributions"] if a.get("cue") != "none"]
        document["attributions"] = [
            {
                "source": [a["source"]] if a.get("source") else [],
                "cue": [],
                "content": a.get("content_max") or a["content"],
            }
            for a in found
        ]
        lines.append(json.dumps(document))
    made.write_text("\n".join(lines), encoding="utf-8")
    return made


@pytest.mark.timeout(240)
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("corpus", ["polnear", "gum"])
def test_attributions(tmp_path: Path, corpus: str, seed: int) -> None:
    gold = read_gold(gum(tmp_path)) if corpus == "gum" else gold_of(POLNEAR)
    dice = random.Random(seed)
    predictions = {
        document["id"]: {
            "id": document["id"],
            "attributions": list(attributions(dice, document)),
        }
        for document in plain(gold)
        if dice.random() < 0.9
    }
    files = {"gold": plain(gold), "predicted": predictions.values()}
    for name, documents in files.items():
        lines = "\n".join(json.dumps(document) for document in documents)
        (tmp_path / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    paths = [str(tmp_path / f"{name}.jsonl") for name in files]
    resamplings = 1000 if seed == 0 else 0
    wanted = scorer("score_attributions").score(*paths, times=resamplings)
    got = scored(gold, predictions)
    figures = got.figures
    for way in ("tokens", "exact"):
        for role in ("source", "cue", "content"):
            assert three(figures[way][role]) == pytest.approx(wanted[way][role])
    for kind in ("ALL", "DIRECT", "MIXED", "INDIRECT"):
        mine, theirs = figures[kind], wanted[kind]
        assert three(mine["content"]) == pytest.approx(theirs["content"])
        assert three(mine["attribution"]) == pytest.approx(theirs["attribution"])
        for name, old in {
            "gold": "gold",
            "predicted": "pred",
            "gold_without_source": "gold without source",
            "predicted_without_source": "pred without source",
            "source_accuracy": "source accuracy",
            "source_exact": "source exact",
        }.items():
            assert mine[name] == pytest.approx(theirs[old]), name
    assert got.unanswered == wanted["articles without a prediction line"]
    if resamplings:
        for name, old in {
            "ALL.attribution.f1": "attribution F1",
            "ALL.content.f1": "content F1",
            "DIRECT.attribution.recall": "DIRECT attribution R",
            "tokens.cue.f1": "cue tokens F1",
        }.items():
            assert got.intervals[name] == pytest.approx(wanted["95% CI"][old])


def three(figures: Mapping[str, float]) -> dict[str, float]:
    return {"P": figures["precision"], "R": figures["recall"], "F1": figures["f1"]}


def answers_to(module: Any, case: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    """The perfect answer to a case, with mistakes."""
    perfect = copy.deepcopy(module.perfect(case, reading=dice.randrange(2)))
    found = perfect["statements"]
    for statement in found:
        what = dice.choice(["speaker", "roles", "date", "kind", "", "", "", ""])
        if what == "speaker":
            statement["speaker"] = {"name": "Zebulon Quux", "kind": "PERSON"}
        elif what == "roles":
            statement["roles"] = ["zymurgist"]
        elif what == "date":
            statement["date"] = "1901-01-01"
        elif what == "kind":
            statement["kind"] = "NONE"
    for words in case["forbid"]:
        if dice.random() < 0.3:
            spans = module.spans_of(case["text"], [words])
            found.append({"content": spans, "negated": dice.random() < 0.5})
    if found and dice.random() < 0.1:
        found.pop()
    if dice.random() < 0.1:
        found.append({"content": [[0, len(case["text"])]]})
    return perfect


@pytest.mark.parametrize("seed", SEEDS)
def test_cases(seed: int) -> None:
    path = SHARED / "cases/reports-dev.jsonl"
    module = scorer("score_cases")
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    dice = random.Random(seed)
    predictions = {case["id"]: answers_to(module, case, dice) for case in lines}
    total, passed, why, failures = module.score(lines, predictions)
    got = scored(gold_of(path), predictions)
    figures = got.figures
    assert figures["passed"]["count"] == sum(passed.values())
    assert figures["passed"]["of"] == sum(total.values())
    for name, group in figures["groups"].items():
        assert (group["count"], group["of"]) == (passed[name], total[name])
        assert group["failing_on"] == why[name]
    positive = {c["id"] for c in lines if any(not e.get("optional") for e in c["expect"])}
    failed = {case["id"] for case, _ in failures}
    assert figures["expecting"]["count"] == len(positive - failed)
    wrong = {
        document.id
        for document, judgment in zip(got.gold.documents, got.judgments, strict=True)
        if judgment.errors
    }
    assert wrong == failed


def test_the_gold_is_dated_as_the_service_takes_it() -> None:
    for path in RECORDS:
        for document in gold_of(path).documents:
            assert document.published is None or datetime.date.fromisoformat(document.published)
