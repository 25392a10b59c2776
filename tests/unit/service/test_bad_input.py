"""Requests that once got an unsound answer, or were made to; each must get a sound one now."""

from __future__ import annotations

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from quoth import v1
from quoth_server.engine import pipeline
from quoth_server.engine.config import EngineConfig
from quoth_server.service import convert, worker
from quoth_server.service.validation import Rules, validate
from tests.fuzz.invariants import problems, without_offsets

pytestmark = pytest.mark.model

SAID = "“We are full,” Lena Holt, the harbor master, said on Tuesday."

ONCE_WRONG = {
    "quoted parts of marks alone in an indirect statement": (
        "“\"«‘‘\"«'„\"«Brussels says it will not pay. '\x00\x00\x00’'’”'”"
    ),
    "content of marks alone": (
        "«'«‘\"‘„'Last month she said a decade earlier it had been worse. “One paragraph goes on"
        "\n\n\u064b“and another,\n\n“and a third,” Holt said yesterday.\r“No,” she added, “not "
        "before\nFriday.”\r“”»"
    ),
    "a quotation without a word inside another": (
        '“""«\'«\'«“„“Brussels says it will not pay.\n \n"Nobody asked us," said a spokesman'
        ' for the mine ministry who declined to be named.\n \n""“"»’“"'
    ),
    "marks of many styles around a statement": (
        "＇⟪'⟫『'“＂‚`Lee said the mayor told her two weeks ago that the bridge wa⟪s closed."
        "\n\n\n\n‟’❞′«❝`"
    ),
}

STRAINING = {
    "controls": "\x00\x01\x1b" + SAID.replace(" ", " \x00") + "\x7f\x9f",
    "line breaks of every kind": SAID.join(
        ("\n", "\r\n", "\r", "\u2028", "\u2029", "\x85", "\x0b")
    ),
    "right to left": "\u202e" + SAID + "\u202c שלום, “אני כאן,” he said. \u2067" + SAID + "\u2069",
    "combining": "".join(each + "\u0301\u0489" for each in SAID),
    "emoji": SAID.replace(" ", " 👩‍👩‍👧‍👦🏽 "),
    "beyond the first plane": SAID.replace("a", "𝐚").replace("e", "\U0010ffff"),
    "no characters": "\ufffe\uffff\ufdd0" + SAID + "\U0001fffe",
    "letters that grow": SAID.upper().replace("I", "İ").replace("S", "ß"),
    "invisible": SAID.replace("a", "a\u200b").replace("l", "l\u00ad\ufeff"),
    "one mark": "”",
    "marks alone": "“‘“‘”’”’" * 40,
    "one run": "x" * 700,
    "a run of marks": "“" * 700 + SAID,
    "a word between spaces": "\u3000\u00a0\u2003said\u2003\u00a0",
    "no breaks": SAID.replace(" ", "\u00a0"),
}

TIMES = (-62135596800, -62135510400, 951782400, 253402300799)
DATED = (
    "Two weeks ago she said no. A thousand years ago, monks wrote, “the sea came”. "
    "“It will go,” he said next year."
)


@pytest.fixture(scope="module")
def engine() -> worker.Engine:
    return pipeline.load(EngineConfig())


def answered(
    engine: worker.Engine, request: v1.AttributeQuotesRequest
) -> v1.AttributeQuotesResponse:
    """The way of a request through checks, engine and conversion."""
    job = validate(request, Rules())
    outcome = worker.read(engine, job.article)
    assert isinstance(outcome, worker.Done), outcome
    answer = convert.response(outcome.reading, job, engine.version)
    assert problems(request, answer) == []
    return answer


@pytest.mark.parametrize("body", [*ONCE_WRONG.values()], ids=[*ONCE_WRONG])
def test_what_was_once_wrong(engine: worker.Engine, body: str) -> None:
    request = v1.AttributeQuotesRequest(article=v1.Article(body=body))
    assert answered(engine, request).statements


@pytest.mark.parametrize("body", [*STRAINING.values()], ids=[*STRAINING])
def test_straining_text_gets_a_sound_answer_in_every_encoding(
    engine: worker.Engine, body: str
) -> None:
    answers = []
    for encoding in (1, 2, 3):
        options = v1.AttributionOptions(offset_encoding=encoding, include_rejected_quotations=True)
        request = v1.AttributeQuotesRequest(article=v1.Article(body=body), options=options)
        answers.append(without_offsets(answered(engine, request)))
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize("seconds", TIMES)
def test_dates_at_the_ends_of_the_calendar(engine: worker.Engine, seconds: int) -> None:
    article = v1.Article(body=DATED, publish_time=Timestamp(seconds=seconds))
    answered(engine, v1.AttributeQuotesRequest(article=article))
