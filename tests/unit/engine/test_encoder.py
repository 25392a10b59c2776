"""Words, pieces and windows of the attribution model."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from quoth_server.engine.attributions import encoder
from quoth_server.engine.marks import pair
from quoth_server.engine.paragraphs import divide
from quoth_server.engine.types import Span

NLP = spacy.blank("en")
NONE = encoder.Margins(0, 0)


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    """A small word piece tokenizer of the same make as the shipped one."""
    pieces = ["[PAD]", *(f"[unused{n}]" for n in range(99)), "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    pieces += [*letters, *(f"##{letter}" for letter in letters), *"\"'.,!?-:;()", "said", "##ing"]
    spec = {
        "version": "1.0",
        "truncation": {
            "direction": "Right", "max_length": 8, "strategy": "LongestFirst", "stride": 0
        },
        "padding": None,
        "added_tokens": [],
        "normalizer": {
            "type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
            "strip_accents": None, "lowercase": True,
        },
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": None,
        "decoder": None,
        "model": {
            "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100,
            "vocab": {piece: number for number, piece in enumerate(pieces)},
        },
    }  # fmt: skip
    path: Path = tmp_path_factory.mktemp("tokenizer") / "tokenizer.json"
    path.write_text(json.dumps(spec))
    return encoder.load_tokenizer(str(path))


def read(body: str, tokenizer: Tokenizer) -> encoder.Words:
    paragraphs = divide(body)
    tokens = [Span(t.idx, t.idx + len(t)) for t in NLP.make_doc(body) if not t.is_space]
    return encoder.read_words(body, tokens, paragraphs, pair(body, paragraphs), tokenizer)


def pieces_of(words: encoder.Words, tokenizer: Tokenizer) -> list[str]:
    rows = np.split(words.pieces, words.first_piece[1:-1])
    return ["+".join(tokenizer.id_to_token(int(piece)) for piece in row) for row in rows]


def test_every_word_has_its_own_pieces(tokenizer: Tokenizer) -> None:
    words = read("Said: ab saying “é”.", tokenizer)
    assert pieces_of(words, tokenizer) == [
        "said", ":", "a+##b", "s+##a+##y+##ing", '"', "e", '"', ".",
    ]  # fmt: skip


def test_marks_are_read_in_one_style(tokenizer: Tokenizer) -> None:
    styles = ["“a ‘b’ c” d", "\"a 'b' c\" d", "‘a “b” c’ d", "«a ‹b› c» d", "''a 'b' c'' d"]
    shown = {tuple(pieces_of(read(body, tokenizer), tokenizer)) for body in styles}
    assert shown == {('"', "a", "'", "b", "'", "c", '"', "d")}
    marks = {tuple(read(body, tokenizer).mark.tolist()) for body in styles}
    assert marks == {(1, 2, 2, 2, 2, 2, 3, 0)}


def test_mark_classes_tell_a_quotation_that_goes_on(tokenizer: Tokenizer) -> None:
    words = read("“a b\n\n“c d” e", tokenizer)
    assert words.mark.tolist() == [1, 5, 5, 1, 4, 4, 3, 0]
    assert words.paragraph.tolist() == [0, 0, 0, 1, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("word", "shape"),
    [("word", 1), ("Word", 2), ("I", 2), ("NATO", 3), ("2016", 4), ("—", 5), ("iPhone", 6),
     ("U.S.", 3), ("3rd", 7), ("McCain", 6), ("O'Neil", 2)],
)  # fmt: skip
def test_shapes(word: str, shape: int, tokenizer: Tokenizer) -> None:
    tokens, paragraphs = [Span(0, len(word))], divide(word)
    words = encoder.read_words(word, tokens, paragraphs, (), tokenizer)
    assert words.shape.tolist() == [shape]


def test_a_word_that_the_tokenizer_drops_is_one_unknown_piece(tokenizer: Tokenizer) -> None:
    words = encoder.read_words(
        "a \u200b b", [Span(0, 1), Span(2, 3), Span(4, 5)], (), (), tokenizer
    )
    assert pieces_of(words, tokenizer) == ["a", "[UNK]", "b"]


def test_no_words(tokenizer: Tokenizer) -> None:
    words = read("", tokenizer)
    assert len(words) == 0
    assert list(encoder.core_windows(words, 10, NONE, NONE)) == []


@settings(deadline=None, max_examples=50)
@given(
    body=st.text(alphabet="abS. ,“”'\n\t\u00a0😀\u200b1", max_size=300),
    size=st.integers(50, 90),
    margins=st.tuples(*[st.integers(0, 20)] * 4),
)
def test_cores_part_the_words_and_windows_stay_small(
    tokenizer: Tokenizer, body: str, size: int, margins: tuple[int, int, int, int]
) -> None:
    words = read(body, tokenizer)
    edge, seam = encoder.Margins(*margins[:2]), encoder.Margins(*margins[2:])
    windows = list(encoder.core_windows(words, size, edge, seam))
    covered = [word for w in windows for word in range(w.core_first, w.core_last)]
    assert covered == list(range(len(words)))
    for window in windows:
        assert window.first <= window.core_first < window.core_last <= window.last
        row = encoder.pack(words, [window])
        assert row.pieces.shape[1] <= size + 2
        assert row.pieces[0, 0] == encoder.CLS
        assert row.pieces[0, -1] == encoder.SEP
        own = words.pieces[words.first_piece[window.first : window.last]]
        assert row.pieces[0, row.words[0]].tolist() == own.tolist()


def test_whole_paragraphs_are_kept_together(tokenizer: Tokenizer) -> None:
    words = read("a b c d\n\na b c\n\na b c d", tokenizer)
    cores = [(w.core_first, w.core_last) for w in encoder.core_windows(words, 9, NONE, NONE)]
    assert cores == [(0, 7), (7, 11)]


def test_padding_is_marked(tokenizer: Tokenizer) -> None:
    words = read("a b c\n\nd", tokenizer)
    inputs = encoder.pack(words, [encoder.Window(0, 4, 0, 4), encoder.Window(0, 2, 0, 2)])
    assert inputs.mask.sum(axis=1).tolist() == [7, 4]
    assert inputs.words.tolist() == [[1, 2, 3, 5], [1, 2, -1, -1]]


def test_a_paragraph_that_is_cut_is_read_with_more_around_it(tokenizer: Tokenizer) -> None:
    words = read("a " * 30 + "\n\nb", tokenizer)
    edge, seam = encoder.Margins(1, 1), encoder.Margins(4, 3)
    windows = list(encoder.core_windows(words, 20, edge, seam))
    assert [(w.first, w.core_first, w.core_last, w.last) for w in windows] == [
        (0, 0, 16, 19),
        (12, 16, 30, 31),
        (30, 30, 31, 31),
    ]


def test_a_mark_glued_to_a_word_is_a_separate_word(
    tokenizer: Tokenizer,
) -> None:
    body = "“a b”― c"
    tokens = [Span(0, 1), Span(1, 2), Span(3, 4), Span(4, 6), Span(7, 8)]
    paragraphs = divide(body)
    words = encoder.read_words(body, tokens, paragraphs, pair(body, paragraphs), tokenizer)
    texts = [body[start:end] for start, end in zip(words.starts, words.ends, strict=True)]
    assert texts == ["“", "a", "b", "”", "―", "c"]
    assert words.mark.tolist() == [1, 2, 2, 3, 0, 0]
