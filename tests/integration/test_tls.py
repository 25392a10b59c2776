"""TLS, and clients that must show a certificate."""

from __future__ import annotations

import queue
import ssl
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
import trustme

from quoth import v1
from tests.integration.server import Server, article


class Files:
    def __init__(self, folder: Path) -> None:
        self.authority = trustme.CA()
        self.certificate = self.authority.issue_cert("localhost", "127.0.0.1")
        self.ca, self.cert, self.key = (folder / name for name in ("ca", "cert", "key"))
        self.authority.cert_pem.write_to_path(self.ca)
        self.certificate.private_key_pem.write_to_path(self.key)
        self.cert.write_bytes(b"".join(blob.bytes() for blob in self.certificate.cert_chain_pems))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def tls(files: Files) -> Iterator[Server]:
    with Server("--tls-cert", str(files.cert), "--tls-key", str(files.key)) as server:
        yield server


@pytest.fixture(scope="module")
def mutual(files: Files) -> Iterator[Server]:
    flags = ("--tls-cert", str(files.cert), "--tls-key", str(files.key))
    with Server(*flags, "--tls-client-ca", str(files.ca)) as server:
        yield server


def attribute(server: Server, credentials: grpc.ChannelCredentials) -> int:
    options = [("grpc.enable_retries", 0), ("grpc.use_local_subchannel_pool", 1)]
    with grpc.secure_channel(server.address, credentials, options) as channel:
        stub = v1.AttributionServiceStub(channel)
        return len(stub.AttributeQuotes(article("x"), timeout=10).statements)


def test_a_client_that_trusts_the_authority_is_served(tls: Server, files: Files) -> None:
    trusting = grpc.ssl_channel_credentials(files.authority.cert_pem.bytes())
    assert attribute(tls, trusting) == 1


def test_a_client_that_trusts_another_is_not(tls: Server) -> None:
    stranger = grpc.ssl_channel_credentials(trustme.CA().cert_pem.bytes())
    with pytest.raises(grpc.RpcError) as caught:
        attribute(tls, stranger)
    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE


def test_plaintext_is_not_served(tls: Server) -> None:
    with tls.channel() as channel, pytest.raises(grpc.RpcError) as caught:
        v1.AttributionServiceStub(channel).AttributeQuotes(article("x"), timeout=10)
    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE


def with_certificate(files: Files, authority: trustme.CA) -> grpc.ChannelCredentials:
    own = authority.issue_cert("client.example")
    return grpc.ssl_channel_credentials(
        files.authority.cert_pem.bytes(),
        own.private_key_pem.bytes(),
        b"".join(blob.bytes() for blob in own.cert_chain_pems),
    )


def test_a_client_with_a_certificate_is_served(mutual: Server, files: Files) -> None:
    assert attribute(mutual, with_certificate(files, files.authority)) == 1


def test_a_client_with_none_or_a_strangers_is_not(mutual: Server, files: Files) -> None:
    for credentials in (
        grpc.ssl_channel_credentials(files.authority.cert_pem.bytes()),
        with_certificate(files, trustme.CA()),
    ):
        with pytest.raises(grpc.RpcError) as caught:
            attribute(mutual, credentials)
        assert caught.value.code() is grpc.StatusCode.UNAVAILABLE


class Replaceable:
    """The files of a server that replaces its certificate."""

    def __init__(self, folder: Path) -> None:
        self.authority = trustme.CA()
        self.cert, self.key = folder / "cert", folder / "key"
        self.replace()

    def replace(self) -> None:
        own = self.authority.issue_cert("localhost", "127.0.0.1")
        own.private_key_pem.write_to_path(self.key)
        self.cert.write_bytes(b"".join(blob.bytes() for blob in own.cert_chain_pems))


def shown(server: Server) -> bytes:
    """The certificate that a new connection is shown."""
    host, _, port = server.address.rpartition(":")
    return ssl.get_server_certificate((host, int(port)), timeout=10).encode()


