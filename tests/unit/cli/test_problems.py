from __future__ import annotations

import pickle

import grpc
import pytest

from quoth import (
    DeadlineExceeded,
    InvalidArticle,
    Overloaded,
    QuothError,
    Unavailable,
    UnsupportedLanguage,
    Violation,
)
from quoth_cli.exits import MEANINGS, Exit, Failure
from quoth_cli.problems import Problem, exit_of, fields_of, line_of, located
from quoth_cli.readers.base import BadRow

EMPTY = InvalidArticle(
    "request.article.body: it is empty",
    code=grpc.StatusCode.INVALID_ARGUMENT,
    reason="EMPTY_BODY",
    violations=[Violation("request.article.body", "it is empty; send text", "EMPTY_BODY")],
)


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (Failure(Exit.OUTPUT, "x"), Exit.OUTPUT),
        (BadRow("x"), Exit.INPUT),
        (EMPTY, Exit.REFUSED),
        (UnsupportedLanguage("x", reason="UNSUPPORTED_LANGUAGE"), Exit.REFUSED),
        (Unavailable("x"), Exit.UNAVAILABLE),
        (DeadlineExceeded("x"), Exit.TIMEOUT),
        (Overloaded("x", reason="OVERLOADED"), Exit.TIMEOUT),
        (Overloaded("the proxy is full"), Exit.TIMEOUT),
        (QuothError("x", reason="INTERNAL"), Exit.FAULT),
    ],
)
def test_exit_codes(problem: Problem, code: Exit) -> None:
    assert exit_of(problem) is code


def test_every_exit_code_has_a_meaning() -> None:
    assert list(MEANINGS) == list(Exit)


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (EMPTY, "article.body: it is empty; send text"),
        (Unavailable("no\nway"), f"no way ({Unavailable('').remedy})"),
        (Unavailable("it starts", reason="NOT_READY"), "it starts"),
        (
            DeadlineExceeded("no answer"),
            "no answer (set a longer timeout; on the command line, --timeout)",
        ),
        (
            DeadlineExceeded("not in 60 s; divide it", reason="DEADLINE_EXCEEDED"),
            "not in 60 s; divide it",
        ),
        (BadRow("is a list"), "is a list"),
    ],
)
def test_lines(problem: Problem, line: str) -> None:
    assert line_of(problem) == line


def test_failure_survives_pickling() -> None:
    again = pickle.loads(pickle.dumps(Failure(Exit.INPUT, "x.jsonl: no such file")))
    assert (again.code, str(again)) == (Exit.INPUT, "x.jsonl: no such file")


def test_a_failure_names_its_own_place() -> None:
    assert located("in:3", BadRow("is a list")) == "in:3: is a list"
    assert located("a.txt", Failure(Exit.INPUT, "a.txt: no such file")) == "a.txt: no such file"


def test_fields_are_those_of_the_answer_to_one_article() -> None:
    assert fields_of(EMPTY) == {
        "code": "INVALID_ARGUMENT",
        "reason": "EMPTY_BODY",
        "message": "article.body: it is empty; send text",
        "violations": [
            {
                "field": "article.body",
                "description": "it is empty; send text",
                "reason": "EMPTY_BODY",
            }
        ],
    }
    assert fields_of(BadRow("is a list"))["reason"] == "BAD_LINE"
