"""Errors travel between processes with all that they say."""

from __future__ import annotations

import pickle

import grpc
import pytest

from quoth import InvalidArticle, Overloaded, QuothError, UnsupportedLanguage, Violation
from quoth_cli.exits import Exit, Failure


@pytest.mark.parametrize("kind", [QuothError, InvalidArticle, UnsupportedLanguage, Overloaded])
def test_an_error_can_be_pickled(kind: type[QuothError]) -> None:
    error = kind(
        "it is full",
        code=grpc.StatusCode.RESOURCE_EXHAUSTED,
        reason="OVERLOADED",
        violations=[Violation("article.body", "too long", "BODY_TOO_LONG")],
        metadata={"limit": "3"},
        retry_delay=1.5,
        request_id="r1",
        article_id="a1",
    )
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert str(again) == str(error)
    assert vars(again) == vars(error)


def test_a_failure_can_be_pickled() -> None:
    again = pickle.loads(pickle.dumps(Failure(Exit.INPUT, "x.jsonl: no such file")))
    assert (again.code, str(again)) == (Exit.INPUT, "x.jsonl: no such file")
