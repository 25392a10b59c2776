from __future__ import annotations

import grpc
import pytest
from google.rpc import error_details_pb2, status_pb2

from quoth.v1 import ErrorReason
from quoth_server.service import errors, statuses
from quoth_server.service.errors import ServiceError, Violation

ALL = [
    errors.invalid([Violation("article.body", "it is blank", "EMPTY_BODY")]),
    errors.overloaded(3, 0.25),
    errors.deadline_exceeded(1.5),
    errors.worker_lost("9f86d081884c7d65"),
    errors.quarantined("9f86d081884c7d65", 2, 411.3),
    errors.not_ready(),
    errors.shutting_down(),
    errors.internal(),
]


def details(error: ServiceError) -> dict[str, object]:
    status = status_pb2.Status.FromString(dict(statuses.trailers(error))["grpc-status-details-bin"])
    assert status.code == error.code.value[0]
    assert status.message == error.message
    unpacked = {}
    for detail in status.details:
        name = detail.TypeName().removeprefix("google.rpc.")
        message = getattr(error_details_pb2, name)()
        assert detail.Unpack(message)
        assert name not in unpacked
        unpacked[name] = message
    return unpacked


@pytest.mark.parametrize("error", ALL, ids=lambda error: error.reason)
def test_every_error_has_a_reason_of_the_contract(error: ServiceError) -> None:
    info = details(error)["ErrorInfo"]
    assert (info.reason, info.domain) == (error.reason, "quoth.v1")
    assert f"ERROR_REASON_{info.reason}" in ErrorReason.keys()  # noqa: SIM118 - not a mapping


@pytest.mark.parametrize("error", ALL, ids=lambda error: error.reason)
def test_an_item_fails_with_the_same(error: ServiceError) -> None:
    item = statuses.item_error(error)
    assert item.code == error.code.value[0]
    assert ErrorReason.Name(item.reason) == f"ERROR_REASON_{error.reason}"
    assert item.message == error.message
    assert dict(item.metadata) == error.metadata
    assert [violation.field for violation in item.violations] == [
        violation.field for violation in error.violations
    ]


def test_a_full_server_says_when_to_come_back() -> None:
    error = errors.overloaded(3, 0.25)
    assert error.code is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert details(error)["RetryInfo"].retry_delay.ToMilliseconds() == 250
    assert dict(statuses.trailers(error))["grpc-retry-pushback-ms"] == "250"


@pytest.mark.parametrize("error", ALL, ids=lambda error: error.reason)
def test_only_a_full_server_does(error: ServiceError) -> None:
    pushback = int(dict(statuses.trailers(error)).get("grpc-retry-pushback-ms", "-1"))
    assert (pushback >= 0) == (error.reason == "OVERLOADED")


def test_what_may_have_killed_workers_is_not_sent_again_unasked() -> None:
    error = errors.worker_lost("9f86d081884c7d65")
    assert dict(statuses.trailers(error))["grpc-retry-pushback-ms"] == "-1"


def test_a_deadline_says_how_it_can_be_raised() -> None:
    error = errors.deadline_exceeded(60)
    assert "within 60 s; " in error.message
    assert "QUOTH_MAX_DEADLINE" in error.message
    assert error.metadata == {"deadlineSeconds": "60"}


def test_a_text_in_quarantine_is_named_and_how_long_it_stays() -> None:
    error = errors.quarantined("9f86d081884c7d65", 2, 411.3)
    assert error.code is grpc.StatusCode.FAILED_PRECONDITION
    assert "begins 9f86d081884c7d65 " in error.message
    assert error.metadata == {
        "bodySha256": "9f86d081884c7d65",
        "processesEnded": "2",
        "refusedSeconds": "412",
    }


def test_bad_fields_each_keep_their_reason_and_the_first_names_the_error() -> None:
    error = errors.invalid(
        [
            Violation("article.body", "it is blank", "EMPTY_BODY", {"a": "1"}),
            errors.unsupported_language("article.language_code", "de", ("en",)),
        ]
    )
    assert error.reason == "EMPTY_BODY"
    assert error.message.startswith("article.body: it is blank; article.language_code: ")
    assert error.metadata == {"a": "1", "languageCode": "de", "supportedLanguageCodes": "en"}
    violations = details(error)["BadRequest"].field_violations
    assert [(each.field, each.reason) for each in violations] == [
        ("article.body", "EMPTY_BODY"),
        ("article.language_code", "UNSUPPORTED_LANGUAGE"),
    ]
