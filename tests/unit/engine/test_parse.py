"""The parse of any text: offsets as sent, sentences by paragraph."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quoth_server.engine.errors import ModelError
from quoth_server.engine.paragraphs import divide
from quoth_server.engine.parse import Parser

from .parsing import loaded, parsed

pytestmark = pytest.mark.model
STORY = "The harbor reopened on Monday, the port authority said. Ferries sail again. "


@pytest.mark.parametrize(
    "body",
    [
        "",
        " ",
        "\n",
        "a\x00b\rc",
        "said\r\n\r\n“Yes”",
        "שלום עולם, she said.",
        "e\u0301e\u0301 n\u0303",
        "👩‍👩‍👧 said 😀",
        "one\u2028two\u2029three\x0cfour\x85five",
        "\ufeff“Quoted,” he said.",
        "…" * 700,
        "(" * 700,
        "a" * 5000,
    ],
)
def test_the_text_is_kept_as_sent(body: str) -> None:
    doc = parsed(body)
    assert doc.text == body
    assert all(body[t.idx : t.idx + len(t)] == t.text for t in doc)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.text(
        alphabet=st.sampled_from("ab .\n\r\u2028\x00“”'é😀\u05d0\u0301")
        | st.characters(exclude_categories=["Cs"])
    )
)
def test_any_text(body: str) -> None:
    with loaded().memory():
        doc = parsed(body)
        starts = {sentence.start_char for sentence in doc.sents}
        assert doc.text == body
        assert {p.span.start_offset for p in divide(body) if p.span.start_offset} <= starts | {0}


def test_a_sentence_starts_with_every_paragraph() -> None:
    doc = parsed("no stop here\nand none there\n\n“Yes,” she said")
    assert [s.text.strip() for s in doc.sents] == [
        "no stop here",
        "and none there",
        "“Yes,” she said",
    ]


def test_no_sentence_starts_with_white_space() -> None:
    doc = parsed(STORY + "\n\n   " + STORY + " \n\n\n")
    assert not any(sentence[0].is_space for sentence in doc.sents)


def test_the_steps_after_find_what_they_need() -> None:
    doc = parsed("John Smith said the harbor was open.")
    said = doc[2]
    assert (said.lemma_, said.pos_, said.tag_, said.dep_) == ("say", "VERB", "VBD", "ROOT")
    assert [(e.text, e.label_) for e in doc.ents] == [("John Smith", "PERSON")]


def test_a_body_of_many_windows_is_cut_into_the_same_sentences() -> None:
    body = "\n\n".join([STORY * 4] * 80)  # 25,000 characters
    doc = parsed(body)
    assert doc.text == body
    starts = {sentence.start_char for sentence in doc.sents}
    ends = [at + 1 for at, letter in enumerate(body) if letter == "."][:-1]
    assert sum(at + len(body[at:]) - len(body[at:].lstrip()) in starts for at in ends) == len(ends)


def test_one_long_line() -> None:
    body = STORY * 300  # 23,000 characters
    doc = parsed(body)
    assert doc.text == body
    assert len(list(doc.sents)) >= 500


def test_memory_is_given_back() -> None:
    parser = loaded()
    with parser.memory():
        parsed("Zyxwvutsrq said qrstuvwxyz.")
        strings = parser._nlp.vocab.strings
        assert "Zyxwvutsrq" in strings
    assert "Zyxwvutsrq" not in strings


def test_the_same_text_gives_the_same_parse_in_any_order() -> None:
    def facts(body: str) -> list[tuple[str, str, int]]:
        with loaded().memory():
            return [(t.text, t.dep_, t.head.i) for t in parsed(body)]

    first = facts(STORY)
    facts("Something else, entirely new: qwertzuiop!")
    assert facts(STORY) == first


def test_a_missing_pipeline_says_what_to_do() -> None:
    with pytest.raises(ModelError, match=r"'no_such_pipeline' cannot be loaded.*install it"):
        Parser("no_such_pipeline")


def test_a_pipeline_that_lacks_a_part_is_refused(tmp_path) -> None:  # type: ignore[no-untyped-def]
    import spacy

    spacy.blank("en").to_disk(tmp_path)
    with pytest.raises(ModelError, match=r"lacks attribute_ruler, lemmatizer"):
        Parser(str(tmp_path))


def test_a_pipeline_with_a_learned_lemmatizer_is_refused(tmp_path) -> None:  # type: ignore[no-untyped-def]
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("attribute_ruler")
    nlp.add_pipe("tagger", name="lemmatizer").add_label("NN")
    nlp.initialize()
    nlp.to_disk(tmp_path)
    with pytest.raises(ModelError, match=r"has Tagger as its Lemmatizer.*goes by rules"):
        Parser(str(tmp_path))


def test_the_version_names_the_pipeline() -> None:
    assert Parser().version.startswith("en_core_web_sm")


def test_words_that_are_kept_change_no_parse() -> None:
    parser, body = Parser(), f"{STORY}“Don't,” the Mayor's aide told U.S. officials at 5pm."

    def read() -> list[tuple[str, str, str, int, str]]:
        with parser.memory():
            doc = parsed(body, parser=parser)
            return [(t.text, t.tag_, t.lemma_, t.head.i, t.norm_) for t in doc]

    before = read()
    assert "officials" not in parser._nlp.vocab  # forgotten with the text
    parser.keep(["mayor", "Mayor", "officials", "don't", "harbor", "ferries", "Ferries"])
    assert "officials" in parser._nlp.vocab
    assert read() == before
    assert "officials" in parser._nlp.vocab
