"""The reference of the contract has everything that the contract has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.generate import contract
from quoth import v1
from tests.contract.describe import FILES

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def text() -> str:
    return contract.reference(contract.descriptors(ROOT))


def section(text: str, name: str) -> str:
    """What stands under a heading."""
    found = re.search(rf"^### {name}\n(.*?)(?=^##|\Z)", text, re.M | re.S)
    assert found, name
    return found[1]


def test_every_message_and_enum_is_there(text: str) -> None:
    for name in v1.__all__:
        kind = getattr(v1, name)
        if hasattr(kind, "DESCRIPTOR") and hasattr(kind.DESCRIPTOR, "fields_by_name"):
            told = re.findall(r"^`(\w+)` .* = \d+$", section(text, name), re.M)
            assert told == [field.name for field in kind.DESCRIPTOR.fields], name
        elif hasattr(kind, "DESCRIPTOR"):
            told = re.findall(r"^`(\w+)` = \d+$", section(text, name), re.M)
            assert told == list(kind.keys()), name


def test_every_method_is_there(text: str) -> None:
    service = v1.AttributeQuotesRequest.DESCRIPTOR.file.services_by_name["AttributionService"]
    for method in service.methods:
        assert method.input_type.name in section(text, method.name)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Article", "`body` string = 3"),
        ("Statement", "`content_spans` repeated [TextSpan](#textspan) = 3"),
        ("AttributionOptions", "`min_confidence` optional float = 3"),
        ("ItemError", "`metadata` map&lt;string, string&gt; = 5"),
        ("Limits", "`max_deadline` google.protobuf.Duration = 3"),
        ("BulkAttributeQuotesResponse", "`error` [ItemError](#itemerror), one of `outcome` = 3"),
        ("StatementKind", "`STATEMENT_KIND_DIRECT` = 1"),
    ],
)
def test_fields_are_reported_with_their_types(text: str, name: str, line: str) -> None:
    assert f"\n{line}\n: " in section(text, name)


def test_nothing_is_without_its_comment(text: str) -> None:
    assert not re.search(r"^: *$", text, re.M)


def test_a_comment_of_several_paragraphs_stays_together(text: str) -> None:
    reasons = section(text, "ErrorReason")
    assert re.search(
        r'^: .*\n\n  Example of an ErrorInfo:\n\n      \{\n        "reason"', reasons, re.M
    )


def test_types_lead_to_headings(text: str) -> None:
    headings = {heading.lower() for heading in re.findall(r"^### (\w+)$", text, re.M)}
    assert set(re.findall(r"\]\(#(\w+)\)", text)) <= headings


def test_the_files_are_those_of_the_contract() -> None:
    own = {f.name for f in contract.descriptors(ROOT).file if f.package == "quoth.v1"}
    assert own == {f"quoth/v1/{name}.proto" for name in FILES}
