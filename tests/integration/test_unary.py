"""One article a call, over a real port."""

from __future__ import annotations

import datetime
import hashlib

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from quoth import v1
from tests.integration.server import Server, article

BODY = "“Wir – no, we – won 🎉,” she\r\nsaid. e\u0301"


def details(error: grpc.RpcError) -> dict[str, object]:
    status = rpc_status.from_call(error)
    found = {}
    for detail in status.details:
        name = detail.TypeName().rpartition(".")[2]
        found[name] = getattr(error_details_pb2, name)()
        assert detail.Unpack(found[name])
    return found


def test_statements_come_back(stub: v1.AttributionServiceStub) -> None:
    answer = stub.AttributeQuotes(article(BODY))
    assert [statement.content_spans[0].text for statement in answer.statements] == [BODY]
    assert [speaker.display_name for speaker in answer.speakers] == ["Echo"]
    assert answer.offset_encoding == v1.OffsetEncoding.OFFSET_ENCODING_UTF32
    assert (answer.engine_version, answer.language_code) == ("fake-1", "en")


@pytest.mark.parametrize(
    ("encoding", "codec", "size"),
    [
        (v1.OffsetEncoding.OFFSET_ENCODING_UTF8, "utf-8", 1),
        (v1.OffsetEncoding.OFFSET_ENCODING_UTF16, "utf-16-le", 2),
        (v1.OffsetEncoding.OFFSET_ENCODING_UTF32, "utf-32-le", 4),
    ],
)
def test_offsets_are_in_the_unit_asked_for(
    stub: v1.AttributionServiceStub,
    encoding: v1.OffsetEncoding.ValueType,
    codec: str,
    size: int,
) -> None:
    request = article(BODY)
    request.options.offset_encoding = encoding
    answer = stub.AttributeQuotes(request)
    span = answer.statements[0].content_spans[0]
    assert answer.offset_encoding == encoding
    assert span.end_offset * size == len(BODY.encode(codec))


@pytest.mark.parametrize(
    "body", ["“”‘’", "\0", "a\rb\rc", "\u202eשלום", "👩‍👩‍👧" * 50, "e\u0301" * 50, "x" * 200_000]
)
def test_no_text_is_too_odd(stub: v1.AttributionServiceStub, body: str) -> None:
    answer = stub.AttributeQuotes(article(body))
    assert answer.statements[0].content_spans[0].text == body


def test_the_publish_time_is_a_day_at_the_dateline(stub: v1.AttributionServiceStub) -> None:
    moment = datetime.datetime(2019, 5, 26, 2, tzinfo=datetime.UTC)
    published = Timestamp()
    published.FromDatetime(moment)
    answer = stub.AttributeQuotes(
        article("x", publish_time=published, time_zone="America/New_York")
    )
    assert answer.anchor_date.date == v1.CalendarDate(year=2019, month=5, day=25)


def test_every_bad_field_is_named_at_once(stub: v1.AttributionServiceStub) -> None:
    request = article(" ", time_zone="Mars", language_code="de")
    request.options.view = 77
    with pytest.raises(grpc.RpcError) as caught:
        stub.AttributeQuotes(request)
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    found = details(caught.value)
    assert found["ErrorInfo"].domain == "quoth.v1"
    assert found["ErrorInfo"].reason == "EMPTY_BODY"
    assert found["ErrorInfo"].metadata["timeZone"] == "Mars"
    assert [(each.field, each.reason) for each in found["BadRequest"].field_violations] == [
        ("article.body", "EMPTY_BODY"),
        ("article.time_zone", "INVALID_TIME_ZONE"),
        ("article.language_code", "UNSUPPORTED_LANGUAGE"),
        ("options.view", "INVALID_ENUM_VALUE"),
    ]


def test_a_body_over_the_limit_is_refused_with_the_figures(
    stub: v1.AttributionServiceStub,
) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        stub.AttributeQuotes(article("😀" * 200_001))
    info = details(caught.value)["ErrorInfo"]
    assert info.reason == "BODY_TOO_LONG"
    assert dict(info.metadata) == {"bodyCharacters": "200001", "maxBodyCharacters": "200000"}


