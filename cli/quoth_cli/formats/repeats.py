"""Quotations that several articles have, as text to read or as cells."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from quoth_cli.formats.csv import shown_cell
from quoth_cli.formats.lines import WIDTH, days, wrapped
from quoth_cli.formats.wording import count
from quoth_cli.printable import clean

__all__ = ["COLUMNS", "rows", "written"]

Repeat = Mapping[str, Any]

COLUMNS = (
    "repeat",
    "text",
    "day",
    "article_id",
    "statement_id",
    "title",
    "url",
    "section",
    "speaker",
    "kind",
    "story",
    "wording",
    "wording_text",
)
_SHOWN = 10
"""Places and wordings of a repeat in a text; all are in JSON Lines and CSV."""


def written(repeat: Repeat) -> Iterator[str]:
    """Yields the lines for a repeat: the words, how often, where, and in which other words."""
    yield from textwrap.wrap(clean(repeat["text"]), WIDTH)
    told = [count(repeat["articles"], "article")]
    if repeat["stories"] < repeat["articles"]:
        stories = "1 story" if repeat["stories"] == 1 else f"{repeat['stories']} stories"
        told.append(f"{stories}, reprints counted once")
    if when := days(repeat["first_day"], repeat["last_day"]):
        told.append(when)
    if repeat["speakers"]:
        told.append(f"by {', '.join(repeat['speakers'])}")
    yield from wrapped(" · ".join(told))
    places = repeat["occurrences"]
    for place in places[:_SHOWN]:
        yield from wrapped(f"- {_place(place, places)}")
    yield from _more(len(places), "place")
    wordings = repeat["wordings"][1:]
    for wording in wordings[:_SHOWN]:
        changes = ", ".join(map(_change, wording["changes"])) or "the same words"
        yield from wrapped(f"* {wording['first_day'] or 'no day'}: {changes}")
    yield from _more(len(wordings), "wording")


def rows(number: int, repeat: Repeat) -> Iterator[list[str | int | None]]:
    """Yields a row of `COLUMNS` for every place of a repeat, which has a number, from 1."""
    for place in repeat["occurrences"]:
        known = {
            **place,
            "repeat": number,
            "text": repeat["text"],
            "wording_text": repeat["wordings"][place["wording"]]["text"],
        }
        row = [known[name] for name in COLUMNS]
        yield [shown_cell(each) for each in row]


def _place(place: Mapping[str, Any], places: list[Mapping[str, Any]]) -> str:
    known = [place["day"], place["article_id"], place["section"], place["title"], place["speaker"]]
    first = next(each for each in places if each["story"] == place["story"])
    reprint = f"reprint of {first['article_id']}" if first is not place else None
    if first["article_id"] == place["article_id"]:
        reprint = None
    return " · ".join(each for each in (*known, reprint) if each)


def _change(change: Mapping[str, Any]) -> str:
    match change["edit"]:
        case "added":
            return f"adds “{change['now']}”"
        case "left out":
            return f"leaves out “{change['was']}”"
        case _:
            return f"“{change['now']}” for “{change['was']}”"


def _more(number: int, noun: str) -> Iterator[str]:
    if number > _SHOWN:
        yield f"  and {count(number - _SHOWN, f'more {noun}')}"
