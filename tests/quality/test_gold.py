"""The gold files hold together: spans, dates, roles, kinds, and every phenomenon both ways."""

from __future__ import annotations

import calendar
import datetime
import itertools
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evaluation.as_jsonl import FOLDER, documents
from quoth_cli.evaluation.documents import GoldError
from quoth_cli.evaluation.reading import read_gold
from quoth_cli.evaluation.toml_gold import date_in_record, read_toml

PHENOMENA = range(1, 93)
DOCUMENTS = list(documents())
by_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d["id"])

Check = Callable[[dict[str, Any], dict[str, Any]], None]


def of_each(kind: str) -> Callable[[Check], Callable[[dict[str, Any]], None]]:
    """Makes a test of a document from a check of one of its `records` or `traps`.

    A test of each alone would be 40,000 tests, which take minutes to be collected.
    """

    def tests(check: Check) -> Callable[[dict[str, Any]], None]:
        @by_document
        def test(document: dict[str, Any]) -> None:
            for number, item in enumerate(document[kind], start=1):
                try:
                    check(document, item)
                except AssertionError as error:
                    error.add_note(f"{kind}, number {number} of {document['id']}")
                    raise

        test.__doc__ = check.__doc__
        return test

    return tests


WEEKDAYS = list(calendar.day_name)
MONTHS = list(calendar.month_name)[1:]
QUOTED = re.compile(
    r"“[^“”\n]*(?:[”“]|$)|«[^»\n]*»|„[^“\n]*“|``.*?''|(?<![\d\w])\"[^\"\n]*\""
    r"|(?<!\w)‘.*?(?:(?<=[,.?!…])’(?!\w)|’(?=[.,;:)]|$))|‘[^’\n]*’(?!\w)",
    re.MULTILINE,
)
SAYING = re.compile(r"\b(?:said|says|say|told|tells|asked|wrote|writes|according to)\b", re.I)
VERBATIM = {25, 30, 31, 32, 75}
"""Phenomena whose words are verbatim, or a list, without whole marks of the usual kind."""


def test_enough_texts_of_enough_beats() -> None:
    assert len(DOCUMENTS) >= 70
    assert len({document["beat"] for document in DOCUMENTS}) >= 8


@pytest.mark.parametrize("number", PHENOMENA)
@pytest.mark.parametrize("side", ["shows", "twins"])
def test_every_phenomenon_is_shown_and_has_a_negative_twin(side: str, number: int) -> None:
    texts = [
        document["id"]
        for document in DOCUMENTS
        for item in (*document["records"], *document["other_notes"], *document["traps"])
        if number in item[side]
    ]
    assert texts, f"no text has {number} among its {side}"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda p: p.stem)
def test_spans_are_the_words_of_the_file(path: Path) -> None:
    tables = tomllib.loads(path.read_text(encoding="utf-8"))["text"]
    for table, document in zip(tables, read_toml(path), strict=True):
        text = document["text"]
        for written, record in zip(table.get("records", []), document["records"], strict=True):
            for part in ("content", "cue", "source", "when", "addressee", "medium", "reported_by"):
                words = written.get(part, [])
                listed = words if isinstance(words, list) else [words]
                assert [text[s:e] for s, e in record[part]] == [
                    word["text"] if isinstance(word, dict) else word for word in listed
                ]


@of_each("records")
def test_content_is_in_text_order_without_overlap(
    document: dict[str, Any], record: dict[str, Any]
) -> None:
    spans = record["content"]
    assert spans
    assert all(a[1] < b[0] for a, b in itertools.pairwise(spans))
    assert all(document["text"][s:e].strip() == document["text"][s:e] for s, e in spans)


@of_each("records")
def test_names_and_roles_are_the_words_of_the_article(
    document: dict[str, Any], record: dict[str, Any]
) -> None:
    body = _words(document["text"])
    for role in record["roles"]:
        assert _words(role) <= body, role
    for name in record["speaker"]["names"] if record["speaker"] else []:
        assert _words(name) <= body | _words(document["title"]), name
    if record["speaker"] is None or record["speaker"]["kind"] in ("DOCUMENT", "PLACE"):
        assert record["roles"] == []


