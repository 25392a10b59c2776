"""Fits what makes probabilities of the engine's scores, and says how well calibrated they are.

    python -m training.fit_confidence [--check] [--gold GOLD.jsonl …] [--polnear DEV.jsonl]

Run it from `server/`, or with it on PYTHONPATH, after every change of the attribution model or the
speaker ranker; it needs no other step. It reads gold documents (by default the project's own and
`../shared/gold/records-*.jsonl`) with the engine as it is installed, and PolNeAR's development part
(by default that of `../shared/corpora`), and writes into the package

* `likelihood.json`: whether a finding without quotation marks is a statement at all, from all
  findings of both; one of the gold counts four times, as the corpus has many more;
* `confidence.json`: whether statement, link, role, date and record are right, from the gold.

Tables are of documents held out (ten folds). `--check` writes nothing. A statement that pairs with
no record and touches what may be found or not is left out.
"""

from __future__ import annotations

import argparse
import datetime
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from quoth_server.engine import (
    anchors,
    confidence,
    dates,
    logistic,
    marks,
    paragraphs,
    parse,
    roles,
    speakers,
    statements,
)
from quoth_server.engine.attributions import AttributionModel
from quoth_server.engine.statements import assembly, likelihood
from quoth_server.engine.types import Article, StatementKind
from training import calibration
from training.calibration import Point, Probability
from training.gold_records import Gold, iso, same_date, same_role, same_speaker

_ROOT = Path(__file__).resolve().parents[2]
_SHARED = _ROOT.parent / "shared"
_DATA = Path(str(resources.files("quoth_server.engine"))) / "data" / "en"
_GOLD_COUNTS = 4.0
_NAMES = ("statement", "link", "role", "date", "record")

Document = Mapping[str, Any]


class Reader:
    """Reads documents once; what the finder says of them is kept."""

    def __init__(self) -> None:
        self._parser, self._finder = parse.Parser(), AttributionModel.load()
        self._read: dict[str, tuple[Any, ...]] = {}

    def read(self, document: Document) -> tuple[Any, ...]:
        """The parse, the paragraphs, the quotations and the attributions of a document."""
        body = document["text"]
        if body not in self._read:
            layout = paragraphs.divide(body, document.get("title") or "")
            quotations = marks.pair(body, layout)
            doc = self._parser.parse(body, layout)
            found = self._finder.find(doc, layout, quotations)
            self._read[body] = (doc, layout, quotations, found)
        return self._read[body]


def own_gold() -> list[Document]:
    """The project's own gold."""
    printed = subprocess.run(
        [sys.executable, "-m", "tests.quality.gold"], cwd=_ROOT, check=True, capture_output=True
    )
    return [json.loads(line) for line in printed.stdout.decode("utf-8").splitlines()]


def read_jsonl(paths: Iterable[Path]) -> list[Document]:
    """The documents of some files."""
    return [json.loads(line) for path in paths for line in path.open(encoding="utf-8")]


# ---- whether a finding is a statement -------------------------------------------------


def likelihood_points(reader: Reader, documents: Sequence[Document]) -> list[Point]:
    """The findings without marks of all documents, likely or not."""
    found = []
    for number, document in enumerate(documents):
        doc, layout, quotations, attributions = reader.read(document)
        gold = Gold.of(document)
        counts = _GOLD_COUNTS if "records" in document else 1.0
        for draft in assembly.candidates(doc, layout, quotations, attributions):
            if draft.kind is not StatementKind.DIRECT:
                right = gold.record(draft.content) is not None or gold.touches(draft.content)
                found.append(Point(number, likelihood.features(doc, draft), right, counts))
    return found


# ---- whether what is said of it is right ----------------------------------------------


def confidence_points(reader: Reader, documents: Sequence[Document]) -> dict[str, list[Point]]:
    """What each function is fitted on: the statements, links, roles, dates and records."""
    found: dict[str, list[Point]] = {name: [] for name in _NAMES}
    for number, document in enumerate(documents):
        for name, point in _answers(reader, number, document):
            found[name].append(point)
    return found


def _answers(reader: Reader, number: int, document: Document) -> Iterator[tuple[str, Point]]:
    body = document["text"]
    doc, layout, quotations, attributions = reader.read(document)
    published = document.get("published")
    day = datetime.date.fromisoformat(published[:10]) if published else None
    article = Article(body, document.get("title") or "", day)
    drafts = statements.assemble(doc, layout, quotations, attributions)
    cast = speakers.link(doc, layout, quotations, drafts, article.title)
    mentions = roles.find(drafts, cast.speakers, cast.mentions)
    ids = [mention.speaker_id if mention else "" for mention in mentions]
    told = dates.find(doc, layout, drafts, anchors.find(article, layout), ids)
    names = {speaker.speaker_id: speaker.display_name for speaker in cast.speakers}
    gold = Gold.of(document)
    for draft, mention, date in zip(drafts, mentions, told, strict=True):
        record = gold.record(draft.content)
        if record is None and gold.is_other(draft.content):
            continue
        values = confidence.features(doc, draft, mention, date)
        name = names.get(mention.speaker_id) if mention else None
        role = mention.role.span.of(body) if mention and mention.role else None
        speaker = record is not None and same_speaker(record["speaker"], name)
        kind = record is not None and record["kind"] == draft.kind.name
        yield "statement", Point(number, values, speaker and kind)
        fits = record is not None and same_role(record, role)
        then = record is not None and same_date(record, iso(date))
        asked = record is not None and bool(record["roles"])
        yield "record", Point(number, values, speaker and (fits or not asked) and then)
        if name is not None and record is not None:
            yield "link", Point(number, values, speaker)
        if role is not None and record is not None:
            yield "role", Point(number, values, fits)
        if iso(date) is not None and record is not None:
            yield "date", Point(number, values, then)


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
    reader = Reader()
    gold = [*own_gold(), *read_jsonl(sorted((_SHARED / "gold").glob("records-*.jsonl")))]
    gold = read_jsonl(options.gold) if options.gold else gold
    ours = {document["text"] for document in gold}  # some articles are in both
    polnear = [d for d in read_jsonl([options.polnear]) if d["text"] not in ours]
    findings = likelihood_points(reader, [*polnear, *gold])
    if not options.check:
        _write("likelihood", {"finding": findings})
    found = confidence_points(reader, gold)
    for line in tables({"finding": findings, **found}):
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
    parser.add_argument("--gold", nargs="+", type=Path, help="gold documents, JSONL")
    parser.add_argument(
        "--polnear",
        type=Path,
        default=_SHARED / "corpora/polnear/dev.jsonl",
        help="PolNeAR's development part, JSONL",
    )
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
