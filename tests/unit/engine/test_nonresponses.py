"""Who did not answer: the wordings, and whom they are of."""

from __future__ import annotations

import pytest

from quoth_server.engine import Attributor, nonresponses
from quoth_server.engine.types import Factuality

from .parsing import parsed

pytestmark = pytest.mark.model

TOLD = (
    ("A spokesman declined to comment.", "declined", "declined to comment", "A spokesman"),
    ("The company declined comment.", "declined", "declined comment", "The company"),
    ("She declined an interview request.", "declined", "declined an interview request", "She"),
    ("The Finance Ministry had no comment.", "declined", "had no comment", "The Finance Ministry"),
    ("Prosecutors would not elaborate.", "declined", "would not elaborate", "Prosecutors"),
    (
        "Mr. Ruiz, the mayor, who has declined to comment, is on leave.",
        "declined",
        "has declined to comment",
        "Mr. Ruiz, the mayor",
    ),
    ("Declining to comment further, Ruiz left.", "declined", "Declining to comment", "Ruiz"),
    (
        "Holt rose and declined to answer questions.",
        "declined",
        "declined to answer questions",
        "Holt",
    ),
    ("She refused to speak to reporters.", "declined", "refused to speak to reporters", "She"),
    ("The White House has yet to comment.", "declined", "has yet to comment", "The White House"),
    (
        "The company did not respond to a request for comment.",
        "no_answer",
        "did not respond",
        "The company",
    ),
    (
        "Neither the club nor its owner responded to requests for comment.",
        "no_answer",
        "responded",
        "Neither the club nor its owner",
    ),
    (
        "Her office did not immediately return a call.",
        "no_answer",
        "did not immediately return a call",
        "Her office",
    ),
    ("The governor's office did not reply.", "no_answer", "did not reply", "The governor's office"),
    ("An email sent to the club went unanswered.", "no_answer", "went unanswered", "the club"),
    (
        "Messages left with the sheriff's office were not returned.",
        "no_answer",
        "were not returned",
        "the sheriff's office",
    ),
    (
        "There was no immediate response from Tehran.",
        "no_answer",
        "was no immediate response",
        "Tehran",
    ),
    (
        "Lena Holt could not be reached for comment.",
        "not_reached",
        "could not be reached",
        "Lena Holt",
    ),
    (
        "The ministry was not available for comment.",
        "not_reached",
        "was not available",
        "The ministry",
    ),
    (
        "Efforts to reach Mr. Ruiz were unsuccessful.",
        "not_reached",
        "were unsuccessful",
        "Mr. Ruiz",
    ),
)

UNTOLD = (
    "The shares declined 3 percent.",
    "Tom Diaz declined to say whether she had left.",
    "The senator declined the nomination.",
    "The minister refused to resign.",
    "He refused to speak to his brother for ten years.",
    "Iran refused to discuss its missiles.",
    "She refused to answer the door.",
    "The rebels refused to respond to the offer of a truce.",
    "The machine did not respond.",
    "The patient did not respond to treatment.",
    "The army did not respond to the attack.",
    "Demand did not respond to lower prices.",
    "The study does not answer the question of who pays.",
    "The tenant did not return the keys.",
    "He never returned to the village.",
    "A deal could not be reached.",
    "The village could not be reached by road.",
    "The hikers could not be reached by rescuers.",
    "Tickets were not available for the final.",
    "The minister commented on the cake alone.",
    "The mayor did not decline to comment.",
    "The calls to prayer were not amplified.",
)


@pytest.mark.parametrize(("text", "kind", "cue", "source"), TOLD)
def test_a_wording_is_found(text: str, kind: str, cue: str, source: str) -> None:
    (told,) = nonresponses.find(parsed(text))
    assert (told.kind, told.cue.of(text)) == (kind, cue)
    assert told.source is not None
    assert told.source.of(text) == source


@pytest.mark.parametrize("text", UNTOLD)
def test_what_looks_like_one_is_none(text: str) -> None:
    assert not nonresponses.find(parsed(text))


def test_the_speaker_is_the_person_and_the_day_is_known() -> None:
    text = "“We are full,” Mayor Lena Holt said on Tuesday. On Friday she declined to comment."
    result = Attributor().attribute(text, published="2026-05-16")
    (told,) = result.nonresponses
    assert told.speaker is not None
    assert told.speaker.span is not None
    assert told.speaker.span.of(text) == "she"
    (speaker,) = [s for s in result.speakers if s.speaker_id == told.speaker.speaker_id]
    assert speaker.display_name == "Lena Holt"
    assert told.cue.lemma == "decline to comment"
    assert told.date is not None
    assert str(told.date.date) == "2026-05-15"


def test_it_is_never_a_statement_as_well() -> None:
    texts = {
        "She declined to comment on the budget.": (0, 1),
        "Ana Ruiz declined to say whether she had left the country.": (1, 0),
        "Ana Ruiz said the bank did not comment on clients.": (1, 0),
        "“I will not comment,” Ana Ruiz said.": (1, 0),
        "Ana Ruiz refused to comment, saying that talks were going on.": (1, 1),
        # What it called something is a statement of its own.
        "The State Department declined to comment on what it called leaked material.": (1, 1),
        "The lessor, Shannon Wing Capital, declined to comment when we called.": (0, 1),
    }
    for text, counts in texts.items():
        result = Attributor().attribute(text)
        assert (len(result.statements), len(result.nonresponses)) == counts, text


def test_what_has_content_stays_a_statement_that_was_not_made() -> None:
    (statement,) = (
        Attributor()
        .attribute("The senator declined to comment on whether he would run.")
        .statements
    )
    assert statement.factuality is Factuality.NEGATED


def test_where_nobody_is_named_nobody_is_guessed() -> None:
    text = "“We are full,” Mayor Lena Holt said. Calls seeking comment were not returned."
    (told,) = Attributor().attribute(text).nonresponses
    assert told.speaker is None
