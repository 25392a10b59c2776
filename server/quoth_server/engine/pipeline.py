"""The whole way of an article through the engine: every step, in order, on one screen."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version

from spacy.tokens import Doc

from quoth_server.engine import (
    anchors,
    confidence,
    context,
    dates,
    factuality,
    language,
    lexicon,
    marks,
    paragraphs,
    roles,
    speakers,
    statements,
)
from quoth_server.engine.attributions import AttributionModel
from quoth_server.engine.config import EngineConfig
from quoth_server.engine.context import Context
from quoth_server.engine.parse import Parser
from quoth_server.engine.statements import Draft, RelayWords
from quoth_server.engine.types import (
    Anchor,
    Article,
    Cue,
    Factuality,
    Mention,
    Notice,
    NoticeReason,
    Quotation,
    Reading,
    Relay,
    Span,
    Speaker,
    Statement,
    StatementDate,
)

__all__ = ["Pipeline", "load"]

_KEPT_WORDS = 4_000  # twice as many save no more


def load(config: EngineConfig) -> Pipeline:
    """Loads the models, once in a process.

    Raises:
        ModelError: One of them is missing or damaged.
    """
    language.load()
    parser, finder = Parser(config.pipeline), AttributionModel.load()
    common = finder.common_words(_KEPT_WORDS)
    parser.keep(form for word in common for form in (word, word.capitalize()))
    return Pipeline(parser, finder)


class Pipeline:
    """Reads articles, one at a time. The same article always gives the same reading."""

    def __init__(self, parser: Parser, finder: AttributionModel) -> None:
        self._parser = parser
        self._finder = finder
        self.components: Mapping[str, str] = {
            "rules": version("quoth-server"),
            "attribution": finder.version,
            "lexicon": lexicon.digest(),
            "parse": parser.version,
        }

    @property
    def version(self) -> str:
        """The version of rules and models together, such as `0.1.0+3f2a91c0`."""
        models = " ".join(f"{name}={value}" for name, value in sorted(self.components.items()))
        return f"{self.components['rules']}+{hashlib.sha256(models.encode()).hexdigest()[:8]}"

    def attribute(self, article: Article) -> Reading:
        """Finds who said what, in which role and when.

        Raises:
            UnsupportedLanguage: The body is surely not in English.
        """
        body = article.body
        language.check(body)
        layout = paragraphs.divide(body, article.title)
        anchor = anchors.find(article, layout)
        quotations = marks.pair(body, layout)
        with self._parser.memory():
            doc = self._parser.parse(body, layout)
            attributions = self._finder.find(doc, layout, quotations)
            drafts = statements.assemble(doc, layout, quotations, attributions)
            cast = speakers.link(doc, layout, quotations, drafts, article.title)
            mentions = roles.find(drafts, cast.speakers, cast.mentions)
            speaker_ids = [mention.speaker_id if mention else "" for mention in mentions]
            told = dates.find(doc, layout, drafts, anchor, speaker_ids)
            around = context.find(doc, drafts)
            said = factuality.find(doc, drafts)
            contents = [span for draft in drafts for span in draft.content]
            rejected = statements.rejected(doc, quotations, contents)
            found = tuple(
                _statement(number, doc, cast.speakers, *parts)
                for number, parts in enumerate(
                    zip(drafts, mentions, told, around, said, strict=True), 1
                )
            )
        notices = (*cast.notices, *_notices(quotations, told, anchor))
        return Reading(found, cast.speakers, anchor, notices, rejected)


def _statement(
    number: int,
    doc: Doc,
    cast: Sequence[Speaker],
    draft: Draft,
    mention: Mention | None,
    date: StatementDate | None,
    around: Context,
    said: Factuality,
) -> Statement:
    """One statement, put together from what each step found of it."""
    values = confidence.features(doc, draft, mention, date)
    if mention is not None:
        mention = replace(
            mention,
            confidence=confidence.of_link(values),
            role_confidence=confidence.of_role(values),
        )
    return Statement(
        statement_id=f"s{number}",
        kind=draft.kind,
        content=draft.content,
        quoted=draft.quoted,
        cue=_cue(doc, draft.cue) if draft.cue else None,
        speaker=mention,
        addressee=around.addressee,
        medium=around.medium,
        date=replace(date, confidence=confidence.of_date(values)) if date else None,
        parent_id="" if draft.parent is None else f"s{draft.parent + 1}",
        factuality=said,
        relays=tuple(_relay(doc, words, cast) for words in draft.relays),
        confidence=confidence.of_statement(values),
        record_confidence=confidence.of_record(values),
    )


def _cue(doc: Doc, span: Span) -> Cue:
    words = doc.char_span(span.start, span.end, alignment_mode="expand")
    return Cue(span, words.lemma_ if words is not None else "")


def _relay(doc: Doc, words: RelayWords, cast: Sequence[Speaker]) -> Relay:
    """A relay, with the speaker that its words are a mention of."""
    ids = [
        speaker.speaker_id
        for speaker in cast
        if any(m.overlaps(words.span) and m.end == words.span.end for m in speaker.mentions)
    ]
    return Relay(words.span, _cue(doc, words.cue) if words.cue else None, ids[0] if ids else "")


def _notices(
    quotations: Sequence[Quotation], told: Sequence[StatementDate | None], anchor: Anchor | None
) -> list[Notice]:
    outermost = [quotation for quotation in quotations if quotation.depth == 0]
    notices = [
        Notice(
            NoticeReason.UNBALANCED_QUOTATION_MARKS,
            "A quotation mark is opened here and not closed in its paragraph.",
            quotation.outer,
        )
        for quotation, following in zip(outermost, [*outermost[1:], None], strict=False)
        if not quotation.closed and not (following and following.continues)
    ]
    if anchor is None and any(date and date.date is None for date in told):
        notices.append(
            Notice(
                NoticeReason.NO_PUBLISH_TIME,
                "Relative dates are left unresolved: give `article.publish_time`.",
            )
        )
    return notices
