"""The speakers that a request knows, or every bad field of them."""

from __future__ import annotations

from collections.abc import Sequence

from quoth import v1
from quoth_server.engine.types import KnownSpeaker, SpeakerType
from quoth_server.service.errors import Violation

__all__ = ["read"]

_MOST_SPEAKERS = 1_000
_MOST_TEXTS = 20  # aliases or roles of one
_LONGEST_TEXT = 200  # code points
_TYPES = {v1.SpeakerType.Value(f"SPEAKER_TYPE_{kind.name}"): kind for kind in SpeakerType}


def read(
    known: Sequence[v1.KnownSpeaker], field: str, violations: list[Violation]
) -> tuple[KnownSpeaker, ...]:
    """The known speakers; what is bad is added to `violations`, named by `field` and index."""
    if len(known) > _MOST_SPEAKERS:
        _too_many(field, len(known), _MOST_SPEAKERS, "send those the article may name", violations)
        return ()
    ids: set[str] = set()
    for index, each in enumerate(known):
        at = f"{field}[{index}]"
        _check(each, at, violations)
        if each.known_speaker_id and each.known_speaker_id in ids:
            violations.append(
                Violation(
                    f"{at}.known_speaker_id",
                    f"{each.known_speaker_id[:_LONGEST_TEXT]!r} is the id of an earlier known "
                    "speaker; each needs its own",
                    "DUPLICATE_KNOWN_SPEAKER_ID",
                )
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


def _check(known: v1.KnownSpeaker, at: str, violations: list[Violation]) -> None:
    for name in ("known_speaker_id", "display_name"):
        _check_text(getattr(known, name), f"{at}.{name}", violations)
    for name in ("aliases", "roles"):
        texts = getattr(known, name)
        if len(texts) > _MOST_TEXTS:
            remedy = "send the most common ones"
            _too_many(f"{at}.{name}", len(texts), _MOST_TEXTS, remedy, violations)
            continue
        for index, text in enumerate(texts):
            _check_text(text, f"{at}.{name}[{index}]", violations)
    if known.type and known.type not in _TYPES:
        violations.append(
            Violation(
                f"{at}.type",
                f"{known.type} is not a value of SpeakerType",
                "INVALID_ENUM_VALUE",
                {"value": str(known.type)},
            )
        )


def _check_text(text: str, field: str, violations: list[Violation]) -> None:
    if not text.strip():
        violations.append(Violation(field, "it is empty or blank; send a text", "MISSING_FIELD"))
    elif len(text) > _LONGEST_TEXT:
        violations.append(
            Violation(
                field,
                f"it has {len(text)} characters but may have at most {_LONGEST_TEXT}; shorten it",
                "FIELD_TOO_LONG",
                {"characters": str(len(text)), "maxCharacters": str(_LONGEST_TEXT)},
            )
        )


def _too_many(field: str, number: int, most: int, remedy: str, violations: list[Violation]) -> None:
    violations.append(
        Violation(
            field,
            f"it has {number} values but may have at most {most}; {remedy}",
            "FIELD_TOO_LONG",
            {"values": str(number), "maxValues": str(most)},
        )
    )
