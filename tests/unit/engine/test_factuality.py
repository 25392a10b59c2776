"""Whether a statement is reported as said; each row has its negative twin below or above it."""

from __future__ import annotations

import pytest

from quoth_server.engine import factuality
from quoth_server.engine.types import Factuality

from .marked import read

ASSERTED, DENIED, NEGATED = Factuality.ASSERTED, Factuality.DENIED, Factuality.NEGATED
FUTURE, HYPOTHETICAL, ASKED = Factuality.FUTURE, Factuality.HYPOTHETICAL, Factuality.ASKED


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("((Lund)) <<said>> [[it rained]].", ASSERTED),
        ("[[It rained]], <<according to>> ((Lund)).", ASSERTED),
        ("((Lund))’s <<claim>> [[that it rained]] was false.", ASSERTED),
        ("((Lund)) has <<said>> [[it will rain]].", ASSERTED),
        ("((Lund)) <<said>> [[he did not pay]].", ASSERTED),
        ("((Lund)) <<said>> [[who paid]].", ASSERTED),
        ("((Lund)) went on to <<say>> [[that it rained]].", ASSERTED),
        ("[[“It may rain,”]] ((he)) <<said>>.", ASSERTED),
    ],
)
def test_said(text: str, expected: Factuality) -> None:
    assert of(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("((She)) did not <<say>> [[who paid]].", NEGATED),
        ("((She)) didn’t <<say>> [[who paid]].", NEGATED),
        ("((She)) never <<said>> [[that he paid]].", NEGATED),
        ("((She)) declined to <<say>> [[who paid]].", NEGATED),
        ("((She)) refused to <<say>> [[who paid]].", NEGATED),
        ("((She)) would not <<say>> [[who paid]].", NEGATED),
        ("((Nobody)) <<said>> [[that the road was safe]].", NEGATED),
        ("((No official)) <<said>> [[that the road was safe]].", NEGATED),
        ("((She)) left without <<saying>> [[who paid]].", NEGATED),
        ("((She)) <<declined>> [[to say who paid]].", NEGATED),
        ("((She)) has yet to <<say>> [[who paid]].", NEGATED),
        ("((She)) has <<said>> [[that nobody has paid yet]].", ASSERTED),
        ("((She)) <<said>> [[nothing about the price]].", NEGATED),
        ("((She)) <<said>> nothing [[about the price]].", NEGATED),
        ("((She)) <<said>> [[nothing had changed]].", ASSERTED),
        ("((She)) <<said>> nothing about it until May. [[“We are full.”]]", ASSERTED),
        ("((She)) did not decline to <<say>> [[who paid]].", ASSERTED),
        ("((She)) <<said>> [[that nobody paid]].", ASSERTED),
        ("((The one official there)) <<said>> [[that the road was safe]].", ASSERTED),
    ],
)
def test_not_said(text: str, expected: Factuality) -> None:
    assert of(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("((The bank)) <<denied>> [[that it had lost the files]].", DENIED),
        ("((The minister)) <<rejected>> [[claims that he had lied]].", DENIED),
        ("((The bank)) has <<denied>> [[it lost the files]].", DENIED),
        ("((The bank)) did not <<deny>> [[that it had lost the files]].", NEGATED),
        ("((The bank)) <<said>> [[that it would deny the charge]].", ASSERTED),
    ],
)
def test_denied(text: str, expected: Factuality) -> None:
    assert of(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("((The minister)) will <<say>> on Friday [[that the dam is safe]].", FUTURE),
        ("((The minister)) is expected to <<announce>> [[that the dam is shut]].", FUTURE),
        ("((The minister)) is going to <<tell>> voters [[that the dam is safe]].", FUTURE),
        ("((The minister)) plans to <<announce>> [[that the dam is shut]].", FUTURE),
        ("((The minister)) will meet reporters and <<say>> [[that the dam is safe]].", FUTURE),
        ("((She))’ll <<tell>> them [[that the dam is safe]].", FUTURE),
        ("((The minister)) was asked to stay and <<said>> [[that the dam is safe]].", ASSERTED),
        ("((The minister, who will leave,)) <<said>> [[that the dam is safe]].", ASSERTED),
        ("((The minister)) <<said>> [[that he will speak on Friday]].", ASSERTED),
        ("((The minister)) <<promised>> [[to say more on Friday]].", ASSERTED),
    ],
)
def test_to_be_said(text: str, expected: Factuality) -> None:
    assert of(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("((The mayor)) may <<say>> [[that the dam is safe]].", HYPOTHETICAL),
        ("((The mayor)) could <<announce>> [[that the dam is shut]].", HYPOTHETICAL),
        ("((The mayor)) might have <<said>> [[that the dam is safe]].", HYPOTHETICAL),
        ("If ((the mayor)) <<says>> [[that the dam is safe]], people will stay.", HYPOTHETICAL),
        ("Nobody will stay unless ((the mayor)) <<says>> [[that the dam is safe]].", HYPOTHETICAL),
        ("Suppose ((the mayor)) <<says>> [[that the dam is safe]].", HYPOTHETICAL),
        ("Imagine ((a mayor)) <<saying>> [[that the dam is safe]].", HYPOTHETICAL),
        ("((The mayor)) would only <<say>> [[that the dam is safe]].", ASSERTED),
        ("((The mayor)) would later <<say>> [[that the dam is safe]].", ASSERTED),
        ("When ((the mayor)) <<said>> [[that the dam is safe]], people stayed.", ASSERTED),
        ("((The mayor)) <<said>> [[that people could stay if they liked]].", ASSERTED),
    ],
)
def test_only_supposed(text: str, expected: Factuality) -> None:
    assert of(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("((Reporters)) <<asked>> [[whether he would quit]].", ASKED),
        ("[[“Who would buy this one?”]] <<asked>> ((Kun)).", ASKED),
        ("((Kun)) <<wondered>> [[why the road was shut]].", ASKED),
        ("<<Asked>> [[whether he would quit]], Brandt laughed.", ASKED),
        ("((Police)) <<asked>> drivers [[to stay home]].", ASSERTED),
        ("((Police)) <<said>> [[when the road would open]].", ASSERTED),
    ],
)
def test_asked(text: str, expected: Factuality) -> None:
    assert of(text) is expected


def test_what_has_no_cue_was_said() -> None:
    assert of("Okafor was furious. “They have lied to all of us.”") is ASSERTED


def of(text: str) -> Factuality:
    marked = read(text)
    return factuality.find(marked.doc, marked.drafts)[0]
