"""Whether a statement has the words of a quotation."""

from __future__ import annotations

import pytest

from quoth_server.archive.answer import among
from quoth_server.archive.statement import Span, Statement
from quoth_server.archive.verify import Quotation


def statement(content: str, kind: str = "direct", **more: object) -> Statement:
    """A statement; `|` divides its parts and `“”` are around what is quoted in a mixed one."""
    quoted = []
    plain = ""
    for character in content:
        if character == "“":
            quoted.append([len(plain)])
        elif character == "”":
            quoted[-1].append(len(plain))
        else:
            plain += character
    spans = []
    at = 0
    for part in plain.split("|"):
        spans.append(Span(at, at + len(part)))
        at += len(part) + 1
    return Statement(
        kind=kind,
        content=plain.replace("|", " "),
        content_spans=tuple(spans),
        quoted_spans=tuple(Span(*each) for each in quoted) if quoted else (),
        **more,
    )


LEDGER = "I have never seen the second ledger, and nobody has shown it to me. We asked twice"


def verdict(quotation: str, said: Statement) -> str:
    """The wording, the part, and each difference as `quoted/said`."""
    found = Quotation(quotation).beside(said)
    if found is None:
        return "none"
    parts = [found.part or found.wording]
    for each in found.differences:
        quoted = quotation[each.quoted.start : each.quoted.end] if each.quoted else ""
        there = said.content[each.said.start : each.said.end] if each.said else ""
        parts.append(f"{quoted}/{there}")
    return " ".join(parts)


@pytest.mark.parametrize(
    ("quotation", "expected"),
    [
        (LEDGER, "verbatim"),
        ("We asked twice", "verbatim"),
        ("I have never seen the second ledger, and nobody has shown it to me", "verbatim"),
        ("I HAVE NEVER SEEN the second ledger and nobody has shown it to me.", "verbatim"),
        ("I have never seen the second ledger … nobody has shown it to me.", "verbatim"),
        ("[The director has] never seen the second ledger, and nobody has shown it to me",
         "verbatim"),
        ("I have never seen the second ledger", "of_statement"),
        ("nobody has shown it to me", "of_statement"),
        ("I have never read the second ledger, and nobody has shown it to me", "altered read/seen"),
        ("I have seen the second ledger, and nobody has shown it to me", "altered /never"),
        ("I have never seen the second ledger, and nobody has ever shown it to me",
         "altered ever/"),
        ("I have never seen the second ledger, but the bank keeps all its papers in a cellar",
         "of_quotation but the bank keeps all its papers in a cellar/"),
        ("Nobody has shown me the second ledger, which I have never seen", "paraphrased"),
        ("The ledger was burned in the yard of the bank", "none"),
        ("We will appeal against the verdict", "none"),
        ("never", "of_statement"),
    ],
)  # fmt: skip
def test_what_a_direct_statement_has_of_a_quotation(quotation, expected):
    assert verdict(quotation, statement(LEDGER)).startswith(expected)


@pytest.mark.parametrize(
    ("content", "kind", "quotation", "expected"),
    [
        # An article's own words are not a quotation, however well they match.
        ("that the accounts were kept by someone else", "indirect",
         "the accounts were kept by someone else", "paraphrased"),
        ("that the accounts were kept by someone else", "indirect",
         "The accounts were always kept by someone else", "paraphrased always/"),
        # What is quoted in a mixed statement is.
        ("the plan was “a disaster for farmers”", "mixed", "a disaster for farmers", "verbatim"),
        ("the plan was “a disaster for farmers”", "mixed", "disaster for farmers", "of_statement"),
        ("the plan was “a disaster for farmers”", "mixed", "The plan was a disaster for farmers",
         "paraphrased"),
        # A part that begins with a capital letter begins a sentence.
        ("We will go|Then we stop", "direct", "Then we stop", "verbatim"),
        ("We will go|and then we stop", "direct", "and then we stop", "of_statement"),
        ("We will go|Then we stop", "direct", "We will go", "verbatim"),
        ("No comment", "direct", "No comment", "verbatim"),
        ("", "direct", "No comment", "none"),
    ],
)  # fmt: skip
def test_only_what_is_quoted_is_verbatim(content, kind, quotation, expected):
    assert verdict(quotation, statement(content, kind)) == expected


