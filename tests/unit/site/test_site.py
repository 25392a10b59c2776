"""The files of a site: pages of articles, data that can be searched, an index over all of it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from quoth_cli.bulk.folders import FolderTarget
from quoth_cli.bulk.kept import kept_row
from quoth_cli.reading import Item
from quoth_cli.site import index
from quoth_cli.site.index import Index, index_page
from quoth_cli.site.layout import page_of, site_of
from quoth_cli.site.writing import write_site
from quoth_cli.table.counts import By, counts
from quoth_cli.table.opening import opened
from quoth_cli.table.query import search
from quoth_cli.table.question import Question
from tests.unit.cli import example
from tests.unit.table.statements import statement


def rows(*positions: int) -> list[dict[str, Any]]:
    made = []
    for position in positions:
        item = Item("here", "a", example.article(), meta=example.META, position=position)
        made.append(json.loads(json.dumps(kept_row(item, example.answer()))))
    return made


def told(folder: Path) -> dict[str, Any]:
    """The data of an index."""
    text = (folder / "index.html").read_text(encoding="utf-8")
    found = re.search(r'id="quoth-site">(.*?)</script>', text, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_the_files(tmp_path: Path) -> None:
    write_site(tmp_path, 0, iter(rows(0, 7)))
    pages = [page_of(position, example.META.id) for position in (0, 7)]
    assert pages == ["articles/000000-quay.html", "articles/000007-quay.html"]
    assert names(tmp_path) == {*pages, "data/000.parquet", "index.html", "quoth.css", "quoth.js"}
    page = (tmp_path / pages[0]).read_text(encoding="utf-8")
    for link in ("../index.html", "../quoth.js", "../quoth.css"):
        assert f'"{link}"' in page
        assert (tmp_path / "articles" / link).is_file()
    assert example.META.url in page


def test_what_comes_later_is_in_the_same_index(tmp_path: Path) -> None:
    write_site(tmp_path, 0, iter(rows(0, 1)))
    first = told(tmp_path)
    write_site(tmp_path, 1, iter(rows(2)))
    assert [each[0] for each in told(tmp_path)["articles"]] == [
        page_of(position, example.META.id) for position in (0, 1, 2)
    ]
    # Writing the same again changes nothing.
    write_site(tmp_path, 1, iter(rows(2)))
    assert told(tmp_path)["number"] == first["number"] // 2 * 3
    assert told(tmp_path)["speakers"] == first["speakers"]


def test_articles_without_a_title_are_called_by_their_headlines() -> None:
    index = Index()
    row = {"title": None, "published": None, "position": 0, "statements": []}
    index.add(
        [
            row | {"article_id": "a.txt", "text": "Quay to close\n\nThe quay will close."},
            row | {"article_id": "b.txt", "text": "The quay will close.\n\nIt is full."},
            row | {"article_id": "c.txt"},
        ]
    )
    assert [title for _, title, _, _ in index.articles] == ["Quay to close", "b.txt", "c.txt"]


def test_search_and_stats_ask_a_site(tmp_path: Path) -> None:
    write_site(tmp_path, 0, iter(rows(0, 1)))
    assert site_of([str(tmp_path)]) == tmp_path
    assert site_of([str(tmp_path / "data")]) is None
    assert site_of([str(tmp_path), str(tmp_path)]) is None
    with opened([str(tmp_path)]) as archive:
        found = list(search(archive, Question(speaker="sole", kinds=("direct",))).rows())
        assert [row["content"] for row in found] == [
            "We load at dawn, […] And we\r\nleave at noon."
        ] * 2
        assert counts(archive, Question(), By.SPEAKER).rows[0].name == "Mira Sole"


def test_an_index_joins_speakers_and_counts_what_is_likely() -> None:
    made = Index()
    for position, statements in enumerate(
        [
            [statement(1, speaker="Ada  Reed"), statement(2, speaker="ADA REED", confidence=0.4)],
            [statement(3, speaker="Ada Reed", speaker_type="group"), statement(4, speaker=None)],
            [],
        ]
    ):
        row = {"position": position, "article_id": f"a{position}", "title": None}
        made.add([{**row, "published": "2019-05-25T10:00Z", "statements": statements}])
    assert made.speakers == [("Ada Reed", "person"), ("Ada Reed", "group")]
    assert [(each[0], each[1], each[2], each[5]) for each in made.statements] == [
        (0, "s1", 0, 1),
        (0, "s2", 0, 0),
        (1, "s3", 1, 1),
        (1, "s4", -1, 1),
    ]
    assert made.articles == [
        ("articles/000000-a0.html", "a0", "2019-05-25", 1),
        ("articles/000001-a1.html", "a1", "2019-05-25", 2),
        ("articles/000002-a2.html", "a2", "2019-05-25", 0),
    ]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, ""),
        ({"factuality": "denied"}, "denied"),
        ({"factuality": "negated", "kind": "indirect"}, "said nothing about this"),
        ({"factuality": "negated", "kind": "indirect", "cue_lemma": "deny"}, "did not deny"),
        ({"factuality": "negated"}, "check whether this was said"),
    ],
)
def test_whether_it_was_said_in_words(fields: dict[str, str], said: str) -> None:
    made = Index()
    row = {"position": 0, "article_id": "a", "title": None, "published": None}
    made.add([{**row, "statements": [statement(1, **fields)]}])
    assert made.statements[0][7] == said


def test_a_page_searches_not_more_than_it_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "MOST_STATEMENTS", 2)
    made = Index()
    made.add(
        [{"position": 0, "article_id": "a", "title": None, "published": None,
          "statements": [statement(n) for n in range(3)]}]
    )  # fmt: skip
    assert (len(made.statements), made.number, made.articles[0][3]) == (2, 3, 3)


def test_no_text_becomes_html() -> None:
    nasty = "</script><script>boom()</script><img src=x onerror=boom()>"
    made = Index()
    made.add(
        [{"position": 0, "article_id": nasty, "title": nasty, "published": nasty,
          "statements": [statement(1, content=nasty, speaker=nasty, role=nasty)]}]
    )  # fmt: skip
    page = index_page(made)
    assert "<img" not in page
    assert page.count("<script") == page.count("</script>") == 3


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    from quoth_cli.bulk.beside import LedgerError

    with pytest.raises(LedgerError, match="is not a folder made by quoth"):
        FolderTarget(write_site).check(tmp_path)
