from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from quoth.v1 import CalendarDate
from quoth_cli.pages.encoding import decode
from quoth_cli.pages.extraction import extract, looks_like_html
from quoth_cli.pages.metadata import iso_time
from quoth_cli.pages.process import fields_of_page
from quoth_cli.readers.base import BadRow, Unreadable
from quoth_cli.readers.mapping import FieldMap
from quoth_cli.readers.sources import Sources

pytestmark = pytest.mark.slow  # pages are read in a process of their own

FIRST = (
    "PORT ELLERY — The old pier will stay shut until the fall, the council said on Thursday, after "
    "divers found rot in eleven of its posts."
)
SECOND = "“We will not gamble with people’s lives,” said Mira Sole, the harbor chief."
THIRD = "The owner of the café at its end, Teo Marsh, said nobody had asked him about it."
TEXT = f"{FIRST}\n\n{SECOND}\n\n{THIRD}"
TITLE = "Pier to stay shut, council says"
PARAGRAPHS = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"


def page(head: str = "", body: str = f"<article>{PARAGRAPHS}</article>", lang: str = "en") -> bytes:
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        f"<title>{TITLE} | The Quay Post</title>{head}</head><body>{body}</body></html>"
    ).encode()


def data(*nodes: object) -> str:
    document = json.dumps(nodes[0] if len(nodes) == 1 else nodes)
    return f'<script type="application/ld+json">{document}</script>'


def article(**fields: object) -> dict[str, object]:
    return {"@context": "https://schema.org", "@type": "NewsArticle", **fields}


# ---- text ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        f"<article><h1>{TITLE}</h1>{PARAGRAPHS}</article>",
        f"<main><div class='story-body'>{PARAGRAPHS}</div></main>",
        f"<div id='content'><div class='article-text'>{PARAGRAPHS}</div></div>",
        f"<table><tr><td><div class='entry-content'>{PARAGRAPHS}</div></td></tr></table>",
        f"<article><p>{FIRST}\n<p>{SECOND}\n<p>{THIRD}</article></b></div>",
        f"<article><p>{FIRST}<br/><br/>{SECOND}</p><p>{THIRD}</p></article>",
        f"<article><div>{FIRST}</div><div>{SECOND}</div><div>{THIRD}</div></article>",
        f"<article>{PARAGRAPHS}</article>".replace("The old", "The\n\t   <b>old</b>\u00a0"),
    ],
    ids=["article", "main", "div", "table", "unclosed", "breaks", "divs", "blanks"],
)
def test_paragraphs_are_divided_by_blank_lines(body: str) -> None:
    assert extract(page(body=body)).text == TEXT


def test_what_stands_around_the_article_is_left_out() -> None:
    body = (
        "<header><nav><a href='/'>Home</a> <a href='/news'>All the news</a></nav></header>"
        f"<article><h1>{TITLE}</h1>{PARAGRAPHS}"
        "<figure><img src='p.jpg'><figcaption>The pier in May. “Old,” said one.</figcaption>"
        "</figure></article>"
        "<aside><h3>Most read</h3><ul><li><a href='/x'>Ten best beaches of the county</a></li>"
        "<li><a href='/y'>Where to eat crab this summer</a></li></ul></aside>"
        "<section id='comments' class='comments'><h3>Comments</h3><div class='comment'>"
        "<p>“This is a scandal,” wrote somebody who signs as user77.</p></div></section>"
        "<script>var said = '“I am a script,” it said';</script>"
        "<footer>© 2019 The Quay Post. “All rights reserved,” said the lawyer.</footer>"
    )
    assert extract(page(body=body)).text == TEXT


def test_lists_quotations_and_headings_are_paragraphs() -> None:
    body = (
        f"<article><p>{FIRST}</p><h2>Who pays</h2><blockquote><p>“It is our bill,” the mayor wrote."
        "</p></blockquote><ul>"
        "<li>Posts will be measured, she said.</li><li>Then replaced.</li></ul>"
        f"<p>{THIRD}</p></article>"
    )
    assert extract(page(body=body)).text.split("\n\n") == [
        FIRST,
        "Who pays",
        "“It is our bill,” the mayor wrote.",
        "Posts will be measured, she said.",
        "Then replaced.",
        THIRD,
    ]


