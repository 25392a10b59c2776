"""Messages as bytes and as JSON; what cannot be read is told as gRPC's door tells it."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from connectrpc.codec import Codec
from google.protobuf import json_format
from google.protobuf.message import DecodeError, Message

from quoth_server.service.decoding import Malformed

__all__ = ["BinaryCodec", "JsonCodec"]

_M = TypeVar("_M", bound=Message)
# How json_format says where it stopped; what stands between may be text of the article.
_PLACE = re.compile(r" at \w+((?:\.\w+(?:\[\d+\])?)+)\.*$")
_OUTER = re.compile(r"Failed to parse (\w+) field: ")


class BinaryCodec(Codec[Message, _M | Malformed]):
    """Protobuf's own form, `application/proto`."""

    def name(self) -> str:
        """See `Codec`."""
        return "proto"

    def encode(self, message: Message) -> bytes:
        """See `Codec`."""
        return message.SerializeToString()

    def decode(
        self, data: bytes | bytearray, message_class: type[_M | Malformed]
    ) -> _M | Malformed:
        """The message, or that it is none, which the service refuses."""
        assert issubclass(message_class, Message)
        try:
            return message_class.FromString(bytes(data))
        except DecodeError:
            return Malformed(message_class.DESCRIPTOR.full_name)


class JsonCodec(Codec[Message, _M | Malformed]):
    """Protobuf's JSON, `application/json`; names that the contract does not know are passed over.

    No data is no JSON but stands for an empty message, as other servers of Connect take it.
    """

    def name(self) -> str:
        """See `Codec`."""
        return "json"

    def encode(self, message: Message) -> bytes:
        """See `Codec`."""
        return json_format.MessageToJson(message, indent=None, ensure_ascii=False).encode()

    def decode(
        self, data: bytes | bytearray, message_class: type[_M | Malformed]
    ) -> _M | Malformed:
        """The message, or that it is none, which the service refuses."""
        assert issubclass(message_class, Message)
        message = message_class()
        try:
            if data:
                json_format.Parse(bytes(data).decode(), message, ignore_unknown_fields=True)
        except (json_format.ParseError, ValueError) as error:
            place = _place(str(error), message_class)
            return Malformed(message_class.DESCRIPTOR.full_name, place)
        return message


def _place(message: str, message_class: type[Message]) -> str:
    """The path of the field that a message of json_format names; empty if it names none."""
    found = _PLACE.search(message)
    names = found[1].strip(".").split(".") if found else _OUTER.findall(message)
    path = []
    described: Any = message_class.DESCRIPTOR
    for name in names:
        fields = described.fields_by_camelcase_name
        field = fields.get(name.partition("[")[0]) or described.fields_by_name.get(name)
        if field is None:
            break
        path.append(field.name)
        if field.message_type is None:
            break
        described = field.message_type
    return ".".join(path)
