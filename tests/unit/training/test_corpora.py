"""What each corpus teaches, on records of its form with words of our own."""

from __future__ import annotations

from typing import Any

import pytest
import spacy
from training import corpora
from training.data import IGNORE, UNKNOWN, Example

from quoth_server.engine.attributions import encoder
from quoth_server.engine.attributions.decoding import TAGS
from quoth_server.engine.attributions.model import DIRECTORY, TOKENIZER

NLP = spacy.blank("en")
TOKENIZERS = encoder.load_tokenizer(str(DIRECTORY / TOKENIZER))

LETTERS = dict(zip(TAGS, "OSsCcQq", strict=True)) | {"?": "?"}


def shown(example: Example) -> str:
    """One letter a word, as in the tests of decoding; `?` where nothing is learned."""
    return "".join("?" if tag == IGNORE else LETTERS[TAGS[tag]] for tag in example.tags)


def spans(text: str, *parts: str) -> list[list[int]]:
    return [[text.index(part), text.index(part) + len(part)] for part in parts]


def test_polnear_names_every_word_and_link() -> None:
    text = "Rain, said Ida Holm, will come."
    attribution = {
        "source": spans(text, "Ida Holm"),
        "cue": spans(text, "said"),
        "content": spans(text, "Rain", "will come"),
    }
    record = {"id": "a", "text": text, "attributions": [attribution]}
    example = corpora.polnear(record, NLP, TOKENIZERS)
    assert shown(example) == "QOCSsOQqO"
    assert example.cue_of.tolist() == [2, -1, -1, -1, -1, -1, 2, 2, -1]
    assert example.source_of.tolist() == [-1, -1, 3, -1, -1, -1, -1, -1, -1]


def gum(text: str, *attributions: dict[str, Any]) -> str:
    full = [{"cue": "verb", **attribution} for attribution in attributions]
    example = corpora.gum({"id": "a", "text": text, "attributions": full}, NLP, TOKENIZERS)
    assert set(example.source_of.tolist()) == {UNKNOWN}
    return shown(example)


def test_gum_says_nothing_of_the_cue() -> None:
    text = "Ida Holm then said rain will come. It did."
    attribution = {
        "content_max": spans(text, "rain will come"),
        "frame": spans(text, "Ida Holm then said"),
        "source": spans(text, "Ida Holm")[0],
    }
    assert gum(text, attribution) == "Ss??QqqOOOO"


@pytest.mark.parametrize(
    ("content", "tags"),
    [
        (("rain will come", "and wind"), "S?Qqq?qO"),  # one statement cut into clauses
        (("rain will come and wind", "come"), "S?Qq?qqO"),  # one inside another
    ],
)
def test_gum_is_silent_where_it_would_contradict(content: tuple[str, ...], tags: str) -> None:
    text = "Ida said rain will come and wind."
    attributions = [
        {
            "content_max": spans(text, part),
            "frame": spans(text, "Ida said"),
            "source": spans(text, "Ida")[0],
        }
        for part in content
    ]
    assert gum(text, *attributions) == tags


def test_gum_picture_credits_are_no_attributions() -> None:
    text = "A boat. Image: Ida Holm."
    credit = {
        "cue": "none",
        "content_max": spans(text, "A boat."),
        "frame": spans(text, "Image: Ida Holm."),
        "source": None,
    }
    assert set(gum(text, credit)) == {"O"}


def test_litbank_teaches_the_inside_of_speech_alone() -> None:
    text = '"Rain will\ncome," she thought.\n\nIt did.'
    quote = {"span": spans(text, '"Rain will\ncome,"')[0], "entity": "1"}
    record = {"id": "a", "text": text, "quotes": [quote], "entities": []}
    example = corpora.litbank(record, NLP, TOKENIZERS)
    assert shown(example) == "?qqqqq" + "?" * 6
    assert set(example.cue_of.tolist()) == {UNKNOWN}
    assert len(example.paragraphs) == 2
