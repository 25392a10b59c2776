from __future__ import annotations

import datetime
import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quoth_cli.table.counts import By, counts
from quoth_cli.table.opening import BadArchive, opened
from quoth_cli.table.query import Sort, search
from quoth_cli.table.question import Question, days
from tests.unit.table.statements import write, write_articles

pytestmark = pytest.mark.slow  # each asks DuckDB


def ids(path: Path | str, question: Question, **options: Any) -> list[int]:
    """The numbers of the statements that are found."""
    with opened([str(path)]) as archive:
        return [int(row["statement_id"][1:]) for row in search(archive, question, **options).rows()]


NAMES = (
    "Angela Merkel", "Merkelson", "MERKEL, Angela", "Łukasz Wałęsa", "Jonas Støre", "Lena Groß",
    "Conor O’Brien", "Jean-Luc Ames", "Zoe\u0308 Ba\u0301r", "100% Fair", "under_score", "a.c",
    "abc", "Robert'); DROP TABLE x;--", "[abc]", "Ångela (Merkel)", None, "back\\slash", "मोदी",
    "Straße 9",
)  # fmt: skip


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "people.parquet"
    return write(path, *({"speaker": name} for name in NAMES))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Merkel", ["Angela Merkel", "MERKEL, Angela", "Ångela (Merkel)"]),
        ("merkel ANGELA", ["Angela Merkel", "MERKEL, Angela", "Ångela (Merkel)"]),
        ("Merkel*", ["Angela Merkel", "Merkelson", "MERKEL, Angela", "Ångela (Merkel)"]),
        ("Angel", []),
        ("Lukasz Walesa", ["Łukasz Wałęsa"]),
        ("ŁUKASZ", ["Łukasz Wałęsa"]),
        ("store", ["Jonas Støre"]),
        ("gross", ["Lena Groß"]),
        ("groß", ["Lena Groß"]),
        ("strasse", ["Straße 9"]),
        ("O'Brien", ["Conor O’Brien"]),
        ("Brien", ["Conor O’Brien"]),
        ("jean–luc", ["Jean-Luc Ames"]),
        ("Zoë Bár", ["Zoe\u0308 Ba\u0301r"]),
        ("zoe bar", ["Zoe\u0308 Ba\u0301r"]),
        ("मोदी", ["मोदी"]),
        ("मोद", []),
        # No character has its own meaning but `*` at the end.
        ("%", ["100% Fair"]),
        ("100%", ["100% Fair"]),
        ("_", ["under_score"]),
        ("a.c", ["a.c"]),
        ("[abc]", ["[abc]"]),
        ("abc", ["abc", "[abc]"]),
        (".*", []),
        ("*", []),
        ("(", ["Robert'); DROP TABLE x;--", "Ångela (Merkel)"][1:]),
        ("'); DROP TABLE", ["Robert'); DROP TABLE x;--"]),
        ("' OR 1=1 --", []),
        ("\\", ["back\\slash"]),
        ("back\\slash", ["back\\slash"]),
    ],
)
def test_names(people: Path, words: str, found: list[str]) -> None:
    with opened([str(people)]) as archive:
        rows = search(archive, Question(speaker=words)).rows()
        assert [row["speaker"] for row in rows] == found


@pytest.mark.parametrize(
    ("phrases", "found"),
    [
        (("sanctions",), [0, 1, 3]),
        (("new sanctions",), [0, 3]),
        (("sanctions new",), [1]),
        (("sanction",), []),
        (("sanct* ru*",), [3]),
        (("new", "russia"), [3]),
        (("don't",), [2]),
        (("50% cut",), [4]),
        (("50",), [4, 5]),
        (("50%",), [4]),
    ],
)
def test_contents(tmp_path: Path, phrases: tuple[str, ...], found: list[int]) -> None:
    path = write(
        tmp_path / "a.parquet",
        {"content": "“New Sanctions,” he said"},
        {"content": "sanctions, new\nones, sanctioning"},
        {"content": "we don’t"},
        {"content": "NEW\n  SANCTIONS RUSSIA"},
        {"content": "a 50% cut"},
        {"content": "50 percent"},
    )
    # A comma stands between words where a phrase has a blank.
    expected = [each for each in found if not (phrases == ("sanctions new",) and each == 1)]
    assert ids(path, Question(contains=phrases)) == expected


