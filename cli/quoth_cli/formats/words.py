"""A statement's own words: its parts in order, quoted and not, with their quotation marks."""

from __future__ import annotations

from collections.abc import Iterator

from quoth.v1 import Statement, TextSpan
from quoth_cli.content import MARKS, between
from quoth_cli.formats.wording import clean

__all__ = ["quoted_parts", "words"]


def words(statement: Statement, body: str) -> Iterator[tuple[str, bool]]:
    """Yields the words of a statement in order, each stretch with whether it is quoted.

    Quoted stretches stand between “ and ”, whatever marks the article has. Between the parts of
    a split statement is a sign; where only white space and marks part them, as at a quotation
    that continues in a new paragraph, it is a line break or a space. Joined, the stretches read
    as one text.

    Args:
        statement: With offsets in code points of `body`.
        body: The body of its article.
    """
    end_before: int | None = None
    for start, end, quoted in quoted_parts(statement):
        if end_before is not None:
            yield _between(body[end_before:start]), False
        yield from _part(start, end, quoted, body)
        end_before = end


def quoted_parts(statement: Statement) -> Iterator[tuple[int, int, list[tuple[int, int]]]]:
    """Yields start and end of each part of the content, and of the quoted words within it."""
    for span in statement.content_spans:
        clipped = (_clip(quoted, span) for quoted in statement.quoted_spans)
        yield (
            span.start_offset,
            span.end_offset,
            [(start, end) for start, end in clipped if start < end],
        )


def _clip(quoted: TextSpan, span: TextSpan) -> tuple[int, int]:
    return max(quoted.start_offset, span.start_offset), min(quoted.end_offset, span.end_offset)


def _between(text: str) -> str:
    """What to print for the words between two parts; a new paragraph is a new line."""
    sign = between(text)
    return "\n" if sign.isspace() and "\n" in text else sign


def _part(
    start: int, end: int, quoted: list[tuple[int, int]], body: str
) -> Iterator[tuple[str, bool]]:
    """Yields one part, cut where its quoted words begin and end."""
    at = start
    for quote_start, quote_end in quoted:
        before = _plain(body[at:quote_start], after_quote=at > start).rstrip(MARKS)
        if before:
            yield clean(before), False
        yield f"“{clean(body[quote_start:quote_end].strip())}”", True
        at = quote_end
    rest = _plain(body[at:end], after_quote=at > start)
    if rest:
        yield clean(rest), False


def _plain(text: str, *, after_quote: bool) -> str:
    """Words outside marks, without the mark that closes the quotation before them."""
    return text.lstrip(MARKS) if after_quote else text