def test_a_line_break_stays_one() -> None:
    body = f"<article><p>{FIRST}</p><p>{SECOND}<br>“Not once.”</p><p>{THIRD}</p></article>"
    assert f"{SECOND}\n“Not once.”" in extract(page(body=body)).text


def test_other_languages_are_extracted_too() -> None:
    text = (
        "Der alte Pier bleibt bis zum Herbst geschlossen, sagte die Bürgermeisterin am Donnerstag. "
        "„Wir spielen nicht mit Menschenleben“, sagte sie vor Journalisten in der Hafenstadt."
    )
    got = extract(page(body=f"<article><p>{text}</p><p>{text[::-1]}</p></article>", lang="de-DE"))
    assert got.text.startswith(text)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<p>Subscribe to read on.</p>",
        "<div class='paywall'><h2>Read the full story</h2><p>Subscribe for $1 a week.</p></div>",
        "<video src='pier.mp4'></video>",
    ],
)
def test_a_page_without_an_article_is_a_problem(body: str) -> None:
    with pytest.raises(BadRow, match="no article was found in the page"):
        extract(page(body=body))


@pytest.mark.parametrize("html", [b"", b"  ", b"\0\0", b"%PDF-1.7 \xe2\xe3", b"\x89PNG\r\n\x1a\n"])
def test_html_that_is_not_a_page_is_a_problem(html: bytes) -> None:
    with pytest.raises(BadRow):
        extract(html)


def test_a_teaser_before_a_paywall_is_what_the_page_has() -> None:
    body = f"<article>{PARAGRAPHS}<div class='paywall'><p>Subscribe to read on.</p></div></article>"
    told = data(article(headline=TITLE, isAccessibleForFree=False))
    assert extract(page(told, body)).text.startswith(TEXT)


# ---- what is reported about it ---------------------------------------------------------

PUBLISHED = "2026-05-14T23:30:00-04:00"
UPDATED = "2026-05-15T09:10:00-04:00"


@pytest.mark.parametrize(
    "head",
    [
        data(article(headline=TITLE, datePublished=PUBLISHED, dateModified=UPDATED)),
        data(
            {
                "@graph": [
                    {"@type": "WebSite"},
                    article(datePublished=PUBLISHED, dateModified=UPDATED),
                ]
            }
        ),
        data(
            {
                "@type": "ItemList",
                "itemListElement": [article(headline="Crab", datePublished="2020-01-01")],
            },
            article(headline=TITLE, datePublished=PUBLISHED, dateModified=UPDATED),
        ),
        data(
            {
                "@type": ["Article", "ReportageNewsArticle"],
                "datePublished": PUBLISHED,
                "dateModified": UPDATED,
            }
        ),
        f"<meta property='article:published_time' content='{PUBLISHED}'>"
        f"<meta property='article:modified_time' content='{UPDATED}'>",
        f"<meta itemprop='datePublished' content='{PUBLISHED}'>"
        f"<meta itemprop='dateModified' content='{UPDATED}'>",
        "<script type='application/ld+json'>{broken</script>"
        f"<meta name='pubdate' content='{PUBLISHED}'><meta name='lastmod' content='{UPDATED}'>",
        data(article(datePublished=PUBLISHED, dateModified=UPDATED))
        .replace(">{", "><!-- {")
        .replace("}<", "} --><"),
    ],
    ids=["jsonld", "graph", "related", "types", "opengraph", "microdata", "meta", "commented"],
)
def test_times_keep_their_offset(head: str) -> None:
    got = extract(page(head))
    assert (got.published, got.updated) == (PUBLISHED, UPDATED)


def test_a_time_element_tells_it() -> None:
    time = f"<time datetime='{PUBLISHED}' itemprop='datePublished'>today</time>"
    body = f"<article>{time}{PARAGRAPHS}</article>"
    assert extract(page(body=body)).published == PUBLISHED


