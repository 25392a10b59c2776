"""What headings say of the options of a search."""

from __future__ import annotations

import pytest

from quoth_cli.enum_words import KindWord
from quoth_cli.table.filters import Filters


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        (Filters(), ""),
        (Filters(contains=["attack*"]), "with the words “attack*”"),
        # All must be there of the words, and one of the kinds.
        (Filters(contains=["quay", "open*"]), "with the words “quay” and “open*”"),
        (
            Filters(kinds=[KindWord("direct"), KindWord("mixed")], min_confidence=0.0),
            "of the kind direct or mixed with a confidence of at least 0.0",
        ),
        (
            Filters(until="2020", since="2019-05", role="minister", speaker="merkel"),
            "by “merkel” in the role “minister” since 2019-05 until 2020",
        ),
        (Filters(organization="Quay", articles=["a", "b"]), "at “Quay” in the article a or b"),
    ],
)
def test_what_is_asked_for(which: Filters, expected: str) -> None:
    assert which.told() == expected
