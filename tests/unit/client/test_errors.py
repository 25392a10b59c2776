"""Errors say what to do, and travel between processes with all that they say."""

from __future__ import annotations

import pickle

import grpc
import pytest

from quoth import (
    DeadlineExceeded,
    InvalidArticle,
    Overloaded,
    QuothError,
    Unauthenticated,
    Unavailable,
    UnsupportedLanguage,
    Violation,
)

REPORT = "a bug in the server; report it with the x-request-id of the call"


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (
            Unavailable("no way"),
            "check that a server is running there and that both sides use TLS, or neither",
        ),
        (Unavailable("it is starting; try again", reason="NOT_READY"), ""),
        (DeadlineExceeded("no answer"), "set a longer timeout; on the command line, --timeout"),
        (DeadlineExceeded("not in 60 s; divide it", reason="DEADLINE_EXCEEDED"), ""),
        (
            Unauthenticated("no token", reason="UNAUTHENTICATED"),
            "set token; on the command line, --token-file or QUOTH_TOKEN",
        ),
        (Overloaded("the proxy is full"), "try again later, or set a longer timeout"),
        (Overloaded("the server is full; wait", reason="OVERLOADED"), ""),
        (InvalidArticle("article.body: is empty; send text", reason="EMPTY_BODY"), ""),
        (QuothError(REPORT, reason="INTERNAL", request_id="r7"), "x-request-id: r7"),
        (
            QuothError("no such method", code=grpc.StatusCode.UNIMPLEMENTED),
            "gRPC status UNIMPLEMENTED",
        ),
        (QuothError("the server answered item 'x', which was not asked"), ""),
    ],
)
def test_remedy(error: QuothError, remedy: str) -> None:
    assert error.remedy == remedy
    assert str(error) == (f"{error.message} ({remedy})" if remedy else error.message)


def test_text_ends_with_the_article() -> None:
    error = DeadlineExceeded("no answer", article_id="a7")
    assert str(error).endswith(" (article a7)")


@pytest.mark.parametrize("kind", [QuothError, InvalidArticle, UnsupportedLanguage, Overloaded])
def test_error_survives_pickling(kind: type[QuothError]) -> None:
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
