"""Pairing of quotation marks."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth_server.engine.marks import pair, unescaped
from quoth_server.engine.types import Paragraph, ParagraphKind, Quotation, Span


def lines(body: str) -> tuple[Paragraph, ...]:
    found, at = [], 0
    for line in body.split("\n"):
        if stripped := line.strip():
            start = at + line.index(stripped)
            found.append(Paragraph(Span(start, start + len(stripped)), ParagraphKind.BODY))
        at += len(line) + 1
    return tuple(found)


def quotations(body: str) -> tuple[Quotation, ...]:
    return pair(body, lines(body))


def inner(body: str, depth: int | None = None) -> list[str]:
    return [q.inner.of(body) for q in quotations(body) if depth is None or q.depth == depth]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("“We won,” she said. “At last.”", ["We won,", "At last."]),
        ('"We won," she said. "At last."', ["We won,", "At last."]),
        ("''We won,'' she said. ''At last.''", ["We won,", "At last."]),
        ("``We won,'' she said. ``At last.''", ["We won,", "At last."]),
        ("‘We won,’ she said. ‘At last.’", ["We won,", "At last."]),
        ("'We won,' she said. 'At last.'", ["We won,", "At last."]),
        ("`We won,' she said.", ["We won,"]),
        ("«We won», she said.", ["We won"]),
        ("»We won«, she said.", ["We won"]),
        ("»We won», she said.", ["We won"]),
        ("‹We won›, she said.", ["We won"]),
        ("„We won“, she said. „At last.”", ["We won", "At last."]),
        ("”We won”, she said.", ["We won"]),
        ("“We won,\" she said.", ["We won,"]),
        ("« We won », she said.", [" We won "]),
        ('the "maverick" and ("x") — "y"—z', ["maverick", "x", "y"]),
        ('a plan—"bold," he said—was', ["bold,"]),
        ("No marks at all.", []),
        ("", []),
    ],
)  # fmt: skip
def test_styles(body: str, expected: list[str]) -> None:
    assert inner(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("The drivers' union met the owners' club.", []),
        ("‘The drivers’ union is ready,’ he said.", ["The drivers’ union is ready,"]),
        ("'The drivers' union is ready,' he said.", ["The drivers' union is ready,"]),
        ("'It's the '90s again,' he said.", ["It's the '90s again,"]),
        ("It’s rock ’n’ roll, he said.", []),
        ("'I love rock 'n' roll,' he said.", ["I love rock 'n' roll,"]),
        ("'Get 'em out,' he said.", ["Get 'em out,"]),
        ("'I was goin' home,' he said.", ["I was goin' home,"]),
        ("In the '90s and the ’80s.", []),
        ("James' car and Jess's don't count.", []),
        ("He is 6' 2\" tall. \"Yes,\" he said.", ["Yes,"]),
        ('"He is 6\' 2" tall," she said.', ['He is 6\' 2" tall,']),
        ("‘We fixed ‘em in the ‘90s,’ said Rita.", ["We fixed ‘em in the ‘90s,"]),
        ("The ‘90s band said ‘no’ to it.", ["no"]),
        ("‘Cause I told ‘em,’ he said.", ["Cause I told ‘em,"]),
        ("He left. ‘Til now,’ she said.", ["Til now,"]),
        ("She called it ‘90s music’.", ["90s music"]),
        ("A 12\" record and a 7\" one.", []),
        ("'Yes' and 'no' were ticked.", ["Yes", "no"]),
        ("The boys' 'club' is shut.", ["club"]),
    ],
)  # fmt: skip
def test_apostrophes_and_measures_are_not_quotation_marks(body: str, expected: list[str]) -> None:
    assert inner(body) == expected


@pytest.mark.parametrize(
    ("body", "outer", "nested"),
    [
        ("“He said ‘no’ to me,” she said.", ["He said ‘no’ to me,"], ["no"]),
        ("\"He said 'no' to me,\" she said.", ["He said 'no' to me,"], ["no"]),
        ("'He said \"no\" to me,' she said.", ['He said "no" to me,'], ["no"]),
        ("“It was ‘great.’” He left.", ["It was ‘great.’"], ["great."]),
        ("\"It was 'great.'\" He left.", ["It was 'great.'"], ["great."]),
        ("“‘No’ is no answer,” she said.", ["‘No’ is no answer,"], ["No"]),
        ("“He said “no” to me,” she said.", ["He said “no” to me,"], ["no"]),
        ("«Il a dit “non”», she said.", ["Il a dit “non”"], ["non"]),
    ],
)
def test_nesting(body: str, outer: list[str], nested: list[str]) -> None:
    assert inner(body, depth=0) == outer
    assert inner(body, depth=1) == nested


@pytest.mark.parametrize("marks", ["“”", '""', "‘’", "''"])
def test_a_quotation_goes_on_in_the_next_paragraph(marks: str) -> None:
    first, last = marks
    body = f"{first}One.\n\n{first}Two.\n\n{first}Three,{last} she said. {first}Four.{last}"
    found = quotations(body)
    assert [q.inner.of(body) for q in found] == ["One.", "Two.", "Three,", "Four."]
    assert [q.closed for q in found] == [False, False, True, True]
    assert [q.continues for q in found] == [False, True, True, False]


def test_an_unclosed_mark_ends_with_its_paragraph() -> None:
    body = "“Nobody closes this, said he.\nThe next line is free. “This is quoted.”"
    first, second = quotations(body)
    assert (first.inner.of(body), first.closed) == ("Nobody closes this, said he.", False)
    assert (second.inner.of(body), second.closed) == ("This is quoted.", True)
    assert not second.continues


def test_marks_are_outside_inner_and_inside_outer() -> None:
    body = "She said ``yes'' twice."
    (found,) = quotations(body)
    assert found.outer.of(body) == "``yes''"
    assert found.inner.of(body) == "yes"


@given(st.text(alphabet="“”‘’\"'`«»„ \nas.6—", max_size=80))
def test_any_text_gives_nested_spans_within_their_paragraphs(body: str) -> None:
    paragraphs = lines(body)
    found = pair(body, paragraphs)
    for quotation in found:
        assert quotation.outer.covers(quotation.inner)
        assert any(p.span.covers(quotation.outer) for p in paragraphs)
        assert quotation.outer.start_offset < quotation.inner.start_offset or quotation.continues
        assert quotation.inner.end_offset < quotation.outer.end_offset or not quotation.closed
    for one in found:
        for other in found:
            if one.outer.overlaps(other.outer) and one is not other:
                assert one.outer.covers(other.outer) or other.outer.covers(one.outer)
                assert one.depth != other.depth
    assert [q.outer.start_offset for q in found] == sorted(q.outer.start_offset for q in found)


@pytest.mark.slow
@pytest.mark.parametrize("unit", ['"', "'", "“", "‘’", "a 'b ", "s' x ", "“a” ", "''"])
def test_a_very_long_line_is_handled(unit: str) -> None:
    body = (unit * 200_000)[:200_000]
    started = time.perf_counter()
    quotations(body)
    assert time.perf_counter() - started < 30


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("“We won.\nIt was late.” He left.", [("We won.", False), ("It was late.", True)]),
        ('He said: "We won.\nIt was late."', [("We won.", False), ("It was late.", True)]),
        ("“We won.\nIt was late.", [("We won.", False)]),
        ("“We won.” And\nit was late.” He left.", [("We won.", True)]),
        ("“We won.\n“Then” he left.”", [("We won.", False), ("Then", True)]),
        ("“We won.\nA “late” one.”", [("We won.", False), ("late", True)]),
    ],
)
def test_a_closing_mark_alone_ends_what_the_paragraph_before_left_open(
    body: str, expected: list[tuple[str, bool]]
) -> None:
    found = quotations(body)
    assert [(q.inner.of(body), q.closed) for q in found] == expected
    goes_on = {"It was late.", "Then"}
    assert [q.continues for q in found] == [text in goes_on for text, _ in expected]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("“Should we stay? Ida Roe asked.\n“Yes,” Tom said.", ["Should we stay?", "Yes,"]),
        ("\"Should we stay? Ida Roe asked. \"Yes,\" Tom said.", ["Should we stay?", "Yes,"]),
        ("“We stay, he replied on Monday.", ["We stay,"]),
        ("“We stay! added Ida Roe.", ["We stay!"]),
        # No clause of saying, one with what was said, and a mark that is there.
        ("“Should we stay? Ida Roe left.", ["Should we stay? Ida Roe left."]),
        ("“When I came, she said it was over.\n“I left.”",
         ["When I came, she said it was over.", "I left."]),
        ("“Was it late? Ida asked. I left,” Tom said.", ["Was it late? Ida asked. I left,"]),
        ("“He said “no” then,” she said.", ["He said “no” then,", "no"]),
    ],
)  # fmt: skip
def test_a_clause_of_saying_ends_what_nothing_closes(body: str, expected: list[str]) -> None:
    assert inner(body) == expected
    assert all(q.depth == 0 or q.inner.of(body) == "no" for q in quotations(body))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("She ruled:\n\n> It is void. Pay.\n\nHe left.", [("It is void. Pay.", True, False)]),
        ("She ruled:\n> It is void.\n>\n> Pay.",
         [("It is void.", False, False), ("Pay.", True, True)]),
        ("She ruled:\n> “It is void,” he said.", [("It is void,", True, False)]),
        ("She ruled.\n> It is void.", []),
        ("She ruled:\nIt is > void.", []),
        ("She ruled:\n>", []),
        ("> It is void.", []),
    ],
)  # fmt: skip
def test_block_quotations_after_a_colon(body: str, expected: list[tuple[str, bool, bool]]) -> None:
    assert [(q.inner.of(body), q.closed, q.continues) for q in quotations(body)] == expected


@pytest.mark.parametrize(
    ("body", "plain"),
    [
        ("&ldquo;No,&rdquo; he said.", "      “No,”       he said."),
        ("&quot;No,&quot; he said.", '     "No,"      he said.'),
        ("(&#8220;No&#x201D;)", "(      “No”       )"),
        ("&lsquo;No,&rsquo; he said.", "      ‘No,’       he said."),
        ("I don&rsquo;t know & care; AT&amp;T.", "I don&rsquo;t know & care; AT&amp;T."),
    ],
)
def test_entities_are_marks_in_the_same_place(body: str, plain: str) -> None:
    assert unescaped(body) == plain
    assert len(plain) == len(body)
