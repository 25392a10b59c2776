from __future__ import annotations

import random
from collections import Counter

import pytest
from google.protobuf.message import DecodeError

from quoth import v1
from tests.fuzz.attack import Failure, read_case, write_failure
from tests.fuzz.files import read
from tests.fuzz.mutations import Level, case, mutated_bytes, mutated_text
from tests.fuzz.shapes import KINDS, some_file


def test_a_case_is_that_of_its_seed_and_number() -> None:
    assert case(1, 7) == case(1, 7)
    assert len({case(seed, number).payloads for seed in range(5) for number in range(50)}) > 240


def test_a_failed_case_can_be_sent_again(tmp_path) -> None:
    some = next(each for number in range(1000) if (each := case(1, number)).level is Level.STREAM)
    assert read_case(write_failure(Failure(some, ["wrong"]), tmp_path)) == some


def test_there_is_some_of_everything() -> None:
    cases = [case(2, number) for number in range(4000)]
    levels = Counter(each.level for each in cases)
    assert all(levels[level] > 30 for level in Level)
    readable = 0
    for each in cases:
        if each.level is Level.WIRE:
            try:
                v1.AttributeQuotesRequest.FromString(each.payloads[0])
                readable += 1
            except DecodeError:
                pass
    # Most die at the first look; enough do not.
    assert 0.1 < readable / levels[Level.WIRE] < 0.6
    texts = "".join(
        v1.AttributeQuotesRequest.FromString(each.payloads[0]).article.body
        for each in cases
        if each.level is Level.TEXT
    )
    for character in "”«\u202e\u2028\x00\u0301\u200d\ufffeא\U0010ffff\r":
        assert character in texts


def test_texts_can_be_sent() -> None:
    chance = random.Random(3)
    for _ in range(500):
        mutated_text(chance).encode("utf-8")


def test_bytes_are_changed() -> None:
    chance = random.Random(4)
    payload = v1.AttributeQuotesRequest(article=v1.Article(body="Some text.")).SerializeToString()
    changed = [mutated_bytes(chance, payload) != payload for _ in range(200)]
    assert sum(changed) > 180


@pytest.mark.parametrize("level", Level)
def test_every_level_has_bytes(level: Level) -> None:
    some = next(each for number in range(1000) if (each := case(5, number)).level is level)
    assert all(isinstance(payload, bytes) for payload in some.payloads)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", KINDS)
def test_a_file_that_nothing_happened_to_is_read(suffix: str) -> None:
    texts = ["“It rained on the pier all day,” Ann Lee, the harbor chief, said on Thursday."] * 3
    ended, found = read(suffix, KINDS[suffix](random.Random(9), texts))
    assert (ended, found) in ([("articles", []), ("no article", [])])


@pytest.mark.slow
def test_broken_files_are_read_or_reported() -> None:
    ended = Counter()
    for number in range(150):
        chance = random.Random(number)
        suffix, data = some_file(chance, [mutated_text(chance) for _ in range(2)])
        how, found = read(suffix, data)
        assert found == [], (number, suffix)
        ended[how] += 1
    assert ended["articles"] > 20
    assert len(ended) > 1
