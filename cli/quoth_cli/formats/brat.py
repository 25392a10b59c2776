r"""brat standoff output: a folder with NAME.txt and NAME.ann for each article.

The .txt is the text exactly as it was sent, and offsets count its code points. A stretch of text
never spans the end of a line in brat, nor holds a tab: such a span is given as several
fragments, as is the content of a split quotation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from quoth.v1 import (
    Article,
    AttributeQuotesResponse,
    DateGranularity,
    Factuality,
    MediumType,
    RoleStatus,
    Speaker,
    SpeakerType,
    Statement,
    StatementKind,
    TextSpan,
)
from quoth_cli.enum_words import word, words
from quoth_cli.files import file_name, replace
from quoth_cli.formats.renderer import Renderer
from quoth_cli.table.rows import ArticleMeta, calendar_text

__all__ = ["CONFIGURATION", "BratRenderer", "standoff", "write_files"]

_PARTS = {
    "SaidBy": "Source",
    "IntroducedBy": "Cue",
    "InRole": "Role",
    "SaidOn": "Date",
    "SaidTo": "Addressee",
    "SaidThrough": "Medium",
    "PassedOnBy": "Relay",
    "ReportedIn": "Content",
}
"""Each relation from a statement, with the type of what it goes to."""

_ATTRIBUTES: tuple[tuple[str, str, Any], ...] = (
    ("Kind", "Content", StatementKind),
    ("Factuality", "Content", Factuality),
    ("SpeakerType", "Source", SpeakerType),
    ("RoleStatus", "Role", RoleStatus),
    ("MediumType", "Medium", MediumType),
    ("Granularity", "Date", DateGranularity),
)
_ENUMS = {name: enum for name, _, enum in _ATTRIBUTES}


def _configuration() -> str:
    types = ["Content", "Quoted", *(type_ for type_ in _PARTS.values() if type_ != "Content")]
    relations = [f"{name}\tArg1:Content, Arg2:{type_}" for name, type_ in _PARTS.items()]
    # Quoted words lie within content, and a statement within another.
    relations.append("<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>")
    attributes = [
        f"{name}\tArg:{type_}, Value:{'|'.join(words(enum))}" for name, type_, enum in _ATTRIBUTES
    ]
    sections = {"entities": types, "relations": relations, "events": [], "attributes": attributes}
    return "\n".join("\n".join([f"[{name}]", *lines, ""]) for name, lines in sections.items())


CONFIGURATION = _configuration()
"""The `annotation.conf` of a folder: what brat may show and edit there."""

# What a line of annotations cannot hold: everything that any reader may take for its end, and
# the tab that divides its fields.
_BREAK = "\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029"
_BREAKS = re.compile(f"[{_BREAK}]+")
_PIECES = re.compile(f"[^{_BREAK}]+")


def standoff(article: Article, response: AttributeQuotesResponse) -> str:
    """The .ann of one article: spans, relations, attributes and notes."""
    made = _Annotations(article.body)
    speakers = {speaker.speaker_id: speaker for speaker in response.speakers}
    contents = {
        statement.statement_id: made.span("Content", statement.content_spans, shared=False)
        for statement in response.statements
    }
    for statement in response.statements:
        _statement(made, contents, statement, speakers)
    return made.text()


class _Annotations:
    """The lines of an .ann as they come about."""

    def __init__(self, body: str) -> None:
        self._body = body
        self._lines: list[str] = []
        self._spans: dict[tuple[str, tuple[tuple[int, int], ...]], str] = {}
        self._told: set[tuple[str, str]] = set()
        self._numbers = dict.fromkeys("TRA#", 0)

    def span(self, type_: str, spans: Iterable[TextSpan], *, shared: bool = True) -> str:
        """The id of a stretch of text, empty if it has no words.

        Args:
            type_: Its type.
            spans: Its parts.
            shared: Whether a stretch of the same type at the same place is the same.
        """
        fragments = tuple(fragment for span in spans for fragment in _fragments(self._body, span))
        if not fragments:
            return ""
        if shared and (type_, fragments) in self._spans:
            return self._spans[type_, fragments]
        places = ";".join(f"{start} {end}" for start, end in fragments)
        words = " ".join(self._body[start:end] for start, end in fragments)
        made = self._add("T", f"{type_} {places}\t{words}")
        self._spans[type_, fragments] = made
        return made

    def relation(self, name: str, content: str, other: str) -> None:
        """Ties a statement to another stretch of text; to none if that is empty."""
        if content and other:
            self._add("R", f"{name} Arg1:{content} Arg2:{other}")

    def attribute(self, name: str, owner: str, value: int) -> None:
        """Tells one thing of a stretch of text, once."""
        told = word(_ENUMS[name], value)
        if owner and told and (name, owner) not in self._told:
            self._told.add((name, owner))
            self._add("A", f"{name} {owner} {told}")

    def note(self, owner: str, text: str) -> None:
        """Adds a note to a stretch of text, the first for it only."""
        if owner and text and ("#", owner) not in self._told:
            self._told.add(("#", owner))
            self._add("#", f"AnnotatorNotes {owner}\t{_BREAKS.sub(' ', text)}")

    def _add(self, letter: str, rest: str) -> str:
        self._numbers[letter] += 1
        made = f"{letter}{self._numbers[letter]}"
        self._lines.append(f"{made}\t{rest}\n")
        return made

    def text(self) -> str:
        """All lines."""
        return "".join(self._lines)


def _fragments(body: str, span: TextSpan) -> Iterator[tuple[int, int]]:
    """Yields the stretches of a span that lie in one line each, without blanks at their ends."""
    for piece in _PIECES.finditer(body, span.start_offset, span.end_offset):
        words = piece[0].strip()
        if words:
            start = body.index(words, piece.start())
            yield start, start + len(words)


def _statement(
    made: _Annotations, contents: dict[str, str], statement: Statement, speakers: dict[str, Speaker]
) -> None:
    content = contents[statement.statement_id]
    made.attribute("Kind", content, statement.kind)
    made.attribute("Factuality", content, statement.factuality)
    made.note(content, f"{statement.statement_id}, confidence {statement.confidence:.2f}")
    for quoted in statement.quoted_spans:
        made.span("Quoted", [quoted])
    made.relation("IntroducedBy", content, made.span("Cue", [statement.cue.span]))
    mention = statement.speaker
    source = made.span("Source", [mention.span])
    made.relation("SaidBy", content, source)
    if speaker := speakers.get(mention.speaker_id):
        made.attribute("SpeakerType", source, speaker.type)
        made.note(source, f"{speaker.speaker_id}: {speaker.display_name}")
    role = made.span("Role", [mention.role.span])
    made.relation("InRole", content, role)
    made.attribute("RoleStatus", role, mention.role.status)
    made.note(role, mention.role.organization)
    date = made.span("Date", [statement.date.span])
    made.relation("SaidOn", content, date)
    made.attribute("Granularity", date, statement.date.granularity)
    made.note(date, calendar_text(statement.date.date))
    made.relation("SaidTo", content, made.span("Addressee", [statement.addressee]))
    medium = made.span("Medium", [statement.medium.span])
    made.relation("SaidThrough", content, medium)
    made.attribute("MediumType", medium, statement.medium.type)
    for relay in statement.relays:
        passed = made.span("Relay", [relay.span])
        made.relation("PassedOnBy", content, passed)
        if speaker := speakers.get(relay.speaker_id):
            made.note(passed, f"{speaker.speaker_id}: {speaker.display_name}")
    made.relation("ReportedIn", content, contents.get(statement.parent_statement_id, ""))


def write_files(
    folder: Path, name: str, article: Article, response: AttributeQuotesResponse
) -> None:
    """Writes the two files of one article; each is there as a whole or not at all.

    Raises:
        OSError: One cannot be written.
    """
    replace(folder / f"{name}.txt", article.body)
    replace(folder / f"{name}.ann", standoff(article, response))


class BratRenderer(Renderer):
    """Writes two files for each article into a folder, which is made, and its configuration.

    Raises:
        OSError: The folder cannot be made or written.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._names: set[str] = set()
        replace(folder / "annotation.conf", CONFIGURATION)

    def write(self, meta: ArticleMeta, article: Article, response: AttributeQuotesResponse) -> None:
        """Writes the files of one article."""
        write_files(self._folder, self._name(meta.id), article, response)

    def _name(self, article_id: str) -> str:
        """A name for files, unlike any other of this run even where case does not count."""
        plain = file_name(article_id)
        name = plain
        number = 1
        while name.casefold() in self._names:
            number += 1
            name = f"{plain}-{number}"
        self._names.add(name.casefold())
        return name
