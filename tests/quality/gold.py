"""quoth's own gold: news texts of many beats, each with every statement annotated by hand.

    python -m tests.quality.gold > gold.jsonl

The texts live in `gold/*.toml`, one file a beat; `gold/README.md` has the conventions. Contents,
cues and the like are given there as the words themselves; here they become spans, code points of
the text, half-open. A document that is printed has what `score_records.py` reads (`id`, `text`,
`title`, `published`, `records`, `other`) and what the files say beside it.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import sys
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

__all__ = ["FOLDER", "GoldError", "date_for_scorer", "documents", "is_held_out", "read"]

FOLDER = Path(__file__).parent / "gold"

_KINDS = {"DIRECT", "INDIRECT", "MIXED"}
_SPEAKER_KINDS = {"PERSON", "ORGANIZATION", "GROUP", "DOCUMENT", "UNNAMED", "PLACE"}
_TEXT_KEYS = {"id", "title", "published", "text", "speakers", "records", "other", "traps"}
_RECORD_KEYS = {
    *("content", "kind", "speaker", "roles", "date", "scope", "factuality", "shows", "twins"),
}
_SPEAKER_KEYS = {"names", "kind", "roles"}
_OTHER_KEYS = {"content", "cue", "why", "shows", "twins"}
_TRAP_KEYS = {"words", "not", "shows", "twins"}
_FACTUALITIES = {"ASSERTED", "DENIED", "NEGATED", "FUTURE", "HYPOTHETICAL", "ASKED"}
_NEAR = ("source", "cue", "when", "addressee", "medium", "reported_by")
"""Parts of a record that stand near its content."""
_WHYS = {"belief", "wish", "negated", "future", "question", "declined", "nested", "duplicate"}
_NOTS = {"statement", "speaker", "role", "date"}

Span = tuple[int, int]


class GoldError(ValueError):
    """A mistake in a gold file; the message names the file, the text and the words."""


def documents(folder: Path = FOLDER) -> Iterator[dict[str, Any]]:
    """Yields the documents of every file, in the order of file names.

    Raises:
        GoldError: where a file is no TOML, a key is unknown, an id stands twice, or words are not
            found or are ambiguous.
    """
    seen: set[str] = set()
    for path in sorted(folder.glob("*.toml")):
        for document in read(path):
            if document["id"] in seen:
                raise GoldError(f"{path.name}: {document['id']}: this id stands twice")
            seen.add(document["id"])
            yield document


def read(path: Path) -> list[dict[str, Any]]:
    """The documents of one file."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise GoldError(f"{path.name}: {error}") from error
    return [_document(path, table) for table in tables.pop("text", [])]


def date_for_scorer(stated: str) -> str:
    """The date in the scorer's form, `YYYY[-MM[-DD]]`; a week is given as its month.

    Raises:
        ValueError: where `stated` is no date, or a week of two months, which has no such form.
    """
    if "W" in stated:
        monday = datetime.date.fromisoformat(stated)
        sunday = monday + datetime.timedelta(days=6)
        if monday.month != sunday.month:
            raise ValueError(f"the week {stated} lies in two months")
        return f"{monday:%Y-%m}"
    datetime.date.fromisoformat(stated + "-01" * (2 - stated.count("-")))
    return stated


def is_held_out(file: str, key: str) -> bool:
    """Whether a text is kept aside, for measuring alone: a fifth of the written ones, by hash."""
    return file.startswith("written_") and hashlib.sha256(key.encode()).digest()[0] % 5 == 0


def _document(path: Path, table: Mapping[str, Any]) -> dict[str, Any]:
    passage = _Passage(path.name, table.get("id", "(no id)"), table.get("text", "").strip("\n"))
    passage.check_keys(table, _TEXT_KEYS, ("id", "text"))
    speakers = table.get("speakers", {})
    published: datetime.date | None = table.get("published")
    return {
        "id": passage.name,
        "beat": path.stem,
        "held_out": is_held_out(path.stem, passage.name),
        "text": passage.text,
        "title": table.get("title", ""),
        "published": published.isoformat() if published else None,
        "records": [_record(passage, r, speakers) for r in table.get("records", [])],
        "other": [passage.find_all(o["content"]) for o in table.get("other", [])],
        "other_notes": [_other(passage, o) for o in table.get("other", [])],
        "traps": [_trap(passage, trap) for trap in table.get("traps", [])],
    }


def _record(
    passage: _Passage, table: Mapping[str, Any], speakers: Mapping[str, Any]
) -> dict[str, Any]:
    passage.check_keys(table, _RECORD_KEYS | set(_NEAR), ("content", "kind"))
    content = passage.find_all(table["content"])
    speaker = _speaker(passage, table, speakers)
    date, scope = table.get("date"), table.get("scope")
    passage.check_value("kind", table["kind"], _KINDS)
    if (date is None) != (scope is None) or scope not in (None, "cue", "context"):
        passage.fail(f"date {date!r} with scope {scope!r}: give both, scope cue or context")
    if date is not None and "when" not in table:
        passage.fail(f"date {date!r}: say which words give it (when)")
    try:
        scorer_date = date and date_for_scorer(date)
    except ValueError as error:
        passage.fail(str(error))
    return {
        "content": content,
        "kind": table["kind"],
        "speaker": speaker and {"names": speaker["names"], "kind": speaker["kind"]},
        "roles": table.get("roles", speaker.get("roles", []) if speaker else []),
        "date": scorer_date,
        "date_scope": scope,
        "date_stated": date,
        "factuality": _factuality(passage, table),
        **{part: passage.find_near(table.get(part), content) for part in _NEAR},
        "shows": table.get("shows", []),
        "twins": table.get("twins", []),
    }


