"""What the rows of an archive hold: one table of fields, and the Parquet schemas made of it.

The field names are stable: fields may be added, none is renamed or removed. pyarrow (the extra
`archive`) is imported only by the functions that need it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from quoth.v1 import (
    AnchorBasis,
    DateBasis,
    DateGranularity,
    Factuality,
    MediumType,
    NonresponseKind,
    RoleStatus,
    SpeakerType,
    StatementKind,
)
from quoth_cli.enum_words import words
from quoth_cli.table.rows import Row

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "ARTICLE_FIELDS",
    "HEAD_FIELDS",
    "NONRESPONSE_FIELDS",
    "STATEMENT_FIELDS",
    "TAIL_FIELDS",
    "Field",
    "Rows",
    "fields_of_rows",
    "markdown_table",
    "parquet_schema",
    "table_of",
]

Field = tuple[str, str, str]
"""Name, type and meaning."""


class Rows(StrEnum):
    """What a row is of."""

    STATEMENTS = "statements"
    ARTICLES = "articles"


def _either(enum: Any) -> str:
    *first, last = (f"`{each}`" for each in words(enum))
    return f"{', '.join(first)} or {last}"


HEAD_FIELDS: tuple[Field, ...] = (
    ("position", "int64", "place of the article in the input, from 0"),
    ("article_id", "string", "the article's id in the input, else its place there"),
    ("title", "string", "headline"),
    ("published", "string", "day or instant of publication as given, ISO 8601"),
    ("updated", "string", "day or instant of the last change as given, ISO 8601"),
    ("url", "string", "where the article is found"),
    ("author", "string", "who wrote it"),
    ("section", "string", "part of the paper"),
    ("anchor_date", "date", "day that relative dates are counted from"),
    ("anchor_basis", "string", f"who gave it: {_either(AnchorBasis)}"),
    ("language", "string", "BCP-47 code of the article"),
)

STATEMENT_FIELDS: tuple[Field, ...] = (
    ("statement_id", "string", "unique in the article"),
    ("kind", "string", _either(StatementKind)),
    (
        "content",
        "string",
        "what was said; `[…]` where the article has other words between its parts",
    ),
    ("content_spans", "spans", "where the parts are"),
    ("quoted_spans", "spans", "where the words claimed to be verbatim are"),
    ("cue", "string", "the words that introduce it, such as *said*"),
    ("cue_lemma", "string", "the cue's base form"),
    ("cue_start", "int32", "where the cue begins"),
    ("cue_end", "int32", "where it ends, exclusive"),
    ("speaker_id", "string", "the speaker, unique in the article"),
    ("speaker", "string", "the fullest name the article has, or a description"),
    ("speaker_type", "string", _either(SpeakerType)),
    ("mention", "string", "the speaker as named at this statement, such as *she*"),
    ("mention_start", "int32", "where the mention begins"),
    ("mention_end", "int32", "where it ends, exclusive"),
    ("role", "string", "the role held at this statement, in the article's words"),
    ("role_organization", "string", "where the role is held"),
    ("role_status", "string", _either(RoleStatus)),
    ("role_start", "int32", "where the role begins"),
    ("role_end", "int32", "where it ends, exclusive"),
    ("date_text", "string", "the words for when it was said"),
    ("date", "string", "`2019`, `2019-05` or `2019-05-25`; a week is its Monday"),
    ("date_from", "date", "first day that the date can mean"),
    ("date_to", "date", "last day that the date can mean"),
    ("date_granularity", "string", _either(DateGranularity)),
    ("date_basis", "string", f"how the date is tied to it: {_either(DateBasis)}"),
    ("addressee", "string", "to whom"),
    ("medium", "string", "through what"),
    ("medium_type", "string", _either(MediumType)),
    ("parent_statement_id", "string", "the statement that reports this one"),
    ("factuality", "string", _either(Factuality)),
    ("relays", "relays", "who passed it on, the nearest to the article first"),
    ("confidence", "float", "how likely kind, content and speaker are right"),
    ("speaker_confidence", "float", "how likely `speaker_id` is right"),
    ("role_confidence", "float", "how likely the role is right"),
    ("date_confidence", "float", "how likely the date is right"),
    ("record_confidence", "float", "how likely the whole record is right"),
)

_SHARED = ("cue", "cue_", "speaker", "mention", "role", "date")
NONRESPONSE_FIELDS: tuple[Field, ...] = (
    ("kind", "string", _either(NonresponseKind)),
    *(field for field in STATEMENT_FIELDS if field[0].startswith(_SHARED)),
)
"""Those of a statement, but for its content."""

TAIL_FIELDS: tuple[Field, ...] = (
    ("engine_version", "string", "version of rules and models that found it"),
)

ARTICLE_FIELDS: tuple[Field, ...] = (
    ("statements", "statements", "the fields of each statement"),
    ("nonresponses", "nonresponses", "who did not answer; with --nonresponses"),
    ("sentences", "sentences", "each sentence, with its statements; with --sentences"),
    ("speakers", "speakers", "each speaker with all roles and mentions, and why they have no name"),
    ("notices", "notices", "what to know about the answer"),
)

_TEXT: Field = ("text", "text", "the article's text, which all offsets count in; with --with-text")


def fields_of_rows(rows: Rows, *, with_text: bool = False) -> tuple[Field, ...]:
    """The fields of a row, in order."""
    middle = STATEMENT_FIELDS if rows is Rows.STATEMENTS else ARTICLE_FIELDS
    return HEAD_FIELDS + middle + TAIL_FIELDS + ((_TEXT,) if with_text else ())


def parquet_schema(rows: Rows, *, with_text: bool = False) -> pa.Schema:
    """The schema of a Parquet file of such rows.

    Raises:
        ModuleNotFoundError: pyarrow is not installed.
    """
    import pyarrow as pa

    fields = fields_of_rows(rows, with_text=with_text)
    return pa.schema([pa.field(name, _type(kind)) for name, kind, _ in fields])


def table_of(rows: Sequence[Row], schema: pa.Schema) -> pa.Table:
    """Rows as a table of a schema of `parquet_schema`; dates may be ISO texts, as rows have them.

    Raises:
        ModuleNotFoundError: pyarrow is not installed.
        pyarrow.ArrowInvalid: A value does not fit its field.
    """
    import pyarrow as pa

    texts = pa.schema([pa.field(each.name, _with_texts(each.type)) for each in schema])
    return pa.Table.from_pylist(list(rows), schema=texts).cast(schema)


def markdown_table(fields: Iterable[Field]) -> str:
    """The fields as a table for the documentation."""
    lines = ["| field | type | what |", "| --- | --- | --- |"]
    lines += [f"| `{name}` | {_in_words(kind)} | {what} |" for name, kind, what in fields]
    return "\n".join(lines)


# The fields of each structure that a list is of.
_LISTS: Mapping[str, Mapping[str, str]] = {
    "spans": {"start": "int32", "end": "int32"},
    "relays": dict.fromkeys(("mention", "speaker_id", "cue"), "string"),
    "statements": {name: kind for name, kind, _ in STATEMENT_FIELDS},
    "nonresponses": {name: kind for name, kind, _ in NONRESPONSE_FIELDS},
    "sentences": {"start": "int32", "end": "int32", "statement_ids": "ids"},
    "roles": dict.fromkeys(("role", "role_organization", "role_status"), "string"),
    "speakers": {
        **dict.fromkeys(("speaker_id", "speaker", "speaker_type"), "string"),
        "roles": "roles",
        "mentions": "spans",
        **dict.fromkeys(("anonymity", "anonymity_reason"), "string"),
    },
    "notices": {"reason": "string", "message": "string", "start": "int32", "end": "int32"},
}
# Where the names of the fields would be too long.
_WORDS = {
    "statements": "list of statements",
    "nonresponses": "list of {kind, and what a statement has of cue, speaker, role, date}",
    "speakers": "list of {speaker_id, speaker, speaker_type, roles, mentions, anonymity…}",
    "text": "string",
}


def _in_words(kind: str) -> str:
    if kind in _LISTS and kind not in _WORDS:
        return f"list of {{{', '.join(_LISTS[kind])}}}"
    return _WORDS.get(kind, kind)


def _type(kind: str) -> pa.DataType:
    import pyarrow as pa

    match kind:
        case "int64" | "int32" | "string":
            return getattr(pa, kind)()
        case "date":
            return pa.date32()
        case "float":
            return pa.float32()
        case "text":
            return pa.string()
        case "ids":
            return pa.list_(pa.string())
        case _:
            fields = _LISTS[kind].items()
            return pa.list_(pa.struct([pa.field(name, _type(each)) for name, each in fields]))


def _with_texts(kind: pa.DataType) -> pa.DataType:
    """A type with texts in place of dates."""
    import pyarrow as pa

    if pa.types.is_date(kind):
        return pa.string()
    if pa.types.is_list(kind):
        return pa.list_(_with_texts(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(each.name, _with_texts(each.type)) for each in kind.fields])
    return kind
