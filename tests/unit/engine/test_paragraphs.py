"""Step 1: paragraphs and what they are to the article."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth_server.engine.paragraphs import divide
from quoth_server.engine.types import ParagraphKind, Span

TITLE, PUBLISHED, UPDATED, HEADING, BODY = ParagraphKind
STORY = "The harbor reopened on Monday after two weeks of repairs, the port authority said."


def kinds(body: str, title: str = "") -> list[ParagraphKind]:
    return [p.kind for p in divide(body, title)]


def texts(body: str) -> list[str]:
    return [p.span.of(body) for p in divide(body)]


@pytest.mark.parametrize(
    "line_break", ["\n", "\r", "\r\n", "\n\n", "\u2028", "\u2029", "\f", "\v", "\x85", " \n\t\n "]
)
def test_every_line_break_parts_paragraphs(line_break: str) -> None:
    assert texts(f"First here.{line_break}Second here.") == ["First here.", "Second here."]


@pytest.mark.parametrize("body", ["", " ", "\n\n", "\r", "\u2028 \t", "\u3000"])
def test_blank_text_has_no_paragraphs(body: str) -> None:
    assert divide(body) == ()


def test_spans_leave_outer_white_space_out() -> None:
    assert [p.span for p in divide("  One.  \n\u00a0Two.\t")] == [Span(2, 6), Span(10, 14)]


def test_no_width_characters_are_text() -> None:
    assert texts("\x00\n😀\n\u0301") == ["\x00", "😀", "\u0301"]


def test_hard_wrapped_text_keeps_its_paragraphs_whole() -> None:
    stories = [" ".join([STORY] * n) for n in (3, 2, 4)]
    wrapped = [textwrap.fill(story, 66) for story in stories]
    assert texts("\n\n".join(wrapped)) == wrapped


def test_hard_wrapped_text_with_windows_line_breaks() -> None:
    wrapped = textwrap.fill(" ".join([STORY] * 4), 66).replace("\n", "\r\n")
    assert texts(wrapped + "\r\n\r\n" + STORY) == [wrapped, STORY]


def test_header_lines_of_hard_wrapped_text_stay_apart() -> None:
    wrapped = textwrap.fill(" ".join([STORY] * 6), 66)
    body = f"Harbor reopens\nPublished May 8, 2019\nUpdated May 9, 2019\n\n{wrapped}"
    assert texts(body) == [
        "Harbor reopens",
        "Published May 8, 2019",
        "Updated May 9, 2019",
        wrapped,
    ]


@pytest.mark.parametrize(
    "body",
    [
        "\n".join([STORY] * 4),  # one sentence a line
        "Eggs\nFlour\nButter\nSugar\nVanilla and a little salt",  # a list
        "a\nb\nc\nd\ne\nf",
    ],
)
def test_lines_that_are_not_wrapped_stay_paragraphs(body: str) -> None:
    assert texts(body) == body.split("\n")


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Published May 25, 2019", PUBLISHED),
        ("PUBLISHED: 25 May 2019 at 10.14 BST", PUBLISHED),
        ("First published on 2019-05-25", PUBLISHED),
        ("Posted at 3:15 p.m. ET on May 3, 2021", PUBLISHED),
        ("Issued on: 25/05/2019 - 10:14", PUBLISHED),
        ("Date: 8 September 2020", PUBLISHED),
        ("Published May 25, 2019 | Updated May 26, 2019", PUBLISHED),
        ("By Ana Ruiz | May 3, 2021", PUBLISHED),
        ("Friday, January 4, 2019", PUBLISHED),
        ("Wed 8 May 2019 06.00 BST", PUBLISHED),
        ("2019-05-08T06:00:00Z", PUBLISHED),
        ("Updated Apr 15, 2020", UPDATED),
        ("Last modified on Wed 8 May 2019 06.00 BST", UPDATED),
        ("Last updated: 3 March 2020", UPDATED),
        ("This article was last updated on March 3, 2020", UPDATED),
        # and their twins, which give no day or tell a story
        ("Published by the Harbor News", HEADING),
        ("By Ana Ruiz", HEADING),
        ("Updated daily", HEADING),
        ("Published on May 25, 2019, the report blamed the builders.", BODY),
        ("Updated rules from May 3, 2019 apply to all ferries.", BODY),
    ],
)
def test_header_lines(line: str, kind: ParagraphKind) -> None:
    assert kinds(f"Harbor reopens\n{line}\n{STORY}") == [TITLE, kind, BODY]


def test_a_bare_date_below_the_text_is_a_heading() -> None:
    assert kinds(f"{STORY}\nMay 8, 2019\n{STORY}") == [BODY, HEADING, BODY]


@pytest.mark.parametrize(
    ("first", "title", "kind"),
    [
        ("Harbor Reopens After Two Weeks", "", TITLE),
        ("Harbor Reopens After Two Weeks", "Harbor reopens after two weeks", TITLE),
        ("Harbor reopens after two weeks.", "Harbor reopens after two weeks", TITLE),
        ("Harbor reopens after two weeks | Harbor News", "Harbor reopens after two weeks", TITLE),
        ("Picture: the ferry yesterday", "Harbor reopens after two weeks", HEADING),
        ("The harbor reopened.", "", BODY),
        ("The harbor reopened.", "Ferries sail again", BODY),
    ],
)
def test_titles(first: str, title: str, kind: ParagraphKind) -> None:
    assert kinds(f"{first}\n{STORY}", title) == [kind, BODY]


def test_a_title_given_twice() -> None:
    body = f"Harbor reopens | Harbor News\n\nHarbor reopens\n\n{STORY}"
    assert kinds(body) == [TITLE, TITLE, BODY]


def test_a_lone_line_is_body() -> None:
    assert kinds("the harbor is open") == [BODY]


def test_headings_stand_between_paragraphs() -> None:
    assert kinds(f"{STORY}\n\nBorder security\n\n{STORY}") == [BODY, HEADING, BODY]


@given(st.text(alphabet=st.sampled_from("ab .\n\r\u2028\x0c“”é😀1") | st.characters()))
def test_any_text_is_divided_without_loss(body: str) -> None:
    paragraphs = divide(body)
    edges = [edge for p in paragraphs for edge in (p.span.start_offset, p.span.end_offset)]
    assert edges == sorted(edges)
    assert "".join("".join(p.span.of(body).split()) for p in paragraphs) == "".join(body.split())
    assert all(p.span.of(body) == p.span.of(body).strip() != "" for p in paragraphs)
