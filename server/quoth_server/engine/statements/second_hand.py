"""Words that come through more than one voice.

The finder reads one voice a sentence. What is said inside a statement ("Diaz said **the mayor had
told her** …") is a separate statement, reported by the outer one; a source that only passes words
on ("the agency quoted Lund as saying …", "…, the agency reported") is not a speaker but a relay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from spacy.tokens import Doc, Token

from quoth_server.engine.body import body_of
from quoth_server.engine.lexicon import words
from quoth_server.engine.speakers.nouns import is_role
from quoth_server.engine.statements import reported_speech
from quoth_server.engine.statements.draft import Draft, RelayWords
from quoth_server.engine.types import Quotation, Span, StatementKind

__all__ = ["around", "citations_resolved", "inside", "relayed", "relays"]

_SIGNS = 2
"""Code points between a quotation and a clause of saying after it: a comma, a space."""
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_CITING = frozenset({"cite", "quote"})


def inside(doc: Doc, quotations: Sequence[Quotation], drafts: Sequence[Draft]) -> list[Draft]:
    """The statements that are reported inside the content of others, and are not found yet."""
    body = body_of(doc)
    deeper = [q for q in quotations if q.depth and any(map(str.isalnum, q.inner.of(body)))]
    taken = {
        at
        for draft in drafts
        if draft.cue
        for at in range(draft.cue.start_offset, draft.cue.end_offset)
    }
    found: list[Draft] = []
    for draft in drafts:
        for inner in (*_clauses(doc, draft), *_quotations(doc, deeper, draft)):
            assert inner.cue is not None
            if inner.cue.start_offset not in taken:
                taken.update(range(inner.cue.start_offset, inner.cue.end_offset))
                found.append(inner)
    return found


def around(doc: Doc, drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts, with the whole clause for who reports what another said.

    Each word is read in one voice, the innermost: of "Diaz said **the mayor had told her that it
    rained**" Diaz then has nothing, or no more than the clause's first words.
    """
    found = list(drafts)
    verbs = {
        verb.i: number
        for number, draft in enumerate(drafts)
        if (verb := reported_speech.verb_of(doc, draft.cue)) is not None
    }
    for at, number in sorted(verbs.items(), reverse=True):
        inner, clause = drafts[number], doc[at]
        outer = clause.head
        if clause.dep_ != "ccomp" or outer.i >= clause.left_edge.i or inner.quoted:
            continue
        end = max(_end(clause.right_edge), inner.content[-1].end_offset)
        told = Span(clause.left_edge.idx, end)
        if outer.i in verbs:
            draft = found[verbs[outer.i]]
            if not draft.quoted and draft.content[0].start_offset >= told.start_offset:
                found[verbs[outer.i]] = replace(draft, content=(told,))
            continue
        subject = next((c for c in outer.lefts if c.dep_ in _SUBJECTS), None)
        if subject is not None and outer.lemma_ in words("saying_verbs"):
            verbs[outer.i] = len(found)
            source, cue = _span(subject.left_edge, subject.right_edge), _span(outer, outer)
            found.append(replace(inner, content=(told,), cue=cue, source=source, relays=()))
    return found


def _clauses(doc: Doc, draft: Draft) -> Iterator[Draft]:
    """Clauses of saying among the words of a content that are not in marks."""
    for span in draft.content:
        tokens = doc.char_span(span.start_offset, span.end_offset, alignment_mode="expand")
        for verb in tokens or ():
            if any(q.start_offset <= verb.idx < q.end_offset for q in draft.quoted):
                continue
            told = _told(verb)
            subject = next((c for c in verb.lefts if c.dep_ in _SUBJECTS), None)
            if told is None or subject is None or subject.left_edge.idx < span.start_offset:
                continue
            content = Span(told.left_edge.idx, min(_end(told.right_edge), span.end_offset))
            if content.start_offset < content.end_offset:
                yield Draft(
                    content=(content,),
                    cue=_span(verb, verb),
                    source=_span(subject.left_edge, subject.right_edge),
                    score=draft.score,
                    likelihood=draft.likelihood,
                )


def _told(verb: Token) -> Token | None:
    """The clause that a verb of saying reports: "**that** it rained", "(told her) **to** stay"."""
    if verb.pos_ != "VERB" or verb.lemma_ not in words("saying_verbs"):
        return None
    for clause in verb.rights:
        finite = any(c.dep_ in {*_SUBJECTS, "expl"} for c in clause.lefts)
        if clause.dep_ == "ccomp" and finite and clause.left_edge.i > verb.i:
            return clause
        ordered = clause.dep_ == "xcomp" and any(c.lower_ == "to" for c in clause.lefts)
        told = any(c.dep_ in {"dobj", "dative"} and c.i < clause.i for c in verb.rights)
        if ordered and told and verb.lemma_ in words("telling_verbs"):
            return clause
    return None


def _quotations(doc: Doc, quotations: Sequence[Quotation], draft: Draft) -> Iterator[Draft]:
    """Quotations inside a quotation, with a clause of saying beside them."""
    for quotation in quotations:
        if not any(s.covers(quotation.outer) for s in draft.content):
            continue
        cue, source = reported_speech.clause_beside(doc, quotation.outer)
        if cue is not None and any(s.covers(cue) for s in draft.content):
            inner = (quotation.inner,)
            yield Draft(inner, inner, StatementKind.DIRECT, cue, source, score=draft.score)


