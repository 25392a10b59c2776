"""A result's rows, which are those of `quoth bulk`, and how it shows itself."""

from __future__ import annotations

import copy
import dataclasses
import html
import itertools
import pickle
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth_cli.table.rows import ArticleMeta, statement_rows
from quoth_server.engine.types import (
    Article,
    Factuality,
    Reading,
    Role,
    Span,
    Speaker,
    SpeakerMention,
    SpeakerType,
    Statement,
    StatementKind,
)
from quoth_server.results import Result
from quoth_server.results.rows import COLUMNS
from quoth_server.service.convert import response
from quoth_server.service.validation import Job, Options
from tests.unit.service.test_convert import BODY, READING

RESULT = Result.of(READING, Article(BODY))
SPLIT = "“We sail,” said Holt, “at noon.” “And\n\n“we return,” she said. The <b>pier</b> is shut."


def statement(
    *content: str, body: str = SPLIT, number: int = 1, speaker_id: str = "p1", **fields: object
) -> Statement:
    places = [body.index(each) for each in content]
    return Statement(
        statement_id=f"s{number}",
        kind=StatementKind.DIRECT,
        content_spans=tuple(
            Span(at, at + len(each)) for at, each in zip(places, content, strict=True)
        ),
        speaker=SpeakerMention(None, speaker_id),
        **{"confidence": 0.9, **fields},  # type: ignore[arg-type]
    )


def result(*statements: Statement, body: str = SPLIT, name: str = "Lena Holt") -> Result:
    speakers = (Speaker("p1", name, SpeakerType.PERSON), Speaker("p2", "Pier", SpeakerType.PLACE))
    return Result.of(Reading(statements, speakers), Article(body))


