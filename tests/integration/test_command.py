"""The `quoth` command as its users run it: its own process, with and without a server."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import trustme

from quoth import Client
from quoth_cli.bulk.journal import failures_path
from quoth_cli.exits import MEANINGS, Exit
from tests.integration.server import free_port, python_path

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "server" / "quoth_server" / "data" / "sample.txt"
FAKE = "tests.fake_engine:load"
NOWHERE = "127.0.0.1:1"
EMBEDDED = "quoth: no --server is given, so the engine of quoth-server runs here"


def environment(**more: str) -> dict[str, str]:
    """The environment without what would change the command, and with the fake engine."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QUOTH_")}
    return {**kept, "PYTHONPATH": python_path(), "QUOTH_ENGINE": FAKE, "COLUMNS": "80", **more}


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def told(self) -> list[str]:
        """The lines on stderr, without that about the embedded engine."""
        return [line for line in self.err.splitlines() if line != EMBEDDED]


def quoth(
    *args: str | Path, stdin: str | bytes = "", prelude: str = "", stdout: Any = None, **env: str
) -> Ended:
    """Runs the command; `prelude` is Python that runs before it."""
    start = ["-c", f"import sys; {prelude}; from quoth_cli import main; sys.exit(main())"]
    done = subprocess.run(
        [sys.executable, *(start if prelude else ["-m", "quoth_cli"]), *map(str, args)],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        stdout=stdout or subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(**env),
        check=False,
    )
    ended = Ended(done.returncode, (done.stdout or b"").decode(), done.stderr.decode())
    assert "Traceback" not in ended.err, ended.err
    return ended


