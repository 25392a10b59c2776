"""Calls must show a token where the server has a file of them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from grpc_status import rpc_status

import quoth
from quoth import v1
from tests.integration.server import Server, article, python_path

OLD, NEW, STRANGE = ("old-" * 8, "new-" * 8, "strange-" * 4)
FIRST = f"# of the desk\n\ndesk:{OLD}"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tokens") / "tokens"
    write(path, FIRST)
    return path


def write(path: Path, text: str) -> None:
    """Replaces the file at once, as a careful operator does."""
    new = path.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text(text + "\n")
    new.replace(path)


@pytest.fixture(scope="module")
def guarded(file: Path) -> Iterator[Server]:
    """Every test leaves it with the first tokens."""
    with Server("--token-file", str(file), "--workers", "1") as server:
        yield server


def code_of(server: Server, header: str | None) -> grpc.StatusCode:
    metadata = [("authorization", header)] if header is not None else []
    with server.channel() as channel:
        try:
            v1.AttributionServiceStub(channel).AttributeQuotes(article("x"), metadata=metadata)
        except grpc.RpcError as error:
            return error.code()
        return grpc.StatusCode.OK


def until(server: Server, token: str, code: grpc.StatusCode) -> None:
    end = time.monotonic() + 20
    while code_of(server, f"Bearer {token}") is not code:
        assert time.monotonic() < end, server.log
        time.sleep(0.1)


def test_only_who_shows_a_known_token_is_served(guarded: Server) -> None:
    for header in (f"Bearer {OLD}", f"bearer {OLD}", f"Bearer  {OLD}"):
        assert code_of(guarded, header) is grpc.StatusCode.OK
    for header in (
        None,
        "",
        "Bearer",
        "Bearer ",
        OLD,
        f"Basic {OLD}",
        f"Bearer {OLD}x",
        f"Bearer {OLD[:-1]}",
        f"Bearer {OLD} {OLD}",
        f"Bearer desk:{OLD}",
        f"Bearer {STRANGE}",
    ):
        assert code_of(guarded, header) is grpc.StatusCode.UNAUTHENTICATED, header
    guarded.until_log("caller=desk")
    guarded.until_log("code=UNAUTHENTICATED")
    for token in (OLD, STRANGE):
        assert token not in guarded.log
    assert "plaintext" not in guarded.log


def test_the_error_says_what_to_do_and_is_sent_once(guarded: Server) -> None:
    with quoth.Client(guarded.address) as client, pytest.raises(quoth.Unauthenticated) as caught:
        client.attribute("x")
    assert caught.value.reason == "UNAUTHENTICATED"
    assert "authorization: Bearer TOKEN" in caught.value.message
    info = error_details_pb2.ErrorInfo()
    assert rpc_status.from_call(caught.value.__cause__).details[0].Unpack(info)  # type: ignore[union-attr]
    assert info.domain == "quoth.v1"
    request_id = caught.value.request_id
    guarded.until_log(f"message=call .*request_id={request_id}")
    assert len(re.findall(f"message=call .*request_id={request_id}", guarded.log)) == 1


def test_every_method_but_health_wants_one(guarded: Server) -> None:
    with guarded.channel() as channel:
        stub = v1.AttributionServiceStub(channel)
        reflect = reflection_pb2_grpc.ServerReflectionStub(channel).ServerReflectionInfo
        asked = reflection_pb2.ServerReflectionRequest(list_services="")
        for call in (
            lambda **given: stub.GetServerInfo(v1.GetServerInfoRequest(), **given),
            lambda **given: list(stub.BulkAttributeQuotes(iter(()), **given)),
            lambda **given: list(reflect(iter([asked]), **given)),
        ):
            with pytest.raises(grpc.RpcError) as caught:
                call()
            assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED
            call(metadata=[("authorization", f"Bearer {OLD}")])
        checked = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest())
        assert checked.status == health_pb2.HealthCheckResponse.SERVING


def test_tokens_are_replaced_while_it_runs(guarded: Server, file: Path) -> None:
    until(guarded, OLD, grpc.StatusCode.OK)
    write(file, f"desk:{OLD}\ndesk-2:{NEW}")
    until(guarded, NEW, grpc.StatusCode.OK)
    assert code_of(guarded, f"Bearer {OLD}") is grpc.StatusCode.OK
    write(file, f"desk-2:{NEW}")
    until(guarded, OLD, grpc.StatusCode.UNAUTHENTICATED)
    assert code_of(guarded, f"Bearer {NEW}") is grpc.StatusCode.OK
    assert 'message="the tokens have changed"' in guarded.log
    write(file, FIRST)
    until(guarded, OLD, grpc.StatusCode.OK)


def test_a_bad_new_file_leaves_the_old_tokens(guarded: Server, file: Path) -> None:
    write(file, f"{NEW}\na:b:{STRANGE}")
    end = time.monotonic() + 20
    while "the new tokens are not used; the old ones stay" not in guarded.log:
        assert code_of(guarded, f"Bearer {OLD}") is grpc.StatusCode.OK
        assert time.monotonic() < end, guarded.log
        time.sleep(0.1)
    assert code_of(guarded, f"Bearer {NEW}") is grpc.StatusCode.UNAUTHENTICATED
    assert STRANGE not in guarded.log
    write(file, FIRST)


def test_tokens_in_plain_text_are_warned_of(file: Path) -> None:
    flags = ("--listen", "0.0.0.0:0", "--insecure", "--workers", "1")
    with Server(*flags, "--token-file", str(file)) as server:
        assert "tokens cross the network in plaintext" in server.log


def test_a_bad_file_is_reported(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    write(file, f"{OLD}\nshort")
    with Server("--token-file", str(file), wait=False) as server:
        assert server.exit_code() == 2
        assert server.log.startswith(f"quoth-server: --token-file {file}: the token in line 2")
        assert OLD not in server.log


def command(server: Server, *flags: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QUOTH_")}
    return subprocess.run(
        [sys.executable, "-m", "quoth_cli", *flags, "--server", server.address],
        env={**kept, "PYTHONPATH": python_path(), **variables},
        input="Text.",
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_shows_a_token(guarded: Server, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.write_text(f"{OLD}\n")
    assert command(guarded, "attribute", "-", QUOTH_TOKEN=OLD).returncode == 0
    assert command(guarded, "info", "--token-file", str(own)).returncode == 0
    for refused in (
        command(guarded, "attribute", "-", QUOTH_TOKEN=STRANGE),
        command(guarded, "info"),
    ):
        assert refused.returncode == 10
        assert refused.stderr.count("\n") == 1
        assert "on the command line, --token-file or QUOTH_TOKEN" in refused.stderr
