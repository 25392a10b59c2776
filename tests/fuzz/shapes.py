"""Requests as JSON, and files as `quoth bulk` reads them, each broken in some way."""

from __future__ import annotations

import copy
import gzip
import io
import json
import random
from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from google.protobuf.json_format import MessageToDict, SerializeToJsonError

from quoth import v1

__all__ = ["KINDS", "json_body", "some_file"]

_VALUES: tuple[Any, ...] = (
    *(None, True, -1, 0, 2**53, 2**64, 1.5, "", "x", "\x00", "2026-05-14", "UTF8", "NaN", [], {}),
    *([None], [[]], {"@type": "x"}, {"seconds": 1}, "STATEMENT_KIND_DIRECT", ["x"] * 2_000),
)
_NAMES = ("offsetEncodng", "body", "", "@type", "Article", "options", "kinds", "x" * 200, "\u202e")
_PIECES = (
    *(b"null", b"1e999", b"NaN", b'"\\ud800"', b'"\\u0000"', b"[" * 200, b'{"a":' * 200, b"\xff"),
    *(b",", b"}", b'"', b"\\", b"\x00", b"\xef\xbb\xbf", b"9" * 400, b'"body":"x",'),
)


def json_body(chance: random.Random, request: v1.AttributeQuotesRequest) -> bytes:
    """A request as JSON with other names or values in it, or with bytes put in or left out."""
    names = chance.random() < 0.3
    try:
        asked = MessageToDict(request, preserving_proto_field_name=names)
    except SerializeToJsonError:  # its time is none
        asked = {"article": {"body": request.article.body}}
    for _ in range(int(chance.expovariate(0.7))):
        inner = chance.choice([asked, *(each for each in asked.values() if isinstance(each, dict))])
        name = chance.choice([*inner, *_NAMES])
        inner[name] = copy.deepcopy(chance.choice(_VALUES))
    if chance.random() < 0.1:
        options = asked.get("options")
        asked["options"] = {**(options if isinstance(options, dict) else {}), "kinds": [99] * 3_000}
    data = json.dumps(asked, ensure_ascii=chance.random() < 0.5).encode("utf-8", "replace")
    return _broken(chance, data) if chance.random() < 0.4 else data


def _broken(chance: random.Random, data: bytes) -> bytes:
    for _ in range(1 + int(chance.expovariate(1.0))):
        at = chance.randint(0, len(data))
        match chance.randrange(4):
            case 0 if data:
                flipped = bytearray(data)
                flipped[at - 1] ^= 1 << chance.randrange(8)
                data = bytes(flipped)
            case 1:
                data = data[:at] + chance.choice(_PIECES) + data[at:]
            case 2:
                data = data[:at] + data[at + int(chance.expovariate(0.02)) :]
            case _:
                data = data[:at]
    return data


# ---- files -----------------------------------------------------------------------------

_TAGS = (
    *("<br ", "<p>", "<b>", "<!--", "<!---->", "</div>", "<script>", "&amp", "<a href='", "]]>"),
    *("<meta charset='idna'>", "<meta charset='rot13'>", "<title>", "<time datetime='2019-13-45'>"),
    *("<script type='application/ld+json'>[{", "<svg><style>", "<table><td>", "<![CDATA["),
)


def _page(chance: random.Random, texts: list[str]) -> bytes:
    parts = [f"<p>{text}</p>" for text in texts]
    for _ in range(int(chance.expovariate(0.5))):
        tag = chance.choice(_TAGS) * chance.choice((1, 1, 2, 30, 2_000))
        parts.insert(chance.randint(0, len(parts)), tag)
    head = "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>x</title></head>"
    whole = f"{head}<body><article>{''.join(parts)}</article></body></html>"
    return whole.encode(chance.choice(("utf-8", "utf-8", "utf-16", "cp1252")), "replace")


def _rows(chance: random.Random, texts: list[str]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [{"id": number, "body": text} for number, text in enumerate(texts)]
    for row in rows:
        if chance.random() < 0.3:
            row["date"] = chance.choice(("May 25, 2019", 1558771200, {"$date": 1}, "31 February"))
        if chance.random() < 0.2:
            row[chance.choice(("id", "body", "title", "url", *_NAMES))] = copy.deepcopy(
                chance.choice(_VALUES)
            )
    return rows


def _jsonl(chance: random.Random, texts: list[str]) -> bytes:
    lines = [json.dumps(row, ensure_ascii=chance.random() < 0.5) for row in _rows(chance, texts)]
    return chance.choice(("\n", "\n", "\r\n", "\n\n")).join(lines).encode("utf-8", "replace")


def _json(chance: random.Random, texts: list[str]) -> bytes:
    indent = chance.choice((None, 1))
    return json.dumps(_rows(chance, texts), indent=indent).encode("utf-8", "replace")


def _csv(chance: random.Random, texts: list[str]) -> bytes:
    out = io.BytesIO()
    pyarrow.csv.write_csv(_table(texts), out)
    head = chance.choice((b"", b"\xef\xbb\xbf", b"\n", b'"'))
    return head + out.getvalue()


def _parquet(chance: random.Random, texts: list[str]) -> bytes:
    out = io.BytesIO()
    pq.write_table(
        _table(texts),
        out,
        compression=chance.choice(("zstd", "snappy", "none")),
        use_dictionary=chance.random() < 0.5,
        data_page_version=chance.choice(("1.0", "2.0")),
    )
    return out.getvalue()


def _table(texts: list[str]) -> pa.Table:
    # Arrow has text of UTF-8 only.
    sound = [text.encode("utf-8", "replace").decode() for text in texts]
    return pa.table({"id": list(range(len(sound))), "body": sound})


def _warc(chance: random.Random, texts: list[str]) -> bytes:
    records = []
    for number, text in enumerate(texts):
        page = _page(chance, [text])
        http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
        length = len(http) if chance.random() < 0.9 else chance.choice((0, 10**12, len(http) + 3))
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/{number}\r\n"
            f"WARC-Record-ID: <urn:uuid:{number}>\r\nContent-Length: {length}\r\n"
            "Content-Type: application/http; msgtype=response\r\n\r\n"
        )
        records.append(head.encode() + http + b"\r\n\r\n")
    return b"".join(records)


def _text(chance: random.Random, texts: list[str]) -> bytes:
    encoding = chance.choice(("utf-8", "utf-16", "cp1252"))
    return "\n\n".join(texts).encode(encoding, "replace")


KINDS: Mapping[str, Callable[[random.Random, list[str]], bytes]] = {
    "html": _page,
    "jsonl": _jsonl,
    "json": _json,
    "csv": _csv,
    "parquet": _parquet,
    "warc": _warc,
    "txt": _text,
}
"""Every form of file, by its ending, with what writes some texts in it."""


def some_file(chance: random.Random, texts: list[str]) -> tuple[str, bytes]:
    """The ending of a file and its bytes, which something happened to more often than not."""
    suffix = chance.choice(list(KINDS))
    data = KINDS[suffix](chance, texts)
    if chance.random() < 0.6:
        data = _broken(chance, data)
    if suffix != "parquet" and chance.random() < 0.25:
        data = gzip.compress(data, 1, mtime=0)
        if chance.random() < 0.3:
            data = _broken(chance, data)
        suffix += ".gz"
    return suffix, data
