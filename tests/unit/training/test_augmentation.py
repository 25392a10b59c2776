"""Another dress changes names, case and marks, and never what is said by whom."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
import spacy
from training import corpora
from training.augmentation import Dress, dressed
from training.data import Example

from quoth_server.engine.attributions import encoder
from quoth_server.engine.attributions.decoding import TAGS
from quoth_server.engine.attributions.model import DIRECTORY, TOKENIZER

NLP = spacy.blank("en")
TOKENIZERS = encoder.load_tokenizer(str(DIRECTORY / TOKENIZER))
NEVER = {"names": 0.0, "lower": 0.0, "capitals": 0.0, "unmarked": 0.0}

TEXT = "On Monday the mayor Holm said “rain will come” to Berg. Then Holm left."
RECORD: dict[str, Any] = {
    "id": "a",
    "text": TEXT,
    "attributions": [
        {
            "source": [[10, 24]],
            "cue": [[25, 29]],
            "content": [[30, 46]],
        }
    ],
}


@pytest.fixture(scope="module")
def example() -> Example:
    return corpora.polnear(RECORD, NLP, TOKENIZERS)


def dress(example: Example, seed: int = 1, **chances: float) -> Example:
    (changed,) = dressed([example], Dress(**(NEVER | chances)), random.Random(seed))
    return changed


def pieces(example: Example) -> list[list[int]]:
    words = example.words
    bounds = zip(words.first_piece[:-1], words.first_piece[1:], strict=True)
    return [words.pieces[first:last].tolist() for first, last in bounds]


def linked(example: Example) -> list[tuple[str, str]]:
    """What each content word is, by its pieces, and the pieces of its cue."""
    own = pieces(example)
    return [
        (str(own[word]), str(own[head])) for word, head in enumerate(example.cue_of) if head >= 0
    ]


def test_as_it_stands_it_is_the_same_article(example: Example) -> None:
    assert dress(example) is example


@pytest.mark.parametrize("seed", range(5))
def test_a_name_becomes_the_same_other_name_everywhere(example: Example, seed: int) -> None:
    before, after = pieces(example), pieces(dress(example, seed, names=1.0))
    texts = [
        TEXT[start:end] for start, end in zip(example.words.starts, example.words.ends, strict=True)
    ]
    holms = [after[i] for i, text in enumerate(texts) if text == "Holm"]
    assert len(holms) == 2
    assert holms[0] == holms[1]
    changed = {text for text, a, b in zip(texts, before, after, strict=True) if a != b}
    assert changed <= {"Monday", "Holm", "Berg"}


@pytest.mark.parametrize(("chance", "shape"), [("lower", 1), ("capitals", 3)])
def test_case_is_all_that_changes(example: Example, chance: str, shape: int) -> None:
    changed = dress(example, **{chance: 1.0})
    letters = example.words.shape != 5
    assert set(changed.words.shape[letters].tolist()) == {shape}
    assert pieces(changed) == pieces(example)
    assert changed.tags is example.tags


def test_without_marks_content_still_begins_and_points_to_its_cue(example: Example) -> None:
    changed = dress(example, unmarked=1.0)
    assert len(changed.words) == len(example.words) - 2
    assert not changed.words.mark.any()
    tags = [TAGS[tag] for tag in changed.tags]
    assert tags.count("B-content") == 1
    assert tags[tags.index("B-content") :][:3] == ["B-content", "I-content", "I-content"]
    assert set(linked(changed)) < set(linked(example))
    assert np.array_equal(np.diff(changed.words.first_piece) > 0, np.ones(len(changed.words)))
