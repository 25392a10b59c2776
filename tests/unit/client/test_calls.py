from __future__ import annotations

import time

import grpc
import pytest

import quoth
from quoth.v1 import OffsetEncoding, StatementKind
from tests.unit.client.fake import Fake, failing_first, serving, status

OVERLOADED = status(
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    "the server is full",
    "OVERLOADED",
    {"maxInFlight": "2"},
    retry_delay=0.25,
)


def test_attribute_sends_what_it_was_given(ask, fake, address):
    response = ask(
        address,
        "attribute",
        "It rained, she said.",
        title="Rain",
        published="2019-05-25",
        time_zone="America/New_York",
        language="en",
        kinds=[StatementKind.STATEMENT_KIND_DIRECT],
        min_confidence=0.0,
        rejected=True,
        offset_encoding=OffsetEncoding.OFFSET_ENCODING_UTF16,
    )
    assert response.engine_version == "It rained, she said."
    (request,) = fake.requests
    assert request.article.title == "Rain"
    assert request.article.publish_time.ToJsonString() == "2019-05-25T04:00:00Z"
    assert request.article.time_zone == "America/New_York"
    assert request.article.language_code == "en"
    assert list(request.options.kinds) == [StatementKind.STATEMENT_KIND_DIRECT]
    assert request.options.HasField("min_confidence")
    assert request.options.include_rejected_quotations
    assert request.options.offset_encoding == OffsetEncoding.OFFSET_ENCODING_UTF16


def test_attribute_leaves_the_rest_to_the_server(ask, fake, address):
    ask(address, "attribute", "Text.")
    (request,) = fake.requests
    assert not request.article.HasField("publish_time")
    assert not request.options.HasField("min_confidence")
    assert not request.options.include_rejected_quotations
    assert request.options.offset_encoding == OffsetEncoding.OFFSET_ENCODING_UTF32


def test_every_call_has_a_request_id_and_a_deadline(ask, fake, address):
    remaining = []

    def attribute(request, context):
        remaining.append(context.time_remaining())
        return quoth.v1.AttributeQuotesResponse()

    fake.attribute = attribute
    ask(address, "attribute", "Text.")
    ask(address, "attribute", "Text.", timeout=5)
    ask(address, "attribute", "Text.", client={"timeout": 300})
    assert 20 < remaining[0] < 31
    assert 0 < remaining[1] < 6
    assert 200 < remaining[2] < 301
    ids = [metadata["x-request-id"] for metadata in fake.metadata]
    assert len(set(ids)) == 3


def test_server_info(ask, address):
    assert ask(address, "server_info").server_version == "1.2.3"


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ((), quoth.HealthStatus.SERVING),
        (("",), quoth.HealthStatus.SERVING),
        (("drained",), quoth.HealthStatus.NOT_SERVING),
    ],
)
def test_health(ask, address, service, expected):
    assert ask(address, "health", *service) is expected


def test_health_of_an_unknown_service_is_an_error(ask, address):
    with pytest.raises(quoth.QuothError) as caught:
        ask(address, "health", "nobody")
    assert caught.value.code is grpc.StatusCode.NOT_FOUND


def test_every_bad_field_is_named(ask, fake, address):
    violations = (
        ("article.body", "is empty; give a text", "EMPTY_BODY"),
        ("article.time_zone", "'Mars' is no zone", "INVALID_TIME_ZONE"),
    )
    fake.attribute = failing_first(
        1,
        status(
            grpc.StatusCode.INVALID_ARGUMENT, "2 bad fields", "EMPTY_BODY", {"n": "2"}, violations
        ),
    )
    with pytest.raises(quoth.InvalidArticle, match="2 bad fields") as caught:
        ask(address, "attribute", "")
    error = caught.value
    assert error.reason == "EMPTY_BODY"
    assert error.metadata == {"n": "2"}
    assert error.violations == tuple(quoth.Violation(*v) for v in violations)
    assert error.code is grpc.StatusCode.INVALID_ARGUMENT
    assert isinstance(error.__cause__, grpc.RpcError)
    assert error.request_id == fake.metadata[0]["x-request-id"]
    assert len(fake.requests) == 1, "a bad request is not tried again"


@pytest.mark.parametrize(
    ("code", "reason", "expected"),
    [
        (grpc.StatusCode.INVALID_ARGUMENT, "UNSUPPORTED_LANGUAGE", quoth.UnsupportedLanguage),
        (grpc.StatusCode.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED", quoth.DeadlineExceeded),
        (grpc.StatusCode.INTERNAL, "INTERNAL", quoth.QuothError),
    ],
)
def test_class_of_error(ask, fake, address, code, reason, expected):
    fake.attribute = failing_first(1, status(code, "no", reason))
    with pytest.raises(quoth.QuothError) as caught:
        ask(address, "attribute", "Text.")
    assert type(caught.value) is expected
    assert caught.value.reason == reason


def test_error_without_details(ask, fake, address):
    fake.attribute = lambda request, context: context.abort(grpc.StatusCode.INTERNAL, "broken")
    with pytest.raises(quoth.QuothError, match="broken") as caught:
        ask(address, "attribute", "Text.")
    assert caught.value.reason == ""
    assert caught.value.violations == ()


def test_no_answer_in_time(ask, fake, address):
    fake.attribute = lambda request, context: time.sleep(1)
    with pytest.raises(quoth.DeadlineExceeded):
        ask(address, "attribute", "Text.", timeout=0.1)


def test_full_server_is_asked_again(ask, fake, address):
    fake.attribute = failing_first(2, OVERLOADED)
    assert ask(address, "attribute", "Text.").engine_version == "Text."
    assert len(fake.requests) == 3


def test_server_that_stays_full(ask, fake, address):
    fake.attribute = failing_first(99, OVERLOADED)
    with pytest.raises(quoth.Overloaded) as caught:
        ask(address, "attribute", "Text.")
    assert caught.value.retry_delay == 0.25
    assert caught.value.metadata == {"maxInFlight": "2"}
    assert len(fake.requests) == 4


def test_server_says_when_to_come_back(ask, fake, address):
    times = []

    def attribute(request, context):
        times.append(time.monotonic())
        if len(times) == 1:
            pushback = ("grpc-retry-pushback-ms", "400")
            context.abort_with_status(
                OVERLOADED._replace(trailing_metadata=(*OVERLOADED.trailing_metadata, pushback))
            )
        return quoth.v1.AttributeQuotesResponse()

    fake.attribute = attribute
    ask(address, "attribute", "Text.")
    assert times[1] - times[0] > 0.35  # the client's own first pause is at most 0.1 s


def test_server_asks_not_to_be_asked_again(ask, fake, address):
    lost = status(grpc.StatusCode.UNAVAILABLE, "the worker died", "WORKER_LOST")
    pushback = ("grpc-retry-pushback-ms", "-1")
    lost = lost._replace(trailing_metadata=(*lost.trailing_metadata, pushback))
    fake.attribute = failing_first(99, lost)
    with pytest.raises(quoth.Unavailable) as caught:
        ask(address, "attribute", "Text.")
    assert caught.value.reason == "WORKER_LOST"
    assert len(fake.requests) == 1


def test_server_not_there(ask):
    with serving(Fake()) as address:
        pass
    with pytest.raises(quoth.Unavailable) as caught:
        ask(address, "attribute", "Text.")
    assert caught.value.code is grpc.StatusCode.UNAVAILABLE
    assert caught.value.reason == ""


def test_answer_over_the_limit(ask, address):
    with pytest.raises(quoth.QuothError, match="larger than max"):
        ask(address, "attribute", "x" * 5000, client={"max_response_bytes": 1000})
