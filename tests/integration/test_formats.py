"""The formats to hand on and pages of HTML, through the command as its users run it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.tokens import DocBin

from quoth_cli.exits import Exit
from tests.integration.test_command import quoth, running

STORY = "“It is über,”\r\nshe said.\n"
PARAGRAPHS = [
    "PORT ELLERY — The old pier will stay shut until the fall, the council said on Thursday.",
    "“We will not gamble with people’s lives,” said Mira Sole, the harbor chief, in the rain.",
]
PAGE = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Pier shut</title>
<meta property="article:published_time" content="2026-05-14T23:30:00-04:00">
<meta property="article:modified_time" content="2026-05-15T09:10:00-04:00">
<meta property="article:section" content="Harbor"><meta name="author" content="Ada Reed"></head>
<body><nav><a href="/">Home</a></nav><article><h1>Pier shut</h1><p>{PARAGRAPHS[0]}</p>
<p>{PARAGRAPHS[1]}</p></article></body></html>"""
TEXT = "\n\n".join(PARAGRAPHS)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running() as (address, _):
        yield address


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "story.txt"
    path.write_bytes(STORY.encode())
    return path


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "pier.html"
    path.write_text(PAGE, encoding="utf-8")
    return path


@pytest.mark.parametrize("form", ["text", "json", "jsonl", "csv", "jsonld", "webannotation"])
def test_a_file_has_what_standard_output_has(
    server: str, story: Path, tmp_path: Path, form: str
) -> None:
    shown = quoth("attribute", story, "-f", form, "--server", server)
    out = tmp_path / "out"
    written = quoth("attribute", story, "-f", form, "--server", server, "-o", out)
    assert (shown.code, written.code) == (Exit.OK, Exit.OK)
    assert written.out == ""
    assert out.read_bytes().decode() == shown.out


def test_csv(server: str, story: Path) -> None:
    ended = quoth("attribute", story, story, "-f", "csv", "--columns", "all", "--server", server)
    rows = list(csv.DictReader(io.StringIO(ended.out, newline="")))
    assert [row["content"] for row in rows] == [STORY, STORY]
    assert [row["position"] for row in rows] == ["0", "1"]


def test_docbin(server: str, story: Path, tmp_path: Path) -> None:
    out = tmp_path / "story.spacy"
    ended = quoth("attribute", story, "-f", "docbin", "-o", out, "--server", server)
    assert (ended.code, ended.err) == (Exit.OK, "")
    (doc,) = DocBin(store_user_data=True).from_disk(out).get_docs(spacy.blank("en").vocab)
    assert doc.text == STORY
    assert doc.spans["quoth.content"][0].text == STORY


def test_docbin_goes_through_a_pipe(server: str, story: Path, tmp_path: Path) -> None:
    path = tmp_path / "piped.spacy"
    with path.open("wb") as file:
        ended = quoth("attribute", story, "-f", "docbin", "--server", server, stdout=file)
    assert ended.code == Exit.OK
    assert len(DocBin().from_disk(path)) == 1


def test_brat(server: str, story: Path, tmp_path: Path) -> None:
    folder = tmp_path / "brat"
    ended = quoth(
        "attribute", story, "-", "-f", "brat", "-o", folder, "--server", server, stdin="x"
    )
    assert (ended.code, ended.err) == (Exit.OK, "")
    assert sorted(path.name for path in folder.iterdir()) == [
        "annotation.conf",
        "article.ann",
        "article.txt",
        "story.ann",
        "story.txt",
    ]
    assert (folder / "story.txt").read_bytes() == STORY.encode()
    assert (
        (folder / "story.ann").read_text().startswith("T1\tContent 0 13;15 24\t“It is über,” she")
    )


def test_brat_wants_a_folder(server: str, story: Path) -> None:
    ended = quoth("attribute", story, "-f", "brat", "--server", server)
    assert ended.code == Exit.USAGE
    assert ended.err == "quoth: --format brat writes a folder; name it with -o FOLDER\n"


def test_no_input_is_written_over(server: str, story: Path) -> None:
    ended = quoth("attribute", story, "-f", "json", "-o", story, "--server", server)
    assert ended.code == Exit.USAGE
    assert "is also an input" in ended.err
    assert story.read_bytes() == STORY.encode()


def test_no_text_is_written_over_by_brat(server: str, story: Path) -> None:
    ended = quoth("attribute", story, "-f", "brat", "-o", story.parent, "--server", server)
    assert ended.code == Exit.USAGE
    assert "contains an input" in ended.err
    assert list(story.parent.iterdir()) == [story]