def _factuality(passage: _Passage, record: Mapping[str, Any]) -> str:
    factuality: str = record.get("factuality", "ASSERTED")
    passage.check_value("factuality", factuality, _FACTUALITIES)
    return factuality


def _speaker(
    passage: _Passage, record: Mapping[str, Any], speakers: Mapping[str, Any]
) -> dict[str, Any] | None:
    if "speaker" not in record:
        return None
    if record["speaker"] not in speakers:
        passage.fail(f"speaker {record['speaker']!r} is not among {sorted(speakers)}")
    speaker: dict[str, Any] = speakers[record["speaker"]]
    passage.check_keys(speaker, _SPEAKER_KEYS, ("names", "kind"))
    passage.check_value("kind", speaker["kind"], _SPEAKER_KINDS)
    return speaker


def _other(passage: _Passage, table: Mapping[str, Any]) -> dict[str, Any]:
    passage.check_keys(table, _OTHER_KEYS, ("content", "why"))
    passage.check_value("why", table["why"], _WHYS)
    return {
        "why": table["why"],
        "cue": passage.find_near(table.get("cue"), passage.find_all(table["content"])),
        "shows": table.get("shows", []),
        "twins": table.get("twins", []),
    }


def _trap(passage: _Passage, table: Mapping[str, Any]) -> dict[str, Any]:
    passage.check_keys(table, _TRAP_KEYS, ("words", "not"))
    passage.check_value("not", table["not"], _NOTS)
    (span,) = passage.find_all(table["words"])
    return {
        "span": span,
        "not": table["not"],
        "shows": table.get("shows", []),
        "twins": table.get("twins", []),
    }


@dataclass(frozen=True, slots=True)
class _Passage:
    """One text, and where it stands for messages."""

    file: str
    name: str
    text: str

    def fail(self, what: str) -> NoReturn:
        raise GoldError(f"{self.file}: {self.name}: {what}")

    def check_keys(
        self, table: Mapping[str, Any], known: Iterable[str], required: Iterable[str]
    ) -> None:
        if unknown := sorted(set(table) - set(known)):
            self.fail(f"unknown keys {unknown}; known are {sorted(known)}")
        if missing := sorted(set(required) - set(table)):
            self.fail(f"{missing} missing beside {sorted(table)}")

    def check_value(self, key: str, value: str, known: Collection[str]) -> None:
        if value not in known:
            self.fail(f"{key} {value!r} is not one of {sorted(known)}")

    def find_all(self, parts: Any) -> list[Span]:
        """The spans of one part or a list of parts, each looked up in the whole text."""
        return [self._find(part, [(0, len(self.text))]) for part in _listed(parts)]

    def find_near(self, parts: Any, content: list[Span]) -> list[Span]:
        """The spans of parts looked up in the paragraphs of the content, but outside it.

        Of several places there the one nearest to the content is meant. What does not stand
        there is looked up in the whole text, where it must stand once.
        """
        near = [gap for span in self._paragraphs(content) for gap in _without(span, content)]
        far = _without((0, len(self.text)), content)
        return [
            self._find(part, near, content)
            if self._occurrences(_words(part), near)
            else self._find(part, far)
            for part in _listed(parts)
        ]

    def _find(self, part: Any, scope: list[Span], near_to: Sequence[Span] = ()) -> Span:
        words = _words(part)
        found = self._occurrences(words, scope)
        if not found:
            self.fail(f"{words!r} does not stand in the text")
        nth: int | None = part.get("nth") if isinstance(part, dict) else None
        if nth is not None:
            if not 1 <= nth <= len(found):
                self.fail(f"{words!r} stands {len(found)} times, there is no {nth}")
            return found[nth - 1]
        if near_to:
            found.sort(key=lambda span: _distance(span, near_to))
            if len(found) == 1 or _distance(found[0], near_to) < _distance(found[1], near_to):
                return found[0]
        if len(found) > 1:
            self.fail(f"{words!r} stands {len(found)} times: write {{ text = …, nth = … }}")
        return found[0]

    def _occurrences(self, words: str, scope: list[Span]) -> list[Span]:
        """Where the words stand as whole words, in text order, each inside one span of `scope`."""
        before = r"(?<!\w)" if words[:1].isalnum() else ""
        after = r"(?!\w)" if words[-1:].isalnum() else ""
        pattern = re.compile(before + re.escape(words) + after)
        return [m.span() for s, e in scope for m in pattern.finditer(self.text, s, e)]

    def _paragraphs(self, content: list[Span]) -> list[Span]:
        lines = [m.span() for m in re.finditer(r"[^\n]+", self.text)]
        return [(s, e) for s, e in lines if any(a < e and s < b for a, b in content)]


def _listed(parts: Any) -> list[Any]:
    if parts is None:
        return []
    return parts if isinstance(parts, list) else [parts]


def _words(part: Any) -> str:
    return str(part["text"] if isinstance(part, dict) else part)


def _distance(span: Span, others: Iterable[Span]) -> int:
    """The code points between a span and the nearest of others."""
    return min(max(span[0] - end, start - span[1]) for start, end in others)


def _without(whole: Span, holes: Iterable[Span]) -> list[Span]:
    """The gaps that `holes` leave in `whole`."""
    start, end = whole
    gaps = []
    for hole_start, hole_end in sorted(holes):
        if hole_end <= start or hole_start >= end:
            continue
        gaps.append((start, hole_start))
        start = hole_end
    gaps.append((start, end))
    return [(s, e) for s, e in gaps if s < e]


def _main() -> int:
    try:
        for document in documents():
            print(json.dumps(document, ensure_ascii=False))
    except GoldError as error:
        print(f"gold: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_main())
