"""Words in quotation marks that are not statements; each kind with similar rows that are."""

from __future__ import annotations

import pytest

from quoth_server.engine.statements import rejected
from quoth_server.engine.types import RejectionReason

from .marked import Marked, read

SCARE, TITLE, NAME = (
    RejectionReason.SCARE_QUOTES,
    RejectionReason.TITLE,
    RejectionReason.NAME,
)
TERM, MOTTO, PROVERB = RejectionReason.TERM, RejectionReason.MOTTO, RejectionReason.PROVERB
HYPOTHETICAL, UNATTRIBUTED = RejectionReason.HYPOTHETICAL, RejectionReason.UNATTRIBUTED


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("They opened the so-called “peace corridor” on Monday.", SCARE),
        ("The “smart” loom has never run.", SCARE),
        ("The firm’s “open” door was shut.", SCARE),
        ("Her novel “Salt Road” sold well.", TITLE),
        ("Her first novel, “Salt Road”, sold well.", TITLE),
        ("The week opened with “The Last Ferry”, a comedy about a town.", TITLE),
        ("The prize went to “Salt Road” by Nadia Ferreira.", TITLE),
        ("The song “Where Did You Sleep Last Night” was played.", TITLE),
        ("A study entitled “No Flow” was published.", TITLE),
        ("Tomas “Bull” Herrera lost again.", NAME),
        ("A man known as “the Dentist” was jailed.", NAME),
        ("A probe nicknamed “Bumblebee” will look again.", NAME),
        ("The group, which calls itself “Tideline”, met.", NAME),
        ("The powders were sold under the name “Calm Nine” there.", NAME),
        ("The term “polycrisis” is new.", TERM),
        ("The word “lorry” was painted out.", TERM),
        ("It is what is called “dark flow” there.", TERM),
        ("A banner reading “no more lies” hung there.", MOTTO),
        ("A sticker on the door says “Hush”.", MOTTO),
        ("The club’s motto is “Forward, Always”.", MOTTO),
        ("The tins were marked “not for children”.", MOTTO),
        ("She wore a badge with the words “Ask Me Nothing”.", MOTTO),
        ("As the saying goes, “a poor workman blames his tools”.", PROVERB),
        ("“A poor workman blames his tools”, as the proverb has it.", PROVERB),
        ("As they say in the hills, “the goat signs last”.", PROVERB),
        ("Imagine a minister saying “I resign”.", HYPOTHETICAL),
        ("If a captain says “we win or I leave”, he had better win.", HYPOTHETICAL),
        ("She walked off. Later it was “they have all lied to us” once more.", UNATTRIBUTED),
    ],
)
def test_the_reason(text: str, reason: RejectionReason) -> None:
    marked = read(text)
    assert marked.drafts == ()
    (found,) = rejected(marked.doc, marked.quotations, ())
    assert found.reason is reason
    assert found.span == marked.quotations[0].inner


@pytest.mark.parametrize(
    "text",
    [
        "((The minister)) <<called>> the corridor [[“a joke”]].",
        "((The judges)) <<said>> her novel was [[“a small miracle”]].",
        "((Herrera)) <<said>>: [[“Bull wins.”]]",
        "((Ruiz)) <<told>> the newspaper: [[“We will win.”]]",
        "((Ruiz)) <<said>> in her book, [[“We will win.”]]",
        "((The envoy)) was <<called>> [[“a liar”]] by Ruiz.",
        "((The report)) <<reads>>: [[“The dam is unsafe.”]]",
        "[[“A fool blames his tools,”]] <<said>> ((Ruiz)).",
        "[[“Eleven days of sun.”]] ((Ruiz)) <<said>>. As the saying goes, it never rains.",
        "If asked, ((he)) <<said>>, [[“we will go”]].",
        "((He)) <<asked>> if they were [[“in danger”]].",
    ],
)
def test_speech_beside_such_words_stays(text: str) -> None:
    marked = read(text)
    assert len(marked.drafts) == 1
    assert rejected(marked.doc, marked.quotations, _contents(marked)) == ()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("<<As the saying goes>>, [[“a poor workman blames his tools”]].", []),
        ("A probe <<nicknamed>> [[“Bumblebee”]] will look again.", []),
        ("[[The term “shifting baseline”]] <<was coined>> in Leeds.", []),
        ("((The jury)) <<said>> [[it was new]]. Lund wore a badge reading [[“Ask Me”]].",
         ["it was new"]),
        ("((Lund)) <<said>> [[the term “polycrisis” was far too new for her]].",
         ["the term “polycrisis” was far too new for her"]),
    ],
)  # fmt: skip
def test_what_the_finder_took_for_speech(text: str, kept: list[str]) -> None:
    marked = read(text)
    assert [span.of(marked.body) for span in _contents(marked)] == kept


def test_a_quotation_inside_another_is_part_of_it() -> None:
    marked = read("[[“I read ‘Salt Road’ twice,”]] ((Lind)) <<said>>.")
    assert len(marked.quotations) == 2
    assert rejected(marked.doc, marked.quotations, _contents(marked)) == ()
    assert len(rejected(marked.doc, marked.quotations, ())) == 1


def test_marks_around_nothing_are_left_out() -> None:
    marked = read("The board was empty: “ ”.")
    assert rejected(marked.doc, marked.quotations, ()) == ()


def _contents(marked: Marked) -> list:
    return [span for draft in marked.drafts for span in draft.content]
