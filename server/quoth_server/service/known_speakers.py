"""The speakers that a request knows, or every bad field of them."""

from __future__ import annotations

from collections.abc import Sequence

from quoth import v1
from quoth_server.engine.types import KnownSpeaker, SpeakerType
from quoth_server.service.violations import Violations

__all__ = ["read"]

_MOST_SPEAKERS = 1_000
_MOST_TEXTS = 20  # aliases or roles of one
_LONGEST_TEXT = 200  # code points
_TYPES = {v1.SpeakerType.Value(f"SPEAKER_TYPE_{kind.name}"): kind for kind in SpeakerType}


def read(
    known: Sequence[v1.KnownSpeaker], field: str, violations: Violations
) -> tuple[KnownSpeaker, ...]:
    """The known speakers; what is bad is added to `violations`, named by `field` and index."""
    if len(known) > _MOST_SPEAKERS:
        remedy = "send those the article may name"
        violations.too_many(field, len(known), _MOST_SPEAKERS, remedy)
        return ()
    ids: set[str] = set()
    for index, each in enumerate(known):
        at = f"{field}[{index}]"
        _check(each, at, violations)
        if each.known_speaker_id and each.known_speaker_id in ids:
            violations.add(
                f"{at}.known_speaker_id",
                f"{each.known_speaker_id[:_LONGEST_TEXT]!r} is the id of an earlier known "
                "speaker; each needs its own",
                "DUPLICATE_KNOWN_SPEAKER_ID",
            )
        ids.add(each.known_speaker_id)
    return tuple(
        KnownSpeaker(
            known_speaker_id=each.known_speaker_id,
            display_name=each.display_name,
            aliases=tuple(each.aliases),
            roles=tuple(each.roles),
            type=_TYPES.get(each.type),
        )
        for each in known
    )


def _check(known: v1.KnownSpeaker, at: str, violations: Violations) -> None:
    for name in ("known_speaker_id", "display_name"):
        _check_text(getattr(known, name), f"{at}.{name}", violations)
    for name in ("aliases", "roles"):
        texts = getattr(known, name)
        if len(texts) > _MOST_TEXTS:
            remedy = "send the most common ones"
            violations.too_many(f"{at}.{name}", len(texts), _MOST_TEXTS, remedy)
            continue
        for index, text in enumerate(texts):
            _check_text(text, f"{at}.{name}[{index}]", violations)
    if known.type and known.type not in _TYPES:
        violations.unknown(f"{at}.type", known.type, "SpeakerType")


def _check_text(text: str, field: str, violations: Violations) -> None:
    if not text.strip():
        violations.add(field, "it is empty or blank; send a text", "MISSING_FIELD")
    violations.length(field, len(text), _LONGEST_TEXT)
