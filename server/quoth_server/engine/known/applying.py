"""The speakers of an article as those that the caller knows.

A speaker of the article is one known speaker at most, and those that are the same one are joined.
Where several fit equally well, none is taken. Where the article's names are of different ones, as
of a father and a son with one name, the speaker is divided, and what names neither is left open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from spacy.tokens import Doc

from quoth_server.engine.known.fitting import Table
from quoth_server.engine.known.identity import Identified, Identifier
from quoth_server.engine.speakers import role_spans
from quoth_server.engine.speakers.mentions import Phrase
from quoth_server.engine.speakers.resolution import Speakers
from quoth_server.engine.types import (
    KnownSpeaker,
    Notice,
    NoticeReason,
    Role,
    Span,
    Speaker,
    SpeakerMention,
)

__all__ = ["apply"]


@dataclass(slots=True)
class _Part:
    """What becomes one speaker of the answer; grows with those that it joins."""

    speaker: Speaker
    known: int | None
    mentions: set[Span] = field(default_factory=set)
    roles: set[Role] = field(default_factory=set)
    phrases: set[int] = field(default_factory=set)


def apply(
    doc: Doc, phrases: Sequence[Phrase], cast: Speakers, known: tuple[KnownSpeaker, ...]
) -> Speakers:
    """The speakers and mentions, with what the caller knows of them.

    Args:
        doc: The parse of the body.
        phrases: Those that `cast.phrases` counts.
        cast: Who speaks, with the roles that they hold.
        known: The known speakers; without any, all stays as it is.
    """
    if not known:
        return cast
    identifier = Identifier(doc, phrases, Table.of(known))
    found = {
        speaker.speaker_id: identifier.identify(speaker, at)
        for speaker, at in zip(cast.speakers, cast.phrases, strict=True)
    }
    owners = [_owner(phrases, found, mention) for mention in cast.mentions]
    parts = _parts(phrases, cast, found, owners)
    mentions = tuple(
        _mention(parts, mention, owner, known)
        for mention, owner in zip(cast.mentions, owners, strict=True)
    )
    return replace(
        cast,
        speakers=tuple(_speaker(doc, key, part, known) for key, part in parts.items()),
        mentions=mentions,
        phrases=tuple(tuple(sorted(part.phrases)) for part in parts.values()),
        notices=(*cast.notices, *_notices(cast, found, mentions)),
    )


_Owner = int | str | None
"""Who a mention is of: a known speaker by index, a speaker of the article by id, or nobody."""


def _owner(
    phrases: Sequence[Phrase], found: dict[str, Identified], mention: SpeakerMention | None
) -> _Owner:
    if mention is None or mention.speaker_id not in found:
        return None
    identified = found[mention.speaker_id]
    if not identified.apart:
        return mention.speaker_id if identified.known is None else identified.known
    span = mention.span
    named = {n for at, n in identified.apart.items() if span and span.covers(phrases[at].span)}
    return named.pop() if len(named) == 1 else None


def _parts(
    phrases: Sequence[Phrase],
    cast: Speakers,
    found: dict[str, Identified],
    owners: Sequence[_Owner],
) -> dict[str, _Part]:
    """What each speaker of the answer is made of, by id, in the order of the first statements."""
    speakers = {s.speaker_id: (s, at) for s, at in zip(cast.speakers, cast.phrases, strict=True)}
    ids: dict[_Owner, str] = {}
    parts: dict[str, _Part] = {}
    for mention, owner in zip(cast.mentions, owners, strict=True):
        if mention is None or owner is None:
            continue
        speaker, at = speakers[mention.speaker_id]
        if owner not in ids:
            taken = speaker.speaker_id in parts  # by another known speaker that it is divided into
            ids[owner] = f"p{len(speakers) + len(ids)}" if taken else speaker.speaker_id
        number = owner if isinstance(owner, int) else None
        part = parts.setdefault(ids[owner], _Part(speaker, number))
        apart = found[speaker.speaker_id].apart
        if apart:
            own = {n for n, known in apart.items() if known == owner}
            part.mentions |= {phrases[n].span for n in own}
            part.mentions |= {mention.span} if mention.span else set()
            part.roles |= {mention.role} if mention.role else set()
            part.phrases |= own
        else:
            part.mentions |= set(speaker.mentions)
            part.roles |= set(speaker.roles)
            part.phrases |= set(at)
    return parts


def _speaker(doc: Doc, key: str, part: _Part, known: tuple[KnownSpeaker, ...]) -> Speaker:
    if part.known is None:
        return part.speaker
    given = known[part.known]
    return Speaker(
        speaker_id=key,
        display_name=given.display_name,
        type=given.type or part.speaker.type,
        roles=tuple(role_spans.by_words(doc, part.roles).values()),
        mentions=tuple(sorted(part.mentions)),
        known_speaker_id=given.known_speaker_id,
    )


def _mention(
    parts: dict[str, _Part],
    mention: SpeakerMention | None,
    owner: _Owner,
    known: tuple[KnownSpeaker, ...],
) -> SpeakerMention | None:
    if mention is None or not mention.speaker_id or isinstance(owner, str):
        return mention
    if owner is None:  # somebody of several known speakers, and nothing says who
        return SpeakerMention(mention.span) if mention.span else None
    key = next(key for key, part in parts.items() if part.known == owner)
    roles = known[owner].roles
    role = roles[0] if roles and mention.role is None else ""
    return replace(mention, speaker_id=key, known_role=role)


def _notices(
    cast: Speakers, found: dict[str, Identified], mentions: Sequence[SpeakerMention | None]
) -> list[Notice]:
    notices = [
        Notice(
            NoticeReason.AMBIGUOUS_KNOWN_SPEAKER,
            "Several known speakers fit this speaker equally well; give an alias or a role that "
            "only one of them has.",
            speaker.mentions[0] if speaker.mentions else None,
        )
        for speaker in cast.speakers
        if found[speaker.speaker_id].several
    ]
    for before, after in zip(cast.mentions, mentions, strict=True):
        if before and before.speaker_id and not (after and after.speaker_id):
            notices.append(
                Notice(
                    NoticeReason.AMBIGUOUS_SPEAKER,
                    "Two known speakers have this name; the speaker is left open.",
                    before.span,
                )
            )
    return notices
