"""The engine as a library: what it takes, what it refuses, and that it reads as the server does."""

from __future__ import annotations

import datetime
import doctest
import math
import pickle
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from threadpoolctl import ThreadpoolController, threadpool_info

import quoth_server
from quoth_server.engine import Attributor, attributor, pipeline
from quoth_server.engine.attributor import article
from quoth_server.engine.config import EngineConfig
from quoth_server.engine.errors import InvalidArticle, ModelError, UnsupportedLanguage
from quoth_server.engine.types import AnchorBasis, Article, KnownSpeaker, Reading
from quoth_server.results import Result
from quoth_server.results.rows import COLUMNS
from tests import fake_engine

DAY = datetime.date(2019, 5, 25)
EDT = ZoneInfo("America/New_York")


class NotATime(datetime.datetime):
    """What pandas has where there is no time: unequal to itself."""

    def __eq__(self, other: object) -> bool:
        return False

    def __ne__(self, other: object) -> bool:
        return True

    __hash__ = datetime.datetime.__hash__


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Attributor:
    loaded = (fake_engine.FakeEngine(), threading.Lock(), ThreadpoolController())
    monkeypatch.setattr(attributor, "_loaded", lambda name: loaded)
    return Attributor()


@pytest.mark.parametrize(
    ("published", "time_zone", "day"),
    [
        (None, "", None),
        ("", "", None),
        (math.nan, "", None),
        (pd.NaT, "", None),
        (pd.NA, "", None),
        (NotATime(2019, 5, 25), "", None),
        (DAY, "", DAY),
        (DAY, "Asia/Tokyo", DAY),
        ("2019-05-25", "Asia/Tokyo", DAY),
        ("20190525", "", DAY),
        (datetime.datetime(2019, 5, 25, 23), "Asia/Tokyo", DAY),  # noqa: DTZ001
        ("2019-05-25T23:59", "", DAY),
        (datetime.datetime(2019, 5, 25, 22, tzinfo=EDT), "", DAY),
        (datetime.datetime(2019, 5, 25, 22, tzinfo=EDT), "America/New_York", DAY),
        ("2019-05-26T02:00Z", "America/New_York", DAY),
        ("2019-05-24T15:30+00:00", "Asia/Tokyo", DAY),
    ],
)
def test_the_day_of_publication(
    published: object, time_zone: str, day: datetime.date | None
) -> None:
    assert article("Text.", published=published, time_zone=time_zone).published == day


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"text": ""}, "text", "empty or blank"),
        ({"text": " \n\t"}, "text", "empty or blank"),
        ({"text": math.nan}, "text", "nan is a float; give a str"),
        ({"text": b"bytes"}, "text", "is a bytes"),
        ({"text": "half \ud83d"}, "text", "lone surrogate at character 5"),
        ({"text": "Text.", "title": None}, "title", "NoneType"),
        ({"text": "Text.", "published": "May 25"}, "published", "'May 25' is not an ISO 8601 date"),
        ({"text": "Text.", "published": "2019-02-30"}, "published", "2019-02-30"),
        ({"text": "Text.", "published": 20190525}, "published", "is a int"),
        (
            {"text": "Text.", "published": "0001-01-01T00:00Z", "time_zone": "America/New_York"},
            "published",
            "outside",
        ),
        ({"text": "Text.", "published": DAY, "time_zone": "Mars"}, "time_zone", "'Mars'"),
        ({"text": "Text.", "time_zone": "../secret"}, "time_zone", "IANA"),
    ],
)
def test_what_is_refused(wrong: dict[str, object], field: str, words: str) -> None:
    with pytest.raises(InvalidArticle, match=words) as caught:
        article(**wrong)  # type: ignore[arg-type]
    assert caught.value.field == field
    assert str(caught.value).startswith(f"{field}: ")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.field, str(again)) == (field, str(caught.value))


def test_a_frame_has_a_row_for_each_statement_and_each_error(reader: Attributor) -> None:
    texts = pd.Series(["one", None, "refuse de", "three"], index=["a", "b", "c", "d"])
    frame = reader.frame(texts)
    assert list(frame.columns) == ["article", *COLUMNS, "error"]
    assert list(frame["article"]) == ["a", "b", "c", "d"]
    assert list(frame["content"].dropna()) == ["one", "three"]
    assert [str(error).partition(":")[0] for error in frame["error"]] == [
        "nan",
        "InvalidArticle",
        "UnsupportedLanguage",
        "nan",
    ]
    assert list(reader.frame(iter(texts))["article"]) == [0, 1, 2, 3]
    assert list(reader.frame([]).columns) == list(frame.columns)


def test_a_frame_without_pandas_says_what_to_install(
    reader: Attributor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"pip install 'quoth-server\[notebook\]'"):
        reader.frame(["one"])


def test_progress_is_shown_where_it_is_asked_for(
    reader: Attributor, capsys: pytest.CaptureFixture[str]
) -> None:
    list(reader.pipe(["one", "two"]))
    assert capsys.readouterr().err == ""
    list(reader.pipe(["one", "two"], progress=True))
    assert "2/2" in capsys.readouterr().err


@pytest.mark.parametrize("workers", [0, -1])
def test_no_worker_is_refused(reader: Attributor, workers: int) -> None:
    with pytest.raises(ValueError, match=f"workers is {workers}; give 1 or more"):
        reader.pipe(["one"], workers=workers)


