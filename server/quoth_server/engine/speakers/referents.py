"""Whom a statement's source can mean: the names and descriptions of the article.

Names are grouped by their bearers first (`entities`); a description is a candidate by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from spacy.tokens import Doc

from quoth_server.engine.records.table import IntArray, WordTable
from quoth_server.engine.speakers import entities, mentions, naming
from quoth_server.engine.speakers.entities import Entity
from quoth_server.engine.speakers.mentions import Form, Phrase
from quoth_server.engine.speakers.role_tags import RoleTags
from quoth_server.engine.types import Paragraph, Quotation

__all__ = ["Referents", "find"]


@dataclass(frozen=True, slots=True)
class Referents:
    """The article's phrases that can be a speaker, and the entities behind their names.

    `entity` is the index of each phrase's entity, -1 for descriptions and pronouns. `names` are
    what each phrase would be called as a speaker, `keys` the same in small letters: phrases with
    one key mean one speaker. `heads` are the words of their head tokens. `tagged` are the
    article's roles.
    """

    phrases: tuple[Phrase, ...]
    entities: tuple[Entity, ...]
    entity: IntArray
    fitting: tuple[frozenset[int], ...]
    names: tuple[str, ...]
    keys: tuple[str, ...]
    heads: IntArray
    tagged: RoleTags

    def meaning(self, chosen: Collection[int]) -> tuple[int, ...]:
        """The phrases that have the same name as some, and those."""
        called = {self.keys[at] for at in chosen}
        same = {at for at, key in enumerate(self.keys) if key in called}
        return tuple(sorted(same | set(chosen)))

    def at(self, head: int) -> int | None:
        """The phrase with this head word."""
        places = np.flatnonzero(self.heads == head)
        return int(places[0]) if len(places) else None


def find(
    doc: Doc,
    table: WordTable,
    paragraphs: Sequence[Paragraph],
    quotations: Sequence[Quotation],
    title: str,
    tagged: RoleTags,
) -> Referents:
    """Finds all phrases that can be a speaker; names are as full as the title has them."""
    phrases = mentions.find(doc, quotations, paragraphs)
    gathered = entities.gather(doc, phrases, tagged, title)
    number = {entity: at for at, entity in enumerate(gathered.entities)}
    called = [naming.display_name(entity) for entity in gathered.entities]
    entity = np.full(len(phrases), -1, dtype=np.int64)
    names: list[str] = []
    for at, phrase in enumerate(phrases):
        owner = gathered.owner.get(phrase.head)
        if owner is not None:
            entity[at] = number[owner]
            names.append(called[number[owner]])
        elif phrase.form is Form.DESCRIPTION:
            names.append(naming.description(doc, phrase))
        else:
            names.append(phrase.text)
    fitting = tuple(
        frozenset(number[e] for e in gathered.open.get(phrase.head, ())) for phrase in phrases
    )
    heads = table.of_token[[phrase.head for phrase in phrases]] if phrases else np.zeros(0, int)
    return Referents(
        phrases=phrases,
        entities=tuple(gathered.entities),
        entity=entity,
        fitting=fitting,
        names=tuple(names),
        keys=tuple(map(str.casefold, names)),
        heads=heads.astype(np.int64),
        tagged=tagged,
    )
