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
    values = MessageToDict(
        message,
        preserving_proto_field_name=True,
        always_print_fields_with_no_presence=True,
    )
    return _in_order(values, message.DESCRIPTOR)


def _in_order(values: dict[str, Any], descriptor: Any) -> dict[str, Any]:
    """The same in the order of the proto; protobuf puts zeros last."""
    return {
        field.name: _value_in_order(values[field.name], field.message_type)
        for field in descriptor.fields
        if field.name in values
    }


def _value_in_order(value: Any, descriptor: Any) -> Any:
    match value:
        case dict() if descriptor:
            return _in_order(value, descriptor)
        case list():
            return [_value_in_order(each, descriptor) for each in value]
        case _:
            return value


def document(article_id: str | int, response: AttributeQuotesResponse) -> dict[str, Any]:
    """One article's output: its `id`, then the fields of the response."""
    return {"id": article_id, **fields(response)}