def test_a_request_over_the_limit_of_the_transport_is_refused(
    stub: v1.AttributionServiceStub,
) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        stub.AttributeQuotes(article("x" * 5_000_000))
    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


def test_a_detected_language_is_refused_like_a_given_one(
    stub: v1.AttributionServiceStub,
) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        stub.AttributeQuotes(article("refuse de"))
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    found = details(caught.value)
    assert found["ErrorInfo"].reason == "UNSUPPORTED_LANGUAGE"
    assert found["ErrorInfo"].metadata["languageCode"] == "de"
    assert found["BadRequest"].field_violations[0].field == "article.body"


def test_a_fault_is_internal_and_says_nothing_of_the_text(
    server: Server, stub: v1.AttributionServiceStub
) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        stub.AttributeQuotes(
            article("crash with Geheimnis inside"), metadata=(("x-request-id", "the-fault"),)
        )
    assert caught.value.code() is grpc.StatusCode.INTERNAL
    assert details(caught.value)["ErrorInfo"].reason == "INTERNAL"
    assert "Geheimnis" not in caught.value.details()
    digest = hashlib.sha256(b"crash with Geheimnis inside").hexdigest()[:16]
    server.until_log(
        rf'message=fault request_id=the-fault body_sha256={digest} at="ValueError at .*attribute'
    )
    server.until_log(r"message=call .*code=INTERNAL request_id=the-fault")
    assert "Geheimnis" not in server.log


def test_the_request_id_comes_back_and_is_logged(
    server: Server, stub: v1.AttributionServiceStub
) -> None:
    _, call = stub.AttributeQuotes.with_call(
        article("Verschwiegen", article_id="a 1"), metadata=(("x-request-id", "id-42"),)
    )
    assert ("x-request-id", "id-42") in call.trailing_metadata()
    line = server.until_log(r"^.*message=call .*request_id=id-42.*$")[0]
    assert "method=AttributeQuotes code=OK" in line
    assert "characters=12 statements=1" in line
    assert 'article_id="a 1"' in line
    assert "ms=" in line
    assert "Verschwiegen" not in server.log


@pytest.mark.parametrize("given", ["", "two words", "x" * 129, "a=b\x7f"])
def test_an_odd_request_id_is_replaced(stub: v1.AttributionServiceStub, given: str) -> None:
    metadata = (("x-request-id", given),) if given.isprintable() else ()
    _, call = stub.AttributeQuotes.with_call(article("x"), metadata=metadata)
    own = dict(call.trailing_metadata())["x-request-id"]
    assert own != given
    assert len(own) == 16


def test_an_error_has_its_request_id_too(stub: v1.AttributionServiceStub) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        stub.AttributeQuotes(article(""), metadata=(("x-request-id", "id-43"),))
    assert ("x-request-id", "id-43") in caught.value.trailing_metadata()


def test_the_server_says_what_it_is(stub: v1.AttributionServiceStub) -> None:
    info = stub.GetServerInfo(v1.GetServerInfoRequest())
    assert info.server_version
    assert info.engine_version == "fake-1"
    assert [(part.name, part.version) for part in info.components] == [("fake", "1")]
    assert info.language_codes == ["en"]
    assert info.limits.max_body_characters == 200_000
    assert info.limits.max_request_bytes == 4 * 1024 * 1024
    assert info.limits.max_deadline.seconds == 20
    assert info.capabilities.indirect_statements


def test_no_grpc_is_in_a_worker(stub: v1.AttributionServiceStub) -> None:
    answer = stub.AttributeQuotes(article("modules"))
    modules = answer.statements[0].cue.lemma.split()
    assert "quoth_server.service.worker" in modules
    roots = {module.partition(".")[0] for module in modules}
    assert not roots & {"grpc", "google", "quoth", "pydantic"}
