"""Step 6: links every statement to its speaker, under the fullest name the article uses.

The candidates come from `candidates`; the record network says which of them a source means, or a
quotation without a source. Candidates that would be called the same speak for that name together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from spacy.tokens import Doc, Token

from quoth_server.engine.attributions.reading import KINDS
from quoth_server.engine.body import body_of
from quoth_server.engine.records.network import Asked
from quoth_server.engine.records.questions import Questions
from quoth_server.engine.records.table import FloatArray
from quoth_server.engine.speakers import labels, role_spans, sources
from quoth_server.engine.speakers.candidates import Candidates, Describer, Said
from quoth_server.engine.speakers.entities import Entity
from quoth_server.engine.speakers.mentions import Form, Phrase
from quoth_server.engine.speakers.naming import in_full, type_of
from quoth_server.engine.speakers.nouns import Number
from quoth_server.engine.speakers.referents import Referents
from quoth_server.engine.statements import Draft
from quoth_server.engine.types import (
    Notice,
    NoticeReason,
    Role,
    Span,
    Speaker,
    SpeakerMention,
    SpeakerType,
    StatementKind,
)

__all__ = ["Speakers", "link"]

_RULED = 0.6
"""What the kind that rules read off a name or noun adds to its chance."""
_TOO_CLOSE = 0.97
"""A choice whose runner-up has this share of its probability is left open."""


@dataclass(frozen=True, slots=True)
class Speakers:
    """The speakers by their first statement, and for each draft who speaks; None if unknown.

    `phrases` are the phrases that mean each speaker, as indices into the article's; empty for
    joint ones. `own` are those that are the source of a statement.
    """

    speakers: tuple[Speaker, ...]
    mentions: tuple[SpeakerMention | None, ...]
    phrases: tuple[tuple[int, ...], ...]
    own: frozenset[int]
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class _Choice:
    """Who speaks: a name, the phrase behind it, and how likely that is.

    `own` is the phrase that is the source itself. `kinds` are the chances of each of `KINDS`.
    """

    name: str
    phrase: int
    own: int | None
    probability: float
    runner_up: float
    kinds: FloatArray
    source: Span | None = None
    joint: bool = False


def link(doc: Doc, asked: Asked, found: Referents, drafts: Sequence[Draft]) -> Speakers:
    """Links each draft to its speaker.

    Args:
        doc: The parse of the body.
        asked: The drafts, as the record network reads them.
        found: The phrases of the article.
        drafts: The statements.
    """
    describer = Describer(doc, found, asked.questions, drafts)
    choices: list[_Choice | None] = [None] * len(drafts)
    spoken: list[Said] = []
    body = body_of(doc)
    # In the order of their sources: who spoke last tells who goes on.
    for row in np.argsort(asked.questions.at, kind="stable").tolist():
        draft = drafts[row]
        if not _has_speaker(asked.questions, row, draft):
            continue
        candidates = describer.candidates(row, draft, spoken)
        candidates = labels.narrowed(body, found, draft, candidates)
        choice = _choose(asked, row, found, candidates, draft)
        choice = choice and _jointly(doc, found, draft, choice)
        choices[row] = choice
        if choice is not None:
            paragraph = int(asked.questions.table.words.paragraph[asked.questions.at[row]])
            spoken.append(Said(frozenset({choice.name.casefold()}), paragraph))
    return _gathered(doc, found, drafts, choices)


def _has_speaker(questions: Questions, row: int, draft: Draft) -> bool:
    """Reported speech without a source ("it is said that") has none; a quotation has one."""
    return questions.heads[row] >= 0 or (
        draft.source is None and draft.kind is not StatementKind.INDIRECT
    )


def _choose(
    asked: Asked, row: int, found: Referents, candidates: Candidates, draft: Draft
) -> _Choice | None:
    if not len(candidates.phrases):
        return None
    words = found.heads[candidates.phrases]
    chances = asked.choice("speaker", row, words, candidates.features)[1:]
    votes: dict[str, float] = {}
    best: dict[str, tuple[float, int]] = {}
    for at, chance in zip(candidates.phrases.tolist(), chances.tolist(), strict=True):
        key = found.keys[at]
        votes[key] = votes.get(key, 0.0) + chance
        best[key] = max(best.get(key, (-1.0, at)), (chance, at))
    total = sum(votes.values())
    if not total:  # all are as good as impossible
        return None
    ranked = sorted(votes, key=lambda key: -votes[key])
    phrase = best[ranked[0]][1]
    runner_up = votes[ranked[1]] / total if len(ranked) > 1 else 0.0
    return _Choice(
        name=found.names[phrase],
        phrase=phrase,
        own=candidates.own,
        probability=votes[ranked[0]] / total,
        runner_up=runner_up,
        kinds=asked.kinds(row, int(found.heads[phrase])),
        source=draft.source,
    )


def _jointly(doc: Doc, found: Referents, draft: Draft, choice: _Choice) -> _Choice:
    """The joint speaker, where the source names several, "Holt and Diaz", or "they" means them."""
    if choice.own is None or draft.source is None:
        return choice
    own = found.phrases[choice.own]
    if own.form is not Form.PRONOUN:
        heads = sources.coordinated(doc[own.head], draft.source)
    elif own.number is Number.SEVERAL and found.entity[choice.phrase] >= 0:
        heads = _named_together(doc, found, choice)
    else:
        return choice
    if len(heads) < 2:
        return choice
    by_head = {phrase.head: at for at, phrase in enumerate(found.phrases)}
    members = [found.phrases[by_head[head.i]] for head in heads if head.i in by_head]
    last = max((m.head for m in members if m.form is Form.NAME), default=-1)
    titles = {m.head for m in members if m.head < last and _is_title(doc, m)}
    heads = tuple(head for head in heads if head.i not in titles)
    if len(heads) < 2:
        return choice
    names = [found.names[by_head[head.i]] for head in heads if head.i in by_head]
    if len(set(names)) < len(heads):
        return choice
    # Which of them was the likelier one alone does not matter any more.
    return replace(choice, name=" and ".join(names), joint=True, runner_up=0.0)


def _named_together(doc: Doc, found: Referents, choice: _Choice) -> tuple[Token, ...]:
    """The names beside the last mention of who was chosen for "they": "Holt and Diaz"."""
    assert choice.own is not None
    same = [p for p in found.meaning({choice.phrase}) if p < choice.own]
    if not same:
        return ()
    last = doc[found.phrases[same[-1]].head]
    first = min((last, *sources.conjuncts(last)), key=lambda token: token.i)
    return sources.coordinated(first)


def _is_title(doc: Doc, phrase: Phrase) -> bool:
    """Whether a description before a name is but a title of it: "**President** and CEO Lund".

    A second speaker has a determiner, "the mayor and Lund", or is several: "officials and Lund".
    """
    noun = doc[phrase.head]
    return (
        phrase.form is Form.DESCRIPTION
        and phrase.type is SpeakerType.UNNAMED
        and noun.tag_ in {"NN", "NNP"}
        and not any(c.dep_ in {"det", "poss"} for c in noun.lefts)
    )


# ---- what is known of it --------------------------------------------------------------


def _gathered(
    doc: Doc, found: Referents, drafts: Sequence[Draft], choices: Sequence[_Choice | None]
) -> Speakers:
    """Ids, names and mentions of those who speak."""
    told: dict[str, list[_Choice]] = {}
    ids: dict[str, str] = {}
    mentions: list[SpeakerMention | None] = []
    notices: list[Notice] = []
    for draft, choice in zip(drafts, choices, strict=True):
        undecided = choice is not None and choice.runner_up >= _TOO_CLOSE * choice.probability
        if undecided:
            notices.append(
                Notice(
                    NoticeReason.AMBIGUOUS_SPEAKER,
                    "Two speakers are about equally likely here; the speaker is left open.",
                    draft.source or draft.content[0],
                )
            )
        if choice is None or undecided:
            mentions.append(SpeakerMention(draft.source) if draft.source else None)
            continue
        key = choice.name.casefold()
        told.setdefault(key, []).append(choice)
        speaker_id = ids.setdefault(key, f"p{len(ids) + 1}")
        mentions.append(SpeakerMention(draft.source, speaker_id, confidence=choice.probability))
    speakers = tuple(_speaker(doc, found, ids[key], each) for key, each in told.items())
    own = frozenset(c.own for c in choices if c is not None and c.own is not None)
    phrases = tuple(_phrases(found, each) for each in told.values())
    return Speakers(speakers, tuple(mentions), phrases, own, tuple(notices))


def _phrases(found: Referents, choices: Sequence[_Choice]) -> tuple[int, ...]:
    """The phrases that mean a speaker; none for several at once."""
    if any(choice.joint for choice in choices):
        return ()
    own = {choice.own for choice in choices if choice.own is not None}
    return found.meaning({choice.phrase for choice in choices} | own)


def _speaker(doc: Doc, found: Referents, key: str, choices: Sequence[_Choice]) -> Speaker:
    first = choices[0]
    number = int(found.entity[first.phrase])
    chances = np.mean([choice.kinds for choice in choices], axis=0)
    ruled = type_of(found.entities[number]) if number >= 0 else found.phrases[first.phrase].type
    if ruled in KINDS:
        chances[KINDS.index(ruled)] += _RULED
    kind = KINDS[int(chances.argmax())]
    entity = _entity(found, first, number, kind)
    for at in sorted({choice.own for choice in choices if choice.own is not None}):
        if found.phrases[at].head not in entity.heads:
            entity.add(doc, found.phrases[at], found.tagged)
    return Speaker(
        speaker_id=key,
        display_name=_name(doc, found, choices, kind),
        type=SpeakerType.GROUP if first.joint else kind,
        roles=_each_once(doc, entity.roles),
        mentions=tuple(sorted({phrase.span for phrase in entity.phrases})),
    )


def _name(doc: Doc, found: Referents, choices: Sequence[_Choice], kind: SpeakerType) -> str:
    """The name; of a description the fullest that a source gives, its own."""
    name = choices[0].name
    if choices[0].joint or kind is SpeakerType.PERSON or found.entity[choices[0].phrase] >= 0:
        return name
    own = (c.source for c in choices if c.own == c.phrase and c.source is not None)
    return max((in_full(doc, name, source) for source in own), key=len, default=name)


def _entity(found: Referents, choice: _Choice, number: int, kind: SpeakerType) -> Entity:
    """The entity of a name, or of a description that nobody's name answers to."""
    if number >= 0 and not choice.joint:
        return found.entities[number]
    return Entity(kind)


def _each_once(doc: Doc, found: Sequence[Role]) -> tuple[Role, ...]:
    """The roles in text order, those with the same words once."""
    once = role_spans.by_words(doc, found)
    telling = [role for words, role in once.items() if words.rstrip(".") not in _ADDRESSES]
    return tuple(telling or once.values())


_ADDRESSES = frozenset({"dr", "prof", "rev", "sir", "dame", "lord", "lady"})
"""Forms of address that are a role only where there is no other."""
