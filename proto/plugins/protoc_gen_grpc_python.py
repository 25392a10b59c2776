"""A protoc plugin around the gRPC generator of grpcio-tools.

grpcio-tools ships its Python generator inside its own protoc and not as a plugin program, which
is what buf runs. This reads a `CodeGeneratorRequest` from standard input, has that protoc
generate into a temporary folder and writes the files back as a `CodeGeneratorResponse`.
"""

import sys
import tempfile
from pathlib import Path

from google.protobuf.compiler import plugin_pb2
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from grpc_tools import protoc


def generate(request: plugin_pb2.CodeGeneratorRequest) -> plugin_pb2.CodeGeneratorResponse:
    """Generates `*_pb2_grpc.py` for each requested file that declares a service."""
    response = plugin_pb2.CodeGeneratorResponse(
        supported_features=plugin_pb2.CodeGeneratorResponse.FEATURE_PROTO3_OPTIONAL
    )
    wanted = set(request.file_to_generate)
    with_services = [f.name for f in request.proto_file if f.name in wanted and f.service]
    if not with_services:
        return response
    with tempfile.TemporaryDirectory() as folder:
        descriptors = Path(folder, "descriptors.binpb")
        descriptors.write_bytes(FileDescriptorSet(file=request.proto_file).SerializeToString())
        out = Path(folder, "out")
        out.mkdir()
        arguments = [f"--descriptor_set_in={descriptors}", f"--grpc_python_out={out}"]
        status = protoc.main(["protoc", *arguments, *with_services])
        if status != 0:
            response.error = f"grpc_tools.protoc ended with status {status}"
            return response
        for path in sorted(out.rglob("*.py")):
            response.file.add(
                name=path.relative_to(out).as_posix(), content=path.read_text(encoding="utf-8")
            )
    return response


if __name__ == "__main__":
    incoming = plugin_pb2.CodeGeneratorRequest.FromString(sys.stdin.buffer.read())
    sys.stdout.buffer.write(generate(incoming).SerializeToString())
