"""The OpenAPI document is that of the contract, and takes what is really sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from google.protobuf import json_format

from docs.generate import contract, openapi
from quoth import v1
from quoth_server.http.endpoint import PATHS
from tests.unit.cli import example

ROOT = Path(__file__).parents[3]
FILE = ROOT / "server/quoth_server/http/static/openapi.json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def problems(document: dict[str, Any], name: str, instance: object) -> list[str]:
    """What a schema of the document has against an instance."""
    schema = document | {"$ref": f"#/components/schemas/{name}"}
    validator = jsonschema.Draft202012Validator(schema)
    return [each.message for each in validator.iter_errors(instance)]


@pytest.mark.slow
def test_the_document_is_current(document: dict[str, Any]) -> None:
    assert document == openapi.document(contract.descriptors(ROOT)), "run `make generate`"


def test_every_method_of_the_port_is_there(document: dict[str, Any]) -> None:
    of_grpc = {path for path in PATHS if path.startswith("/grpc.health")}
    assert document["paths"].keys() == {*PATHS, "/healthz"} - of_grpc


def test_an_answer_with_everything_fits(document: dict[str, Any]) -> None:
    answer = json_format.MessageToDict(example.answer())
    assert problems(document, "AttributeQuotesResponse", answer) == []


def test_a_request_with_everything_fits(document: dict[str, Any]) -> None:
    request = v1.AttributeQuotesRequest(article=example.article())
    request.article.publish_time.FromJsonString("2026-05-15T01:30:00Z")
    request.options.kinds.append(v1.StatementKind.STATEMENT_KIND_DIRECT)
    request.options.min_confidence = 0.5
    as_json = json_format.MessageToDict(request)
    assert problems(document, "AttributeQuotesRequest", as_json) == []


@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"article": {"title": "no body"}},
        {"article": {"body": 7}},
        {"article": {"body": "x", "author": "unknown"}},
        {"article": {"body": "x"}, "options": {"kinds": ["DIRECT"]}},
    ],
)
def test_what_the_server_refuses_does_not_fit(document: dict[str, Any], request_: object) -> None:
    assert problems(document, "AttributeQuotesRequest", request_)


def test_a_newer_server_may_say_more(document: dict[str, Any]) -> None:
    assert not problems(document, "AttributeQuotesResponse", {"more": 1})