@of_each("records")
def test_date_fits_its_words_and_the_publication(
    document: dict[str, Any], record: dict[str, Any]
) -> None:
    if record["date"] is None:
        assert record["date_scope"] is None
        return
    words = " ".join(document["text"][s:e] for s, e in record["when"])
    first, last = _extent(record["date_stated"])
    published = _published(document)
    assert first <= published
    if days := [day for day in WEEKDAYS if day in words]:
        assert first == last
        assert days == [WEEKDAYS[first.weekday()]]
        assert (published - first).days <= 7
        assert "last" in words or (published - first).days < 7
    if months := [
        i for i, m in enumerate(MONTHS, 1) if re.search(rf"\b{m[:3]}(?:{m[3:]}|\.)", words)
    ]:
        assert months == [first.month]
        assert re.search(r"\b\d{4}\b", words) or (published - first).days < 366
        if number := re.search(r"\b\d{1,2}\b", words):
            assert first == last
            assert first.day == int(number.group())
    if year := re.search(r"\b\d{4}\b", words):
        assert first.year == int(year.group())
    if words.lower() == "today":
        assert first == published
    if words.lower() == "last month":
        before = published.replace(day=1) - datetime.timedelta(days=1)
        assert (first.year, first.month) == (before.year, before.month)
        assert last == before
    if "this week" in words.lower():
        assert first <= published <= last


@of_each("records")
def test_kind_agrees_with_the_marks(document: dict[str, Any], record: dict[str, Any]) -> None:
    text = document["text"]
    inside = [m.span() for m in QUOTED.finditer(text)]
    words = [
        any(s <= word.start() < e for s, e in inside)
        for start, end in record["content"]
        for word in re.compile(r"\w+").finditer(text, start, end)
    ]
    if VERBATIM & set(record["shows"]):
        return
    start = record["content"][0][0]
    if text.startswith(("that “", 'that "'), start) and record["kind"] == "DIRECT":
        words = words[1:]
    kinds = {(True, True): "DIRECT", (True, False): "MIXED", (False, False): "INDIRECT"}
    assert record["kind"] == kinds[any(words), all(words)]


@by_document
def test_nothing_in_marks_is_left_unread(document: dict[str, Any]) -> None:
    read_spans = _read_spans(document)
    for match in QUOTED.finditer(document["text"]):
        assert any(s < match.end() and match.start() < e for s, e in read_spans), match.group()


@by_document
def test_no_word_of_saying_is_left_unread(document: dict[str, Any]) -> None:
    read_spans = _read_spans(document)
    for match in SAYING.finditer(document["text"]):
        context = document["text"][max(0, match.start() - 30) : match.end() + 30]
        assert any(s < match.end() and match.start() < e for s, e in read_spans), context


@of_each("traps")
def test_traps_are_avoided(document: dict[str, Any], trap: dict[str, Any]) -> None:
    start, end = trap["span"]
    words = document["text"][start:end]
    for record in document["records"]:
        if trap["not"] == "statement":
            assert not all(start <= s and e <= end for s, e in record["content"])
        if trap["not"] == "date":
            assert not any(s < end and start < e for s, e in record["when"])
        if trap["not"] == "speaker" and record["speaker"]:
            assert not any(_words(name) <= _words(words) for name in record["speaker"]["names"])
        if trap["not"] == "role":
            assert not any(_words(role) <= _words(words) for role in record["roles"])


def test_prints_one_document_a_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "evaluation.as_jsonl"],
        capture_output=True,
        check=True,
        cwd=FOLDER.parents[1],
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["id"] for line in lines] == [document["id"] for document in DOCUMENTS]


