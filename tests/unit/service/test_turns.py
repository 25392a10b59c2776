"""The event loop of the server where many want something at once."""

from __future__ import annotations

import contextlib
import selectors
import socket

import pytest

from quoth_server.service import turns


@pytest.mark.skipif(not hasattr(selectors, "EpollSelector"), reason="needs epoll")
def test_a_turn_has_a_few_of_many_and_all_have_theirs() -> None:
    served: list[int] = []
    turn_by_turn: list[int] = []
    loop = turns.loop()
    with contextlib.closing(loop), contextlib.ExitStack() as closing:
        for number in range(40):
            ours, theirs = (closing.enter_context(each) for each in socket.socketpair())
            theirs.send(b"x")
            loop.add_reader(ours, served.append, number)  # and stays ready, as nobody reads
        while len(set(served)) < 40:
            loop.call_soon(loop.stop)
            before = len(served)
            loop.run_forever()
            turn_by_turn.append(len(served) - before)
    assert max(turn_by_turn) == 16
    assert len(turn_by_turn) == 3
