"""A reading to look at: its text, with each statement in the color of its speaker."""

from __future__ import annotations

import html
import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from quoth_server.engine.types import Factuality, Reading, SpeakerType, Statement

__all__ = ["displacy", "html_frame"]

_LIKELY = 0.5  # statements below it are drawn as unsure
_UNKNOWN = "unknown speaker"
_LINE, _LEAST, _MOST, _AROUND = 27, 140, 560, 110  # pixels
_LINE_CHARACTERS = 95

_TYPES = {
    SpeakerType.DOCUMENT: "document",
    SpeakerType.UNNAMED: "unnamed",
    SpeakerType.PLACE: "place",
}
# The same words as in the report and the text output of the command.
_FACTUALITIES = {
    Factuality.DENIED: "denied",
    Factuality.NEGATED: "said nothing about this",
    Factuality.FUTURE: "not yet said",
    Factuality.HYPOTHETICAL: "hypothetical",
    Factuality.ASKED: "asked",
}
_COLORS = 8

_STYLE = """\
:root{color-scheme:light dark;--paper:#fff;--text:#1d1d1f;--dim:#5c5f66;
--c0:#ffe3a3;--c1:#bfe3ff;--c2:#c9f0c9;--c3:#f6cde3;--c4:#dcd3ff;--c5:#ffd2bd;--c6:#bdeee9;--c7:#e3e6a8;--cx:#e4e4e7}
@media(prefers-color-scheme:dark){:root{--paper:#18191c;--text:#ececf0;--dim:#a9adb5;
--c0:#5f4a0d;--c1:#123f63;--c2:#1b4d25;--c3:#63264a;--c4:#43358a;--c5:#6d331a;--c6:#0f4f4a;--c7:#4b4f12;--cx:#3c3d42}}
body{margin:0;padding:.6rem .8rem;background:var(--paper);color:var(--text);
font:15px/1.75 system-ui,sans-serif}
ul{list-style:none;margin:0 0 .6rem;padding:0;display:flex;flex-wrap:wrap;gap:.2rem .9rem;
font-size:13px}
ul small,p{color:var(--dim);font-size:12px}
p{margin:.4rem 0 0}
h1{font-size:17px;margin:0 0 .3rem}
article{white-space:pre-wrap;overflow-wrap:anywhere}
mark,i{background:var(--c);color:inherit;border-radius:3px;padding:.1em .15em}
i{font-style:normal;padding:0 .5em;margin-right:.35em}
mark.unsure{background:none;border-bottom:2px dashed var(--c)}
mark b{font-size:11px;margin-right:.35em;padding:0 .3em;border-radius:3px;background:var(--paper)}
"""

_PAGE = """\
<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">\
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">\
<title>Who said what</title><style>{style}{colors}</style></head><body>{heading}<ul>{legend}</ul>\
<article>{text}</article>{note}</body></html>"""


def html_frame(reading: Reading, body: str, title: str) -> str:
    """The reading as a frame of HTML that is isolated from the page around it.

    It runs no script and loads nothing, and the styles of the page and its own do not meet.
    Statements that are rather wrong than right by their confidence are drawn with a dashed line.
    """
    speakers = _Speakers(reading, body)
    unsure = sum(statement.confidence < _LIKELY for statement in reading.statements)
    page = _PAGE.format(
        style=_STYLE,
        colors="".join(f".c{c}{{--c:var(--c{c})}}" for c in (*range(_COLORS), "x")),
        heading=f"<h1>{html.escape(title)}</h1>" if title else "",
        legend="".join(speakers.legend()),
        text="".join(_marked(reading, body, speakers)),
        note=_note(len(reading.statements), unsure),
    )
    lines = sum(math.ceil(len(line) / _LINE_CHARACTERS) or 1 for line in body.splitlines())
    height = min(_MOST, max(_LEAST, _AROUND + _LINE * lines))
    return (
        f'<iframe title="Who said what" sandbox="" srcdoc="{html.escape(page)}" '
        f'style="width:100%;height:{height}px;border:1px solid #8884;border-radius:6px;'
        'resize:vertical"></iframe>'
    )


def displacy(reading: Reading, body: str, title: str) -> dict[str, Any]:
    """What displaCy takes with `style="ent", manual=True`: no two of its stretches overlap."""
    speakers = _Speakers(reading, body)
    return {
        "text": body,
        "title": title or None,
        "ents": [
            {"start": each.start, "end": each.end, "label": speakers.name(each.statement)}
            for each in _stretches(reading.statements, len(body))
            if each.statement
        ],
    }


