from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth.v1 import AttributeQuotesResponse, Statement, StatementKind, TextSpan
from quoth_cli.content import content_text, only_own_words
from tests.unit.cli.build import statement


@pytest.mark.parametrize(
    ("body", "content", "expected"),
    [
        ("“It is late,” she said.", ["It is late,"], "It is late,"),
        ("“The bill,” Osei said, “is dead.”", ["The bill,", "is dead."], "The bill, […] is dead."),
        (
            "“We waited.\n\n“Nobody came.”",
            ["We waited.", "Nobody came."],
            "We waited. Nobody came.",
        ),
        ("“We waited.”\r\n\r\n«We»", ["We waited.", "We"], "We waited. We"),
        ("The mine, he said, is shut.", ["The mine", "is shut"], "The mine […] is shut"),
        ("a b c d e", ["a", "c", "e"], "a […] c […] e"),
        ("a", [], ""),
    ],
)
def test_what_stands_between_parts(body: str, content: list[str], expected: str) -> None:
    assert content_text(statement(body, *content), body) == expected


@pytest.mark.parametrize(
    ("body", "kind", "content", "quoted", "expected"),
    [
        # The writer leads into the quotation.
        ('He was told of "36 people".', "direct", ['of "36 people'], ["36 people"], ["36 people"]),
        ('It "extends its wishes".', "direct", ['It "extends its wishes'], ["extends its wishes"],
         ["extends its wishes"]),
        ("to “defend” and “secure” it", "direct", ["to “defend” and “secure” it"],
         ["defend", "secure"], ["defend", "secure"]),
        # Only one part has more.
        ("“We go,” she said, “and”, he added, but “stay”", "direct",
         ["We go,", "he added, but “stay"], ["We go,", "stay"], ["We go,", "stay"]),
        # Nothing but marks is outside, or there are none at all.
        ("“We go,” she said.", "direct", ["We go,"], ["We go,"], ["We go,"]),
        ("“We go.” “Soon.”", "direct", ["We go.” “Soon."], ["We go.", "Soon."], ["We go.” “Soon."]),
        ("HOLT: We are full.", "direct", ["We are full."], [], ["We are full."]),
        # The part is in marks itself, and what is marked in it is quoted within it.
        ("“He said ‘go’, so I went.”", "direct", ["He said ‘go’, so I went."], ["go"],
         ["He said ‘go’, so I went."]),
        # None of it is in marks.
        ("She said no. “Go,” he said.", "direct", ["no"], ["Go,"], ["no"]),
        # A paraphrase is what these are.
        ("the “price”", "mixed", ["the “price"], ["price"], ["the “price"]),
        ("that it was “shut”", "indirect", ["it was “shut"], ["shut"], ["it was “shut"]),
    ],
)  # fmt: skip
def test_direct_content_is_never_a_paraphrase(
    body: str, kind: str, content: list[str], quoted: list[str], expected: list[str]
) -> None:
    given = AttributeQuotesResponse(
        statements=[statement(body, *content, quoted=tuple(quoted), kind=kind)]
    )
    before = given.SerializeToString()
    (found,) = only_own_words(given, body).statements
    assert [each.text for each in found.content_spans] == expected
    places = [body[each.start_offset : each.end_offset] for each in found.content_spans]
    assert places == expected
    assert given.SerializeToString() == before


@given(st.text(max_size=60), st.lists(st.integers(0, 60), max_size=8))
def test_any_spans_can_be_cut(body: str, offsets: list[int]) -> None:
    ends = sorted(min(offset, len(body)) for offset in offsets)
    spans = [
        TextSpan(start_offset=start, end_offset=end, text=body[start:end])
        for start, end in zip(ends[::2], ends[1::2], strict=False)
    ]
    each = Statement(
        kind=StatementKind.STATEMENT_KIND_DIRECT,
        content_spans=[TextSpan(start_offset=0, end_offset=len(body), text=body)],
        quoted_spans=spans,
    )
    once = only_own_words(AttributeQuotesResponse(statements=[each]), body)
    assert only_own_words(once, body) == once
    for span in once.statements[0].content_spans:
        assert span.text == body[span.start_offset : span.end_offset]
