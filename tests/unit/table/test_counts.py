from __future__ import annotations

import io
import json
from dataclasses import asdict
from pathlib import Path

import matplotlib.image
import pytest

from quoth_cli.table import chart
from quoth_cli.table.counts import By, Count, Counts, counts
from quoth_cli.table.heads import head_of
from quoth_cli.table.opening import opened
from quoth_cli.table.question import Question
from quoth_cli.table.tallies import write_tallies
from tests.unit.table.statements import write

pytestmark = pytest.mark.slow  # each asks DuckDB


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(
        tmp_path_factory.mktemp("archive") / "a.parquet",
        {"speaker": "Ada", "content": "one", "role": "Mayor", "day": "2019-05-01",
         "section": "Harbor"},
        {"speaker": "Ada", "content": "one two", "role": "mayor", "day": "2019-06-01"},
        {"speaker": "Bo", "content": "a b c d e f", "role": "mayor", "anchor_date": "2020-01-02"},
        {"speaker": "Ada", "speaker_type": "group", "article_id": "b", "kind": "mixed",
         "date_from": "2019-01-01", "date_to": "2019-12-31"},
        {"speaker": None, "speaker_type": None, "article_id": "b", "role_organization": "Bank"},
    )  # fmt: skip


def counted(
    path: Path,
    by: By = By.SPEAKER,
    question: Question | None = None,
    *,
    top: int = 10,
    in_words: bool = False,
) -> Counts:
    with opened([str(path)]) as archive:
        return counts(archive, question or Question(), by, top=top, in_words=in_words)


def rows(found: Counts) -> list[tuple[str | None, int]]:
    return [(each.name, each.statements) for each in found.rows]


@pytest.mark.parametrize("by", By)
def test_totals_are_the_same_whatever_the_table(path: Path, by: By) -> None:
    found = counted(path, by)
    assert (found.statements, found.articles, found.known, found.voices) == (5, 2, 4, 3)
    # Ada and Bo in one article, a group and nobody in the other.
    assert (found.statements_per_article, found.voices_per_article) == (2.5, 1.5)
    assert (found.words, found.words_per_statement) == (None, None)
    json.dumps(asdict(found))


def test_speakers(path: Path) -> None:
    found = [
        (each.name, each.type, each.statements, each.share, each.articles)
        for each in counted(path).rows
    ]
    assert found == [
        ("Ada", "person", 2, 0.4, 1),
        ("Ada", "group", 1, 0.2, 1),
        ("Bo", "person", 1, 0.2, 1),
    ]
    first = counted(path, top=1)
    assert (len(first.rows), first.number) == (1, 3)


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (By.ROLE, [("mayor", 3)]),
        (By.ORGANIZATION, [("Bank", 1)]),
        (By.KIND, [("direct", 4), ("mixed", 1)]),
        (By.FACTUALITY, [("asserted", 5)]),
        (By.SECTION, [(None, 4), ("Harbor", 1)]),
        (By.YEAR, [("2019", 3), ("2020", 1), (None, 1)]),
        # A date that is only a year is of no month.
        (By.MONTH, [("2019-05", 1), ("2019-06", 1), ("2020-01", 1), (None, 2)]),
    ],
)
def test_tables(path: Path, by: By, expected: list[tuple[str | None, int]]) -> None:
    assert rows(counted(path, by)) == expected


def test_roles_are_grouped_by_their_head(tmp_path: Path) -> None:
    roles = ["Prime Minister", "Canada's prime minister", "prime minister of Chad",
             "prime minister",
             "police spokeswoman", "spokeswoman for the bank", "№"]  # fmt: skip
    written = write(tmp_path / "a.parquet", *({"role": role} for role in roles))
    found = counted(written, By.ROLE)
    assert [(each.name, each.statements, each.forms) for each in found.rows] == [
        (
            "prime minister",
            4,
            ("Canada's prime minister", "Prime Minister", "prime minister of Chad"),
        ),
        ("spokeswoman", 2, ("police spokeswoman", "spokeswoman for the bank")),
        ("№", 1, ("№",)),
    ]
    assert found.rows[0].share == pytest.approx(4 / 7, abs=1e-6)


