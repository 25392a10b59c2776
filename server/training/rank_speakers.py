"""Learns the speaker ranker's weights from corpora with coreference.

    python server/training/rank_speakers.py CORPORA [--gold RECORDS.jsonl] [--check] [-o WEIGHTS]

CORPORA is a folder with gum/gum-*.jsonl, meantime/*.jsonl and litbank/*.jsonl: one document a line,
`text` and `entities: [{id, mentions: [[start, end], …]}]`, and for litbank `quotes: [{span,
entity}]`; and with polnear/train.jsonl, which has attributions and no coreference. RECORDS are gold
documents with `records`, which name each statement's speaker. The engine
reads each document with an oracle in the ranker's place; every question that it asks becomes an
example, weighted by the genre. `--check` reports cross-validated accuracy only.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from spacy.tokens import Doc

from quoth_server.engine import marks, paragraphs, parse, statements
from quoth_server.engine.speakers import names, rule_links
from quoth_server.engine.speakers.entities import Entity
from quoth_server.engine.speakers.features import Place, compatible
from quoth_server.engine.speakers.linking import Linker
from quoth_server.engine.speakers.mentions import Form
from quoth_server.engine.speakers.names import Gender
from quoth_server.engine.speakers.ranking import NONE, PRONOUNS, Choice, Features, Kind, choose
from quoth_server.engine.speakers.sources import head_of
from quoth_server.engine.statements import Draft
from quoth_server.engine.types import Attribution, Paragraph, Span, StatementKind

_WEIGHTS = {"news": 4.0, "bio": 2.0, "interview": 2.0, "speech": 1.0, "court": 1.0, "fiction": 0.2}
_WEIGHTS["attributed news"] = 3.0
_WEIGHTS["gold"] = 5.0
_OTHER_WEIGHT = 1.0
_PENALTY = 30.0
"""How strongly weights are drawn to the prior, in examples of weight 1."""
_PRIOR = Path(__file__).with_name("speaker_ranker_prior.json")
_FOLDS = 5


@dataclass(frozen=True)
class Example:
    """One question: the features of "none" and of each candidate, and which is right."""

    kind: Kind
    document: int
    weight: float
    choices: tuple[Features, ...]
    right: tuple[int, ...]


class Reader:
    """Answers the linker's questions in the ranker's place and keeps them as examples."""

    def __init__(self, document: dict, number: int) -> None:
        self.examples: list[Example] = []
        self.linker: Linker | None = None
        self._number = number
        self._genre = document.get("genre", "fiction")

    def keep(self, kind: Kind, right: Sequence[int], described: Sequence[Features]) -> Choice:
        """Keeps a question with its right candidates (none if empty), and answers so."""
        weight = _WEIGHTS.get(self._genre, _OTHER_WEIGHT)
        if self._genre == "fiction" and kind not in {Kind.PERSON, Kind.QUOTATION}:
            weight = 0.0
        if kind in PRONOUNS and any("speaks" in f for f in described):
            choices, answer = tuple(described), tuple(right)  # somebody is meant
        else:
            choices, answer = (NONE, *described), tuple(i + 1 for i in right) or (0,)
        if answer:
            self.examples.append(Example(kind, self._number, weight, choices, answer))
        return Choice(right[0] if right else None, 1.0)


class Annotated(Reader):
    """Knows the answers from the annotation of coreference."""

    def __init__(self, document: dict, number: int) -> None:
        super().__init__(document, number)
        self._complete = not document["id"].startswith("MEANTIME")
        self._spans = sorted(
            (end - start, start, end, str(entity["id"]))
            for entity in document["entities"]
            for start, end in entity["mentions"]
        )
        self._at: dict[int, str | None] = {}
        self._settled: set[int] = set()
        self._speaker = {
            q["span"][0]: str(q["entity"]) for q in document.get("quotes", ()) if q.get("entity")
        }

    def _chain(self, offset: int) -> str | None:
        """The chain of the shortest mention that covers an offset."""
        if offset not in self._at:
            covering = (c for _, s, e, c in self._spans if s <= offset < e)
            self._at[offset] = next(covering, None)
        return self._at[offset]

    def _chain_of(self, entity: Entity) -> str | None:
        assert self.linker is not None
        doc = self.linker.doc
        chains = Counter(self._chain(doc[p.head].idx) for p in entity.phrases[:12])
        return chains.most_common(1)[0][0] if chains and not entity.parts else None

    def decide(
        self, kind: Kind, place: Place, candidates: Sequence[Entity], described: Sequence[Features]
    ) -> Choice:
        """The right candidate by the annotation."""
        assert self.linker is not None
        doc = self.linker.doc
        if kind is Kind.QUOTATION:
            wanted = self._speaker.get(doc[place.token].idx)
        else:
            assert place.phrase is not None
            wanted = self._chain(doc[place.phrase.head].idx)
            if kind is Kind.LATER and place.token in self._settled:
                return Choice(None, 1.0)  # it speaks, and was asked about as such
            if kind is Kind.LATER:
                self._settled.add(place.token)
        right = [i for i, e in enumerate(candidates) if wanted and self._chain_of(e) == wanted]
        surely_none = self._complete and kind not in {Kind.NAME, Kind.QUOTATION}
        if wanted is None or (not right and not surely_none):
            return Choice(None, 1.0)
        return self.keep(kind, right, described)


class Inferred(Reader):
    """Knows some answers in news without coreference, for sure or nearly so.

    A pronoun whose gender only one of the people around has means that one (those of unknown
    gender count when mentioned in this sentence or the one before): the example then leaves
    gender out and has all of them as candidates. A paragraph that is one quotation, and
    that the annotation gives to a source in another paragraph, is that source's.
    """

    def __init__(self, number: int, elsewhere: dict[int, int]) -> None:
        super().__init__({"genre": "attributed news"}, number)
        self._elsewhere = elsewhere

    def decide(
        self, kind: Kind, place: Place, candidates: Sequence[Entity], described: Sequence[Features]
    ) -> Choice:
        """The one that gender or the annotation points to, else the ranker's choice."""
        assert self.linker is not None
        if kind is Kind.QUOTATION:
            head = self._elsewhere.get(self.linker.doc[place.token].idx)
            link = self.linker.links.get(head) if head is not None else None
            if link is not None and link.entity in candidates:
                return self.keep(kind, [candidates.index(link.entity)], described)
        if kind is Kind.PERSON and place.phrase is not None and place.speaks:
            anyone = replace(place, phrase=replace(place.phrase, gender=Gender.UNKNOWN))
            people = [e for e in self.linker.recent() if compatible(anyone, e)]
            right = [i for i, e in enumerate(people) if e.gender is place.phrase.gender]
            features = [self.linker.describe(anyone, e) for e in people]
            unsure = any(
                e.gender is Gender.UNKNOWN and {"sentences_0", "sentences_1"} & f.keys()
                for e, f in zip(people, features, strict=True)
            )
            if len(right) == 1 and not unsure and len(people) > 1:
                self.keep(kind, right, features)
                return Choice(candidates.index(people[right[0]]), 1.0)
        return choose(kind, described)


