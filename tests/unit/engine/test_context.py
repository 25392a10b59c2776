"""To whom and through what."""

from __future__ import annotations

import pytest

from quoth_server.engine import context
from quoth_server.engine.context import Context
from quoth_server.engine.types import MediumType, Span

from .marked import Marked, read


def first(text: str) -> tuple[Marked, Context]:
    marked = read(text)
    return marked, context.find(marked.doc, marked.drafts)[0]


def text_of(marked: Marked, span: Span | None) -> str | None:
    return span.of(marked.body) if span else None


@pytest.mark.parametrize(
    ("text", "addressee"),
    [
        ("((Lund)) <<told>> reporters [[it rained]].", "reporters"),
        ("((Lund)) <<told>> Iranian media [[he would go]].", "Iranian media"),
        ("[[“It rained,”]] ((Lund)) <<told>> a news conference.", "a news conference"),
        ("((Lund)) <<said>> to the crowd [[that it rained]].", "the crowd"),
        ("((Lund)) <<urged>> drivers [[to stay home]].", "drivers"),
        ("((Lund)) <<informed>> the families of the crew [[that it rained]].",
         "the families of the crew"),
        ("[[“It rained,”]] ((Lund)) <<told>> Parliament on Monday.", "Parliament"),
        ("((Lund)) <<said>> [[it rained]].", None),
        ("[[It rained]], <<according to>> ((Lund)).", None),
        ("((Lund)) <<told>> [[a story to the children]].", None),
        ("((Lund)) <<said>> [[he would talk to reporters]].", None),
    ],
)  # fmt: skip
def test_addressee(text: str, addressee: str | None) -> None:
    marked, around = first(text)
    assert text_of(marked, around.addressee) == addressee


@pytest.mark.parametrize(
    ("text", "medium", "kind"),
    [
        ("[[“It rained,”]] ((Lund)) <<said>> in a statement.", "a statement",
         MediumType.WRITTEN_STATEMENT),
        ("((Lund)) <<said>> in an interview [[that it rained]].", "an interview",
         MediumType.INTERVIEW),
        ("[[“It rained,”]] ((Lund)) <<said>> at a news conference.", "a news conference",
         MediumType.PUBLIC_REMARKS),
        ("[[“It rained,”]] ((Lund)) <<told>> a news conference.", "a news conference",
         MediumType.PUBLIC_REMARKS),
        ("[[“It rained,”]] ((Lund)) <<wrote>> on Twitter.", "Twitter", MediumType.SOCIAL_MEDIA),
        ("[[“It rained,”]] ((Lund)) <<posted>> on X.", "X", MediumType.SOCIAL_MEDIA),
        ("[[“It rained,”]] ((Lund)) <<posted>> on X.\n\nNobody answered.", "X",
         MediumType.SOCIAL_MEDIA),
        ("[[“It rained,”]] ((Lund)) <<tweeted>>.", "tweeted", MediumType.SOCIAL_MEDIA),
        ("((Lund)) <<testified>> [[that it rained]].", "testified", MediumType.PUBLIC_REMARKS),
        ("((Lund)) <<wrote>> in a court filing [[that it rained]].", "a court filing",
         MediumType.DOCUMENT),
        ("[[“It rained,”]] ((Lund)) <<said>> on state television.", "state television",
         MediumType.BROADCAST),
        ("A statement <<quoted>> ((Lund)) as saying [[“it rained”]].", "A statement",
         MediumType.WRITTEN_STATEMENT),
    ],
)  # fmt: skip
def test_medium(text: str, medium: str, kind: MediumType) -> None:
    marked, around = first(text)
    assert around.medium is not None
    assert (text_of(marked, around.medium.span), around.medium.type) == (medium, kind)


@pytest.mark.parametrize(
    "text",
    [
        "((Lund)) <<said>> [[it rained]].",
        "((Lund)) <<said>> in Leeds [[that it rained]].",
        "((Lund)) <<said>> on Monday [[that it rained]].",
        "((Lund)) <<said>> [[he saw it in a statement]].",
    ],
)
def test_no_medium(text: str) -> None:
    assert first(text)[1].medium is None


def test_without_a_cue_there_is_no_context() -> None:
    marked = read("Okafor was furious. “They have lied to all of us.”")
    assert context.find(marked.doc, marked.drafts) == (Context(),)
