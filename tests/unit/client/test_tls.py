from __future__ import annotations

import grpc
import pytest
import trustme

import quoth
from tests.unit.client.fake import serving


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def address(fake, authority):
    own = authority.issue_cert("quoth.test")
    credentials = grpc.ssl_server_credentials(
        [(own.private_key_pem.bytes(), b"".join(c.bytes() for c in own.cert_chain_pems))],
        root_certificates=authority.cert_pem.bytes(),
        require_client_auth=True,
    )
    with serving(fake, credentials=credentials) as address:
        yield address


def test_both_sides_show_a_certificate(ask, address, authority):
    client = authority.issue_cert("caller.test")
    tls = quoth.TLS(
        root_certificates=authority.cert_pem.bytes(),
        private_key=client.private_key_pem.bytes(),
        certificate_chain=client.cert_chain_pems[0].bytes(),
        server_name="quoth.test",
    )
    response = ask(address, "attribute", "Text.", client={"tls": tls})
    assert response.engine_version == "Text."


def test_client_without_certificate_is_refused(ask, address, authority):
    tls = quoth.TLS(root_certificates=authority.cert_pem.bytes(), server_name="quoth.test")
    with pytest.raises(quoth.Unavailable):
        ask(address, "attribute", "Text.", client={"tls": tls})


def test_server_of_an_unknown_authority_is_refused(ask, address):
    with pytest.raises(quoth.Unavailable):
        ask(address, "attribute", "Text.", client={"tls": quoth.TLS(server_name="quoth.test")})


def test_key_without_certificate():
    with pytest.raises(ValueError, match="together"):
        quoth.TLS(private_key=b"key")
