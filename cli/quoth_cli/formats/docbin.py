"""spaCy output: a `DocBin`, one `Doc` an article, which spaCy reads without quoth.

A `Doc` holds the text exactly. Its tokens are those of spaCy's English tokenizer, cut where a
span of the answer begins or ends inside one, so that every span is exact. `Doc.spans` has these
groups; the `id_` of a span is its statement, the `kb_id_` its speaker:

    quoth.content    what was said; label: kind of statement
    quoth.said_by    the same; label: name of the speaker, as displaCy draws it
    quoth.quoted     the words claimed to be verbatim; label: kind of statement
    quoth.cue        label: lemma
    quoth.speaker    the mention at the statement; label: type of speaker
    quoth.role       label: whether it is held
    quoth.date       label: the date
    quoth.addressee
    quoth.medium     label: type of medium
    quoth.relay      who passed the statement on
    quoth.mentions   every mention of a speaker; label: type of speaker

`Doc.user_data["quoth"]` is the document that `--format json` writes for an extracted page.
"""

from __future__ import annotations

import importlib.util
from collections import defaultdict
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, NamedTuple

from quoth import speaker_of
from quoth.v1 import (
    Article,
    AttributeQuotesResponse,
    MediumType,
    RoleStatus,
    SpeakerType,
    Statement,
    StatementKind,
    TextSpan,
)
from quoth_cli.enum_words import word
from quoth_cli.exits import Exit, Failure
from quoth_cli.formats.document import document, given_fields
from quoth_cli.formats.renderer import Renderer
from quoth_cli.table.rows import ArticleMeta, calendar_text

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

__all__ = ["KEY", "DocBinRenderer", "DocMaker", "require_spacy"]

KEY = "quoth"
"""The key of `Doc.user_data`; the names of the groups of spans begin with it."""

_UNKNOWN = "unknown speaker"


class _Mark(NamedTuple):
    """A span of the answer, as its group in `Doc.spans` has it."""

    group: str
    span: TextSpan
    label: str | None = None
    statement_id: str = ""
    speaker_id: str = ""


def require_spacy() -> None:
    """Sees that spaCy is installed.

    Raises:
        Failure: It is not.
    """
    if importlib.util.find_spec("spacy") is None:
        raise Failure(
            Exit.MISSING_PACKAGE, "--format docbin needs spaCy; install it with: pip install spacy"
        )


class DocMaker:
    """Makes a `Doc` of an article and its answer; a `Failure` where spaCy is not installed."""

    def __init__(self) -> None:
        require_spacy()
        import spacy

        self._language = spacy.blank("en")

    def make(self, meta: ArticleMeta, article: Article, response: AttributeQuotesResponse) -> Doc:
        """The `Doc` of one article; offsets of the answer are code points of its body."""
        marks = [mark for mark in _marks(response) if mark.span.start_offset < mark.span.end_offset]
        doc = self._tokens(article.body, [mark.span for mark in marks])
        groups: dict[str, list[Span]] = defaultdict(list)
        for mark in marks:
            span = doc.char_span(
                mark.span.start_offset,
                mark.span.end_offset,
                label=mark.label or "",
                kb_id=mark.speaker_id,
                span_id=mark.statement_id,
            )
            assert span is not None, "tokens are cut at every span"
            groups[f"{KEY}.{mark.group}"].append(span)
        for name, spans in groups.items():
            doc.spans[name] = spans
        doc.user_data[KEY] = document(meta.id, response, given_fields(meta, article.body))
        return doc

    def _tokens(self, text: str, spans: list[TextSpan]) -> Doc:
        """The text as tokens, none of which a span begins or ends in."""
        from spacy.tokens import Doc

        cuts = {span.start_offset for span in spans} | {span.end_offset for span in spans}
        words: list[str] = []
        spaces: list[bool] = []
        for token in self._language.tokenizer(text):
            start, end = token.idx, token.idx + len(token)
            # A space belongs to the token before it, unless a span begins or ends behind it only.
            alone = bool(token.whitespace_) and _parts_space(end, spans)
            for at in sorted(cut for cut in cuts if start < cut < end):
                words.append(text[start:at])
                spaces.append(False)
                start = at
            words.append(text[start:end])
            spaces.append(bool(token.whitespace_) and not alone)
            if alone:
                words.append(" ")
                spaces.append(False)
        return Doc(self._language.vocab, words=words, spaces=spaces)


def _parts_space(at: int, spans: list[TextSpan]) -> bool:
    return any(span.start_offset == at or span.end_offset == at + 1 for span in spans)


def _marks(response: AttributeQuotesResponse) -> Iterator[_Mark]:
    types = {speaker.speaker_id: word(SpeakerType, speaker.type) for speaker in response.speakers}
    for statement in response.statements:
        speaker = speaker_of(response, statement)
        name, who = (speaker.display_name, speaker.speaker_id) if speaker else (_UNKNOWN, "")
        for span in statement.content_spans:
            yield _Mark("said_by", span, name, statement.statement_id, who)
        yield from _marks_of(statement, types)
    for speaker in response.speakers:
        for mention in speaker.mentions:
            yield _Mark(
                "mentions", mention, types[speaker.speaker_id], speaker_id=speaker.speaker_id
            )


def _marks_of(statement: Statement, types: dict[str, str | None]) -> Iterator[_Mark]:
    """Yields the spans of one statement; what is unset is an empty span."""
    known = statement.statement_id
    kind = word(StatementKind, statement.kind)
    mention, date, medium = statement.speaker, statement.date, statement.medium
    who = mention.speaker_id
    status = word(RoleStatus, mention.role.status)
    for span in statement.content_spans:
        yield _Mark("content", span, kind, known, who)
    for span in statement.quoted_spans:
        yield _Mark("quoted", span, kind, known, who)
    yield _Mark("cue", statement.cue.span, statement.cue.lemma, known)
    yield _Mark("speaker", mention.span, types.get(who), known, who)
    yield _Mark("role", mention.role.span, status, known, who)
    yield _Mark("date", date.span, calendar_text(date.date), known)
    yield _Mark("addressee", statement.addressee, "", known)
    yield _Mark("medium", medium.span, word(MediumType, medium.type), known)
    for relay in statement.relays:
        yield _Mark("relay", relay.span, types.get(relay.speaker_id), known, relay.speaker_id)


class DocBinRenderer(Renderer):
    """Gathers the `Doc` of each article, and writes them all as one `DocBin` when it is closed."""

    def __init__(self, out: IO[bytes]) -> None:
        self._maker = DocMaker()
        from spacy.tokens import DocBin

        self._out = out
        self._docs = DocBin(attrs=["ORTH", "SPACY"], store_user_data=True)

    def write(self, meta: ArticleMeta, article: Article, response: AttributeQuotesResponse) -> None:
        """Adds one article."""
        self._docs.add(self._maker.make(meta, article, response))

    def close(self) -> None:
        """Writes what was added."""
        self._out.write(self._docs.to_bytes())
        self._out.flush()
