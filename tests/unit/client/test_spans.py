from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth import Slicer, content_of, speaker_of
from quoth.v1 import AttributeQuotesResponse, OffsetEncoding, Statement, TextSpan

UTF8 = OffsetEncoding.OFFSET_ENCODING_UTF8
UTF16 = OffsetEncoding.OFFSET_ENCODING_UTF16
UTF32 = OffsetEncoding.OFFSET_ENCODING_UTF32
UNSPECIFIED = OffsetEncoding.OFFSET_ENCODING_UNSPECIFIED

BODY = "Zoë said \N{GRINNING FACE} “ja”."


@pytest.mark.parametrize(
    ("encoding", "start", "end", "expected"),
    [
        (UTF32, 0, 3, "Zoë"),
        (UNSPECIFIED, 0, 3, "Zoë"),
        (UTF8, 0, 4, "Zoë"),
        (UTF16, 0, 3, "Zoë"),
        (UTF32, 9, 10, "\N{GRINNING FACE}"),
        (UTF8, 10, 14, "\N{GRINNING FACE}"),
        (UTF16, 9, 11, "\N{GRINNING FACE}"),
        (UTF16, 12, 16, "“ja”"),
        (UTF32, 3, 3, ""),
    ],
)
def test_slice(encoding, start, end, expected):
    span = TextSpan(start_offset=start, end_offset=end)
    assert Slicer(BODY, encoding).slice(span) == expected


@pytest.mark.parametrize(
    ("encoding", "start", "end"),
    [
        (UTF32, -1, 2),
        (UTF32, 3, 2),
        (UTF32, 0, 99),
        (UTF8, 0, 3),  # cuts the ë
        (UTF16, 9, 10),  # cuts the emoji
    ],
)
def test_slice_of_another_body_or_encoding(encoding, start, end):
    with pytest.raises(ValueError, match=r"inside|decode"):
        Slicer(BODY, encoding).slice(TextSpan(start_offset=start, end_offset=end))


@given(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.data(),
    st.sampled_from([(UTF8, "utf-8", 1), (UTF16, "utf-16-le", 2), (UTF32, "utf-32-le", 4)]),
)
def test_slices_of_all_encodings_agree(body, data, encoding):
    kind, codec, unit = encoding
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, len(body)))
    span = TextSpan(
        start_offset=len(body[:start].encode(codec)) // unit,
        end_offset=len(body[:end].encode(codec)) // unit,
    )
    assert Slicer(body, kind).slice(span) == body[start:end]


def _response() -> AttributeQuotesResponse:
    response = AttributeQuotesResponse()
    response.speakers.add(speaker_id="p1", display_name="Maria Lopez")
    response.speakers.add(speaker_id="p2", display_name="Ben Ito")
    response.statements.add(speaker={"speaker_id": "p2"})
    response.statements.add()
    return response


def test_speaker_of():
    response = _response()
    known, unknown = response.statements
    speaker = speaker_of(response, known)
    assert speaker is not None
    assert speaker.display_name == "Ben Ito"
    assert speaker_of(response, unknown) is None


@pytest.mark.parametrize(
    ("body", "parts", "expected"),
    [
        ("“We go,” she said, “and stay.”", ["We go,", "and stay."], "We go, […] and stay."),
        ("“We go.\n\n“We stay.”", ["We go.", "We stay."], "We go. We stay."),
        ("“We go.”\r\n\r\n«We»", ["We go.", "We"], "We go. We"),
        ("The mine, he said, is shut.", ["The mine", "is shut"], "The mine […] is shut"),
        ("“We go.”\n\nShe left.", ["We go."], "We go."),
        ("a", [], ""),
    ],
)
def test_content_of_shows_what_is_left_out(body: str, parts: list[str], expected: str):
    starts = [body.rindex(part) for part in parts]
    spans = [
        TextSpan(start_offset=start, end_offset=start + len(part), text=part)
        for start, part in zip(starts, parts, strict=True)
    ]
    assert content_of(Statement(content_spans=spans), body) == expected


def test_without_the_body_content_of_joins_no_parts_silently():
    statement = Statement(content_spans=[TextSpan(text="We go,"), TextSpan(text="and stay.")])
    assert content_of(statement) == "We go, […] and stay."