@pytest.mark.parametrize(
    ("head", "body", "url", "published"),
    [
        (
            "",
            f"<article><span class='date'>May 14, 2026</span>{PARAGRAPHS}</article>",
            "",
            "2026-05-14",
        ),
        (
            "",
            f"<article>{PARAGRAPHS}</article>",
            "https://quay.example/2026/05/14/pier",
            "2026-05-14",
        ),
        ("", f"<article>{PARAGRAPHS}</article><footer>© 2019 The Quay Post</footer>", "", ""),
        (
            data(article(datePublished="0001-01-01T00:00:00Z")),
            f"<article>{PARAGRAPHS}</article>",
            "",
            "",
        ),
        (data(article(datePublished="soon")), f"<article>{PARAGRAPHS}</article>", "", ""),
    ],
    ids=["words", "address", "footer", "year one", "no date"],
)
def test_a_day_is_found_where_it_is_marked_and_nowhere_else(
    head: str, body: str, url: str, published: str
) -> None:
    got = extract(page(head, body), url)
    assert (got.published, got.updated) == (published, "")


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-05-14", "2026-05-14"),
        (" 2026-05-14T23:30Z ", "2026-05-14T23:30:00+00:00"),
        ("2026-05-14T23:30:00.000-0400", "2026-05-14T23:30:00-04:00"),
        ("Thu, 14 May 2026 23:30:00 EDT", "2026-05-14T23:30:00-04:00"),
        ("2026-05-14 23:30:00", "2026-05-14T23:30:00"),
        ("1970-01-01T00:00:00Z", ""),
        ("14/05/2026", ""),
        ("1778800000", "2026-05-14T23:06:40+00:00"),
        ("May 14, 2026", "2026-05-14"),
        ("May 14, 2026 11:30 PM", "2026-05-14T23:30:00"),
        ("2026-05-32", ""),
        ("", ""),
    ],
)
def test_forms_of_times(text: str, iso: str) -> None:
    assert iso_time(text) == iso


def test_title_author_section_and_address() -> None:
    head = '<link rel="canonical" href="https://quaypost.example/news/pier">' + data(
        article(
            headline=TITLE,
            author=[
                {"@type": "Person", "name": "Ada  Reed"},
                {"name": "Jon Pell"},
                "https://x.example/p",
            ],
            articleSection=["Harbor", "News"],
        )
    )
    got = extract(page(head), "https://cache.example/1")
    assert (got.title, got.author, got.section) == (TITLE, "Ada Reed, Jon Pell", "Harbor")
    assert got.url == "https://quaypost.example/news/pier"


def test_what_a_page_does_not_tell_is_unset() -> None:
    html = f"<html><body><article>{PARAGRAPHS}</article></body></html>".encode()
    got = extract(html)
    assert got.text == TEXT
    told = (got.published, got.updated, got.author, got.section, got.url)
    assert told == ("",) * 5


# ---- encodings -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "declared", "header", "mark"),
    [
        ("utf-8", "", "", b""),
        ("utf-8", "utf-8", "", b""),
        ("utf-8", "", "", b"\xef\xbb\xbf"),
        ("utf-16-le", "", "", b"\xff\xfe"),
        ("utf-16-be", "", "", b"\xfe\xff"),
        ("utf-8", "iso-8859-1", "", b""),
        ("cp1252", "iso-8859-1", "", b""),
        ("cp1252", "windows-1252", "", b""),
        ("cp1252", "", "latin1", b""),
        ("cp1252", "", "", b""),
        ("cp1252", "no-such-thing", "", b""),
        ("utf-8", "utf-16", "", b""),
    ],
)
def test_encodings(encoding: str, declared: str, header: str, mark: bytes) -> None:
    meta = f'<meta charset="{declared}">' if declared else ""
    text = f"<html><head>{meta}</head><p>“Café”</p>"
    assert decode(mark + text.encode(encoding), header) == text


@pytest.mark.parametrize(
    ("encoding", "meta"),
    [
        ("shift_jis", '<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">'),
        ("iso-2022-jp", "<meta charset='iso-2022-jp'>"),
        ("gb18030", "<meta charset=gb2312>"),
        ("utf-8", '<?xml version="1.0" encoding="utf-8"?>'),
    ],
)
def test_encodings_of_the_east(encoding: str, meta: str) -> None:
    text = f"<html><head>{meta}</head><p>会議は火曜日に終わった</p>"
    assert decode(text.encode(encoding)) == text


def test_a_few_bad_bytes_do_not_change_the_encoding() -> None:
    text = '<meta charset="utf-8">' + "“Café” " * 50
    assert decode(text.encode() + b"\xff") == text + "\ufffd"


@pytest.mark.parametrize(
    ("start", "is_page"),
    [
        (b"<!DOCTYPE html><html>", True),
        (b"\n <HTML lang='en'>", True),
        (b"\xef\xbb\xbf<!doctype html>", True),
        (b"<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0'>", True),
        (b"<!-- saved from url -->\n<html>", True),
        (b"<htmlish>", False),
        (b"The <html> tag, she said,", False),
        (b"", False),
    ],
)
def test_what_looks_like_a_page(start: bytes, is_page: bool) -> None:
    assert looks_like_html(start) is is_page


