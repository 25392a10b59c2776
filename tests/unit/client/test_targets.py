"""Which targets are this machine, and what may go to others."""

from __future__ import annotations

import grpc
import pytest
import trustme

import quoth
from quoth._target import is_local
from tests.unit.client.fake import Fake, serving, status

TOKEN = "s3cret-Token.of_the~newsroom+1/2=="


@pytest.mark.parametrize(
    "target",
    [
        "127.0.0.1:50051",
        "127.8.9.1",
        "localhost:1",
        "localhost",
        "[::1]:50051",
        "::1",
        "dns:localhost:50051",
        "dns:///localhost:50051",
        "dns://8.8.8.8/localhost:50051",
        "ipv4:127.0.0.1:1,127.0.0.1:2",
        "ipv6:[::1]:1",
        "unix:/run/quoth.sock",
        "unix:///run/quoth.sock",
        "unix-abstract:quoth",
    ],
)
def test_this_machine(target: str) -> None:
    assert is_local(target)


@pytest.mark.parametrize(
    "target",
    [
        "",
        "10.0.0.1:50051",
        "0.0.0.0:50051",
        "news.example:50051",
        "localhost.example:50051",
        "127.0.0.1.example:50051",
        "dns:///quoth.news.svc:50051",
        "dns://127.0.0.1/quoth.news.svc:50051",
        "ipv4:127.0.0.1:1,10.0.0.1:1",
        "ipv6:[2001:db8::1]:1",
        "[2001:db8::1]:50051",
        "xds:///localhost",
        "vsock:2:50051",
        "::ffff:10.0.0.1",
    ],
)
def test_other_machines(target: str) -> None:
    assert not is_local(target)


@pytest.mark.parametrize("client", [quoth.Client, quoth.AsyncClient])
async def test_plain_text_to_other_machines_must_be_asked_for(client) -> None:
    with pytest.raises(ValueError, match=r"news\.example:1 is another machine.*insecure"):
        client("news.example:1", token=TOKEN)
    for allowed in ({"insecure": True}, {"tls": quoth.TLS()}):
        made = client("news.example:1", token=TOKEN, **allowed)
        closed = made.close()
        if closed:
            await closed


@pytest.mark.parametrize("client", [quoth.Client, quoth.AsyncClient])
def test_what_is_no_target_and_no_tls_is_told_what_is(client) -> None:
    with pytest.raises(ValueError, match=r"address of the web; .* as in 127\.0\.0\.1:50051$"):
        client("http://127.0.0.1:50051/")
    with pytest.raises(TypeError, match=r"tls is True; give quoth\.TLS\(\)"):
        client("127.0.0.1:50051", tls=True)


@pytest.mark.parametrize("method", ["attribute", "attribute_many", "server_info"])
def test_the_token_goes_along(ask, fake: Fake, address: str, method: str) -> None:
    given = {"attribute": ["Text."], "attribute_many": [[quoth.article("Text.")]]}
    ask(address, method, *given.get(method, []), client={"token": TOKEN})
    assert fake.metadata[-1]["authorization"] == f"Bearer {TOKEN}"


def test_without_a_token_none_is_shown(ask, fake: Fake, address: str) -> None:
    ask(address, "attribute", "Text.")
    assert "authorization" not in fake.metadata[-1]


def test_the_token_goes_along_over_tls(ask, fake: Fake) -> None:
    authority = trustme.CA()
    own = authority.issue_cert("quoth.test")
    credentials = grpc.ssl_server_credentials(
        [(own.private_key_pem.bytes(), b"".join(c.bytes() for c in own.cert_chain_pems))]
    )
    tls = quoth.TLS(root_certificates=authority.cert_pem.bytes(), server_name="quoth.test")
    with serving(fake, credentials=credentials) as address:
        ask(address, "attribute", "Text.", client={"tls": tls, "token": TOKEN})
    assert fake.metadata[-1]["authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize("token", ["two words", "line\nbreak", "naïve-token", "name:" + TOKEN])
def test_a_token_that_cannot_be_is_not_repeated(ask, address: str, token: str) -> None:
    with pytest.raises(ValueError, match="token has characters") as caught:
        ask(address, "attribute", "Text.", client={"token": token})
    assert token not in str(caught.value)


def test_a_token_that_is_refused(ask, fake: Fake, address: str) -> None:
    def refuse(request, context):
        context.abort_with_status(
            status(grpc.StatusCode.UNAUTHENTICATED, "no such token", "UNAUTHENTICATED")
        )

    fake.attribute = refuse
    with pytest.raises(quoth.Unauthenticated, match="no such token") as caught:
        ask(address, "attribute", "Text.", client={"token": TOKEN})
    assert caught.value.reason == "UNAUTHENTICATED"
    assert TOKEN not in f"{caught.value!r} {caught.value.__cause__!r}"
    assert len(fake.requests) == 1


def test_a_stream_whose_token_is_refused_is_not_sent_again(ask, fake: Fake, address: str) -> None:
    def refuse(requests, context):
        # grpc.aio takes an end that comes while it sends for a loss of the connection.
        for _ in requests:
            pass
        context.abort_with_status(
            status(grpc.StatusCode.UNAUTHENTICATED, "no such token", "UNAUTHENTICATED")
        )

    fake.bulk = refuse
    with pytest.raises(quoth.Unauthenticated):
        ask(address, "attribute_many", [quoth.article("Text.")])
    assert fake.streams == 1


def test_several_addresses_share_the_calls(ask) -> None:
    """As many addresses behind one name do, which needs a name server."""
    first, second = Fake(), Fake()
    with serving(first) as one, serving(second) as two, quoth.Client(f"ipv4:{one},{two}") as client:
        while not (first.requests and second.requests):  # until both connections stand
            client.attribute("Text.")
        before = len(first.requests), len(second.requests)
        for _ in range(20):
            client.attribute("Text.")
        assert (len(first.requests) - before[0], len(second.requests) - before[1]) == (10, 10)


def test_a_server_that_goes_leaves_its_calls_to_the_other() -> None:
    first, second = Fake(), Fake()
    with serving(second) as two:
        with serving(first) as one:
            client = quoth.Client(f"ipv4:{one},{two}")
            while not (first.requests and second.requests):
                client.attribute("Text.")
        with client:
            for _ in range(20):
                client.attribute("Text.")
        assert len(second.requests) >= 20
