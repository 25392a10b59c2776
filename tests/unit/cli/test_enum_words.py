from __future__ import annotations

import pytest

from quoth import v1
from quoth_cli.enum_words import FactualityWord, KindWord, SpeakerTypeWord, number, word, words


@pytest.mark.parametrize(
    ("enum", "value", "expected"),
    [
        (v1.StatementKind, v1.StatementKind.STATEMENT_KIND_MIXED, "mixed"),
        (v1.MediumType, v1.MediumType.MEDIUM_TYPE_SOCIAL_MEDIA, "social_media"),
        (v1.StatementKind, v1.StatementKind.STATEMENT_KIND_UNSPECIFIED, None),
        (v1.StatementKind, 77, "77"),
    ],
)
def test_word(enum: object, value: int, expected: str | None) -> None:
    assert word(enum, value) == expected


@pytest.mark.parametrize("enum", [v1.StatementKind, v1.SpeakerType, v1.NoticeReason])
def test_number_is_the_value_of_a_word(enum: object) -> None:
    assert [word(enum, number(enum, each)) for each in words(enum)] == words(enum)
    with pytest.raises(ValueError, match="SHOUTED"):
        number(enum, "shouted")


@pytest.mark.parametrize(
    ("choices", "enum"),
    [
        (KindWord, v1.StatementKind),
        (SpeakerTypeWord, v1.SpeakerType),
        (FactualityWord, v1.Factuality),
    ],
)
def test_choices_of_options_are_those_of_the_contract(choices: type, enum: object) -> None:
    assert list(choices) == words(enum)
