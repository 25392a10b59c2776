"""spaCy itself reads the DocBin, and gives the spans back."""

from __future__ import annotations

import importlib.util
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, DocBin

from quoth.v1 import Article, AttributeQuotesResponse, Statement, TextSpan
from quoth_cli.exits import Exit, Failure
from quoth_cli.formats.docbin import DocBinRenderer, DocMaker
from quoth_cli.formats.document import document
from tests.unit.cli import example

MAKER = DocMaker()


def written() -> bytes:
    out = io.BytesIO()
    made = DocBinRenderer(out)
    made.write(example.META, example.article(), example.answer())
    made.close()
    return out.getvalue()


@pytest.fixture(scope="module")
def doc() -> Doc:
    read = DocBin(store_user_data=True).from_bytes(written())
    (one,) = read.get_docs(spacy.blank("en").vocab)
    return one


def test_the_text_is_the_article_as_it_was_sent(doc: Doc) -> None:
    assert doc.text == example.BODY


def test_contents_are_those_of_the_statements(doc: Doc) -> None:
    got = [
        (span.id_, span.label_, span.kb_id_, span.start_char, span.end_char)
        for span in doc.spans["quoth.content"]
    ]
    kinds = {1: "direct", 2: "indirect", 3: "mixed"}
    assert got == [
        (
            statement.statement_id,
            kinds[statement.kind],
            statement.speaker.speaker_id,
            part.start_offset,
            part.end_offset,
        )
        for statement in example.answer().statements
        for part in statement.content_spans
    ]


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("quoted", ("s1", "direct", "p1", "We load at dawn,")),
        ("cue", ("s1", "said", "", "said")),
        ("speaker", ("s1", "person", "p1", "Mira Sole, the harbor chief")),
        ("role", ("s1", "current", "p1", "harbor chief")),
        ("date", ("s1", "2026-05-15", "", "Friday")),
        ("addressee", ("s2", "", "", "reporters")),
        ("medium", ("s2", "written_statement", "", "a statement")),
        ("relay", ("s6", "organization", "p7", "Radio Quay")),
        ("mentions", ("", "person", "p1", "Mira Sole")),
    ],
)
def test_a_group_for_each_part(doc: Doc, group: str, expected: tuple[str, ...]) -> None:
    span = doc.spans[f"quoth.{group}"][0]
    assert (span.id_, span.label_, span.kb_id_, span.text) == expected


def test_the_answer_goes_with_it(doc: Doc) -> None:
    # MessagePack makes tuples of lists.
    got: Any = json.loads(json.dumps(doc.user_data["quoth"]))
    assert got.pop("article")["text"] == example.BODY
    assert got == document(example.META.id, example.answer())


@pytest.mark.slow
def test_spacy_reads_it_where_quoth_is_not(tmp_path: Path) -> None:
    path = tmp_path / "quay.spacy"
    path.write_bytes(written())
    program = """
import sys
sys.modules["quoth"] = None
import spacy
from spacy.tokens import DocBin
docs = DocBin(store_user_data=True).from_disk(sys.argv[1]).get_docs(spacy.blank("en").vocab)
for doc in docs:
    print(doc.spans["quoth.cue"][0].text, doc.user_data["quoth"]["id"])
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "said news/quay.txt\n"


@given(
    body=st.text(st.sampled_from("aé \n\t.“”'—-\U0001f6a2\r"), min_size=1, max_size=40),
    data=st.data(),
)
def test_every_span_is_exact(body: str, data: st.DataObject) -> None:
    statements = []
    for number in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(body) - 1))
        end = data.draw(st.integers(start + 1, len(body)))
        span = TextSpan(start_offset=start, end_offset=end, text=body[start:end])
        statements.append(Statement(statement_id=f"s{number}", content_spans=[span]))
    doc = MAKER.make(
        example.META, Article(body=body), AttributeQuotesResponse(statements=statements)
    )
    assert doc.text == body
    assert [(span.start_char, span.end_char) for span in doc.spans["quoth.content"]] == [
        (each.content_spans[0].start_offset, each.content_spans[0].end_offset)
        for each in statements
    ]


def test_without_spacy_the_remedy_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(Failure, match="pip install spacy") as failure:
        DocBinRenderer(io.BytesIO())
    assert failure.value.code is Exit.MISSING_PACKAGE
