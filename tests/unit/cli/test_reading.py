from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from quoth import InvalidArticle, Outcome, QuothError, article
from quoth.archive.readers import BadRow
from quoth.cli.reading import Item, read_all
from quoth.v1 import Article, AttributeQuotesResponse, GetServerInfoResponse, Limits


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


class Limited(Echo):
    """Takes so many bytes, as a server says; a larger article would end the call."""

    def __init__(self, most: int) -> None:
        super().__init__(window=100)
        self.most = most
        self.asked = 0

    def server_info(self) -> GetServerInfoResponse:
        self.asked += 1
        return GetServerInfoResponse(limits=Limits(max_request_bytes=self.most))

    def attribute_many(self, articles: Iterable[Article], **more: Any) -> Iterator[Outcome]:
        def taken() -> Iterator[Article]:
            for each in articles:
                assert each.ByteSize() < self.most
                yield each

        return super().attribute_many(taken(), **more)


MIB = 1024 * 1024


@pytest.mark.parametrize("most", [0, 4 * MIB, 6 * MIB])
def test_an_article_that_no_message_holds_is_a_failure_of_its_own(most: int) -> None:
    limited = Limited(max(most, 4 * MIB))
    sizes = (10, 5 * MIB, 10, 4 * MIB, 7 * MIB, 10)
    found = list(
        read_all(
            limited,  # type: ignore[arg-type]
            (Item(str(n), n, article("x" * size)) for n, size in enumerate(sizes)),
        )
    )
    assert [result.item.id for result in found] == list(range(len(sizes)))
    refused = [result.item.id for result in found if result.problem]
    assert refused == ([4] if most == 6 * MIB else [1, 3, 4])
    problem = found[4].problem
    assert isinstance(problem, InvalidArticle)
    assert problem.violations[0].reason == "BODY_TOO_LONG"
    assert "are taken; divide it" in problem.violations[0].description
    assert limited.asked == 1  # and not for articles of the usual size


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