def test_a_new_certificate_is_used_without_a_restart(tmp_path: Path) -> None:
    files = Replaceable(tmp_path)
    trusting = grpc.ssl_channel_credentials(files.authority.cert_pem.bytes())
    options = [("grpc.enable_retries", 0), ("grpc.use_local_subchannel_pool", 1)]
    with (
        Server("--tls-cert", str(files.cert), "--tls-key", str(files.key)) as server,
        grpc.secure_channel(server.address, trusting, options) as open_before,
    ):
        items: queue.SimpleQueue[v1.BulkAttributeQuotesRequest | None] = queue.SimpleQueue()
        stub = v1.AttributionServiceStub(open_before)
        stream = stub.BulkAttributeQuotes(iter(items.get, None))
        items.put(v1.BulkAttributeQuotesRequest(item_id="1", request=article("x")))
        assert next(stream).item_id == "1"
        first = shown(server)
        assert first in files.cert.read_bytes()
        files.replace()
        second = shown(server)
        assert second != first
        assert second in files.cert.read_bytes()
        assert attribute(server, trusting) == 1
        server.until_log('message="the certificate has changed"')
        # A key without its certificate, as there is for a moment while both are replaced.
        good = files.key.read_bytes()
        for bad in (trustme.CA().issue_cert("x").private_key_pem.bytes(), b"nothing", None):
            files.key.unlink()
            if bad:
                files.key.write_bytes(bad)
            assert shown(server) == second
            assert attribute(server, trusting) == 1
        told = "the new certificate is not used; the old one stays"
        assert server.log.count(told) == 3
        assert f"--tls-key {files.key} do not match" in server.log
        files.key.write_bytes(good)
        assert shown(server) == second
        files.replace()
        assert shown(server) in files.cert.read_bytes()
        # A stream stays on its connection, which noticed none of this.
        items.put(v1.BulkAttributeQuotesRequest(item_id="2", request=article("x")))
        assert next(stream).item_id == "2"
        items.put(None)
        assert list(stream) == []


def test_a_new_authority_of_clients_is_used_without_a_restart(files: Files, tmp_path: Path) -> None:
    ca = tmp_path / "ca"
    files.authority.cert_pem.write_to_path(ca)
    flags = ("--tls-cert", str(files.cert), "--tls-key", str(files.key))
    other = trustme.CA()
    with Server(*flags, "--tls-client-ca", str(ca)) as server:
        assert attribute(server, with_certificate(files, files.authority)) == 1
        other.cert_pem.write_to_path(ca)
        assert attribute(server, with_certificate(files, other)) == 1
        with pytest.raises(grpc.RpcError):
            attribute(server, with_certificate(files, files.authority))


def test_with_tls_other_machines_may_come(files: Files) -> None:
    flags = ("--tls-cert", str(files.cert), "--tls-key", str(files.key))
    with Server("--listen", "0.0.0.0:0", *flags) as server:
        assert "ready on 0.0.0.0:" in server.output


@pytest.mark.parametrize("wrong", ["key of another", "no certificate", "no authority"])
def test_files_that_do_not_fit_are_reported(files: Files, tmp_path: Path, wrong: str) -> None:
    cert, key, ca = files.cert, files.key, files.ca
    other = tmp_path / "other"
    if wrong == "key of another":
        trustme.CA().issue_cert("localhost").private_key_pem.write_to_path(other)
        key = other
    else:
        other.write_text("nothing of the kind")
        cert, ca = (other, ca) if wrong == "no certificate" else (cert, other)
    flags = ("--tls-cert", str(cert), "--tls-key", str(key), "--tls-client-ca", str(ca))
    with Server(*flags, wait=False) as server:
        assert server.exit_code() == 2
        assert server.log.startswith("quoth-server: --tls-")
        assert server.log.count("\n") == 1
