"""Gzip: answers come packed already, requests are left packed until their call is let in."""

from __future__ import annotations

import gzip
import zlib

from connectrpc.compression import Compression

from quoth_server.service import errors

__all__ = ["Gzip", "Packable", "Packed", "unpacked"]

_LEVEL = 1  # an answer is some hundred kilobytes, and many wait while one is packed
_WITH_HEADER = 31  # of zlib: what is unpacked is a member of gzip


class Packed(bytes):
    """Bytes that are not unpacked yet."""


class Packable(bytes):
    """Bytes that may have been packed in good time."""

    packed: bytes | None = None

    def pack(self) -> None:
        """Packs them."""
        self.packed = gzip.compress(self, _LEVEL)


class Gzip(Compression):
    """What the protocols know of gzip."""

    def name(self) -> str:
        """See `Compression`."""
        return "gzip"

    def compress(self, data: bytes | bytearray | memoryview) -> bytes:
        """See `Compression`."""
        if isinstance(data, Packable) and data.packed is not None:
            return data.packed
        return gzip.compress(data, _LEVEL)

    def decompress(
        self, data: bytes | bytearray | memoryview, read_max_bytes: int | None = None
    ) -> bytes:
        """The same bytes: `unpacked` unpacks them later."""
        return Packed(data) if data else b""


def unpacked(data: bytes, most: int) -> bytes:
    """What was packed.

    Raises:
        ServiceError: if that has more than `most` bytes.
        ValueError: if it is not gzip, ends too early or continues after its end. A second member,
            which gzip allows and nobody sends, is refused: each of a million would cost a copy of
            all that follows.
    """
    unpacker = zlib.decompressobj(wbits=_WITH_HEADER)
    try:
        whole = unpacker.decompress(data, most + 1)
    except zlib.error as error:
        raise ValueError("it is not gzip") from error
    if len(whole) > most:
        raise errors.too_long(most, "decompressed request")
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("it ends too early or too late")
    return whole
