"""Attacks on the client: what a program that uses it meets."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import quoth
from quoth import v1
from tests.attack.finding import Finding, checked
from tests.integration.server import Server

__all__ = ["ATTACKS"]


def large_article(server: Server) -> Finding:
    """O1: an article over 4 MiB, alone and among others."""
    large = "x" * (5 * 1024 * 1024)
    with quoth.Client(server.address, timeout=60) as client:
        alone = False
        try:
            client.attribute(large)
        except quoth.InvalidArticle as error:
            alone = error.reason == "BODY_TOO_LONG"
        articles = [quoth.article(body) for body in ("One.", large, "Three.")]
        outcomes = list(client.attribute_many(articles))
    errors = [type(outcome.error).__name__ for outcome in outcomes]
    return checked(
        "a failure of that article, everywhere the same",
        {"alone": alone, "among others": errors == ["NoneType", "InvalidArticle", "NoneType"]},
    )


def client_before_loop(server: Server) -> Finding:
    """O2: an `AsyncClient` that is made outside the loop that runs it."""
    client = quoth.AsyncClient(server.address, timeout=60)

    async def ask() -> v1.AttributeQuotesResponse:
        async with client:
            return await client.attribute("It rained.")

    found = len(asyncio.run(ask()).statements)
    return Finding("works", f"{found} statement", found == 1)


def outcome_in_time(server: Server) -> Finding:
    """O3: an outcome that is there while the next article is not."""
    came = threading.Event()
    late = 10.0

    def articles() -> Iterator[v1.Article]:
        yield quoth.article("One.")
        came.wait(late)
        yield quoth.article("Two.")

    start = time.monotonic()
    took = []
    with quoth.Client(server.address, timeout=60) as client:
        for _ in client.attribute_many(articles()):
            took.append(time.monotonic() - start)
            came.set()
    return Finding(
        "comes when it is there",
        f"the first after {took[0]:.2f} s, with the second article {late:g} s away",
        len(took) == 2 and took[0] < late,
    )


def named_failures(server: Server) -> Finding:
    """O4: what failed, by the article's name."""
    with quoth.Client(server.address, timeout=60) as client:
        single = ""
        try:
            client.attribute("", article_id="a7")
        except quoth.QuothError as error:
            single = error.article_id
        articles = [quoth.article("", article_id="a8"), quoth.article("x", article_id="a9")]
        first, _ = client.attribute_many(articles)
    many = first.error.article_id if first.error else ""
    return checked("the error names the article", {"alone": single == "a7", "many": many == "a8"})


def shared_client(server: Server) -> Finding:
    """O6: 16 threads on one client against two workers."""
    lost = 0

    def ask(number: int) -> None:
        nonlocal lost
        try:
            client.attribute(f"sleep 0.05\n{number}")
        except quoth.QuothError:
            lost += 1

    with quoth.Client(server.address, timeout=120) as client, ThreadPoolExecutor(16) as threads:
        list(threads.map(ask, range(200)))
    return Finding("a client waits its turn", f"{lost} of 200 calls lost", lost == 0)


ATTACKS: dict[str, Callable[[Server], Finding]] = {
    "O1 client": large_article,
    "O2": client_before_loop,
    "O3": outcome_in_time,
    "O4": named_failures,
    "O6": shared_client,
}
