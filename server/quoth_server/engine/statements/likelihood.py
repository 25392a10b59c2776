"""How likely a finding without quotation marks is a statement at all.

The finder learned from a corpus that has beliefs, plans and opinions among its attributions, and
is unsure of many. Its score, the cue and the form of the content tell better together than each
alone; the weights are learned by `python -m training.fit_confidence`.
"""

from __future__ import annotations

from spacy.tokens import Doc
from spacy.tokens import Span as Tokens

from quoth_server.engine.logistic import probability
from quoth_server.engine.statements import reported_speech
from quoth_server.engine.statements.draft import Draft
from quoth_server.engine.types import Span, StatementKind

__all__ = ["features", "of"]

_SUBJECTS = frozenset({"nsubj", "nsubjpass", "expl"})
_CLAUSES = frozenset({"ccomp", "advcl", "parataxis"})
_OPENING = frozenset({"that", "whether", "if", "how", "why", "what", "who", "when", "where"})
_FEW, _MANY = 3, 12


def of(doc: Doc, draft: Draft) -> float:
    """The probability that the draft is a statement; 1 for what stands in marks as a whole."""
    if draft.kind is StatementKind.DIRECT:
        return 1.0
    return probability("likelihood", "finding", features(doc, draft))


def features(doc: Doc, draft: Draft) -> dict[str, float]:
    """What the probability rests on, by the names of the weights."""
    content = _tokens(doc, Span(draft.content[0].start, draft.content[-1].end))
    cue, source = _tokens(doc, draft.cue), _tokens(doc, draft.source)
    assert content is not None
    root = content.root
    own_subject = any(t.dep_ in _SUBJECTS and t.head == root for t in content)
    clause = root.dep_ in _CLAUSES or own_subject
    nominal = root.pos_ in {"NOUN", "PROPN", "PRON"}
    speech = reported_speech.has_word_of_speech(doc, draft.cue)
    values = {
        "bias": True,
        "mixed": draft.kind is StatementKind.MIXED,
        "mixed, no speech": draft.kind is StatementKind.MIXED and not speech,
        "speech": speech,
        "source": source is not None,
        "source is a name": source is not None and source.root.pos_ == "PROPN",
        "source is no noun": source is not None and source.root.pos_ == "DET",
        "that": content[0].lower_ in _OPENING,
        "to": content[0].lower_ == "to",
        "noun": nominal,
        "noun, no speech": nominal and not speech,
        "clause, speech": clause and speech,
        "few words": len(content) <= _FEW,
        "many words": len(content) >= _MANY,
        "cue is a verb": cue is not None and cue.root.pos_ in {"VERB", "AUX"},
        "passive": cue is not None and any(t.dep_ == "auxpass" for t in cue.root.children),
    }
    return {
        "score": draft.score,
        "surely": 5.0 * max(0.0, draft.score - 0.8),
        **{name: float(value) for name, value in values.items()},
    }


def _tokens(doc: Doc, span: Span | None) -> Tokens | None:
    return doc.char_span(span.start, span.end, alignment_mode="expand") if span else None
