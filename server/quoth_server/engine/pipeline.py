"""The whole way of an article through the engine: every step, in order, on one screen."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version

from spacy.tokens import Doc

from quoth_server.engine import (
    anchors,
    anonymity,
    confidence,
    context,
    factuality,
    known,
    language,
    lexicon,
    marks,
    nonresponses,
    paragraphs,
    roles,
    sentences,
    statements,
)
from quoth_server.engine.attributions import AttributionModel
from quoth_server.engine.attributions.model import DIRECTORY
from quoth_server.engine.config import EngineConfig
from quoth_server.engine.context import Context
from quoth_server.engine.dates import of_statements
from quoth_server.engine.parse import Parser
from quoth_server.engine.records import questions
from quoth_server.engine.records.network import RecordNetwork
from quoth_server.engine.records.table import read_table
from quoth_server.engine.speakers import nouns, referents, resolution, role_tags
from quoth_server.engine.statements import Draft, RelayWords
from quoth_server.engine.types import (
    AnchorDate,
    Article,
    Cue,
    Factuality,
    Nonresponse,
    Notice,
    NoticeReason,
    Quotation,
    Reading,
    RejectedQuotation,
    Relay,
    Span,
    Speaker,
    SpeakerMention,
    Statement,
    StatementDate,
)

__all__ = ["Pipeline", "Told", "load"]

_KEPT_WORDS = 4_000  # twice as many save no more


def load(config: EngineConfig) -> Pipeline:
    """Loads the models, once in a process.

    Raises:
        ModelError: One of them is missing or damaged.
    """
    language.load()
    parser, finder = Parser(config.pipeline), AttributionModel.load()
    records = RecordNetwork.load(DIRECTORY)
    common = finder.common_words(_KEPT_WORDS)
    parser.keep(form for word in common for form in (word, word.capitalize()))
    return Pipeline(parser, finder, records)


@dataclass(frozen=True, slots=True)
class Told:
    """What the steps found in an article.

    `mentions` to `said` are parallel to `drafts`, and with those of `unanswered` behind them
    `cast.mentions`; so are `silent_dates` to `unanswered`. Confidences in them are the record
    network's own.
    """

    doc: Doc
    quotations: Sequence[Quotation]
    anchor: AnchorDate | None
    drafts: Sequence[Draft]
    cast: resolution.Speakers
    mentions: Sequence[SpeakerMention | None]
    dates: Sequence[StatementDate | None]
    around: Sequence[Context]
    said: Sequence[Factuality]
    rejected: tuple[RejectedQuotation, ...]
    unanswered: Sequence[nonresponses.Told]
    silent_dates: Sequence[StatementDate | None]
    sentences: tuple[Span, ...]


class Pipeline:
    """Reads articles, one at a time. The same article always gives the same reading."""

    def __init__(self, parser: Parser, finder: AttributionModel, records: RecordNetwork) -> None:
        self._parser = parser
        self._finder = finder
        self._records = records
        self.components: Mapping[str, str] = {
            "rules": version("quoth-server"),
            "attribution": finder.version,
            "lexicon": lexicon.digest(),
            "parse": parser.version,
            "records": records.version,
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
        language.check(article.body)
        with self._parser.memory():
            told = self.read(article)
            found = [
                _statement(number, article.body, told.doc, told.cast.speakers, *parts)
                for number, parts in enumerate(
                    zip(
                        *(told.drafts, told.mentions, told.dates, told.around, told.said),
                        strict=True,
                    ),
                    1,
                )
            ]
            silent = tuple(
                _nonresponse(told.doc, *parts)
                for parts in zip(
                    told.unanswered,
                    told.cast.mentions[len(told.drafts) :],
                    told.silent_dates,
                    strict=True,
                )
            )
        found.sort(key=lambda statement: statement.content_spans[0].start_offset)
        notices = (*told.cast.notices, *_notices(told.quotations, told.dates, told.anchor))
        return Reading(
            statements=tuple(found),
            speakers=told.cast.speakers,
            anchor_date=told.anchor,
            notices=notices,
            rejected_quotations=told.rejected,
            nonresponses=silent,
            sentences=told.sentences,
        )

    def read(self, article: Article) -> Told:
        """Takes the steps; what comes out is in spaCy's terms, and not yet calibrated."""
        body = marks.unescaped(paragraphs.plain_spaces(article.body))
        layout = paragraphs.divide(body, article.title)
        anchor = anchors.find(article, layout)
        quotations = marks.pair(body, layout)
        doc = self._parser.tokens(body)
        found = self._finder.read(doc, layout, quotations)
        self._parser.parse(doc, found.words, found.seen.parse)
        nouns.learn(doc, found)
        table = read_table(doc, found.words, found.seen.vectors, layout, found.attributions)
        tagged = role_tags.find(doc, table, found.seen.roles)
        read = self._records.read(table)
        unanswered, terms = nonresponses.find(doc), anonymity.find(doc)
        candidates = statements.candidates(doc, layout, quotations, found.attributions)
        candidates = nonresponses.without(doc, candidates, unanswered)
        candidates = anonymity.without(candidates, terms)
        likely = self._records.ask(read, questions.ask(doc, table, candidates)).likelihoods()
        drafts = statements.assemble(doc, layout, quotations, candidates, likely)
        unanswered = nonresponses.not_stated(unanswered, drafts)
        # Who did not answer is found as who spoke is, with those before and after them.
        acts = (*drafts, *(each.draft for each in unanswered))
        asked = self._records.ask(read, questions.ask(doc, table, acts))
        phrases = referents.find(doc, table, layout, quotations, article.title, tagged)
        cast = resolution.link(doc, asked, phrases, acts)
        cast = roles.assign(asked, roles.find(doc, table, phrases, acts), acts, cast)
        cast = known.apply(doc, phrases.phrases, cast, article.known_speakers)
        cast = anonymity.grant(doc, phrases, acts, cast, terms)
        said = factuality.find(doc, acts)
        times = of_statements.Times(doc, table, layout, acts, anchor)
        contents = [span for draft in drafts for span in draft.content]
        ids = [mention.speaker_id if mention else "" for mention in cast.mentions]
        dates = of_statements.find(doc, asked, times, acts, said, ids)
        told = len(drafts)
        return Told(
            doc=doc,
            quotations=quotations,
            anchor=anchor,
            drafts=drafts,
            cast=cast,
            mentions=cast.mentions[:told],
            dates=dates[:told],
            around=context.find(doc, drafts),
            said=said[:told],
            rejected=statements.rejected(doc, quotations, contents),
            unanswered=unanswered,
            silent_dates=dates[told:],
            sentences=sentences.find(doc),
        )