class Recorded(Reader):
    """Knows who speaks, by the names that gold records give the speakers of their statements."""

    def __init__(self, document: dict, number: int, doc: Doc, drafts: Sequence[Draft]) -> None:
        super().__init__({"genre": "gold"}, number)
        self._wanted: dict[int, dict | None] = {}
        for record, draft in zip(_recorded(document), drafts, strict=True):
            head = head_of(doc, draft) if draft.source else None
            first = doc.char_span(
                draft.content[0].start_offset,
                draft.content[0].start_offset + 1,
                alignment_mode="expand",
            )
            key = head.i if head is not None else first.start
            self._wanted[key] = record["speaker"]

    def decide(
        self, kind: Kind, place: Place, candidates: Sequence[Entity], described: Sequence[Features]
    ) -> Choice:
        """The one whom the record names, else the ranker's choice."""
        assert self.linker is not None
        if kind is Kind.LATER:
            heads = self._nameless(place)
        else:
            heads = [place.token if place.phrase is None else place.phrase.head]
        wanted = next((self._wanted[h] for h in heads if self._wanted.get(h)), None)
        if wanted is None or not (place.speaks or kind in {Kind.LATER, Kind.QUOTATION}):
            return choose(kind, described)
        right = [i for i, e in enumerate(candidates) if self._is(e, wanted)]
        return self.keep(kind, right, described)

    def _nameless(self, place: Place) -> list[int]:
        """All places of the nameless one that a place's description is of."""
        assert self.linker is not None
        assert place.phrase is not None
        link = self.linker.links.get(place.phrase.head)
        return [p.head for p in link.entity.phrases] if link and link.entity else []

    def _is(self, entity: Entity, wanted: dict) -> bool:
        """Whether an entity is called so: a name agrees, or most words of a description."""
        called = [p.name.bare if p.name else p.text for p in entity.named]
        if not called and entity.parts:
            return False
        called = called or [p.text for p in entity.phrases if p.form is Form.DESCRIPTION]
        return any(_agree(one, name) for one in called for name in wanted["names"])


