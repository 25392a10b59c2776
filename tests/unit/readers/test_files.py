"""Files that are one article each, of every kind, and those that are refused with advice."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest

from quoth_cli.articles import files_in, item_of
from quoth_cli.exits import Exit, Failure
from quoth_cli.options import FileOptions
from quoth_cli.pages.documents import paragraphs_of
from quoth_cli.readers.base import BadRow, Unreadable
from quoth_cli.readers.files import fields_of_file
from quoth_cli.readers.mapping import FieldMap
from quoth_cli.readers.sources import Sources
from quoth_cli.reading import Item

pytestmark = pytest.mark.slow  # documents are read in a process of their own

TEXT = ["“We will not go,” Ana Ruiz said on Monday.", "She spoke in Oslo – in the rain."]


def a_docx(*paragraphs: str) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def a_pdf(*lines: str) -> bytes:
    """A PDF of one page with a text of ASCII, written by hand."""
    shown = "".join(f"({line}) Tj T* " for line in lines)
    stream = f"BT /F1 12 Tf 14 TL 40 700 Td {shown} ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    made = b"%PDF-1.4\n"
    places = []
    for number, each in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        made
        + b"xref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R >>\n" % (table)
        + b"startxref\n%d\n%%%%EOF\n" % len(made)
    )


def read(path: Path, **options: str) -> Item:
    return item_of(str(path), path.name, fields=FieldMap(**options))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["a.docx", "a.DOCX"])
def test_a_document_of_a_word_processor(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(a_docx(TEXT[0], "", TEXT[1]))
    item = read(path)
    assert item.article
    assert item.article.body == "\n\n".join(TEXT)
    assert item.meta
    assert item.meta.extracted


@pytest.mark.parametrize("level", [0, 1])
def test_the_headline_of_a_document_is_its_title(tmp_path: Path, level: int) -> None:
    path, document = tmp_path / "a.docx", docx.Document()
    document.add_paragraph("")
    document.add_heading("Bridge to close", level)
    document.add_paragraph(TEXT[0])
    document.add_heading("Later on", 1)
    document.add_paragraph(TEXT[1])
    document.save(str(path))
    item = read(path)
    assert item.article
    assert item.article.title == "Bridge to close"
    assert item.article.body == "\n\n".join([TEXT[0], "Later on", TEXT[1]])


def test_headings_alone_are_the_text_of_a_document(tmp_path: Path) -> None:
    path, document = tmp_path / "a.docx", docx.Document()
    document.add_heading(TEXT[0], 1)
    document.save(str(path))
    item = read(path)
    assert item.article
    assert (item.article.title, item.article.body) == ("", TEXT[0])


@pytest.mark.parametrize("name", ["a.pdf", "named-otherwise"])
def test_a_pdf(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(
        a_pdf("The bridge at Ellery stays closed until the repairs are", "done, the council said.",
              "It will take a month, the engineer said on Friday, or", "two.", "3")
    )  # fmt: skip
    item = read(path)
    assert item.article, item.problem
    assert item.article.body == (
        "The bridge at Ellery stays closed until the repairs are done, the council said.\n\n"
        "It will take a month, the engineer said on Friday, or two."
    )


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], []),
        (["One."], ["One."]),
        (["A long line of the text that", "goes on here, and more so", "ends."],
         ["A long line of the text that goes on here, and more so ends."]),
        (["One.", "", "Two."], ["One.", "Two."]),
        (["the repairs of the old har-", "bor wall are under way now"],
         ["the repairs of the old harbor wall are under way now"]),
        (["the town of Stratford-", "Upon-Avon is where he was"],
         ["the town of Stratford- Upon-Avon is where he was"]),
    ],
)  # fmt: skip
def test_lines_of_a_pdf_become_paragraphs(lines: list[str], expected: list[str]) -> None:
    assert list(paragraphs_of(lines)) == expected


@pytest.mark.parametrize(
    ("name", "data", "line"),
    [
        ("a.doc", b"\xd0\xcf\x11\xe0", ".doc files are not supported: open it in a word processor"),
        ("a", b"\xd0\xcf\x11\xe0", ".doc files are not supported: open it in a word processor"),
        ("a.txt", b"{\\rtf1", ".rtf files are not supported: open it in a word processor and save"),
        (
            "a.odt",
            b"PK",
            ".odt files are not supported: open it in a word processor and save it as",
        ),
        ("a.xlsx", b"PK", ".xlsx files are not supported: save its sheet as CSV"),
        ("a.JPG", b"", ".jpg files are not supported: it is an image; convert it to text first"),
        ("a.pdf", b"%PDF-1.4 broken", "is not a readable PDF"),
        ("a.pdf", a_pdf(), "has no text, only images; convert them to text first"),
        ("a.docx", b"PK\x03\x04 broken", "is not a readable .docx; open it in a word"),
        ("a.docx", a_docx(), "has no text in its body; copy the text"),
        ("a.jsonl", b"{}", "holds many articles; use: quoth bulk"),
        ("a.csv.gz", b"", "holds many articles; use: quoth bulk"),
        ("a.txt", b"caf\xe9", "not UTF-8 text (byte 3); if it is text in another encoding, give"),
    ],
)
def test_what_is_refused_comes_with_advice(
    tmp_path: Path, name: str, data: bytes, line: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    problem = read(path).problem
    assert isinstance(problem, Failure)
    assert str(problem).startswith(f"{path}: {line}")
    assert problem.code is Exit.INPUT


@pytest.mark.parametrize(
    ("name", "package"), [("a.pdf", "pypdf"), ("a.docx", "docx"), ("a.html", "trafilatura")]
)
def test_a_package_that_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, package: str
) -> None:
    from importlib import util

    find = util.find_spec
    monkeypatch.setattr(util, "find_spec", lambda each: None if each == package else find(each))
    path = tmp_path / name
    path.write_bytes(b"x")
    problem = read(path).problem
    extra = "html" if name == "a.html" else "documents"
    assert isinstance(problem, Failure)
    assert problem.code is Exit.MISSING_PACKAGE
    assert str(problem).startswith(f"{path}: this needs {package}, which is not installed; install")
    assert str(problem).endswith(f"pip install 'quoth-cli[{extra}]'")


def test_an_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("“é”".encode("windows-1252"))
    item = read(path, encoding="windows-1252")
    assert item.article
    assert item.article.body == "“é”"
    # What says its own encoding is right.
    assert fields_of_file("a.txt", "“é”".encode("utf-8-sig"), "latin-1")[0] == {"text": "“é”"}


@pytest.mark.parametrize("encoding", ["utf-9", "base64", "rot13"])
def test_an_encoding_that_is_none_is_refused(encoding: str) -> None:
    with pytest.raises(Failure, match=f"--encoding: '{encoding}' is not a text encoding"):
        FileOptions(encoding=encoding).catalog()


def test_folders(tmp_path: Path) -> None:
    for name in ("b.txt", "a.html", "c.pdf", "d.docx", "e.jsonl", "f.xyz", "below/g.txt"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    folder = str(tmp_path / "in")
    found = [name.removeprefix(folder) for name in files_in(["-", folder, "z.txt"])]
    names = ["/a.html", "/b.txt", "/below/g.txt", "/c.pdf", "/d.docx"]
    assert found == ["-", *names, "z.txt"]
    (tmp_path / "none").mkdir()
    with pytest.raises(Failure, match="no article in this folder"):
        list(files_in([str(tmp_path / "none")]))


def test_documents_of_an_archive(tmp_path: Path) -> None:
    (tmp_path / "2019-05-25.docx").write_bytes(a_docx(*TEXT))
    (tmp_path / "b.txt").write_bytes("é".encode("latin-1"))
    (tmp_path / "c.csv").write_bytes("text\né\n".encode("latin-1"))
    (tmp_path / "d.doc").write_bytes(b"x")
    fields = FieldMap(encoding="latin-1")
    sources = Sources([str(tmp_path)], fields)
    sources.describe()
    assert sources.extracts
    found = [
        fields.article(each.fields(), each.name, extracted=each.extracted, day=each.day)
        for _, each in sources.records()
    ]
    assert [article.body for _, article, _ in found] == ["\n\n".join(TEXT), "é", "é"]
    assert [meta.published for _, _, meta in found] == ["2019-05-25", "", ""]
    with pytest.raises(Unreadable, match=r"\.doc files are not supported: open it"):
        Sources([str(tmp_path / "d.doc")], fields).describe()


def test_a_broken_document_of_an_archive_is_one_bad_row(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
    ((_, record),) = Sources([str(tmp_path)], FieldMap()).records()
    with pytest.raises(BadRow, match="is not a readable PDF"):
        record.fields()
