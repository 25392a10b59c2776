"""Step 9: whether the article tells a statement as said.

What counts is the verb of the cue: its negation, its auxiliaries, the verbs it hangs on ("is
expected to say", "declined to say") and the clause it stands in ("if she says"). These are closed
sets in English, so they are read off the parse.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Token

from quoth_server.engine.lexicon import meanings, words
from quoth_server.engine.statements import Draft
from quoth_server.engine.statements.reported_speech import verb_of
from quoth_server.engine.types import Factuality

__all__ = ["find"]

_WILL = frozenset({"will", "shall", "'ll", "’ll", "wo"})
_MAY = frozenset({"may", "might", "could", "would", "can", "ca", "should", "'d", "’d"})
_CONDITIONS = frozenset({"if", "unless", "should", "lest"})
_IMAGINING = frozenset({"imagine", "suppose", "picture"})
_NOBODY = frozenset({"nobody", "none", "neither"})
_QUESTION_WORDS = frozenset(
    {"whether", "if", "who", "whom", "whose", "what", "which", "when", "where", "why", "how"}
)
_ON_THE_WAY = frozenset({"xcomp", "pcomp"})


def find(doc: Doc, drafts: Sequence[Draft]) -> tuple[Factuality, ...]:
    """For each draft whether it was said; what has no verb as its cue was."""
    return tuple(_factuality(doc, draft) for draft in drafts)


def _factuality(doc: Doc, draft: Draft) -> Factuality:
    verb = verb_of(doc, draft.cue)
    if verb is None:
        return _of_kind(doc, draft, None)
    chain = list(_governing(verb))
    if any(_is_supposed(each) for each in chain):
        return Factuality.HYPOTHETICAL
    if _is_negated(chain) or _said_nothing(verb, draft):
        return Factuality.NEGATED
    for each in chain:
        if each is not verb and (_meaning(each) is Factuality.FUTURE or _is_going(each)):
            return Factuality.FUTURE
        modals = {t.lower_ for t in _helpers(each) if t.tag_ == "MD" or t.lower_ in _WILL}
        if modals & _WILL or ("would" in modals and _is_told(each)):
            return Factuality.FUTURE
        if modals & _MAY and not _did_all_the_same(each):
            return Factuality.HYPOTHETICAL
    return _of_kind(doc, draft, verb)


def _of_kind(doc: Doc, draft: Draft, verb: Token | None) -> Factuality:
    """DENIED or ASKED by the cue's own meaning, else ASSERTED."""
    cue = (
        doc.char_span(draft.cue.start_offset, draft.cue.end_offset, alignment_mode="expand")
        if draft.cue
        else ()
    )
    found = {_meaning(token) for token in ([verb] if verb is not None else cue or ())}
    if Factuality.DENIED in found:
        return Factuality.DENIED
    if Factuality.ASKED in found and _is_question(doc, draft):
        return Factuality.ASKED
    return Factuality.ASSERTED


def _meaning(word: Token) -> Factuality | None:
    """What a verb or noun means for what depends on it: "deny", "plan", "decline"."""
    return meanings("factuality_words", Factuality).get(word.lemma_.lower())


def _is_question(doc: Doc, draft: Draft) -> bool:
    """Whether the content is a question and no request: "asked **whether**", “**Why?**”."""
    parts = [
        doc.char_span(s.start_offset, s.end_offset, alignment_mode="expand") for s in draft.content
    ]
    told = [part for part in parts if part is not None]
    ends = any(t.text == "?" for part in told for t in doc[part.end - 1 : part.end + 1])
    return ends or any(t.lower_ in _QUESTION_WORDS for part in told[:1] for t in part[:2])


# ---- the verbs above the cue ----------------------------------------------------------


def _governing(verb: Token) -> Iterator[Token]:
    """The verb and those it is the infinitive of: "say", "expected" in "is expected to say"."""
    yield verb
    while verb.dep_ in _ON_THE_WAY and verb.head is not verb:
        verb = verb.head
        yield verb


def _helpers(verb: Token) -> list[Token]:
    """The auxiliaries of a verb; a verb that is coordinated without a subject shares them."""
    while True:
        found = [c for c in verb.lefts if c.dep_ in {"aux", "auxpass"}]
        shares = verb.dep_ == "conj" and not any(c.dep_ == "nsubj" for c in verb.lefts)
        if found or not shares or verb.tag_ not in {"VB", "VBN"}:
            return found
        verb = verb.head


def _is_going(verb: Token) -> bool:
    """Whether it is "going to" or "about to"."""
    return verb.lower_ in {"going", "about"} and verb.tag_ in {"VBG", "IN", "JJ"}


def _is_told(verb: Token) -> bool:
    """Whether a clause stands inside reported words, where "would" is a future."""
    return verb.dep_ == "ccomp" and verb.head.tag_ in {"VBD", "VBN"}


def _did_all_the_same(verb: Token) -> bool:
    """Whether it was said after all: "would only say", "would later say"."""
    told = {"only", "later", "eventually", "subsequently", "then"}
    return any(c.lower_ in told for c in verb.children if c.dep_ == "advmod") or (
        verb.lemma_ in {"hear", "see"} and verb.tag_ == "VBN"
    )


def _is_supposed(verb: Token) -> bool:
    """Whether it stands under a condition, or is only imagined."""
    if verb.dep_ == "advcl" and any(
        c.lower_ in _CONDITIONS and c.dep_ in {"mark", "aux"} and c.i <= verb.i for c in verb.lefts
    ):
        return True
    above = (verb.head, verb.head.head)
    return any(each.lemma_.lower() in _IMAGINING and each.i < verb.i for each in above)


def _is_negated(chain: Sequence[Token]) -> bool:
    """Whether it was not said: "did not say", "nobody said", "declined to say", "without saying".

    Two negations make none: "did not decline to say".
    """
    denied = False
    for verb in reversed(chain):
        if _meaning(verb) is Factuality.NEGATED:
            denied = not denied
        if verb is not chain[0] and any(c.lower_ == "yet" for c in verb.children):
            denied = not denied  # "has yet to say"
        if _has_negator(verb):
            denied = not denied
    return denied


def _said_nothing(verb: Token, draft: Draft) -> bool:
    """Whether nothing was said about the content: "said nothing about the price"."""
    nothing = next((c for c in verb.rights if c.lower_ == "nothing" and c.dep_ == "dobj"), None)
    if nothing is None:
        return False
    start = draft.content[0].start_offset
    about = [c for each in (nothing, verb) for c in each.rights if c.dep_ == "prep"]
    return any(start in (nothing.idx, each.idx) for each in about if each.i > nothing.i)


def _has_negator(verb: Token) -> bool:
    if any(c.dep_ == "neg" or c.lower_ in words("negators") for c in verb.lefts):
        return True
    subject = next((c for c in verb.lefts if c.dep_ in {"nsubj", "nsubjpass"}), None)
    if subject is not None:
        nobody = subject.lower_ in _NOBODY or subject.text.lower() == "no one"
        if nobody or any(c.lower_ in {"no", "neither"} for c in subject.lefts):
            return True
    return verb.dep_ == "pcomp" and verb.head.lower_ == "without"
