"""What a call can fail with; `statuses` says how it is sent."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import grpc

__all__ = [
    "ServiceError",
    "Violation",
    "archive_replaced",
    "crowded",
    "deadline_exceeded",
    "internal",
    "invalid",
    "malformed",
    "no_archive",
    "no_article_text",
    "no_such_person",
    "no_such_statement",
    "not_arrived",
    "not_ready",
    "overloaded",
    "quarantined",
    "shutting_down",
    "too_little_time",
    "too_long",
    "unauthenticated",
    "unsupported_language",
    "worker_lost",
]

# What is named of a request: all is sent at the end of a call, where many clients take 8 KB.
_MOST_VIOLATIONS = 8


@dataclass(frozen=True, slots=True)
class Violation:
    """One bad field: its path from the request, why it is bad and what to do, and the figures.

    `reason` is a name of `ErrorReason` without its prefix.
    """

    field: str
    description: str
    reason: str
    metadata: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(eq=False)
class ServiceError(Exception):
    """A call, or an item of a stream, that gets no answer.

    Attributes:
        code: The gRPC status.
        reason: A name of `ErrorReason` without its prefix.
        message: What went wrong, in English, without text of the article.
        metadata: The figures of the message.
        violations: The bad fields.
        retry_after: Seconds after which another try may do better.
        resend: Whether a client's retry policy may send the call again unasked.
    """

    code: grpc.StatusCode
    reason: str
    message: str
    _: dataclasses.KW_ONLY
    metadata: Mapping[str, str] = dataclasses.field(default_factory=dict)
    violations: Sequence[Violation] = ()
    retry_after: float | None = None
    resend: bool = True

    def __str__(self) -> str:
        return self.message


def invalid(violations: Sequence[Violation]) -> ServiceError:
    """The request is bad; the error's reason is that of the first violation.

    Of many violations the first are named, and the rest counted.
    """
    named = violations[:_MOST_VIOLATIONS]
    metadata: dict[str, str] = {}
    for violation in named:
        metadata = {**violation.metadata, **metadata}
    parts = [f"{violation.field}: {violation.description}" for violation in named]
    if more := len(violations) - len(named):
        parts.append(f"and {more} more")
        metadata["moreViolations"] = str(more)
    return ServiceError(
        grpc.StatusCode.INVALID_ARGUMENT,
        violations[0].reason,
        "; ".join(parts),
        metadata=metadata,
        violations=named,
    )


def malformed(message: str, field: str = "", why: str = "") -> ServiceError:
    """The bytes sent are not the message of this name, if known because of a field, or why."""
    if field:
        description = f"its value is not valid for this field of {message}"
        return invalid([Violation(field, description, "MALFORMED_REQUEST")])
    return ServiceError(
        grpc.StatusCode.INVALID_ARGUMENT,
        "MALFORMED_REQUEST",
        f"the bytes are not a valid {message}: {why}; send JSON as /openapi.json describes it"
        if why
        else f"the bytes are not a valid {message}; write them with stubs made from the contract",
    )


def unsupported_language(field: str, language: str, supported: Sequence[str]) -> Violation:
    """The language, as `field` gives it or as it was detected there, is not one that is read."""
    codes = ", ".join(supported)
    return Violation(
        field,
        f"the language is {language!r}; send text in one of: {codes}",
        "UNSUPPORTED_LANGUAGE",
        {"languageCode": language, "supportedLanguageCodes": ",".join(supported)},
    )


def overloaded(in_flight: int, retry_after: float) -> ServiceError:
    """The server is full."""
    return ServiceError(
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        "OVERLOADED",
        f"the server is full ({in_flight} calls in flight); try again in {retry_after:.1f} s",
        metadata={"maxInFlight": str(in_flight)},
        retry_after=retry_after,
    )


def deadline_exceeded(seconds: float) -> ServiceError:
    """The article was not finished in the time that any article has."""
    return ServiceError(
        grpc.StatusCode.DEADLINE_EXCEEDED,
        "DEADLINE_EXCEEDED",
        f"the article was not finished within {seconds:.3g} s; send it in parts, or "
        "raise QUOTH_MAX_DEADLINE, the limit for one article",
        metadata={"deadlineSeconds": f"{seconds:.3g}"},
    )


def too_little_time(remaining: float, least: float) -> ServiceError:
    """The article takes longer than the caller waits, both in seconds; it is not begun."""
    return ServiceError(
        grpc.StatusCode.DEADLINE_EXCEEDED,
        "DEADLINE_EXCEEDED",
        f"{remaining:.3g} s are left and the article takes at least {least:.3g} s; "
        "send it in parts, or allow more time",
        metadata={"deadlineSeconds": f"{remaining:.3g}", "leastSeconds": f"{least:.3g}"},
    )


def not_arrived(seconds: float) -> ServiceError:
    """The request was not sent in the time that it had."""
    return ServiceError(
        grpc.StatusCode.DEADLINE_EXCEEDED,
        "DEADLINE_EXCEEDED",
        f"the request did not arrive within {seconds:.3g} s; send it faster, or the text in parts",
        metadata={"deadlineSeconds": f"{seconds:.3g}"},
    )


def too_long(most: int, what: str = "request") -> ServiceError:
    """The request has more bytes than may be; `what` says which ones are counted."""
    return ServiceError(
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        "BODY_TOO_LONG",
        f"the {what} has more than {most} bytes; send the text in parts",
        metadata={"maxRequestBytes": str(most)},
    )


def crowded(retry_after: float) -> ServiceError:
    """A stream is ended: it sends nothing, or there is no room for it, and others wait."""
    return ServiceError(
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        "OVERLOADED",
        f"the server holds too much to read more of this stream; try again in {retry_after:.1f} s, "
        "with fewer streams",
        retry_after=retry_after,
    )


def worker_lost(digest: str) -> ServiceError:
    """Two processes that read the article died; `digest` names its text."""
    return ServiceError(
        grpc.StatusCode.UNAVAILABLE,
        "WORKER_LOST",
        f"two processes died reading the text whose SHA-256 begins {digest}; "
        "it is refused for a while, as it may be the cause",
        metadata={"bodySha256": digest},
        resend=False,
    )


def quarantined(digest: str, strikes: int, seconds: float) -> ServiceError:
    """The text has ended several processes and is refused for a number of seconds."""
    wait = f"{max(1, math.ceil(seconds))}"
    return ServiceError(
        grpc.StatusCode.FAILED_PRECONDITION,
        "QUARANTINED",
        f"the text whose SHA-256 begins {digest} ended {strikes} processes and is "
        f"refused for {wait} s; report it with the x-request-id of the call",
        metadata={"bodySha256": digest, "processesEnded": str(strikes), "refusedSeconds": wait},
    )


def not_ready() -> ServiceError:
    """The server has not finished starting."""
    return ServiceError(
        grpc.StatusCode.UNAVAILABLE, "NOT_READY", "the server is still starting; try again"
    )


def shutting_down() -> ServiceError:
    """The server takes no more work."""
    return ServiceError(
        grpc.StatusCode.UNAVAILABLE,
        "SHUTTING_DOWN",
        "the server is stopping; accepted items are answered, send the rest again",
    )


def unauthenticated() -> ServiceError:
    """The caller showed no token, or none that the server knows."""
    return ServiceError(
        grpc.StatusCode.UNAUTHENTICATED,
        "UNAUTHENTICATED",
        "missing or invalid token; send one as the metadata authorization: Bearer TOKEN",
        resend=False,
    )


def no_archive() -> ServiceError:
    """There is no archive to look into."""
    return ServiceError(
        grpc.StatusCode.FAILED_PRECONDITION,
        "NO_ARCHIVE",
        "the server has no archive; start it with --archive PATH, or verify within an article",
    )


def no_article_text() -> ServiceError:
    """The archive is without what offsets in the unit asked for are counted in."""
    return ServiceError(
        grpc.StatusCode.FAILED_PRECONDITION,
        "NO_ARTICLE_TEXT",
        "the archive was written without the text of its articles, so its offsets are in code "
        "points; request OFFSET_ENCODING_UTF32, or write it with quoth bulk --with-text",
    )


def no_such_person(person_id: str) -> ServiceError:
    """No person of the archive has the id."""
    shown = person_id[:80]
    return ServiceError(
        grpc.StatusCode.NOT_FOUND,
        "NO_SUCH_PERSON",
        f"no person in the archive has the id {shown!r}; ListPeople lists the ids",
        metadata={"personId": shown},
    )


def no_such_statement(name: str) -> ServiceError:
    """No statement of the archive has the name."""
    shown = name[:80]
    return ServiceError(
        grpc.StatusCode.NOT_FOUND,
        "NO_SUCH_STATEMENT",
        f"no statement in the archive has the name {shown!r}; SearchStatements lists the names",
        metadata={"archiveStatementId": shown},
    )


def archive_replaced() -> ServiceError:
    """The archive is no longer the one that the caller follows."""
    return ServiceError(
        grpc.StatusCode.FAILED_PRECONDITION,
        "INVALID_CURSOR",
        "the archive was replaced, not only added to; follow it without a cursor",
    )


def internal(place: str = "") -> ServiceError:
    """A fault in the server, or in the engine at a `place` that the caller may know."""
    return ServiceError(
        grpc.StatusCode.INTERNAL,
        "INTERNAL",
        f"a bug in the engine: {place}"
        if place
        else "a bug in the server; report it with the x-request-id of the call",
    )
