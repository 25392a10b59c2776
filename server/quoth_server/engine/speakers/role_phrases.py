"""Reads roles off the parse: the jobs, offices and relations named beside a speaker.

A role is read off the parse beside a name: titles and other nouns before it, appositions on
either side, relative clauses, copulas; or it is the description that stands for the speaker. What
counts as a role is a matter of word lists; ages, places and party tags are none.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from quoth_server.engine.lexicon import words
from quoth_server.engine.speakers import sources
from quoth_server.engine.speakers.mentions import Form, Phrase
from quoth_server.engine.speakers.nouns import Number, is_degree, is_occupation, is_office_letters
from quoth_server.engine.speakers.role_spans import LONGEST, noun_phrase, role, without_determiners
from quoth_server.engine.types import Role, SpeakerType

__all__ = ["beside", "noun_before", "of_description"]

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
_PEOPLE = frozenset({SpeakerType.UNNAMED, SpeakerType.GROUP, SpeakerType.PERSON})
_COPULAS = frozenset({"be", "become", "remain"})
_SERVING = frozenset({"serve", "work", "act"})
_NAMING = frozenset({"appoint", "name", "elect", "nominate", "call"})


def beside(doc: Doc, phrase: Phrase, *, named: bool = True) -> tuple[Role, ...]:
    """The roles that are next to a name or are its description, nearest first, each once.

    For a named speaker, `named`, a party is not a role: "a Democrat".
    """
    if phrase.form is Form.PRONOUN:
        return ()
    if phrase.form is Form.NAME and phrase.type is not SpeakerType.PERSON:
        return _as_party(doc, phrase) + tuple(_of_body(doc, phrase))
    found: list[Role] = []
    if phrase.form is Form.NAME:
        found += _before(doc, phrase)
        found += _appositions(doc, phrase)
        found += _relative(doc, phrase)
        found += _belonging(doc, phrase)
    else:
        found += of_description(doc, phrase, named=named)
    found += _predicates(doc, phrase)
    once: list[Role] = []
    for one in found:
        if not any(one.span.overlaps(other.span) for other in once):
            once.append(one)
    return tuple(once)


def _as_party(doc: Doc, phrase: Phrase) -> tuple[Role, ...]:
    """Members of a party, who speak as such: "Democrats"."""
    head = doc[phrase.head]
    if phrase.type is SpeakerType.GROUP and head.lower_.rstrip("s") in words("party_words"):
        return tuple(role(doc, phrase.start, phrase.end))
    return ()


def _of_body(doc: Doc, phrase: Phrase) -> Iterator[Role]:
    """What a body is, in apposition: "Baltic Steel, the yard's owner", "the yard's owner, …"."""
    if phrase.type is not SpeakerType.ORGANIZATION:
        return
    head = doc[phrase.head]
    nouns = [t for t in head.rights if t.dep_ == "appos" and t.pos_ == "NOUN"]
    if (noun := noun_before(head)) is not None and noun.i < phrase.start:
        nouns.append(noun)
    for noun in nouns:
        if noun.lemma_.lower() not in words("organization_nouns") | words("either_nouns"):
            continue
        start, end = noun_phrase(noun)
        clause = next((c for c in noun.rights if c.dep_ == "relcl"), None)
        if end - start == 1 and clause is not None and clause.left_edge.i == end:
            end = clause.right_edge.i + 1  # "the agency that oversees the program"
        yield from role(doc, start, min(end, phrase.start) if noun.i < phrase.start else end)


def of_description(doc: Doc, phrase: Phrase, *, named: bool = False) -> tuple[Role, ...]:
    """The role that a description is by itself ("federal prosecutors"), if it is one."""
    head = doc[phrase.head]
    start, end = noun_phrase(head)
    if phrase.type not in _PEOPLE or _is_vague(doc, start, head):
        return ()
    if named and (_is_party_tag(doc, start, head) or _is_no_post(head)):
        return ()
    if not is_occupation(head) and phrase.number is not Number.SEVERAL:
        return ()
    return tuple(role(doc, start, end))


# ---- what counts as a role ------------------------------------------------------------


def _is_vague(doc: Doc, start: int, head: Token) -> bool:
    """Whether a description says nothing of who its people are ("some officials", "two men")."""
    if head.lemma_.lower() not in words("vague_nouns") and head.lower_ not in words("vague_nouns"):
        return False
    telling = [t for t in doc[start : head.i] if t.pos_ in {"NOUN", "PROPN", "ADJ", "VERB"}]
    telling += [c for c in head.rights if c.dep_ == "prep"]
    return not telling


def _is_party_tag(doc: Doc, start: int, head: Token) -> bool:
    """Whether the words are a party only ("a Democrat", "Democrat of Ohio")."""
    if head.lower_.rstrip("s") not in words("party_words"):
        return False
    return not any(t.pos_ in {"ADJ", "VERB", "NOUN"} for t in doc[start : head.i])


def _is_no_post(noun: Token) -> bool:
    """Whether a noun tells descent or an attitude: "son of a miner", "critic of the plan"."""
    of = next((c for c in noun.rights if c.dep_ == "prep" and c.lower_ == "of"), None)
    if of is None or of.i != noun.i + 1:
        return False
    if noun.lemma_.lower() in words("attitude_nouns"):
        return True
    parent = next((o for o in of.rights if o.dep_ == "pobj"), None)
    return (
        noun.lemma_.lower() in {"son", "daughter"}
        and parent is not None
        and any(c.lower_ in {"a", "an"} or c.tag_ == "CD" for c in parent.lefts)
    )


# ---- beside a name --------------------------------------------------------------------


def _before(doc: Doc, phrase: Phrase) -> Iterator[Role]:
    """Nouns and titles before the name: "Foreign Ministry spokesman", "Rep."."""
    end = phrase.start
    edge = doc[phrase.head].left_edge.i
    if end > 0 and is_office_letters(doc[end - 1]):  # often unattached: "Danish **PM** Ana Ruiz"
        edge = min(edge, doc[end - 1].left_edge.i)
    edge = max(edge, end - LONGEST)
    start = end
    while start > 0 and _goes_before(doc[start - 1], edge):
        start -= 1
    while end > start and doc[end - 1].lower_.rstrip(".") in words("honorifics"):
        end -= 1
    if end - start > 1 and doc[end - 1].text.endswith(".") and is_occupation(doc[end - 2]):
        end -= 1
    start = without_determiners(doc, start, end)
    if start < end and _is_plural_role(doc[end - 1]) and not _is_one_of_several(doc[phrase.head]):
        return  # a headline's "Lawmakers Rip Lund"
    if start < end and is_occupation(doc[end - 1]) and not _is_party_tag(doc, start, doc[end - 1]):
        yield from role(doc, start, end)


def _is_one_of_several(name: Token) -> bool:
    return name.dep_ == "conj" or any(c.dep_ == "conj" for c in name.rights)


def _is_plural_role(token: Token) -> bool:
    return token.lower_.endswith("s") and token.lower_.removesuffix("s") in words("role_nouns")


def _goes_before(token: Token, edge: int) -> bool:
    if token.is_space or (token.is_punct and token.text not in {"-", "–", "."}):
        return False
    if token.ent_type_ in {"DATE", "TIME"} or token.lower_ in words("determiners"):
        return False
    if token.i >= edge:
        return token.tag_ in _BEFORE_TAGS
    key = token.lower_.rstrip(".")
    return key in words("titles") or key in words("honorifics") or is_office_letters(token)


def _appositions(doc: Doc, phrase: Phrase) -> Iterator[Role]:
    """Appositions after the name, and the description that the name itself is apposed to."""
    head = doc[phrase.head]
    heads = [t for t in head.rights if t.dep_ == "appos" and not is_degree(t)]
    heads += [t for h in heads for t in sources.conjuncts(h) if t.i > phrase.end]
    if (noun := noun_before(head)) is not None:
        heads.append(noun)
    if not heads and (noun := _after_comma(doc, phrase)) is not None:
        heads.append(noun)
    for noun in heads:
        start, end = noun_phrase(noun)
        if noun.i < phrase.start:
            end = min(end, phrase.start)
        if is_occupation(noun) and not (_is_party_tag(doc, start, noun) or _is_no_post(noun)):
            yield from role(doc, start, end)


def _belonging(doc: Doc, phrase: Phrase) -> Iterator[Role]:
    """Where somebody belongs, right behind the name: "Ana Ruiz **of the Harbor Institute**"."""
    at = phrase.end
    if at >= len(doc) or doc[at].lower_ not in {"of", "from", "with"}:
        return
    place = next((c for c in doc[at].rights if c.dep_ == "pobj"), None)
    if place is None or place.ent_type_ != "ORG":
        return
    end = at + 1
    while end < len(doc) and end - at < LONGEST and (end <= place.i or doc[end].ent_iob_ == "I"):
        end += 1
    yield from role(doc, at, end)


def noun_before(name: Token) -> Token | None:
    """The noun that a name is apposed to: "the mayor, Ana Ruiz", "a lawyer for Lund, Ana Ruiz".

    A name beside another name belongs to the noun that governs that one.
    """
    if name.dep_ == "conj" and name.head.tag_ == "NN" and name.head.i < name.i:
        return name.head if _is_premodified(name) else None
    if name.dep_ != "appos" or name.head.i > name.i:
        return None
    noun = name.head
    while noun.dep_ == "pobj" and (noun.pos_ == "PROPN" or not is_occupation(noun)):
        noun = noun.head.head
    return noun if noun.pos_ in {"NOUN", "PROPN"} and noun.ent_type_ != "PERSON" else None


def _is_premodified(name: Token) -> bool:
    """Whether a role noun stands before the name ("his wife and adviser Ana Ruiz")."""
    return name.ent_type_ == "PERSON" and any(
        c.dep_ == "compound" and is_occupation(c) and c.ent_type_ != "PERSON" for c in name.lefts
    )


def _after_comma(doc: Doc, phrase: Phrase) -> Token | None:
    """The role noun after ", ", ", 34, " or ", Ph.D., " where the parse has no apposition."""
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
    while at + 1 < len(doc) and is_degree(doc[at]) and doc[at + 1].text == ",":
        at += 2
    for token in doc[at : at + 10]:
        if token.pos_ in {"VERB", "AUX", "PRON", "SCONJ", "CCONJ"} or token.is_space:
            return None
        if token.ent_type_ == "PERSON":
            return None
        if token.pos_ in {"NOUN", "PROPN"} and is_occupation(token):
            following = doc[token.i + 1] if token.i + 1 < len(doc) else None
            if following is None or following.pos_ not in {"NOUN", "PROPN", "PART"}:
                return token
        if token.is_punct and token.text not in {"-", "'", "’"}:
            return None
    return None


def _relative(doc: Doc, phrase: Phrase) -> Iterator[Role]:
    """A relative clause: "who chairs the council", "who serves as an adviser"."""
    for clause in doc[phrase.head].rights:
        if clause.dep_ != "relcl" or _is_denied(clause):
            continue
        if clause.lemma_ in words("role_verbs"):
            objects = [c for c in clause.rights if c.dep_ == "dobj" and c.pos_ != "PRON"]
            if objects and any(c.lower_ == "who" for c in clause.lefts):
                _, end = noun_phrase(objects[0])
                yield from role(doc, clause.i, end, past=clause.tag_ in {"VBD", "VBN"})
        else:
            yield from _complement(doc, clause)


def _predicates(doc: Doc, phrase: Phrase) -> Iterator[Role]:
    """What is said of the name: "Holt is the council chair", "Roe was named director"."""
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
        denied = any(c.lower_ == "no" for c in noun.lefts)
        telling = not (denied or _is_vague(doc, start, noun) or _is_party_tag(doc, start, noun))
        if telling and is_occupation(noun) and not modal and noun.tag_ not in {"NNS", "NNPS"}:
            yield from role(doc, start, end, past=past)


def _is_denied(verb: Token) -> bool:
    return any(c.dep_ == "neg" for c in verb.children)
