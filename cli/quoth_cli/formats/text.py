"""Text output: what a reader wants to see of each statement, wrapped to the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TextIO

from rich.console import Console
from rich.text import Text

from quoth.v1 import Article, AttributeQuotesResponse, Notice, NoticeReason, Speaker, Statement
from quoth_cli.formats.renderer import Renderer
from quoth_cli.formats.wording import (
    anchor_words,
    anonymity_words,
    date_words,
    factuality_words,
    is_cue,
    kind_word,
    medium_words,
    notice_words,
    reason_words,
    relay_words,
    sentences_words,
    speaker_words,
    summary,
)
from quoth_cli.formats.words import words
from quoth_cli.likely import LEAST
from quoth_cli.printable import clean
from quoth_cli.table.rows import ArticleMeta

__all__ = ["TextRenderer"]

# Longer lines are hard to read.
_MAX_WIDTH = 96
_MIN_WIDTH = 24
_LONGEST_PLACE = 40


class TextRenderer(Renderer):
    """Writes articles as text: a heading, each statement in order, a summary.

    Colors are used on a terminal only, and not where `NO_COLOR` is set. If `out` is not a
    terminal, lines are 80 columns wide or as wide as `COLUMNS` says.
    """

    def __init__(self, out: TextIO) -> None:
        self._console = Console(
            file=out, highlight=False, markup=False, emoji=False, soft_wrap=True
        )
        self._width = max(_MIN_WIDTH, min(self._console.width, _MAX_WIDTH))
        self._articles = 0

    def write(self, meta: ArticleMeta, article: Article, response: AttributeQuotesResponse) -> None:
        """Writes one article under its id; offsets are code points of its body."""
        if self._articles:
            self._console.print()
            self._console.print()
        self._articles += 1
        self._heading(meta.id, article, response)
        speakers = {speaker.speaker_id: speaker for speaker in response.speakers}
        numbers = {each.statement_id: n for n, each in enumerate(response.statements, start=1)}
        indent = len(str(len(numbers))) + 2
        for number, statement in enumerate(response.statements, start=1):
            self._console.print()
            lines = _statement(statement, article.body, speakers, numbers, response)
            self._lines(lines, indent, f"{number:>{indent - 1}} ")
        if response.nonresponses:
            self._console.print()
            self._lines([Text(line) for line in _nonresponses(response, speakers)])
        if response.rejected_quotations:
            self._console.print()
            self._lines([Text(line) for line in _rejected(response)])
        self._console.print()
        used = {each.speaker.speaker_id for each in response.statements} - {""}
        self._lines([Text(summary(response.statements, len(used)), style="bold")])
        if response.sentences:
            self._lines([Text(sentences_words(response.sentences))])
        self._lines([Text(line, style="dim") for line in _notes(article, response)])
        self._console.file.flush()

    def _heading(self, name: str, article: Article, response: AttributeQuotesResponse) -> None:
        if article.title:
            self._lines([Text(clean(article.title), style="bold")])
        self._lines([Text(clean(name), style="" if article.title else "bold")])
        self._lines([Text(anchor_words(response.anchor_date), style="dim")])

    def _lines(self, texts: list[Text], indent: int = 0, first: str = "") -> None:
        """Prints texts, wrapped and indented; `first` stands before the first line."""
        margin = (first, "dim")
        for text in texts:
            for line in text.wrap(self._console, self._width - indent):
                line.rstrip()
                self._console.print(Text.assemble(margin, line))
                margin = (" " * indent, "")


def _statement(
    statement: Statement,
    body: str,
    speakers: Mapping[str, Speaker],
    numbers: Mapping[str, int],
    response: AttributeQuotesResponse,
) -> list[Text]:
    """The lines of one statement: its speaker, its words, and what is known about it."""
    reporter = ""
    if statement.parent_statement_id in numbers:
        number = numbers[statement.parent_statement_id]
        named = speaker_words(response.statements[number - 1], speakers)
        reporter = f"quoted by {named[0]} ({number})" if named else f"quoted in {number}"
    content = Text()
    for stretch, quoted in words(statement, body):
        content.append(stretch, style="green" if quoted else "")
    speaker = speakers.get(statement.speaker.speaker_id)
    unnamed = anonymity_words(speaker) if speaker else ""
    facts = Text(
        " · ".join(filter(None, [*_facts(statement, body), reporter, unnamed])), style="dim"
    )
    return [_speaker(statement, speakers), content, facts]


def _speaker(statement: Statement, speakers: Mapping[str, Speaker]) -> Text:
    named = speaker_words(statement, speakers)
    if named is None:
        return Text("Speaker not known", style="italic yellow")
    name, role, type_ = named
    line = Text(name, style="bold")
    if role:
        line.append(f", {role}", style="not bold")
    if type_:
        line.append(f" ({type_})", style="not bold dim")
    return line


def _facts(statement: Statement, body: str) -> Iterator[str]:
    """Yields what is known about a statement, beside its speaker; nothing for the unknown."""
    if said := factuality_words(statement):
        yield said
    kind = kind_word(statement.kind)
    yield f"{kind}, “{clean(statement.cue.span.text)}”" if statement.HasField("cue") else kind
    if statement.HasField("date"):
        yield date_words(statement.date)
    if statement.HasField("addressee"):
        yield f"to {clean(statement.addressee.text)}"
    if statement.relays:
        yield relay_words(statement.relays)
    # The cue is there already.
    if statement.HasField("medium") and not is_cue(statement.medium, statement):
        yield medium_words(statement.medium, body)
    if statement.confidence < LEAST:
        yield f"unsure ({statement.confidence:.0%})"


def _nonresponses(
    response: AttributeQuotesResponse, speakers: Mapping[str, Speaker]
) -> Iterator[str]:
    """Yields a heading and a line for each that did not answer."""
    yield "No answer:"
    for told in response.nonresponses:
        named = speaker_words(told, speakers)
        who = ", ".join(filter(None, named[:2])) if named else "Not known who"
        when = f" · {date_words(told.date)}" if told.HasField("date") else ""
        yield f"{who} – “{clean(told.cue.span.text)}”{when}"


def _rejected(response: AttributeQuotesResponse) -> Iterator[str]:
    """Yields a heading and a line for each quotation that is not a statement."""
    yield "In quotation marks, but not a statement:"
    for rejected in response.rejected_quotations:
        yield f"“{clean(rejected.span.text)}” – {reason_words(rejected.reason)}"


def _notes(article: Article, response: AttributeQuotesResponse) -> Iterator[str]:
    """Yields a line for each notice; a missing publication day is in the heading already."""
    for notice in response.notices:
        if notice.reason != NoticeReason.NOTICE_REASON_NO_PUBLISH_TIME:
            yield f"Note: {notice_words(notice)}{_place(notice, article.body)}"


def _place(notice: Notice, body: str) -> str:
    if not notice.HasField("span"):
        return ""
    line = body.count("\n", 0, notice.span.start_offset) + 1
    words = clean(notice.span.text)
    shown = words if len(words) <= _LONGEST_PLACE else words[:_LONGEST_PLACE] + "…"
    return f" (line {line}: {shown})"
