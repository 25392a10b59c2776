"""Turns of interviews and transcripts, by the label at the start of their paragraph."""

from __future__ import annotations

import pytest

from quoth_server.engine import paragraphs
from quoth_server.engine.statements import turns


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
