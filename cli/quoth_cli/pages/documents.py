"""The text of a document of a word processor or of PDF. Needs the extra `documents`."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator

from quoth_cli.pages.extraction import Extracted
from quoth_cli.readers.base import BadRow

__all__ = ["KINDS", "extract_document"]

KINDS = {".docx": "docx", ".pdf": "pdf"}
"""The kinds of documents that are read, by the end of a file's name."""

_HEADLINES = frozenset({"Title", "Heading 1"})
_PAGE_NUMBER = re.compile(r"\s*(?:page\s+)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?\s*", re.IGNORECASE)
_ENDS_SENTENCE = re.compile(r"[.!?:…][\"'”’»)\]]*$")
_DIVIDED = re.compile(r"[a-z]-$")
# A line that is this much shorter than the others ends its paragraph.
_SHORT = 0.8
_BLANKS = re.compile(r"[^\S\n]+")


def extract_document(data: bytes, kind: str) -> Extracted:
    """The text of a document, and its title where one of a word processor begins with a headline.

    Nothing that it tells of itself beside its text is relied on.

    Args:
        data: The file.
        kind: One of the values of `KINDS`.

    Raises:
        BadRow: It has no text, or cannot be read; the text says why, and what to do.
        ModuleNotFoundError: The extra `documents` is not installed.
    """
    title, paragraphs = ("", list(_of_pdf(data))) if kind == "pdf" else _of_docx(data)
    text = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    if not text:
        raise BadRow(
            "has no text, only images; convert them to text first, for example with: ocrmypdf"
            if kind == "pdf"
            else "has no text in its body; copy the text into a plain text file"
        )
    return Extracted(text=text, title=title)


def _of_docx(data: bytes) -> tuple[str, list[str]]:
    """Its title and its paragraphs."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        document = docx.Document(io.BytesIO(data))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise BadRow(
            "is not a readable .docx; open it in a word processor and save it again"
        ) from error
    # In the file the names of built-in styles are English, whatever language it was written in.
    found = [(_plain(p.text), p.style.name if p.style else "") for p in document.paragraphs]
    found = [(text, style) for text, style in found if text]
    has_title = len(found) > 1 and found[0][1] in _HEADLINES
    return found[0][0] if has_title else "", [text for text, _ in found[has_title:]]


def _of_pdf(data: bytes) -> Iterator[str]:
    import pypdf
    from pypdf.errors import DependencyError, PdfReadError

    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise BadRow("needs a password; save it without one")
        lines = [line for page in reader.pages for line in _lines(page.extract_text())]
    except DependencyError as error:
        raise BadRow("is encrypted; print it to a new, unencrypted PDF") from error
    except PdfReadError as error:
        raise BadRow(
            f"is not a readable PDF ({error}); open it and print it to a new one"
        ) from error
    yield from paragraphs_of(lines)


def _lines(page: str) -> list[str]:
    """The lines of a page without its number."""
    lines = page.splitlines()
    while lines and (not lines[-1].strip() or _PAGE_NUMBER.fullmatch(lines[-1])):
        del lines[-1]
    return lines


def paragraphs_of(lines: Iterable[str]) -> Iterator[str]:
    """Paragraphs of the lines of a PDF, which tells where lines end and not where paragraphs do.

    A paragraph ends at a blank line, and at a line that ends a sentence well before the others do.
    A word that is divided at the end of a line is put together.
    """
    clean = [_plain(line) for line in lines]
    full = sorted(map(len, filter(None, clean)))
    width = full[len(full) * 9 // 10] if full else 0
    paragraph = ""
    for line in clean:
        if line and paragraph and _DIVIDED.search(paragraph) and line[0].islower():
            paragraph = paragraph[:-1] + line
        elif line:
            paragraph = f"{paragraph} {line}" if paragraph else line
        if paragraph and (not line or (len(line) < _SHORT * width and _ENDS_SENTENCE.search(line))):
            yield paragraph
            paragraph = ""
    if paragraph:
        yield paragraph


def _plain(text: str) -> str:
    return _BLANKS.sub(" ", text.replace("\0", "")).strip()
