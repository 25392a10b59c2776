"""Messages as JSON, as Protobuf defines it, within bounds and without names nobody knows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any, TypeVar

import grpc
from google.protobuf import json_format
from google.protobuf.descriptor import EnumDescriptor
from google.protobuf.message import Message

from quoth import v1
from quoth_server.service import errors
from quoth_server.service.errors import ServiceError, Violation

__all__ = ["MOST_ELEMENTS", "read", "write"]

MOST_ELEMENTS = 1000
"""Names, values and brackets in the JSON of one request; one that uses all fields has about 50."""

_M = TypeVar("_M", bound=Message)
# Characters looked at in one go: other threads wait meanwhile.
_STRIDE = 64 * 1024
_LONG = 4 * 1024
_MARK = re.compile(r'["{\[,:]')
# A name as contracts have them. Any other may be text of the article, which is not repeated.
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
# How json_format says where it stopped; what stands between may be text of the article.
_PLACE = re.compile(r" at \w+((?:\.\w+(?:\[\d+\])?)+)\.*$")
_OUTER = re.compile(r"Failed to parse (\w+) field: ")


def read(data: bytes, message_class: type[_M]) -> _M:
    """The message.

    No data is not JSON but means an empty message, as in other Connect servers.

    Raises:
        ServiceError: It is not such a message, or has more in it than any message.
    """
    message = message_class()
    if not data:
        return message
    name: str = message_class.DESCRIPTOR.full_name
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise errors.malformed(name, why=f"byte {error.start} is not UTF-8") from None
    try:
        if _has_too_many_elements(text):
            raise ServiceError(
                grpc.StatusCode.INVALID_ARGUMENT,
                "MALFORMED_REQUEST",
                f"the JSON has more than {MOST_ELEMENTS} names, values and brackets, more than any "
                "request needs; send one article per request",
                metadata={"maxElements": str(MOST_ELEMENTS)},
            )
        parsed = json.loads(text, object_pairs_hook=_once_each)
    except json.JSONDecodeError as error:
        why = f"line {error.lineno}, column {error.colno} is not JSON ({error.msg.strip()})"
        raise errors.malformed(name, why=why) from None
    except (ValueError, RecursionError) as error:
        why = str(error) if isinstance(error, ValueError) else "the JSON is nested too deep"
        raise errors.malformed(name, why=why) from None
    if not isinstance(parsed, dict):
        raise errors.malformed(name, why="the JSON is not an object")
    unknown = tuple(_unknown(parsed, message_class.DESCRIPTOR, ""))
    if unknown:
        raise errors.invalid(unknown)
    texts = tuple(_taken_out(parsed, message_class.DESCRIPTOR, ()))
    try:
        json_format.ParseDict(parsed, message)
    except json_format.ParseError as error:
        raise errors.malformed(name, _place(str(error), message_class)) from None
    for path, text in texts:
        try:
            _set(message, path, text)
        except UnicodeEncodeError:  # half of a surrogate pair
            raise errors.malformed(name, ".".join(path)) from None
    if isinstance(message, v1.AttributeQuotesRequest):
        _keep_day(message.article, parsed.get("article"))
    return message


def _keep_day(article: v1.Article, parsed: Any) -> None:
    """Takes an instant with an offset for the day there, as a `Timestamp` loses the offset."""
    if article.WhichOneof("publication") == "publish_time" and not article.time_zone:
        text = parsed.get("publishTime") or parsed["publish_time"]
        year, month, day = map(int, text.partition("T")[0].split("-"))
        article.publish_date.CopyFrom(v1.CalendarDate(year=year, month=month, day=day))


def write(message: Message) -> bytes:
    """The message as JSON."""
    return json_format.MessageToJson(message, indent=None, ensure_ascii=False).encode()


def _has_too_many_elements(text: str) -> bool:
    """Looks at what is outside of strings only: a text may have any number of commas.

    Raises:
        ValueError: if a string has no end.
    """
    elements = at = 0
    while at < len(text):
        found = _MARK.search(text, at, at + _STRIDE)
        if not found:
            at += _STRIDE
            continue
        elements += 1
        if elements > MOST_ELEMENTS:
            return True
        at = scanstring(text, found.end())[1] if found[0] == '"' else found.end()
    return False


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) < len(pairs):
        raise ValueError("a name occurs twice")
    return names


def _unknown(parsed: dict[str, Any], described: Any, path: str) -> Iterator[Violation]:
    """What is not a field, a value of an enum or an object where the contract has one."""
    known = described.fields_by_camelcase_name
    for name, value in parsed.items():
        field = known.get(name) or described.fields_by_name.get(name)
        if field is None:
            shown = name if _NAME.fullmatch(name) else "?"
            yield Violation(
                f"{path}{shown}",
                f"{described.name} has no such field; it has: {', '.join(known)}",
                "MALFORMED_REQUEST",
            )
            continue
        for each in value if isinstance(value, list) else (value,):
            if isinstance(each, str) and field.enum_type is not None:
                if each not in field.enum_type.values_by_name:
                    yield _unknown_value(each, field.enum_type, f"{path}{field.name}")
            elif isinstance(each, dict) and field.message_type is not None:
                yield from _unknown(each, field.message_type, f"{path}{field.name}.")
            elif _needs_object(field.message_type) and each is not None:
                yield Violation(
                    f"{path}{field.name}",
                    f"is not a {field.message_type.name}; send an object with: "
                    f"{', '.join(field.message_type.fields_by_camelcase_name)}",
                    "MALFORMED_REQUEST",
                )


def _needs_object(described: Any) -> bool:
    """Whether a message stands in JSON as an object; times and durations are texts."""
    return described is not None and described.file.package == v1.Article.DESCRIPTOR.file.package


def _unknown_value(name: str, enum: EnumDescriptor, path: str) -> Violation:
    shown = repr(name) if _NAME.fullmatch(name) else "the name"
    return Violation(
        path,
        f"{shown} is not a value of {enum.name}; send one of: {', '.join(enum.values_by_name)}",
        "INVALID_ENUM_VALUE",
    )


def _taken_out(
    parsed: dict[str, Any], described: Any, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Takes long texts out, each with the names that lead to its field.

    json_format looks for surrogates in them one character at a time, and nothing else of this
    process runs meanwhile.
    """
    for name, value in parsed.items():
        field = described.fields_by_camelcase_name.get(name) or described.fields_by_name[name]
        here = (*path, field.name)
        if isinstance(value, dict) and field.message_type is not None:
            yield from _taken_out(value, field.message_type, here)
        elif isinstance(value, str) and len(value) > _LONG and field.type == field.TYPE_STRING:
            parsed[name] = ""
            yield here, value


def _set(message: Message, path: tuple[str, ...], text: str) -> None:
    *outer, last = path
    for name in outer:
        message = getattr(message, name)
    setattr(message, last, text)


def _place(message: str, message_class: type[Message]) -> str:
    """The path of the field that a message of json_format names; empty if it names none."""
    found = _PLACE.search(message)
    names = found[1].strip(".").split(".") if found else _OUTER.findall(message)
    path = []
    described: Any = message_class.DESCRIPTOR
    for name in names:
        fields = described.fields_by_camelcase_name
        field = fields.get(name.partition("[")[0]) or described.fields_by_name.get(name)
        if field is None:
            break
        path.append(field.name)
        if field.message_type is None:
            break
        described = field.message_type
    return ".".join(path)
