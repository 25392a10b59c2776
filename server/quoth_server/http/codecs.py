"""Messages as bytes and as JSON; what cannot be read is told as gRPC's door tells it."""

from __future__ import annotations

import re
from typing import TypeVar

from connectrpc.codec import Codec
from google.protobuf import json_format
from google.protobuf.message import DecodeError, Message

from quoth_server.service.decoding import Malformed

__all__ = ["BinaryCodec", "JsonCodec"]

_M = TypeVar("_M", bound=Message)
# How json_format says where it stopped; what follows may have text of the article.
_PLACE = re.compile(r"Failed to parse (\w+) field: ")
_CAPITAL = re.compile(r"(?<=[a-z0-9])([A-Z])")


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
            return Malformed(message_class.DESCRIPTOR.full_name, _place(str(error)))
        return message


def _place(message: str) -> str:
    """The path of the field that a message of json_format names; empty if it names none."""
    names, position = [], 0
    while found := _PLACE.match(message, position):
        names.append(_CAPITAL.sub(lambda capital: "_" + capital[1].lower(), found[1]))
        position = found.end()
    return ".".join(names)
