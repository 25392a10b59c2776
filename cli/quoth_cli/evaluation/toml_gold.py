"""Reads gold that gives contents, cues and the like as the words themselves, in TOML.

evaluation/gold/README.md has the conventions. What comes out is a document of records as JSON has
it, with spans, and what the file says beside that.
"""

from __future__ import annotations

import datetime
import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from quoth_cli.evaluation.documents import GoldError, Kind, SpeakerKind
from quoth_cli.evaluation.passage import Parts, Passage

__all__ = ["date_in_record", "is_held_out", "read_toml"]

_NEAR = ("source", "cue", "when", "addressee", "medium", "reported_by")
"""Parts of a record that stand near its content."""
_REASONS = {
    33: "SCARE_QUOTES",
    34: "TITLE",
    35: "NAME",
    36: "TERM",
    37: "MOTTO",
    38: "PROVERB",
    39: "HYPOTHETICAL",
}
"""Why words in quotation marks are not a statement, by the number of the phenomenon."""
_UNSAID = {
    "negated": ("NEGATED",),
    "declined": ("NEGATED",),
    "future": ("FUTURE", "HYPOTHETICAL"),
}
"""The factualities that tell that a content was not said, by why it is not a record."""


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file; a key that it does not have is a mistake."""


class _Shown(_Table, frozen=True, kw_only=True):
    """Something that shows a phenomenon, or is the negative twin of one."""

    shows: list[int] = []
    twins: list[int] = []

    @property
    def phenomena(self) -> dict[str, list[int]]:
        return {"shows": self.shows, "twins": self.twins}


class _Speaker(_Table, frozen=True, kw_only=True):
    names: list[str]
    kind: SpeakerKind
    roles: list[str] = []


class _Record(_Shown, frozen=True, kw_only=True):
    content: Parts
    kind: Kind
    speaker: str | None = None
    roles: list[str] | None = None
    source: Parts = None
    cue: Parts = None
    date: str | None = None
    scope: Literal["cue", "context"] | None = None
    when: Parts = None
    addressee: Parts = None
    medium: Parts = None
    reported_by: Parts = None
    factuality: Literal["ASSERTED", "DENIED", "NEGATED", "FUTURE", "HYPOTHETICAL", "ASKED"] = (
        "ASSERTED"
    )


class _Other(_Shown, frozen=True, kw_only=True):
    content: Parts
    why: Literal[
        "belief",
        "wish",
        "negated",
        "future",
        "question",
        "declined",
        "nested",
        "duplicate",
        "doubtful",
    ]
    cue: Parts = None


class _Trap(_Shown, frozen=True, kw_only=True, rename={"is_not": "not"}):
    words: Parts
    is_not: Literal["statement", "speaker", "role", "date"]


class _Text(_Table, frozen=True, kw_only=True):
    id: str
    text: str
    title: str = ""
    published: datetime.date | None = None
    speakers: dict[str, _Speaker] = {}
    records: list[_Record] = []
    other: list[_Other] = []
    traps: list[_Trap] = []


class _File(_Table, frozen=True, kw_only=True):
    text: list[dict[str, Any]] = []
    hold_out_one_in: int = 0


def read_toml(path: Path) -> Iterator[dict[str, Any]]:
    """Yields the documents of a file.

    Raises:
        GoldError: The file is not TOML, a key is unknown, or words are not found or ambiguous.
    """
    try:
        file = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _File)
    except (OSError, ValueError) as error:
        raise GoldError(f"{path.name}: {error}") from error
    for table in file.text:
        place = f"{path.name}: {table.get('id', '(no id)')}"
        try:
            text = msgspec.convert(table, _Text)
        except msgspec.ValidationError as error:
            raise GoldError(f"{place}: {error}") from error
        passage = Passage(place, text.text.strip("\n"))
        yield {
            "id": text.id,
            "beat": path.stem,
            "held_out": is_held_out(text.id, file.hold_out_one_in),
            "text": passage.text,
            "title": text.title,
            "published": text.published.isoformat() if text.published else None,
            "records": [_record(passage, record, text.speakers) for record in text.records],
            **_others(passage, text.other),
            **_traps(passage, text.traps),
        }


def date_in_record(stated: str) -> str:
    """The date as a record has it, `YYYY[-MM[-DD]]`; a week is given as its month.

    Raises:
        ValueError: `stated` is not a date, or is a week of two months, which has no such form.
    """
    if "W" in stated:
        monday = datetime.date.fromisoformat(stated)
        sunday = monday + datetime.timedelta(days=6)
        if monday.month != sunday.month:
            raise ValueError(f"the week {stated} lies in two months")
        return f"{monday:%Y-%m}"
    datetime.date.fromisoformat(stated + "-01" * (2 - stated.count("-")))
    return stated


def is_held_out(key: str, one_in: int) -> bool:
    """Whether a text is kept aside, for measuring alone: one in `one_in`, by a hash of its id."""
    return one_in > 0 and hashlib.sha256(key.encode()).digest()[0] % one_in == 0


def _record(passage: Passage, record: _Record, speakers: Mapping[str, _Speaker]) -> dict[str, Any]:
    if record.speaker is not None and record.speaker not in speakers:
        raise GoldError(
            f"{passage.place}: speaker {record.speaker!r} is not among {sorted(speakers)}"
        )
    speaker = None if record.speaker is None else speakers[record.speaker]
    content = passage.find_all(record.content)
    roles = speaker.roles if speaker and record.roles is None else record.roles
    return {
        "content": content,
        "kind": record.kind,
        "speaker": speaker and {"names": speaker.names, "kind": speaker.kind},
        "roles": roles or [],
        "date": _date(passage, record),
        "date_scope": record.scope,
        "date_stated": record.date,
        "factuality": record.factuality,
        **{part: passage.find_near(getattr(record, part), content) for part in _NEAR},
        **record.phenomena,
    }


def _date(passage: Passage, record: _Record) -> str | None:
    if (record.date is None) != (record.scope is None):
        raise GoldError(
            f"{passage.place}: date {record.date!r} with scope {record.scope!r}: give both"
        )
    if record.date is None:
        return None
    if record.when is None:
        raise GoldError(
            f"{passage.place}: date {record.date!r}: say which words give it, by `when`"
        )
    try:
        return date_in_record(record.date)
    except ValueError as error:
        raise GoldError(f"{passage.place}: {error}") from error


def _others(passage: Passage, others: list[_Other]) -> dict[str, Any]:
    contents = [passage.find_all(each.content) for each in others]
    pairs = list(zip(others, contents, strict=True))
    return {
        "other": contents,
        "other_notes": [
            {"why": each.why, "cue": passage.find_near(each.cue, content), **each.phenomena}
            for each, content in pairs
        ],
        "unsaid": [
            {"content": content, "factuality": _UNSAID[each.why]}
            for each, content in pairs
            if each.why in _UNSAID
        ],
    }


def _traps(passage: Passage, traps: list[_Trap]) -> dict[str, Any]:
    made = [
        {"span": passage.find_all(each.words)[0], "not": each.is_not, **each.phenomena}
        for each in traps
    ]
    return {
        "traps": made,
        "not_statements": [
            {
                "span": trap["span"],
                "reason": [_REASONS[n] for n in trap["shows"] if n in _REASONS],
            }
            for trap in made
            if trap["not"] == "statement"
        ],
    }
