"""Which role each speaker holds at each statement, as the record network chooses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from quoth_server.engine.records.network import Asked
from quoth_server.engine.roles.candidates import RolePhrases
from quoth_server.engine.speakers import role_spans
from quoth_server.engine.speakers.resolution import Speakers
from quoth_server.engine.statements import Draft
from quoth_server.engine.types import Role, Speaker, SpeakerMention, SpeakerType

__all__ = ["assign"]

_NONE = 0.45
"""A role is given where none is not likelier than this. Chosen on articles held out."""
_DESCRIBED = frozenset({SpeakerType.GROUP, SpeakerType.UNNAMED})
_ALSO = 0.1
"""A phrase that is at least so likely at some statement is one of the speaker's roles."""


def assign(asked: Asked, phrases: RolePhrases, drafts: Sequence[Draft], cast: Speakers) -> Speakers:
    """The speakers with the roles that they hold, and each mention with the one that holds there.

    Joint speakers keep the roles of their members.

    Args:
        asked: The drafts, as the record network reads them.
        phrases: What can be a role.
        drafts: The statements.
        cast: Who speaks.
    """
    known = {
        speaker.speaker_id: (speaker, at)
        for speaker, at in zip(cast.speakers, cast.phrases, strict=True)
    }
    held = {key: set() if at else set(s.roles) for key, (s, at) in known.items()}
    near = {key: phrases.near(at) for key, (_, at) in known.items() if at}
    as_roles = {key: asked.as_roles(could.words) for key, could in near.items()}
    others = {
        key: np.append(False, could.of_kin(known[key][1]) | _of_others(could, known[key][0]))
        for key, could in near.items()
    }
    mentions: list[SpeakerMention | None] = []
    for row, (draft, mention) in enumerate(zip(drafts, cast.mentions, strict=True)):
        if mention is None or mention.speaker_id not in known or not phrases.roles:
            mentions.append(mention)
            continue
        speaker, at = known[mention.speaker_id]
        if not at:
            role = speaker.roles[0] if speaker.roles else None
            mentions.append(replace(mention, role=role, role_confidence=mention.confidence))
            continue
        could = near[mention.speaker_id]
        words, features = could.describe(at, cast.own, speaker.type, draft)
        chances = asked.role(row, words, as_roles[mention.speaker_id], features)
        barred = others[mention.speaker_id]
        chances[0] += chances[barred].sum()
        chances[barred] = 0.0
        role, chance = _likeliest(could, chances[1:].tolist())
        role = phrases.without_own_name(role, at)
        also = (chances[1:] >= _ALSO).nonzero()[0].tolist()
        held[mention.speaker_id].update(phrases.without_own_name(could.roles[n], at) for n in also)
        if chances[0] < _NONE:
            held[mention.speaker_id].add(role)
            mentions.append(replace(mention, role=role, role_confidence=chance))
        else:
            mentions.append(mention)
    speakers = tuple(
        replace(speaker, roles=_each_once(phrases, held[speaker.speaker_id]))
        for speaker in cast.speakers
    )
    return replace(cast, speakers=speakers, mentions=tuple(mentions))


def _of_others(phrases: RolePhrases, speaker: Speaker) -> npt.NDArray[np.bool_]:
    """Which roles are somebody else's, where the speaker has no name but a description.

    The role is then the description, so it shares most of its words (`GUIDELINE.md` of the gold).
    """
    if speaker.type not in _DESCRIBED:
        return np.zeros(len(phrases.roles), dtype=bool)
    called = set(speaker.display_name.casefold().split())
    texts = map(str.split, phrases.texts)
    return np.array([2 * len(called.intersection(text)) < len(text) for text in texts], dtype=bool)


def _likeliest(phrases: RolePhrases, chances: Sequence[float]) -> tuple[Role, float]:
    """The likeliest role and its probability; phrases of the same words speak for it together."""
    votes: dict[str, float] = {}
    best: dict[str, int] = {}
    for at, chance in enumerate(chances):
        key = phrases.texts[at]
        votes[key] = votes.get(key, 0.0) + chance
        if key not in best or chance > chances[best[key]]:
            best[key] = at
    key = max(votes, key=lambda key: votes[key])
    return phrases.roles[best[key]], votes[key]


def _each_once(phrases: RolePhrases, held: Iterable[Role]) -> tuple[Role, ...]:
    """The roles in text order, those with the same words once, of overlapping ones the longest."""
    once: dict[str, Role] = {}
    for role in sorted(held, key=lambda r: (r.span.start_offset, -r.span.end_offset)):
        if any(role.span.overlaps(other.span) for other in once.values()):
            continue
        once.setdefault(role_spans.text_of(phrases.doc, role).casefold(), role)
    return tuple(once.values())
