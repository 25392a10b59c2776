"""Articles of files that are one each: plain text, a page of HTML, or a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from quoth import InvalidArticle
from quoth_cli.dates import day_of_name
from quoth_cli.exits import Exit, Failure
from quoth_cli.pages.documents import KINDS
from quoth_cli.problems import missing_package
from quoth_cli.readers.base import BadRow, Unreadable, suffix_of
from quoth_cli.readers.files import MANY_ARTICLES, MAX_DOCUMENT_BYTES, advice, fields_of_file
from quoth_cli.readers.mapping import Defaults, FieldMap
from quoth_cli.readers.sources import files_of
from quoth_cli.readers.streams import MAX_BYTES, STDIN, whole
from quoth_cli.reading import Item

__all__ = ["files_in", "item_of"]

_PLAIN = FieldMap()
_NOTHING = Defaults()


def files_in(paths: Sequence[str]) -> Iterator[str]:
    """Yields the files of paths: of folders those that are one article each, in order.

    Raises:
        Failure: A folder cannot be read, or has no such file.
    """
    for path in paths:
        if path == STDIN or not Path(path).is_dir():
            yield path
            continue
        try:
            files = [file.path for file in files_of(path) if file.suffix not in MANY_ARTICLES]
        except Unreadable as error:
            raise Failure(Exit.INPUT, str(error)) from error
        if not files:
            raise Failure(
                Exit.INPUT,
                f"{path}: no article in this folder: no .txt, .html, .pdf or .docx file; "
                "for archives use quoth bulk",
            )
        yield from files


def item_of(
    path: str, name: str, said: Defaults = _NOTHING, fields: FieldMap = _PLAIN, *, title: str = ""
) -> Item:
    """The article of a file, or of standard input for `-`, or why there is none.

    Args:
        path: The file.
        name: What it is to be called in the output.
        said: What the user says of it, which comes before what the file says.
        fields: Its table of what is known of files, which comes before all else, and its encoding.
        title: Its headline, if the user says that.
    """
    place = "standard input" if path == STDIN else path
    given = {"title": title, **asdict(said)}
    try:
        suffix = suffix_of(path)
        if suffix in MANY_ARTICLES:
            raise BadRow("holds many articles; use: quoth bulk")
        if why := advice(path):
            raise BadRow(why)
        data = whole(path, MAX_DOCUMENT_BYTES if suffix in KINDS else MAX_BYTES)
        found, extracted = fields_of_file(path, data, fields.encoding)
        _, article, meta = fields.article(
            {**found, **{key: value for key, value in given.items() if value}},
            name,
            extracted=extracted,
            day=day_of_name(path),
        )
    except Unreadable as error:
        return Item(place, path, problem=Failure(Exit.INPUT, str(error)))
    except ModuleNotFoundError as error:
        missing = missing_package(error)
        return Item(place, path, problem=Failure(missing.code, f"{place}: {missing}"))
    except BadRow as error:
        return Item(place, path, problem=Failure(Exit.INPUT, f"{place}: {error}"))
    except InvalidArticle as problem:
        return Item(place, name, problem=problem)
    return Item(place, name, article, meta=meta)
