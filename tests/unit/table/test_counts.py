from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from quoth_cli.table import chart
from quoth_cli.table.counts import By, Count, Counts, counts
from quoth_cli.table.opening import opened
from quoth_cli.table.question import Question
from tests.unit.table.statements import write


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(
        tmp_path_factory.mktemp("archive") / "a.parquet",
        {"speaker": "Ada", "content": "one", "role": "Mayor", "day": "2019-05-01"},
        {"speaker": "Ada", "content": "one two", "role": "mayor", "day": "2019-06-01"},
        {"speaker": "Bo", "content": "a b c d e f", "role": "mayor", "anchor_date": "2020-01-02"},
        {"speaker": "Ada", "speaker_type": "group", "article_id": "b", "kind": "mixed",
         "date_from": "2019-01-01", "date_to": "2019-12-31"},
        {"speaker": None, "speaker_type": None, "article_id": "b", "role_organization": "Bank"},
    )  # fmt: skip


def counted(
    path: Path, question: Question | None = None, *, top: int = 10, by: By = By.STATEMENTS
) -> Counts:
    with opened([str(path)]) as archive:
        return counts(archive, question or Question(), top=top, by=by)


def rows(group: tuple[Count, ...]) -> list[tuple[str | None, int]]:
    return [(each.name, each.statements) for each in group]


def test_totals(path: Path) -> None:
    found = counted(path)
    assert (found.statements, found.articles, found.known, found.voices) == (5, 2, 4, 3)
    # Ada and Bo in one article, a group and nobody in the other.
    assert (found.statements_per_article, found.voices_per_article) == (2.5, 1.5)
    assert (found.words, found.words_per_statement) == (None, None)


def test_groups(path: Path) -> None:
    found = counted(path)
    speakers = [(each.name, each.type, each.statements, each.share) for each in found.speakers]
    assert speakers == [
        ("Ada", "person", 2, 0.4),
        ("Ada", "group", 1, 0.2),
        ("Bo", "person", 1, 0.2),
    ]
    assert rows(found.roles) == [("mayor", 3)]
    assert rows(found.organizations) == [("Bank", 1)]
    assert rows(found.kinds) == [("direct", 4), ("mixed", 1)]
    assert rows(found.speaker_types) == [("person", 3), ("group", 1), (None, 1)]
    assert rows(found.years) == [("2019", 3), ("2020", 1), (None, 1)]
    months = [("2019", 1), ("2019-05", 1), ("2019-06", 1), ("2020-01", 1), (None, 1)]
    assert rows(found.months) == months


def test_words(path: Path) -> None:
    found = counted(path, by=By.WORDS, top=2)
    assert (found.words, found.words_per_statement) == (11, 2.2)
    assert [(each.name, each.words) for each in found.speakers] == [("Bo", 6), ("Ada", 3)]
    assert sum(each.share for each in found.kinds) == pytest.approx(1, abs=1e-5)


def test_the_sign_between_parts_is_no_word(tmp_path: Path) -> None:
    split = write(tmp_path / "a.parquet", {"content": "one two, […] three […] four"})
    assert counted(split, by=By.WORDS).words == 4


def test_what_is_asked_for(path: Path) -> None:
    found = counted(path, Question(kinds=("direct",), speaker="ada"))
    assert (found.statements, found.articles) == (2, 1)
    assert rows(found.speakers) == [("Ada", 2)]
    json.dumps(found.fields())


def test_nothing(path: Path) -> None:
    found = counted(path, Question(speaker="nobody"), by=By.WORDS)
    assert (found.statements, found.words, found.statements_per_article) == (0, 0, None)
    lists = [value for value in dataclasses.asdict(found).values() if isinstance(value, tuple)]
    assert lists == [()] * 8


def test_counting_again(path: Path) -> None:
    with opened([str(path)]) as archive:
        for question in (Question(), Question(speaker="ada"), Question()):
            found = counts(archive, question)
    assert found.statements == 5


# ---- charts -----------------------------------------------------------------------------

_NAMES = ("Ada", "$x_1$ & <b>", "李四", "नरेन्द्र", "محمد", "A " * 60, "\x00\n", "Ångström")
_SPEAKERS = tuple(Count(name, "person", 50 - n, 900 - n, 0.1) for n, name in enumerate(_NAMES))


def test_svg_has_its_names_as_text_and_is_always_the_same(tmp_path: Path) -> None:
    one, other = tmp_path / "1.svg", tmp_path / "2.svg"
    for file in (one, other):
        assert chart.draw(file, _SPEAKERS, By.STATEMENTS, "Who speaks 谁") == ""
    text = one.read_text(encoding="utf-8")
    assert text == other.read_text(encoding="utf-8")
    for words in ("Ada", "$x_1$ &amp; &lt;b&gt;", "李四", "नरेन्द्र", "Ångström", "谁", ">50<"):
        assert words in text


def test_words_in_a_chart(tmp_path: Path) -> None:
    chart.draw(tmp_path / "a.svg", _SPEAKERS[:1], By.WORDS, "Who")
    text = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert ">900<" in text
    assert ">words<" in text


def test_png_tells_letters_that_no_font_has(tmp_path: Path) -> None:
    lacking = chart.draw(tmp_path / "a.PNG", _SPEAKERS, By.STATEMENTS, "Who\U0010fffd")
    assert (tmp_path / "a.PNG").read_bytes().startswith(b"\x89PNG")
    assert "\U0010fffd" in lacking
    assert "A" not in lacking


def test_a_chart_is_png_or_svg(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"a chart is \.png or \.svg"):
        chart.draw(tmp_path / "a.pdf", _SPEAKERS, By.STATEMENTS, "Who")
