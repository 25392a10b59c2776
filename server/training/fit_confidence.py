"""Fits what makes probabilities of the networks' scores, and says how well calibrated they are.

    python -m training.fit_confidence --shared ../shared --out build/joint [--check]

Run it after `training.joint`, with the same folder: every article is read by the networks of the
fold that it is not in, so that what is fitted here was not trained on. After `training.shorter`
or `training.more` there are no such networks: without `--out`, the installed ones read the own
texts that are kept aside. It writes `confidence.json` into the package: whether statement, link,
role, date and record are right.

Tables are of documents held out once more (ten folds). `--check` writes nothing. A statement that
pairs with no record and touches what may be found or not is left out. `OUT/held-out.jsonl` has the
answers, for `score_records.py`.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from quoth_server.engine import confidence, logistic
from quoth_server.engine.config import EngineConfig
from quoth_server.engine.pipeline import Pipeline, Told, load
from quoth_server.engine.records.network import RecordNetwork
from quoth_server.engine.types import Article
from training import calibration
from training.calibration import Point, Probability
from training.gold_records import (
    Gold,
    fold_of,
    iso,
    own_gold,
    real_news,
    same_date,
    same_role,
    same_speaker,
)
from training.records import tools

_DATA = Path(str(resources.files("quoth_server.engine"))) / "data" / "en"
_NAMES = ("statement", "link", "role", "date", "record")

Document = Mapping[str, Any]
Answers = list[tuple[str, Point]]


@dataclass(frozen=True)
class _Networks:
    """Where the networks lie that were trained without each fold, and how many folds there are.

    Without a folder they are the installed ones, which saw no text that is kept aside.
    """

    out: Path | None
    folds: int

    def pipeline(self, key: str) -> Pipeline:
        """The engine that never saw an article."""
        if self.out is None:
            return _installed()
        folder = self.out / f"fold-{fold_of(key, self.folds)}"
        return Pipeline(*tools(key, self.out, self.folds), _records(folder))


@cache
def _installed() -> Pipeline:
    return load(EngineConfig())


@cache
def _records(folder: Path) -> RecordNetwork:
    return RecordNetwork.load(folder)


def _read(job: tuple[int, Document, _Networks]) -> tuple[Answers, dict[str, Any]]:
    """The points of a document, and its answers as the scorer reads them."""
    number, document, networks = job
    published = document.get("published")
    day = datetime.date.fromisoformat(published[:10]) if published else None
    article = Article(document["text"], document.get("title") or "", day)
    told = networks.pipeline(document["id"]).read(article)
    return list(_answers(number, document, told)), _as_records(document, told)


# ---- whether what is said of it is right ----------------------------------------------


def _answers(number: int, document: Document, told: Told) -> Iterator[tuple[str, Point]]:
    body = document["text"]
    names = {speaker.speaker_id: speaker.display_name for speaker in told.cast.speakers}
    gold = Gold.of(document)
    for draft, mention, date in zip(told.drafts, told.mentions, told.dates, strict=True):
        record = gold.record(draft.content)
        if record is None and gold.is_other(draft.content):
            continue
        values = confidence.features(told.doc, draft, mention, date)
        name = names.get(mention.speaker_id) if mention else None
        role = mention.role.span.of(body) if mention and mention.role else None
        speaker = record is not None and same_speaker(record["speaker"], name)
        kind = record is not None and record["kind"] == draft.kind.name
        yield "statement", Point(number, values, speaker and kind)
        fits = record is not None and same_role(record, role)
        then = record is not None and same_date(record, iso(date))
        # For a speaker who is not a named person a missing role is neither right nor wrong.
        asked = (
            record is not None and bool(record["roles"]) and (role is not None or _named(record))
        )
        yield "record", Point(number, values, speaker and (fits or not asked) and then)
        if name is not None and record is not None:
            yield "link", Point(number, values, speaker)
        if role is not None and record is not None:
            yield "role", Point(number, values, fits)
        if iso(date) is not None and record is not None:
            yield "date", Point(number, values, then)


def _named(record: Mapping[str, Any]) -> bool:
    return bool(record["speaker"]) and record["speaker"]["kind"] == "PERSON"


def _as_records(document: Document, told: Told) -> dict[str, Any]:
    cast = {speaker.speaker_id: speaker for speaker in told.cast.speakers}
    found = []
    for draft, mention, date in zip(told.drafts, told.mentions, told.dates, strict=True):
        speaker = cast.get(mention.speaker_id) if mention else None
        role = mention.role.span.of(document["text"]) if mention and mention.role else ""
        found.append(
            {
                "content": [(span.start_offset, span.end_offset) for span in draft.content],
                "kind": draft.kind.name,
                "speaker": speaker and {"name": speaker.display_name, "kind": speaker.type.name},
                "roles": [role] if role else [],
                "date": iso(date),
            }
        )
    return {"id": document["id"], "statements": found}


# ---- the command ----------------------------------------------------------------------


def tables(found: Mapping[str, Sequence[Point]]) -> Iterator[str]:
    """How well calibrated documents held out are, and what thresholds buy there."""
    pairs: dict[str, list[Probability]] = {n: calibration.held_out(p) for n, p in found.items()}
    for name, each in pairs.items():
        yield from calibration.reliability(name, each)
        yield ""
    for name in ("statement", "record"):
        if name in pairs:
            yield from calibration.thresholds(name, pairs[name])
            yield ""


def main() -> None:
    """Fits, reports, and writes the weights."""
    options = _options()
    # Of the folds real news alone: most texts written for training are not as hard, nor as long.
    kept_aside = (document for document in own_gold() if document["held_out"])
    gold = list(kept_aside) if options.out is None else real_news(options.shared)
    networks = _Networks(options.out, options.folds)
    jobs = [(n, document, networks) for n, document in enumerate(gold)]
    with get_context("spawn").Pool(os.cpu_count()) as pool:
        read = pool.map(_read, jobs, chunksize=4)
    found: dict[str, list[Point]] = {name: [] for name in _NAMES}
    for answers, _ in read:
        for name, point in answers:
            found[name].append(point)
    if options.out is not None:
        lines = [json.dumps(answer) + "\n" for _, answer in read]
        (options.out / "held-out.jsonl").write_text("".join(lines), "utf-8")
    for line in tables(found):
        print(line)
    if not options.check:
        _write("confidence", found)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m training.fit_confidence",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--check", action="store_true", help="print the tables, write nothing")
    parser.add_argument("--shared", type=Path, required=True, help="the folder with gold/")
    parser.add_argument("--out", type=Path, help="that of training.joint")
    parser.add_argument("--folds", type=int, default=3, help="as many as were trained")
    return parser.parse_args()


def _write(file: str, found: Mapping[str, Sequence[Point]]) -> None:
    """Writes the weights into the package, and lets the engine of this process read them."""
    learned = {
        "about": f"Weights of the functions of {file}; made by python -m training.fit_confidence.",
        "points": {name: len(points) for name, points in found.items()},
        "weights": {name: calibration.fit(points) for name, points in found.items()},
    }
    (_DATA / f"{file}.json").write_text(json.dumps(learned, indent=1) + "\n", "utf-8")
    logistic.weights.cache_clear()


if __name__ == "__main__":
    main()
