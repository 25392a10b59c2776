"""What a statement says, as text: no parts joined without a sign, and quotations verbatim."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from quoth.v1 import AttributeQuotesResponse, Statement, StatementKind, TextSpan

__all__ = ["GAP", "MARKS", "between", "content_text", "only_own_words"]

GAP = "[…]"
"""Stands where words between two parts of a statement are left out."""

MARKS = "\"“”„‟«»‹›‘’‚‛'`"
"""Quotation marks of every kind."""

_NO_WORDS = re.compile(rf"[\s{MARKS}]*")
_WORD = re.compile(r"\w")


def between(text: str) -> str:
    """What stands for the words between two parts: `GAP`, or a blank where there are none.

    Where a quotation continues in a new paragraph, only white space and marks part it.
    """
    return " " if _NO_WORDS.fullmatch(text) else f" {GAP} "


def content_text(statement: Statement, body: str) -> str:
    """The content as one text, `GAP` where the article has other words between its parts.

    Args:
        statement: With offsets in code points of `body`.
        body: The body of its article.
    """
    spans = statement.content_spans
    texts = [spans[0].text] if spans else []
    for before, span in itertools.pairwise(spans):
        texts += [between(body[before.end_offset : span.start_offset]), span.text]
    return "".join(texts)


def only_own_words(response: AttributeQuotesResponse, body: str) -> AttributeQuotesResponse:
    """The answer with the content of direct statements cut down to the words in quotation marks.

    The words that lead into a quotation (“the company ‘extends its condolences’”) are the writer's,
    and a direct statement is printed as its speaker's own.

    Args:
        response: With offsets in code points of `body`.
        body: The body of its article.
    """
    if not any(_holds_more(each, body) for each in response.statements):
        return response
    answer = AttributeQuotesResponse()
    answer.CopyFrom(response)
    for statement in answer.statements:
        if _holds_more(statement, body):
            own = [part for span in statement.content_spans for part in _own(span, statement, body)]
            if own:
                del statement.content_spans[:]
                statement.content_spans.extend(own)
    return answer


def _holds_more(statement: Statement, body: str) -> bool:
    """Whether a direct statement has words outside its quotation marks."""
    if statement.kind != StatementKind.STATEMENT_KIND_DIRECT or not statement.quoted_spans:
        return False
    return any(_unquoted(span, statement, body) for span in statement.content_spans)


def _unquoted(span: TextSpan, statement: Statement, body: str) -> bool:
    """Whether a part has words outside the marks. One that is in marks itself has none."""
    if body[max(0, span.start_offset - 1) : span.start_offset] in set(MARKS):
        return False
    at = span.start_offset
    for quoted in statement.quoted_spans:
        if _WORD.search(body, at, min(quoted.start_offset, span.end_offset)):
            return True
        at = max(at, quoted.end_offset)
    return _WORD.search(body, at, span.end_offset) is not None


def _own(span: TextSpan, statement: Statement, body: str) -> Iterator[TextSpan]:
    """Yields the quoted words of a part; the part itself where all of it is quoted."""
    if not _unquoted(span, statement, body):
        yield span
        return
    for quoted in statement.quoted_spans:
        start = max(span.start_offset, quoted.start_offset)
        end = min(span.end_offset, quoted.end_offset)
        if start < end:
            yield TextSpan(start_offset=start, end_offset=end, text=body[start:end])