class Page(HTMLParser):
    """The elements of a page, and the text of each kind of them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in {"meta", "iframe"}:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag != "iframe":
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in set(self._open):
            if "b" not in self._open or tag == "b":  # the labels are not of the text
                self.texts[tag] = self.texts.get(tag, "") + data


def shown(made: Result) -> Page:
    ((tag, frame),) = Page(made._repr_html_()).elements
    assert tag == "iframe"
    assert frame["sandbox"] == ""
    return Page(frame["srcdoc"] or "")


def rows_of_bulk(made: Result) -> list[dict[str, object]]:
    answer = response(made, Job(made.article, Options()), "7")
    return statement_rows(0, ArticleMeta(id="a"), answer, made.text)


def test_rows_are_those_of_bulk() -> None:
    expected = {row["statement_id"]: row for row in rows_of_bulk(RESULT)}
    for row in RESULT.rows():
        other = expected.pop(row["statement_id"])
        assert list(row) == [name for name in other if name in row] == list(COLUMNS)
        assert row == {name: other[name] for name in row}
    assert not expected


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (("We sail",), "We sail"),
        (("We sail,", "at noon."), "We sail, […] at noon."),
        (("And", "we return,"), "And we return,"),
    ],
)
def test_what_is_left_out_has_a_sign(content: tuple[str, ...], said: str) -> None:
    made = result(statement(*content))
    assert made.content_of(made.statements[0]) == said
    assert made.rows()[0]["content"] == rows_of_bulk(made)[0]["content"] == said


def test_a_result_is_a_reading_that_can_be_sent() -> None:
    assert pickle.loads(pickle.dumps(RESULT)) == RESULT == copy.deepcopy(RESULT)
    assert RESULT.statements == READING.statements
    assert RESULT.text == BODY
    assert repr(RESULT) == "<Result: 2 statements, 3 speakers>"


def test_the_frame_runs_and_loads_nothing() -> None:
    page = shown(result(statement("We sail,"), name="<script>alert(1)</script>"))
    assert {tag for tag, _ in page.elements}.isdisjoint({"script", "img", "link", "a", "form"})
    assert not [name for _, attrs in page.elements for name in attrs if name.startswith("on")]
    (policy,) = [attrs["content"] for _, attrs in page.elements if "http-equiv" in attrs]
    assert policy
    assert policy.startswith("default-src 'none'")
    assert page.texts["b"] == "<script>alert(1)</script>"


def test_each_speaker_has_a_color_and_is_named() -> None:
    made = result(
        statement("We sail,"),
        statement("at noon.", number=2, speaker_id="p2"),
        statement("we return,", number=3),
        statement("is shut", number=4, speaker_id=""),
    )
    page = shown(made)
    marks = [attrs["class"] for tag, attrs in page.elements if tag == "mark"]
    assert marks == ["c0", "c1", "c0", "cx"]
    assert page.texts["b"] == "Lena HoltPierLena Holtunknown speaker"
    assert page.texts["ul"] == "Lena Holt 2Pier place, 1unknown speaker 1"


@pytest.mark.parametrize(
    ("fields", "label", "kind", "note"),
    [
        ({}, "Lena Holt", "c0", ""),
        ({"factuality": Factuality.DENIED}, "Lena Holt, denied", "c0", ""),
        ({"factuality": Factuality.NEGATED}, "Lena Holt, said nothing about this", "c0", ""),
        (
            {"confidence": 0.3},
            "Lena Holt",
            "c0 unsure",
            "1 of 1 statement is more likely wrong than right: dashed lines.",
        ),
    ],
)
def test_what_a_reader_has_to_know(
    fields: dict[str, object], label: str, kind: str, note: str
) -> None:
    page = shown(result(statement("We sail,", **fields)))
    assert page.texts["b"] == label
    assert [attrs["class"] for tag, attrs in page.elements if tag == "mark"] == [kind]
    assert page.texts.get("p", "") == note


def test_the_details_name_role_and_date() -> None:
    (first, *_) = [attrs["title"] for tag, attrs in shown(RESULT).elements if tag == "mark"]
    assert first == "Ana Díaz, said nothing about this · Mayor · 2019-05-20 · direct · 70% sure"


def test_an_article_without_statements_says_so() -> None:
    assert shown(result()).texts["p"] == "No statement was found."


@st.composite
def readings(draw: st.DrawFn) -> Result:
    body = draw(st.text(st.sampled_from("ab<&\"' \n“é🎉"), min_size=1, max_size=30))
    made = []
    for number in range(draw(st.integers(0, 4))):
        edges = sorted(draw(st.sets(st.integers(0, len(body)), max_size=6)))
        spans = tuple(map(Span, edges[::2], edges[1::2]))
        if spans:
            made.append(Statement(f"s{number}", StatementKind.MIXED, spans))
    return Result.of(Reading(tuple(made), ()), Article(body))


@given(readings())
def test_the_text_is_shown_as_it_is_whatever_the_statements(made: Result) -> None:
    # Line ends as a parser of HTML leaves them.
    assert shown(made).texts.get("article", "") == made.text
    ents = made.displacy()["ents"]
    assert all(one["end"] <= other["start"] for one, other in itertools.pairwise(ents))
    inside = {at for each in made.statements for s in each.content_spans for at in _range(s)}
    assert {at for each in ents for at in range(each["start"], each["end"])} == inside


def _range(span: Span) -> range:
    return range(span.start_offset, span.end_offset)


def test_a_statement_within_another_has_its_own_color() -> None:
    body = "He said the mayor told him it was shut."
    outer = statement("the mayor told him it was shut", body=body)
    inner = statement("it was shut", body=body, number=2, speaker_id="p2")
    made = result(outer, inner, body=body)
    assert [(body[e["start"] : e["end"]], e["label"]) for e in made.displacy()["ents"]] == [
        ("the mayor told him ", "Lena Holt"),
        ("it was shut", "Pier"),
    ]


def test_displacy_draws_the_names_of_speakers() -> None:
    displacy = pytest.importorskip("spacy").displacy
    drawn = displacy.render(
        result(statement("We sail,", "at noon.")).displacy(),
        style="ent",
        manual=True,
        jupyter=False,
    )
    text = html.unescape(re.sub(r"<[^>]*>", "", drawn))
    assert text.count("Lena Holt") == 2


def test_a_role_is_in_the_legend() -> None:
    at = SPLIT.index("Holt")
    mention = SpeakerMention(None, "p1", Role(Span(at, at + 4)))
    made = result(dataclasses.replace(statement("We sail,"), speaker=mention))
    assert shown(made).texts["ul"] == "Lena Holt Holt, 1"
