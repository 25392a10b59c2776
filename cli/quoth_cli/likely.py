"""Statements that are more likely right than wrong: what is shown and counted unless all is asked.

Every statement has a confidence, and those below `LEAST` are wrong more often than right by quoth's
own word. The report shows them behind a switch, and Parquet holds them for `quoth search` and
`quoth stats`; everything else leaves them out and says how many there were.
"""

from __future__ import annotations

from quoth.v1 import AttributeQuotesResponse

__all__ = ["LEAST", "likely", "told"]

LEAST = 0.5
"""The confidence that a statement has at least to be shown where nothing is asked."""


def likely(
    response: AttributeQuotesResponse, least: float = LEAST
) -> tuple[AttributeQuotesResponse, int]:
    """An answer without its less likely statements, and how many those are.

    As in a server's own answer, speakers that nothing refers to any more are left out too, a
    statement whose parent is gone has none, and no sentence has a statement that is gone.
    """
    kept = [each for each in response.statements if each.confidence >= least]
    left_out = len(response.statements) - len(kept)
    if not left_out:
        return response, 0
    answer = AttributeQuotesResponse()
    answer.CopyFrom(response)
    del answer.statements[:]
    answer.statements.extend(kept)
    ids = {each.statement_id for each in kept}
    for each in answer.statements:
        if each.parent_statement_id not in ids:
            each.ClearField("parent_statement_id")
    named = {each.speaker.speaker_id for each in kept}
    named |= {relay.speaker_id for each in kept for relay in each.relays}
    named |= {each.speaker.speaker_id for each in answer.nonresponses}
    for sentence in answer.sentences:
        sentence.statement_ids[:] = [each for each in sentence.statement_ids if each in ids]
    speakers = [each for each in response.speakers if each.speaker_id in named]
    del answer.speakers[:]
    answer.speakers.extend(speakers)
    return answer, left_out


def told(left_out: int) -> str:
    """The line on what was left out."""
    if left_out == 1:
        return "1 less likely statement left out; --min-confidence 0 shows it"
    return f"{left_out:,} less likely statements left out; --min-confidence 0 shows them"
