"""The words of an archive, in an index of tantivy: which statements have which words."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc
import tantivy
from tantivy import FieldType

from quoth_server.archive.errors import BadQuestion
from quoth_server.archive.question import Order, Question
from quoth_server.archive.statement import single

__all__ = ["Index", "Writer"]

_THREADS = min(2, os.cpu_count() or 1)
_FEW_WORDS = 4  # that are not common; with fewer, common ones count
_MEMORY = 128_000_000  # bytes that the writer gathers before it writes a segment
_FIRST, _LAST = "first_day", "last_day"
# Day and number as one value, so that the order is the same each time; without a day they are last.
_NEWEST, _OLDEST = "newest", "oldest"
_A_DAY = 1 << 32
_NO_DAY = 1 << 62
_TEXTS = (("content", "content"), ("speaker", "speaker"), ("role", "role"),
          ("organization", "role_organization"))  # fmt: skip
_NAMES = ("kind", "speaker_type", "factuality", "article_id")


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", indexed=True, fast=True)
    builder.add_text_field("content", tokenizer_name="words", index_option="position")
    builder.add_text_field("stems", tokenizer_name="stems", index_option="freq")
    for name, _ in _TEXTS[1:]:
        builder.add_text_field(name, tokenizer_name="words", index_option="freq")
    for name in _NAMES:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in (_FIRST, _LAST, _NEWEST, _OLDEST):
        builder.add_integer_field(name, fast=True)
    builder.add_float_field("confidence", fast=True)
    return builder.build()


def _analyzer(*more: Any) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for each in (tantivy.Filter.lowercase(), tantivy.Filter.ascii_fold(), *more):
        builder = builder.filter(each)
    return builder.build()


class Index:
    """An index in a folder, made if it is empty.

    Raises:
        ValueError: What is there is another index, or is damaged.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._schema = _schema()
        self._index = tantivy.Index(self._schema, path=str(folder))
        self._words = _analyzer()
        self._stems = _analyzer(
            tantivy.Filter.stopword("english"), tantivy.Filter.stemmer("english")
        )
        self._uncommon = _analyzer(tantivy.Filter.stopword("english"))
        self._index.register_tokenizer("words", self._words)
        self._index.register_tokenizer("stems", self._stems)

    def __len__(self) -> int:
        count: int = self._index.searcher().num_docs
        return count

    def writer(self) -> Writer:
        """What adds statements; one at a time."""
        return Writer(self._index)

    def closest(self, text: str, most: int, speaker: str = "") -> list[int]:
        """The numbers of the statements that share the most words of a text, rare words first.

        Args:
            text: The words. Common ones are looked for only where there are few others.
            most: Of how many at most, of the words as they are and of their stems.
            speaker: Only statements whose speaker has one of these words; empty for all.
        """
        found: dict[int, None] = {}
        names = self._any("speaker", self._words.analyze(speaker))
        searcher = self._index.searcher()
        stems = self._stems.analyze(text)
        few = len(set(stems)) < _FEW_WORDS
        plain = self._words if few else self._uncommon
        for field, terms in (("content", plain.analyze(text)), ("stems", stems)):
            query = self._any(field, terms)
            if query and names:
                only = tantivy.Query.const_score_query(names, 0.0)
                must = [(tantivy.Occur.Must, query), (tantivy.Occur.Must, only)]
                query = tantivy.Query.boolean_query(must)
            if query:
                hits = searcher.search(query, limit=most, count=False).hits
                addresses = [address for _, address in hits]
                found |= dict.fromkeys(_numbers(searcher, addresses))
        return list(found)

    def _any(self, field: str, terms: Iterable[str]) -> tantivy.Query | None:
        """What has any of some words in a field; None if there are none."""
        each = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, field, term, "freq"))
            for term in dict.fromkeys(terms)
        ]
        return tantivy.Query.boolean_query(each) if each else None

    def search(
        self, question: Question, order: Order, *, limit: int, offset: int = 0
    ) -> tuple[list[int], int]:
        """The numbers of statements in order, and how many there are of them in all."""
        query = self.query(question)
        searcher = self._index.searcher()
        total: int = searcher.search(query, limit=1, count=True).count  # type: ignore[attr-defined]
        if not limit or offset >= total:
            return [], total
        field, way = {
            Order.NEWEST: (_NEWEST, tantivy.Order.Desc),
            Order.OLDEST: (_OLDEST, tantivy.Order.Asc),
            Order.ARCHIVE: ("number", tantivy.Order.Asc),
        }[order]
        hits = searcher.search(
            query, limit=limit, offset=offset, count=False, order_by_field=field, order=way
        ).hits
        return _numbers(searcher, [address for _, address in hits]), total

    def query(self, question: Question) -> tantivy.Query:
        """What a question asks for.

        Raises:
            BadQuestion: A text has no word.
        """
        must: list[tantivy.Query] = []
        if question.contains:
            must.append(self._phrase(question.contains))
        for name in ("speaker", "role", "organization"):
            if text := getattr(question, name):
                must += [self._word(name, *each) for each in self._given(name, text)]
        for name, values in (
            ("kind", question.kinds),
            ("speaker_type", question.speaker_types),
            ("factuality", question.factualities),
            ("article_id", (question.article_id,) if question.article_id else ()),
        ):
            if values:
                must.append(tantivy.Query.term_set_query(self._schema, name, list(values)))
        if question.numbers is not None:
            must.append(
                tantivy.Query.term_set_query(self._schema, "number", list(question.numbers))
            )
        if question.after is not None:
            must.append(self._range("number", FieldType.Unsigned, question.after + 1, None))
        if question.since:
            must.append(self._range(_LAST, FieldType.Integer, _ordinal(question.since), None))
        if question.until:
            must.append(self._range(_FIRST, FieldType.Integer, None, _ordinal(question.until)))
        if question.min_confidence is not None:
            least = single(question.min_confidence)
            must.append(self._range("confidence", FieldType.Float, least, None))
        if not must:
            return tantivy.Query.all_query()
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, each) for each in must])

    def _range(self, field: str, kind: Any, lower: Any, upper: Any) -> tantivy.Query:
        return tantivy.Query.range_query(self._schema, field, kind, lower, upper)

    def _given(self, field: str, text: str) -> list[tuple[str, bool]]:
        """The words of a text, and of each whether it is only the beginning of one."""
        found = [
            (term, word.endswith("*") and place == len(terms) - 1)
            for word in text.split()
            for terms in [self._words.analyze(word)]
            for place, term in enumerate(terms)
        ]
        if not found:
            raise BadQuestion(field, "it has no word")
        return found

    def _word(self, field: str, term: str, beginning: bool) -> tantivy.Query:
        if beginning:
            return tantivy.Query.regex_query(self._schema, field, f"{term}.*")
        return tantivy.Query.term_query(self._schema, field, term, "freq")

    def _phrase(self, text: str) -> tantivy.Query:
        given = self._given("contains", text)
        if len(given) == 1:
            return self._word("content", *given[0])
        if any(beginning for _, beginning in given):
            return tantivy.Query.regex_phrase_query(
                self._schema,
                "content",
                [f"{term}.*" if beginning else term for term, beginning in given],
            )
        return tantivy.Query.phrase_query(self._schema, "content", [term for term, _ in given])


