from __future__ import annotations

import pytest

from quoth.v1 import (
    AttributeQuotesResponse,
    Nonresponse,
    Relay,
    Sentence,
    Speaker,
    SpeakerMention,
    Statement,
)
from quoth_cli.likely import likely, told


def said(
    statement_id: str, speaker: str, confidence: float, parent: str = "", relay: str = ""
) -> Statement:
    return Statement(
        statement_id=statement_id,
        speaker=SpeakerMention(speaker_id=speaker),
        confidence=confidence,
        parent_statement_id=parent,
        relays=[Relay(speaker_id=relay)] if relay else [],
    )


def answer(*statements: Statement) -> AttributeQuotesResponse:
    return AttributeQuotesResponse(
        statements=statements, speakers=[Speaker(speaker_id=each) for each in ("p1", "p2", "p3")]
    )


@pytest.mark.parametrize(
    ("confidences", "kept", "left_out"),
    [
        ((0.5, 0.499, 0.9), ["s0", "s2"], 1),
        ((0.1, 0.2), [], 2),
        ((0.6, 0.7), ["s0", "s1"], 0),
        ((), [], 0),
    ],
)
def test_what_is_kept(confidences: tuple[float, ...], kept: list[str], left_out: int) -> None:
    given = answer(*(said(f"s{n}", "p1", each) for n, each in enumerate(confidences)))
    before = given.SerializeToString()
    found, less_likely = likely(given)
    assert ([each.statement_id for each in found.statements], less_likely) == (kept, left_out)
    assert given.SerializeToString() == before


def test_what_refers_to_what_is_gone() -> None:
    found, _ = likely(
        answer(
            said("s1", "p1", 0.2),
            said("s2", "p2", 0.9, parent="s1", relay="p3"),
            said("s3", "p2", 0.9, parent="s2"),
        )
    )
    assert [each.parent_statement_id for each in found.statements] == ["", "s2"]
    assert [each.speaker_id for each in found.speakers] == ["p2", "p3"]


def test_who_did_not_answer_keeps_the_name_and_sentences_only_what_is_kept() -> None:
    given = answer(said("s1", "p1", 0.2), said("s2", "p2", 0.9))
    given.nonresponses.append(Nonresponse(speaker=SpeakerMention(speaker_id="p1")))
    given.sentences.extend([Sentence(statement_ids=["s1"]), Sentence(statement_ids=["s1", "s2"])])
    found, _ = likely(given)
    assert [each.speaker_id for each in found.speakers] == ["p1", "p2"]
    assert [list(each.statement_ids) for each in found.sentences] == [[], ["s2"]]


def test_how_many_are_reported() -> None:
    assert told(1) == "1 less likely statement left out; --min-confidence 0 shows it"
    assert told(1200) == "1,200 less likely statements left out; --min-confidence 0 shows them"
