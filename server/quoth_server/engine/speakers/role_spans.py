"""Cuts roles out of noun phrases: their span, the organization they are held at, their status."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spacy.tokens import Doc, Token
from spacy.tokens import Span as DocSpan

from quoth_server.engine.lexicon import meanings, words
from quoth_server.engine.speakers import sources
from quoth_server.engine.types import Role, RoleStatus, Span

__all__ = [
    "LONGEST",
    "OPEN_ENDS",
    "by_words",
    "is_past",
    "noun_phrase",
    "role",
    "text_of",
    "tokens_of",
    "without_determiners",
]

LONGEST = 16
"""A role has no more tokens."""
OPEN_ENDS = frozenset({"IN", "TO", "CC", "DT"})
"""Tags of words after which something is missing: no role ends with one."""
_LEFT_DEPS = frozenset(["amod", "compound", "poss", "nmod", "nummod", "advmod", "det", "npadvmod"])


def noun_phrase(noun: Token) -> tuple[int, int]:
    """The noun with what stands before it and the prepositional phrases after it."""
    doc = noun.doc
    start = noun.i
    for child in noun.lefts:
        if child.dep_ in _LEFT_DEPS and not _is_age(child):
            start = min(start, child.left_edge.i)
    start = max(start, noun.i - LONGEST)
    if (last := _last_beside(noun)) != noun:
        return without_determiners(doc, start, noun.i + 1), noun_phrase(last)[1]
    end = noun.i + 1
    limit = min(_right_edge(noun) + 1, noun.i + LONGEST)
    dropped = [
        c.left_edge.i
        for t in doc[noun.i : limit]
        for c in t.rights
        if c.dep_ in {"relcl", "acl", "appos", "cc", "conj", "punct"}
        or (c.dep_ == "prep" and c.lower_ not in _PREPOSITIONS)
        or _is_when(c)
    ]
    end = max(end, min([limit, *(i for i in dropped if i > noun.i)]))
    return without_determiners(doc, start, noun.i + 1), end


def _is_when(beside: Token) -> bool:
    """Whether a phrase behind a noun says when, which is the verb's: "on Friday", "yesterday"."""
    if "of" in (beside.lower_, beside.head.lower_):
        return False  # "the class of 2019"
    said = beside.rights if beside.dep_ == "prep" else (beside,)
    return any(token.ent_type_ in {"DATE", "TIME"} for token in said)


def _is_age(modifier: Token) -> bool:
    """Whether a modifier is an age: "34-year-old"."""
    return modifier.lower_.endswith("old") and any(t.lower_ == "year" for t in modifier.subtree)


def _last_beside(noun: Token) -> Token:
    """The last of several plural nouns that are one description: "developers and supporters"."""
    beside = [t for t in sources.conjuncts(noun) if t.i > noun.i]
    if noun.tag_ == "NNS" and beside and all(t.tag_ == "NNS" for t in beside):
        return beside[-1]
    return noun


def _right_edge(noun: Token) -> int:
    """Where the noun's phrase ends, though the parse gives its last part to one beside it."""
    after = noun.nbor() if noun.i + 1 < len(noun.doc) else noun
    if after.dep_ == "prep" and after.head != noun and after.head in sources.conjuncts(noun):
        return after.right_edge.i
    return noun.right_edge.i


_PREPOSITIONS = frozenset({"of", "for", "at", "in", "to", "with", "on", "from"})


def without_determiners(doc: Doc, start: int, end: int) -> int:
    """Where the tokens `[start, end)` begin without articles, possessives, counts and tabs."""
    while start < end - 1 and (
        doc[start].lower_ in words("determiners")
        or doc[start].dep_ == "det"
        or (doc[start].tag_ in {"CC", "PRP$", "POS", "HYPH", "CD"} and "/" not in doc[start].text)
        or doc[start].is_punct
        or doc[start].is_space
    ):
        if doc[start].tag_ == "CD" and _is_share(doc[start:end]):
            break
        start += 1
    return start


def _is_share(tokens: DocSpan) -> bool:
    """Whether a count heads its phrase: "**one** in five voters", "**fifty-five** percent"."""
    after = next((t for t in tokens if t.tag_ not in {"CD", "HYPH"}), None)
    return after is not None and after.lower_ in _SHARED


_SHARED = frozenset({"in", "of", "per", "percent", "%"})


