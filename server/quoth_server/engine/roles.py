"""Step 7: gives each statement the role that its speaker holds there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from quoth_server.engine.statements import Draft
from quoth_server.engine.types import Mention, Role, Speaker

__all__ = ["find", "holding"]


def find(
    drafts: Sequence[Draft], speakers: Sequence[Speaker], mentions: Sequence[Mention | None]
) -> tuple[Mention | None, ...]:
    """The mentions, each with the role that its speaker holds at its draft."""
    by_id = {s.speaker_id: s for s in speakers}
    out: list[Mention | None] = []
    for draft, mention in zip(drafts, mentions, strict=True):
        if mention is None or mention.speaker_id not in by_id:
            out.append(mention)
            continue
        place = mention.span or draft.cue or draft.content[0]
        role = holding(by_id[mention.speaker_id].roles, place.start, place.end)
        out.append(replace(mention, role=role))
    return tuple(out)


def holding(roles: Sequence[Role], start: int, end: int) -> Role | None:
    """The role that holds at a place: given there, else the nearest earlier, else the next.

    Args:
        roles: of one speaker, in text order.
        start: where the place begins, a code point of the body.
        end: where it ends.
    """
    here = [r for r in roles if start <= r.span.start < end]
    if here:
        return max(here, key=lambda r: r.span.end - r.span.start)
    earlier = [r for r in roles if r.span.start < start]
    if earlier:
        return earlier[-1]
    return roles[0] if roles else None
