"""Words that come through more than one voice: who said them, and through whom."""

from __future__ import annotations

import pytest

from quoth_server.engine import Attributor, context
from quoth_server.engine.types import Attribution, Span

from .marked import Marked, assembled, read

ERRS = pytest.mark.xfail(strict=True, reason="the article network errs")


def texts(marked: Marked) -> list[tuple[str | None, str, int | None]]:
    """For each draft its source, its content and its parent."""
    return [
        (
            draft.source.of(marked.body) if draft.source else None,
            " … ".join(span.of(marked.body) for span in draft.content),
            draft.parent,
        )
        for draft in marked.drafts
    ]


@pytest.mark.parametrize(
    ("text", "outer"),
    [
        ("Diaz said ((the mayor)) had <<told>> her [[that the school was safe]].",
         ("Diaz", "the mayor had told her that the school was safe")),
        ("Diaz agreed ((the mayor)) had <<said>> so: [[“The school is safe.”]]", None),
        ("Diaz, who left, heard it. ((The mayor)) <<said>> [[that the school was safe]].", None),
    ],
)  # fmt: skip
def test_a_statement_around_another(text: str, outer: tuple[str, str] | None) -> None:
    found = [(source, content) for source, content, _ in texts(read(text)) if source == "Diaz"]
    assert found == ([outer] if outer else [])


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        pytest.param("((Diaz)) <<said>> [[the mayor had told her the school was safe]].",
                     ("the mayor", "the school was safe", 0), marks=ERRS),
        ("((Lund)) <<told>> Reuters [[that Weiss had said that the port was shut]].",
         ("Weiss", "that the port was shut", 0)),
        ("((The ministry)) <<said>> [[that Lund had warned drivers not to use the road]].",
         ("Lund", "not to use the road", 0)),
        ("((An aide)) <<said>> [[Osei had told him that the pier was “rotten”]].",
         ("Osei", "that the pier was “rotten”", 0)),
        ("[[“He told me, ‘Leave now,’ and I ran,”]] <<said>> ((Rosa Diaz)).",
         ("He", "Leave now,", 0)),
    ],
)  # fmt: skip
def test_a_statement_inside_another(text: str, inner: tuple[str, str, int]) -> None:
    found = texts(read(text))
    assert len(found) == 2
    assert found[0][2] is None
    assert found[1] == inner


def test_three_voices_are_a_chain() -> None:
    text = "((Weiss)) <<said>> [[Lund had testified that Reeve told her he was sorry]]."
    assert [(source, parent) for source, _, parent in texts(read(text))] == [
        ("Weiss", None),
        ("Lund", 0),
        ("Reeve", 1),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "((Diaz)) <<said>> [[the school was safe]].",
        "((Diaz)) <<said>> [[the mayor knew that the school was safe]].",
        "((Diaz)) <<said>> [[the letter said nothing]].",
        "((Diaz)) <<said>> [[she had told nobody]].",
        "[[“I read ‘Salt Road’ twice,”]] <<said>> ((Diaz)).",
    ],
)
def test_no_statement_inside(text: str) -> None:
    assert len(read(text).drafts) == 1