DATES: tuple[dict[str, Any], ...] = (
    {"day": "2019-04-30"},
    {"day": "2019-05-01"},
    {"day": "2019-05-31"},
    {"day": "2019-06-01"},
    {"date": "2019-05", "date_from": "2019-05-01", "date_to": "2019-05-31"},
    {"date": "2019", "date_from": "2019-01-01", "date_to": "2019-12-31"},
    {"anchor_date": "2019-05-20"},
    {"anchor_date": "2019-05-20", "day": "2018-05-20"},
    {},
)


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        ("2019-05", "", [1, 2, 3, 4, 5, 6]),
        ("", "2019-05", [0, 1, 2, 4, 5, 6, 7]),
        ("2019-05", "2019-05", [1, 2, 4, 5, 6]),
        ("2019-05-31", "2019-05-31", [2, 4, 5]),
        ("2019", "2019", [0, 1, 2, 3, 4, 5, 6]),
        ("2018", "2018", [7]),
        ("2020", "", []),
        ("2019-06", "2019-05", [5]),
    ],
)
def test_dates(tmp_path: Path, since: str, until: str, found: list[int]) -> None:
    path = write(tmp_path / "a.parquet", *DATES)
    question = Question(
        since=days(since)[0] if since else None, until=days(until)[1] if until else None
    )
    assert ids(path, question) == found


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2019", "2019-01-01", "2019-12-31"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2019-05-25", "2019-05-25", "2019-05-25"),
        ("9999", "9999-01-01", "9999-12-31"),
    ],
)
def test_days(text: str, first: str, last: str) -> None:
    assert days(text) == (datetime.date.fromisoformat(first), datetime.date.fromisoformat(last))


@pytest.mark.parametrize(
    "text", ["", "19", "2019-5", "2019-13", "2019-02-30", "2019-00", "0000", "May 2019", "2019-"]
)
def test_no_days(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a date|is not a calendar"):
        days(text)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        (Question(), [0, 1, 2, 3]),
        (Question(kinds=("direct",)), [0]),
        (Question(kinds=("direct", "mixed")), [0, 2]),
        (Question(speaker_types=("group",)), [1]),
        (Question(factualities=("denied",)), [2]),
        (Question(articles=("b", "zz")), [3]),
        (Question(articles=("' OR true --",)), []),
        (Question(min_confidence=0.9), [0, 3]),
        (Question(min_confidence=0.0), [0, 1, 2, 3]),
        (Question(role="minister"), [0, 1]),
        (Question(role="minister foreign"), [1]),
        (Question(organization="labor"), [1]),
        (Question(role="minister", speaker_types=("group",), kinds=("indirect",)), [1]),
        (Question(role="minister", kinds=("mixed",)), []),
    ],
)
def test_questions(tmp_path: Path, question: Question, found: list[int]) -> None:
    path = write(
        tmp_path / "a.parquet",
        {"role": "Minister"},
        {
            "kind": "indirect",
            "speaker_type": "group",
            "role": "foreign minister",
            "role_organization": "Labor Party",
            "confidence": 0.5,
        },
        {"kind": "mixed", "factuality": "denied", "confidence": 0.1, "role": "ministers"},
        {"kind": "indirect", "article_id": "b", "position": 1},
    )
    assert ids(path, question) == found


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({}, [3, 0, 1, 2]),
        ({"reverse": True}, [2, 1, 0, 3]),
        ({"limit": 2}, [3, 0]),
        ({"sort": Sort.DATE}, [1, 0, 3, 2]),
        ({"sort": Sort.DATE, "reverse": True}, [3, 0, 1, 2]),
        ({"sort": Sort.DATE, "limit": 1}, [1]),
        ({"sort": Sort.CONFIDENCE}, [2, 3, 0, 1]),
    ],
)
def test_order(tmp_path: Path, options: dict[str, Any], found: list[int]) -> None:
    path = write(
        tmp_path / "a.parquet",
        {"position": 1, "anchor_date": "2019-05-02", "confidence": 0.5},
        {"position": 1, "day": "2020-01-01", "confidence": None},
        {"position": 2, "confidence": 0.9},
        {"position": 0, "day": "2019-05-01", "confidence": 0.8},
    )
    assert ids(path, Question(), **options) == found


