"""The phrases of an article that can be somebody's role, and what speaks for each.

The article network reads them (`role_tags`). Whose each is, and which one holds at a statement, the
record network says (`choice`).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from spacy.tokens import Doc, Token
from spacy.tokens import Span as SpacySpan

from quoth_server.engine.records.table import FloatArray, IntArray, WordTable, columns_of
from quoth_server.engine.speakers import role_spans
from quoth_server.engine.speakers.mentions import Form
from quoth_server.engine.speakers.referents import Referents
from quoth_server.engine.speakers.role_tags import TaggedRole
from quoth_server.engine.statements.draft import Draft
from quoth_server.engine.types import Role, RoleStatus, Span, SpeakerType

__all__ = ["FEATURES", "RolePhrases", "find"]

FEATURES = 40
"""Numbers that describe a phrase as the role of a speaker at a statement."""
_NEAREST = 96
"""The number of phrases weighed for a speaker, the nearest ones; few articles have more."""
_TYPES = (
    frozenset({SpeakerType.PERSON}),
    frozenset({SpeakerType.UNNAMED, SpeakerType.GROUP}),
    frozenset({SpeakerType.ORGANIZATION}),
    frozenset({SpeakerType.DOCUMENT, SpeakerType.PLACE}),
)
_BESIDE = ("appos", "compound", "attr", "nmod", "nsubj", "pobj")


@dataclass(frozen=True, slots=True)
class RolePhrases:
    """The phrases that can be a role, in text order; all arrays are parallel to `roles`.

    `texts` are their words, folded. `starts`, `ends` and `heads` are tokens, `words` the words of
    the heads. `givers` are the phrases beside which each stands. `fixed` are the features
    that no speaker changes. `plain` and `names` count, before each token, those that are not marks,
    and names that begin. `governors` are the token on which each token hangs.
    """

    doc: Doc
    table: WordTable
    referents: Referents
    roles: tuple[Role, ...]
    texts: tuple[str, ...]
    starts: IntArray
    ends: IntArray
    heads: IntArray
    words: IntArray
    givers: tuple[frozenset[int], ...]
    fixed: FloatArray
    plain: IntArray
    names: IntArray
    governors: IntArray

    def near(self, mentions: Sequence[int]) -> RolePhrases:
        """Those that stand nearest to a speaker's phrases: time stays linear in long lists."""
        if len(self.roles) <= _NEAREST:
            return self
        first, last = (
            np.array([getattr(self.referents.phrases[at], edge) for at in mentions])
            for edge in ("start", "end")
        )
        apart = np.maximum(first[None] - self.ends[:, None], self.starts[:, None] - last[None])
        kept = np.sort(np.argsort(apart.min(axis=1), kind="stable")[:_NEAREST])
        return replace(
            self,
            roles=tuple(self.roles[at] for at in kept),
            texts=tuple(self.texts[at] for at in kept),
            givers=tuple(self.givers[at] for at in kept),
            starts=self.starts[kept],
            ends=self.ends[kept],
            heads=self.heads[kept],
            words=self.words[kept],
            fixed=self.fixed[kept],
        )

    def of_kin(self, mentions: Sequence[int]) -> npt.NDArray[np.bool_]:
        """Which of the roles another holds, who is the speaker's: "Lund, whose **brother** …"."""
        mine = {self.referents.phrases[at].head for at in mentions}
        bearers = (_antecedent(self.doc[head]) for head in self.heads.tolist())
        return np.array([bearer is not None and bearer.i in mine for bearer in bearers], dtype=bool)

    def describe(
        self, mentions: Sequence[int], own: Iterable[int], kind: SpeakerType, draft: Draft
    ) -> tuple[IntArray, FloatArray]:
        """The word of the nearest mention to each phrase, and the features of each.

        Args:
            mentions: The speaker's phrases, at least one; indices of `referents.phrases`.
            own: Those of them that are the source of a statement.
            kind: The kind of speaker.
            draft: The statement.

        Returns:
            Shape: phrases; phrases × FEATURES.
        """
        phrases = [self.referents.phrases[at] for at in mentions]
        count = len(self.roles)
        first = np.array([phrase.start for phrase in phrases])
        last = np.array([phrase.end for phrase in phrases])
        apart = np.maximum(first[None] - self.ends[:, None], self.starts[:, None] - last[None])
        nearest = np.maximum(apart, 0).argmin(axis=1)
        each = np.arange(count)
        # "Lund's lawyer" is not Lund.
        named_inside = (self.starts[:, None] <= first[None]) & (last[None] <= self.ends[:, None])
        is_name = [phrase.form is Form.NAME for phrase in phrases]
        gap = np.maximum(apart[each, nearest], 0)
        first, last = first[nearest], last[nearest]
        near = [phrases[at] for at in nearest.tolist()]
        heads = np.array([phrase.head for phrase in near])
        overlap = apart[each, nearest] < 0
        before = self.ends <= first
        low, high = np.minimum(self.ends, last), np.maximum(self.starts, first)
        plain, named = self._between(low, high)
        mine = frozenset(mentions)
        owned = frozenset(own)
        given = np.array([bool(givers & mine) for givers in self.givers], dtype=bool)
        others = np.array([bool(givers) for givers in self.givers], dtype=bool) & ~given
        place = draft.source or draft.cue or draft.content[0]
        begins = np.array([role.span.start_offset for role in self.roles])
        words = self.table.of_token
        sentence, paragraph = self.table.sentence, self.table.words.paragraph
        at = min(self.table.range_of(place)[0], len(self.table) - 1)
        inside = [any(span.overlaps(role.span) for span in draft.content) for role in self.roles]
        in_source = [
            draft.source is not None and draft.source.overlaps(role.span) for role in self.roles
        ]
        governs, governed = self.governors[self.heads], self.governors[heads]
        columns = [
            overlap,
            before,
            np.log1p(gap) / 3,
            (gap == 0) & ~overlap,
            (gap > 0) & (plain == 0),
            sentence[words[heads]] == sentence[self.words],
            paragraph[words[heads]] == paragraph[self.words],
            named > 0,
            given,
            others,
            [phrase.form is Form.NAME for phrase in near],
            [phrase.form is Form.DESCRIPTION for phrase in near],
            [mentions[i] in owned for i in nearest.tolist()],
            in_source,
            sentence[self.words] == sentence[at],
            begins < place.start_offset,
            np.log1p(np.abs(self.words - at)) / 5,
            inside,
            governs == heads,
            governed == self.heads,
            (named_inside & is_name).any(axis=1),
            np.log1p(len(phrases)) / 3,
            *(kind in kinds for kinds in _TYPES),
        ]
        varying = columns_of(columns, count)
        return words[heads], np.concatenate([varying, self.fixed], axis=1)

    def without_own_name(self, role: Role, mentions: Iterable[int]) -> Role:
        """The role without the name of its holder that it ends with: “Mayor of Ghent Lena Holt”.

        Not without one that a preposition takes: a “son of Omar Diaz” may have his name.

        Args:
            role: Of a speaker.
            mentions: The speaker's phrases; indices of `referents.phrases`.
        """
        tokens = role_spans.tokens_of(self.doc, role)
        for phrase in (self.referents.phrases[at] for at in mentions):
            if phrase.form is not Form.NAME or not phrase.start < tokens.end <= phrase.end:
                continue
            before = self.doc[max(tokens.start, phrase.start - 1)]
            if phrase.start > tokens.start and before.tag_ not in role_spans.OPEN_ENDS:
                return replace(role, span=Span(role.span.start_offset, before.idx + len(before)))
        return role

    def _between(self, low: IntArray, high: IntArray) -> tuple[IntArray, IntArray]:
        """Of the tokens from `low` to `high`: those that are not marks, and names that begin."""
        high = np.maximum(low, high)
        return self.plain[high] - self.plain[low], self.names[high] - self.names[low]


