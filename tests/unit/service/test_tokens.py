from __future__ import annotations

import hmac
import logging
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from quoth_server.service import tokens
from quoth_server.service.tokens import Tokens
from quoth_server.settings import BadSettings

FIRST, SECOND, LONG = "a" * 16, "Zz09._~+/-" * 2 + "==", "b" * 500


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tokens"
    path.touch(mode=0o600)
    return path


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    now = [100.0]
    monkeypatch.setattr(tokens.time, "monotonic", lambda: now[0])

    def pass_by(seconds: float) -> None:
        now[0] += seconds

    return pass_by


def test_each_token_of_the_file_is_known(file: Path) -> None:
    file.write_text(f"# ours\n{FIRST}\n\n  desk:{SECOND}  # of the desk\nlate-desk_2.b:{LONG}\n")
    known = Tokens(file)
    assert known.name_of(f"Bearer {FIRST}") == "line 2"
    assert known.name_of(f"Bearer {SECOND}") == "desk"
    assert known.name_of(f"Bearer {LONG}") == "late-desk_2.b"


@pytest.mark.parametrize(
    "header", ["", "Bearer", f"Bearer{FIRST}", f"Bearer {FIRST[:-1]}", "Bearer \ud800", "Bearer é"]
)
def test_nothing_else_is(file: Path, header: str) -> None:
    file.write_text(FIRST)
    assert Tokens(file).name_of(header) is None


def test_all_are_compared_whichever_is_right(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("\n".join((FIRST, SECOND, LONG)))
    known = Tokens(file)
    compared = []
    real = hmac.compare_digest
    monkeypatch.setattr(
        tokens.hmac, "compare_digest", lambda a, b: compared.append((len(a), len(b))) or real(a, b)
    )
    for header in (f"Bearer {FIRST}", f"Bearer {LONG}", "Bearer x", ""):
        known.name_of(header)
        assert compared == [(32, 32)] * 3
        compared.clear()


def test_no_token_is_kept(file: Path) -> None:
    file.write_text(f"desk:{FIRST}")
    assert FIRST not in repr(vars(Tokens(file)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no token; write one per line"),
        ("# only this\n\n", "has no token"),
        (f"{FIRST}\nshort", "the token in line 2 is too short"),
        ("desk:" + "x" * 15, "the token in line 1 is too short"),
        (f"{FIRST} {SECOND}", "line 1 is not TOKEN or NAME:TOKEN"),
        (f"a:b:{FIRST}", "line 1 is not"),
        (f"{FIRST}é", "line 1 is not"),
        (b"\xff" * 20, "it is not text"),
    ],
)
def test_a_bad_file_is_reported_without_its_tokens(
    file: Path, text: str | bytes, said: str
) -> None:
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(BadSettings) as caught:
        Tokens(file)
    assert str(caught.value).startswith(f"--token-file {file}")
    assert said in str(caught.value)
    for token in (FIRST, SECOND):
        assert token not in str(caught.value)


def test_a_file_that_is_not_there_is_reported(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="No such file"):
        Tokens(tmp_path / "none")


@pytest.mark.parametrize(
    ("mode", "warned"),
    [(0o600, False), (0o400, False), (0o640, False), (0o644, True), (0o660, True), (0o604, True)],
)
def test_a_file_that_others_can_get_at_is_warned_of(
    file: Path, mode: int, warned: bool, caplog: pytest.LogCaptureFixture
) -> None:
    file.write_text(FIRST)
    file.chmod(mode)
    Tokens(file)
    assert ("chmod 600" in caplog.text) is warned


@pytest.mark.parametrize("new", [SECOND, "", "short", None])
def test_the_file_is_reloaded_when_it_has_changed(
    file: Path,
    new: str | None,
    clock: Callable[[float], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    file.write_text(FIRST)
    known = Tokens(file)
    if new is None:
        file.unlink()
    else:
        file.write_text(new)
    clock(0.9)
    assert known.name_of(f"Bearer {FIRST}")
    clock(0.2)
    replaced = new == SECOND
    assert bool(known.name_of(f"Bearer {FIRST}")) is not replaced
    assert bool(known.name_of(f"Bearer {SECOND}")) is replaced
    said = "the tokens have changed" if replaced else "the new tokens are not used"
    assert [record.getMessage().startswith(said) for record in caplog.records] == [True]
    clock(2)
    known.name_of("")
    assert len(caplog.records) == 1  # logged once, and not at every call


def test_a_new_file_that_cannot_be_read_at_first_is_read_as_soon_as_it_can_be(
    file: Path,
    clock: Callable[[float], None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    file.write_text(FIRST)
    known = Tokens(file)
    file.write_text(SECOND)
    real = Path.read_text

    def unreadable(path: Path, *rest: object, **named: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", unreadable)
    for _ in range(5):
        clock(1.1)
        assert known.name_of(f"Bearer {FIRST}") == "line 1"
    assert caplog.text.count("the new tokens are not used") == 1  # and not at each look
    monkeypatch.setattr(Path, "read_text", real)  # which changes nothing about the file
    clock(1.1)
    assert known.name_of(f"Bearer {FIRST}") is None
    assert known.name_of(f"Bearer {SECOND}") == "line 1"


def test_a_file_of_the_same_size_and_time_is_another(
    file: Path, clock: Callable[[float], None]
) -> None:
    other = "c" * len(FIRST)
    file.write_text(FIRST)
    known = Tokens(file)
    times = file.stat()
    file.write_text(other)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    clock(1.1)
    assert known.name_of(f"Bearer {other}") == "line 1"


def test_it_is_reloaded_on_request(file: Path, clock: Callable[[float], None]) -> None:
    file.write_text(FIRST)
    known = Tokens(file)
    file.write_text(SECOND)
    known.look_again()  # within the second
    assert known.name_of(f"Bearer {SECOND}") == "line 1"
