"""Reading an answer: the text of a span, the speaker of a statement."""

from __future__ import annotations

import re

from quoth.v1 import AttributeQuotesResponse, OffsetEncoding, Speaker, Statement, TextSpan

__all__ = ["Slicer", "content_of", "speaker_of"]

_CODECS = {
    OffsetEncoding.OFFSET_ENCODING_UTF8: ("utf-8", 1),
    OffsetEncoding.OFFSET_ENCODING_UTF16: ("utf-16-le", 2),
}
_CODE_POINTS = ("utf-32-le", 4)
_NO_WORDS = re.compile(r"""[\s>"“”„‟«»‹›'‘’‚‛`]*""")


class Slicer:
    """Slices a body by the half-open offsets, [start, end), of an answer.

    By default offsets count code points, as Python does, so that
    `body[span.start_offset:span.end_offset]` is the same. This also slices by offsets in UTF-8
    bytes and UTF-16 code units, and encodes the body once.

    Args:
        body: The text, exactly as it was sent.
        encoding: What the offsets count: `response.offset_encoding`.
    """

    def __init__(
        self,
        body: str,
        encoding: OffsetEncoding.ValueType = OffsetEncoding.OFFSET_ENCODING_UTF32,
    ) -> None:
        self._codec, self._unit = _CODECS.get(encoding, _CODE_POINTS)
        self._encoded = body.encode(self._codec)

    def slice(self, span: TextSpan) -> str:
        """The text that the span covers.

        Raises:
            ValueError: The span is not inside the body, or splits a character: the body or the
                encoding is not that of the answer.
        """
        start, end = span.start_offset * self._unit, span.end_offset * self._unit
        if not 0 <= start <= end <= len(self._encoded):
            raise ValueError(
                f"span [{span.start_offset}, {span.end_offset}) is not inside the body, which has "
                f"{len(self._encoded) // self._unit} units"
            )
        return self._encoded[start:end].decode(self._codec)


def speaker_of(response: AttributeQuotesResponse, statement: Statement) -> Speaker | None:
    """The speaker of a statement, or None where it is not known.

    `speaker_of(...).display_name` is the fullest name in the article. Where the words of the
    source ("he", "the senator") matter, read `statement.speaker.span`.
    """
    wanted = statement.speaker.speaker_id
    if not wanted:
        return None
    return next((s for s in response.speakers if s.speaker_id == wanted), None)


def content_of(statement: Statement, body: str | None = None) -> str:
    """What was said, as one text: `[…]` stands where words between its parts are left out.

    Args:
        statement: Of an answer with its default offsets, code points.
        body: The text, exactly as it was sent. It tells a new paragraph of a quotation, before
            which nothing is left out, from the words of a cue; without it every part but the first
            has `[…]` before it.
    """
    text, end = "", 0
    for span in statement.content_spans:
        if text:
            goes_on = body and _NO_WORDS.fullmatch(body, end, span.start_offset)
            text += " " if goes_on else " […] "
        text, end = text + span.text, span.end_offset
    return text
