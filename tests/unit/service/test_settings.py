from __future__ import annotations

from pathlib import Path

import pytest

from docs.generate.settings import markdown_table
from quoth_server.settings import BadSettings, Settings, read

PAGE = Path(__file__).parents[3] / "docs" / "settings.md"


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"QUOTH_{name.upper()}", raising=False)


def test_without_flags_and_variables_all_is_default() -> None:
    settings = read([])
    assert settings.listen == "127.0.0.1:50051"
    assert settings.is_loopback
    assert 1 <= settings.workers <= 16
    assert settings.queue == 4 * settings.workers


def test_a_flag_goes_before_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTH_WORKERS", "3")
    monkeypatch.setenv("QUOTH_QUEUE_PER_WORKER", "7")
    assert read([]).workers == 3
    assert read(["--workers", "5"]).workers == 5
    assert read(["--workers", "5"]).queue == 35


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (
            ["--max-deadline", "1e-300"],
            "--max-deadline (QUOTH_MAX_DEADLINE) is '1e-300': input should be greater than or "
            "equal to 0.1",
        ),
        (["--max-deadline", "nan"], "--max-deadline (QUOTH_MAX_DEADLINE) is 'nan': "),
        (["--max-deadline", "inf"], "less than or equal to 3600"),
        (["--max-connection-age", "nan"], "--max-connection-age (QUOTH_MAX_CONNECTION_AGE)"),
        (["--shutdown-grace", "nan"], "--shutdown-grace (QUOTH_SHUTDOWN_GRACE) is 'nan'"),
        (["--drain-delay", "-1"], "--drain-delay (QUOTH_DRAIN_DELAY) is '-1'"),
        (["--min-confidence", "nan"], "--min-confidence (QUOTH_MIN_CONFIDENCE) is 'nan'"),
        (["--workers", "1e9"], "--workers (QUOTH_WORKERS) is '1e9'"),
        (["--listen", "50051"], "--listen (QUOTH_LISTEN) is '50051': it must be HOST:PORT"),
        (["--listen", "127.0.0.1:99999"], "it must be HOST:PORT"),
        (["--listen", ":50051"], "it must be HOST:PORT"),
        (["--listen", "127.0.0.1:²"], "it must be HOST:PORT"),
        (["--workers", "0"], "--workers (QUOTH_WORKERS) is '0'"),
        (["--workers", "many"], "--workers (QUOTH_WORKERS) is 'many'"),
        (["--max-deadline", "0"], "--max-deadline"),
        (["--max-deadline", "nan"], "--max-deadline"),
        (["--min-confidence", "1.1"], "--min-confidence"),
        (["--log-format", "xml"], "'text' or 'json'"),
        (["--engine", "nothing"], "it must be MODULE:FUNCTION"),
        (["--tls-cert", "/no/such/file"], "--tls-cert"),
        (["--listne", "x"], "unrecognized arguments: --listne x"),
        (["here"], "unrecognized arguments: here"),
        (["--listen", "0.0.0.0:1"], "or allow plaintext with --insecure"),
        (["--listen", "[::]:1"], "or allow plaintext with --insecure"),
        (["--listen", "news.example:1"], "or allow plaintext with --insecure"),
        (["--tls-cert", __file__], "--tls-cert and --tls-key go together"),
        (["--tls-client-ca", __file__], "--tls-client-ca needs --tls-cert"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(flags: list[str], message: str) -> None:
    with pytest.raises(BadSettings) as caught:
        read(flags)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTH_MAX_BODY_CHARACTERS", "lots")
    with pytest.raises(BadSettings, match="QUOTH_MAX_BODY_CHARACTERS"):
        read([])


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(BadSettings, match=r"--workers.*--log-level"):
        read(["--workers", "-1", "--log-level", "loud"])


@pytest.mark.parametrize(
    "listen", ["127.0.0.1:0", "localhost:1", "[::1]:2", "127.8.9.1:3", "unix:/run/quoth.sock"]
)
def test_plaintext_is_fine_where_only_this_machine_can_come(listen: str) -> None:
    assert read(["--listen", listen]).is_loopback


def test_plaintext_elsewhere_must_be_asked_for() -> None:
    assert not read(["--listen", "0.0.0.0:1", "--insecure"]).is_loopback


@pytest.mark.parametrize("characters", [1, 200_000, 10_000_000])
def test_the_longest_body_fits_into_a_request(characters: int) -> None:
    settings = read(["--max-body-characters", str(characters)])
    assert settings.max_request_bytes > 4 * characters  # a code point has up to 4 bytes


def test_help_shows_flags_variables_and_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        read(["--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    for name in Settings.model_fields:
        assert f"--{name.replace('_', '-')}" in shown
        assert f"QUOTH_{name.upper()}" in shown
    assert "exit codes:\n  0  stopped on request" in shown


def test_every_setting_has_a_line_of_help_and_a_row() -> None:
    table = markdown_table()
    for name, field in Settings.model_fields.items():
        assert field.description
        assert field.description.endswith(".")
        assert f"| `--{name.replace('_', '-')}` | `QUOTH_{name.upper()}` |" in table


def test_the_page_has_the_table() -> None:
    assert markdown_table() in PAGE.read_text(encoding="utf-8")
