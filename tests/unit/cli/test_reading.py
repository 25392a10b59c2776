from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from quoth import Outcome, QuothError, article
from quoth.archive.readers import BadRow
from quoth.cli.reading import Item, read_all
from quoth.v1 import Article, AttributeQuotesResponse


class Echo:
    """Answers with the body as the language; takes `window` articles before it answers any."""

    def __init__(self, window: int = 3, *, reverse: bool = False) -> None:
        self.window = window
        self.reverse = reverse
        self.calls = 0

    def attribute_many(self, articles: Iterable[Article], **_: Any) -> Iterator[Outcome]:
        self.calls += 1
        taken: list[Outcome] = []
        for index, each in enumerate(articles):
            if each.body == "fail":
                taken.append(Outcome(index, each, error=QuothError("failed")))
            else:
                response = AttributeQuotesResponse(language_code=each.body)
                taken.append(Outcome(index, each, response=response))
            if len(taken) == self.window:
                yield from reversed(taken) if self.reverse else taken
                taken = []
        yield from reversed(taken) if self.reverse else taken


def items(words: str) -> Iterator[Item]:
    """An item a word; those that begin with `!` have no article."""
    for number, word in enumerate(words.split()):
        if word.startswith("!"):
            yield Item(str(number), word, problem=BadRow(word))
        else:
            yield Item(str(number), word, article(word))


def shown(echo: Echo, words: str, *, ordered: bool = True) -> str:
    """What came back, in order: the body for an answer, the id in brackets for a problem."""
    return " ".join(
        result.response.language_code if result.response else f"({result.item.id})"
        for result in read_all(echo, items(words), ordered=ordered)  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("window", [1, 2, 3, 100])
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", ""),
        ("a b c d", "a b c d"),
        ("!x !y", "(!x) (!y)"),
        ("!x a !y b c !z", "(!x) a (!y) b c (!z)"),
        ("a !x !y b !z", "a (!x) (!y) b (!z)"),
        ("a fail b", "a (fail) b"),
    ],
)
def test_problems_stay_in_their_place(window: int, words: str, expected: str) -> None:
    assert shown(Echo(window), words) == expected


def test_results_as_ready_keep_their_items() -> None:
    said = shown(Echo(2, reverse=True), "a !x b fail c", ordered=False)
    assert sorted(said.split()) == ["(!x)", "(fail)", "a", "b", "c"]
    assert said.split().index("b") < said.split().index("a")


def test_nothing_is_asked_where_there_is_no_article() -> None:
    echo = Echo()
    assert shown(echo, "!x !y !z") == "(!x) (!y) (!z)"
    assert echo.calls == 0


def test_problems_without_articles_are_not_kept() -> None:
    taken = 0

    def endless() -> Iterator[Item]:
        nonlocal taken
        while True:
            taken += 1
            yield Item("", "", problem=BadRow("x"))

    results = read_all(Echo(), endless())  # type: ignore[arg-type]
    for _ in range(5):
        next(results)
    assert taken == 5
