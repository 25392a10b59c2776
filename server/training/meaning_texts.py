"""Texts from which a small network learns what roles and headlines mean, besides `lives`."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

from evaluation.people.gold import cases
from quoth_server.archive.people import profile, word_lists
from quoth_server.archive.people.meanings import Told

__all__ = ["made", "of_cases", "sentences"]

_SENTENCES, _MADE = 13_000, 7_000
_KINDS = ("former", "deputy", "chief", "senior", "acting", "retired", "vice", "head", "local")


def of_cases() -> Iterator[Told]:
    """The roles and titles of the cases that are not held out."""
    for case in cases():
        for _, voice in () if case.held_out else case.voices:
            yield from profile.of_voice(voice).texts


def sentences(corpora: Path, chance: random.Random) -> list[str]:
    """Titles, and some words in a row of each sentence."""
    found = set[str]()
    for path in sorted(corpora.glob("*/*.jsonl")):
        if path.parent.name == "litbank":
            continue  # novels
        for line in path.open(encoding="utf-8"):
            document = json.loads(line)
            found |= {document["title"][:120]} if document.get("title") else set()
            for sentence in re.split(r"(?<=[.!?])\s+|\n+", document.get("text") or ""):
                words = sentence.split()
                if len(words) >= 5:
                    count = chance.randint(4, 12)
                    first = chance.randint(0, max(0, len(words) - count))
                    found.add(" ".join(words[first : first + count]))
    return chance.sample(sorted(found), min(_SENTENCES, len(found)))


def made(chance: random.Random) -> list[str]:
    """Roles put together from the word lists."""

    def shown(words: set[str]) -> list[str]:
        return sorted(word.replace("_", " ") for word in words)

    offices, spheres = shown({*word_lists.offices()}), shown({*word_lists.spheres()})
    bodies = shown({*word_lists.bodies()})
    lands = shown({*word_lists.country_names(), *word_lists.places(), *word_lists.regions()})
    found = set[str]()
    while len(found) < _MADE:
        office, sphere, body = map(chance.choice, (offices, spheres, bodies))
        land, kind = chance.choice(lands).title(), chance.choice(_KINDS)
        found.add(
            chance.choice(
                (
                    office,
                    f"{kind} {office}",
                    f"{land} {office}",
                    f"{office} of {land}",
                    f"{sphere} {office}",
                    f"{office} of the {sphere} {body}",
                    f"{sphere} {body} {office}",
                    f"{office} at the {land} {body}",
                    f"{kind} {land} {office}",
                    f"{land} {sphere} {office}",
                )
            )
        )
    return sorted(found)