@pytest.mark.parametrize("form", ["json", "docbin", "brat"])
def test_what_cannot_be_written(server: str, story: Path, form: str) -> None:
    ended = quoth("attribute", story, "-f", form, "-o", story / "out", "--server", server)
    assert ended.code == Exit.OUTPUT
    assert ended.err.startswith(f"quoth: {story / 'out'}: cannot be written: ")


def test_the_text_on_request(server: str, story: Path) -> None:
    ended = quoth("attribute", story, "-f", "jsonl", "--with-text", "--server", server)
    assert ended.rows[0]["article"] == {"text": STORY}


# ---- pages -----------------------------------------------------------------------------


def test_a_page(server: str, page: Path) -> None:
    ended = quoth("attribute", page, "-f", "jsonl", "--server", server)
    assert (ended.code, ended.err) == (Exit.OK, "")
    (row,) = ended.rows
    assert row["article"] == {
        "title": "Pier shut",
        "published": "2026-05-14T23:30:00-04:00",
        "updated": "2026-05-15T09:10:00-04:00",
        "author": "Ada Reed",
        "section": "Harbor",
        "text": TEXT,
    }
    for span in row["statements"][0]["content_spans"]:
        assert TEXT[span["start_offset"] : span["end_offset"]] == span["text"]


def test_a_page_by_standard_input(server: str, page: Path) -> None:
    ended = quoth(
        "attribute", "-f", "csv", "--with-text", "--server", server, stdin=page.read_bytes()
    )
    (row,) = csv.DictReader(io.StringIO(ended.out, newline=""))
    assert (row["article_id"], row["title"], row["text"]) == ("-", "Pier shut", TEXT)


def test_what_the_user_says_comes_before_the_page(server: str, page: Path) -> None:
    ended = quoth(
        *("attribute", page, "--title", "Mine", "--published", "2020-01-02"),
        *("-f", "jsonl", "--server", server),
    )
    told = ended.rows[0]["article"]
    assert (told["title"], told["published"]) == ("Mine", "2020-01-02")


def test_the_text_is_in_tables_for_people_only_if_asked_for(
    server: str, page: Path, story: Path
) -> None:
    for options, texts in (([], [None, None]), (["--with-text"], [STORY, TEXT])):
        ended = quoth("attribute", story, page, "-f", "csv", "--server", server, *options)
        rows = csv.DictReader(io.StringIO(ended.out, newline=""))
        assert [row.get("text") for row in rows] == texts


def test_json_of_several_files_is_an_array(server: str, page: Path, story: Path) -> None:
    def read(*files: str | Path) -> Any:
        return json.loads(quoth("attribute", *files, "-f", "json", "--server", server).out)

    assert read(story)["id"] == str(story)
    assert [each["id"] for each in read(story, page)] == [str(story), str(page)]
    assert [each["id"] for each in read("no.txt", story)] == [str(story)]
    assert read("no.txt", "none.txt") == []


def test_the_name_of_the_output_says_its_form(server: str, story: Path, tmp_path: Path) -> None:
    def written(name: str, *options: str) -> bytes:
        ended = quoth("attribute", story, "-o", tmp_path / name, *options, "--server", server)
        assert (ended.code, ended.err) == (Exit.OK, "")
        return (tmp_path / name).read_bytes()

    assert written("a.csv", "--bom").startswith(b"\xef\xbb\xbfspeaker,role,")
    assert written("a.xlsx").startswith(b"PK")
    assert written("a.html").startswith(b"<!DOCTYPE html>")
    assert json.loads(written("a.json"))["id"] == str(story)
    assert written("a.xlsx", "-f", "csv").startswith(b"speaker,role,")
    ended = quoth("attribute", story, "-f", "xlsx", "--server", server)
    assert (ended.code, ended.err) == (
        Exit.USAGE,
        "quoth: --format xlsx writes a file; name it with -o FILE.xlsx\n",
    )


def test_json_ld_of_a_page(server: str, page: Path) -> None:
    ended = quoth("attribute", page, "-f", "jsonld", "--server", server)
    made = json.loads(ended.out)
    assert made["articleBody"] == TEXT
    assert made["dateModified"] == "2026-05-15T09:10:00-04:00"
    assert made["author"] == {"@type": "Person", "name": "Ada Reed"}


def test_a_page_without_an_article(server: str, story: Path, tmp_path: Path) -> None:
    stub = tmp_path / "stub.html"
    stub.write_text("<html><body><p>Subscribe to read on.</p></body></html>")
    ended = quoth("attribute", stub, story, "-f", "jsonl", "--server", server)
    assert ended.code == Exit.INPUT
    assert ended.err.startswith(f"quoth: {stub}: no article was found in the page")
    assert [row["id"] for row in ended.rows] == [str(story)]