@pytest.mark.parametrize(
    ("quotation", "content", "expected"),
    [
        ("We will go", "We will go", set()),
        ("“We will go.”", "We will go", set()),
        ("we will go", "We will go", {"case"}),
        ("We don't go", "We don’t go", {"quotation_marks"}),
        ("We dont go", "We don’t go", {"quotation_marks"}),
        ("We saw 'Salt Road' twice", "We saw ‘Salt Road’ twice", {"quotation_marks"}),
        ("We\n will go", "We will go", {"white_space"}),
        ("We will go now", "We will, go now", {"punctuation"}),
        ("It cost 1000 euros", "It cost 1,000 euros", {"punctuation"}),
        ("We … now", "We will go now", {"ellipsis"}),
        ("We [all] go now", "We [all] go now", set()),
        ("We all go now", "We [all] go now", {"brackets"}),
        ("We [they] go now", "We will go now", {"brackets"}),
        ("Elodie will go", "Élodie will go", {"accents"}),
        ("ELODIE will go", "Élodie will go", {"accents", "case"}),
    ],
)
def test_what_was_overlooked_is_reported(quotation, content, expected):
    found = Quotation(quotation).beside(statement(content))
    assert found.wording == "verbatim"
    assert found.overlooked == expected


def outcome(quotation: str, speaker: str, *said: Statement) -> tuple[str, str | None]:
    """The outcome, and the speaker of the best place."""
    answer = among(enumerate(said), Quotation(quotation), speaker)
    return answer.outcome, answer.places[0].statement.speaker if answer.places else None


LUND = statement(LEDGER, speaker="Eva Lund", speaker_type="person")
NOBODY = statement(LEDGER)
LUND_IN_OTHER_WORDS = statement(
    "she had never seen a second ledger", "indirect", speaker="Eva Lund", speaker_type="person"
)
QUOTATION = "I have never seen the second ledger, and nobody has shown it to me."


@pytest.mark.parametrize(
    ("speaker", "said", "expected"),
    [
        ("", [LUND], ("verbatim", "Eva Lund")),
        ("Lund", [LUND], ("verbatim", "Eva Lund")),
        ("Ada Holt", [LUND], ("other_speaker", "Eva Lund")),
        # The speaker is not known.
        ("Lund", [NOBODY], ("other_speaker", None)),
        ("", [NOBODY], ("verbatim", None)),
        ("Ada Holt", [LUND, NOBODY], ("other_speaker", "Eva Lund")),
        ("Lund", [NOBODY, LUND], ("verbatim", "Eva Lund")),
        ("Lund", [LUND_IN_OTHER_WORDS], ("paraphrased", "Eva Lund")),
        ("Lund", [], ("not_found", None)),
    ],
)
def test_the_outcome_is_about_the_speaker_asked_about(speaker, said, expected):
    assert outcome(QUOTATION, speaker, *said) == expected


def test_a_paraphrase_of_another_speaker_does_not_count():
    said = statement(
        "Nobody has shown me the second ledger, which I have never seen",
        speaker="Eva Lund",
        speaker_type="person",
    )
    assert outcome(QUOTATION, "Eva Lund", said) == ("paraphrased", "Eva Lund")
    assert outcome(QUOTATION, "Ada Holt", said) == ("not_found", None)


@pytest.mark.parametrize("text", ["", " ", "…", "[...]", "“”", "!?"])
def test_a_quotation_without_a_word_is_none(text):
    with pytest.raises(ValueError, match="no word"):
        Quotation(text)
