"""The reference of the contract, as Markdown, from its descriptors and their comments."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
    MethodDescriptorProto,
)

__all__ = ["descriptors", "names", "reference"]

_PACKAGE = "quoth.v1"
# Field numbers of descriptor.proto, which the paths of source locations are made of.
_MESSAGES, _ENUMS, _SERVICES, _METHODS, _FIELDS, _VALUES = 4, 5, 6, 2, 2, 2
_TYPES = {
    number: name.removeprefix("TYPE_").lower() for name, number in FieldDescriptorProto.Type.items()
}


@cache
def descriptors(root: Path) -> FileDescriptorSet:
    """Compiles the contract of a repository, its comments included."""
    buf = Path(sys.executable).with_name("buf")
    done = subprocess.run(
        [buf, "build", "--as-file-descriptor-set", "--output", "-"],
        cwd=root,
        capture_output=True,
        check=True,
    )
    return FileDescriptorSet.FromString(done.stdout)


@cache
def names(root: Path) -> frozenset[str]:
    """The names of the messages and enums of the contract."""
    files = _own(descriptors(root))
    return frozenset(each.name for f in files for each in (*f.message_type, *f.enum_type))


def reference(files: FileDescriptorSet) -> str:
    """Services with their methods, then messages, then enums, the last two by name."""
    own = [(file, _comments(file)) for file in _own(files)]
    lines: list[str] = []
    for file, comments in own:
        for number, service in enumerate(file.service):
            path = (_SERVICES, number)
            lines += [f"## {service.name}", "", comments.get(path, ""), ""]
            for place, method in enumerate(service.method):
                lines += _method(method, comments.get((*path, _METHODS, place), ""))
    messages = sorted(
        (message.name, _message(message, (_MESSAGES, number), comments))
        for file, comments in own
        for number, message in enumerate(file.message_type)
    )
    enums = sorted(
        (enum.name, _enum(enum, (_ENUMS, number), comments))
        for file, comments in own
        for number, enum in enumerate(file.enum_type)
    )
    for heading, blocks in (("Messages", messages), ("Enums", enums)):
        lines += [f"## {heading}", "", *(line for _, block in blocks for line in block)]
    return "\n".join(lines)


def _own(files: FileDescriptorSet) -> list[FileDescriptorProto]:
    return [file for file in files.file if file.package == _PACKAGE]


def _comments(file: FileDescriptorProto) -> dict[tuple[int, ...], str]:
    """The comment before each element, by its path in the descriptor."""
    return {
        tuple(location.path): "\n".join(
            line.removeprefix(" ") for line in location.leading_comments.rstrip().split("\n")
        )
        for location in file.source_code_info.location
        if location.leading_comments
    }


def _method(method: MethodDescriptorProto, comment: str) -> list[str]:
    took = ("stream " if method.client_streaming else "") + _link(method.input_type)
    gives = ("stream " if method.server_streaming else "") + _link(method.output_type)
    return [f"### {method.name}", "", f"{took} → {gives}", "", comment, ""]


def _message(
    message: DescriptorProto, path: Sequence[int], comments: dict[tuple[int, ...], str]
) -> list[str]:
    lines = [f"### {message.name}", "", comments.get(tuple(path), ""), ""]
    for place, field in enumerate(message.field):
        term = f"`{field.name}` {_type(field, message)} = {field.number}"
        lines += _definition(term, comments.get((*path, _FIELDS, place), ""))
    return lines


def _enum(
    enum: EnumDescriptorProto, path: Sequence[int], comments: dict[tuple[int, ...], str]
) -> list[str]:
    lines = [f"### {enum.name}", "", comments.get(tuple(path), ""), ""]
    for place, value in enumerate(enum.value):
        term = f"`{value.name}` = {value.number}"
        lines += _definition(term, comments.get((*path, _VALUES, place), ""))
    return lines


def _definition(term: str, comment: str) -> Iterator[str]:
    first, *rest = comment.split("\n")
    yield from (term, f": {first}", *(f"  {line}".rstrip() for line in rest), "")


def _type(field: FieldDescriptorProto, message: DescriptorProto) -> str:
    entries = {
        nested.name: nested.field for nested in message.nested_type if nested.options.map_entry
    }
    entry = entries.get(field.type_name.rpartition(".")[2])
    if entry:
        return "map&lt;" + ", ".join(_type(part, message) for part in entry) + "&gt;"
    name = _link(field.type_name) if field.type_name else _TYPES[field.type]
    if field.label == FieldDescriptorProto.LABEL_REPEATED:
        return f"repeated {name}"
    if field.proto3_optional:
        return f"optional {name}"
    if field.HasField("oneof_index"):
        return f"{name}, one of `{message.oneof_decl[field.oneof_index].name}`"
    return name


def _link(type_name: str) -> str:
    package, _, name = type_name.removeprefix(".").rpartition(".")
    return f"[{name}](#{name.lower()})" if package == _PACKAGE else f"{package}.{name}"
