"""Messages as plain dictionaries, the same in every machine-readable output."""

from __future__ import annotations

from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

from quoth.v1 import AttributeQuotesResponse
from quoth_cli.table.rows import GIVEN, ArticleMeta

__all__ = ["document", "fields", "given_fields"]


def fields(message: Message) -> dict[str, Any]:
    """A message as a dictionary with the field names of the proto (snake_case).

    Zeros, empty texts and empty lists are there, so that a filter such as `.start_offset` finds
    every key; a message that is unset, such as an unknown speaker or date, is left out.
    """
    values = MessageToDict(
        message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
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


def document(
    article_id: str | int, response: AttributeQuotesResponse, article: dict[str, Any] | None = None
) -> dict[str, Any]:
    """One article's output: its `id`, its `given_fields` if any, the fields of the response."""
    head = {"id": article_id} if article is None else {"id": article_id, "article": article}
    return {**head, **fields(response)}


def given_fields(meta: ArticleMeta, body: str) -> dict[str, str]:
    """The article as a line of input for `quoth bulk` would give it; what is unknown is left out.

    The keys are stable: title, published, updated, url, author, section and text.
    """
    return {**{name: value for name in GIVEN if (value := getattr(meta, name))}, "text": body}
