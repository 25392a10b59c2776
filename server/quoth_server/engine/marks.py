"""Step 3: pairs quotation marks, whatever their style, into quotations.

Marks are a closed class, so this is rules: what is next to a mark says whether it can open,
close or is not a quotation mark at all (an apostrophe, feet and inches). Two left-to-right passes
over each paragraph; the time is linear in the body's length.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from quoth_server.engine.lexicon import words
from quoth_server.engine.types import Paragraph, Quotation, Span

__all__ = ["pair", "unescaped"]


class _Family(Enum):
    """Marks of one family close each other, in any mixture of glyphs."""

    DOUBLE = "“”„‟\"``''"
    SINGLE = "‘’‚‛'`"
    GUILLEMET = "«»"
    SINGLE_GUILLEMET = "‹›"


_FAMILY = {glyph: family for family in _Family for glyph in family.value} | {
    "``": _Family.DOUBLE,
    "''": _Family.DOUBLE,
    "'": _Family.SINGLE,
    "`": _Family.SINGLE,
}
# Feet and inches (6' 2", 5’11) and 'n' hold glyphs that are never quotation marks.
_MARK = re.compile(
    r"(?P<none>(?<!\w)\d{1,2}['’′] ?\d{1,2}(?:[.½¼¾]\d?)?(?:\"|”|″|''|(?!\w))"
    r"|(?<!\w)['’‘][nN]['’](?!\w))"
    r"|(?P<mark>``|''|[“”„‟\"‘’‚‛'`«»‹›])"
)
_BLOCK = re.compile(r"(?:> ?)+(?=[^\s>])")
_COLON = re.compile(r":\s+\Z")
_DOUBLE = re.compile(r"[“”„‟\"«»]|``|''")
_SPOKEN = re.compile(
    r"[?!,]\s(?:(?:(?:[A-Z][\w.’'-]*\s){1,3}|(?:he|she|they)\s)(?P<verb>[a-z]+)"
    r"|(?P<first>[a-z]+)(?:\s[A-Z][\w’'-]*){1,3})(?=[.,]|\son\s[A-Z]\w+day\b|\Z)"
)
"""The end of what was said and a clause of saying: "? Ida Roe asked.", ", he said on Monday"."""
_IRREGULAR = frozenset({"said", "told", "wrote", "spoke"})
_BEFORE_OPENING = frozenset("([{—–-/")
_AFTER_CLOSING = frozenset(".,;:!?…)]}—–-/")
_DECADE = re.compile(r"\d0s?\b|\d\ds?\b(?!['’])")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _Mark:
    """One mark: where it stands, and what its glyph and its neighbors let it do."""

    start: int
    end: int
    glyph: str
    family: _Family
    opens: bool
    closes: bool


_ENTITY = re.compile(
    r"&(?:quot|apos|[lrb][ds]quo|[lr]aquo|#(?:0?3[49]|82(?:16|17|20|21|22)|x20(?:18|19|1[CcDdEe])));"
)


def unescaped(body: str) -> str:
    """A body, equally long, with the marks that it has as entities of HTML: `&ldquo;`, `&quot;`.

    Spaces fill up outside of the mark, so that one inside a word stays as it is.
    """
    return _ENTITY.sub(_unescaped, body)


def _unescaped(entity: re.Match[str]) -> str:
    body, (start, end) = entity.string, entity.span()
    before, after = body[start - 1 : start], body[end : end + 1]
    if before.isalnum() and after.isalnum():
        return entity.group()
    mark = html.unescape(entity.group())
    opens = not before.strip() or before in _BEFORE_OPENING
    return mark.rjust(end - start) if opens else mark.ljust(end - start)


def pair(body: str, paragraphs: Sequence[Paragraph]) -> tuple[Quotation, ...]:
    """Pairs the quotation marks of a body, paragraph by paragraph.

    Returns:
        The quotations in the order of their first marks. A mark that nothing closes makes a
        quotation to the end of its paragraph, at most one a paragraph and level. Where the next
        paragraph opens with a mark of the same family, that one `continues`; where the next only
        closes one, a quotation without an opening mark continues from the paragraph's start.
        Where a clause of saying shows that a closing mark was forgotten, the quotation ends there.
        A block quotation after a colon is one too, with `>` for its mark.
    """
    found: list[Quotation] = []
    left_open: _Family | None = None
    blocks = _blocks(body, paragraphs)
    for index, paragraph in enumerate(paragraphs):
        following = paragraphs[index + 1].span if index + 1 < len(paragraphs) else None
        goes_on = _first_family(body, following) if following else None
        if index in blocks:
            found.append(blocks[index])
            left_open = None
            continue
        quotations, still_open = _pair_paragraph(body, paragraph.span, left_open, goes_on)
        found += quotations
        left_open = still_open
    return tuple(found)


def _blocks(body: str, paragraphs: Sequence[Paragraph]) -> dict[int, Quotation]:
    """Markdown's block quotations that a colon leads up to, by the places of their paragraphs.

    One with marks of its own says in them what is quoted.
    """
    found: dict[int, Quotation] = {}
    begun: int | None = None  # the last paragraph of the block quotation that may go on here
    inside = False
    for index, span in enumerate(paragraph.span for paragraph in paragraphs):
        inside = body[span.start_offset] == ">" and (inside or _follows_colon(body, span))
        begun = begun if inside else None
        words_ = _BLOCK.match(body, span.start_offset, span.end_offset) if inside else None
        if words_ is None or _DOUBLE.search(body, span.start_offset, span.end_offset):
            continue
        if begun is not None:
            found[begun] = replace(found[begun], closed=False)
        inner = Span(words_.end(), span.end_offset)
        found[index] = Quotation(span, inner, continues=begun is not None, is_block=True)
        begun = index
    return found


def _follows_colon(body: str, span: Span) -> bool:
    return _COLON.search(body, max(0, span.start_offset - 9), span.start_offset) is not None


def _first_family(body: str, span: Span) -> _Family | None:
    """The family of the opening mark that a paragraph starts with, if it does."""
    match = _MARK.match(body, span.start_offset, span.end_offset)
    if match is None or match["mark"] is None or match["mark"] in "”’»›":
        return None
    end = match.end()
    if end >= span.end_offset or body[end].isspace():
        return None
    family = _FAMILY[match["mark"]]
    if family is _Family.SINGLE and _is_elision(body, end, span.end_offset):
        return None
    return family


def _pair_paragraph(
    body: str, span: Span, left_open: _Family | None, goes_on: _Family | None
) -> tuple[list[Quotation], _Family | None]:
    """The quotations of one paragraph, and the family of the one that it leaves open."""
    stack: list[_Mark] = []
    quotations: list[Quotation] = []
    continuing = -1
    unmarked = left_open  # the quotation that may go on here without a mark
    if left_open is not None and _first_family(body, span) is left_open:
        continuing, unmarked = span.start_offset, None

    def quotation(mark: _Mark, inner_end: int, outer_end: int, depth: int, closed: bool) -> None:
        quotations.append(
            Quotation(
                outer=Span(mark.start, outer_end),
                inner=Span(mark.end, max(mark.end, inner_end)),
                depth=depth,
                closed=closed,
                continues=mark.start == continuing,
            )
        )

    def ended(at: int) -> bool:
        """Ends the quotation whose mark came last, where its closing mark was forgotten."""
        if not stack or stack[-1] is not latest or latest.family is _Family.SINGLE:
            return False
        end = _spoken_end(body, latest.end, at)
        if end is not None:
            stack.pop()
            quotation(latest, end, end, len(stack), closed=True)
        return end is not None

    latest: _Mark | None = None
    for mark in _settle_singles(_scan(body, span), body, span, goes_on):
        opener = next((m for m in reversed(stack) if m.family is mark.family), None)
        if opener is latest and _acts_as_opening(mark, opener) and ended(mark.start):
            opener = None
        latest = mark
        if not _acts_as_opening(mark, opener):
            if opener is None:
                if (
                    mark.family is unmarked
                    and mark.start > span.start_offset
                    and not (quotations or stack)
                ):
                    start = _Mark(
                        span.start_offset, span.start_offset, "", mark.family, True, False
                    )
                    continuing = span.start_offset
                    quotation(start, mark.start, mark.end, 0, closed=True)
                continue  # else a stray closing mark
            while stack[-1] is not opener:
                stack.pop()  # an inner mark that its outer quotation ends without closing
            stack.pop()
            quotation(opener, mark.start, mark.end, len(stack), closed=True)
        elif len(stack) < _MAX_DEPTH:
            stack.append(mark)

    ended(span.end_offset)
    still_open = None
    for depth, mark in enumerate(stack):
        if mark.family is _Family.SINGLE and not (depth == 0 and goes_on is _Family.SINGLE):
            continue  # rather an apostrophe
        quotation(mark, span.end_offset, span.end_offset, depth, closed=False)
        if depth == 0:
            still_open = mark.family
    quotations.sort(key=lambda q: (q.outer.start_offset, q.depth))
    return quotations, still_open


def _spoken_end(body: str, start: int, end: int) -> int | None:
    """Where speech ends for which a clause of saying without a mark before it was found."""
    for match in _SPOKEN.finditer(body, start, end):
        if _is_saying(match["verb"] or match["first"]):
            return match.start() + 1
    return None


def _is_saying(verb: str) -> bool:
    """Whether a word is a finite form of a verb of saying: "says", "replied", "asked"."""
    stems = {verb[:-1], verb[:-2], re.sub("ie[ds]$", "y", verb)} if verb[-1] in "ds" else set()
    return verb in _IRREGULAR or bool(stems & words("saying_verbs"))


_MAX_DEPTH = 8
"""Deeper marks are ignored: no text nests so deep, and the stack stays small on any input."""


def _scan(body: str, span: Span) -> Iterator[_Mark]:
    """The marks of a paragraph, each with what its neighbors let it do."""
    opened_at = -1  # the end of an opening mark that stands right before
    for match in _MARK.finditer(body, span.start_offset, span.end_offset):
        glyph = match["mark"]
        if glyph is None:
            continue
        start, end = match.span()
        before = body[start - 1] if start > span.start_offset else " "
        after = body[end] if end < span.end_offset else " "
        family = _FAMILY[glyph]
        can_open = not after.isspace() and (
            before.isspace() or before in _BEFORE_OPENING or opened_at == start
        )
        can_close = not before.isspace() and (
            after.isspace() or after in _AFTER_CLOSING or after in _FAMILY
        )
        if family is _Family.SINGLE:
            if before.isalnum() and after.isalnum():
                continue  # an apostrophe
            can_open = can_open and glyph != "’" and not after.isspace()
            can_close = can_close and glyph not in "‘‚‛`" and opened_at != start
            if not (can_open or can_close):
                continue
        mark = _Mark(start, end, glyph, family, can_open, can_close)
        if can_open:
            opened_at = end
        yield mark


def _acts_as_opening(mark: _Mark, opener: _Mark | None) -> bool:
    """Whether a mark opens, given the open mark of its family, if there is one."""
    glyph, clear = mark.glyph, mark.opens != mark.closes
    if mark.family is _Family.SINGLE:
        return mark.opens and not (mark.closes and opener is not None)
    if opener is None:
        # ” and » open in ”Swedish” and »reversed« style alone, where they stand like it.
        return mark.opens if glyph in "”»›" else not (clear and mark.closes) or glyph in "„`"
    if glyph in ("„", "``", "‟"):
        return True
    if glyph in "”»›":
        return opener.glyph in "”»›" and glyph != "”" and clear and mark.opens
    if glyph in "«‹":
        return opener.glyph not in "»›"
    if glyph == "“":
        return opener.glyph != "„" and not (clear and mark.closes)
    return clear and mark.opens


def _settle_singles(
    marks: Iterator[_Mark], body: str, span: Span, goes_on: _Family | None
) -> list[_Mark]:
    """Leaves out the apostrophes among single marks.

    An opening one counts where a closing one follows (or where it opens a paragraph whose
    quotation continues in the next); a closing one that may be a plural possessive (drivers') or a
    dropped letter (goin') counts where no other closing one follows before the next opening one.
    """
    settled: list[_Mark] = []
    closing_follows = False  # somewhere later in the paragraph
    next_closes = False  # the very next single mark
    for mark in reversed(_without_elisions(marks, body, span)):
        if mark.family is not _Family.SINGLE:
            settled.append(mark)
            continue
        if mark.opens:
            starts = mark.start == span.start_offset and goes_on is _Family.SINGLE
            elided = _is_elision(body, mark.end, span.end_offset)
            if (closing_follows and (next_closes or not elided)) or starts:
                settled.append(mark)
                next_closes = False
        elif not (next_closes and _may_be_apostrophe(body, mark, span)):
            settled.append(mark)
            closing_follows = next_closes = True
    settled.reverse()
    return settled


def _without_elisions(marks: Iterator[_Mark], body: str, span: Span) -> list[_Mark]:
    """Leaves out the opening single marks that stand for left-out letters: '90s, 'em.

    Word processors write ‘90s and ‘em with an opening mark. It may open a quotation where none is
    open yet.
    """
    kept: list[_Mark] = []
    opened = False
    for mark in marks:
        if mark.family is _Family.SINGLE and mark.opens:
            elided = _is_elision(body, mark.end, span.end_offset)
            if elided and (opened or mark.glyph != "‘"):
                continue
            begins = mark.start == span.start_offset or body[mark.end].isupper()
            opened = opened or begins or not elided
        elif mark.family is _Family.SINGLE:
            opened = opened and _may_be_apostrophe(body, mark, span)
        kept.append(mark)
    return kept


def _is_elision(body: str, at: int, end: int) -> bool:
    """Whether an apostrophe before `at` stands for left-out letters: '90s, 'em."""
    if _DECADE.match(body, at, end):
        return True
    word = _WORD.match(body, at, min(end, at + 12))
    return word is not None and word.group().lower() in words("elisions")


def _may_be_apostrophe(body: str, mark: _Mark, span: Span) -> bool:
    """Whether a closing mark may belong to its word: drivers' union, goin' home."""
    before = body[max(span.start_offset, mark.start - 2) : mark.start].lower()
    after = body[mark.end : min(span.end_offset, mark.end + 2)]
    word_ends_so = before.endswith("s") or before == "in"
    return word_ends_so and len(after) == 2 and after[0].isspace() and after[1].isalnum()
