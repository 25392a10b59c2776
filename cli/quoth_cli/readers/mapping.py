"""From the fields of an input, whatever it calls them, to an article."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import quoth
from quoth import InvalidArticle
from quoth.v1 import Article
from quoth_cli.dates import BadDate, iso_date
from quoth_cli.readers.base import BadRow, Unreadable, kind_of, shown, valid
from quoth_cli.readers.catalog import Catalog
from quoth_cli.readers.values import plain
from quoth_cli.table.rows import ArticleMeta

__all__ = ["ALIASES", "Defaults", "FieldMap"]

ALIASES: Mapping[str, tuple[str, ...]] = {
    "text": ("body", "text", "content", "article_text", "maintext", "article"),
    "title": ("title", "headline"),
    "date": (
        *("published", "date", "publish_date", "published_at", "date_publish", "date_published"),
        *("pub_date", "pubDate", "publishedAt", "datePublished"),
    ),
    "updated": ("updated", "updated_at", "modified", "date_modify", "dateModified"),
    "id": ("id", "article_id", "_id", "guid", "uuid"),
    "url": ("url", "link", "source_url", "uri"),
    "author": ("author", "authors", "byline"),
    "section": ("section", "category"),
    "time_zone": ("time_zone",),
    "language": ("language",),
}
"""The names that a field of an article is looked for by, in order, where none is given."""

_NAMED = 20


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for an article that does not say otherwise."""

    published: str = ""
    time_zone: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class FieldMap:
    """Which field of the input is which of the article.

    Attributes:
        given: The names that the user gave, by the keys of `ALIASES`.
        defaults: What an article has where its field is missing or empty.
        catalog: What a table says of articles, which comes before all that they say.
        encoding: What files of text are in, where they are not UTF-8.
    """

    given: Mapping[str, str] = field(default_factory=dict)
    defaults: Defaults = field(default_factory=Defaults)
    catalog: Catalog | None = None
    encoding: str = ""

    def names(self, what: str) -> tuple[str, ...]:
        """The names that a field is looked for by."""
        return (self.given[what],) if what in self.given else ALIASES[what]

    def wanted(self, present: Iterable[str]) -> list[str]:
        """Those of the fields of a table that an article may be made of."""
        names = {name for what in ALIASES for name in self.names(what)}
        return [name for name in present if name in names]

    def check(self, present: Iterable[str]) -> None:
        """Sees that there is a text among the fields.

        Raises:
            BadRow: There is none, or one that is ambiguous; lists those that are there.
        """
        fields = list(present)
        found = [name for name in self.names("text") if name in fields]
        if not found:
            there = ", ".join(map(shown, fields[:_NAMED])) or "none"
            if len(fields) > _NAMED:
                there += f" and {len(fields) - _NAMED:,} more"
            wanted = " or ".join(f'"{name}"' for name in self.names("text")[:2])
            raise BadRow(
                f"has no {wanted}; its fields are {there}: give the one with the text "
                "as --text-field"
            )
        if {"body", "text"} <= set(found):
            raise BadRow('has both "body" and "text"; give the one to read as --text-field')

    def check_table(self, columns: Iterable[str], place: str) -> None:
        """Sees that there is a text among the fields that a whole input has.

        Raises:
            Unreadable: There is none, or one that is ambiguous.
        """
        try:
            self.check(columns)
        except BadRow as error:
            raise Unreadable(f"{place}: {error}") from error

    def article(
        self, fields: Mapping[str, Any], name: str, *, extracted: bool = False, day: str = ""
    ) -> tuple[str | int, Article, ArticleMeta]:
        """The id of a row, its article, and what it says beside its text.

        Args:
            fields: The fields of the row; those not known are passed over.
            name: Its id if it has none.
            extracted: They are of an extracted page; see `Record`.
            day: The day of publication if nothing else but the defaults gives one.

        Raises:
            BadRow: It has no text, or a field of another kind than it must be.
            InvalidArticle: A date or time zone cannot be read, or a text is not valid Unicode.
        """
        if extracted and self.given:
            plain_names = replace(self, given={})
            return plain_names.article(fields, name, extracted=True, day=day)
        self.check(fields)
        given = self._id(fields)
        if self.catalog:
            told = self.catalog.of(*(() if given is None else (str(given),)), name)
            fields = {**fields, **{self.names(what)[0]: value for what, value in told.items()}}
        title = self._text(fields, "title")
        url = self._text(fields, "url")
        time_zone = self._text(fields, "time_zone") or self.defaults.time_zone
        published = self._date(fields, "date") or day or self.defaults.published
        article = quoth.article(
            self._text(fields, "text"),
            article_id="" if given is None else str(given),
            title=title,
            published=published or None,
            time_zone=time_zone,
            language=self._text(fields, "language") or self.defaults.language,
            source_uri=url,
        )
        meta = ArticleMeta(
            name if given is None else str(given),
            title=title,
            published=published,
            url=url,
            author=self._words(fields, "author"),
            section=self._words(fields, "section"),
            updated=self._date(fields, "updated"),
            extracted=extracted,
        )
        return name if given is None else given, article, meta

    def _value(self, fields: Mapping[str, Any], what: str) -> tuple[str, Any]:
        """The name and the value of a field; None if it is missing or empty."""
        for name in self.names(what):
            value = plain(fields.get(name))
            if value is not None and value != "" and value == value:  # a NaN says nothing
                return name, value
        return "", None

    def _id(self, fields: Mapping[str, Any]) -> str | int | None:
        name, value = self._value(fields, "id")
        if isinstance(value, float) and value.is_integer():
            return int(value)  # so pandas keeps whole numbers where one is missing
        if value is None or (isinstance(value, str | int) and not isinstance(value, bool)):
            return value
        raise BadRow(
            f'"{name}" is {kind_of(value)} ({shown(value)}); make it a text or a whole number'
        )

    def _text(self, fields: Mapping[str, Any], what: str) -> str:
        name, value = self._value(fields, what)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise BadRow(f'"{name}" is {kind_of(value)} ({shown(value)}); make it a text')
        return value

    def _words(self, fields: Mapping[str, Any], what: str) -> str:
        """A text, or several as one; anything else says nothing."""
        value = self._value(fields, what)[1]
        if isinstance(value, list):
            value = ", ".join(each for each in value if isinstance(each, str))
        return valid(value) if isinstance(value, str) else ""

    def _date(self, fields: Mapping[str, Any], what: str) -> str:
        """A date in ISO 8601.

        Raises:
            BadRow: The value is of a kind that no date is.
            InvalidArticle: It is none that is read.
        """
        name, value = self._value(fields, what)
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | float | datetime.date):
            raise BadRow(
                f'"{name}" is {kind_of(value)} ({shown(value)}); make it a text such as '
                '"2019-05-25"'
            )
        try:
            return iso_date(value)
        except BadDate as error:
            if what == "updated" and isinstance(value, str):
                return valid(value).strip()  # nothing is counted from it, so it is left as it is
            raise InvalidArticle.of(
                "article.publish_date",
                f'"{name}" is {shown(value)}, which cannot be read as a date; make it an ISO 8601 '
                "date, such as 2019-05-25 or 2019-05-25T08:30-04:00",
                "INVALID_PUBLISH_DATE",
            ) from error