class _Speakers:
    """The speakers of a reading, each with a color."""

    def __init__(self, reading: Reading, body: str) -> None:
        self._known = {speaker.speaker_id: speaker for speaker in reading.speakers}
        speaking = dict.fromkeys(self._id(statement) for statement in reading.statements)
        self._colors = {
            each: str(number % _COLORS)
            for number, each in enumerate(each for each in speaking if each)
        }
        self._roles = {
            self._id(statement): statement.speaker.role.span.of(body)
            for statement in reversed(reading.statements)
            if statement.speaker and statement.speaker.role
        }
        self._counts = {
            each: sum(self._id(statement) == each for statement in reading.statements)
            for each in speaking
        }

    def _id(self, statement: Statement) -> str:
        found = statement.speaker.speaker_id if statement.speaker else ""
        return found if found in self._known else ""

    def color(self, statement: Statement) -> str:
        return self._colors.get(self._id(statement), "x")

    def name(self, statement: Statement) -> str:
        speaker = self._known.get(self._id(statement))
        return speaker.display_name if speaker else _UNKNOWN

    def legend(self) -> Iterator[str]:
        for each, count in self._counts.items():
            speaker = self._known.get(each)
            about = [
                _TYPES.get(speaker.type, "") if speaker else "",
                self._roles.get(each, ""),
                str(count),
            ]
            yield (
                f'<li><i class="c{self._colors.get(each, "x")}"></i>'
                f"<bdi>{html.escape(speaker.display_name if speaker else _UNKNOWN)}</bdi> "
                f"<small>{html.escape(', '.join(filter(None, about)))}</small></li>"
            )


class _Stretch(NamedTuple):
    """A part of the text, in code points, with the innermost statement it belongs to."""

    start: int
    end: int
    statement: Statement | None
    first: bool = False


def _stretches(statements: Sequence[Statement], length: int) -> Iterator[_Stretch]:
    """The whole text, in order; a statement within another one takes its words from it."""
    parts = [(span, each) for each in statements for span in each.content_spans]
    parts.sort(key=lambda part: (part[0].start_offset, -part[0].end_offset))
    edges = sorted({0, length, *(e for s, _ in parts for e in (s.start_offset, s.end_offset))})
    open_: list[tuple[int, Statement]] = []
    seen: set[str] = set()
    at = 0
    for start, end in itertools.pairwise(edges):
        open_ = [(last, each) for last, each in open_ if last > start]
        while at < len(parts) and parts[at][0].start_offset <= start:
            open_.append((parts[at][0].end_offset, parts[at][1]))
            at += 1
        statement = open_[-1][1] if open_ else None
        first = statement is not None and statement.statement_id not in seen
        if statement:
            seen.add(statement.statement_id)
        yield _Stretch(start, end, statement, first)


def _marked(reading: Reading, body: str, speakers: _Speakers) -> Iterator[str]:
    for stretch in _stretches(reading.statements, len(body)):
        text = html.escape(body[stretch.start : stretch.end])
        statement = stretch.statement
        if not statement:
            yield text
            continue
        unsure = " unsure" if statement.confidence < _LIKELY else ""
        label = f"<b><bdi>{html.escape(_label(statement, speakers))}</bdi></b>"
        yield (
            f'<mark class="c{speakers.color(statement)}{unsure}" '
            f'title="{html.escape(_details(statement, body, speakers))}">'
            f"{label if stretch.first else ''}{text}</mark>"
        )


def _label(statement: Statement, speakers: _Speakers) -> str:
    manner = _FACTUALITIES.get(statement.factuality)
    return f"{speakers.name(statement)}{f', {manner}' if manner else ''}"


def _details(statement: Statement, body: str, speakers: _Speakers) -> str:
    role = statement.speaker.role if statement.speaker else None
    date = statement.date.date if statement.date else None
    told = [
        _label(statement, speakers),
        role.span.of(body) if role else "",
        str(date) if date else "",
        statement.kind.value,
        f"{statement.confidence:.0%} sure",
    ]
    return " · ".join(filter(None, told))


def _note(count: int, unsure: int) -> str:
    if not count:
        return "<p>No statement was found.</p>"
    if not unsure:
        return ""
    are = "statement is" if unsure == 1 else "statements are"
    return f"<p>{unsure} of {count} {are} more likely wrong than right: dashed lines.</p>"
