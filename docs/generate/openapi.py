"""The HTTP port as an OpenAPI document, from the descriptors of the contract and their comments.

`make generate` writes it where the server has it from, for `/openapi.json`; a test proves that it
is current. Schemas are those of ProtoJSON: names in lowerCamelCase, enum values by name, what is
zero or empty left out of answers.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

from connectrpc.code import Code
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorSet,
    MethodDescriptorProto,
)

from docs.generate import contract
from docs.generate.contract import Comments

__all__ = ["document"]

_Schema = dict[str, Any]

_SCALARS: dict[int, _Schema] = {
    FieldDescriptorProto.TYPE_BOOL: {"type": "boolean"},
    FieldDescriptorProto.TYPE_FLOAT: {"type": "number", "format": "float"},
    FieldDescriptorProto.TYPE_INT32: {"type": "integer", "format": "int32"},
    FieldDescriptorProto.TYPE_STRING: {"type": "string"},
}
_WELL_KNOWN: dict[str, _Schema] = {
    ".google.protobuf.Duration": {"type": "string", "pattern": r"^-?\d+(\.\d{1,9})?s$"},
    ".google.protobuf.Timestamp": {"type": "string", "format": "date-time"},
}
_ERROR: _Schema = {
    "type": "object",
    "description": "Why a call failed, as Connect writes it.",
    "required": ["code"],
    "properties": {
        "code": {"type": "string", "enum": [code.value for code in Code]},
        "message": {"type": "string"},
        "details": {
            "type": "array",
            "description": "Always a google.rpc.ErrorInfo, whose `reason` is one of `ErrorReason`; "
            "google.rpc.BadRequest names each bad field, google.rpc.RetryInfo says when to retry.",
            "items": {
                "type": "object",
                "required": ["type", "value"],
                "properties": {
                    "type": {"type": "string"},
                    "value": {"type": "string", "description": "The message, in base64."},
                    "debug": {"type": "object", "description": "The message, as JSON."},
                },
            },
        },
    },
}
_HEALTH: _Schema = {
    "type": "object",
    "required": ["status"],
    "properties": {"status": {"type": "string", "enum": ["SERVING", "NOT_SERVING"]}},
}
_ABOUT = (
    "quoth by HTTP: POST with JSON (Connect). Fields that are zero or empty are left out of "
    "answers. Offsets count in the unit of `options.offsetEncoding`."
)


def document(files: FileDescriptorSet) -> _Schema:
    """The whole document; methods that stream are left out, as the port has none."""
    own = [(file, contract.comments(file)) for file in contract.own(files)]
    methods = [
        (f"/{file.package}.{service.name}/{method.name}", method, words[path])
        for file, words in own
        for number, service in enumerate(file.service)
        for method, path in contract.methods(service, number)
        if not (method.client_streaming or method.server_streaming)
    ]
    elements = {
        f".{file.package}.{element.name}": (element, path, words)
        for file, words in own
        for element, path in contract.elements(file)
    }
    sent = _reached(elements, [method.input_type for _, method, _ in methods])
    told = _reached(elements, [method.output_type for _, method, _ in methods])
    schemas = {
        _name(name): _message(element, path, words, closed=name not in told)
        if isinstance(element, DescriptorProto)
        else _enum(element, path, words)
        for name, (element, path, words) in elements.items()
        if name in {*sent, *told, ".quoth.v1.ErrorReason"}
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "quoth",
            "version": "v1",
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{}, {"token": []}],
        "paths": {path: {"post": _operation(method, words)} for path, method, words in methods}
        | {"/healthz": {"get": _health()}},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": dict(sorted(schemas.items())) | {"Error": _ERROR, "Health": _HEALTH},
        },
    }


def _reached(elements: Any, names: list[str]) -> set[str]:
    """The messages and enums that stand in some messages, those themselves included."""
    found: set[str] = set()
    while names:
        name = names.pop()
        if name in elements and name not in found:
            found.add(name)
            element = elements[name][0]
            if isinstance(element, DescriptorProto):
                names += [field.type_name for field in element.field]
    return found


def _name(full: str) -> str:
    return full.rpartition(".")[2]


def _ref(name: str) -> _Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _body(name: str, description: str = "") -> _Schema:
    told = {"description": description} if description else {}
    return {**told, "content": {"application/json": {"schema": _ref(name)}}}


def _operation(method: MethodDescriptorProto, words: str) -> _Schema:
    summary, _, rest = words.partition("\n\n")
    return {
        "operationId": method.name,
        "summary": " ".join(summary.split()),
        **({"description": rest} if rest else {}),
        "requestBody": {"required": True, **_body(_name(method.input_type))},
        "responses": {
            "200": _body(_name(method.output_type), "The answer."),
            "default": _body("Error", "The call failed; the status is that of Connect."),
        },
    }


def _health() -> _Schema:
    return {
        "operationId": "health",
        "summary": "Whether the server takes calls; needs no token.",
        "security": [{}],
        "responses": {
            "200": _body("Health", "It does."),
            "503": _body("Health", "It is starting or stopping."),
        },
    }


def _message(
    message: DescriptorProto, path: tuple[int, ...], words: Comments, *, closed: bool
) -> _Schema:
    """An object; `closed` if it is only sent to the server, which refuses unknown names."""
    fields = {
        field.json_name: (field, words.get((*path, contract.FIELDS, place), ""))
        for place, field in enumerate(message.field)
    }
    required = [name for name, (_, told) in fields.items() if told.startswith("Required.")]
    exclusive = [
        {"not": {"required": list(pair)}}
        for place in range(len(message.oneof_decl))
        for pair in combinations(
            [
                name
                for name, (field, _) in fields.items()
                if field.HasField("oneof_index") and field.oneof_index == place
            ],
            2,
        )
    ]
    return {
        "type": "object",
        "description": words.get(path, ""),
        "properties": {
            name: {**_type(field, message), "description": told}
            for name, (field, told) in fields.items()
        },
        **({"required": required} if required else {}),
        **({"allOf": exclusive} if exclusive else {}),
        **({"additionalProperties": False} if closed else {}),
    }


def _enum(enum: Any, path: tuple[int, ...], words: Comments) -> _Schema:
    return {
        "type": "string",
        "description": "\n".join([words.get(path, ""), "", *_values(enum, path, words)]),
        "enum": [value.name for value in enum.value],
    }


def _values(enum: Any, path: tuple[int, ...], words: Comments) -> Iterator[str]:
    for place, value in enumerate(enum.value):
        told = words.get((*path, contract.FIELDS, place), "").partition("\n\n")[0]
        yield f"* `{value.name}`: {' '.join(told.split())}"


def _type(field: FieldDescriptorProto, message: DescriptorProto) -> _Schema:
    entries = {each.name: each.field for each in message.nested_type if each.options.map_entry}
    if entry := entries.get(_name(field.type_name)):
        return {"type": "object", "additionalProperties": _type(entry[1], message)}
    one = (
        _WELL_KNOWN.get(field.type_name) or _ref(_name(field.type_name))
        if field.type_name
        else _SCALARS[field.type]
    )
    if field.label == FieldDescriptorProto.LABEL_REPEATED:
        return {"type": "array", "items": one}
    return one


if __name__ == "__main__":
    files = contract.descriptors(Path(__file__).parents[2])
    sys.stdout.write(json.dumps(document(files), indent=1, ensure_ascii=False) + "\n")
