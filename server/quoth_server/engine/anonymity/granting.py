"""Which speakers of the article the terms of anonymity are of."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc, Token

from quoth_server.engine.anonymity.terms import Terms
from quoth_server.engine.body import body_of
from quoth_server.engine.speakers.mentions import Form
from quoth_server.engine.speakers.referents import Referents
from quoth_server.engine.speakers.resolution import Speakers
from quoth_server.engine.statements import Draft
from quoth_server.engine.types import Anonymity, Speaker

__all__ = ["grant"]

_BESIDE = re.compile(r",?\s+(\w+\s+){0,2}")
_MOST = 32
"""Sources that are looked at before a word: time stays linear where there are many."""
_NEAR = 2
"""A pronoun means a source of its sentence, or of this many before it."""


def grant(
    doc: Doc, found: Referents, drafts: Sequence[Draft], cast: Speakers, terms: Sequence[Terms]
) -> Speakers:
    """The speakers, those of the terms with their anonymity; the first terms with a reason count.

    Args:
        doc: The parse of the body.
        found: The phrases that `cast.phrases` counts.
        drafts: What `cast.mentions` are of.
        cast: Who speaks.
        terms: Those of the article.
    """
    if not terms:
        return cast
    given: dict[str, Anonymity] = {}
    holders = _Holders(doc, found, drafts, cast)
    for each in terms:
        key = holders.speaker(each)
        known = given.get(key)
        if key and (known is None or (known.reason is None and each.reason is not None)):
            span = each.span if known is None else known.span
            given[key] = Anonymity(span, each.reason)
    speakers = tuple(
        replace(speaker, anonymity=given.get(speaker.speaker_id)) for speaker in cast.speakers
    )
    return replace(cast, speakers=speakers)


class _Holders:
    """Finds the speaker that a word means."""

    def __init__(self, doc: Doc, found: Referents, drafts: Sequence[Draft], cast: Speakers) -> None:
        self._doc = doc
        self._by_head = {
            found.phrases[at].head: speaker
            for speaker, phrases in zip(cast.speakers, cast.phrases, strict=True)
            for at in phrases
        }
        self._named = {
            speaker.speaker_id
            for speaker, phrases in zip(cast.speakers, cast.phrases, strict=True)
            if any(found.phrases[at].form is Form.NAME for at in phrases)
        }
        self._by_id = {speaker.speaker_id: speaker for speaker in cast.speakers}
        self._body = body_of(doc)
        self._sources = sorted(
            (draft.source.start_offset, draft.source.end_offset, mention.speaker_id)
            for draft, mention in zip(drafts, cast.mentions, strict=True)
            if mention is not None and draft.source is not None
        )

    def speaker(self, terms: Terms) -> str:
        """The id of the speaker that the terms are of; empty where it is nobody of the cast.

        Whoever the article names is none, unless the terms are about a part of the name.
        """
        holder = terms.holder
        for found in (self._by_head.get(holder.i), self._source_at(holder), self._beside(terms)):
            if self._fits(found, terms):
                return found.speaker_id if found else ""
        found = self._near(holder)
        return found.speaker_id if found else ""

    def _fits(self, speaker: Speaker | None, terms: Terms) -> bool:
        return speaker is not None and (speaker.speaker_id not in self._named or terms.in_part)

    def _before(self, offset: int) -> list[tuple[int, int, str]]:
        """The sources that begin last before an offset, the nearest first: start, end, speaker."""
        at = bisect_left(self._sources, (offset,))
        return self._sources[max(0, at - _MOST) : at][::-1]

    def _beside(self, terms: Terms) -> Speaker | None:
        """The speaker of a source right before the words: "an aide, speaking on condition of"."""
        if terms.span is None:
            return None
        start = terms.span.start_offset
        for _, end, speaker in self._before(start):
            if end <= start and _BESIDE.fullmatch(self._body, end, start):
                return self._by_id.get(speaker)
        return None

    def _source_at(self, holder: Token) -> Speaker | None:
        """The speaker of a statement whose source has the word, the shortest one."""
        sources = [
            (end - start, speaker)
            for start, end, speaker in self._before(holder.idx + 1)
            if holder.idx < end
        ]
        return self._by_id.get(min(sources)[1]) if sources else None

    def _near(self, holder: Token) -> Speaker | None:
        """The last speaker without a name in the sentence of a word, or a few before it.

        For a pronoun any, for a noun that is definite ("the official") one with the same noun.
        """
        pronoun = holder.pos_ == "PRON"
        if not pronoun and not any(c.lower_ == "the" for c in holder.lefts):
            return None
        start = holder.sent.start
        for _ in range(_NEAR):
            if start > 0:
                start = self._doc[start - 1].sent.start
        first = self._doc[start].idx
        for begins, ends, speaker in self._before(holder.idx + 1):
            if begins < first:
                return None
            words = self._body[begins:ends].lower().split()
            if speaker not in self._named and (pronoun or holder.lower_ in words):
                return self._by_id.get(speaker)
        return None
