"""Messages as plain dictionaries, the same in every machine-readable output."""

from __future__ import annotations

from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

from quoth.v1 import AttributeQuotesResponse

__all__ = ["document", "fields"]


def fields(message: Message) -> dict[str, Any]:
    """A message as a dictionary with the field names of the proto (snake_case).

    Zeros, empty texts and empty lists are there, so that a filter such as `.start_offset` finds
    every key; a message that is unset, such as an unknown speaker or date, is left out.
    """
    return MessageToDict(
        message,
        preserving_proto_field_name=True,
        always_print_fields_with_no_presence=True,
    )


def document(article_id: str | int, response: AttributeQuotesResponse) -> dict[str, Any]:
    """One article's output: its `id`, then the fields of the response."""
    return {"id": article_id, **fields(response)}
