"""Clients that other toolchains make from the contract get the same answers."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

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
        "quoth.v1.ArchiveService",
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
def node_example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example beside its protos, as one who copies both has it, with its packages."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("there is no Node here")
    root = tmp_path_factory.mktemp("node")
    shutil.copytree(ROOT / "proto", root / "proto")
    shutil.copytree(
        ROOT / "examples/node",
        root / "examples/node",
        ignore=shutil.ignore_patterns("node_modules", "package-lock.json"),
    )
    folder = root / "examples/node"
    try:
        ended = subprocess.run(
            [npm, "install", "--no-audit", "--no-fund"],
            capture_output=True,
            text=True,
            timeout=150,
            check=False,
            cwd=folder,
        )
    except subprocess.TimeoutExpired:
        pytest.skip("npm cannot install: it waits for its registry")
    if ended.returncode:
        pytest.skip(f"npm cannot install: {ended.stderr.splitlines()[-1:]}")
    return folder


def test_the_node_package_works_where_it_is_installed(
    server: Server, node_example: Path, tmp_path: Path
) -> None:
    """Packed, it has the protos inside; its packages are those that are installed already."""
    npm = shutil.which("npm") or ""
    packed = subprocess.run(
        [npm, "pack", "--pack-destination", tmp_path],
        capture_output=True,
        text=True,
        timeout=50,
        check=True,
        cwd=node_example,
    )
    assert not (node_example / "proto").exists()
    package = tmp_path / "node_modules/quoth-client"
    shutil.unpack_archive(tmp_path / packed.stdout.split()[-1], tmp_path, "tar")
    shutil.copytree(node_example / "node_modules", tmp_path / "node_modules")
    (tmp_path / "package").rename(package)
    program = tmp_path / "program.js"
    program.write_text(
        f"""
        const {{ Client }} = require("quoth-client");
        const client = new Client("{server.address}");
        client.attribute({{ body: "We are full." }}).then(({{ statements }}) => {{
          console.log(statements[0].contentSpans[0].text);
          client.close();
        }});
        """
    )
    assert node(program) == "We are full.\n"
    readme = (ROOT / "examples/node/README.md").read_text(encoding="utf-8")
    [shown] = re.findall(r"```js\n(.+?)```", readme, re.DOTALL)
    program = tmp_path / "who.mjs"
    program.write_text(shown.replace("127.0.0.1:50051", server.address), encoding="utf-8")
    assert "We are full" in node(program)


@pytest.mark.skipif(not shutil.which("node"), reason="needs Node")
def test_a_client_of_20_lines_by_fetch(tmp_path: Path) -> None:
    client = ROOT / "examples/fetch/quoth.mjs"
    assert len(client.read_text(encoding="utf-8").splitlines()) <= 20
    program = tmp_path / "program.mjs"
    with Server("--workers", "1", "--http", "0") as server:
        program.write_text(
            f"""
            import {{ attribute }} from {json.dumps(client.as_uri())};
            const body = {json.dumps(BODY)};
            const {{ statements }} = await attribute({{ body }}, {{ server: "{server.url}" }});
            const [{{ startOffset, endOffset }}] = statements[0].contentSpans;
            const refused = await attribute({{ body: " " }}, {{ server: "{server.url}" }})
              .catch(({{ code, message }}) => [code, message]);
            console.log(JSON.stringify([body.slice(startOffset, endOffset), ...refused]));
            """
        )
        told = json.loads(node(program))
    assert told[:2] == [BODY, "invalid_argument"]
    assert "article.body" in told[2]


def node(script: Path, *arguments: str, text: str = "", **variables: str) -> str:
    ended = subprocess.run(
        ["node", script, *arguments],
        input=text.encode(),
        capture_output=True,
        timeout=50,
        check=False,
        env=os.environ | variables,
    )
    assert ended.returncode == 0, ended.stderr.decode()
    return ended.stdout.decode()


@pytest.fixture(scope="module")
def told(server: Server, node_example: Path) -> dict[str, Any]:
    """What the Node client received."""
    driver = Path(__file__).with_name("client.js")
    answer: dict[str, Any] = json.loads(node(driver, str(node_example), server.address, text=BODY))
    return answer


def test_a_node_client_gets_the_same(expected: dict[str, object], told: dict[str, Any]) -> None:
    answer = json_format.ParseDict(told["answer"], v1.AttributeQuotesResponse())
    assert json_format.MessageToDict(answer) == expected
    # JavaScript counts in UTF-16: its own slices are the spans' texts.
    assert told["slices"] == [BODY]


def test_a_node_client_gets_the_reason(told: dict[str, Any]) -> None:
    empty = told["empty"]
    assert (empty["name"], empty["code"], empty["reason"]) == ("QuothError", 3, "EMPTY_BODY")
    assert "article.body" in empty["message"]
    assert [(each["field"], each["reason"]) for each in empty["violations"]] == [
        ("article.body", "EMPTY_BODY"),
        ("article.time_zone", "INVALID_TIME_ZONE"),
    ]
    assert told["late"]["code"] == 4


def test_a_node_client_streams(told: dict[str, Any]) -> None:
    kept = {f"i{n}": f"{BODY} {n}" for n in range(40)} | {"i7": "ERROR_REASON_EMPTY_BODY"}
    assert told["stream"] == kept
    # One who stops listening to an endless stream gets away.
    assert told["broken"].startswith("e")
    assert told["duplicate"] == ["", "ERROR_REASON_DUPLICATE_ITEM_ID"]


def test_the_command_of_the_node_example(
    server: Server, node_example: Path, tmp_path: Path
) -> None:
    for name, text in (("a", BODY), ("b", " "), ("c", "We are full.")):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8", newline="")
    files = [str(tmp_path / f"{name}.txt") for name in "abc"]
    command = node_example / "attribute.js"
    assert node(command, files[0], QUOTH_SERVER=server.address) == f"Echo: {BODY}\n"
    many = node(command, *files, QUOTH_SERVER=server.address)
    assert set(re.split("^== ", many, flags=re.M)[1:]) == {
        f"{files[0]}\nEcho: {BODY}\n",
        f"{files[1]}\nERROR_REASON_EMPTY_BODY: request.article.body: it is empty or blank; "
        "send the article's text\n",
        f"{files[2]}\nEcho: We are full.\n",
    }