def test_totals_are_of_all(tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", *({"speaker": name} for name in ("A", "B", "A")))
    with opened([str(path)]) as archive:
        found = search(archive, Question(speaker="a"), limit=1)
        assert (found.total, found.shown, len(list(found.rows()))) == (2, 1, 1)
        found = search(archive, Question(speaker="c"), limit=1)
        assert (found.total, found.shown, list(found.rows())) == (0, 0, [])


def test_json_and_cells(tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", {"day": "2019-05-01", "content": '=1+1 "q"\n', "cue": ""})
    with opened([str(path)]) as archive:
        found = search(archive, Question())
        (line,), (cells,) = list(found.json()), list(found.cells(archive.columns))
        row = json.loads(line)
        assert tuple(row) == archive.columns
    assert row["content"] == '=1+1 "q"\n'
    assert row["confidence"] == 0.9
    assert row["content_spans"] == [{"start": 3, "end": 10}]
    assert (row["date_from"], row["role"], row["cue"], row["relays"]) == (
        "2019-05-01",
        None,
        "",
        [],
    )
    texts = dict(zip(archive.columns, cells, strict=True))
    assert texts["confidence"] == "0.9"
    assert texts["content"] == '=1+1 "q"\n'
    assert json.loads(texts["content_spans"] or "") == [{"start": 3, "end": 10}]
    assert (texts["role"], texts["position"]) == (None, "0")


def test_rows_of_articles(tmp_path: Path) -> None:
    path = write_articles(
        tmp_path / "a.parquet",
        [[{"content": "yes"}, {"content": "no"}], [], [{"content": "no, never"}]],
    )
    assert ids(path, Question()) == [0, 1, 2]
    assert ids(path, Question(contains=("no",))) == [1, 2]
    assert ids(path, Question(articles=("a2",))) == [2]
    assert ids(path, Question(), limit=2, reverse=True) == [2, 1]


def test_several_files(tmp_path: Path) -> None:
    one = write(tmp_path / "1.parquet", {"speaker": "A"})
    (tmp_path / "deep").mkdir()
    write(tmp_path / "deep" / "2.parquet", {"speaker": "B"}, {"speaker": "C"})
    shutil.copy(one, tmp_path / "no.txt")
    for paths in (
        [str(tmp_path)],
        [str(one), str(tmp_path / "deep")],
        [f"{tmp_path}/**/*.parquet"],
    ):
        with opened(paths) as archive:
            assert [row["speaker"] for row in search(archive, Question()).rows()] == ["A", "B", "C"]


def test_a_name_with_signs_of_patterns(tmp_path: Path) -> None:
    path = write(tmp_path / "a[1]*'; --.parquet", {"speaker": "A"})
    write(tmp_path / "a1x.parquet", {"speaker": "B"})
    assert ids(path, Question(speaker="a")) == [0]
    assert ids(path, Question(speaker="b")) == []


def test_columns_that_are_missing_or_more(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(
        pa.table({"article_id": ["a"], "content": ["yes"], "anchor_date": ["2019-05-01"],
                  "my \"own\"": [{"x": 1}]}), path
    )  # fmt: skip
    with opened([str(path)]) as archive:
        (line,) = search(archive, Question(since=datetime.date(2019, 5, 1))).json()
        row = json.loads(line)
        assert (row["content"], row["speaker"], row['my "own"']) == ("yes", None, {"x": 1})
        assert len(list(search(archive, Question()).cells(archive.columns))) == 1
        with pytest.raises(BadArchive, match="lacks columns role, speaker, which"):
            search(archive, Question(speaker="a", role="b"))


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"x": [1], "content": ["a"]}, "lacks column article_id (it has x, content)"),
        ({"x": [1]}, "lacks columns article_id, content"),
        ({"statements": ["a"]}, '"statements" is VARCHAR, not a list of statements'),
        ({"statements": [["a"]]}, "not a list of statements"),
        ({"statements": [1], "content": ["a"]}, "some files have rows of articles"),
    ],
)
def test_other_tables(tmp_path: Path, columns: dict[str, Any], told: str) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table(columns), path)
    with pytest.raises(BadArchive) as caught, opened([str(path)]):
        pass
    assert str(caught.value).startswith(f"{path}: ")
    assert told in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    text = tmp_path / "a.parquet"
    text.write_text("no Parquet at all, but long enough")
    (tmp_path / "empty").mkdir()
    for path, told in [
        (text, "not a Parquet file"),
        (tmp_path / "b.parquet", "no such file"),
        (tmp_path / "*.csv", "no such file"),
        (
            tmp_path / "empty",
            "no *.parquet in this folder; make one with: quoth bulk IN... -o OUT.parquet",
        ),
    ]:
        with pytest.raises(BadArchive, match=r"^/") as caught, opened([str(path)]):
            pass
        assert told in str(caught.value)


