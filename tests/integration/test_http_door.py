"""The HTTP door as it is in the network: pages, headers, tokens, TLS, and its life."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
import trustme

from quoth import v1
from tests.integration.server import ROOT, Server, article
from tests.integration.web import ATTRIBUTE, INFO, JSON, Reply, ask, attribute, raw

TOKEN = "desk-desk-desk-desk"
PAGES = (
    "/",
    "/app.js",
    "/app.css",
    "/view.js",
    "/view.css",
    "/icon.svg",
    "/sample.txt",
    "/openapi.json",
)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server("--workers", "1", "--queue-per-worker", "9", "--http", "0") as server:
        yield server


def run(*flags: str, prelude: str = "") -> subprocess.CompletedProcess[str]:
    program = f"import sys\n{prelude}\nfrom quoth_server.__main__ import main\nsys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", program, "--listen", "127.0.0.1:0", *flags],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )


# ---- pages --------------------------------------------------------------------------------------


def test_the_page_and_its_files(server: Server) -> None:
    page = ask(server, "GET", "/")
    assert page.status == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    named = re.findall(r'(?:src|href)="([^"#]+)"', page.body.decode())
    assert named
    for name in named:
        assert ask(server, "GET", f"/{name}").status == 200, name
    for path in PAGES:
        assert ask(server, "GET", path).body, path
        head = ask(server, "HEAD", path)
        assert (head.status, head.body) == (200, b"")


def test_the_page_loads_nothing_from_elsewhere_and_has_no_script_inside(server: Server) -> None:
    page = ask(server, "GET", "/").body.decode()
    assert not re.search(r"https?://|//\w", page)
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=|javascript:", page)


@pytest.mark.parametrize(
    "path",
    [
        "/../../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/static/../app.js",
        "/..%2f..%2fetc%2fpasswd",
        "//etc/passwd",
        "/app.js/",
        "/APP.JS",
        "/app.js%00.txt",
        "/quoth_server/settings.py",
        "/favicon.ico",
        "/quoth.v1.AttributionService",
        "/quoth.v1.AttributionService/",
        "/quoth.v1.AttributionService/BulkAttributeQuotes",
        "/quoth.v1.AttributionService/Nothing",
    ],
)
def test_nothing_else_can_be_asked_for(server: Server, path: str) -> None:
    for method in ("GET", "POST"):
        reply = ask(server, method, path, headers=JSON)
        assert (reply.status, reply.json["code"]) == (404, "unimplemented")


def test_a_page_takes_no_post(server: Server) -> None:
    assert ask(server, "POST", "/", b"x").status == 405


# ---- health -------------------------------------------------------------------------------------

CHECK = "/grpc.health.v1.Health/Check"


def test_healthz_says_whether_calls_are_taken(server: Server) -> None:
    reply = ask(server, "GET", "/healthz")
    assert (reply.status, reply.json) == (200, {"status": "SERVING"})
    assert ask(server, "HEAD", "/healthz").status == 200
    assert ask(server, "POST", "/healthz", b"x").status == 405


@pytest.mark.parametrize("service", ["", "quoth.v1.AttributionService"])
def test_the_health_check_of_grpc_by_http(server: Server, service: str) -> None:
    reply = ask(server, "POST", CHECK, json.dumps({"service": service}), JSON)
    assert (reply.status, reply.json) == (200, {"status": "SERVING"})


def test_the_health_of_another_service_is_not_known(server: Server) -> None:
    reply = ask(server, "POST", CHECK, '{"service": "other.Service"}', JSON)
    assert (reply.status, reply.json["code"]) == (404, "not_found")
    assert ask(server, "POST", CHECK, "{", JSON).status == 400


def test_health_is_not_serving_before_and_after() -> None:
    with Server("--workers", "1", "--http", "0", "--drain-delay", "20", wait=False) as server:
        server.until_log(r'message="live page"')
        first = ask(server, "GET", "/healthz")
        assert first.status in (200, 503)
        server.until_output("ready on")
        assert ask(server, "GET", "/healthz").status == 200
        server.signal(signal.SIGTERM)
        server.until_log("message=stopping")
        end = time.monotonic() + 15
        while (reply := ask(server, "GET", "/healthz")).status != 503:
            assert time.monotonic() < end
        assert reply.json == {"status": "NOT_SERVING"}
        server.signal(signal.SIGTERM)  # at once


def replies(server: Server) -> Iterator[Reply]:
    """One of each sort."""
    yield from (ask(server, "GET", path) for path in PAGES)
    yield attribute(server, "x")
    yield attribute(server, "")
    yield attribute(server, "crash")
    yield attribute(server, "sleep 5", {"Connect-Timeout-Ms": "50"})
    yield attribute(server, "x" * 5_000_000)
    yield ask(server, "GET", "/nothing")
    yield ask(server, "GET", ATTRIBUTE)
    yield ask(server, "OPTIONS", ATTRIBUTE, headers={"Origin": "https://evil.example"})
    yield ask(server, "POST", ATTRIBUTE, "{}", {"Content-Type": "text/plain"})
    yield ask(server, "POST", ATTRIBUTE, "{}", {"Content-Type": "application/connect+json"})
    yield ask(server, "GET", "/", headers={"Host": "evil.example"})


def test_every_answer_has_the_headers_that_keep_it_safe(server: Server) -> None:
    for reply in replies(server):
        policy = reply.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "require-trusted-types-for 'script'" in policy
        assert "unsafe" not in policy
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["referrer-policy"] == "no-referrer"
        assert reply.headers["cache-control"] == "no-store"
        assert "server" not in reply.headers
        assert not any(name.startswith("access-control") for name in reply.headers)
    assert b"content-security-policy: default-src 'none'" in raw(server, b"NO HTTP\r\n\r\n")


# ---- who may call -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ],
)
def test_a_page_of_another_site_cannot_send_a_text(
    server: Server, headers: dict[str, str], status: int
) -> None:
    before = server.log.count("message=call ")
    reply = attribute(server, "x", headers)
    assert reply.status == status
    assert reply.json["message"]
    assert server.log.count("message=call ") == before


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    file = tmp_path_factory.mktemp("tokens") / "tokens"
    file.write_text(f"desk:{TOKEN}\n")
    file.chmod(0o600)
    with Server("--workers", "1", "--http", "0", "--token-file", str(file)) as server:
        yield server


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer wrong-wrong-wrong"}, {"Authorization": TOKEN}]
)
@pytest.mark.parametrize("path", [ATTRIBUTE, INFO])
def test_no_token_or_a_wrong_one_gets_no_answer(
    guarded: Server, path: str, headers: dict[str, str]
) -> None:
    reply = ask(guarded, "POST", path, '{"article": {"body": "x"}}', {**JSON, **headers})
    assert (reply.status, reply.json["code"]) == (401, "unauthenticated")
    assert reply.detail("ErrorInfo")["reason"] == "UNAUTHENTICATED"
    assert reply.headers["x-request-id"]


def test_health_needs_no_token(guarded: Server) -> None:
    assert ask(guarded, "GET", "/healthz").status == 200
    assert ask(guarded, "POST", CHECK, "{}", JSON).json == {"status": "SERVING"}
    assert "method=Check" not in guarded.log


@pytest.mark.parametrize("content_type", ["application/json", "application/grpc-web+proto"])
def test_a_missing_token_is_refused_before_the_body_is_read(
    guarded: Server, content_type: str
) -> None:
    """The body never comes, and the answer does not wait for it."""
    head = (
        f"POST {ATTRIBUTE} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {content_type}\r\n"
        "X-Request-Id: no-body\r\nExpect: 100-continue\r\nContent-Length: 4000000\r\n\r\n"
    )
    with socket.create_connection(place(guarded), timeout=20) as connection:
        connection.sendall(head.encode())
        answer = connection.recv(65536)
    if content_type == "application/json":
        assert answer.startswith(b"HTTP/1.1 401")
    assert b"no-body" in answer
    guarded.until_log("message=call .*code=UNAUTHENTICATED request_id=no-body")


def test_what_who_has_no_token_sends_all_the_same_is_passed_over(guarded: Server) -> None:
    """However much it is, and the next request on the connection is answered."""
    length = 30_000_000
    head = (
        f"POST {ATTRIBUTE} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Transfer-Encoding: chunked\r\n\r\n{length:x}\r\n"
    )
    next_one = "GET /icon.svg HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    before = resident(guarded)
    with socket.create_connection(place(guarded), timeout=20) as connection:
        connection.sendall(head.encode())
        assert connection.recv(65536).startswith(b"HTTP/1.1 401")
        connection.sendall(b"x" * length + b"\r\n0\r\n\r\n" + next_one.encode())
        answer = b""
        while part := connection.recv(65536):
            answer += part
    assert b"HTTP/1.1 200" in answer
    assert resident(guarded) - before < length / 2


def resident(server: Server) -> int:
    """Bytes of memory that the front process has."""
    pages = Path(f"/proc/{server.process.pid}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def test_the_right_token_is_let_in_and_named_in_the_log(guarded: Server) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "X-Request-Id": "with-token"}
    assert attribute(guarded, "x", headers).status == 200
    line = guarded.until_log(r"^.*message=call .*request_id=with-token.*$")[0]
    assert "caller=desk" in line
    assert TOKEN not in guarded.log


def test_the_page_itself_needs_no_token(guarded: Server) -> None:
    assert ask(guarded, "GET", "/").status == 200


# ---- TLS ----------------------------------------------------------------------------------------


class Files:
    def __init__(self, folder: Path) -> None:
        self.authority = trustme.CA()
        self.cert, self.key, self.ca = folder / "cert", folder / "key", folder / "ca"
        self.authority.cert_pem.write_to_path(self.ca)
        self.replace()

    def replace(self) -> None:
        own = self.authority.issue_cert("localhost", "127.0.0.1")
        own.private_key_pem.write_to_path(self.key)
        self.cert.write_bytes(b"".join(blob.bytes() for blob in own.cert_chain_pems))

    def trusting(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        self.authority.configure_trust(context)
        return context

    @property
    def flags(self) -> tuple[str, ...]:
        return ("--tls-cert", str(self.cert), "--tls-key", str(self.key))


def shown(server: Server) -> str:
    host, _, port = server.url.removeprefix("https://").rpartition(":")
    return ssl.get_server_certificate((host, int(port)), timeout=10)


def test_with_a_certificate_it_speaks_tls_and_takes_a_new_one(tmp_path: Path) -> None:
    files = Files(tmp_path)
    with Server("--workers", "1", "--http", "0", *files.flags) as server:
        assert server.url.startswith("https://")
        body = '{"article": {"body": "x"}}'
        assert ask(server, "POST", ATTRIBUTE, body, JSON, files.trusting()).status == 200
        with pytest.raises(ssl.SSLCertVerificationError):
            ask(server, "GET", "/", context=ssl.create_default_context())
        first = shown(server)
        assert shown(server) == first
        files.replace()
        assert shown(server) != first
        assert ask(server, "GET", "/", context=files.trusting()).status == 200
        second = shown(server)
        files.key.write_text("no key")
        assert shown(server) == second
        server.until_log("the new certificate is not used")


def test_a_certificate_of_the_caller_is_asked_for_as_well(tmp_path: Path) -> None:
    files = Files(tmp_path)
    with Server("--http", "0", *files.flags, "--tls-client-ca", str(files.ca)) as server:
        with pytest.raises((ssl.SSLError, ConnectionError)):
            ask(server, "GET", "/", context=files.trusting())
        known, stranger = files.trusting(), files.trusting()
        files.authority.issue_cert("client.example").configure_cert(known)
        trustme.CA().issue_cert("client.example").configure_cert(stranger)
        assert ask(server, "GET", "/", context=known).status == 200
        with pytest.raises((ssl.SSLError, ConnectionError)):
            ask(server, "GET", "/", context=stranger)
        files.replace()  # a renewal asks for it no less
        with pytest.raises((ssl.SSLError, ConnectionError)):
            ask(server, "GET", "/", context=stranger)
        assert ask(server, "GET", "/", context=known).status == 200


# ---- life ---------------------------------------------------------------------------------------


def test_it_is_off_unless_asked_for() -> None:
    with Server("--workers", "1") as server:
        assert "live page" not in server.log


def test_the_packages_are_not_needed_unless_it_is_asked_for(tmp_path: Path) -> None:
    missing = "import sys; sys.modules['connectrpc'] = None; sys.modules['uvicorn'] = None"
    with Server("--workers", "1", prelude=f"import sys; {missing}") as server:
        assert server.output
    done = run("--http", "0", prelude=missing)
    assert done.returncode == 2
    assert "pip install 'quoth-server[http]'" in done.stderr


def test_a_port_in_use(server: Server) -> None:
    port = server.url.rpartition(":")[2]
    done = run("--http", port)
    assert done.returncode == 3
    assert f"cannot listen on 127.0.0.1:{port} for the live page" in done.stderr
    assert "--http" in done.stderr.splitlines()[-1]


def test_an_address_of_nobody() -> None:
    done = run("--insecure", "--http", "0", "--http-host", "no.such.host.invalid")
    assert done.returncode == 3
    assert "no.such.host.invalid" in done.stderr


def test_plaintext_for_other_machines_must_be_meant() -> None:
    done = run("--http", "0", "--http-host", "0.0.0.0")
    assert done.returncode == 2
    assert "--http-host 0.0.0.0" in done.stderr
    assert "--insecure" in done.stderr
    with Server("--workers", "1", "--insecure", "--http", "0", "--http-host", "0.0.0.0") as server:
        port = int(server.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: quoth.example\r\n\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.1 200")


def test_it_says_not_ready_until_it_is(tmp_path: Path) -> None:
    loaded = tmp_path / "loaded"
    flags = ("--http", "0", "--workers", "1", "--pipeline", str(loaded))
    with Server(*flags, engine="tests.fake_engine:load_until", wait=False) as server:
        server.until_log("live page")
        reply = attribute(server, "x")
        assert (reply.status, reply.json["code"]) == (503, "unavailable")
        assert reply.detail("ErrorInfo")["reason"] == "NOT_READY"
        assert ask(server, "GET", "/").status == 200
        loaded.touch()
        server.until_output("^quoth-server ready")
        assert attribute(server, "x").status == 200


def place(server: Server) -> tuple[str, int]:
    host, _, port = server.url.removeprefix("http://").rpartition(":")
    return host, int(port)


def until_refused(server: Server) -> None:
    """Waits until no more connections are taken."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            socket.create_connection(place(server), timeout=10).close()
        except ConnectionRefusedError:
            return
        time.sleep(0.01)
    raise AssertionError("it still takes connections")


