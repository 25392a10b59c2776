"""Reading a document window by window."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from quoth_server.engine.attributions import encoder, reading
from quoth_server.engine.attributions.decoding import TAGS
from quoth_server.engine.attributions.reading import (
    ENTITIES,
    FINE_TAGS,
    KINDS,
    LABELS,
    ROLES,
)
from quoth_server.engine.types import Quotation, Span


def words(paragraph_lengths: list[int]) -> encoder.Words:
    """Words of one piece each; the piece's id tells the word."""
    count = sum(paragraph_lengths)
    at = np.arange(count)
    return encoder.Words(
        starts=at * 2,
        ends=at * 2 + 1,
        paragraph=np.repeat(np.arange(len(paragraph_lengths)), paragraph_lengths),
        shape=np.ones(count, dtype=np.int64),
        mark=np.zeros(count, dtype=np.int64),
        pieces=1000 + at,
        first_piece=np.arange(count + 1),
    )


def pointing_back(inputs: encoder.Inputs) -> dict[str, np.ndarray]:
    """A network whose words tag by their own id, point three back, and have no source.

    They hang in the parse where they point. The vector of a word is its id; no word is part of a
    role.
    """
    assert inputs.pieces.shape[0] == 1
    ids = np.take_along_axis(inputs.pieces, inputs.words, axis=1) - 1000
    count = ids.shape[1]
    tags = np.zeros((1, count, len(TAGS)), dtype=np.float32)
    tags[0, np.arange(count), ids[0] % len(TAGS)] = 9
    cues = np.zeros((1, count, count + 1), dtype=np.float32)
    for word in range(count):
        cues[0, word, max(0, word - 2)] = 20
    sources = np.zeros_like(cues)
    sources[0, :, 0] = 20
    vectors = ids[..., None].astype(np.float32)
    classes = {
        name: np.zeros((1, count, size), dtype=np.float32)
        for name, size in {
            "role": len(ROLES),
            "speaker": 1 + len(KINDS),
            "fine_tag": len(FINE_TAGS),
            "label": len(LABELS),
            "entity": 1 + 2 * len(ENTITIES),
            "sentence": 2,
        }.items()
    }
    pointers = {"cue_of": cues, "source_of": sources, "head": cues}
    return {"tags": tags, "vectors": vectors, **pointers, **classes}


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 700), min_size=1, max_size=6))
def test_windows_leave_no_seams(lengths: list[int]) -> None:
    document = words(lengths)
    scores, seen = reading.score_words(pointing_back, document)
    assert len(scores) == len(document)
    assert seen.vectors[:, 0].tolist() == list(range(len(document)))
    assert np.allclose(seen.roles, 1 / len(ROLES))
    assert seen.parse.heads.tolist() == scores.cue_heads.tolist()
    assert scores.tags.argmax(axis=1).tolist() == [n % len(TAGS) for n in range(len(document))]
    best = np.take_along_axis(scores.cue_heads, scores.cue_masses.argmax(axis=1)[:, None], axis=1)[
        :, 0
    ]
    assert best.tolist() == [max(-1, word - 3) for word in range(len(document))]
    none = np.take_along_axis(
        scores.source_heads, scores.source_masses.argmax(axis=1)[:, None], axis=1
    )
    assert set(none[:, 0].tolist()) == {-1}


def test_windows_are_bounded() -> None:
    sizes = []

    def network(inputs: encoder.Inputs) -> dict[str, np.ndarray]:
        sizes.append(inputs.pieces.size)
        return pointing_back(inputs)

    document = words([40_000])
    reading.score_words(network, document)
    assert max(sizes) <= reading.WINDOW + 2
    assert len(sizes) < 40_000 / (reading.WINDOW - sum(reading.SEAM)) + 2


def test_no_words_no_windows() -> None:
    scores, seen = reading.score_words(pointing_back, words([]))
    assert len(scores) == len(seen.roles) == len(seen.kinds) == len(seen.vectors) == 0


def test_quoted_words_are_closed_and_outermost() -> None:
    quotations = (
        Quotation(Span(0, 5), Span(1, 4)),
        Quotation(Span(2, 3), Span(2, 3), depth=1),
        Quotation(Span(8, 15), Span(9, 15), closed=False),
        Quotation(Span(10, 11), Span(10, 11)),
    )
    assert reading.quoted_words(words([20]), quotations) == ((0, 3), (5, 6))
