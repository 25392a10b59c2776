"""Requests that no client would send, each made from a seed and a number.

Text that strains the engine (marks of every style, controls, scripts, runs), sent in a sound
message; bytes that strain the transport and the checks (flipped, cut, spliced, grown), alone and
in streams; requests as JSON; and files as archives have them, see `shapes`.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from google.protobuf.timestamp_pb2 import Timestamp

from quoth import v1
from tests.fuzz import shapes

__all__ = ["Case", "Level", "case", "mutated_bytes", "mutated_text"]


class Level(StrEnum):
    """What is mutated, and how it is sent."""

    TEXT = "text"
    WIRE = "wire"
    STREAM = "stream"
    JSON = "json"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Case:
    """What is sent: one message, or those of a stream; of a file its ending and its bytes."""

    name: str
    level: Level
    payloads: tuple[bytes, ...]


_FRAGMENTS = (
    "“We are full,” Lena Holt, the harbor master, said on Tuesday.",
    "“No,” she added, “not before\nFriday.”",
    "‘It “was” over,’ he told reporters in a statement.",
    '"Nobody asked us," said a spokesman for the ministry who declined to be named.',
    "The report found that three of the pumps had failed.",
    "Brussels says it will not pay.",
    "According to Dr. Ana Ruiz-Mora, a former judge, the court had “no choice”.",
    "LONDON, March 3, 2021 (Wire) —",
    "Published May 25, 2019, 04:00 EDT",
    "Lee said the mayor told her two weeks ago that the bridge was closed.",
    "He did not say when. Officials denied it last year.",
    "A thousand years ago, monks wrote, “the sea came”.",
    "Last month she said a decade earlier it had been worse.",
    "“Stop!” “Why?” “Because.” Tom Reed shouted on 31 February.",
    "- Wait, she said - it's the '90s, y'all.",
    "Q: Will you go?\nA: I will.",
    "@lena wrote on X: «On ne passe pas» and „Halt“, then 「止まれ」.",
    "The so-called “corridor” and the novel “Salt Road” are closed, imagine him saying “I resign”.",
    "“One paragraph goes on\n\n“and another,\n\n“and a third,” Holt said yesterday.",
)
_MARKS = "\"'`´“”‘’„‚‟‛«»‹›″′「」『』＂＇❝❞⟪⟫〝〞"
_SIGNS = ".,;:!?…—–-―()[]{}<>/\\|*_~#@&%$€°§¶•†^+=0123456789"
_SPACES = (
    " \t\n\r\x0b\x0c\x1c\x1d\x1e\x85\u00a0\u1680\u2000\u2003\u2009\u200a\u2028\u2029\u202f\u205f"
    "\u3000"
)
_INVISIBLE = (
    "\x00\x01\x07\x08\x1b\x7f\x80\x9f\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f"
    "\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\ufff9\ufffa\ufffb\ufffc\ufffd"
    "\ufffe\uffff\U000e0001\U000e0041\U0001fffe\U0010ffff"
)
_COMBINING = (
    "\u0300\u0301\u0308\u0323\u0331\u035c\u0489\u05b0\u064b\u0e31\u20dd\u3099\ufe0e\ufe0f\U0001f3fd"
)
_LETTERS = "aZéßİıŁžΩςЖЯאשلمกहि한字あア𝐀𝟘ﬁǅⅣ①½²\ud7ff\ue000\uf8ff\U00012000\U0001d11e"
_EMOJI = ("👩‍👩‍👧‍👦", "🇺🇳", "❤️‍🔥", "👍🏽", "🏴\U000e0067\U000e0062\U000e007f", "1️⃣")
_POOLS = (_MARKS, _MARKS, _SIGNS, _SPACES, _INVISIBLE, _COMBINING, _LETTERS)
_BREAKS = (
    "\n",
    "\r\n",
    "\r",
    "\n\n",
    "\n \n",
    "\u2028",
    "\u2029",
    "\x85",
    "\x0b",
    "\n\r",
    "\n\n\n\n",
)
_FORMS = ("NFC", "NFD", "NFKC", "NFKD")
_CASES: tuple[Callable[[str], str], ...] = (str.upper, str.lower, str.title, str.swapcase)
_SECONDS = (-62135596800, -62135596801, -1, 0, 1, 951782400, 1558828800, 253402300799, 2**62)
_DATES = (
    (2019, 5, 25),
    (1, 1, 1),
    (9999, 12, 31),
    (0, 0, 0),
    (2019, 2, 29),
    (2019, 5, 0),
    (-1, 1, 1),
)
_ZONES = (
    "",
    "UTC",
    "America/New_York",
    "Pacific/Kiritimati",
    "Etc/GMT+12",
    "Nowhere/At_All",
    "\u202e",
)
_LANGUAGES = ("", "en", "EN-gb", "de", "en_US", "\x00")
_BYTES = (
    b"\x00",
    b"\xff",
    b"\x80",
    b"\xc0\xaf",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xef\xbb\xbf",
)


def case(seed: int, number: int) -> Case:
    """The case of a number; the same for the same seed."""
    chance = random.Random(f"{seed}:{number}")
    name = f"{seed}-{number}"
    match chance.random():
        case draw if draw < 0.10:
            return Case(name, Level.TEXT, (_request(chance).SerializeToString(),))
        case draw if draw < 0.65:
            payload = mutated_bytes(chance, _request(chance).SerializeToString())
            return Case(name, Level.WIRE, (payload,))
        case draw if draw < 0.68:
            return Case(name, Level.STREAM, tuple(_items(chance)))
        case draw if draw < 0.90:
            return Case(name, Level.JSON, (shapes.json_body(chance, _request(chance)),))
        case _:
            texts = [mutated_text(chance) for _ in range(chance.randint(1, 4))]
            suffix, data = shapes.some_file(chance, texts)
            return Case(name, Level.FILE, (suffix.encode(), data))


def _items(chance: random.Random) -> list[bytes]:
    items = []
    for index in range(chance.randint(1, 5)):
        item = v1.BulkAttributeQuotesRequest(
            item_id=chance.choice((f"i{index}", f"i{index}", f"i{index}", "i0", "", "ä")),
            request=_request(chance),
        )
        payload = item.SerializeToString()
        items.append(mutated_bytes(chance, payload) if chance.random() < 0.3 else payload)
    return items


def _request(chance: random.Random) -> v1.AttributeQuotesRequest:
    article = v1.Article(body=mutated_text(chance))
    if chance.random() < 0.3:
        article.title = mutated_text(chance)[:200]
    if chance.random() < 0.4:
        moment = chance.choice((*_SECONDS, chance.randint(-70_000_000_000, 260_000_000_000)))
        article.publish_time.CopyFrom(
            Timestamp(seconds=moment, nanos=chance.choice((0, 0, 999_999_999, -1)))
        )
    elif chance.random() < 0.1:
        year, month, day = chance.choice(_DATES)
        article.publish_date.CopyFrom(v1.CalendarDate(year=year, month=month, day=day))
    if chance.random() < 0.1:
        article.time_zone = chance.choice(_ZONES)
    if chance.random() < 0.05:
        article.language_code = chance.choice(_LANGUAGES)
    options = v1.AttributionOptions(
        offset_encoding=chance.randint(0, 3),
        include_rejected_quotations=chance.random() < 0.5,
        include_nonresponses=chance.random() < 0.5,
        include_sentences=chance.random() < 0.5,
    )
    if chance.random() < 0.1:
        options.kinds.extend(chance.choices(range(1, 4), k=chance.randint(1, 3)))
    if chance.random() < 0.1:
        options.min_confidence = chance.choice((0.0, 0.5, 0.9, 1.0, 1.1, float("nan")))
    if chance.random() < 0.1:
        options.view = chance.randint(0, 3)
    return v1.AttributeQuotesRequest(article=article, options=options)


def mutated_text(chance: random.Random) -> str:
    """A short text of news that something happened to; now and then a long one."""
    count = 40 if chance.random() < 0.002 else min(4, int(chance.expovariate(0.9)) + 1)
    breaks = chance.choices((" ", chance.choice(_BREAKS)), k=count)
    text = "".join(
        part
        for fragment, pause in zip(chance.choices(_FRAGMENTS, k=count), breaks, strict=True)
        for part in (fragment, pause)
    )
    for _ in range(int(chance.expovariate(0.35))):
        text = chance.choice(_TEXT_MUTATIONS)(chance, text)
    return text


def _place(chance: random.Random, sequence: Sequence[object]) -> tuple[int, int]:
    """A stretch of a sequence, mostly short."""
    start = chance.randint(0, len(sequence))
    return start, min(len(sequence), start + int(chance.expovariate(0.15)))


def _character(chance: random.Random) -> str:
    if chance.random() < 0.1:
        return chance.choice(_EMOJI)
    return chance.choice(chance.choice(_POOLS))


def _insert(chance: random.Random, text: str) -> str:
    at = chance.randint(0, len(text))
    return text[:at] + _character(chance) + text[at:]


def _replace(chance: random.Random, text: str) -> str:
    start, end = _place(chance, text)
    some = "".join(_character(chance) for _ in range(chance.randint(0, 6)))
    return text[:start] + some + text[end:]


def _repeat(chance: random.Random, text: str) -> str:
    start, end = _place(chance, text)
    return text[:end] + text[start:end] * chance.randint(1, 5) + text[end:]


def _run(chance: random.Random, text: str) -> str:
    at = chance.randint(0, len(text))
    length = 3_000 if chance.random() < 0.02 else chance.choice((2, 3, 7, 50, 300, 301))
    repeated = _character(chance)
    return text[:at] + repeated * max(2, length // len(repeated)) + text[at:]


def _sow(chance: random.Random, text: str) -> str:
    """One character everywhere: between words, or between letters."""
    sown = _character(chance)
    return text.replace(" ", chance.choice((sown, f" {sown}", sown + sown))) if text else sown


def _swap_marks(chance: random.Random, text: str) -> str:
    return "".join(chance.choice(_MARKS) if each in _MARKS else each for each in text)


def _break(chance: random.Random, text: str) -> str:
    return text.replace(chance.choice((" ", "\n", ", ")), chance.choice(_BREAKS))


def _recase(chance: random.Random, text: str) -> str:
    return chance.choice(_CASES)(text)


def _normalize(chance: random.Random, text: str) -> str:
    return unicodedata.normalize(chance.choice(_FORMS), text)


def _reverse(chance: random.Random, text: str) -> str:
    start, end = _place(chance, text)
    return text[:start] + text[start:end][::-1] + text[end:]


def _nest(chance: random.Random, text: str) -> str:
    depth = chance.randint(1, 12)
    opening = "".join(chance.choices("“‘\"'«„", k=depth))
    return opening + text + "".join(chance.choices("”’\"'»“", k=chance.randint(0, depth)))


def _cut(chance: random.Random, text: str) -> str:
    start, end = sorted((chance.randint(0, len(text)), chance.randint(0, len(text))))
    return text[start:end]


_TEXT_MUTATIONS = (
    _insert,
    _insert,
    _insert,
    _replace,
    _replace,
    _repeat,
    _run,
    _sow,
    _swap_marks,
    _break,
    _recase,
    _normalize,
    _reverse,
    _nest,
    _cut,
)


def mutated_bytes(chance: random.Random, payload: bytes) -> bytes:
    """The bytes of a message that something happened to, at least once."""
    for _ in range(1 + int(chance.expovariate(0.8))):
        payload = chance.choice(_BYTE_MUTATIONS)(chance, payload)
    return payload


def _flip(chance: random.Random, payload: bytes) -> bytes:
    flipped = bytearray(payload or b"\x00")
    flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
    return bytes(flipped)


def _put(chance: random.Random, payload: bytes) -> bytes:
    start, end = _place(chance, payload)
    some = chance.choice((chance.choice(_BYTES), chance.randbytes(chance.randint(1, 8)), b""))
    return payload[:start] + some + payload[end:]


def _truncate(chance: random.Random, payload: bytes) -> bytes:
    return payload[: chance.randint(0, len(payload))]


def _splice(chance: random.Random, payload: bytes) -> bytes:
    """Another message behind this one, which merges the two, or in the middle of it."""
    other = _request(chance).SerializeToString()
    at = chance.choice((len(payload), chance.randint(0, len(payload))))
    return payload[:at] + other + payload[at:]


def _unknown_field(chance: random.Random, payload: bytes) -> bytes:
    number, kind = chance.choice((3, 9, 100, 18_999, 536_870_911)), chance.randint(0, 7)
    content = chance.choice((b"", b"\x05abcde", chance.randbytes(9), b"\xff" * 10))
    return payload + _varint(number << 3 | kind) + content


def _repeat_field(chance: random.Random, payload: bytes) -> bytes:
    """One field many times: values nobody knows, articles that merge, fields nobody knows."""
    count = chance.choice((2, 9, 90, 5_000))
    kinds = b"".join(chance.choices((b"\x63", b"\x01", b"\xff\x7f"), k=count))
    packed = b"\x12" + _varint(len(kinds)) + kinds
    return payload + chance.choice(
        (
            b"\x12" + _varint(len(packed)) + packed,
            b"\x0a\x03\x0a\x01x" * count,
            b"\xa2\x06\x01x" * count,
        )
    )


def _lie_about_length(chance: random.Random, payload: bytes) -> bytes:
    length = chance.choice((0, 1, 127, 128, 2**31 - 1, 2**31, 2**63, 2**64 - 1))
    return payload[:1] + _varint(length) + payload[2:]


def _groups(chance: random.Random, payload: bytes) -> bytes:
    """Groups in groups, which parsers read recursively."""
    depth = chance.choice((1, 50, 99, 101, 2_000))
    closed = b"\x14" * chance.choice((0, depth))
    return payload + b"\x13" * depth + closed


def _noise(chance: random.Random, payload: bytes) -> bytes:
    return chance.randbytes(chance.randint(0, 64))


def _varint(value: int) -> bytes:
    written = bytearray()
    while value >= 0x80:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*written, value])


_BYTE_MUTATIONS = (
    _flip,
    _flip,
    _flip,
    _put,
    _put,
    _truncate,
    _splice,
    _unknown_field,
    _repeat_field,
    _lie_about_length,
    _groups,
    _noise,
)