def test_every_accepted_call_is_answered_before_it_ends(tmp_path: Path) -> None:
    done = tmp_path / "done"
    with Server("--workers", "1", "--queue-per-worker", "3", "--http", "0") as server:
        statuses: list[int] = []

        def caller() -> None:
            statuses.append(attribute(server, f"until {done}").status)

        threads = [threading.Thread(target=caller) for _ in range(3)]
        # The channel, once closed, ends its call: it stays open until all are answered.
        with server.channel() as channel:
            with server.taking(4):
                by_grpc = v1.AttributionServiceStub(channel).AttributeQuotes.future(
                    article(f"until {done}")
                )
                for thread in threads:
                    thread.start()
            server.signal(signal.SIGTERM)
            until_refused(server)
            done.touch()
            for thread in threads:
                thread.join()
            assert statuses == [200, 200, 200]
            assert by_grpc.code() is grpc.StatusCode.OK
        assert server.exit_code() == 0


def test_calls_that_arrive_during_shutdown_get_an_error(tmp_path: Path) -> None:
    done = tmp_path / "done"
    with Server("--workers", "1", "--http", "0") as server:
        running = threading.Thread(target=attribute, args=(server, f"until {done}"))
        with server.taking(1):
            running.start()
        body = json.dumps({"article": {"body": "x"}}).encode()
        head = (
            f"POST {ATTRIBUTE} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Expect: 100-continue\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with socket.create_connection(place(server), timeout=20) as late:
            late.sendall(head.encode())
            assert late.recv(100).startswith(b"HTTP/1.1 100")
            server.signal(signal.SIGTERM)
            until_refused(server)
            late.sendall(body)  # when the server is stopping
            answer = b""
            while part := late.recv(65536):
                answer += part
        assert answer.startswith(b"HTTP/1.1 503")
        assert b"SHUTTING_DOWN" in answer
        done.touch()
        running.join()
        assert server.exit_code() == 0


def test_a_call_longer_than_the_grace_gets_an_error_and_shutdown_does_not_wait() -> None:
    with Server("--workers", "1", "--shutdown-grace", "0.5", "--http", "0") as server:
        replies: list[Reply] = []
        caller = threading.Thread(target=lambda: replies.append(attribute(server, "sleep 30")))
        with server.taking(1):
            caller.start()
        start = time.monotonic()
        server.signal(signal.SIGTERM)
        assert server.exit_code() == 0
        assert time.monotonic() - start < 15
        caller.join()
        assert (replies[0].status, replies[0].json["code"]) == (503, "unavailable")


def test_silent_connections_do_not_hold_up_the_end() -> None:
    with Server("--workers", "1", "--http", "0") as server:
        silent = [socket.create_connection(place(server), timeout=10) for _ in range(3)]
        silent[1].sendall(b"POST / HTTP/1.1\r\nHost: loc")
        time.sleep(0.2)
        server.signal(signal.SIGTERM)
        assert server.exit_code() == 0
        for each in silent:
            each.close()


def drip(connection: socket.socket) -> None:
    """Sends a byte now and then, to hold the connection."""
    end = time.monotonic() + 15
    while time.monotonic() < end:
        connection.sendall(b"X")
        time.sleep(0.05)


def test_who_is_too_slow_is_cut_off() -> None:
    shorter = "import sys; from quoth_server.http import connection; connection.PATIENCE = 0.7"
    with Server("--workers", "1", "--http", "0", prelude=shorter) as server:
        head = f"POST {ATTRIBUTE} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        beginnings = (b"", head[:40].encode(), f"{head}Content-Length: 100\r\n\r\n{{".encode())
        for beginning in beginnings:
            with socket.create_connection(place(server), timeout=20) as connection:
                connection.sendall(beginning)
                with pytest.raises(ConnectionError):
                    drip(connection)
        # One that takes long to be answered is not slow itself.
        assert attribute(server, "sleep 1.5").status == 200
