"""What the protocols are given in place of messages."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from quoth import v1
from quoth_server.http.codecs import BINARY, JSON, Form, FormCodec, Side, Unread, Written
from quoth_server.http.packing import Gzip, Packed
from quoth_server.service.errors import ServiceError

NAME = "quoth.v1.AttributeQuotesRequest"
MOST = 100_000
REQUEST = v1.AttributeQuotesRequest(article=v1.Article(body="“Ja” 🎉"))


@pytest.fixture
def side() -> Iterator[Side]:
    side = Side(MOST)
    yield side
    side.close()


class Watched:
    """A form that tells which threads use it."""

    name = "watched"

    def __init__(self) -> None:
        self.threads: list[str] = []

    def read(self, data: bytes, message_class: type[Any]) -> Any:
        self.threads.append(threading.current_thread().name)
        return BINARY.read(data, message_class)

    def write(self, message: Any) -> bytes:
        self.threads.append(threading.current_thread().name)
        return BINARY.write(message)


def arrived(data: bytes, form: Form, side: Side) -> Unread:
    return FormCodec(form, side).decode(data, v1.AttributeQuotesRequest)


@pytest.mark.parametrize("form", [BINARY, JSON], ids=["proto", "json"])
@pytest.mark.parametrize("packed", [False, True])
async def test_a_request_is_read_when_it_is_asked_for(form: Form, packed: bool, side: Side) -> None:
    data = form.write(REQUEST)
    if packed:
        data = Gzip().decompress(gzip.compress(data, mtime=0), MOST)
    assert await arrived(data, form, side).read() == REQUEST


async def test_nothing_is_read_before() -> None:
    form = Watched()
    arrived(b"\xff", form, Side(MOST))
    assert not form.threads


async def test_only_what_is_packed_may_become_more_than_it_was(side: Side) -> None:
    assert arrived(b"x" * 1000, BINARY, side).growth == 0
    assert arrived(Packed(b"x" * 1000), BINARY, side).growth == MOST


async def test_what_is_long_or_packed_is_read_beside_the_loop(side: Side) -> None:
    here = threading.current_thread().name
    form = Watched()
    long = v1.AttributeQuotesRequest(article=v1.Article(body="x" * 100_000)).SerializeToString()
    for data in (b"", long, Packed(gzip.compress(b"", mtime=0))):
        await arrived(data, form, side).read()
    assert form.threads == [here, "http-codec_0", "http-codec_0"]


async def test_what_is_long_is_written_there_too(side: Side) -> None:
    here = threading.current_thread().name
    form = Watched()
    long = v1.AttributeQuotesResponse(engine_version="x" * 100_000)
    for message in (v1.AttributeQuotesResponse(), long):
        for packed in (False, True):
            written = await Written.of(message, form, side, packed=packed)
            assert FormCodec(form, side).encode(written) == message.SerializeToString()
            assert (written.packed is not None) is packed
            assert gzip.decompress(Gzip().compress(written)) == written
    assert form.threads == 2 * [here] + 2 * ["http-codec_0"]


@pytest.mark.parametrize(
    "data",
    [
        b"no gzip",
        gzip.compress(b"{}", mtime=0)[:-4],
        gzip.compress(b"{}", mtime=0) + b"more",
        gzip.compress(b"", mtime=0) * 100_000,  # each of which would cost a copy of the rest
    ],
)
async def test_bad_compression_is_not_a_message(data: bytes, side: Side) -> None:
    with pytest.raises(ServiceError, match=f"not a valid {NAME}"):
        await arrived(Packed(data), JSON, side).read()


async def test_what_unpacks_to_too_much_is_refused(side: Side) -> None:
    fits, more = (Packed(gzip.compress(b" " * length, mtime=0)) for length in (MOST, MOST + 1))
    with pytest.raises(ServiceError, match=f"{NAME}: line 1, column 100001 is not JSON"):
        await arrived(fits, JSON, side).read()
    with pytest.raises(ServiceError, match="more than 100000 bytes"):
        await arrived(more, JSON, side).read()


async def test_bytes_that_are_not_a_message(side: Side) -> None:
    with pytest.raises(ServiceError, match=f"not a valid {NAME}"):
        await arrived(b"\xff", BINARY, side).read()
    with pytest.raises(ServiceError, match=f"{NAME}: byte 0 is not UTF-8"):
        await arrived(bytearray(b"\xff"), JSON, side).read()  # type: ignore[arg-type]
