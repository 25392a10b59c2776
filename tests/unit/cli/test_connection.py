"""What goes to the server along with a call, and what must not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from quoth_cli.attributor import Connection, connect
from quoth_cli.exits import Exit, Failure

TOKEN = "a-token-of-the-newsroom"


def connection(**given: Any) -> Connection:
    usual: dict[str, Any] = {
        "server": "127.0.0.1:1",
        "tls": False,
        "tls_ca": None,
        "tls_cert": None,
        "tls_key": None,
        "tls_server_name": "",
        "token_file": None,
        "insecure": False,
        "timeout": 1.0,
        "wait": 0.0,
    }
    return Connection(**(usual | given))


@pytest.mark.parametrize("text", [TOKEN, f"\n  {TOKEN}\n\n", f"desk:{TOKEN}\r\n"])
def test_the_token_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("QUOTH_TOKEN", "another")
    file = tmp_path / "token"
    file.write_text(text)
    assert connection(token_file=file).token() == TOKEN


@pytest.mark.parametrize("text", ["", "\n", f"{TOKEN} {TOKEN}", f"# comment\n{TOKEN}"])
def test_a_file_must_hold_one_token(tmp_path: Path, text: str) -> None:
    file = tmp_path / "token"
    file.write_text(text)
    with pytest.raises(Failure, match="write the token alone") as caught:
        connection(token_file=file).token()
    assert caught.value.code is Exit.INPUT
    assert TOKEN not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Failure, match=r"--token-file .*No such file"):
        connection(token_file=tmp_path / "none").token()


def test_the_token_of_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTH_TOKEN", f" {TOKEN}\n")
    assert connection().token() == TOKEN
    monkeypatch.delenv("QUOTH_TOKEN")
    assert connection().token() == ""


def test_a_token_that_cannot_be_is_wrong_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTH_TOKEN", "two words")
    with pytest.raises(Failure, match="token has characters") as caught, connect(connection()):
        pass
    assert caught.value.code is Exit.USAGE
    assert "two words" not in str(caught.value)


def test_nothing_goes_to_other_machines_in_plain_text() -> None:
    with (
        pytest.raises(Failure, match="give --tls, or allow it by --insecure") as caught,
        connect(connection(server="news.example:1")),
    ):
        pass
    assert caught.value.code is Exit.USAGE
    for allowed in ({"insecure": True}, {"tls": True}):
        with connect(connection(server="news.example:1", **allowed)):
            pass
