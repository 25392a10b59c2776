"""Messages that are larger than the server or this client accepts."""

from __future__ import annotations

import re

import grpc

from quoth._errors import QuothError, from_item, from_rpc
from quoth.v1 import Article, AttributeQuotesRequest, ErrorReason, ItemError, ItemViolation

__all__ = [
    "ALWAYS_ACCEPTED_BYTES",
    "from_call",
    "size_limit",
    "too_large_answer",
    "too_large_request",
]

ALWAYS_ACCEPTED_BYTES = 4 * 1024 * 1024
"""What every server accepts in one message; only for larger ones is its limit asked first."""

# What gRPC says, at either end, of a message over the limit.
_LARGER = re.compile(r"[Mm]essage larger than max \((\d+) vs\. (\d+)\)")


def size_limit(error: grpc.RpcError) -> tuple[int, int] | None:
    """The size of the message that ended a call and the limit, if one did."""
    if error.code() is not grpc.StatusCode.RESOURCE_EXHAUSTED:
        return None
    found = _LARGER.search(error.details() or "")
    return (int(found[1]), int(found[2])) if found else None


def too_large_request(
    request: AttributeQuotesRequest, size: int, limit: int, path: str = ""
) -> ItemError:
    """The error of a request that is larger than the server accepts, as the server would put it.

    Args:
        request: The request.
        size: Bytes of the whole message.
        limit: Bytes that the server accepts.
        path: What comes before `article` in the path of a field.
    """
    body = len(getattr(request, "article", Article()).body.encode())
    violation = ItemViolation(
        field=f"{path}article.body",
        description=f"has {body:,} bytes, which makes a message of {size:,}; the server accepts "
        f"{limit:,}; send the text in parts, or raise the server's --max-body-characters",
        reason=ErrorReason.ERROR_REASON_BODY_TOO_LONG,
    )
    return ItemError(
        code=grpc.StatusCode.INVALID_ARGUMENT.value[0],
        reason=violation.reason,
        message=f"{violation.field}: {violation.description}",
        violations=[violation],
        metadata={
            "bodyBytes": str(body),
            "messageBytes": str(size),
            "maxRequestBytes": str(limit),
        },
    )


def too_large_answer(size: int, limit: int, request_id: str, article_id: str = "") -> QuothError:
    """The error of an answer that is larger than the client accepts."""
    return QuothError(
        f"the answer has {size:,} bytes, which is larger than max_response_bytes ({limit:,}); "
        "make the client with a larger one, or send the text in parts",
        code=grpc.StatusCode.RESOURCE_EXHAUSTED,
        request_id=request_id,
        article_id=article_id,
    )


def from_call(error: grpc.RpcError, request: AttributeQuotesRequest, request_id: str) -> QuothError:
    """The error of a call for one article."""
    article_id = getattr(request, "article", Article()).article_id
    found = size_limit(error)
    if found is None:
        return from_rpc(error, request_id, article_id)
    size, limit = found
    if size == request.ByteSize():
        return from_item(too_large_request(request, size, limit), request_id, article_id)
    return too_large_answer(size, limit, request_id, article_id)
