"""Clients that other toolchains make from the contract get the same answers."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import grpc
import pytest
from google.protobuf import json_format
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)

from quoth import v1
from tests.integration.server import ROOT, Server, article

BODY = "“We won 🎉 – at last,” she said.\r\n\r\n“Ünder protest,” he said."


@pytest.fixture
def expected(stub: v1.AttributionServiceStub) -> dict[str, object]:
    request = article(BODY)
    request.options.offset_encoding = v1.OffsetEncoding.OFFSET_ENCODING_UTF16
    answer: dict[str, object] = json_format.MessageToDict(stub.AttributeQuotes(request))
    return answer


def test_reflection_knows_the_contract(channel: grpc.Channel) -> None:
    database = ProtoReflectionDescriptorDatabase(channel)
    assert set(database.get_services()) == {
        "quoth.v1.AttributionService",
        "grpc.health.v1.Health",
        "grpc.reflection.v1alpha.ServerReflection",
    }
    file = database.FindFileContainingSymbol("quoth.v1.AttributionService")
    assert [method.name for method in file.service[0].method] == [
        "AttributeQuotes",
        "BulkAttributeQuotes",
        "GetServerInfo",
    ]


def test_reflection_can_be_left_out() -> None:
    with Server("--no-reflection") as server, server.channel() as channel:
        with pytest.raises(grpc.RpcError) as caught:
            ProtoReflectionDescriptorDatabase(channel).get_services()
        assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED


def test_buf_curl_gets_the_same_by_reflection(server: Server, expected: dict[str, object]) -> None:
    buf = shutil.which("buf", path=str(Path(sys.executable).parent)) or shutil.which("buf")
    if buf is None:
        pytest.skip("there is no buf here")
    request = {
        "article": {"body": BODY},
        "options": {"offsetEncoding": "OFFSET_ENCODING_UTF16"},
    }
    ended = subprocess.run(
        [
            buf,
            "curl",
            "--protocol",
            "grpc",
            "--http2-prior-knowledge",
            "--data",
            json.dumps(request),
            f"http://{server.address}/quoth.v1.AttributionService/AttributeQuotes",
        ],
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
        cwd=ROOT / "tests",
    )
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout) == expected


@pytest.fixture(scope="module")
def node_modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("there is no Node here")
    folder = tmp_path_factory.mktemp("node")
    ended = subprocess.run(
        [npm, "install", "--no-audit", "--no-fund", "@grpc/grpc-js@^1", "@grpc/proto-loader@^0.8"],
        capture_output=True,
        text=True,
        timeout=55,
        check=False,
        cwd=folder,
    )
    if ended.returncode:
        pytest.skip(f"npm cannot install: {ended.stderr.splitlines()[-1:]}")
    return folder


def test_a_node_client_gets_the_same(
    server: Server, expected: dict[str, object], node_modules: Path
) -> None:
    script = node_modules / "client.js"
    shutil.copy(Path(__file__).with_name("client.js"), script)
    ended = subprocess.run(
        ["node", script, ROOT / "proto", server.address],
        input=BODY.encode(),
        capture_output=True,
        timeout=50,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr.decode()
    told = json.loads(ended.stdout)
    answer = json_format.ParseDict(told["answer"], v1.AttributeQuotesResponse())
    assert json_format.MessageToDict(answer) == expected
    # JavaScript counts in UTF-16: its own slices are the spans' texts.
    assert told["slices"] == [BODY]
    assert told["error"]["code"] == 3
    assert "article.body" in told["error"]["details"]
