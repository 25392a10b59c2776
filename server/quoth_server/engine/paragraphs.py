"""Step 1: the body's paragraphs, and which of them are title, header line or heading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from quoth_server.engine import calendar_dates
from quoth_server.engine.types import Paragraph, ParagraphKind, Span

__all__ = ["divide", "plain_spaces"]

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_FINAL = re.compile(r"[.!?…。:;,][\"'”’»)\]]*$")
_PUBLISHED = re.compile(
    r"(?:(?:first|originally|date|story)\s+)?(?:published|posted|issued|released|filed|date|time)\b",
    re.I,
)
_UPDATED = re.compile(
    r"(?:(?:last|this (?:article|story|page) was(?: last)?|article|story)\s+)?"
    r"(?:updated?|modified|revised|edited|amended|corrected)\b",
    re.I,
)
_BYLINE = re.compile(r"by\s+\S", re.I)
_WEEKDAY_OR_TIME = re.compile(
    r"(?i:\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b|\bat\b|\b[ap]\.?m\b)"
    r"|\bT(?=\d)|(?<=\d)Z\b|\b[A-Z]{2,4}\b|[\W\d_]",
)
_MAX_HEADER = 160  # characters; the longest header lines carry two dates with time and zone
_MAX_HEADING = 120
_WRAP_WIDTHS = range(40, 121)  # characters in the longest line of hard-wrapped text


_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u200a\u202f", " "))


def plain_spaces(body: str) -> str:
    """A body, equally long, without the spaces that typesetters put into names and numbers."""
    return body.translate(_SPACES)


def divide(body: str, title: str = "") -> tuple[Paragraph, ...]:
    """Divides a body into its paragraphs, in text order, blank ones left out.

    Every non-blank line is a paragraph, except in hard-wrapped text, where a line continues in the
    next one when that one's first word had no room. Spans leave out the white space around.

    Args:
        body: The article as sent; any text.
        title: The title that came with the request, to be recognized in the body.
    """
    spans = list(_paragraph_spans(body))
    kinds = _kinds(body, spans, _plain(title))
    return tuple(Paragraph(span, kind) for span, kind in zip(spans, kinds, strict=True))


def _paragraph_spans(body: str) -> Iterator[Span]:
    lines = [Span(m.start(), m.end()).trimmed(body) for m in _LINE.finditer(body)]
    lines = [line for line in lines if line.start_offset < line.end_offset]
    width = _wrap_width(body, lines)
    start = lines[0].start_offset if lines else 0
    for line, after in pairwise(lines):
        if not (width and _is_wrap(body, line, after, width)):
            yield Span(start, line.end_offset)
            start = after.start_offset
    if lines:
        yield Span(start, lines[-1].end_offset)


def _wrap_width(body: str, lines: list[Span]) -> int:
    """The line width that the text is wrapped to, 0 where it is not wrapped."""
    breaks = [(a, b) for a, b in pairwise(lines) if _adjacent(body, a, b)]
    width = max((a.end_offset - a.start_offset for a, _ in breaks), default=0)
    if len(breaks) < 2 or width not in _WRAP_WIDTHS:
        return 0
    wraps = [a for a, b in breaks if _is_wrap(body, a, b, width)]
    within_sentence = [
        a
        for a in wraps
        if not _FINAL.search(body, max(a.start_offset, a.end_offset - 4), a.end_offset)
    ]
    wrapped = len(wraps) >= 0.6 * len(breaks) and len(within_sentence) >= 0.6 * len(wraps)
    return width if wrapped else 0


def _is_wrap(body: str, line: Span, after: Span, width: int) -> bool:
    """Whether the line break is there only because the next word had no room."""
    word = body.find(" ", after.start_offset, after.end_offset)
    length = (after.end_offset if word < 0 else word) - after.start_offset
    room = width - (line.end_offset - line.start_offset)
    return _adjacent(body, line, after) and room < length + 1 + width // 10


def _adjacent(body: str, line: Span, after: Span) -> bool:
    gap = body[line.end_offset : after.start_offset]
    return len(_LINE.sub("", gap).replace("\r\n", "\n")) == 1


# ---- kinds ----------------------------------------------------------------------------


def _kinds(body: str, spans: list[Span], title: str) -> Iterator[ParagraphKind]:
    top = True  # still above the first paragraph of running text
    headline = title
    for i, span in enumerate(spans):
        text = span.of(body) if span.end_offset - span.start_offset <= _MAX_HEADER else ""
        plain = _plain(text)
        is_last = i == len(spans) - 1
        kind = ParagraphKind.BODY
        if header := _header_kind(text, top):
            kind = header
        elif (
            top and plain and (_same_title(plain, headline) or (not headline and _is_heading(text)))
        ):
            kind = ParagraphKind.TITLE if not is_last or plain == title else ParagraphKind.BODY
            headline = headline or plain
        elif _is_heading(text) and not is_last:
            kind = ParagraphKind.HEADING
        top = top and kind is not ParagraphKind.BODY
        yield kind


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _same_title(line: str, title: str) -> bool:
    """Whether the line is the title, perhaps with the site's name added or cut off."""
    shorter, longer = sorted((line, title), key=len)
    return bool(shorter) and longer.startswith(shorter) and 2 * len(shorter) >= len(longer)


def _is_heading(text: str) -> bool:
    return 0 < len(text) <= _MAX_HEADING and not _FINAL.search(text) and any(map(str.isalpha, text))


def _header_kind(text: str, top: bool) -> ParagraphKind | None:
    """The kind of a line that is there to say when the article was published or updated."""
    dates = list(calendar_dates.find(text))
    if not text or not any(d.year for d in dates) or re.search(r"[a-z]{3}\.$", text):
        return None
    if _PUBLISHED.match(text):
        return ParagraphKind.PUBLISHED
    if _UPDATED.match(text):
        return ParagraphKind.UPDATED
    if top and (_BYLINE.match(text) or _is_date_only(text, dates)):
        return ParagraphKind.PUBLISHED
    return None


def _is_date_only(text: str, dates: list[calendar_dates.WrittenDate]) -> bool:
    for found in reversed(dates):
        text = text[: found.span.start_offset] + text[found.span.end_offset :]
    return not _WEEKDAY_OR_TIME.sub("", text)
