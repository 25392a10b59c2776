"""Builds messages from words of a body, so that rows of tests can be read."""

from __future__ import annotations

from quoth.v1 import (
    Cue,
    Factuality,
    Medium,
    Role,
    RoleStatus,
    SpeakerMention,
    Statement,
    StatementDate,
    StatementKind,
    TextSpan,
)

KINDS = {
    "direct": StatementKind.STATEMENT_KIND_DIRECT,
    "indirect": StatementKind.STATEMENT_KIND_INDIRECT,
    "mixed": StatementKind.STATEMENT_KIND_MIXED,
}


def span(body: str, words: str) -> TextSpan:
    """The first place of `words` in `body`, which must be there."""
    start = body.index(words)
    return TextSpan(start_offset=start, end_offset=start + len(words), text=words)


def role(words: str, organization: str = "", status: str = "CURRENT") -> Role:
    """A role with its own words."""
    return Role(
        span=TextSpan(text=words),
        organization=organization,
        status=RoleStatus.Value(f"ROLE_STATUS_{status}"),
    )


def statement(
    body: str,
    *content: str,
    quoted: tuple[str, ...] = (),
    kind: str = "indirect",
    cue: str = "",
    speaker: SpeakerMention | None = None,
    addressee: str = "",
    medium: str = "",
    date: StatementDate | None = None,
    statement_id: str = "s1",
    parent: str = "",
    factuality: str = "ASSERTED",
    confidence: float = 0.9,
) -> Statement:
    """A statement whose parts are words of `body`."""
    return Statement(
        statement_id=statement_id,
        kind=KINDS[kind],
        content_spans=[span(body, words) for words in content],
        quoted_spans=[span(body, words) for words in quoted],
        cue=Cue(span=span(body, cue), lemma=cue) if cue else None,
        speaker=speaker,
        addressee=span(body, addressee) if addressee else None,
        medium=Medium(span=span(body, medium)) if medium else None,
        date=date,
        parent_statement_id=parent,
        factuality=Factuality.Value(f"FACTUALITY_{factuality}"),
        confidence=confidence,
    )
