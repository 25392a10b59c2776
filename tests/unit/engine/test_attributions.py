"""The learned finder: its files, and what it says of plain sentences."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
import spacy
from spacy.language import Language

from quoth_server.engine.attributions.model import (
    DIRECTORY,
    MANIFEST,
    MODEL,
    TOKENIZER,
    AttributionModel,
)
from quoth_server.engine.errors import ModelError
from quoth_server.engine.marks import pair
from quoth_server.engine.paragraphs import divide
from quoth_server.engine.types import Attribution

pytestmark = pytest.mark.model

NLP: Language = spacy.blank("en")


@pytest.fixture(scope="module")
def model() -> AttributionModel:
    return AttributionModel.load()


def find(model: AttributionModel, body: str) -> tuple[Attribution, ...]:
    paragraphs = divide(body)
    return model.read(NLP.make_doc(body), paragraphs, pair(body, paragraphs)).attributions


def shown(attribution: Attribution, body: str) -> tuple[str, str, str]:
    """Source, cue and content as text."""
    source = attribution.source.of(body) if attribution.source else ""
    cue = attribution.cue.of(body) if attribution.cue else ""
    return source, cue, " … ".join(span.of(body) for span in attribution.content)


# ---- the files --------------------------------------------------------------------------


def test_the_shipped_files_fit_their_manifest_and_are_small() -> None:
    manifest = json.loads((DIRECTORY / MANIFEST).read_text())
    for name in (MODEL, TOKENIZER):
        assert (
            hashlib.sha256((DIRECTORY / name).read_bytes()).hexdigest()
            == (manifest["sha256"][name])
        )
    total = sum((DIRECTORY / name).stat().st_size for name in (MODEL, TOKENIZER, MANIFEST))
    assert total <= 30_000_000


@pytest.mark.parametrize("name", [MANIFEST, MODEL, TOKENIZER])
def test_a_missing_file_is_named(name: str, tmp_path: Path) -> None:
    for other in {MANIFEST, MODEL, TOKENIZER} - {name}:
        shutil.copy(DIRECTORY / other, tmp_path)
    with pytest.raises(ModelError, match=f"{name}: .*cannot be read.*reinstall"):
        AttributionModel.load(tmp_path)


def test_a_damaged_file_is_named_with_both_checksums(tmp_path: Path) -> None:
    for name in (MANIFEST, TOKENIZER):
        shutil.copy(DIRECTORY / name, tmp_path)
    (tmp_path / MODEL).write_bytes(b"half a model")
    found = hashlib.sha256(b"half a model").hexdigest()
    expected = json.loads((DIRECTORY / MANIFEST).read_text())["sha256"][MODEL]
    with pytest.raises(ModelError, match=f"{MODEL}: sha256 {found}.*expects {expected}"):
        AttributionModel.load(tmp_path)


@pytest.mark.parametrize("text", ["{", "[]", '{"version": "1"}', '{"sha256": {}}'])
def test_a_manifest_that_is_none_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(ModelError, match=f"{MANIFEST}: .*reinstall"):
        AttributionModel.load(tmp_path)


# ---- what it finds ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("“We will rebuild the bridge,” said Mayor Ada Flint.",
         ("Mayor Ada Flint", "said", "“We will rebuild the bridge,”")),
        ("Ms. Flint said that the bridge would be rebuilt by June.",
         ("Ms. Flint", "said", "that the bridge would be rebuilt by June")),
        ("“We had no choice,” Ms. Flint said on Monday. “The bridge was falling down.”",
         ("Ms. Flint", "said", "“We had no choice,” … “The bridge was falling down.”")),
        ("\"We had no choice,\" she told reporters.",
         ("she", "told", "\"We had no choice,\"")),
        ("'We had no choice,' said Mr. Owen.",
         ("Mr. Owen", "said", "'We had no choice,'")),
        ("«We had no choice», said Mr. Owen.",
         ("Mr. Owen", "said", "«We had no choice»")),
        ("According to the report, sales fell by a third last year.",
         ("the report", "According to", "sales fell by a third last year")),
        ("The senator argued that the plan was “a gift to the rich” and would fail.",
         ("The senator", "argued", "that the plan was “a gift to the rich” and would fail")),
    ],
)  # fmt: skip
def test_plain_sentences(
    body: str, expected: tuple[str, str, str], model: AttributionModel
) -> None:
    assert [shown(one, body) for one in find(model, body)] == [expected]


@pytest.mark.parametrize(
    "body",
    [
        "",
        " \n\n ",
        "The bridge is 300 metres long.",
        "She read “War and Peace” in June.",
        "“”",
        "''",
    ],
)
def test_nothing_is_attributed_where_nothing_is_said(body: str, model: AttributionModel) -> None:
    assert find(model, body) == ()


@pytest.mark.parametrize(
    "unit", ["word ", "“He left,” she said. ", "\u200b", "a\n", '"', "\U0001f600 ", "e\u0301 "]
)
def test_any_text_is_read(unit: str, model: AttributionModel) -> None:
    body = (unit * 3000)[:3000]
    for one in find(model, body):
        spans = [*one.content, *(s for s in (one.cue, one.source) if s)]
        assert all(0 <= s.start_offset < s.end_offset <= len(body) for s in spans)
        assert 0.0 <= one.score <= 1.0


def test_a_document_far_longer_than_a_window(model: AttributionModel) -> None:
    paragraph = "“We will rebuild the bridge,” said Mayor Flint on Monday in the town hall.\n\n"
    body = paragraph * 200
    found = find(model, body)
    assert len(found) == 200
    assert {shown(one, body)[2] for one in found} == {"“We will rebuild the bridge,”"}


def test_common_words_are_words_the_most_common_first(model: AttributionModel) -> None:
    common = model.common_words(2_000)
    assert len(set(common)) == 2_000
    assert all(word.isalpha() and word == word.lower() for word in common)
    assert common.index("the") < common.index("november")
    assert {"said", "who", "november"} <= set(common)


def test_the_answer_is_the_same_every_time(model: AttributionModel) -> None:
    body = "“We will rebuild,” said Mayor Flint. She denied that it was late.\n\n" * 12
    first = find(model, body)
    find(model, "Something else was said, he claimed.")
    assert find(model, body) == first
    assert find(AttributionModel.load(), body) == first
