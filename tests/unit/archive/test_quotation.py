"""A quotation as it is looked for."""

from __future__ import annotations

import pytest

from quoth_server.archive.quotation import patterns


def keys(quotation: str) -> list[str]:
    return [" ".join(word.key for word in pattern.words) for pattern in patterns(quotation)]


@pytest.mark.parametrize(
    ("quotation", "expected"),
    [
        ("We will go", ["we will go"]),
        ("“We will go.”", ["we will go"]),
        ("We … go", ["we … go"]),
        ("We ... go", ["we … go"]),
        ("We . . . go", ["we … go"]),
        ("We [...] go", ["we … go"]),
        ("We [ … ] go", ["we … go"]),
        ("We (...) go", ["we … go"]),
        # At its beginning and end an ellipsis leaves nothing out of the quotation.
        ("… we go …", ["we go"]),
        # Either the article has the same words, or others.
        ("[The party] will go", ["the party will go", "will go"]),
        ("We will [never] go", ["we will never go", "we will [] go"]),
        ("We [sic] go", ["we go"]),
        ("", [""]),
        ("...", [""]),
        ("[...]", [""]),
        ("[Never]", ["never"]),
    ],
)
def test_what_a_quotation_can_mean(quotation, expected):
    assert keys(quotation) == expected
