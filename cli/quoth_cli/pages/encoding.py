"""Bytes of a page as text, by what marks its encoding."""

from __future__ import annotations

import codecs
import re

__all__ = ["BYTE_ORDER_MARKS", "decode"]

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""What a text may begin with, and the encoding that it then is in."""

# How far browsers look for it.
_HEAD_BYTES = 4096
_DECLARED = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?([\w:.-]+)", re.I
)

# Labels that stand for more than they say: https://encoding.spec.whatwg.org/#names-and-labels
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
# What pages are in; Python has more codecs, such as "idna" and "punycode", which raise errors of
# their own, take unlimited time, or are not text encodings at all.
_PAGES = frozenset(
    {
        *("utf-8", "ascii", "cp866", "cp874", "mac-roman", "mac-cyrillic", "koi8-r", "koi8-u"),
        *(f"cp{number}" for number in range(1250, 1259)),
        *(f"iso8859-{number}" for number in range(1, 17)),
        *("gb2312", "gbk", "gb18030", "hz", "big5", "big5hkscs", "cp950"),
        *("shift_jis", "cp932", "euc_jp", "iso2022_jp", "euc_kr", "cp949", "iso2022_kr", "johab"),
        *("tis-620", "kz1048", "ptcp154"),
    }
)
# Such a page declares an encoding of bytes and is read as one, so it cannot be of two-byte units.
_TWO_BYTE_UNITS = re.compile("utf-?16|utf-?32|ucs", re.I)
# Encodings in which other letters are plain ASCII bytes, and so would pass for UTF-8.
_SEVEN_BITS = re.compile("iso2022|hz")


def decode(data: bytes, declared: str = "") -> str:
    """Decodes a page as browsers do: by its byte order mark, its header, its `meta`.

    UTF-8 that is declared to be something else is still read as UTF-8: text in another encoding
    hardly ever is valid UTF-8 by chance. What cannot be decoded becomes U+FFFD.

    Args:
        data: The bytes of the page.
        declared: The encoding that came with it, such as `charset` of its Content-Type.
    """
    for mark, name in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    name = _known(declared) or _known(_in_page(data))
    if not _SEVEN_BITS.match(name):
        try:
            return data.decode()
        except UnicodeDecodeError:
            # One bad byte does not make it another encoding.
            if name in ("", "utf-8"):
                bad = data.decode("utf-8", "replace").count("\ufffd")
                name = "utf-8" if name and bad * 100 < len(data) else "cp1252"
    return data.decode(name, "replace")


def _in_page(data: bytes) -> str:
    found = _DECLARED.search(data[:_HEAD_BYTES])
    return found[1].decode("ascii", "replace") if found else ""


def _known(label: str) -> str:
    """The codec of a label, empty if there is none such."""
    if not label or _TWO_BYTE_UNITS.match(label):
        return ""
    try:
        name = codecs.lookup(label.strip()).name
    except (LookupError, ValueError):  # such as for a NUL, or letters that name nothing
        return ""
    return _WIDER.get(name, name) if name in _PAGES else ""
