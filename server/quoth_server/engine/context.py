"""Step 9: what stands around a statement: to whom and through what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from quoth_server.engine.lexicon import meanings, words
from quoth_server.engine.statements import Draft
from quoth_server.engine.statements.reported_speech import quoted_through, telling_of, verb_of
from quoth_server.engine.types import Medium, MediumType, Span

__all__ = ["Context", "find"]

_CARRYING = frozenset(
    {"in", "on", "at", "during", "via", "by", "through", "over", "from", "before"}
)
_ASIDE = frozenset({"acl", "advcl", "relcl", "appos", "cc", "conj", "punct"})


@dataclass(frozen=True, slots=True)
class Context:
    """Addressee and medium as the text names them."""

    addressee: Span | None = None
    medium: Medium | None = None


def find(doc: Doc, drafts: Sequence[Draft]) -> tuple[Context, ...]:
    """The context of each draft, from the parse around its cue."""
    return tuple(_context(doc, draft) for draft in drafts)


def _context(doc: Doc, draft: Draft) -> Context:
    verb = verb_of(doc, draft.cue)
    if verb is None:
        return Context()
    return Context(
        addressee=_addressee(doc, draft, telling_of(doc, draft.cue) or verb),
        medium=_medium(doc, draft, verb),
    )


# ---- addressee ------------------------------------------------------------------------


def _addressee(doc: Doc, draft: Draft, verb: Token) -> Span | None:
    """To whom: "told **reporters**", "said to **the crowd**"."""
    if verb.lemma_ in words("telling_verbs"):
        for child in verb.rights:
            told = child.dep_ in {"dobj", "dative", "iobj"} and child.pos_ not in {"ADP", "SPACE"}
            if told and not _in_content(draft, child) and child.lower_ not in _NOBODY:
                return _phrase(doc, draft, child)
        inner = _told_clause_subject(draft, verb)
        if inner is not None:
            return _phrase(doc, draft, inner)
    for child in verb.rights:
        if child.lower_ == "to" and child.dep_ in {"prep", "dative"}:
            for noun in child.rights:
                nominal = noun.dep_ == "pobj" and noun.pos_ in {"NOUN", "PROPN", "PRON"}
                if nominal and not _in_content(draft, noun) and not _in_source(draft, noun):
                    return _phrase(doc, draft, noun)
    return None


def _told_clause_subject(draft: Draft, verb: Token) -> Token | None:
    """The person urged, which the parse makes the subject of what they are urged to do."""
    for clause in verb.rights:
        if clause.dep_ in {"ccomp", "xcomp"}:
            for subject in clause.lefts:
                if subject.dep_ in {"nsubj", "nsubjpass"} and not _in_content(draft, subject):
                    return subject
    return None


_NOBODY = frozenset({"what", "that", "this", "it", "so", "himself", "herself", "themselves"})


# ---- medium ---------------------------------------------------------------------------


def _medium(doc: Doc, draft: Draft, verb: Token) -> Medium | None:
    """Through what: "in a statement", "on X", "told **a news conference**", "**tweeted**"."""
    for noun in _channels(draft, verb):
        kind = _kind(noun)
        if kind is not None:
            return Medium(_phrase(doc, draft, noun), kind)
    kind = meanings("media_verbs", MediumType).get(verb.lemma_)
    return Medium(Span(verb.idx, verb.idx + len(verb)), kind) if kind is not None else None


def _channels(draft: Draft, verb: Token) -> Iterator[Token]:
    """Nouns that may be the medium: after the verb's prepositions, as its object or subject."""
    verbs = [
        verb,
        *(c for c in verb.children if c.dep_ in {"advcl", "xcomp", "prep"} and c.tag_ == "VBG"),
    ]
    retelling = quoted_through(verb.doc, draft.cue)
    if retelling is not None:
        yield from (c for c in retelling.lefts if c.dep_ == "nsubj")
        if retelling.dep_ == "acl":
            yield retelling.head
    for at in verbs:
        for child in at.children:
            if child.dep_ == "prep" and child.lower_ in _CARRYING:
                for noun in child.rights:
                    if noun.dep_ == "pobj" and not _in_content(draft, noun):
                        yield noun
            elif child.dep_ in {"dobj", "dative"} and not _in_content(draft, child):
                yield child


def _kind(noun: Token) -> MediumType | None:
    """What kind of medium a noun is, with the word before it ("news conference") if that tells."""
    before = noun.nbor(-1).lower_ if noun.i else ""
    forms = (f"{before} {noun.lower_}", noun.lower_.rstrip("."), noun.lemma_.lower())
    known = meanings("media", MediumType)
    return next((known[form] for form in forms if form in known and noun.text != "x"), None)


# ---- spans ----------------------------------------------------------------------------


def _in_content(draft: Draft, token: Token) -> bool:
    return any(s.start_offset <= token.idx < s.end_offset for s in draft.content)


def _in_source(draft: Draft, token: Token) -> bool:
    """Whether it is the speaker: "according to" has one where "said to" has its addressee."""
    return (
        draft.source is not None
        and draft.source.start_offset <= token.idx < draft.source.end_offset
    )


def _phrase(doc: Doc, draft: Draft, noun: Token) -> Span:
    """The noun with its determiner, modifiers and "of" phrase, without clauses beside it."""
    start = min([noun.i, *(c.left_edge.i for c in noun.lefts if c.dep_ not in _ASIDE)])
    end = noun.right_edge.i + 1
    for child in noun.rights:
        late = child.dep_ == "prep" and child.lower_ not in {"of", "with", "for"}
        if child.dep_ in _ASIDE or late:
            end = min(end, child.left_edge.i)
    inside = (t.i for t in doc[noun.i + 1 : end] if _in_content(draft, t))
    end = max(next(inside, end), noun.i + 1)
    while end > noun.i + 1 and doc[end - 1].is_space:
        end -= 1
    last = doc[end - 1]
    stop = last.idx + len(last)
    return Span(doc[start].idx, stop - 1 if last.text == "X." else stop)