@pytest.mark.parametrize(
    ("role", "head"),
    [
        ("prime minister", "prime minister"),
        ("the Canadian Prime Minister", "prime minister"),
        ("minister of state for trade", "minister"),
        ("chief engineer", "engineer"),
        ("chief executive of the port", "chief executive"),
        ("president and chief executive", "president"),
        ("founder & CEO", "founder"),
        ("Attorney General", "attorney general"),
        ("Secretary-General of the UN", "secretary-general"),
        ("secretary general", "secretary general"),
        ("mayor-elect", "mayor"),
        ("president elect", "president elect"),
        ("professor emeritus", "professor emeritus"),
        ("head of the agency", "head"),
        ("spokesman, who asked", "spokesman"),
        ("officer in charge (acting)", "officer"),
        ("two senior officials", "officials"),
        ("editor-in-chief of the paper", "editor-in-chief"),
        ("Gov.", "governor"),
        ("Lt. Gov.", "lieutenant governor"),
        ("people familiar with the talks", "people"),
        ("two people briefed on the matter", "people"),
        ("source close to the minister", "source"),
        ("his close friend", "friend"),
        ("the accused", "accused"),
        ("a man accused of fraud", "man"),
        ("brother of a man accused", "brother"),
        ("woman walking her dogs", "woman"),
        ("scientists abroad", "scientists"),
        ("one of the older girls", "girls"),
        ("41 of the hospital's doctors", "doctors"),
        ("several of those who heard it", "people"),
        ("about 120 farmers and their spouses", "farmers"),
        ("outside researchers", "researchers"),
        ("Witness A", "witness"),
        ("Trump supporter", "supporter"),
        # What says what somebody does or where they belong has no noun; a name least of all.
        ("who backs Trump", ""),
        ("has endorsed Trump", ""),
        ("run a lobster boat", ""),
        ("runs the bakery", ""),
        ("taught here for 33 years", ""),
        ("worked as a nurse", ""),
        ("of the board", ""),
        (" holding the purse", ""),
        pytest.param("one of " * 5000, "people", id="long"),
        ("—", ""),
        ("", ""),
    ],
)
def test_heads(role: str, head: str) -> None:
    assert head_of(role) == head


def test_the_letter_case_of_a_speaker_makes_no_difference(tmp_path: Path) -> None:
    officials = {"speaker_type": "group", "article_id": "a"}
    path = write(
        tmp_path / "a.parquet",
        {"speaker": "Officials", **officials},
        {"speaker": "officials", **officials},
        {"speaker": "officials", **officials, "article_id": "b"},
        {"speaker": "Officials", "speaker_type": "organization"},
    )
    found = counted(path)
    assert rows(found) == [("officials", 3), ("Officials", 1)]
    assert (found.known, found.voices, found.number) == (4, 2, 2)
    assert found.voices_per_article == 1.5


def test_an_audit_of_sources(tmp_path: Path) -> None:
    written = write(
        tmp_path / "a.parquet",
        {"role": "chief engineer"},
        {"role": "engineer at the port"},
        {"role": None},
        {"speaker": "Bank", "speaker_type": "organization"},
        {"speaker": "Paris", "speaker_type": "place"},
        {"speaker": "a senior official", "speaker_type": "unnamed", "role": "senior official"},
        {"speaker": "two officials", "speaker_type": "group", "article_id": "b"},
        {"speaker": "report", "speaker_type": "document"},
        {"speaker": None, "speaker_type": None},
        {"speaker": None, "speaker_type": None, "role": "mayor"},
    )
    found = counted(written, By.SOURCE)
    assert [(each.level, each.name, each.statements) for each in found.rows] == [
        (0, "named", 5),
        (1, "people", 3),
        (2, "engineer", 2),
        (2, "without a role", 1),
        (1, "organizations", 1),
        (1, "places, for their governments", 1),
        (0, "not known", 2),
        (0, "not named", 2),
        (1, "groups", 1),
        (2, "officials", 1),
        (1, "people", 1),
        (2, "official", 1),
        (0, "documents", 1),
    ]
    assert sum(each.share for each in found.rows if each.level == 0) == pytest.approx(1)
    assert [each.articles for each in found.rows][-5] == 1


def test_words(path: Path) -> None:
    found = counted(path, in_words=True, top=2)
    assert (found.words, found.words_per_statement) == (11, 2.2)
    assert [(each.name, each.words) for each in found.rows] == [("Bo", 6), ("Ada", 3)]
    kinds = counted(path, By.KIND, in_words=True)
    assert sum(each.share for each in kinds.rows) == pytest.approx(1, abs=1e-5)


def test_the_sign_between_parts_is_not_a_word(tmp_path: Path) -> None:
    split = write(tmp_path / "a.parquet", {"content": "one two, […] three […] four"})
    assert counted(split, in_words=True).words == 4


def test_what_is_asked_for(path: Path) -> None:
    found = counted(path, By.SPEAKER, Question(kinds=("direct",), speaker="ada"))
    assert (found.statements, found.articles) == (2, 1)
    assert rows(found) == [("Ada", 2)]


@pytest.mark.parametrize("by", By)
def test_nothing(path: Path, by: By) -> None:
    found = counted(path, by, Question(speaker="nobody"), in_words=True)
    assert (found.statements, found.words, found.statements_per_article) == (0, 0, None)
    assert (found.rows, found.number) == ((), 0)


def test_counting_again(path: Path) -> None:
    with opened([str(path)]) as archive:
        for by in (By.SPEAKER, By.SOURCE, By.ROLE, By.SPEAKER):
            for question in (Question(), Question(speaker="ada"), Question()):
                found = counts(archive, question, by)
    assert found.statements == 5


