"""Reads roles off the parse: the jobs, offices and relations named beside a speaker.

A role is read off the parse beside a name: titles and other nouns before it, appositions on
either side, relative clauses, copulas; or it is the description that stands for the speaker. What
counts as a role is a matter of word lists; ages, places and party tags are none.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from quoth_server.engine.lexicon import words
from quoth_server.engine.mentions import Form, Number, Phrase
from quoth_server.engine.types import Role, RoleStatus, Span, SpeakerType

__all__ = ["beside", "is_role_noun", "noun_phrase", "of_description"]

_LONGEST = 16
"""A role has no more tokens."""
_BEFORE_TAGS = frozenset(
    [
        "NN",
        "NNS",
        "NNP",
        "NNPS",
        "JJ",
        "JJS",
        "JJR",
        "VBN",
        "VBG",
        "POS",
        "CD",
        "HYPH",
        "AFX",
        "CC",
        "FW",
        "RB",
    ]
)
_LEFT_DEPS = frozenset(["amod", "compound", "poss", "nmod", "nummod", "advmod", "det", "npadvmod"])
_COPULAS = frozenset({"be", "become", "remain"})
_SERVING = frozenset({"serve", "work", "act"})
_NAMING = frozenset({"appoint", "name", "elect", "nominate", "call"})


def beside(doc: Doc, phrase: Phrase) -> tuple[Role, ...]:
    """The roles that stand beside a name or are its description, nearest first, each once."""
    if phrase.form is Form.PRONOUN:
        return ()
    if phrase.form is Form.NAME and phrase.type is not SpeakerType.PERSON:
        return _as_party(doc, phrase)
    found: list[Role] = []
    if phrase.form is Form.NAME:
        found += _before(doc, phrase)
        found += _appositions(doc, phrase)
        found += _relative(doc, phrase)
    else:
        found += of_description(doc, phrase)
    found += _predicates(doc, phrase)
    once: list[Role] = []
    for role in found:
        if not any(role.span.overlaps(other.span) for other in once):
            once.append(role)
    return tuple(once)


def _as_party(doc: Doc, phrase: Phrase) -> tuple[Role, ...]:
    """Members of a party, who speak as such: "Democrats"."""
    head = doc[phrase.head]
    if phrase.type is SpeakerType.GROUP and head.lemma_.lower() in words("party_words"):
        return tuple(_role(doc, phrase.start, phrase.end))
    return ()


def of_description(doc: Doc, phrase: Phrase) -> tuple[Role, ...]:
    """The role that a description is by itself ("federal prosecutors"), if it is one."""
    head = doc[phrase.head]
    start, end = noun_phrase(head)
    if not is_role_noun(head) and phrase.number is not Number.SEVERAL:
        return ()
    if _is_vague(doc, start, head):
        return ()
    return tuple(_role(doc, start, end))


# ---- what counts as a role ------------------------------------------------------------


def is_role_noun(token: Token) -> bool:
    """Whether a noun names a job, an office or a relation."""
    lower, lemma = token.lower_.rstrip("."), token.lemma_.lower()
    known = words("role_nouns")
    if lower in known or lemma in known or lower in words("titles"):
        return True
    last = lower.rsplit("-", 1)[-1]
    return (
        last in known
        or last in words("prospective_words")
        or lower.endswith(("woman", "person", "maker"))
    )


def _is_vague(doc: Doc, start: int, head: Token) -> bool:
    """Whether a description says nothing of who its people are ("some officials", "two men")."""
    if head.lemma_.lower() not in words("vague_nouns") and head.lower_ not in words("vague_nouns"):
        return False
    telling = [t for t in doc[start : head.i] if t.pos_ in {"NOUN", "PROPN", "ADJ", "VERB"}]
    telling += [c for c in head.rights if c.dep_ == "prep"]
    return not telling


def _is_party_tag(doc: Doc, start: int, head: Token) -> bool:
    """Whether the words are a party only ("a Democrat", "Democrat of Ohio")."""
    if not {head.lower_, head.lemma_.lower()} & words("party_words"):
        return False
    return not any(t.pos_ in {"ADJ", "VERB", "NOUN"} for t in doc[start : head.i])


# ---- beside a name --------------------------------------------------------------------


def _before(doc: Doc, phrase: Phrase) -> Iterator[Role]:
    """Nouns and titles before the name: "Foreign Ministry spokesman", "Rep."."""
    end = phrase.start
    edge = max(doc[phrase.head].left_edge.i, end - _LONGEST)
    start = end
    while start > 0 and _goes_before(doc[start - 1], edge):
        start -= 1
    while end > start and doc[end - 1].lower_.rstrip(".") in words("honorifics"):
        end -= 1
    if end - start > 1 and doc[end - 1].text.endswith(".") and is_role_noun(doc[end - 2]):
        end -= 1
    start = _without_determiners(doc, start, end)
    if start < end and is_role_noun(doc[end - 1]) and not _is_party_tag(doc, start, doc[end - 1]):
        yield from _role(doc, start, end)


def _goes_before(token: Token, edge: int) -> bool:
    if token.is_space or (token.is_punct and token.text not in {"-", "–", "."}):
        return False
    if token.ent_type_ in {"DATE", "TIME"} or token.lower_ in words("determiners"):
        return False
    if token.i >= edge:
        return token.tag_ in _BEFORE_TAGS
    key = token.lower_.rstrip(".")
    return key in words("titles") or key in words("honorifics")


def _appositions(doc: Doc, phrase: Phrase) -> Iterator[Role]:
    """Appositions after the name, and the description that the name itself is apposed to."""
    head = doc[phrase.head]
    heads = [t for t in head.rights if t.dep_ == "appos"]
    heads += [t for h in heads for t in h.conjuncts if t.i > phrase.end]
    if head.dep_ == "appos" and head.head.pos_ in {"NOUN", "PROPN"} and head.head.i < head.i:
        heads.append(head.head)
    if not heads and (noun := _after_comma(doc, phrase)) is not None:
        heads.append(noun)
    for noun in heads:
        start, end = noun_phrase(noun)
        if noun.i < phrase.start:
            end = min(end, phrase.start)
        if is_role_noun(noun) and not _is_party_tag(doc, start, noun):
            yield from _role(doc, start, end)


def _after_comma(doc: Doc, phrase: Phrase) -> Token | None:
    """The role noun after ", " or ", 34, " where the parse has no apposition."""
    at = phrase.end
    if at < len(doc) and doc[at].text == "(":
        while at < len(doc) and at < phrase.end + 8 and doc[at].text != ")":
            at += 1
        at += 1
    if at >= len(doc) or doc[at].text not in {",", "--", "–", "—"}:
        return None
    at += 1
    if at + 1 < len(doc) and doc[at].like_num and doc[at + 1].text == ",":
        at += 2
    for token in doc[at : at + 10]:
        if token.pos_ in {"VERB", "AUX", "PRON", "SCONJ"} or token.is_space:
            return None
        if token.pos_ in {"NOUN", "PROPN"} and is_role_noun(token):
            following = doc[token.i + 1] if token.i + 1 < len(doc) else None
            if following is None or following.pos_ not in {"NOUN", "PROPN", "PART"}:
                return token
        if token.is_punct and token.text not in {"-", "'", "’"}:
            return None
    return None


def _relative(doc: Doc, phrase: Phrase) -> Iterator[Role]:
    """ "who chairs the council", "who is the mayor", "who serves as an adviser"."""
    for clause in doc[phrase.head].rights:
        if clause.dep_ != "relcl" or _is_denied(clause):
            continue
        if clause.lemma_ in words("role_verbs"):
            objects = [c for c in clause.rights if c.dep_ == "dobj" and c.pos_ != "PRON"]
            if objects and any(c.lower_ == "who" for c in clause.lefts):
                _, end = noun_phrase(objects[0])
                yield from _role(doc, clause.i, end, past=clause.tag_ in {"VBD", "VBN"})
        else:
            yield from _complement(doc, clause)


def _predicates(doc: Doc, phrase: Phrase) -> Iterator[Role]:
    """ "Holt is the council chair", "Roe was named director"."""
    head = doc[phrase.head]
    verb = head.head
    if head.dep_ in {"nsubj", "nsubjpass"} and not _is_denied(verb):
        yield from _complement(doc, verb)


def _complement(doc: Doc, verb: Token) -> Iterator[Role]:
    """The role that a copula, "serve as" or "was named" gives."""
    lemma = verb.lemma_.lower()
    nouns: list[Token] = []
    if lemma in _COPULAS:
        nouns = [c for c in verb.rights if c.dep_ == "attr"]
    elif lemma in _SERVING:
        nouns = [o for p in verb.rights if p.lower_ == "as" for o in p.rights if o.dep_ == "pobj"]
    elif lemma in _NAMING and any(c.dep_ == "nsubjpass" for c in verb.lefts):
        nouns = [c for c in verb.rights if c.dep_ in {"oprd", "attr", "dobj"}]
    modal = any(c.tag_ == "MD" for c in verb.lefts)
    past = lemma in {"be", *_SERVING} and verb.tag_ == "VBD"
    for noun in nouns:
        start, end = noun_phrase(noun)
        if is_role_noun(noun) and not modal and not _is_vague(doc, start, noun):
            if not _is_party_tag(doc, start, noun) and noun.tag_ not in {"NNS", "NNPS"}:
                yield from _role(doc, start, end, past=past)


def _is_denied(verb: Token) -> bool:
    return any(c.dep_ == "neg" for c in verb.children)


# ---- spans, status, organization ------------------------------------------------------


def noun_phrase(noun: Token) -> tuple[int, int]:
    """The noun with what stands before it and the prepositional phrases after it."""
    doc = noun.doc
    start = noun.i
    for child in noun.lefts:
        if child.dep_ in _LEFT_DEPS:
            start = min(start, child.left_edge.i)
    end = noun.i + 1
    limit = min(noun.right_edge.i + 1, noun.i + _LONGEST)
    dropped = [
        c.left_edge.i
        for t in doc[noun.i : limit]
        for c in t.rights
        if c.dep_ in {"relcl", "acl", "appos", "cc", "conj", "punct"}
        or (c.dep_ == "prep" and c.lower_ not in _ROLE_PREPOSITIONS)
    ]
    end = max(end, min([limit, *(i for i in dropped if i > noun.i)]))
    return _without_determiners(doc, start, noun.i + 1), end


_ROLE_PREPOSITIONS = frozenset({"of", "for", "at", "in", "to", "with", "on", "from"})


def _without_determiners(doc: Doc, start: int, end: int) -> int:
    while start < end - 1 and (
        doc[start].lower_ in words("determiners")
        or doc[start].dep_ == "det"
        or (doc[start].tag_ in {"CC", "PRP$", "POS", "HYPH", "CD"} and "/" not in doc[start].text)
        or doc[start].is_punct
    ):
        start += 1
    return start


def _role(doc: Doc, start: int, end: int, past: bool = False) -> Iterator[Role]:
    while end > start and (doc[end - 1].is_punct or doc[end - 1].is_space):
        if doc[end - 1].text == ".":
            break
        end -= 1
    if start >= end or end - start > _LONGEST:
        return
    last = doc[end - 1]
    yield Role(
        span=Span(doc[start].idx, last.idx + len(last)),
        organization=_organization(doc, start, end),
        status=RoleStatus.FORMER if past else _status(doc, start, end),
    )


def _status(doc: Doc, start: int, end: int) -> RoleStatus:
    """By the words in front of the role and its suffixes ("former", "acting", "-elect")."""
    nearby = {w for t in doc[max(0, start - 2) : end] for w in t.lower_.replace("-", " ").split()}
    if nearby & words("former_words"):
        return RoleStatus.FORMER
    if nearby & words("acting_words"):
        return RoleStatus.ACTING
    if nearby & words("prospective_words"):
        return RoleStatus.PROSPECTIVE
    return RoleStatus.CURRENT


def _organization(doc: Doc, start: int, end: int) -> str:
    """Where the role is held: after "of", "at", "for", else the name before the noun."""
    for token in doc[start:end]:
        if token.dep_ == "prep" and token.lower_ in {"of", "at", "for", "with", "in"}:
            for place in token.rights:
                if place.dep_ == "pobj" and _is_body(place):
                    left = _without_determiners(doc, place.left_edge.i, place.i + 1)
                    last = doc[end - 1]
                    return doc.text[doc[left].idx : last.idx + len(last)]
    run = start
    while run < end and not is_role_noun(doc[run]):
        run += 1
    for stop in range(run, start, -1):
        if _is_body(doc[stop - 1]):
            first = start
            while first < stop - 1 and doc[first].lower_ in words("former_words"):
                first += 1
            last = doc[stop - 1]
            return doc.text[doc[first].idx : last.idx + len(last)]
    return ""


def _is_body(token: Token) -> bool:
    """Whether a noun names a body or a place that a role can be held at."""
    if token.ent_type_ in {"ORG", "GPE", "FAC"}:
        return True
    lemma = token.lemma_.lower()
    return lemma in words("organization_nouns") or (
        token.pos_ == "PROPN" and token.ent_type_ not in {"NORP", "PERSON", "DATE"}
    )
