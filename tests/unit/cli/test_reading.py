from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from quoth import Outcome, QuothError, article
from quoth.v1 import Article, AttributeQuotesResponse
from quoth_cli import reading
from quoth_cli.readers.base import BadRow
from quoth_cli.reading import Item, read_all


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


# ---- sizes -----------------------------------------------------------------------------


MIB = 1024 * 1024


def test_large_articles_are_not_all_under_way_at_a_time() -> None:
    class Counting(Echo):
        most = 0

        def attribute_many(self, articles: Iterable[Article], **more: Any) -> Iterator[Outcome]:
            held = list(articles)
            self.most = max(self.most, sum(each.ByteSize() for each in held))
            return super().attribute_many(held, **more)

    counting = Counting()
    count = 40
    found = list(
        read_all(
            counting,  # type: ignore[arg-type]
            (Item(str(n), n, article("x" * 3 * MIB)) for n in range(count)),
        )
    )
    assert [result.item.id for result in found] == list(range(count))
    assert counting.most < 40 * MIB


class Large:
    """An article that says how large it is once the one before it is answered."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.may_tell = threading.Event()

    def ByteSize(self) -> int:
        self.asked.set()
        assert self.may_tell.wait(20)
        return reading._MOST_BYTES * 2 // 3


class Threaded:
    """Takes each article in another thread, and answers the one before it meanwhile."""

    def __init__(self, articles: list[Large]) -> None:
        self.articles = articles
        self.calls = 0

    def attribute_many(self, articles: Iterable[Article], **_: Any) -> Iterator[Outcome]:
        self.calls += 1
        source = iter(articles)
        with ThreadPoolExecutor(1) as thread:
            self.articles[0].may_tell.set()
            before = next(source)
            for index, following in enumerate(self.articles[1:]):
                taking = thread.submit(next, source, None)
                assert following.asked.wait(20)
                yield Outcome(index, before, response=AttributeQuotesResponse())
                following.may_tell.set()
                taken = taking.result()
                assert taken
                before = taken
            yield Outcome(len(self.articles) - 1, before, response=AttributeQuotesResponse())


def test_what_is_answered_while_an_article_is_taken_is_under_way_no_longer() -> None:
    threaded = Threaded([Large() for _ in range(4)])
    inputs = (Item(str(n), n, each) for n, each in enumerate(threaded.articles))  # type: ignore[arg-type]
    found = list(read_all(threaded, inputs))  # type: ignore[arg-type]
    assert [result.item.id for result in found] == [0, 1, 2, 3]
    assert threaded.calls == 1
