"""The forms of messages, for the protocols: what is big is read and written beside the loop.

The protocols read a request before they call anybody, and write an answer after. Here they find
stand-ins: an `Unread` to be read once the call is let in, and a `Written` answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, TypeVar

from connectrpc.codec import Codec
from google.protobuf.message import DecodeError, Message

from quoth_server.http import json_form
from quoth_server.http.packing import Packable, Packed, unpacked
from quoth_server.service import errors

__all__ = ["BINARY", "JSON", "Form", "FormCodec", "Side", "Unread", "Written"]

_T = TypeVar("_T")
_LONG = 16 * 1024  # bytes from which on a message is read and written in a thread


class Form(NamedTuple):
    """How a message is written; `name` is what the type of content calls it.

    `read` raises `ServiceError` if some bytes are no message, or are not taken.
    """

    name: str
    read: Callable[[bytes, type[Any]], Any]
    write: Callable[[Message], bytes]


def _read_binary(data: bytes, message_class: type[Any]) -> Any:
    try:
        return message_class.FromString(data)
    except DecodeError:
        raise errors.malformed(message_class.DESCRIPTOR.full_name) from None


BINARY = Form("proto", _read_binary, lambda message: message.SerializeToString())
"""Protobuf's own form, `application/proto`."""
JSON = Form("json", json_form.read, json_form.write)
"""Protobuf's JSON, `application/json`."""


class Side:
    """Does what takes long beside the loop, one after the other, so that the loop has its turns.

    A message may have `most` bytes, unpacked.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="http-codec")

    async def run(self, size: int, work: Callable[[], _T]) -> _T:
        """What `work` returns; it has about `size` bytes to do with."""
        if size < _LONG:
            return work()
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def close(self) -> None:
        """Takes no more work."""
        self._thread.shutdown(wait=False, cancel_futures=True)


class Unread:
    """Stands in place of a request that has come, until the call has been let in.

    Its bytes are held for the caller already, see `Bodies`.
    """

    def __init__(self, data: bytes, form: Form, message_class: type[Any], side: Side) -> None:
        self.form = form
        # A few bytes may be many, packed.
        self.growth = side.most if isinstance(data, Packed) else 0
        """The most bytes that reading it may add to those that have come."""
        self._data = data
        self._message_class = message_class
        self._side = side

    async def read(self) -> Any:
        """The message; to be called once, as the bytes are not kept.

        Raises:
            ServiceError: if it cannot be read, or is not taken for another reason.
        """
        data, self._data = self._data, b""
        return await self._side.run(len(data) + self.growth, lambda: self._read(data))

    def _read(self, data: bytes) -> Any:
        if isinstance(data, Packed):
            try:
                data = unpacked(data, self._side.most)
            except ValueError:
                raise errors.malformed(self._message_class.DESCRIPTOR.full_name) from None
        return self.form.read(data, self._message_class)


class Written(Packable):
    """An answer as it goes."""

    @classmethod
    async def of(cls, message: Message, form: Form, side: Side, *, packed: bool) -> Written:
        """The message in this form, and packed if it is to go so."""

        def written() -> Written:
            answer = cls(form.write(message))
            if packed:
                answer.pack()
            return answer

        return await side.run(message.ByteSize(), written)


class FormCodec(Codec[Written, Unread]):
    """Gives the protocols the stand-ins of one form."""

    def __init__(self, form: Form, side: Side) -> None:
        self._form = form
        self._side = side

    def name(self) -> str:
        """See `Codec`."""
        return self._form.name

    def encode(self, message: Written) -> bytes:
        """See `Codec`."""
        return message

    def decode(self, data: bytes | bytearray, message_class: type[Any]) -> Unread:
        """See `Codec`."""
        whole = data if isinstance(data, bytes) else bytes(data)
        return Unread(whole, self._form, message_class, self._side)