@pytest.mark.parametrize(
    ("text", "source", "content", "relay"),
    [
        ("((Reuters)) <<quoted>> Anna Lund as saying [[the port was shut]].",
         "Anna Lund", "the port was shut", ("Reuters", "quoted")),
        ("((State media)) <<quoted>> the minister as saying: [[“We will not talk.”]]",
         "the minister", "We will not talk.", ("State media", "quoted")),
        pytest.param("((The newspaper)) <<cited>> an official as saying "
                     "[[that the talks had failed]].", "an official", "that the talks had failed",
                     ("The newspaper", "cited"), marks=ERRS),
        ("((Lund, quoted by Reuters,)) <<said>> [[the port was shut]].",
         "Lund, quoted by Reuters,", "the port was shut", None),
        ("((Lund)), quoted by Reuters, <<said>> [[the port was shut]].",
         "Lund", "the port was shut", ("Reuters", "quoted")),
        ("[[“We won,” Baris Kaya told state television]], ((the Anadolu agency)) <<reported>>.",
         "Baris Kaya", "We won,", ("the Anadolu agency", "reported")),
        ("[[“We won,”]] Baris Kaya told state television, ((the Anadolu agency)) <<reported>>.",
         "Baris Kaya", "We won,", ("the Anadolu agency", "reported")),
        ("[[“We won,”]] ((Baris Kaya)) <<told>> state television.",
         "Baris Kaya", "We won,", None),
        ("((Lund)) <<said>> [[the port was shut]].", "Lund", "the port was shut", None),
    ],
)  # fmt: skip
def test_who_passed_it_on(
    text: str, source: str, content: str, relay: tuple[str, str] | None
) -> None:
    marked = read(text)
    (draft,) = marked.drafts
    assert texts(marked)[0][:2] == (source, content)
    found = [(r.span.of(marked.body), r.cue and r.cue.of(marked.body)) for r in draft.relays]
    assert found == ([relay] if relay else [])


@pytest.mark.parametrize(
    ("cited", "source", "relays"),
    [
        ("an official", "an official", ["Haaretz"]),
        ("the report", "the report", ["Haaretz"]),
        ("Anna Lund", "Anna Lund", ["Haaretz"]),
        ("growing concerns", "Haaretz", []),
    ],
)
def test_who_is_cited_is_the_speaker(cited: str, source: str, relays: list[str]) -> None:
    marked = read(f"[[The talks had failed]], ((Haaretz)) <<reported>>, citing {cited}.")
    body = marked.body

    def span(words: str) -> Span:
        return Span(body.index(words), body.index(words) + len(words))

    citing = Attribution((span(cited),), span("citing"), span("Haaretz"))
    drafts = assembled(
        marked.doc, marked.paragraphs, marked.quotations, [*marked.attributions, citing]
    )
    assert drafts[0].source == span(source)
    assert drafts[0].content == (span("The talks had failed"),)
    assert [relay.span.of(body) for relay in drafts[0].relays] == relays
    assert len(drafts) == (1 if relays else 2)


@pytest.mark.parametrize(
    ("text", "addressee"),
    [
        ("((A statement)) <<quoted>> General Sow as telling troops [[to hold their fire]].",
         "troops"),
        ("((Reuters)) <<quoted>> Anna Lund as saying [[the port was shut]].", None),
    ],
)  # fmt: skip
def test_to_whom_the_quoted_spoke(text: str, addressee: str | None) -> None:
    marked = read(text)
    around = context.find(marked.doc, marked.drafts)[0]
    assert (around.addressee.of(marked.body) if around.addressee else None) == addressee


@pytest.mark.parametrize(
    ("text", "speakers", "relays"),
    [
        ("Lund said on Monday that Weiss had told her the port was shut.", ["Lund", "Weiss"], []),
        ("Ana Ruiz said the minister had told her that the port was shut.",
         ["Ana Ruiz", "minister"], []),
        ("The Interfax agency quoted Olga Lund, a judge, as saying that the port was shut.",
         ["Olga Lund"], ["The Interfax agency"]),
        pytest.param("The port was shut, the Interfax agency reported, citing Olga Lund, a judge.",
                     ["Olga Lund"], ["the Interfax agency"], marks=ERRS),
    ],
)  # fmt: skip
def test_as_the_networks_read_it(text: str, speakers: list[str], relays: list[str]) -> None:
    found = Attributor().attribute(text)
    names = {speaker.speaker_id: speaker.display_name for speaker in found.speakers}
    told = [names[s.speaker.speaker_id] for s in found.statements if s.speaker]
    through = [relay.span.of(text) for s in found.statements for relay in s.relays]
    assert (told, through) == (speakers, relays)
