"""A statement's own words: its parts in order, quoted and not, with their quotation marks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from quoth.v1 import Statement, TextSpan
from quoth_cli.content import MARKS, between
from quoth_cli.printable import clean

__all__ = ["words"]


def words(statement: Statement, body: str) -> Iterator[tuple[str, bool]]:
    """Yields the words of a statement in order, each stretch with whether it is quoted.

    Quoted stretches stand between “ and ”, whatever marks the article has. Between the parts of
    a split statement is a sign; where only white space and marks part them, as at a quotation
    that continues in a new paragraph, it is a line break or a space. Joined, the stretches read
    as one text. Offsets are code points of `body`, that of the article.
    """
    before: TextSpan | None = None
    for span in statement.content_spans:
        if before is not None:
            yield _between(body[before.end_offset : span.start_offset]), False
        yield from _part(span, statement.quoted_spans, body)
        before = span


def _between(text: str) -> str:
    """What to print for the words between two parts; a new paragraph is a new line."""
    sign = between(text)
    return "\n" if sign.isspace() and "\n" in text else sign


def _part(
    span: TextSpan, quoted_spans: Iterable[TextSpan], body: str
) -> Iterator[tuple[str, bool]]:
    """Yields one part, cut where the quoted words within it begin and end."""
    at = start = span.start_offset
    for quoted in quoted_spans:
        quote_start = max(quoted.start_offset, start)
        quote_end = min(quoted.end_offset, span.end_offset)
        if quote_start >= quote_end:
            continue
        before = _plain(body[at:quote_start], after_quote=at > start).rstrip(MARKS)
        if before:
            yield clean(before), False
        yield f"“{clean(body[quote_start:quote_end].strip())}”", True
        at = quote_end
    rest = _plain(body[at : span.end_offset], after_quote=at > start)
    if rest:
        yield clean(rest), False


def _plain(text: str, *, after_quote: bool) -> str:
    """Words outside marks, without the mark that closes the quotation before them."""
    return text.lstrip(MARKS) if after_quote else text