@contextlib.contextmanager
def running(*args: str | Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server with the fake engine, its address and its process."""
    command = [sys.executable, "-m", "quoth_server", "--workers", "2", "--log-level", "error"]
    listen = () if "--listen" in args else ("--listen", "127.0.0.1:0")
    with subprocess.Popen(
        [*command, *listen, *map(str, args)], stdout=subprocess.PIPE, text=True, env=environment()
    ) as process:
        try:
            assert process.stdout
            ready = re.fullmatch(r"quoth-server ready on (\S+)\n", process.stdout.readline())
            assert ready, "the server did not start"
            yield ready[1], process
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running() as (address, _):
        yield address


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "story.txt"
    path.write_text("“It is über,” she said.\n", encoding="utf-8")
    return path


def jsonl(path: Path, *rows: object) -> Path:
    """A file of lines; text stands as it is, other values as JSON."""
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


# ---- attribute -------------------------------------------------------------------------


def test_text(server: str, story: Path) -> None:
    ended = quoth("attribute", story, "--server", server, "--published", "2026-05-14")
    assert ended.code == Exit.OK
    assert ended.err == ""
    assert ended.out.splitlines()[1:4] == ["Published Thursday, May 14, 2026", "", " 1 Echo"]
    assert ended.out.endswith("1 statement (1 direct) by 1 speaker.\n")


def test_jsonl_of_several_inputs(server: str, story: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("Other.")
    ended = quoth(
        "attribute", story, "-", other, "-f", "jsonl", stdin="From here.", QUOTH_SERVER=server
    )
    assert (ended.code, ended.err) == (Exit.OK, "")
    assert [row["id"] for row in ended.rows] == [str(story), "-", str(other)]
    texts = [row["statements"][0]["content_spans"][0]["text"] for row in ended.rows]
    assert texts == ["“It is über,” she said.\n", "From here.", "Other."]


def test_json_has_the_names_of_the_proto(server: str, story: Path) -> None:
    ended = quoth("attribute", "--format", "json", "--server", server, stdin=story.read_bytes())
    document = json.loads(ended.out)
    span = {"start_offset": 0, "end_offset": 24, "text": "“It is über,” she said.\n"}
    assert document["statements"][0]["content_spans"] == [span]
    assert document["offset_encoding"] == "OFFSET_ENCODING_UTF32"


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--kind", "direct"], 1),
        (["--kind", "direct", "--kind", "mixed"], 1),
        (["--kind", "indirect"], 0),
        (["--min-confidence", "0.75"], 1),
        (["--min-confidence", "0.76"], 0),
    ],
)
def test_what_is_asked_for(server: str, story: Path, options: list[str], found: int) -> None:
    ended = quoth("attribute", story, *options, "--server", server, "-f", "jsonl")
    assert len(ended.rows[0]["statements"]) == found


@pytest.mark.parametrize(
    ("options", "found", "told"),
    [
        ([], 1, ["quoth: 1 less likely statement left out; --min-confidence 0 shows it"]),
        (["--min-confidence", "0"], 2, []),
        (["--min-confidence", "0.5"], 1, []),
    ],
)
def test_less_likely_ones_are_left_out_and_counted(
    server: str, tmp_path: Path, options: list[str], found: int, told: list[str]
) -> None:
    sure, unsure = tmp_path / "sure.txt", tmp_path / "unsure.txt"
    sure.write_text("sure 0.5")
    unsure.write_text("sure 0.25")
    ended = quoth("attribute", sure, unsure, *options, "--server", server, "-f", "csv")
    assert (ended.out.count("\r\n") - 1, ended.told) == (found, told)
    page = quoth("attribute", sure, unsure, *options, "--server", server, "-f", "html")
    assert page.told == []
    assert ("sure 0.25" in page.out, page.out.count('"confidence": 0.25')) == (
        True,
        0 if "0.5" in options else 1,
    )


@pytest.mark.parametrize(("form", "found", "lines"), [("csv", 1, 2), ("parquet", 2, 1)])
def test_bulk_leaves_less_likely_ones_out_of_what_is_read_as_it_is(
    server: str, tmp_path: Path, form: str, found: int, lines: int
) -> None:
    source = jsonl(tmp_path / "in.jsonl", {"body": "sure 0.5"}, {"body": "sure 0.25"})
    output = tmp_path / f"out.{form}"
    ended = quoth("bulk", source, "-o", output, "--server", server)
    assert len(ended.told) == lines
    assert f"2 articles, {found} statement" in ended.told[-1]
    if lines > 1:
        assert (
            ended.told[0] == "quoth: 1 less likely statement left out; --min-confidence 0 shows it"
        )


def test_line_ends_are_counted_as_they_are(server: str) -> None:
    ended = quoth("attribute", "--server", server, "-f", "jsonl", stdin=b"a\r\nb\rc\n")
    assert ended.rows[0]["statements"][0]["content_spans"][0]["end_offset"] == 7


def test_embedded_answers_as_the_server_does(server: str, story: Path) -> None:
    asked = quoth("attribute", story, "-f", "jsonl", "--server", server)
    embedded = quoth("attribute", story, "-f", "jsonl")
    assert embedded.code == Exit.OK
    assert embedded.out == asked.out
    assert embedded.err == EMBEDDED + "\n"


@pytest.mark.parametrize("body", ["", " \n", "refuse fr", "crash", "x" * 200_001])
def test_embedded_fails_as_the_server_does(server: str, body: str) -> None:
    asked = quoth("attribute", "--server", server, stdin=body)
    embedded = quoth("attribute", stdin=body)
    assert embedded.code == asked.code != Exit.OK
    assert len(embedded.told) == len(asked.told) == 1
    if body != "crash":
        assert embedded.told == asked.told


def test_output_is_utf8_whatever_the_locale_says(server: str, story: Path) -> None:
    plain = quoth("attribute", story, "--server", server)
    ended = quoth(
        "attribute", story, "--server", server, LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii"
    )
    assert ended.out == plain.out
    assert "über" in ended.out


# ---- bulk ------------------------------------------------------------------------------


@pytest.mark.parametrize("embedded", [False, True])
def test_bulk_gives_a_line_for_each_line(server: str, tmp_path: Path, embedded: bool) -> None:
    source = jsonl(
        tmp_path / "in.jsonl",
        "{not json",
        {"id": "a", "body": "First."},
        {"id": 2, "text": "Second."},
        "",
        {"id": "empty", "body": " "},
        ["list"],
        {"id": "when", "body": "x", "published": "soon"},
        {"body": "refuse fr"},
        {"id": "last", "body": "Last.", "published": "2026-05-14", "extra": None},
    )
    output = tmp_path / "out.jsonl"
    asked = [] if embedded else ["--server", server]
    ended = quoth("bulk", source, "-o", output, *asked)
    assert ended.code == Exit.SOME_FAILED
    assert ended.out == ""
    rows = [json.loads(line) for line in output.read_text().splitlines()]
    assert [(row["id"], row["position"]) for row in rows] == [("a", 1), (2, 2), ("last", 7)]
    assert rows[0]["statements"][0]["content_spans"][0]["text"] == "First."
    assert rows[-1]["anchor_date"]["date"] == {"year": 2026, "month": 5, "day": 14}
    failures = [json.loads(line) for line in failures_path(output).read_text().splitlines()]
    assert [(row["position"], row["id"], row["error"]["reason"]) for row in failures] == [
        (0, "1", "BAD_LINE"),
        (3, "empty", "EMPTY_BODY"),
        (4, "6", "BAD_LINE"),
        (5, "7", "INVALID_PUBLISH_DATE"),
        (6, "8", "UNSUPPORTED_LANGUAGE"),
    ]
    assert failures[1]["error"]["violations"][0]["field"] == "article.body"
    assert failures[1]["place"] == f"{source}:5"
    places = [line.split(": ")[1] for line in ended.told]
    assert places[:-1] == [f"{source}:{n}" for n in (1, 5, 6, 7, 8)]
    assert ended.told[-1].startswith("quoth: 3 articles, 5 failed, 3 statements, 3 words in ")
    assert ended.told[-1].endswith(f"; 3 in {output} (5 failed: {failures_path(output)})")


def test_bulk_to_a_pipe_has_failures_in_their_place(server: str) -> None:
    stdin = '{"body": "One."}\n{"id": "b", "body": ""}\n{"body": "Three."}\n'
    ended = quoth("bulk", "-", "--server", server, stdin=stdin)
    assert ended.code == Exit.SOME_FAILED
    assert [(row["id"], row.get("error", {}).get("reason")) for row in ended.rows] == [
        ("1", None),
        ("b", "EMPTY_BODY"),
        ("3", None),
    ]


def test_bulk_keeps_order_and_pairs_under_load(server: str, tmp_path: Path) -> None:
    bodies = [f"sleep 0.0{7 - n % 7}\nnumber {n}" for n in range(120)]
    source = jsonl(
        tmp_path / "in.jsonl", *({"id": n, "body": body} for n, body in enumerate(bodies))
    )
    ended = quoth("bulk", source, "--server", server)
    assert ended.code == Exit.OK
    assert [row["id"] for row in ended.rows] == list(range(120))
    texts = [row["statements"][0]["content_spans"][0]["text"] for row in ended.rows]
    assert texts == bodies


def test_bulk_as_ready(server: str) -> None:
    stdin = '{"id": "slow", "body": "sleep 2"}\n{"id": "quick", "body": "x"}\n'
    ended = quoth("bulk", "-", "--as-ready", "--server", server, stdin=stdin)
    assert [row["id"] for row in ended.rows] == ["quick", "slow"]


def test_bulk_of_nothing(server: str) -> None:
    ended = quoth("bulk", "-", "--server", server)
    assert (ended.code, ended.out) == (Exit.OK, "")


def test_bulk_does_not_write_over_its_input(tmp_path: Path) -> None:
    source = jsonl(tmp_path / "in.jsonl", {"body": "x"})
    before = source.read_bytes()
    ended = quoth("bulk", source, "-o", source)
    assert ended.code == Exit.USAGE
    assert source.read_bytes() == before


def test_a_wrong_input_name_leaves_the_output_alone(tmp_path: Path) -> None:
    output = jsonl(tmp_path / "out.jsonl", {"kept": True})
    assert quoth("bulk", tmp_path / "none.jsonl", "-o", output).code == Exit.INPUT
    assert json.loads(output.read_text()) == {"kept": True}


def test_resume_needs_a_file() -> None:
    assert quoth("bulk", "-", "--resume").code == Exit.USAGE


def wait_for_lines(path: Path, count: int) -> None:
    end = time.monotonic() + 30
    while not path.exists() or path.read_bytes().count(b"\n") < count:
        assert time.monotonic() < end, "no lines came"
        time.sleep(0.05)


@pytest.mark.parametrize("embedded", [False, True])
def test_an_interruption_keeps_finished_lines(server: str, tmp_path: Path, embedded: bool) -> None:
    source = jsonl(tmp_path / "in.jsonl", *({"body": f"sleep 0.2\n{n}"} for n in range(200)))
    output = tmp_path / "out.jsonl"
    asked = [] if embedded else ["--server", server]
    with subprocess.Popen(
        [sys.executable, "-m", "quoth_cli", "bulk", source, "-o", output, *asked],
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as process:
        wait_for_lines(output, 3)  # one of them may not be recorded yet, and is taken back
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    lines = output.read_text().splitlines()
    assert process.returncode == Exit.INTERRUPTED
    assert [json.loads(line)["id"] for line in lines] == [str(n + 1) for n in range(len(lines))]
    assert 2 <= len(lines) < 200
    assert "Traceback" not in err
    assert f"{len(lines)} are kept; continue with the same command and --resume" in err


def test_a_lost_server_leaves_finished_lines(tmp_path: Path) -> None:
    source = jsonl(tmp_path / "in.jsonl", *({"body": f"sleep 0.2\n{n}"} for n in range(200)))
    output = tmp_path / "out.jsonl"
    with (
        running() as (address, server),
        subprocess.Popen(
            [sys.executable, "-m", "quoth_cli", "bulk", source, "-o", output, "--server", address],
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
        ) as process,
    ):
        wait_for_lines(output, 2)
        server.kill()
        _, err = process.communicate(timeout=40)
    assert process.returncode == Exit.UNAVAILABLE
    assert len(output.read_text().splitlines()) >= 2
    assert "Traceback" not in err
    assert err.splitlines()[-1].startswith(f"quoth: server {address}: ")


# ---- errors ----------------------------------------------------------------------------


def bad_inputs() -> Sequence[Any]:
    """Name, arguments (`{}` is a folder of the test's own), input, code, what is said."""
    server = ["--server", NOWHERE]
    return [
        ("missing", ["attribute", "{}/no.txt"], "", Exit.INPUT, "no.txt: no such file"),
        ("directory", ["attribute", "{}"], "", Exit.INPUT, "no article in this folder"),
        ("binary", ["attribute", "-"], b"\x7fELF\x00", Exit.INPUT, "standard input: a binary file"),
        ("latin-1", ["attribute", "-"], b"caf\xe9", Exit.INPUT, "not UTF-8 text (byte 3)"),
        (
            "empty",
            ["attribute", "-"],
            "",
            Exit.REFUSED,
            "standard input: article.body: it is empty",
        ),
        ("language", ["attribute", "-", "--language", "fr"], "x", Exit.REFUSED, "'fr'"),
        ("french", ["attribute"], "refuse fr", Exit.REFUSED, "'fr'"),
        ("fault", ["attribute"], "crash", Exit.FAULT, "standard input: a bug in the engine"),
        ("date", ["attribute", "--published", "soon"], "x", Exit.USAGE, "--published: 'soon'"),
        (
            "date of all",
            ["bulk", "-", "--published", "soon"],
            "",
            Exit.USAGE,
            "--published: 'soon'",
        ),
        (
            "zone",
            ["attribute", "--time-zone", "Mars/Base", "--published", "2026-05-14"],
            "x",
            Exit.USAGE,
            "--time-zone: 'Mars/Base'",
        ),
        ("title", ["attribute", "--title", "T", "a", "b"], "", Exit.USAGE, "--title"),
        ("no server", ["attribute", "-", *server], "x", Exit.UNAVAILABLE, f"server {NOWHERE}: "),
        ("info, no server", ["info", *server], "", Exit.UNAVAILABLE, f"server {NOWHERE}: "),
        ("health, no server", ["health", *server], "", Exit.UNAVAILABLE, f"server {NOWHERE}: "),
        ("health of nothing", ["health"], "", Exit.USAGE, "--server HOST:PORT"),
        (
            "never ready",
            ["health", *server, "--wait", "0.5"],
            "",
            Exit.UNAVAILABLE,
            "cannot be reached after 0.5 s",
        ),
        ("certificate", ["info", *server, "--tls-ca", "{}/no"], "", Exit.INPUT, "--tls-ca"),
        ("half a pair", ["info", *server, "--tls-key", "{}/no"], "", Exit.USAGE, "--tls-cert"),
        ("no input", ["bulk", "{}/no.jsonl"], "", Exit.INPUT, "no.jsonl: no such file"),
        ("no folder", ["bulk", "-", "-o", "{}/no/out"], "", Exit.OUTPUT, "cannot be written"),
        ("output a folder", ["bulk", "-", "-o", "{}"], "", Exit.OUTPUT, "cannot be written"),
    ]


@pytest.mark.parametrize(
    ("args", "stdin", "code", "said"),
    [pytest.param(*row[1:], id=row[0]) for row in bad_inputs()],
)
def test_an_error_is_one_line_and_a_code(
    args: list[str], stdin: str | bytes, code: Exit, said: str, tmp_path: Path
) -> None:
    ended = quoth(*(arg.format(tmp_path) for arg in args), stdin=stdin)
    assert ended.code == code
    assert ended.out == ""
    assert len(ended.told) == 1
    assert ended.told[0].startswith("quoth: ")
    assert said in ended.told[0]


def test_files_that_fail_do_not_stop_the_others(server: str, story: Path, tmp_path: Path) -> None:
    binary = tmp_path / "b.bin"
    binary.write_bytes(b"\0")
    blank = tmp_path / "blank.txt"
    blank.write_text("\n")
    ended = quoth(
        "attribute", blank, story, binary, tmp_path / "no", story, "-f", "jsonl", "--server", server
    )
    assert ended.code == Exit.REFUSED
    assert [row["id"] for row in ended.rows] == [str(story), str(story)]
    assert len(ended.told) == 3


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_no_permission(story: Path) -> None:
    story.chmod(0)
    ended = quoth("attribute", story)
    assert ended.code == Exit.INPUT
    assert "no permission to read it" in ended.told[0]


def test_a_server_that_is_too_slow(server: str) -> None:
    ended = quoth("attribute", "--server", server, "--timeout", "0.5", stdin="sleep 3")
    assert ended.code == Exit.TIMEOUT
    assert len(ended.told) == 1
    assert "--timeout" in ended.told[0]


def test_an_article_that_takes_too_long() -> None:
    ended = quoth("attribute", stdin="stuck", QUOTH_MAX_DEADLINE="0.5")
    assert ended.code == Exit.TIMEOUT
    assert len(ended.told) == 1
    assert "QUOTH_MAX_DEADLINE" in ended.told[0]
    assert "--timeout" not in ended.told[0]


def test_an_engine_that_cannot_be_loaded(story: Path) -> None:
    ended = quoth("attribute", story, QUOTH_ENGINE="tests.fake_engine:load_missing")
    assert ended.code == Exit.FAULT
    assert "the pipeline 'nothing' is not installed" in ended.told[0]


@pytest.mark.parametrize("command", ["attribute", "bulk", "info"])
def test_connection_options_without_a_server_are_refused(story: Path, command: str) -> None:
    inputs = [] if command == "info" else [story]
    ended = quoth(command, *inputs, "--tls", "--token-file", "/nonexistent")
    assert ended.code == Exit.USAGE
    assert ended.err == (
        "quoth: --tls needs a server; name it with --server or QUOTH_SERVER, or leave --tls out\n"
    )


def test_bulk_with_a_server_refuses_workers(story: Path) -> None:
    ended = quoth("bulk", story, "--server", NOWHERE, "--workers", "2")
    assert ended.code == Exit.USAGE
    assert "--workers is for the engine on this machine" in ended.err


@pytest.mark.parametrize("embedded", [False, True])
def test_a_timeout_has_one_meaning(server: str, embedded: bool) -> None:
    asked = [] if embedded else ["--server", server]
    ended = quoth("attribute", "--timeout", "0.5", *asked, stdin="sleep 30")
    assert ended.code == Exit.TIMEOUT
    assert ended.told[0].endswith(
        "no answer for 0.5 s (set a longer timeout; on the command line, --timeout)"
    )


def test_a_bad_setting_of_the_embedded_engine(story: Path) -> None:
    ended = quoth("attribute", story, QUOTH_MIN_CONFIDENCE="7")
    assert ended.code == Exit.USAGE
    assert "QUOTH_MIN_CONFIDENCE" in ended.told[0]


def test_without_the_engine_it_says_what_to_install(story: Path) -> None:
    ended = quoth("attribute", story, prelude="sys.modules['quoth_server'] = None")
    assert ended.code == Exit.MISSING_PACKAGE
    assert "--server HOST:PORT" in ended.told[0]
    assert "pip install quoth-server" in ended.told[0]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("form", ["text", "json", "jsonl"])
def test_a_full_disk(server: str, story: Path, form: str) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = quoth("attribute", story, "-f", form, "--server", server, stdout=full)
    assert ended.code == Exit.OUTPUT
    assert ended.told == ["quoth: standard output: cannot be written: No space left on device"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_in_bulk(server: str) -> None:
    ended = quoth("bulk", "-", "-o", "/dev/full", "--server", server, stdin='{"body": "x"}\n')
    assert ended.code == Exit.OUTPUT
    assert ended.told[-1] == "quoth: /dev/full: cannot be written: No space left on device"


@pytest.mark.parametrize("args", [["attribute", "-f", "json"], ["bulk"]])
def test_a_reader_that_goes_away(server: str, args: list[str], tmp_path: Path) -> None:
    source = jsonl(tmp_path / "in.jsonl", *[{"body": "x" * 100_000}] * 20)
    if args[0] == "attribute":
        source = tmp_path / "texts"
        source.mkdir()
        for number in range(20):
            (source / f"{number}.txt").write_text("x" * 100_000)
    with subprocess.Popen(
        [sys.executable, "-m", "quoth_cli", *args, source, "--server", server],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.read(10)
        process.stdout.close()
        err = process.stderr.read().decode()
        assert process.wait(timeout=30) == Exit.PIPE_CLOSED
    assert err == ""


# ---- servers ---------------------------------------------------------------------------


def test_info_and_health(server: str) -> None:
    info = quoth("info", "--server", server)
    assert info.code == Exit.OK
    assert "engine      fake-1\n" in info.out
    document = json.loads(quoth("info", "--server", server, "-f", "json").out)
    assert document["limits"]["max_body_characters"] == 200_000
    health = quoth("health", "--server", server)
    assert (health.code, health.out) == (Exit.OK, "SERVING\n")


def test_info_of_the_embedded_engine() -> None:
    assert "engine      fake-1\n" in quoth("info").out


def test_waiting_for_a_server(story: Path) -> None:
    address = f"127.0.0.1:{free_port()}"
    with subprocess.Popen(
        [
            sys.executable,
            "-m",
            "quoth_cli",
            "attribute",
            story,
            "--server",
            address,
            "--wait",
            "40",
        ],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as process:
        time.sleep(1)
        with running("--listen", address):
            out, _ = process.communicate(timeout=40)
    assert process.returncode == Exit.OK
    assert " 1 Echo" in out


def test_tls(story: Path, tmp_path: Path) -> None:
    authority = trustme.CA()
    pair = authority.issue_cert("server.example")
    (tmp_path / "ca.pem").write_bytes(authority.cert_pem.bytes())
    (tmp_path / "cert.pem").write_bytes(pair.cert_chain_pems[0].bytes())
    (tmp_path / "key.pem").write_bytes(pair.private_key_pem.bytes())
    keys = ("--tls-cert", tmp_path / "cert.pem", "--tls-key", tmp_path / "key.pem")
    name = ("--tls-ca", tmp_path / "ca.pem", "--tls-server-name", "server.example")
    with running(*keys) as (address, _):
        ended = quoth("attribute", story, "--server", address, *name)
        assert (ended.code, ended.err) == (Exit.OK, "")
        for untrusted in ([], ["--tls"]):
            ended = quoth("attribute", story, "--server", address, *untrusted)
            assert ended.code == Exit.UNAVAILABLE
            # gRPC's core logs failed handshakes before it.
            assert ended.told[-1].startswith(f"quoth: server {address}: ")
            assert ended.told[-1].endswith("both sides use TLS, or neither)")


# ---- the real engine -------------------------------------------------------------------


@pytest.mark.model
def test_the_sample_with_the_real_engine() -> None:
    ended = quoth(
        "attribute", SAMPLE, "-f", "json", QUOTH_ENGINE="quoth_server.engine.pipeline:load"
    )
    assert ended.code == Exit.OK
    document = json.loads(ended.out)
    body = SAMPLE.read_text(encoding="utf-8")
    names = {each["speaker_id"]: each["display_name"] for each in document["speakers"]}
    records = {}
    for statement in document["statements"]:
        for span in statement["content_spans"] + statement["quoted_spans"]:
            assert body[span["start_offset"] : span["end_offset"]] == span["text"]
        speaker = statement.get("speaker", {}).get("speaker_id", "")
        day = statement.get("date", {}).get("date", {}).get("day")
        records[statement["content_spans"][0]["text"]] = (names.get(speaker), day)
    assert document["anchor_date"]["date"] == {"year": 2026, "month": 5, "day": 14}
    assert records["We told them in writing and we told them in person,"] == ("Nora Halvik", 14)
    assert records["If one of them had opened in a storm,"] == ("Ines Tarrow", 13)
    assert records["There are rules, and they hold for ferries too,"] == ("Clara Wynn", None)


# ---- help and demonstration ------------------------------------------------------------


def test_help_has_every_exit_code() -> None:
    ended = quoth("--help", COLUMNS="120")
    assert ended.code == Exit.OK
    for code, meaning in MEANINGS.items():
        assert f"{code}: {meaning.replace('`', '')}" in ended.out


def test_wrong_usage() -> None:
    assert quoth("attribute", "--bogus").code == Exit.USAGE
    assert quoth("attribute", "--format", "xml").code == Exit.USAGE
    assert quoth("bulk").code == Exit.USAGE


def demo(**env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "quoth_cli.demo"],
        capture_output=True,
        text=True,
        env=environment(**env),
        check=False,
    )


def test_demo() -> None:
    done = demo()
    assert done.returncode == 0, done.stderr
    assert "“Ferry line stops all sailings" in done.stdout
    address = re.search(r"--server (\S+)", done.stderr)
    assert address
    with Client(address[1]) as client, pytest.raises(Exception, match="connect"):
        client.health(timeout=2)


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"QUOTH_ENGINE": "tests.fake_engine:load_missing"}, "the pipeline 'nothing'"),
        ({"QUOTH_MAX_DEADLINE": "never"}, "the server ended before it was ready"),
        ({"QUOTH_MAX_BODY_CHARACTERS": "5"}, "the command failed with exit code 4"),
    ],
)
def test_demo_fails_loudly(env: dict[str, str], said: str) -> None:
    done = demo(**env)
    assert done.returncode != 0
    assert said in done.stderr


@pytest.mark.model
def test_speakers_of_a_table_win_over_the_text(tmp_path: Path) -> None:
    story, table = tmp_path / "story.txt", tmp_path / "known.csv"
    story.write_text("“We won,” Vasquez said on Monday. AOC said the bill was dead.")
    table.write_text("id,name,aliases,roles\nQ1,Elena Vasquez,AOC,senator\n")
    asked = ("attribute", story, "-f", "jsonl", "--known-speakers", table)
    done = quoth(*asked, QUOTH_ENGINE="quoth_server.engine.pipeline:load")
    assert done.code == Exit.OK, done.err
    (row,) = done.rows
    (speaker,) = row["speakers"]
    assert (speaker["display_name"], speaker["known_speaker_id"]) == ("Elena Vasquez", "Q1")
    roles = [each["speaker"]["known_role"] for each in row["statements"]]
    assert roles == ["senator", "senator"]
    table.write_text("name,age\nElena Vasquez,36\n")
    done = quoth(*asked)
    assert done.code == Exit.USAGE
    assert "age" in done.err
