"""Messages as bytes and as JSON."""

from __future__ import annotations

import json

import pytest

from quoth import v1
from quoth_server.http.codecs import BinaryCodec, JsonCodec
from quoth_server.service.decoding import Malformed

NAME = "quoth.v1.AttributeQuotesRequest"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ('{"article": {"publishTime": "Tuesday"}}', "article.publish_time"),
        ('{"article": {"publish_time": "Tuesday"}}', "article.publish_time"),
        ('{"article": {"body": 7}}', "article.body"),
        ('{"article": 7}', "article"),
        ('{"options": {"minConfidence": "much"}}', "options.min_confidence"),
        ('{"options": {"kinds": [{}]}}', "options"),
        ('{"article": {"body": {"at X.title": 1}}}', "article.body"),
        # What stands in the place of a name, and is none, is not repeated.
        ('{" at Secret.words": 1, " at Secret.words": 2}', ""),
        ("{", ""),
    ],
)
def test_the_field_that_cannot_be_read_is_named(text: str, field: str) -> None:
    decoded = JsonCodec().decode(text.encode(), v1.AttributeQuotesRequest)
    assert isinstance(decoded, Malformed)
    assert decoded.message == NAME
    assert decoded.field.startswith(field)
    assert "ecret" not in decoded.field


def test_json_goes_both_ways() -> None:
    request = v1.AttributeQuotesRequest(article=v1.Article(body="“Ja” 🎉", time_zone="UTC"))
    data = JsonCodec().encode(request)
    assert json.loads(data) == {"article": {"body": "“Ja” 🎉", "timeZone": "UTC"}}
    assert JsonCodec().decode(data, v1.AttributeQuotesRequest) == request


def test_names_that_the_contract_does_not_know_are_passed_over() -> None:
    data = b'{"article": {"body": "x", "newer": 1}, "other": []}'
    decoded = JsonCodec().decode(data, v1.AttributeQuotesRequest)
    assert decoded == v1.AttributeQuotesRequest(article=v1.Article(body="x"))


def test_no_data_is_an_empty_message() -> None:
    assert JsonCodec().decode(b"", v1.GetServerInfoRequest) == v1.GetServerInfoRequest()
    assert BinaryCodec().decode(b"", v1.GetServerInfoRequest) == v1.GetServerInfoRequest()


def test_bytes_that_are_no_message() -> None:
    assert BinaryCodec().decode(b"\xff", v1.AttributeQuotesRequest) == Malformed(NAME)
