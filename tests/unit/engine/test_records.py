"""What the record network is asked with: words, questions, candidates; and how it is loaded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from quoth_server.engine.attributions.model import DIRECTORY
from quoth_server.engine.dates import of_statements
from quoth_server.engine.errors import ModelError
from quoth_server.engine.records import distances, network, questions
from quoth_server.engine.records.network import CHUNK, MARGIN, RecordNetwork, chunks
from quoth_server.engine.records.table import CLASSES
from quoth_server.engine.speakers.candidates import FEATURES, Describer, Said

from .marked import Marked, read


@pytest.fixture(scope="module")
def two() -> Marked:
    return read(
        "Ana Ruiz and Karl Lund met on Monday.\n((Ruiz)) <<said>> [[it rained]].\n"
        "((He)) <<said>> on Friday [[it did not]]."
    )


def candidates(marked: Marked, row: int, *spoken: Said) -> dict[str, list[float]]:
    """The features of each candidate of a draft, by its name; of several the last."""
    asked = marked.asked()
    found = marked.referents(asked.questions.table)
    describer = Describer(marked.doc, found, asked.questions, marked.drafts)
    told = describer.candidates(row, marked.drafts[row], spoken)
    assert told.features.shape == (len(told.phrases), FEATURES)
    return {
        found.names[at]: features
        for at, features in zip(told.phrases, told.features.tolist(), strict=True)
    }


@pytest.mark.parametrize("count", [0, 1, CHUNK, CHUNK + 2 * MARGIN, CHUNK + 2 * MARGIN + 1, 9999])
def test_chunks_cover_every_word_once(count: int) -> None:
    seen = [at for _, _, first, last in chunks(count) for at in range(first, last)]
    assert seen == list(range(count))
    for first, last, core_first, core_last in chunks(count):
        assert first <= core_first <= core_last <= last
        assert last - first <= CHUNK + 2 * MARGIN


def test_every_word_has_a_class_of_each_column(two: Marked) -> None:
    table = two.asked().questions.table
    assert table.classes.shape == (len(table), len(CLASSES))
    assert (table.classes >= 0).all()
    assert (table.classes < np.array(CLASSES)).all()


def test_questions_stand_at_their_source_and_their_cue(two: Marked) -> None:
    asked = two.asked()
    words = asked.questions.table.words
    body = two.body
    texts = [body[words.starts[at] : words.ends[at]] for at in asked.questions.at]
    cues = [body[words.starts[at] : words.ends[at]] for at in asked.questions.cue_at]
    assert texts == ["Ruiz", "He"]
    assert cues == ["said", "said"]
    assert asked.questions.features.shape == (2, questions.FEATURES)


def test_no_statement_no_answer() -> None:
    asked = read("It rained.").asked()
    assert asked.likelihoods() == []
    assert asked.questions.places.shape == (0, questions.PLACES)


def test_candidates_are_names_and_no_pronouns(two: Marked) -> None:
    assert set(candidates(two, 1)) == {"Ana Ruiz", "Karl Lund"}


def test_who_spoke_last_is_reported(two: Marked) -> None:
    before = candidates(two, 1)["Ana Ruiz"]
    after = candidates(two, 1, Said(frozenset({"ana ruiz"}), 1))["Ana Ruiz"]
    assert before != after
    assert sum(after) > sum(before)


def test_a_name_that_fits_two_is_not_a_candidate() -> None:
    marked = read("Anna Weiss met her brother Karl Weiss.\n((Weiss)) <<said>> [[it rained]].")
    assert "Weiss" not in candidates(marked, 0)


def test_times_have_features_and_the_network_weighs_them(two: Marked) -> None:
    asked = two.asked()
    times = of_statements.Times(two.doc, asked.questions.table, two.paragraphs, two.drafts, None)
    for row, draft in enumerate(two.drafts):
        rows, features = of_statements.describe(two.doc, asked.questions, times, row, draft)
        assert features.shape == (len(rows), of_statements.FEATURES) == (2, of_statements.FEATURES)
        chances = asked.choice("time", row, times.words[rows], features)
        assert chances.shape == (3,)
        assert chances.sum() == pytest.approx(1.0, abs=2e-4)


@pytest.mark.parametrize(
    ("apart", "expected"),
    [
        (0, 0),
        (1, 17),
        (-1, 1),
        (7, 23),
        (8, 24),
        (-8, 8),
        (19, 25),
        (-255, 15),
        (-256, 15),
        (500, 31),
    ],
)
def test_far_words_share_classes_of_distance(apart: int, expected: int) -> None:
    count = abs(apart) + 1
    found = distances.between(np.zeros(count, dtype=np.int64))
    row, column = (0, count - 1) if apart > 0 else (count - 1, 0)
    assert found[row, column] // distances.PARAGRAPHS == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"), [(0, 0, 3), (2, 3, 4), (0, 9, 7), (3, 1, 1), (9, 0, 0)]
)
def test_far_paragraphs_share_classes(one: int, other: int, expected: int) -> None:
    found = distances.between(np.array([one, other]))
    assert found[0, 1] % distances.PARAGRAPHS == expected
    assert found.shape == (2, 2)
    assert found.max() < distances.WORDS * distances.PARAGRAPHS


def test_the_same_article_has_the_same_answers(two: Marked) -> None:
    one, other = two.asked(), two.asked()
    assert np.array_equal(one.queries, other.queries)
    assert one.likelihoods() == other.likelihoods()


@pytest.mark.parametrize("name", [network.LAYERS, network.WEIGHTS])
def test_a_missing_or_damaged_file_is_reported(name: str, tmp_path: Path) -> None:
    for file in (network.LAYERS, network.WEIGHTS):
        (tmp_path / file).write_bytes((DIRECTORY / file).read_bytes())
    (tmp_path / name).write_bytes(b"damaged")
    with pytest.raises(ModelError, match="make train"):
        RecordNetwork.load(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(ModelError, match="make train"):
        RecordNetwork.load(tmp_path)
