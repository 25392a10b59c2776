"""The errors of the client.

    QuothError
    ├── InvalidArticle           a field is bad or too long; `violations` names every one
    │   └── UnsupportedLanguage  the article is not in a language the server reads
    ├── Overloaded               the server is full; `retry_delay` says when to come back
    ├── DeadlineExceeded         the answer was not ready in time
    ├── Unauthenticated          the token is missing or invalid
    └── Unavailable              the server cannot be reached, is starting or is stopping

Any other error, such as a fault in the server, is a plain `QuothError`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Self, cast

import grpc
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from quoth.v1 import ErrorReason, ItemError

__all__ = [
    "DeadlineExceeded",
    "InvalidArticle",
    "Overloaded",
    "QuothError",
    "Unauthenticated",
    "Unavailable",
    "UnsupportedLanguage",
    "Violation",
    "from_item",
    "from_rpc",
]

_CODES = {code.value[0]: code for code in grpc.StatusCode}


@dataclass(frozen=True, slots=True)
class Violation:
    """One bad field of a request.

    Attributes:
        field: Its path from the request, such as `article.body`.
        description: Why it is bad and what to do about it.
        reason: A name of `quoth.v1.ErrorReason` without its prefix.
    """

    field: str
    description: str
    reason: str


class QuothError(Exception):
    """A call that failed. The gRPC error, where there is one, is its `__cause__`.

    `str(error)` is the message, the remedy and the `article_id`, in one line.

    Attributes:
        message: What went wrong, in English.
        code: The gRPC status code.
        reason: A name of `quoth.v1.ErrorReason` without its prefix, such as `EMPTY_BODY`; empty
            if the error does not come from a quoth server.
        violations: The bad fields, if any.
        metadata: The figures of the message, such as `maxBodyCharacters`.
        retry_delay: Seconds after which the server wants a retry, if it said so.
        request_id: The `x-request-id` that the call was sent with; the server logs it.
        article_id: The `article_id` of the article, if it has one.
    """

    _remedy: ClassVar[str] = ""  # where no quoth server has put one into the message

    def __init__(
        self,
        message: str,
        *,
        code: grpc.StatusCode = grpc.StatusCode.UNKNOWN,
        reason: str = "",
        violations: Iterable[Violation] = (),
        metadata: Mapping[str, str] | None = None,
        retry_delay: float | None = None,
        request_id: str = "",
        article_id: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.reason = reason
        self.violations = tuple(violations)
        self.metadata: Mapping[str, str] = dict(metadata or {})
        self.retry_delay = retry_delay
        self.request_id = request_id
        self.article_id = article_id

    @property
    def remedy(self) -> str:
        """What to do about it, or what to report, if the message does not say; may be empty."""
        if self.reason:
            wanted = self.request_id and "x-request-id" in self.message
            return f"x-request-id: {self.request_id}" if wanted else ""
        known = self._remedy or self.code is grpc.StatusCode.UNKNOWN
        return self._remedy if known else f"gRPC status {self.code.name}"

    def __str__(self) -> str:
        article = f"article {self.article_id}" if self.article_id else ""
        return self.message + "".join(f" ({each})" for each in (self.remedy, article) if each)


class InvalidArticle(QuothError):
    """A field of the request is bad; a retry will not help."""

    @classmethod
    def of(cls, field: str, description: str, reason: str) -> Self:
        """The error for one bad field that is found before anything is sent."""
        return cls(
            f"{field}: {description}",
            code=grpc.StatusCode.INVALID_ARGUMENT,
            reason=reason,
            violations=[Violation(field, description, reason)],
        )


class UnsupportedLanguage(InvalidArticle):
    """The article is not in a language that the server reads."""


class Overloaded(QuothError):
    """The server is full, and stayed full for as long as the call could wait."""

    _remedy = "try again later, or set a longer timeout"


class DeadlineExceeded(QuothError):
    """The answer was not ready in time."""

    _remedy = "set a longer timeout; on the command line, --timeout"


class Unauthenticated(QuothError):
    """The token is missing or invalid."""

    @property
    def remedy(self) -> str:
        """Where a token is set, which the server's message cannot know."""
        return "set token; on the command line, --token-file or QUOTH_TOKEN"


class Unavailable(QuothError):
    """The server could not be reached, is starting or is stopping."""

    _remedy = "check that a server is running there and that both sides use TLS, or neither"


_CLASSES: Mapping[grpc.StatusCode, type[QuothError]] = {
    grpc.StatusCode.INVALID_ARGUMENT: InvalidArticle,
    grpc.StatusCode.RESOURCE_EXHAUSTED: Overloaded,
    grpc.StatusCode.DEADLINE_EXCEEDED: DeadlineExceeded,
    grpc.StatusCode.UNAUTHENTICATED: Unauthenticated,
    grpc.StatusCode.UNAVAILABLE: Unavailable,
}


def _class_of(code: grpc.StatusCode, reason: str) -> type[QuothError]:
    if reason == "UNSUPPORTED_LANGUAGE":
        return UnsupportedLanguage
    return _CLASSES.get(code, QuothError)


def from_rpc(error: grpc.RpcError, request_id: str = "", article_id: str = "") -> QuothError:
    """Turns a gRPC error, blocking or asyncio, into the client's; raise it `from` the first."""
    code = error.code()
    info = error_details_pb2.ErrorInfo()
    bad_request = error_details_pb2.BadRequest()
    retry = error_details_pb2.RetryInfo()
    status = _status_of(error)
    for detail in status.details if status else ():
        for message in (info, bad_request, retry):
            detail.Unpack(message)
    return _class_of(code, info.reason)(
        error.details() or code.name,
        code=code,
        reason=info.reason,
        violations=[
            Violation(v.field, v.description, v.reason) for v in bad_request.field_violations
        ],
        metadata=info.metadata,
        retry_delay=(
            retry.retry_delay.ToTimedelta().total_seconds()
            if retry.HasField("retry_delay")
            else None
        ),
        request_id=request_id,
        article_id=article_id,
    )


def _status_of(error: grpc.RpcError) -> status_pb2.Status | None:
    try:
        # A raised error has the methods of the call it ended.
        return rpc_status.from_call(cast(grpc.Call, error))
    except ValueError:
        # A proxy on the way rewrote the code or the message, so the details are not to be trusted.
        return None


def from_item(error: ItemError, request_id: str = "", article_id: str = "") -> QuothError:
    """Turns the error of one item of a bulk call into the client's."""
    reason = _reason_name(error.reason)
    code = _CODES.get(error.code, grpc.StatusCode.UNKNOWN)
    return _class_of(code, reason)(
        error.message,
        code=code,
        reason=reason,
        violations=[
            Violation(v.field, v.description, _reason_name(v.reason)) for v in error.violations
        ],
        metadata=error.metadata,
        request_id=request_id,
        article_id=article_id,
    )


def _reason_name(reason: ErrorReason.ValueType) -> str:
    if reason == ErrorReason.ERROR_REASON_UNSPECIFIED:
        return ""
    if reason not in ErrorReason.values():
        return f"REASON_{int(reason)}"  # of a newer server
    return ErrorReason.Name(reason).removeprefix("ERROR_REASON_")