def role(doc: Doc, start: int, end: int, past: bool = False) -> Iterator[Role]:
    """The role that the tokens `[start, end)` give, if any are left of them; `past`: was held."""
    start, end = _whole_words(doc, start, end)
    start = next((t.i + 1 for t in reversed(doc[start:end]) if _is_dash(t)), start)
    while start < end and doc[start].is_space:
        start += 1
    while end > start and (doc[end - 1].is_punct or doc[end - 1].is_space):
        if doc[end - 1].text == ".":
            break
        end -= 1
    while end > start and (
        doc[end - 1].tag_ == "POS"
        or (doc[end - 1].tag_ in OPEN_ENDS and _stands_alone(doc[end - 1]))
    ):
        end -= 1
    if start >= end or end - start > LONGEST:
        return
    last = doc[end - 1]
    yield Role(
        span=Span(doc[start].idx, last.idx + len(last)),
        organization=_organization(doc, start, end),
        status=RoleStatus.FORMER if past else _status(doc, start, end),
    )


def _is_dash(token: Token) -> bool:
    """Whether it is a dash between spaces: what stands before it is a dateline or another thing."""
    return token.text in _DASHES and bool(token.whitespace_) and _stands_alone(token)


_DASHES = frozenset({"-", "–", "—", "--"})


def _whole_words(doc: Doc, start: int, end: int) -> tuple[int, int]:
    """The tokens with the rest of the words that hyphens join: "co-**author**", "UK-**based**"."""
    while start > 1 and _joins(doc[start - 1]) and doc[start - 2].tag_ != "CD":
        start -= 2
    while start < end < len(doc) - 1 and _joins(doc[end]):
        end += 2
    return start, end


def _joins(hyphen: Token) -> bool:
    return hyphen.text == "-" and not hyphen.whitespace_ and not hyphen.nbor(-1).whitespace_


def _stands_alone(token: Token) -> bool:
    """Whether a word is none of several that hyphens join: the "in" of a "stand-in" is."""
    return token.i == 0 or bool(token.nbor(-1).whitespace_)


def _status(doc: Doc, start: int, end: int) -> RoleStatus:
    """By the words in front of the role and its suffixes ("former", "acting", "-elect")."""
    nearby = {w for t in doc[max(0, start - 2) : end] for w in t.lower_.replace("-", " ").split()}
    found = {meanings("role_statuses", RoleStatus).get(word) for word in nearby}
    order = (RoleStatus.FORMER, RoleStatus.ACTING, RoleStatus.PROSPECTIVE)
    return next((status for status in order if status in found), RoleStatus.CURRENT)


def is_past(word: str) -> bool:
    """Whether a word puts a role in the past: "former"."""
    return meanings("role_statuses", RoleStatus).get(word) is RoleStatus.FORMER


def text_of(doc: Doc, role: Role) -> str:
    """The words of a role; `doc.text` would rebuild the whole body each time."""
    return str(tokens_of(doc, role).text)


def by_words(doc: Doc, roles: Iterable[Role]) -> dict[str, Role]:
    """The roles in text order by their words in small letters, those with the same words once."""
    once: dict[str, Role] = {}
    for role in sorted(roles, key=lambda role: role.span):
        once.setdefault(text_of(doc, role).casefold(), role)
    return once


def tokens_of(doc: Doc, role: Role) -> DocSpan:
    """The tokens of a role."""
    span = doc.char_span(role.span.start_offset, role.span.end_offset, alignment_mode="expand")
    assert span is not None
    return span


def _organization(doc: Doc, start: int, end: int) -> str:
    """Where the role is held: after "of", "at", "for", else the name before the noun."""
    for token in doc[start:end]:
        if token.dep_ == "prep" and token.lower_ in {"of", "at", "for", "with", "in"}:
            for place in token.rights:
                if place.dep_ == "pobj" and _is_body(place):
                    left = without_determiners(doc, place.left_edge.i, place.i + 1)
                    return str(doc[left:end].text)
    for stop in range(doc[start:end].root.i, start, -1):
        if _is_body(doc[stop - 1]):
            first = start
            while first < stop - 1 and is_past(doc[first].lower_):
                first += 1
            return str(doc[first:stop].text)
    return ""


def _is_body(token: Token) -> bool:
    """Whether a noun names a body or a place that a role can be held at."""
    if token.ent_type_ in {"ORG", "GPE", "FAC"}:
        return True
    return token.lemma_.lower() in words("organization_nouns")
