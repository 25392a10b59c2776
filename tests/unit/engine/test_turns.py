"""Turns of interviews and transcripts, by the label at the start of their paragraph."""

from __future__ import annotations

import pytest

from quoth_server.engine import paragraphs
from quoth_server.engine.statements import turns
from quoth_server.engine.types import Attribution, Span


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("HOLT: Yes.\n\nCHAIR: No.\n\nHOLT: I did.", ["HOLT|Yes.", "CHAIR|No.", "HOLT|I did."]),
        ("Q: Will you stand?\n\nA: Not this year.", ["A|Not this year."]),
        ("((WSS)) : Why?\n\nBecause.\n\n((WSS)) : How?", ["WSS|Why?", "WSS|How?"]),
        ("((WN)) Why?\n\nBecause.\n\n((WN)) How?", ["WN|Why?", "WN|How?"]),
        (
            "((Wire Desk)) Why?\n\n((WD)) How?\n\n((WD)) When?",
            ["Wire Desk|Why?", "WD|How?", "WD|When?"],
        ),
        ("**WN:** Why?\n\n**WN:** How?", ["WN|Why?", "WN|How?"]),
        ("MS. LUND: To what?\n\nMS. LUND: No.", ["MS. LUND|To what?", "MS. LUND|No."]),
        (
            "Van Doren: We leased it.\n\nVan Doren: No.",
            ["Van Doren|We leased it.", "Van Doren|No."],
        ),
        (
            "Mr. OSTROW (during the reading). I yield.\n\nThe CHAIRMAN. Who wants the floor?",
            ["Mr. OSTROW|I yield.", "The CHAIRMAN|Who wants the floor?"],
        ),
        (
            "Ms. McCOY of Ohio. I do.\n\nThe SPEAKER pro tempore. Without objection.",
            ["Ms. McCOY of Ohio|I do.", "The SPEAKER pro tempore|Without objection."],
        ),
        ("Q. When?\n\nA. In March.\n\nQ. Where?", ["A|In March."]),
        (
            "Ida Fenn talked to Tom Lee of the Times.\n\nTL: When was it?\n\nIF: In March.",
            ["TL|When was it?", "IF|In March."],
        ),
        # A full stop ends a label where several look the same, and in capitals.
        ("The END. It was over.\n\nNobody left.", []),
        ("Mr. Ostrow. He yields.\n\nMr. Ostrow. He stays.", []),
        ("Old OSTROW. He yields.\n\nOld OSTROW. He stays.", []),
        ("A. Take the eggs.\n\nB. Beat them.\n\nA. Take the flour.", []),
        # Initials of nobody, and of one alone.
        ("Ida Fenn was there.\n\nPS: It rained.\n\nNB: It poured.", []),
        ("Ida Fenn was there.\n\nPS: It rained.\n\nIF: It poured.", []),
        # One label proves nothing, and neither do different ones.
        ("Correction: An earlier version said eight.", []),
        ("Time: four hours.\n\nYield: nine jars.", []),
        ("Minister: ‘We failed’\n\nThe minister said so on Monday.", []),
        # Credits and lines that only recur are not turns.
        ("Image: Jo Lund.\n\nImage: Ida Fenn.\n\nImage: Jo Lund.", []),
        ("Ferry: Jo Lund.\n\nFerry: Jo Lund.\n\nFerry: Jo Lund.", []),
        # No label: a sentence with a colon, a time, an aside in parentheses.
        ("(Lund) left.\n\n(Lund) stayed.", []),
        ("Lund left.\n\n((Lund)) stayed.", []),
        ("He said: no.\n\nHe said: no.", []),
        ("At 10:30 it rang.\n\nAt 10:30 it rang.", []),
        ("", []),
    ],
)
def test_find(body: str, expected: list[str]) -> None:
    found = turns.find(body, paragraphs.divide(body))
    told = [f"{t.source.of(body)}|{t.content[0].of(body)}" for t in found if t.source]
    assert told == expected
    assert all(t.cue is not None and t.cue.of(body) in turns.SIGNS for t in found)


@pytest.mark.parametrize(
    ("label", "content", "expected"),
    [
        ("HOLT", "Yes. CHAIR: No.", ["Yes."]),
        ("HOLT", "Yes.", ["Yes."]),
        # Not the label of a turn: whatever it has is left.
        ("Now", "Yes. CHAIR: No.", ["Yes.", "No."]),
    ],
)
def test_a_turn_has_nothing_of_the_next(label: str, content: str, expected: list[str]) -> None:
    body = "HOLT: Yes.\n\nCHAIR: No.\n\nHOLT: Now?"

    def span(text: str) -> Span:
        return Span(body.index(text), body.index(text) + len(text))

    parts = tuple(span(text) for text in content.split(" CHAIR: "))
    found = turns.own(
        turns.find(body, paragraphs.divide(body)), Attribution(parts, None, span(label))
    )
    assert [part.of(body) for part in found.content] == expected