def find(
    doc: Doc,
    table: WordTable,
    referents: Referents,
    drafts: Sequence[Draft],
) -> RolePhrases:
    """Describes what can be a role.

    Args:
        doc: The parse of the body.
        table: Its words.
        referents: Its phrases and its roles.
        drafts: The statements.
    """
    tagged = referents.tagged
    roles = [one.role for one in tagged.found]
    givers: list[set[int]] = [set() for _ in roles]
    for at, phrase in enumerate(referents.phrases):
        for place in tagged.beside(phrase):
            givers[place].add(at)
    spans = [role_spans.tokens_of(doc, role) for role in roles]
    heads = np.array([one.head for one in tagged.found], dtype=np.int64)
    named = np.zeros(len(doc) + 1, dtype=np.int64)
    for phrase in referents.phrases:
        named[phrase.start + 1] += phrase.form is Form.NAME
    marks = doc.to_array(["IS_PUNCT", "IS_SPACE"]).astype(bool)
    offsets = doc.to_array(["HEAD"]).astype(np.int64)  # from each token to that on which it hangs
    return RolePhrases(
        doc=doc,
        table=table,
        referents=referents,
        roles=tuple(roles),
        texts=tuple(span.text.casefold() for span in spans),
        starts=np.array([span.start for span in spans], dtype=np.int64),
        ends=np.array([span.end for span in spans], dtype=np.int64),
        heads=heads,
        words=table.of_token[heads],
        givers=tuple(map(frozenset, givers)),
        fixed=_fixed(drafts, spans, tagged.found, named),
        plain=np.append(0, np.cumsum(~marks.any(axis=1))),
        names=np.cumsum(named),
        governors=np.arange(len(doc)) + offsets,
    )


def _antecedent(noun: Token) -> Token | None:
    """Lund, of "Lund, whose **brother** died"; None of what no relative clause is about."""
    if not any(c.tag_ == "WP$" for c in noun.lefts):
        return None
    return next((t.head for t in (noun, *noun.ancestors) if t.dep_ == "relcl"), None)


def _fixed(
    drafts: Sequence[Draft],
    spans: Sequence[SpacySpan],
    tagged: Sequence[TaggedRole],
    named: IntArray,
) -> FloatArray:
    """What describes the phrases whoever speaks."""
    said = [span for draft in drafts for span in draft.content]
    texts = [span.text.lower() for span in spans]
    often = Counter(texts)
    rows = []
    for span, one, text in zip(spans, tagged, texts, strict=True):
        head, role = span.doc[one.head], one.role
        rows.append(
            [
                one.chance,
                len(span) / 8,
                span[0].dep_ == "prep",
                named[span.start + 1 : span.end + 1].any(),
                any(part.overlaps(role.span) for part in said),
                role.status is not RoleStatus.CURRENT,
                head.tag_ in {"NNS", "NNPS"},
                math.log1p(often[text]),
                *(head.dep_ == label for label in _BESIDE),
            ]
        )
    return np.array(rows, dtype=np.float32).reshape(len(rows), len(_BESIDE) + 8)
