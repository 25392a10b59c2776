from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth.v1 import OffsetEncoding
from quoth_server.service.offsets import converter

UTF8, UTF16, UTF32 = (
    OffsetEncoding.OFFSET_ENCODING_UTF8,
    OffsetEncoding.OFFSET_ENCODING_UTF16,
    OffsetEncoding.OFFSET_ENCODING_UTF32,
)
CODECS = {UTF8: ("utf-8", 1), UTF16: ("utf-16-le", 2), UTF32: ("utf-32-le", 4)}

# Runs that are longer than a block, with the marks of news and the trouble of other scripts.
texts = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.sampled_from(
            ["“no”\r\n", "e\u0301", "👩‍👩‍👧", "\0", "\r", "שלום ", "a" * 300, "é" * 700]
        ),
    ),
    max_size=12,
).map("".join)


@pytest.mark.parametrize("encoding", CODECS)
@given(data=st.data(), body=texts)
def test_a_slice_in_any_unit_is_the_slice_of_the_text(
    encoding: OffsetEncoding.ValueType, data: st.DataObject, body: str
) -> None:
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, len(body)))
    convert = converter(body, encoding)
    codec, size = CODECS[encoding]
    encoded = body.encode(codec)
    assert encoded[convert(start) * size : convert(end) * size].decode(codec) == body[start:end]
    assert convert(len(body)) * size == len(encoded)


@pytest.mark.parametrize(
    ("body", "offset", "utf8", "utf16"),
    [
        ("abc", 3, 3, 3),
        ("“a”", 2, 4, 2),
        ("😀a", 1, 4, 2),
        ("😀a", 2, 5, 3),
        ("e\u0301a", 2, 3, 2),
        ("é" * 512 + "a", 513, 1025, 513),
        ("é" * 512, 512, 1024, 512),
        ("", 0, 0, 0),
    ],
)
def test_offsets_as_counted_by_hand(body: str, offset: int, utf8: int, utf16: int) -> None:
    assert converter(body, UTF8)(offset) == utf8
    assert converter(body, UTF16)(offset) == utf16
    assert converter(body, UTF32)(offset) == offset
