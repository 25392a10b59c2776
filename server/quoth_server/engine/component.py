"""quoth as a component of a spaCy pipeline: `nlp.add_pipe("quoth")`, then `doc._.statements`.

The factory is registered by an entry point, so that spaCy finds it without an import. Attributes of
a `Doc`:

- `doc._.published`: when it was published, as `Attributor.attribute` takes it; to be set before
  the component runs, or given as `published` of the context of `nlp.pipe(…, as_tuples=True)`,
  which may have the `title` too.
- `doc._.reading`: the `Result` of its text, None as long as it is not read.
- `doc._.statements`: the statements of the reading, empty without one.
- `doc.spans["quoth.said_by"]`: what was said, labeled with the speaker's name, for displaCy.
- `doc.spans["quoth.content"]` and so on: the same as spaCy's own spans, widened to whole tokens, in
  the groups that `quoth attribute --format docbin` writes. The `id_` of a span is its statement,
  the `kb_id_` its speaker.

The reading is kept in `doc.user_data` as plain values, so it goes wherever a `Doc` goes: through
`Doc.to_bytes`, a `DocBin` with `store_user_data=True`, pickle, and the processes of `nlp.pipe`.
"""

from __future__ import annotations

import datetime
import warnings
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pydantic import TypeAdapter
from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens import Span as Words

from quoth_server.engine.attributor import Attributor, Published, article, unknown
from quoth_server.engine.config import EngineConfig
from quoth_server.engine.errors import UnsupportedLanguage
from quoth_server.engine.types import Article, Reading, Span, Statement
from quoth_server.results import Result

__all__ = ["Quoth"]

_READING = "quoth.reading"
_PUBLISHED = "quoth.published"
_UNKNOWN = "unknown speaker"
_PLAIN = TypeAdapter(Reading)
_GROUPS = (
    *("content", "quoted", "said_by", "cue", "speaker", "role"),
    *("date", "addressee", "medium", "relay", "mentions"),
)


class Quoth:
    """Reads the text of each `Doc`, and nothing that other components found in it.

    So it has the same answer in every pipeline, `spacy.blank("en")` included. It parses the text
    by itself. A text that is surely not English is not read: a warning says so,
    and `doc._.reading` stays None.

    Args:
        attributor: What reads.
        time_zone: The IANA time zone whose day an instant of publication counts as; empty: its own.
    """

    def __init__(self, attributor: Attributor, time_zone: str) -> None:
        self._attributor = attributor
        self._time_zone = time_zone

    def __call__(self, doc: Doc) -> Doc:
        """Reads one.

        Raises:
            InvalidArticle: When it was published cannot be read.
        """
        doc.user_data.pop(_READING, None)
        reading = self._read(doc)
        if reading is not None:
            doc.user_data[_READING] = _PLAIN.dump_python(reading, mode="json")
        groups: dict[str, list[Words]] = {name: [] for name in _GROUPS}
        for mark in _marks(reading) if reading else ():
            groups[mark.group].append(_words(doc, mark))
        for name, spans in groups.items():
            doc.spans[f"quoth.{name}"] = spans
        return doc

    def _read(self, doc: Doc) -> Reading | None:
        if not doc.text.strip():
            return Reading((), ())
        context = doc._context if isinstance(doc._context, Mapping) else {}
        published = context.get("published")
        try:
            return self._attributor.attribute(
                doc.text,
                title=context.get("title") or "",
                published=doc._.published if unknown(published) else published,
                time_zone=self._time_zone,
            )
        except UnsupportedLanguage as error:
            warnings.warn(f"quoth reads English only: {error}; not read", stacklevel=2)
            return None


@Language.factory(
    "quoth",
    default_config={"pipeline": EngineConfig().pipeline, "time_zone": ""},
    assigns=["doc._.reading", "doc._.statements", "doc.spans"],
)
def _make(
    nlp: Language,  # noqa: ARG001 - spaCy gives both by their names
    name: str,  # noqa: ARG001
    pipeline: str,
    time_zone: str,
) -> Quoth:
    return Quoth(Attributor(pipeline), time_zone)


class _Mark(NamedTuple):
    """A span of the reading, as its group in `doc.spans` has it."""

    group: str
    span: Span | None
    label: str = ""
    statement_id: str = ""
    speaker_id: str = ""


def _marks(reading: Reading) -> Iterator[_Mark]:
    types = {speaker.speaker_id: speaker.type for speaker in reading.speakers}
    for statement in reading.statements:
        speaker = reading.speaker_of(statement)
        name, who = (speaker.display_name, speaker.speaker_id) if speaker else (_UNKNOWN, "")
        for span in statement.content_spans:
            yield _Mark("said_by", span, name, statement.statement_id, who)
        for mark in _marks_of(statement, types):
            if mark.span is not None:
                yield mark
    for speaker in reading.speakers:
        for span in speaker.mentions:
            yield _Mark("mentions", span, speaker.type, speaker_id=speaker.speaker_id)


def _marks_of(statement: Statement, types: Mapping[str, str]) -> Iterator[_Mark]:
    known = statement.statement_id
    mention, cue, date = statement.speaker, statement.cue, statement.date
    who = mention.speaker_id if mention else ""
    for span in statement.content_spans:
        yield _Mark("content", span, statement.kind, known, who)
    for span in statement.quoted_spans:
        yield _Mark("quoted", span, statement.kind, known, who)
    if cue:
        yield _Mark("cue", cue.span, cue.lemma, known)
    if mention:
        yield _Mark("speaker", mention.span, types.get(who, ""), known, who)
        if mention.role:
            yield _Mark("role", mention.role.span, mention.role.status, known, who)
    if date:
        yield _Mark("date", date.span, str(date.date or ""), known)
    yield _Mark("addressee", statement.addressee, "", known)
    if statement.medium:
        yield _Mark("medium", statement.medium.span, statement.medium.type, known)
    for relay in statement.relays:
        who = relay.speaker_id
        yield _Mark("relay", relay.span, types.get(who, ""), known, who)


def _words(doc: Doc, mark: _Mark) -> Words:
    assert mark.span is not None
    words = doc.char_span(
        mark.span.start_offset,
        mark.span.end_offset,
        label=mark.label,
        kb_id=mark.speaker_id,
        span_id=mark.statement_id,
        alignment_mode="expand",
    )
    assert words is not None  # a reading has spans of the text only
    return words


def _published(doc: Doc) -> str | None:
    published: str | None = doc.user_data.get(_PUBLISHED)
    return published


def _set_published(doc: Doc, value: Published) -> None:
    article("-", published=value)  # refused where it is set, rather than where it is read
    plain = value.isoformat() if isinstance(value, datetime.date) and value == value else value
    doc.user_data[_PUBLISHED] = plain if isinstance(plain, str) and plain else None


def _reading(doc: Doc) -> Result | None:
    plain = doc.user_data.get(_READING)
    if plain is None:
        return None
    return Result.of(_PLAIN.validate_python(plain), Article(doc.text))


def _statements(doc: Doc) -> tuple[Statement, ...]:
    reading = _reading(doc)
    return reading.statements if reading else ()


Doc.set_extension("published", getter=_published, setter=_set_published, force=True)
Doc.set_extension("reading", getter=_reading, force=True)
Doc.set_extension("statements", getter=_statements, force=True)