def _statement(
    number: int,
    body: str,
    doc: Doc,
    cast: Sequence[Speaker],
    draft: Draft,
    mention: SpeakerMention | None,
    date: StatementDate | None,
    around: Context,
    said: Factuality,
) -> Statement:
    """One statement, put together from what each step found of it."""
    values = confidence.features(doc, draft, mention, date)
    return Statement(
        statement_id=f"s{number}",
        kind=draft.kind,
        content_spans=statements.own_words(body, draft),
        quoted_spans=draft.quoted,
        cue=_cue(doc, draft.cue) if draft.cue else None,
        speaker=_sure(mention, values),
        addressee=around.addressee,
        medium=around.medium,
        date=replace(date, confidence=confidence.of_date(values)) if date else None,
        parent_statement_id="" if draft.parent is None else f"s{draft.parent + 1}",
        factuality=said,
        relays=tuple(_relay(doc, words, cast) for words in draft.relays),
        confidence=confidence.of_statement(values),
        record_confidence=confidence.of_record(values),
    )


def _nonresponse(
    doc: Doc,
    told: nonresponses.Told,
    mention: SpeakerMention | None,
    date: StatementDate | None,
) -> Nonresponse:
    """One nonresponse, likewise; where no words name who it was, nobody is guessed."""
    if told.source is None:
        mention = None
    values = confidence.features(doc, told.draft, mention, date)
    return Nonresponse(
        kind=told.kind,
        cue=_cue(doc, told.cue),
        speaker=_sure(mention, values),
        date=replace(date, confidence=confidence.of_date(values)) if date else None,
    )


def _sure(mention: SpeakerMention | None, values: Mapping[str, float]) -> SpeakerMention | None:
    """The mention with probabilities that are calibrated."""
    if mention is None:
        return None
    return replace(
        mention,
        confidence=confidence.of_link(values),
        role_confidence=confidence.of_role(values),
    )


def _cue(doc: Doc, span: Span) -> Cue:
    words = doc.char_span(span.start_offset, span.end_offset, alignment_mode="expand")
    return Cue(span, words.lemma_ if words is not None else "")


def _relay(doc: Doc, words: RelayWords, cast: Sequence[Speaker]) -> Relay:
    """A relay, with the speaker that its words are a mention of."""
    ids = [
        speaker.speaker_id
        for speaker in cast
        if any(
            m.overlaps(words.span) and m.end_offset == words.span.end_offset
            for m in speaker.mentions
        )
    ]
    return Relay(words.span, _cue(doc, words.cue) if words.cue else None, ids[0] if ids else "")


def _lacks_mark(quotation: Quotation) -> bool:
    """Whether its closing mark is missing; a block quotation (`>`) has none."""
    ended = quotation.inner.end_offset < quotation.outer.end_offset
    return not quotation.closed or not (ended or quotation.is_block)


def _notices(
    quotations: Sequence[Quotation], told: Sequence[StatementDate | None], anchor: AnchorDate | None
) -> list[Notice]:
    outermost = [quotation for quotation in quotations if quotation.depth == 0]
    notices = [
        Notice(
            NoticeReason.UNBALANCED_QUOTATION_MARKS,
            "A quotation mark is opened here but not closed in its paragraph.",
            quotation.outer,
        )
        for quotation, following in zip(outermost, [*outermost[1:], None], strict=False)
        if _lacks_mark(quotation) and not (following and following.continues)
    ]
    if anchor is None and any(date and date.date is None for date in told):
        notices.append(
            Notice(
                NoticeReason.NO_PUBLISH_TIME,
                "Relative dates are left unresolved: give `article.publish_date`.",
            )
        )
    return notices