def test_without_the_package_the_remedy_is_reported(server: str, page: Path) -> None:
    ended = quoth(
        *("attribute", page, "--server", server),
        prelude="import importlib.util as u; f = u.find_spec; "
        "u.find_spec = lambda n, *a: None if n == 'trafilatura' else f(n, *a)",
    )
    assert ended.code == Exit.MISSING_PACKAGE
    assert ended.err.endswith("install it with: pip install 'quoth-cli[html]'\n")


# ---- bulk ------------------------------------------------------------------------------


@pytest.fixture
def folder(page: Path, story: Path, tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    page.rename(made / "a.html")
    story.rename(made / "b.txt")
    (made / "c.htm").write_text("<html><body><p>Subscribe to read on.</p></body></html>")
    return made


def test_bulk_of_pages(server: str, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    ended = quoth("bulk", folder, "-o", out, "--server", server)
    assert ended.code == Exit.SOME_FAILED
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["article_id"], row["title"]) for row in rows] == [
        ("a.html", "Pier shut"),
        ("b.txt", ""),
    ]
    failure = json.loads((tmp_path / "out.csv.failures.jsonl").read_text())
    assert (failure["id"], failure["position"]) == ("c.htm", 2)
    assert failure["error"]["message"].startswith("no article was found in the page")


@pytest.mark.parametrize("form", ["jsonld", "webannotation"])
def test_bulk_has_a_document_a_line(server: str, folder: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"out.{form}"
    quoth("bulk", folder, "-o", out, "--server", server)
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    page = quoth("attribute", folder / "a.html", "-f", form, "--server", server)
    alone = json.loads(page.out)
    assert len(lines) == 2
    assert lines[0]["@context"] == alone["@context"]
    assert lines[0].keys() == alone.keys()


def test_bulk_makes_a_folder_of_brat(server: str, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ended = quoth("bulk", folder, "-o", out, "-f", "brat", "--server", server)
    assert ended.code == Exit.SOME_FAILED
    assert sorted(path.name for path in out.glob("[!.]*")) == [
        "000000-a.ann",
        "000000-a.txt",
        "000001-b.ann",
        "000001-b.txt",
        "annotation.conf",
    ]
    assert (out / "000000-a.txt").read_text(encoding="utf-8") == TEXT
    assert not (tmp_path / "out.journal").exists()


def test_bulk_makes_a_folder_of_docbins_and_goes_on(
    server: str, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    command = ("bulk", folder, "-o", out, "-f", "docbin", "--server", server)
    assert quoth(*command).code == Exit.SOME_FAILED
    # What failed is tried again, and comes beside what is there.
    stub = folder / "c.htm"
    size = stub.stat().st_size
    assert quoth(*command, "--resume").code == Exit.SOME_FAILED
    assert stub.stat().st_size == size
    texts = [
        doc.text
        for path in sorted(out.glob("*.spacy"))
        for doc in DocBin().from_disk(path).get_docs(spacy.blank("en").vocab)
    ]
    assert texts == [TEXT, STORY]


def test_bulk_makes_a_site_that_can_be_searched(server: str, folder: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    command = ("bulk", folder, "-o", site, "-f", "html", "--server", server)
    assert quoth(*command).code == Exit.SOME_FAILED
    pages = sorted(path.name for path in (site / "articles").iterdir())
    assert pages == ["000000-a.html", "000001-b.html"]
    assert "Pier shut" in (site / "index.html").read_text(encoding="utf-8")
    assert quoth(*command, "--resume").code == Exit.SOME_FAILED
    assert sorted(path.name for path in (site / "articles").iterdir()) == pages
    hits = quoth("search", site, "--article", "a.html", "-o", tmp_path / "hits.html")
    assert (hits.code, hits.err) == (Exit.OK, "quoth: 1 statement\n")
    page = (tmp_path / "hits.html").read_text(encoding="utf-8")
    assert 'href="site/articles/000000-a.html#s1"' in page
    assert quoth("stats", site, "--by", "source").code == Exit.OK


@pytest.mark.parametrize("form", ["docbin", "brat", "html"])
def test_a_folder_of_somebody_else_is_left_alone(
    server: str, folder: Path, tmp_path: Path, form: str
) -> None:
    ended = quoth("bulk", folder, "-o", tmp_path, "-f", form, "--overwrite", "--server", server)
    assert ended.code == Exit.USAGE
    assert "is not a folder made by quoth" in ended.err
    assert folder.exists()