def _agree(one: str, name: str) -> bool:
    words = [
        {w for w in names.body_words(text) if w not in {"his", "her", "its", "one"}}
        for text in (one, name)
    ]
    shared = len(words[0] & words[1])
    return shared > 0 and 2 * shared / (len(words[0]) + len(words[1])) >= 0.6


def _recorded(document: dict) -> list[dict]:
    """The records of a gold document that a speaker is named for."""
    return [r for r in document["records"] if r["speaker"]]


# ---- examples -------------------------------------------------------------------------


def documents(corpora: Path, gold: Sequence[Path]) -> Iterator[dict]:
    """All documents, those with coreference first, gold last."""
    for pattern in (
        "gum/gum-*.jsonl",
        "meantime/*.jsonl",
        "litbank/*.jsonl",
        "polnear/train.jsonl",
    ):
        for path in sorted(corpora.glob(pattern)):
            yield from _lines(path)
    for path in gold:
        yield from _lines(path)


def _lines(path: Path) -> Iterator[dict]:
    for line in path.read_text("utf-8").splitlines():
        yield json.loads(line)


def examples(parser: parse.Parser, document: dict, number: int) -> list[Example]:
    """The questions that one document raises."""
    body = document["text"]
    parts = paragraphs.divide(body, document.get("title") or "")
    quotations = marks.pair(body, parts)
    doc = parser.parse(body, parts)
    if "records" in document:
        drafts = [_draft(r) for r in _recorded(document)]
        reader: Reader = Recorded(document, number, doc, drafts)
    elif "entities" in document:
        drafts = _drafts(document)
        reader = Annotated(document, number)
    else:
        attributions = [_attribution(a) for a in document["attributions"] if a["content"]]
        drafts = list(statements.candidates(doc, parts, quotations, attributions))
        elsewhere = dict(_elsewhere(doc, parts, drafts))
        drafts += [
            Draft((Span(start, start + 1),), kind=StatementKind.DIRECT) for start in elsewhere
        ]
        reader = Inferred(number, elsewhere)
    title = document.get("title") or ""
    reader.linker = Linker(doc, parts, quotations, reader.decide, title)
    rule_links.read(reader.linker, drafts)
    if isinstance(reader, Annotated):
        reader.linker.settle(list(reader.linker.entities))
    return [e for e in reader.examples if e.weight]


def _drafts(document: dict) -> list[Draft]:
    """The document's attributions with a source, and its quotations without one."""
    drafts = [
        Draft(tuple(Span(*s) for s in a["content"]), source=Span(*a["source"]))
        for a in document.get("attributions", ())
        if a["source"] and a["cue"] != "none"
    ]
    if "attributions" not in document:
        drafts += [
            Draft((Span(*q["span"]),), kind=StatementKind.DIRECT)
            for q in document.get("quotes", ())
        ]
    return drafts


def _draft(record: dict) -> Draft:
    content = tuple(Span(*s) for s in sorted(record["content"]))
    kind = StatementKind[record["kind"]]
    return Draft(content, kind=kind, cue=_hull(record["cue"]), source=_hull(record["source"]))


def _attribution(record: dict) -> Attribution:
    content = tuple(Span(*s) for s in sorted(record["content"]))
    return Attribution(content, _hull(record["cue"]), _hull(record["source"]))


def _hull(spans: Sequence[Sequence[int]]) -> Span | None:
    return Span(min(s[0] for s in spans), max(s[1] for s in spans)) if spans else None


def _elsewhere(
    doc: Doc, parts: Sequence[Paragraph], drafts: Sequence[Draft]
) -> Iterator[tuple[int, int]]:
    """Paragraphs that are one quotation whose source stands in an earlier one.

    Yields:
        Where the quotation starts, and the head token of its source.
    """
    for draft in drafts:
        head = head_of(doc, draft) if draft.source else None
        for span in draft.content[1:] if head is not None else ():
            around = next((p.span for p in parts if p.span.covers(span)), None)
            whole = (
                around
                and span.start_offset - around.start_offset < 3
                and around.end_offset - span.end_offset < 3
            )
            if head is not None and around and whole and head.idx < around.start_offset:
                yield span.start_offset, head.i


