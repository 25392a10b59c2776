"""Statements of attributions and marks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quoth_server.engine import marks, paragraphs, statements
from quoth_server.engine.types import Attribution, Span, StatementKind

from .marked import Marked, assembled, read
from .parsing import parsed

DIRECT, INDIRECT, MIXED = StatementKind.DIRECT, StatementKind.INDIRECT, StatementKind.MIXED


def contents(text: str) -> list[list[str]]:
    marked = read(text)
    return [[s.of(marked.body) for s in d.content] for d in marked.drafts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[[“We won,”]] <<said>> ((Ruiz)).", [["We won,"]]),
        ("[['We won,']] <<said>> ((Ruiz)).", [["We won,"]]),
        ("((Ruiz)) <<said>> [[the dam is safe]].", [["the dam is safe"]]),
        ("((Ruiz)) <<said>> [[the dam is “in ruins.”]]", [["the dam is “in ruins.”"]]),
        ("((Ruiz)) <<called>> [[the offer “insulting”]].", [["the offer “insulting”"]]),
        ("((Ruiz)) <<called it>> [[“insulting.”]]", [["insulting."]]),
        ("[[“The bill,”]] ((Osei)) <<said>>, [[“is dead.”]]", [["The bill,", "is dead."]]),
        ("[[“It is over,”]] ((she)) <<said>>. [[“We go home.”]]", [["It is over,", "We go home."]]),
        ("[[“I would,” “I would, Don.”]] ((she)) <<said>>.", [["I would,", "I would, Don."]]),
        ("[[“He told me, ‘Leave now,’ and I ran,”]] ((Diaz)) <<said>>.",
         [["He told me, ‘Leave now,’ and I ran,"], ["Leave now,"]]),
        ("[[“ We won, ”]] <<said>> ((Ruiz)).", [["We won,"]]),
        ("((Ruiz)) <<said>> [[“]] nothing.", []),
    ],
)  # fmt: skip
def test_outer_marks_are_left_out(text: str, expected: list[list[str]]) -> None:
    assert contents(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # What the speaker also said is another statement.
        pytest.param(
            "((Ruiz)) <<said>> [[she had asked for a boat, but did not say when it would arrive]].",
            [["she had asked for a boat"], ["when it would arrive"]],
            marks=pytest.mark.xfail(strict=True, reason="the article network errs"),
        ),
        ("((Ruiz)) <<said>> [[it had rained, and added that the dam was safe]].",
         [["it had rained"], ["that the dam was safe"]]),
        # What the speaker said that somebody did is not.
        ("((Ruiz)) <<said>> [[the cook shouted and left the room]].",
         [["the cook shouted and left the room"]]),
        ("((Ruiz)) <<said>> [[she will resign and leave the party]].",
         [["she will resign and leave the party"]]),
    ],
)  # fmt: skip
def test_what_a_speaker_also_said_is_apart(text: str, expected: list[list[str]]) -> None:
    assert contents(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The second half has no attribution of its own.
        ("[[“It is over,”]] ((she)) <<said>>. “We go home.”", [["It is over,", "We go home."]]),
        ("[[“The bill,”]] ((Osei)) <<said>>, “is dead now.”", [["The bill,", "is dead now."]]),
        # Another sentence stands between: not hers for sure, but speech.
        ("[[“It is over,”]] ((she)) <<said>>. Osei left early. “They all lied to us.”",
         [["It is over,"], ["They all lied to us."]]),
        # Nor is what the cue's own words take as their object.
        ("[[“It is over,”]] ((she)) <<says>> on “The Long Harbor Countdown”.", [["It is over,"]]),
        # A term is not speech.
        ("[[“It is over,”]] ((she)) <<said>>. The “peace corridor” is shut.", [["It is over,"]]),
    ],
)  # fmt: skip
def test_speech_is_carried_on(text: str, expected: list[list[str]]) -> None:
    assert contents(text) == expected


def test_continuation_paragraphs_join() -> None:
    text = "((Lund)) <<said>>: [[“The dam held.]]\n“The bridge did not.\n“We start again.”"
    assert contents(text) == [["The dam held.", "The bridge did not.", "We start again."]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[[“We won,”]] ((Ruiz)) <<said>> as [[the lamps came on]].", [["We won,"]]),
        ("[[“We won,”]] ((Ruiz)) <<said>> of [[it]], [[“at last.”]]", [["We won,", "at last."]]),
        ("((Ruiz)) <<said>> [[they had won]], [[“at last.”]]", [["they had won", "at last."]]),
        ("[[“We won” then]], ((Ruiz)) <<said>>, [[in a way]].", [["“We won” then", "in a way"]]),
    ],
)  # fmt: skip
def test_what_begins_in_marks_goes_on_in_marks(text: str, expected: list[list[str]]) -> None:
    assert contents(text) == expected


def test_a_quotation_continues_without_a_mark_up_to_its_closing_one() -> None:
    text = "((Lund)) <<said>>: [[“The dam held.]]\nThe bridge did not.”\nHe left."
    assert contents(text) == [["The dam held.", "The bridge did not."]]
    text = "((Lund)) <<said>>: [[“The dam held.]]\n[[The bridge did not.”]]\nHe left."
    assert contents(text) == [["The dam held.", "The bridge did not."]]


def test_a_continuation_of_another_speaker_does_not_join() -> None:
    text = "((Lund)) <<said>>: [[“The dam held.”]]\n[[“The bridge did not,”]] <<said>> ((Weiss))."
    assert contents(text) == [["The dam held."], ["The bridge did not,"]]


@pytest.mark.parametrize(
    "text",
    [
        "They opened the so-called “peace corridor” on Monday.",
        "Her novel “Salt Road” sold well.",
        "Tomas “Bull” Herrera lost again.",
        "The term “polycrisis” is new.",
        "A banner reading “no more lies” hung there.",
        "The song “Where Did You Sleep Last Night” was played.",
    ],
)
def test_false_friends_are_not_statements(text: str) -> None:
    assert contents(text) == []


def test_an_unreported_quotation_is_a_statement() -> None:
    marked = read("Okafor was furious. “They have lied to all of us.”")
    assert [d.kind for d in marked.drafts] == [DIRECT]
    assert marked.drafts[0].source is None
    assert marked.drafts[0].score < 1


@pytest.mark.parametrize(
    ("text", "cue", "source"),
    [
        ("“They have lied to all of us,” Rep. Ana Ruiz said.", "said", "Rep. Ana Ruiz"),
        ("“They have lied to all of us,” said Ana Ruiz, the mayor.", "said", "Ana Ruiz, the mayor"),
        ("Ana Ruiz said: “They have lied to all of us.”", "said", "Ana Ruiz"),
        ("“They have lied to all of us.” Ruiz left the room.", None, None),
    ],
)
def test_a_clause_of_saying_beside_it(text: str, cue: str | None, source: str | None) -> None:
    marked = read(text)
    (draft,) = marked.drafts
    assert draft.cue is None if cue is None else draft.cue.of(marked.body) == cue
    assert draft.source is None if source is None else draft.source.of(marked.body) == source


def test_words_quoted_through_another_source() -> None:
    text = "A memo <<quoted>> ((Lund)) as telling Ruiz [[that it rained all night]]."
    marked = read(text.replace("((Lund))", "Lund").replace("A memo", "((A memo))"))
    (draft,) = marked.drafts
    assert draft.source is not None
    assert draft.source.of(marked.body) == "Lund"


def test_what_is_said_is_likelier_than_what_is_done() -> None:
    marked = read("((Ruiz)) <<said>> [[the dam was safe]].\nShe <<explored>> [[the old dam]].")
    said, done = marked.likelihoods()
    assert said > 0.5 > done


def test_a_line_of_a_transcript_is_direct() -> None:
    assert read("((LUND))<<:>> [[No one saw the light.]]").drafts[0].kind is DIRECT


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Brand: Done.\n((Two senators))<<:>> [[Shame!]]\nBrand: It comes on Friday.", DIRECT),
        # Beside one that proves nothing, and beside none.
        ("Brand: Done.\n((Two senators))<<:>> [[Shame!]]\nIt comes on Friday.", INDIRECT),
        ("The hall was full.\n((Two senators))<<:>> [[Shame!]]", INDIRECT),
        # No label: the colon is not right behind it, or it does not begin the paragraph.
        ("Brand: Done.\n((Two)) were loud<<:>> [[Shame!]]\nBrand: It comes on Friday.", INDIRECT),
        ("Brand: Done.\nThe ((two))<<:>> [[Shame!]]\nBrand: It comes on Friday.", INDIRECT),
    ],
)
def test_a_label_that_is_no_name_counts_beside_turns(text: str, kind: StatementKind) -> None:
    marked = read(text)
    assert {d.kind for d in marked.drafts if "Shame" in d.content[0].of(marked.body)} == {kind}


def test_a_turn_of_a_record_is_likely_by_its_layout_alone() -> None:
    body = "Mr. OSTROW. I yield.\n\nThe CHAIRMAN. Without objection."
    layout = paragraphs.divide(body)
    doc = parsed(body, layout)
    found = statements.candidates(doc, layout, (), ())
    assert len(statements.assemble(doc, layout, (), found, [0.0, 0.0])) == 2


_CHECKED = "“It is safe,” Cole said. “We checked it.” “Nobody did,” {} said."


@pytest.mark.parametrize(
    ("body", "told", "expected"),
    [
        # Two who talk to each other, each with their own words.
        (_CHECKED.format("Ann"), ["“It is safe,”|Cole", "“We checked it.” “Nobody did,”|Ann"],
         [["It is safe,", "We checked it."], ["Nobody did,"]]),
        (_CHECKED.format("Ann"), ["“It is safe,”|Cole", "“Nobody did,”|Ann"],
         [["It is safe,", "We checked it."], ["Nobody did,"]]),
        # Who answers did not ask.
        (_CHECKED.format("he"), ["“It is safe,”|Cole", "“Nobody did,”|he"],
         [["It is safe,"], ["Nobody did,"]]),
        # One who goes on; a list of cries; half a sentence, and the other half.
        ("“It is safe,” Cole said. “We checked it.” She left.", ["“It is safe,”|Cole"],
         [["It is safe,", "We checked it."]]),
        ("Cole said: “Shame on you!” “Resign now!” He left.",
         ["“Shame on you!” “Resign now!”|Cole"], [["Shame on you!", "Resign now!"]]),
        ("“I would,” “I would, Don,” Cole said.", ["“I would,” “I would, Don,”|Cole"],
         [["I would,", "I would, Don,"]]),
    ],
)  # fmt: skip
def test_quotations_back_to_back_are_of_two(
    body: str, told: list[str], expected: list[list[str]]
) -> None:
    marked = read(body)
    attributions = []
    for one in told:
        content, source = (Span(i := body.index(text), i + len(text)) for text in one.split("|"))
        cue = body.index("said", source.end_offset)
        attributions.append(Attribution((content,), Span(cue, cue + 4), source))
    found = _assemble(marked, *attributions)
    assert [[s.of(body) for s in draft.content] for draft in found] == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[[“We won,”]] <<said>> ((Ruiz)).", DIRECT),
        ("((Ruiz)) <<said>> [[the port was “in ruins” after the storm]].", MIXED),
        ("((Ruiz)) <<said>> [[that “we shall all go home on the last train.”]]", DIRECT),
        ("((Ruiz)) <<said>> [[the port was shut]].", INDIRECT),
        ("“Then ((Diaz)) <<said>> [[she was tired]],” Ruiz told us.", INDIRECT),
    ],
)
def test_kind(text: str, kind: StatementKind) -> None:
    assert read(text).drafts[0].kind is kind


def test_quoted_parts_are_in_the_content() -> None:
    marked = read("((Ruiz)) <<said>> [[the “old” port was “in ruins” then]].")
    assert [q.of(marked.body) for q in marked.drafts[0].quoted] == ["old", "in ruins"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The writer leads into the quotation.
        ("((Ruiz)) <<said>> [[that “we shall all go home on the last train.”]]",
         ["we shall all go home on the last train."]),
        ("((It)) <<told>> us [[it “extends its deepest wishes to them all”]].",
         ["extends its deepest wishes to them all"]),
        ("((It)) <<vowed>> [[to “defend the old port” and “secure every ship in it”]].",
         ["defend the old port", "secure every ship in it"]),
        # Nothing but marks is outside them.
        ("[[“We won,”]] <<said>> ((Ruiz)). “We go home.”", ["We won,", "We go home."]),
        ("[[“He told me, ‘Leave now,’ and I ran,”]] ((Diaz)) <<said>>.",
         ["He told me, ‘Leave now,’ and I ran,"]),
        # A line of a transcript needs none.
        ("((LUND))<<:>> [[No one “saw the light that night at all.”]]",
         ["No one “saw the light that night at all.”"]),
        # A paraphrase is what these are.
        ("((Ruiz)) <<said>> [[the port was “in ruins” after the storm]].",
         ["the port was “in ruins” after the storm"]),
        ("((Ruiz)) <<said>> [[the port was shut]].", ["the port was shut"]),
    ],
)  # fmt: skip
def test_direct_words_are_never_a_paraphrase(text: str, expected: list[str]) -> None:
    marked = read(text)
    own = statements.own_words(marked.body, marked.drafts[0])
    assert [span.of(marked.body) for span in own] == expected


def _assemble(marked: Marked, *attributions: Attribution) -> tuple[statements.Draft, ...]:
    return assembled(marked.doc, marked.paragraphs, marked.quotations, attributions)


def test_attributions_that_are_one_are_merged() -> None:
    marked = read("Ruiz said the port was shut.")
    cue, source = Span(5, 9), Span(0, 4)
    (draft,) = _assemble(
        marked,
        Attribution((Span(10, 27),), cue, None, 0.4),
        Attribution((Span(10, 22),), cue, source, 0.9),
    )
    assert (draft.content, draft.cue, draft.source, draft.score) == (
        (Span(10, 27),),
        cue,
        source,
        0.9,
    )


def test_a_reported_statement_knows_its_parent() -> None:
    marked = read("Lee said the mayor told her the school was safe.")
    outer = Attribution((Span(9, 47),), Span(4, 8), Span(0, 3))
    inner = Attribution((Span(28, 47),), Span(19, 23), Span(9, 18))
    first, second = _assemble(marked, outer, inner)
    assert (first.parent, second.parent) == (None, 0)


def test_order_of_attributions_does_not_matter() -> None:
    marked = read(
        "[[“We won,”]] <<said>> ((Ruiz)).\n((Lund)) <<said>> [[it was late]].\n((She)) <<left>>."
    )
    assert _assemble(marked, *reversed(marked.attributions)) == marked.drafts


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ab “”‘’\"'\n.,", max_size=60), st.data())
def test_any_text(body: str, data: st.DataObject) -> None:
    layout = paragraphs.divide(body)
    spans = st.tuples(st.integers(0, len(body)), st.integers(0, len(body)))
    chosen = data.draw(st.lists(spans, max_size=4))
    attributions = [Attribution((Span(*sorted(s)),)) for s in chosen if s[0] != s[1]]
    doc = parsed(body, layout)
    for draft in assembled(doc, layout, marks.pair(body, layout), attributions):
        edges = [edge for s in draft.content for edge in (s.start_offset, s.end_offset)]
        assert edges == sorted(edges)
        assert all(s.start_offset < s.end_offset <= len(body) for s in draft.content)
        assert all(any(c.covers(q) for c in draft.content) for q in draft.quoted)
        own = statements.own_words(body, draft)
        assert list(own) == sorted(own)
        assert all(any(c.covers(s) for c in draft.content) for s in own)
        assert all(any(s.covers(q) for s in own) for q in draft.quoted)