def _numbers(searcher: tantivy.Searcher, addresses: list[tantivy.DocAddress]) -> list[int]:
    values = searcher.fast_field_values("number", addresses)
    return [value for value in values if isinstance(value, int)]


def _ordinal(day: datetime.date) -> int:
    return (day - datetime.date(1970, 1, 1)).days


class Writer:
    """Adds statements to an index, as a context; they answer once it is left without an error.

    When it is left, its threads have ended, and nothing is written any more.
    """

    def __init__(self, index: tantivy.Index) -> None:
        self._writer = index.writer(_MEMORY, _THREADS)

    def add(self, batch: pa.RecordBatch, first: int) -> None:
        """Adds statements, which get the numbers from `first` on."""
        columns = {name: batch.column(column).to_pylist() for name, column in _TEXTS}
        columns |= {name: batch.column(name).to_pylist() for name in _NAMES}
        anchor = batch.column("anchor_date")
        since, until = batch.column("date_from"), batch.column("date_to")
        days = {
            _FIRST: pc.coalesce(since, until, anchor).cast(pa.int32()).to_pylist(),
            _LAST: pc.coalesce(until, since, anchor).cast(pa.int32()).to_pylist(),
        }
        confidence = batch.column("confidence").to_pylist()
        for row in range(batch.num_rows):
            document = tantivy.Document()
            document.add_unsigned("number", first + row)
            for name, values in columns.items():
                if value := values[row]:
                    document.add_text(name, value)
            document.add_text("stems", columns["content"][row] or "")
            number = first + row
            day = days[_FIRST][row]
            if day is None:
                document.add_integer(_NEWEST, number - _NO_DAY)
                document.add_integer(_OLDEST, number + _NO_DAY)
            else:
                document.add_integer(_FIRST, day)
                document.add_integer(_LAST, days[_LAST][row])
                document.add_integer(_NEWEST, day * _A_DAY - number)
                document.add_integer(_OLDEST, day * _A_DAY + number)
            if (sure := confidence[row]) is not None:
                document.add_float("confidence", sure)
            self._writer.add_document(document)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        if error is None:
            self._writer.commit()
        else:
            self._writer.rollback()
        self._writer.wait_merging_threads()
