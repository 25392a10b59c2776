"""The sentences of a body."""

from __future__ import annotations

import pytest

from quoth_server.engine import Attributor, sentences

from .parsing import parsed

pytestmark = pytest.mark.model


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("It rained. We left.\n", ["It rained.", "We left."]),
        ("  A headline\n\nIt rained.", ["A headline", "It rained."]),
        (
            "“We are full. Go home,” Lena Holt said on Tuesday. She left.",
            ["“We are full.", "Go home,” Lena Holt said on Tuesday.", "She left."],
        ),
        ("Mr. Ruiz of the U.S. Senate left.", ["Mr. Ruiz of the U.S. Senate left."]),
        (
            "There were two:\n\n• the pitch was under water",
            ["There were two:", "• the pitch was under water"],
        ),
        ("It rained.\n***\n", ["It rained."]),
        ("…", []),
    ],
)
def test_sentences(body: str, expected: list[str]) -> None:
    found = sentences.find(parsed(body))
    assert [span.of(body) for span in found] == expected


def test_every_content_is_in_sentences() -> None:
    body = "The hall is shut. “We are full. Nobody can come in,” Mayor Ana Ruiz said.\n\n“No.”"
    result = Attributor().attribute(body)
    assert len(result.sentences) == 4
    for statement in result.statements:
        for span in statement.content_spans:
            assert any(span.overlaps(sentence) for sentence in result.sentences)