HEAD = '[[text]]\nid = "a"\ntext = "Ruiz said it rained. Lund said it rained."\n'
RECORD = '[[text.records]]\nkind = "INDIRECT"\n'


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        (HEAD + RECORD + 'content = "it snowed"', "gold.toml: a: 'it snowed' does not occur"),
        (HEAD + RECORD + 'content = "it rained"', "a: 'it rained' occurs 2 times"),
        (HEAD + RECORD + 'content = "rain"', "'rain' does not occur"),
        (
            HEAD + RECORD + 'content = { text = "it rained", nth = 3 }',
            "'it rained' occurs 2 times, not 3",
        ),
        (
            HEAD + RECORD + 'content = { text = "it rained", nth = 1 }\nspeaker = "ruiz"',
            "speaker 'ruiz' is not among",
        ),
        (
            HEAD + RECORD + 'content = { text = "it rained", nth = 1 }\ndate = "2024-05-07"',
            "give both",
        ),
        (
            HEAD + RECORD + 'contents = "it rained"',
            "a: Object contains unknown field `contents` - at `$.records[0]`",
        ),
        (
            HEAD + '[[text.records]]\ncontent = "Ruiz"\nkind = "SPOKEN"',
            "a: Invalid enum value 'SPOKEN' - at `$.records[0].kind`",
        ),
        (HEAD + RECORD, "Object missing required field `content`"),
        (HEAD + "[[text", "gold.toml: "),
        (HEAD + HEAD, "id 'a' occurs twice"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, toml: str, message: str) -> None:
    (tmp_path / "gold.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(GoldError, match=re.escape(message)):
        read_gold(tmp_path)


def test_words_near_the_content_are_meant(tmp_path: Path) -> None:
    record = RECORD + 'content = { text = "it rained", nth = 2 }\ncue = "said"\n'
    (tmp_path / "gold.toml").write_text(HEAD + record, encoding="utf-8")
    (document,) = documents(tmp_path)
    assert document["records"][0]["cue"] == [(26, 30)]


@pytest.mark.parametrize(
    ("stated", "given"),
    [
        ("2024", "2024"),
        ("2024-05", "2024-05"),
        ("2024-05-07", "2024-05-07"),
        ("2024-W19", "2024-05"),
    ],
)
def test_date_in_record(stated: str, given: str) -> None:
    assert date_in_record(stated) == given


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ("2024-13", "month must be in"),
        ("2024-02-30", "day is out of range|day .* must be in"),
        ("Tuesday", "Invalid isoformat"),
        ("2024-W18", "lies in two months"),
    ],
)
def test_date_in_record_refuses(stated: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        date_in_record(stated)


def _words(phrase: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", phrase.lower().replace("’s", "").replace("'s", "")))


def _extent(stated: str) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of a day, week, month or year."""
    if "W" in stated:
        first = datetime.date.fromisoformat(stated)
        return first, first + datetime.timedelta(days=6)
    first = datetime.date.fromisoformat(stated + "-01" * (2 - stated.count("-")))
    if stated.count("-") == 2:
        return first, first
    year, month = (first.year + 1, 1) if len(stated) == 4 else (first.year, first.month + 1)
    after = datetime.date(year + month // 13, (month - 1) % 12 + 1, 1)
    return first, after - datetime.timedelta(days=1)


def _published(document: dict[str, Any]) -> datetime.date:
    """The day of publication, or that of the dateline where the article is given without one."""
    if document["published"]:
        return datetime.date.fromisoformat(document["published"])
    day, month, year = re.findall(r"(\d{1,2}) ([A-Z][a-z]+) (\d{4})", document["text"])[0]
    return datetime.date(int(year), MONTHS.index(month) + 1, int(day))


def _read_spans(document: dict[str, Any]) -> list[tuple[int, int]]:
    """Everything an annotation has looked at."""
    records, notes = document["records"], document["other_notes"]
    return [
        *(span for record in records for span in (*record["content"], *record["cue"])),
        *(span for spans in document["other"] for span in spans),
        *(span for note in notes for span in note["cue"]),
        *(trap["span"] for trap in document["traps"]),
    ]