# ---- who passed it on -----------------------------------------------------------------


def relays(doc: Doc, draft: Draft) -> tuple[RelayWords, ...]:
    """Who quotes the speaker, as far as the words of the cue and the source tell."""
    verb = reported_speech.quoted_through(doc, draft.cue)
    if verb is None:
        verb = _quoted_aside(doc, draft)
    if verb is None:
        return ()
    quoting = _agent(verb) if verb.tag_ == "VBN" else None
    if quoting is None and verb.tag_ != "VBN":
        quoting = next((c for c in verb.lefts if c.dep_ == "nsubj"), None)
        if quoting is None and verb.dep_ == "acl":
            quoting = verb.head
    if quoting is None:
        return ()
    end = next((c.left_edge for c in quoting.rights if c.dep_ == "acl"), None)
    last = end.nbor(-1) if end is not None else quoting.right_edge
    span = _span(quoting.left_edge, last)
    if draft.source is not None and span.overlaps(draft.source):
        return ()
    return (RelayWords(span, _span(verb, verb)),)


def _quoted_aside(doc: Doc, draft: Draft) -> Token | None:
    """The participle of "Lund, quoted by Reuters, said"."""
    if draft.source is None or draft.cue is None:
        return None
    start, end = sorted((draft.source.start_offset, draft.cue.start_offset))
    near = doc.char_span(start, end, alignment_mode="expand")
    for token in near or ():
        if token.lemma_ in _CITING and token.tag_ == "VBN" and _agent(token) is not None:
            return token
    return None


def _agent(verb: Token) -> Token | None:
    """Lund, of "quoted by Lund"."""
    for by in verb.rights:
        if by.dep_ == "agent" or by.lower_ == "by":
            return next((c for c in by.rights if c.dep_ == "pobj"), None)
    return None


def relayed(doc: Doc, quotations: Mapping[Span, Quotation], draft: Draft) -> Draft:
    """The draft, "“…,” Kaya told state television, the agency reported" as Kaya's.

    There the words outside the marks only say who said those inside. `quotations` are
    found by what is inside their marks.
    """
    if not draft.quoted or draft.cue is None or draft.source is None:
        return draft
    for quotation in (quotations[span] for span in draft.quoted if span in quotations):
        cue, source = reported_speech.clause_beside(doc, quotation.outer)
        clause = _beside(draft, draft.source, quotation.outer)
        if cue is None or source is None or cue.overlaps(draft.cue):
            continue
        verb = reported_speech.verb_of(doc, cue)
        if verb is not None and verb.lemma_ in _CITING:
            continue
        opens = (
            clause.start_offset
            <= min(cue.start_offset, source.start_offset)
            <= clause.start_offset + _SIGNS
        )
        if not opens or not (clause.covers(cue) and clause.covers(source)):
            continue
        return replace(
            draft,
            content=draft.quoted,
            kind=StatementKind.DIRECT,
            cue=cue,
            source=source,
            relays=(RelayWords(draft.source, draft.cue),),
        )
    return draft


def _beside(draft: Draft, source: Span, quotation: Span) -> Span:
    """What stands after a quotation, up to the source or the content's end; else before it."""
    first, last = draft.content[0].start_offset, draft.content[-1].end_offset
    if draft.kind is StatementKind.DIRECT and source.start_offset > quotation.end_offset:
        last = source.start_offset
    return (
        Span(quotation.end_offset, last)
        if quotation.end_offset < last
        else Span(first, quotation.start_offset)
    )


def citations_resolved(doc: Doc, drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts, those "…, the agency reported, citing Lund" as Lund's, passed on by the agency.

    What is cited must be somebody or a paper; "citing concerns" names none.
    """
    cited = {n: t for n, draft in enumerate(drafts) if (t := _cited(doc, draft)) is not None}
    out = []
    for number, draft in enumerate(drafts):
        if number in cited:
            continue
        verb = reported_speech.verb_of(doc, draft.cue)
        origin = next((t for t in cited.values() if verb is not None and t.head.head == verb), None)
        if origin is None or draft.source is None or draft.cue is None:
            out.append(draft)
            continue
        relay = RelayWords(draft.source, draft.cue)
        source = _span(origin.left_edge, origin.right_edge)
        cue = _span(origin.head, origin.head)
        kept = [s for s in draft.content if not s.overlaps(source)]
        out.append(
            replace(draft, content=tuple(kept), source=source, cue=cue, relays=(relay,))
            if kept
            else draft
        )
    return out


def _cited(doc: Doc, draft: Draft) -> Token | None:
    """Who is cited, if a draft is only that: "citing **two officials**"."""
    verb = reported_speech.verb_of(doc, draft.cue)
    if verb is None or verb.lemma_ not in _CITING or verb.tag_ != "VBG" or draft.quoted:
        return None
    noun = next((c for c in verb.rights if c.dep_ == "dobj"), None)
    if noun is None or len(draft.content) > 1:
        return None
    if not draft.content[0].covers(Span(noun.idx, _end(noun))):
        return None
    paper = noun.lemma_.lower() in words("document_nouns")
    return noun if paper or is_role(noun) or noun.ent_type_ in {"PERSON", "ORG", "NORP"} else None


def _span(first: Token, last: Token) -> Span:
    return Span(first.idx, _end(last))


def _end(token: Token) -> int:
    return token.idx + len(token)
