"""Finds the word that a statement's source turns on, where it names one at all."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from quoth_server.engine.speakers.nouns import is_person
from quoth_server.engine.statements import Draft
from quoth_server.engine.types import Span

__all__ = ["antecedent", "conjuncts", "coordinated", "head_of"]

_NOMINAL = (frozenset({"NOUN", "PROPN", "PRON"}), frozenset({"NUM", "ADJ"}), frozenset({"DET"}))
"""What a source turns on, the likeliest first."""
_MOST = 16
"""Words that are looked at of those coordinated with one: time stays linear in a long list."""
_BORROWING = frozenset({"conj", "xcomp", "advcl", "ccomp", "acl", "pcomp", "dep"})


def head_of(doc: Doc, draft: Draft) -> Token | None:
    """The head of the source, of whom a relative pronoun stands for, or else the cue's subject.

    A source in another sentence than the cue, or parted from it by the content, is a slip where
    the cue has its own subject.
    """
    head = _span_head(doc, draft.source) if draft.source is not None else None
    if head is None or _is_slip(doc, draft):
        subject = _subject(doc, draft) if draft.cue is not None else None
        if subject is not None or head is None:
            return subject
    return antecedent(head)


def coordinated(head: Token, within: Span | None = None) -> tuple[Token, ...]:
    """A head and those coordinated with it, inside a span if one is given: "Holt and Diaz".

    Joint speakers are names, one description among them too, or several plural nouns: "his wife and
    adviser Ana Ruiz" is one.
    """
    joined = [
        t
        for t in (*conjuncts(head), *(c for c in head.lefts if c.dep_ == "nmod"))
        if t != head
        and t.pos_ in {"PROPN", "NOUN"}
        and (t.i > head.i or (t.dep_ == "nmod" and any(c.dep_ == "cc" for c in t.rights)))
        and (within is None or within.start_offset <= t.idx < within.end_offset)
    ]
    heads = (head, *(t for t in joined if t.ent_type_ == head.ent_type_ or t.ent_type_ != "GPE"))
    linked = any(c.dep_ == "cc" and c.lower_ in {"and", "&"} for h in heads for c in h.children)
    others = [t for t in heads if t.pos_ != "PROPN"]
    alike = all(t.tag_.endswith("S") for t in heads) or not others
    alike = alike or (len(others) == 1 and heads[0] not in others and _stands_alone(others[0]))
    return tuple(sorted(heads, key=lambda t: t.i)) if linked and alike else (head,)


def conjuncts(token: Token) -> list[Token]:
    """What a word is coordinated with, in text order: the nearest, `_MOST` at most.

    spaCy's `Token.conjuncts` walks the whole list, however long, for each word of it.
    """
    first = token
    for _ in range(_MOST):
        if first.dep_ != "conj":
            break
        first = first.head
    found, waiting = [first], [first]
    while waiting and len(found) <= _MOST:
        joined = [t for t in waiting.pop(0).rights if t.dep_ == "conj"][:_MOST]
        found += joined
        waiting += joined
    return sorted((t for t in found[: _MOST + 1] if t != token), key=lambda t: t.i)


def _stands_alone(noun: Token) -> bool:
    """Whether a noun beside a name is somebody else: "Lund and the cook"."""
    return noun.tag_ == "NN" and any(c.dep_ in {"det", "poss"} for c in noun.lefts)


def _tokens(doc: Doc, span: Span) -> list[Token]:
    found = doc.char_span(span.start_offset, span.end_offset, alignment_mode="expand")
    return [t for t in found if not t.is_space] if found is not None else []


def _span_head(doc: Doc, span: Span) -> Token | None:
    tokens = _tokens(doc, span)
    inside = {t.i for t in tokens}
    tops = [t for t in tokens if (t.head.i not in inside or t.head.i == t.i) and not t.is_punct]
    for wanted in _NOMINAL:
        for token in tops:
            if token.pos_ in wanted:
                return token
    nominal = [t for t in tokens if t.pos_ in {"PROPN", "NOUN", "PRON"}]
    return nominal[0] if nominal else (tops[0] if tops else None)


def antecedent(head: Token) -> Token:
    """For "who" and "many of whom", the noun that the relative clause hangs on."""
    wh = next((t for t in head.subtree if t.tag_ in {"WP", "WDT", "WP$"}), None)
    if wh is None or (wh != head and wh.head.dep_ != "prep"):
        return head
    verb = head.head
    while verb.dep_ in _BORROWING and verb.head.i < verb.i and verb.dep_ != "relcl":
        verb = verb.head
    if verb.dep_ == "relcl":
        return _meant(verb.head, wh)
    before = head.left_edge.i - 1
    while before >= 0 and head.doc[before].is_punct:
        before -= 1
    return _meant(head.doc[before], wh) if before >= 0 else head


def _meant(noun: Token, wh: Token) -> Token:
    """The noun that a relative pronoun stands for, by what it can stand for.

    "The rise of Lund, who spoke": a person. "Members of the government, which has denied it": none,
    and one. The nearest such noun before the pronoun, of those that the parse's noun governs or
    stands in.
    """
    whole = _whole(noun, wh)
    top = whole if whole.i < noun.i else noun
    below = [t for t in top.subtree if t.pos_ in {"NOUN", "PROPN"} and t.i < wh.left_edge.i]
    fitting = [t for t in below if t.dep_ not in {"compound", "poss"} and _fits(t, wh)]
    if _fits(whole, wh) or not fitting:
        return whole
    return fitting[-1]


def _fits(noun: Token, wh: Token) -> bool:
    """Whether "who" can mean the noun, a person, or "which" it, a thing or a body."""
    person = noun.ent_type_ == "PERSON" or (
        noun.ent_type_ in {"", "NORP"} and (is_person(noun) or noun.tag_ == "NNPS")
    )
    if wh.lower_ in {"who", "whom"}:
        return person
    return wh.lower_ != "which" or not person


def _whole(noun: Token, wh: Token) -> Token:
    """The noun that an "of" phrase or, for "who", an apposition of a name ends in."""
    while noun.head.i < noun.i and noun.head.pos_ not in {"VERB", "AUX"}:
        above = noun.head
        if noun.pos_ in {"NOUN", "PROPN"} and noun.dep_ != "pobj":
            person = above.ent_type_ == "PERSON" and noun.dep_ == "appos" and wh.lower_ == "who"
            return above if person else noun
        if above.pos_ == "ADP" and above.head.pos_ in {"VERB", "AUX"}:
            return noun
        noun = above
    return noun


def _is_slip(doc: Doc, draft: Draft) -> bool:
    """Whether the source is unlikely to be the cue's."""
    if draft.source is None or draft.cue is None:
        return False
    source, cue, content = draft.source.start_offset, draft.cue.start_offset, draft.content
    if cue < content[0].start_offset and content[-1].end_offset <= source:
        return True
    begin, end = sorted((source, cue))
    between = doc.char_span(begin, end, alignment_mode="expand")
    return between is not None and any(t.is_sent_start for t in between[1:])


def _subject(doc: Doc, draft: Draft) -> Token | None:
    """The subject of the cue's verb, borrowed from a verb above where it has none itself."""
    assert draft.cue is not None
    verbs = [t for t in _tokens(doc, draft.cue) if t.pos_ in {"VERB", "AUX"}]
    if not verbs:
        return None
    verb = verbs[0]
    for _ in range(4):
        for child in verb.children:
            if child.dep_ == "nsubj" and not _inside(child, draft):
                return antecedent(child)
            if child.dep_ == "agent":
                return next((o for o in child.children if o.dep_ == "pobj"), None)
        if any(c.dep_ == "nsubjpass" for c in verb.children):
            return None
        if verb.dep_ == "relcl":
            return verb.head
        if verb.dep_ not in _BORROWING or verb.head == verb:
            return None
        verb = verb.head
    return None


def _inside(token: Token, draft: Draft) -> bool:
    return any(s.start_offset <= token.idx < s.end_offset for s in draft.content)
