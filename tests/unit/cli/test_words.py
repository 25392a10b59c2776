from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth.v1 import Statement, TextSpan
from quoth_cli.formats.words import words
from tests.unit.cli.build import statement


def text(body: str, *content: str, quoted: tuple[str, ...] = ()) -> str:
    return "".join(part for part, _ in words(statement(body, *content, quoted=quoted), body))


@pytest.mark.parametrize(
    ("body", "content", "quoted", "expected"),
    [
        ("It is late, she said.", ["It is late"], [], "It is late"),
        ("“It is late,” she said.", ["It is late,"], ["It is late,"], "“It is late,”"),
        ('"It is late," she said.', ["It is late,"], ["It is late,"], "“It is late,”"),
        ("She called it “a farce”.", ["a farce"], ["a farce"], "“a farce”"),
        (
            "He said the port was “in ruins” after the storm.",
            ["the port was “in ruins” after the storm"],
            ["in ruins"],
            "the port was “in ruins” after the storm",
        ),
        (
            "He said the port was ``in ruins'' after it.",
            ["the port was ``in ruins'' after it"],
            ["in ruins"],
            "the port was “in ruins” after it",
        ),
        (
            "He said the port was «in ruins».",
            ["the port was «in ruins"],
            ["in ruins"],
            "the port was “in ruins”",
        ),
        (
            "It was the crews' ‘own’ fault and the owners' “too”, he said.",
            ["the crews' ‘own’ fault and the owners' “too"],
            ["own", "too"],
            "the crews' “own” fault and the owners' “too”",
        ),
        (
            "“The bill,” Osei said, “is dead.”",
            ["The bill,", "is dead."],
            ["The bill,", "is dead."],
            "“The bill,” […] “is dead.”",
        ),
        (
            "“We waited.\n\n“Nobody came.”",
            ["We waited.", "Nobody came."],
            ["We waited.", "Nobody came."],
            "“We waited.”\n“Nobody came.”",
        ),
        ("The mine\n is safe, she said.", ["The mine\n is safe"], [], "The mine is safe"),
        (
            "“He said ‘go’, so I went.”",
            ["He said ‘go’, so I went."],
            [],
            "He said ‘go’, so I went.",
        ),
    ],
)
def test_words(body: str, content: list[str], quoted: list[str], expected: str) -> None:
    assert text(body, *content, quoted=tuple(quoted)) == expected


def test_words_of_an_escape_sequence_do_not_reach_the_terminal() -> None:
    body = "“I \x1b[31mresign\x07,” he said."
    assert text(body, "I \x1b[31mresign\x07,", quoted=("I \x1b[31mresign\x07,",)) == (
        "“I \N{REPLACEMENT CHARACTER}[31mresign\N{REPLACEMENT CHARACTER},”"
    )


@given(st.text(max_size=60), st.lists(st.integers(0, 60), min_size=2, max_size=8))
def test_any_spans_give_words(body: str, offsets: list[int]) -> None:
    ends = sorted(min(offset, len(body)) for offset in offsets)
    pairs = list(zip(ends[::2], ends[1::2], strict=False))
    spans = [TextSpan(start_offset=start, end_offset=end) for start, end in pairs]
    each = Statement(content_spans=spans[: len(spans) // 2 + 1], quoted_spans=spans)
    assert "\x1b" not in "".join(part for part, _ in words(each, body))