def test_whether_it_was_said_is_in_words(tmp_path: Path) -> None:
    values = ("asserted", "negated", "future", "denied", "sung")
    written = write(tmp_path / "a.parquet", *({"factuality": each} for each in values))
    out = io.StringIO()
    write_tallies(counted(written, By.FACTUALITY), out)
    names = {line.partition("  ")[0].strip() for line in out.getvalue().splitlines()[-5:]}
    told = {"said", "denied", "not yet said", "said nothing about it, or did not deny it", "sung"}
    assert names == told


def test_a_year_is_in_no_month(tmp_path: Path) -> None:
    out = io.StringIO()
    row = {"date": "1998", "date_from": "1998-01-01", "date_to": "1998-12-31"}
    write_tallies(counted(write(tmp_path / "a.parquet", row), By.MONTH), out)
    assert out.getvalue().splitlines()[-1].startswith("month not known")


@pytest.mark.parametrize("by", By)
def test_a_table_to_read(path: Path, by: By) -> None:
    out = io.StringIO()
    write_tallies(counted(path, by, top=1), out)
    text = out.getvalue()
    assert text.startswith("5 statements in 2 articles, 4 by 3 known speakers\n")
    assert "articles" in text
    assert ("and 2 more; --top shows more of them" in text) == (by is By.SPEAKER)


# ---- charts -----------------------------------------------------------------------------

_NAMES = ("Ada", "$x_1$ & <b>", "李四", "नरेन्द्र", "محمد", "A " * 60, "\x00\n", "Ångström")
_SPEAKERS = tuple(Count(name, "person", 50 - n, 900 - n, 0.1, 1) for n, name in enumerate(_NAMES))


def made(*found: Count, by: By = By.SPEAKER, words: int | None = None) -> Counts:
    return Counts(by, 90, words, 9, 90, 9, 1.0, 1.0, None, len(found), found)


def test_svg_has_its_names_as_text_and_is_always_the_same(tmp_path: Path) -> None:
    one, other = tmp_path / "1.svg", tmp_path / "2.svg"
    for file in (one, other):
        assert chart.draw(file, made(*_SPEAKERS), "Who speaks 谁") == ""
    text = one.read_text(encoding="utf-8")
    assert text == other.read_text(encoding="utf-8")
    for words in ("Ada", "$x_1$ &amp; &lt;b&gt;", "李四", "नरेन्द्र", "Ångström", "谁", ">50<"):
        assert words in text


@pytest.mark.parametrize("by", [By.SPEAKER, By.MONTH])
def test_nothing_in_a_chart_touches_its_edge(tmp_path: Path, by: By) -> None:
    names = ("2019-11", "2020-02") if by is By.MONTH else ("Ada Holt of the harbor board", "Bo")
    found = made(*(Count(name, None, 9, None, 0.1, 1) for name in names), by=by)
    chart.draw(tmp_path / "a.png", found, "Who")
    picture = matplotlib.image.imread(tmp_path / "a.png")
    for edge in (picture[:15], picture[-15:], picture[:, :15], picture[:, -15:]):
        assert (edge == 1).all()


def test_words_in_a_chart(tmp_path: Path) -> None:
    chart.draw(tmp_path / "a.svg", made(_SPEAKERS[0], words=900), "Who")
    text = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert ">900<" in text
    assert ">words<" in text


@pytest.mark.parametrize(
    ("by", "names", "expected"),
    [
        (By.MONTH, ["2019-11", "2020-02", None], ["2019-11", "2019-12", "2020-01", "2020-02"]),
        (By.YEAR, ["1999", "2001"], ["1999", "2000", "2001"]),
        (By.YEAR, ["9999"], ["9999"]),
        (By.MONTH, ["0001-01", "9999-12"], ["0001-01"]),
        (By.MONTH, [None], []),
    ],
)
def test_a_time_line_has_what_has_nothing_too(
    tmp_path: Path, by: By, names: list[str | None], expected: list[str]
) -> None:
    found = (Count(name, None, 3, None, 0.1, 1) for name in names)
    chart.draw(tmp_path / "a.svg", made(*found, by=by), "Months")
    text = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert [each for each in expected if f">{each}<" in text] == expected
    assert ">statements<" in text
    assert "not known" not in text


def test_png_tells_letters_that_no_font_has(tmp_path: Path) -> None:
    lacking = chart.draw(tmp_path / "a.PNG", made(*_SPEAKERS), "Who\U0010fffd")
    assert (tmp_path / "a.PNG").read_bytes().startswith(b"\x89PNG")
    assert "\U0010fffd" in lacking
    assert "A" not in lacking


def test_a_chart_is_png_or_svg(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"a chart is \.png or \.svg"):
        chart.draw(tmp_path / "a.pdf", made(*_SPEAKERS), "Who")