@pytest.mark.model
def test_several_processes_give_the_same_results() -> None:
    text = "“We are full,” Mayor Lena Holt said on Tuesday."
    articles = [(text, "2019-05-23"), ("It rains.", None), (None, None), (f"{text} No more.", None)]
    reader = Attributor()
    alone = list(reader.pipe(articles, return_exceptions=True))  # type: ignore[arg-type]
    found = list(reader.pipe(articles, return_exceptions=True, workers=2))  # type: ignore[arg-type]
    assert [repr(each) for each in found] == [repr(each) for each in alone]
    assert found[0] == alone[0]


@pytest.mark.parametrize("language", ["", "en", "en-GB", "EN"])
def test_english_is_read(reader: Attributor, language: str) -> None:
    assert reader.attribute("Text.", language=language).statements


def test_known_speakers_go_to_the_engine(reader: Attributor) -> None:
    known = KnownSpeaker("Q1", "Ana Ruiz")
    assert reader.attribute("Text.", known_speakers=[known]).article.known_speakers == (known,)
    assert reader.attribute("Text.").article.known_speakers == ()


def test_a_language_that_is_not_read_is_named(reader: Attributor) -> None:
    with pytest.raises(UnsupportedLanguage, match="'de-CH'"):
        reader.attribute("Text.", language="de-CH")


def test_one_reading_for_each_in_order(reader: Attributor) -> None:
    given = ["one", Article("three", published=DAY), ("seven", "2019-05-25"), ("eleven", None)]
    readings = list(reader.pipe(given))
    assert [reading.statements[0].content_spans[0].end_offset for reading in readings] == [
        3,
        5,
        5,
        6,
    ]
    assert [reading.anchor_date is not None for reading in readings] == [False, True, True, False]
    assert list(reader.pipe([])) == []


def test_articles_are_taken_one_by_one(reader: Attributor) -> None:
    taken = []

    def source():
        for number in range(3):
            taken.append(number)
            yield f"text {number}"

    readings = reader.pipe(source())
    assert taken == []
    next(readings)
    assert taken == [0]


def test_an_error_says_which_article_it_was(reader: Attributor) -> None:
    readings = reader.pipe(["one", "refuse fr", "three"])
    next(readings)
    with pytest.raises(UnsupportedLanguage) as caught:
        next(readings)
    assert caught.value.__notes__ == ["in article 1, counted from 0"]


def test_an_error_can_stand_in_its_place(reader: Attributor) -> None:
    given = ["one", "refuse fr", math.nan, "crash", "five"]
    answers = list(reader.pipe(given, return_exceptions=True))  # type: ignore[arg-type]
    kinds = [type(answer) for answer in answers]
    assert kinds == [Result, UnsupportedLanguage, InvalidArticle, ValueError, Result]


def test_words_and_speaker_of_a_statement(reader: Attributor) -> None:
    reading = reader.attribute("It rains.")
    (statement,) = reading.statements
    assert statement.content_of("It rains.") == "It rains."
    speaker = reading.speaker_of(statement)
    assert speaker is not None
    assert speaker.display_name == "Echo"
    assert Reading((statement,), ()).speaker_of(statement) is None


def test_a_model_that_is_missing_is_named() -> None:
    with pytest.raises(ModelError, match="'no_such_pipeline'"):
        Attributor("no_such_pipeline")


@pytest.mark.slow
def test_the_package_is_light_until_it_is_needed() -> None:
    code = (
        "import sys, quoth_server.engine, quoth_server.engine.types; "
        "assert not {'spacy', 'numpy', 'onnxruntime'} & set(sys.modules); "
        "quoth_server.engine.Attributor; "
        "assert 'spacy' in sys.modules and 'grpc' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=50)
    with pytest.raises(AttributeError, match="Nothing"):
        quoth_server.engine.Nothing  # noqa: B018


@pytest.mark.model
def test_it_reads_as_the_pipeline_does_and_is_loaded_once() -> None:
    text = (Path(quoth_server.__file__).parent / "data" / "sample.txt").read_text("utf-8")
    reader = Attributor()
    reading = reader.attribute(text, title="Ferries", published="2026-05-15T01:00+02:00")
    engine = pipeline.load(EngineConfig())
    given = Article(text, "Ferries", datetime.date(2026, 5, 15))
    assert reading == Result.of(engine.attribute(given), given)
    assert reading.anchor_date is not None
    assert reading.anchor_date.basis is AnchorBasis.REQUEST
    other = pickle.loads(pickle.dumps(reader))
    assert other._engine is reader._engine
    assert other.version == engine.version


@pytest.mark.model
def test_it_keeps_to_one_core_and_leaves_the_program_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def pools() -> list[int]:
        return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]

    reader = Attributor()
    before, inside = pools(), []

    def attribute(article: Article) -> Reading:
        inside.append(pools())
        return Reading((), ())

    monkeypatch.setattr(reader, "_engine", SimpleNamespace(attribute=attribute))
    reader.attribute("It rains.")
    assert before
    assert inside == [[1] * len(before)]
    assert pools() == before


@pytest.mark.model
def test_threads_may_share_one() -> None:
    reader = Attributor()
    text = "“We are full,” Mayor Lena Holt said on Tuesday. “Come back,” she told reporters."
    expected = reader.attribute(text)
    answers: list[Reading] = []
    threads = [
        threading.Thread(target=lambda: answers.extend(reader.pipe([text] * 3))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [expected] * 12


@pytest.mark.model
def test_the_example_of_the_docstring() -> None:
    results = doctest.testmod(attributor)
    assert results.attempted >= 5
    assert results.failed == 0
