"""Errors of the service as errors of Connect, with the same details."""

from __future__ import annotations

from functools import cache

import grpc
from connectrpc.code import Code
from connectrpc.errors import ConnectError, ErrorDetail
from google.protobuf import descriptor_pb2, duration_pb2
from google.protobuf.descriptor import Descriptor
from google.rpc import error_details_pb2, status_pb2
from protobuf import Registry
from protobuf.wkt import Any, FileDescriptorSet

__all__ = ["failure"]


def failure(code: grpc.StatusCode, message: str, status: str | bytes) -> ConnectError:
    """The error as Connect sends it, with the details of a serialized `google.rpc.Status`."""
    known = {each.name: each for each in Code} | {"CANCELLED": Code.CANCELED}
    assert isinstance(status, bytes)  # what else trailers hold is text
    return ConnectError(known[code.name], message, _details(status))


def _details(status: bytes) -> list[ErrorDetail]:
    details = []
    for each in status_pb2.Status.FromString(status).details:
        packed = Any(type_url=each.type_url, value=each.value)
        description = _registry().message(each.TypeName())
        # Unpacked, Connect also writes it as JSON, for people and programs without Protobuf.
        readable = packed.unpack(description) if description else None
        details.append(ErrorDetail(packed if readable is None else readable))
    return details


@cache
def _registry() -> Registry:
    """The details' types, for the runtime of Protobuf that Connect uses, which is not Google's."""
    files = descriptor_pb2.FileDescriptorSet()
    for file in (duration_pb2.DESCRIPTOR, error_details_pb2.DESCRIPTOR):
        file.CopyToProto(files.file.add())
        for message, described in zip(
            files.file[-1].message_type, file.message_types_by_name.values(), strict=True
        ):
            _name_fields(message, described)
    return FileDescriptorSet.from_binary(files.SerializeToString()).to_registry()


def _name_fields(message: descriptor_pb2.DescriptorProto, described: Descriptor) -> None:
    """Puts the names of JSON in, which generated code leaves out."""
    for field in message.field:
        field.json_name = described.fields_by_name[field.name].camelcase_name
    for nested in message.nested_type:
        _name_fields(nested, described.nested_types_by_name[nested.name])
