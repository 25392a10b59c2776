from __future__ import annotations

import hashlib

import pytest

from quoth_server.service.quarantine import Quarantine, Quarantined, digest


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        monkeypatch.setattr("quoth_server.service.quarantine.time.monotonic", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def refused(quarantine: Quarantine, body: str) -> bool:
    try:
        quarantine.check(body)
    except Quarantined:
        return True
    return False


def test_the_second_strike_is_one_too_many(clock: Clock) -> None:
    quarantine = Quarantine()
    quarantine.strike("bad")
    assert not refused(quarantine, "bad")
    clock.now = 100.0
    quarantine.strike("bad")
    clock.now = 150.0
    with pytest.raises(Quarantined) as caught:
        quarantine.check("bad")
    assert caught.value.digest == hashlib.sha256(b"bad").hexdigest()[:16] == digest("bad")
    assert caught.value.strikes == 2
    assert caught.value.seconds == 550.0
    assert not refused(quarantine, "good")


def test_a_text_that_is_read_after_all_is_cleared(clock: Clock) -> None:
    quarantine = Quarantine()
    for _ in range(5):
        quarantine.strike("unlucky")
        quarantine.clear("unlucky")
    assert not refused(quarantine, "unlucky")
    assert len(quarantine) == 0


def test_strikes_are_forgotten(clock: Clock) -> None:
    quarantine = Quarantine()
    quarantine.strike("once")
    quarantine.strike("bad")
    quarantine.strike("bad")
    clock.now = 599.0
    assert refused(quarantine, "bad")
    clock.now = 600.0
    assert not refused(quarantine, "bad")
    assert len(quarantine) == 0
    quarantine.strike("once")
    assert not refused(quarantine, "once")


def test_it_holds_the_latest_texts_and_no_more(clock: Clock) -> None:
    quarantine = Quarantine()
    for number in range(5000):
        quarantine.strike(f"text {number}")
        quarantine.strike(f"text {number}")
    assert len(quarantine) == 1024
    assert refused(quarantine, "text 4999")
    assert not refused(quarantine, "text 0")