# ---- fitting --------------------------------------------------------------------------


def fit(found: Sequence[Example], names: Sequence[str], prior: np.ndarray) -> np.ndarray:
    """Weights of a softmax over each example's choices, by penalized likelihood (Adam).

    The penalty is on the squared distance from the prior: where the corpora say little, and they
    have little news, what is known of news stays.
    """
    index = {name: i for i, name in enumerate(names)}
    widest = max(len(e.choices) for e in found)
    values = np.zeros((len(found), widest, len(names)), np.float32)
    there = np.zeros((len(found), widest), bool)
    right = np.zeros((len(found), widest), bool)
    for row, example in enumerate(found):
        there[row, : len(example.choices)] = True
        right[row, list(example.right)] = True
        for column, choice in enumerate(example.choices):
            for name, value in choice.items():
                values[row, column, index[name]] = value
    weight = np.array([e.weight for e in found], np.float32)
    weights = prior.astype(np.float32)
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, 601):
        scores = np.where(there, values @ weights, -1e9)
        all_ = _softmax(scores)
        good = _softmax(np.where(right, scores, -1e9))
        error = (all_ - good) * weight[:, None]
        gradient = np.einsum("ec,ecf->f", error, values) + _PENALTY * (weights - prior)
        first = 0.9 * first + 0.1 * gradient
        second = 0.99 * second + 0.01 * gradient**2
        rate = 0.1 if step < 300 else 0.02
        weights -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-6)
    return weights


def _softmax(scores: np.ndarray) -> np.ndarray:
    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    return likely / likely.sum(axis=1, keepdims=True)


def accuracy(found: Sequence[Example], weights: dict[str, float]) -> tuple[int, int]:
    """How many examples are answered rightly, and how many there are."""
    hits = 0
    for example in found:
        scores = [sum(weights.get(n, 0.0) * v for n, v in c.items()) for c in example.choices]
        hits += int(np.argmax(scores)) in example.right
    return hits, len(found)


def named(found: Sequence[Example]) -> dict[str, float]:
    """Fitted weights by the features' names."""
    known: dict[str, float] = json.loads(_PRIOR.read_text("utf-8"))["weights"][found[0].kind]
    names = sorted({n for e in found for c in e.choices for n in c} | known.keys())
    prior = np.array([known.get(n, 0.0) for n in names])
    return dict(zip(names, (round(float(w), 3) for w in fit(found, names, prior)), strict=True))


def _genre(document: dict) -> str:
    if "records" in document:
        return "gold"
    return str(document.get("genre", "fiction" if "entities" in document else "attributed"))


def main() -> None:
    """Reads the corpora, reports accuracy, and writes the weights."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("corpora", type=Path)
    arguments.add_argument("--check", action="store_true")
    arguments.add_argument("-o", "--out", type=Path)
    arguments.add_argument("--gold", type=Path, nargs="*", default=[])
    options = arguments.parse_args()
    parser = parse.Parser()
    by_kind: dict[Kind, list[Example]] = defaultdict(list)
    genres: dict[int, str] = {}
    for number, document in enumerate(documents(options.corpora, options.gold)):
        genres[number] = _genre(document)
        for example in examples(parser, document, number):
            by_kind[example.kind].append(example)
    report: dict[str, dict[str, float]] = {}
    for kind, found in by_kind.items():
        hits: Counter[str] = Counter()
        total: Counter[str] = Counter()
        for fold in range(_FOLDS):
            weights = named([e for e in found if e.document % _FOLDS != fold])
            for example in found:
                if example.document % _FOLDS == fold:
                    for key in ("all", genres[example.document]):
                        hits[key] += accuracy([example], weights)[0]
                        total[key] += 1
        report[kind] = {k: round(100 * hits[k] / total[k], 1) for k in total}
        print(kind, dict(total), report[kind])
    if options.check or options.out is None:
        return
    learned = {
        "about": "Weights of the speaker ranker; learned by server/training/rank_speakers.py.",
        "examples": {k: len(v) for k, v in by_kind.items()},
        "accuracy": {k: v["all"] for k, v in report.items()},
        "weights": {k: named(v) for k, v in by_kind.items()},
    }
    options.out.write_text(json.dumps(learned, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
