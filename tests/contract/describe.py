"""Writes the contract as text: one line for each name and number that clients hold.

`python -m tests.contract.describe > tests/contract/contract.txt` after an addition; nothing but
additions are allowed once it is released.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor, FileDescriptor

FILES = ("archive", "article", "attribution_service", "calendar_date", "statement")

_TYPES = {
    value: name.removeprefix("TYPE_").lower()
    for name, value in vars(FieldDescriptor).items()
    if name.startswith("TYPE_")
}


def describe() -> str:
    files = [importlib.import_module(f"quoth.v1.{name}_pb2").DESCRIPTOR for name in FILES]
    return "".join(f"{line}\n" for file in files for line in _file(file))


def _file(file: FileDescriptor) -> Iterator[str]:
    yield f"file {file.name}"
    for service in file.services_by_name.values():
        for method in service.methods:
            takes = f"{'stream ' * method.client_streaming}{method.input_type.name}"
            gives = f"{'stream ' * method.server_streaming}{method.output_type.name}"
            yield f"rpc {service.full_name}.{method.name}({takes}) returns ({gives})"
    for message in file.message_types_by_name.values():
        yield from _message(message)
    for enum in file.enum_types_by_name.values():
        yield from _enum(enum)


def _message(message: Descriptor) -> Iterator[str]:
    yield f"message {message.full_name}"
    for field in message.fields:
        yield f"  {field.number} {_type(field)} {field.name}"


def _type(field: FieldDescriptor) -> str:
    kind = field.message_type or field.enum_type
    name = kind.full_name if kind else _TYPES[field.type]
    if field.message_type and field.message_type.GetOptions().map_entry:
        key, value = field.message_type.fields
        return f"map<{_type(key)}, {_type(value)}>"
    if field.is_repeated:
        return f"repeated {name}"
    if field.containing_oneof:
        synthetic = field.containing_oneof.name.startswith("_")
        return f"optional {name}" if synthetic else f"oneof {field.containing_oneof.name} {name}"
    return name


def _enum(enum: EnumDescriptor) -> Iterator[str]:
    yield f"enum {enum.full_name}"
    for value in enum.values:
        yield f"  {value.number} {value.name}"


if __name__ == "__main__":
    sys.stdout.write(describe())