# ---- as articles of an archive ---------------------------------------------------------


def test_the_body_is_the_extracted_text() -> None:
    fields = fields_of_page(page(data(article(datePublished=PUBLISHED, dateModified=UPDATED))))
    # The user's names are of the other inputs.
    name, made, meta = FieldMap({"text": "maintext"}).article(fields, "pier.html", extracted=True)
    assert (name, made.body, made.title) == ("pier.html", TEXT, TITLE)
    assert (meta.published, meta.updated, meta.extracted) == (PUBLISHED, UPDATED, True)
    assert made.publish_date == CalendarDate(year=2026, month=5, day=14)


def test_a_page_that_never_ends_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quoth_cli.pages.process.MAX_PAGE_BYTES", 100)
    with pytest.raises(BadRow, match="the limit for a page"):
        fields_of_page(page())


def test_a_folder_of_pages(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(page())
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "c.HTM.gz").write_bytes(gzip.compress(page()))
    (tmp_path / "d.xhtml").write_bytes(b"<html><p>Subscribe.</p></html>")
    (tmp_path / "e.css").write_bytes(b"p { color: red }")
    source = Sources([str(tmp_path)], FieldMap())
    source.describe()
    assert source.extracts
    records = [record for _, record in source.records()]
    assert [record.name for record in records] == ["a.html", "b/c.HTM.gz", "d.xhtml"]
    again = [record for _, record in Sources([str(tmp_path)], FieldMap()).records()]
    assert [record.place for record in again] == [record.place for record in records]
    for _, record in Sources([str(tmp_path)], FieldMap()).records():
        if record.name == "d.xhtml":
            with pytest.raises(BadRow, match="no article"):
                record.fields()
        else:
            assert record.fields()["text"] == TEXT


def response(
    url: str, kind: str, payload: bytes, *, status: str = "200 OK", type_: str = "response"
) -> bytes:
    """A record of a WARC."""
    http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + payload
    head = (
        f"WARC/1.0\r\nWARC-Type: {type_}\r\nWARC-Target-URI: {url}\r\n"
        "WARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2026-05-15T00:00:00Z\r\n"
        f"Content-Type: application/http; msgtype={type_}\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def warc(*, compressed: bool = True) -> bytes:
    """A WARC with a page, its request, a picture, a page that is gone, and a page in Latin-1."""
    latin = f"<html><body><article>{PARAGRAPHS}</article></body></html>".encode("cp1252")
    records = [
        response("https://quay.example/pier", "text/html; charset=utf-8", page()),
        response("https://quay.example/pier", "text/html", b"", type_="request"),
        response("https://quay.example/p.jpg", "image/jpeg", b"\xff\xd8"),
        response("https://quay.example/gone", "text/html", page(), status="404 Not Found"),
        response("https://quay.example/latin", "text/html; charset=ISO-8859-1", latin),
    ]
    # Each record is compressed alone, as the format says.
    return b"".join(gzip.compress(record) if compressed else record for record in records)


@pytest.mark.parametrize("name", ["pages.warc", "pages.warc.gz"])
def test_a_warc(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(warc(compressed=name.endswith(".gz")))
    source = Sources([str(tmp_path)], FieldMap())
    source.describe()
    records = [record for _, record in source.records()]
    assert [record.name for record in records] == [
        "https://quay.example/pier",
        "https://quay.example/latin",
    ]
    assert [record.fields()["text"] for record in records] == [TEXT, TEXT]
    assert records[1].fields()["url"] == "https://quay.example/latin"
    assert source.share() == 1


def test_going_on_in_a_warc_keeps_positions(tmp_path: Path) -> None:
    path = tmp_path / "pages.warc.gz"
    path.write_bytes(warc())
    rest = [(at, record) for at, record in Sources([str(path)], FieldMap()).records(1) if at >= 1]
    assert [(at, record.fields()["text"]) for at, record in rest] == [(1, TEXT)]


def test_what_is_not_warc_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "pages.warc.gz"
    path.write_bytes(b"no archive at all\n" * 10)
    with pytest.raises(Unreadable, match="damaged, or not WARC"):
        list(Sources([str(path)], FieldMap()).records())
