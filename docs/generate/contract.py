"""The reference of the contract, as Markdown, from its descriptors and their comments."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
    MethodDescriptorProto,
    ServiceDescriptorProto,
)

__all__ = [
    "FIELDS",
    "Comments",
    "comments",
    "descriptors",
    "elements",
    "methods",
    "names",
    "own",
    "reference",
]

_PACKAGE = "quoth.v1"
# Field numbers of descriptor.proto, which the paths of source locations are made of.
_MESSAGES, _ENUMS, _SERVICES, _METHODS = 4, 5, 6, 2
FIELDS = 2
"""The number in the path of a field of a message, and of a value of an enum."""

Comments = dict[tuple[int, ...], str]
"""The comment before each element, by its path in the descriptor."""
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
    files = own(descriptors(root))
    return frozenset(each.name for f in files for each in (*f.message_type, *f.enum_type))


def reference(files: FileDescriptorSet) -> str:
    """Services with their methods, then messages, then enums, the last two by name."""
    commented = [(file, comments(file)) for file in own(files)]
    lines: list[str] = []
    for file, words in commented:
        for number, service in enumerate(file.service):
            lines += [f"## {service.name}", "", words.get((_SERVICES, number), ""), ""]
            for method, path in methods(service, number):
                lines += _method(method, words.get(path, ""))
    every = sorted(
        ((element, path, words) for file, words in commented for element, path in elements(file)),
        key=lambda each: each[0].name,
    )
    messages = [
        _message(e, path, words) for e, path, words in every if isinstance(e, DescriptorProto)
    ]
    enums = [
        _enum(e, path, words) for e, path, words in every if isinstance(e, EnumDescriptorProto)
    ]
    for heading, blocks in (("Messages", messages), ("Enums", enums)):
        lines += [f"## {heading}", "", *(line for block in blocks for line in block)]
    return "\n".join(lines)


def own(files: FileDescriptorSet) -> list[FileDescriptorProto]:
    """The files of the contract itself."""
    return [file for file in files.file if file.package == _PACKAGE]


def comments(file: FileDescriptorProto) -> Comments:
    """The comment before each element, by its path in the descriptor."""
    return {
        tuple(location.path): "\n".join(
            line.removeprefix(" ") for line in location.leading_comments.rstrip().split("\n")
        )
        for location in file.source_code_info.location
        if location.leading_comments
    }


def methods(
    service: ServiceDescriptorProto, number: int
) -> Iterator[tuple[MethodDescriptorProto, tuple[int, ...]]]:
    """Yields the methods of a service, the one of this number in its file, with their paths."""
    for place, method in enumerate(service.method):
        yield method, (_SERVICES, number, _METHODS, place)


def elements(
    file: FileDescriptorProto,
) -> Iterator[tuple[DescriptorProto | EnumDescriptorProto, tuple[int, ...]]]:
    """Yields the messages and enums of a file with their paths."""
    for place, message in enumerate(file.message_type):
        yield message, (_MESSAGES, place)
    for place, enum in enumerate(file.enum_type):
        yield enum, (_ENUMS, place)


def _method(method: MethodDescriptorProto, comment: str) -> list[str]:
    took = ("stream " if method.client_streaming else "") + _link(method.input_type)
    gives = ("stream " if method.server_streaming else "") + _link(method.output_type)
    return [f"### {method.name}", "", f"{took} → {gives}", "", comment, ""]


def _message(message: DescriptorProto, path: tuple[int, ...], words: Comments) -> list[str]:
    lines = [f"### {message.name}", "", words.get(path, ""), ""]
    for place, field in enumerate(message.field):
        term = f"`{field.name}` {_type(field, message)} = {field.number}"
        lines += _definition(term, words.get((*path, FIELDS, place), ""))
    return lines


def _enum(enum: EnumDescriptorProto, path: tuple[int, ...], words: Comments) -> list[str]:
    lines = [f"### {enum.name}", "", words.get(path, ""), ""]
    for place, value in enumerate(enum.value):
        term = f"`{value.name}` = {value.number}"
        lines += _definition(term, words.get((*path, FIELDS, place), ""))
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
