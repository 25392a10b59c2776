"""The places where the article says that a source has no name: "on condition of anonymity"."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from quoth_server.engine.anonymity.reasons import reason_of
from quoth_server.engine.statements import Draft
from quoth_server.engine.subjects import subject_of
from quoth_server.engine.types import Span, StatementKind

__all__ = ["Terms", "find", "without"]

_NAMING = frozenset({"name", "identify", "quote", "cite"})
_WISHING = frozenset(
    {"ask", "request", "want", "wish", "prefer", "insist", "demand", "agree", "decline", "refuse"}
)
_REFUSING = frozenset({"decline", "refuse"})
_SEEKING = frozenset({"request", "demand", "seek", "want", "ask", "require", "insist"})
_GRANTING = frozenset({"grant", "give", "offer", "promise", "guarantee"})
_SPEAKING = frozenset({"speak", "talk", "comment"})
_WITHHOLDING = frozenset({"withhold", "change", "omit"})
_ALLOWING = frozenset({"authorize", "authorise", "permit", "allow"})
_TELLING = frozenset({"speak", "talk", "discuss", "comment", "describe", "quote", "disclose"})
_NAMES = frozenset({"name", "identity", "surname"})
_BEFORE = 3
"""A cue is in one of this many terms that begin before it."""
_FAR = 6
"""The verb that asks for anonymity is at most this many words above it."""


@dataclass(frozen=True, slots=True)
class Terms:
    """That a source has no name.

    `span` are the words for it, None where only the reason says so; `reason` why, None where the
    article does not say. `holder` is the token for whom they mean, or of the words themselves
    where the parse does not tell; `in_part` tells that a part of the name may be given.
    """

    span: Span | None
    reason: Span | None
    holder: Token
    in_part: bool = False


def find(doc: Doc) -> tuple[Terms, ...]:
    """All places, in text order; those that only a reason tells come last."""
    said, implied = [], []
    for token in doc:
        for read in (_anonymity, _not_named, _withheld):
            terms = read(token)
            if terms is not None:
                said.append(terms)
                break
        else:
            terms = _not_allowed(token)
            if terms is not None:
                implied.append(terms)
    return (*said, *implied)


def without(candidates: Sequence[Draft], terms: Sequence[Terms]) -> list[Draft]:
    """The candidates for statements that say more than that somebody has no name, and why."""
    said = sorted((each for each in terms if each.span is not None), key=_start)
    starts = [_start(each) for each in said]

    def near(draft: Draft) -> Sequence[Terms]:
        """Those that begin right before its cue."""
        at = bisect_right(starts, draft.cue.start_offset) if draft.cue is not None else 0
        return said[max(0, at - _BEFORE) : at]

    return [c for c in candidates if not any(_is_no_more(c, each) for each in near(c))]


def _start(terms: Terms) -> int:
    return terms.span.start_offset if terms.span is not None else 0


def _is_no_more(draft: Draft, terms: Terms) -> bool:
    """As in "asked **not to be named**"."""
    if terms.span is None or draft.cue is None or draft.kind is not StatementKind.INDIRECT:
        return False
    end = terms.span.end_offset
    if terms.reason is not None:
        end = max(end, terms.reason.end_offset)
    whole = Span(terms.span.start_offset, end)
    return whole.covers(draft.cue) and all(whole.covers(each) for each in draft.content)


# ---- the wordings ---------------------------------------------------------------------


def _anonymity(token: Token) -> Terms | None:
    """As in "on condition of anonymity", "was granted anonymity", "speaking anonymously"."""
    if token.lower_ not in {"anonymity", "anonymously", "anonymous"}:
        return None
    verb = next((t for t in _above(token) if t.pos_ in {"VERB", "AUX"}), None)
    if verb is None:
        return None
    if token.lower_ == "anonymously":
        return _terms(verb, token, subject_of(verb)) if verb.lemma_ in _SPEAKING else None
    if token.lower_ == "anonymous":
        wish = verb.head
        asked = verb.lemma_ in {"remain", "stay", "be"} and verb.dep_ == "xcomp"
        known = asked and wish.lemma_ in _WISHING
        return _terms(wish, token, subject_of(wish)) if known else None
    condition = next((t for t in _above(token) if t.lemma_ in {"condition", "term"}), None)
    if condition is not None:
        first = condition.left_edge
        first = condition.head if condition.dep_ == "pobj" else first
        return _terms(verb, token, subject_of(verb) or token, first=first)
    if verb.lemma_ in _GRANTING:
        return _terms(verb, token, _given_to(verb) or token)
    if verb.lemma_ in _SEEKING and token.dep_ in {"dobj", "pobj"}:
        return _terms(verb, token, subject_of(verb))
    return None


def _given_to(verb: Token) -> Token | None:
    """Whom something is granted."""
    if verb.tag_ == "VBN" and not any(c.dep_ == "nsubj" for c in verb.lefts):
        return subject_of(verb)
    for child in verb.rights:
        if child.dep_ == "dative":
            return next((o for o in child.rights if o.dep_ == "pobj"), child)
        if child.dep_ == "prep" and child.lower_ == "to":
            return next((o for o in child.rights if o.dep_ == "pobj"), None)
    # "said one lawmaker, granted anonymity": the parse may take it for a verb of its own.
    return None if any(c.dep_ == "nsubj" for c in verb.lefts) else subject_of(verb)


def _not_named(token: Token) -> Terms | None:
    """As in "asked not to be named", "cannot be identified", "is not naming the woman"."""
    if token.lemma_ not in _NAMING or token.pos_ != "VERB":
        return None
    denied = any(c.dep_ == "neg" for c in token.lefts)
    passive = any(c.dep_ == "auxpass" for c in token.lefts)
    wish = token.head if token.dep_ in {"xcomp", "ccomp"} else None
    partly = any(c.lower_ == "only" for c in token.children) or any(
        c.lower_ == "only" for p in token.rights if p.dep_ in {"prep", "agent"} for c in p.children
    )
    last = _by_name(token)
    if passive and wish is not None and wish.lemma_ in _WISHING:
        unwilling = wish.lemma_ in _REFUSING or any(c.dep_ == "neg" for c in wish.lefts)
        own = next((c for c in token.lefts if c.dep_ == "nsubjpass"), None)
        if own is not None and own.lemma_ not in _NAMES and token.dep_ == "ccomp":
            unwilling = unwilling and wish.lemma_ not in _REFUSING
        if denied or unwilling or partly:
            return _terms(wish, last, subject_of(wish), in_part=partly)
        return None
    condition = token.head
    if passive and denied and condition.lemma_ == "condition":
        verb = next((t for t in _above(condition) if t.pos_ == "VERB"), None)
        if verb is not None:
            return _terms(verb, last, subject_of(verb), first=condition.left_edge)
    able = any(c.lower_ in {"can", "could", "may", "ca", "can't"} for c in token.lefts)
    if passive and denied and able and token.dep_ == "relcl":
        return _terms(token, last, subject_of(token))
    agreed = wish is not None and wish.lemma_ == "agree"
    if (token.tag_ == "VBG" or agreed) and denied and token.lemma_ in {"name", "identify"}:
        named = next((c for c in token.rights if c.dep_ == "dobj"), None)
        return _terms(token, named, named) if named is not None else None
    return None


def _by_name(verb: Token) -> Token:
    """The last word of "identified **by name**", "by her first name"."""
    for child in verb.rights:
        if child.dep_ in {"prep", "agent"} and child.lower_ == "by":
            name = next((o for o in child.rights if o.lemma_ in _NAMES), None)
            if name is not None:
                return name
    return verb


def _withheld(token: Token) -> Terms | None:
    """As in "whose name was withheld", "is withholding her name", "declined to give his name"."""
    if token.lemma_ not in _NAMES or token.pos_ not in {"NOUN", "PROPN"}:
        return None
    verb = token.head
    owner = next((c for c in token.lefts if c.dep_ == "poss"), None)
    if owner is None or verb.pos_ != "VERB":
        return None
    passive = token.dep_ == "nsubjpass"
    if verb.lemma_ in _WITHHOLDING and (passive or verb.lemma_ == "withhold"):
        last = verb if passive else token
        return _terms(
            verb, last, _owner(owner, verb), first=owner if passive else None, in_part=True
        )
    used = verb.lemma_ in {"use", "publish", "print", "disclose", "reveal"}
    if used and token.dep_ == "nsubjpass" and any(c.dep_ == "neg" for c in verb.lefts):
        wish = verb.head
        asked = wish.lemma_ in _WISHING
        return _terms(wish, verb, subject_of(wish), in_part=True) if asked else None
    part = next((c for c in token.children if c.lower_ == "first"), None)
    only = any(c.lower_ == "only" for t in (verb, token, part) if t is not None for c in t.children)
    if verb.lemma_ == "give" and part is not None and only and token.dep_ == "dobj":
        return _terms(verb, token, subject_of(verb), in_part=True)
    given = verb.lemma_ in {"give", "provide", "use", "have"} and verb.dep_ == "xcomp"
    if given and token.dep_ == "dobj" and verb.head.lemma_ in _REFUSING:
        return _terms(verb.head, token, subject_of(verb.head), in_part=True)
    return None


def _owner(owner: Token, verb: Token) -> Token | None:
    """Whose name it is: for "whose" the noun that the clause hangs on."""
    return (verb.head if verb.dep_ == "relcl" else None) if owner.lower_ == "whose" else owner


def _not_allowed(token: Token) -> Terms | None:
    """As in "was not authorized to speak publicly", which is a reason by itself."""
    if token.lemma_ not in _ALLOWING or not any(c.dep_ == "neg" for c in token.lefts):
        return None
    told = next((c for c in token.rights if c.dep_ == "xcomp" and c.lemma_ in _TELLING), None)
    holder = subject_of(token)
    if told is None or holder is None or not any(c.dep_ == "auxpass" for c in token.lefts):
        return None
    joined = [c.i for c in told.rights if c.dep_ in {"cc", "conj"}]
    reason = Span(_first(token).idx, _end(token.doc[min([told.right_edge.i + 1, *joined]) - 1]))
    return Terms(None, reason, holder)


# ---- put together ---------------------------------------------------------------------


def _above(token: Token) -> Iterator[Token]:
    for _ in range(_FAR):
        if token.head == token:
            return
        token = token.head
        yield token


def _first(verb: Token) -> Token:
    beside = [c for c in verb.lefts if c.dep_ in {"aux", "auxpass", "neg"}]
    return min([verb, *beside], key=lambda t: t.i)


def _terms(
    verb: Token,
    last: Token,
    holder: Token | None,
    *,
    first: Token | None = None,
    in_part: bool = False,
) -> Terms | None:
    if holder is None:
        return None
    start = first if first is not None else _first(verb)
    start = start if start.i <= last.i else last
    return Terms(Span(start.idx, _end(last)), reason_of(verb, last), holder, in_part)


def _end(token: Token) -> int:
    while token.is_punct or token.is_space:
        token = token.nbor(-1)
    return token.idx + len(token)
