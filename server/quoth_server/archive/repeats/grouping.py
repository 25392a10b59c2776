"""Which statements are one quotation, and which articles are reprints of one story."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from quoth_server.archive import words
from quoth_server.archive.repeats.alike import one_quotation
from quoth_server.archive.repeats.digest import Digest, Statements, last_name, without_day
from quoth_server.archive.repeats.marks import runs
from quoth_server.archive.repeats.spill import Spill

__all__ = ["Joined", "quotations", "stories"]

Numbers = npt.NDArray[np.int64]

_FEW = 8  # words up to which it takes the same speaker
_NEAR = 3  # of the texts that share a mark, how many of the ones before each is compared with
_REMEMBERED = 20_000  # texts
_SAME_NEWS = 7  # days within which reprints appear
_SHARED = 2  # statements in the same words that make a reprint
_HALF = 0.5  # of the statements of the shorter article


def quotations(statements: Statements, digest: Digest, spill: Spill) -> Numbers:
    """For each statement the number of the first one of its quotation; -1 with too few words."""
    _, first, of = np.unique(digest.text, return_index=True, return_inverse=True)
    first_of = first[of]  # the first statement in the same words
    joined = Joined(len(first_of))

    @lru_cache(maxsize=_REMEMBERED)
    def read(number: int) -> tuple[tuple[str, ...], str]:
        found = statements.statement(number)
        return tuple(words.keys(found.content)), last_name(found)

    for group in spill.groups():
        own = np.unique(first_of[group[digest.told[group]]])
        for at in range(1, len(own)):
            number = int(own[at])
            for before in own[max(0, at - _NEAR) : at]:
                other = int(before)
                if joined.find(number) != joined.find(other) and _alike(read(number), read(other)):
                    joined.join(number, other)
    labels = joined.labels()[first_of]
    labels[~digest.told] = -1
    return labels


def _alike(one: tuple[tuple[str, ...], str], other: tuple[tuple[str, ...], str]) -> bool:
    if min(len(one[0]), len(other[0])) < _FEW and one[1] != other[1]:
        return False
    return one_quotation(one[0], other[0])


def stories(digest: Digest) -> Numbers:
    """For each article the number of the first one that has the same story from a wire.

    Two articles are reprints where they share statements in the same words, some of them the
    reporter's own, which no two reporters find, within days of each other.
    """
    told = np.bincount(digest.article[digest.told], minlength=len(digest.days))
    shared: list[npt.NDArray[np.uint64]] = []
    own: list[npt.NDArray[np.uint64]] = []
    for articles, reported in _in_same_words(digest):
        pairs = _pairs(articles)
        shared.append(pairs)
        if reported:
            own.append(pairs)
    joined = Joined(len(digest.days))
    if shared:
        pairs, counts = np.unique(np.concatenate(shared), return_counts=True)
        reporters = np.isin(pairs, np.concatenate(own)) if own else np.zeros(len(pairs), bool)
        for pair, count, reporter in zip(
            pairs.tolist(), counts.tolist(), reporters.tolist(), strict=True
        ):
            one, other = pair >> 32, pair & 0xFFFF_FFFF
            fewest = min(told[one], told[other])
            titled = digest.titles[one] == digest.titles[other] != 0
            enough = reporter and count >= max(_SHARED, _HALF * fewest)
            if (enough or titled) and _same_days(digest, one, other):
                joined.join(one, other)
    return joined.labels()


def _in_same_words(digest: Digest) -> Iterator[tuple[Numbers, bool]]:
    """The articles that have one statement in the same words, and whether it is reported."""
    chosen = np.flatnonzero(digest.told)
    order = chosen[np.lexsort((digest.article[chosen], digest.text[chosen]))]
    for start, end in runs(digest.text[order]):
        if end - start > 1:
            articles = np.unique(digest.article[order[start:end]]).astype(np.int64)
            if len(articles) > 1:
                yield articles, bool(digest.reported[order[start:end]].all())


def _pairs(articles: Numbers) -> npt.NDArray[np.uint64]:
    """Each article with the one before it and with the first one; not all with all."""
    low, high = articles[:-1], articles[1:]
    star = np.full(len(high), articles[0])
    both = np.concatenate([low << 32 | high, star << 32 | high])
    return np.unique(both).astype(np.uint64)


def _same_days(digest: Digest, one: int, other: int) -> bool:
    a, b = int(digest.days[one]), int(digest.days[other])
    return without_day in (a, b) or abs(a - b) <= _SAME_NEWS


class Joined:
    """Sets that grow together (union-find): the numbers from 0, each by itself at first."""

    def __init__(self, count: int) -> None:
        self._parent = np.arange(count, dtype=np.int64)

    def find(self, number: int) -> int:
        """The least number of a number's set."""
        parent = self._parent
        root = number
        while parent[root] != root:
            root = int(parent[root])
        while parent[number] != root:
            parent[number], number = root, int(parent[number])
        return root

    def join(self, one: int, other: int) -> None:
        """Makes the sets of two numbers one."""
        low, high = sorted((self.find(one), self.find(other)))
        self._parent[high] = low

    def labels(self) -> Numbers:
        """The least number of each number's set."""
        parent = self._parent
        while True:
            above = parent[parent]
            if (above == parent).all():
                return above
            parent[:] = above