def test_a_broken_column_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(
        pa.table({"article_id": ["a"], "content": ["b"], "anchor_date": ["someday"]}), path
    )
    with opened([str(path)]) as archive, pytest.raises(BadArchive, match="someday"):
        search(archive, Question(since=datetime.date(2019, 1, 1)))


NAMES_OF_COLUMNS = (
    *("filename", "FILENAME", "_statement", "_file", "_row", "_number", "_key", "_position"),
    *("found", "source", "article", "day", "words", "rowid", "file_index", "a'b", 'a"b', "SELECT"),
)


@pytest.mark.parametrize("name", NAMES_OF_COLUMNS)
@pytest.mark.parametrize("articles", [False, True])
def test_columns_of_any_name(name: str, articles: bool, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    rows: dict[str, Any] = {"content": ["One two."]}
    if articles:
        rows = {"statements": [[{"content": "One two.", "confidence": 0.5}]]}
    pq.write_table(pa.table({"article_id": ["a"], **rows, name: ["theirs"]}), path)
    with opened([str(path)]) as archive:
        assert archive.columns[-1] in (name, "confidence", "content")
        found = search(archive, Question())
        for given in (list(found.rows()), [json.loads(line) for line in found.json()]):
            assert [(row["content"], row[name]) for row in given] == [("One two.", "theirs")]
        assert [
            cell for row in found.cells(archive.columns) for cell in row if cell == "theirs"
        ] == ["theirs"]
        assert counts(archive, Question(), By.SPEAKER, in_words=True).words == 2


@pytest.mark.parametrize("name", ["file_row_number", "_quoth_file", "_QUOTH_x"])
def test_a_column_of_a_name_that_is_needed_is_reported(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"article_id": ["a"], "content": ["One."], name: ["x"]}), path)
    told = f"has column {name}, a name that searching needs"
    with pytest.raises(BadArchive, match=told), opened([str(path)]):
        pass


def test_files_of_any_name(tmp_path: Path) -> None:
    for name in ("a'b.parquet", "[x].parquet", 'a"; --.parquet'):
        write(tmp_path / name, {"content": "One."})
        assert ids(tmp_path / name, Question()) == [0]


# ---- properties -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    first = datetime.date(2018, 12, 25)
    some = [(first + datetime.timedelta(days=7 * n)).isoformat() for n in range(60)]
    path = tmp_path_factory.mktemp("archive") / "dated.parquet"
    rows = [{"day": day} if n % 3 else {"anchor_date": day} for n, day in enumerate(some)]
    return write(path, *rows)


@settings(max_examples=25)
@given(day=st.dates(datetime.date(2018, 12, 1), datetime.date(2020, 3, 1)))
def test_until_a_day_and_since_the_next_are_all(dated: Path, day: datetime.date) -> None:
    before = ids(dated, Question(until=day))
    after = ids(dated, Question(since=day + datetime.timedelta(days=1)))
    assert before + after == list(range(60))


_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)


@settings(max_examples=50)
@given(name=_TEXT.filter(str.split))
def test_whatever_stands_there_is_found_and_breaks_nothing(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    words = [word for word in name.split() if not word.endswith("*")]
    if not words:
        return
    path = write(tmp_path_factory.mktemp("any") / "a.parquet", {"speaker": name, "content": name})
    for word in words:
        assert ids(path, Question(speaker=word)) == [0], word
    if len(words) == len(name.split()):
        assert ids(path, Question(contains=(name,))) == [0]
