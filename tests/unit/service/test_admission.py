from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth_server.service.admission import SPARE, Admission, Slot
from quoth_server.service.errors import ServiceError


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_as_many_as_fit_enter_and_wait_and_the_next_is_refused() -> None:
    admission = Admission(workers=2, queue=1)
    slots = [await admission.enter(), await admission.enter()]
    waiting = asyncio.create_task(admission.enter())
    await settle()
    with pytest.raises(ServiceError) as refused:
        await admission.enter()
    assert refused.value.metadata == {"maxInFlight": "3"}
    assert 0 < refused.value.retry_after < 15
    slots[0].release()
    (await waiting).release()
    slots[1].release()
    assert (await admission.enter()).queued < 1


async def test_without_a_queue_only_the_idle_workers_take_calls() -> None:
    admission = Admission(workers=1, queue=0)
    slot = await admission.enter()
    with pytest.raises(ServiceError):
        await admission.enter()
    slot.release()
    await admission.enter()


async def test_items_of_a_stream_are_never_refused() -> None:
    admission = Admission(workers=1, queue=0)
    slot = await admission.enter()
    waiting = [asyncio.create_task(admission.enter("stream")) for _ in range(50)]
    await settle()
    for _ in waiting:
        slot.release()
        slot = await waiting.pop(0)
    slot.release()


async def test_items_of_a_stream_take_no_place_in_the_queue() -> None:
    admission = Admission(workers=1, queue=1)
    slot = await admission.enter()
    item = asyncio.create_task(admission.enter("stream"))
    await settle()
    call = asyncio.create_task(admission.enter())
    await settle()
    assert not call.done()
    slot.release()
    (await call).release()
    await item


async def test_first_come_first_served() -> None:
    admission = Admission(workers=1, queue=10)
    order: list[str] = []

    async def use(name: str, stream: str | None) -> None:
        slot = await admission.enter(stream)
        order.append(name)
        await asyncio.sleep(0)
        slot.release()

    tasks = []
    for name, stream in [("a", None), ("b", "s"), ("c", None), ("d", "t"), ("e", None)]:
        tasks.append(asyncio.create_task(use(name, stream)))
        await settle()
    await asyncio.gather(*tasks)
    assert order == ["a", "b", "c", "d", "e"]


async def test_a_stream_alone_has_all_the_workers() -> None:
    admission = Admission(workers=3, queue=0)
    for _ in range(3):
        await asyncio.wait_for(admission.enter("stream"), 1)


async def test_streams_take_turns() -> None:
    admission = Admission(workers=2, queue=0)
    slots = {name: await admission.enter(name) for name in "ab"}
    waiting = {name: asyncio.create_task(admission.enter(name)) for name in "cdefab"}
    await settle()
    served = []
    for _ in range(12):
        slots.pop(next(iter(slots))).release()
        await settle()
        name = next(name for name, task in waiting.items() if task.done())
        slots[name] = await waiting.pop(name)
        waiting[name] = asyncio.create_task(admission.enter(name))
        await settle()
        served.append(name)
    assert served == list("cdefabcdefab")


async def test_a_stream_of_long_articles_takes_not_all_workers_from_one_of_short_ones() -> None:
    """First come, first served would give it every one: its next article waits first."""
    admission = Admission(workers=2, queue=0)
    await admission.enter("long")
    short = await admission.enter("short")
    long = asyncio.create_task(admission.enter("long"))
    await settle()
    for _ in range(5):
        following = asyncio.create_task(admission.enter("short"))
        await settle()
        short.release()
        short = await asyncio.wait_for(following, 1)
    assert not long.done()
    short.release()
    await asyncio.wait_for(long, 1)


async def test_calls_go_before_items_of_streams() -> None:
    admission = Admission(workers=1, queue=100)
    slot = await admission.enter()
    order: list[str] = []

    async def use(name: str, stream: str | None) -> None:
        for _ in range(1 if stream is None else 3):
            mine = await admission.enter(stream)
            order.append(name)
            mine.release()

    tasks = [asyncio.create_task(use("stream", "s"))]
    tasks += [asyncio.create_task(use("call", None)) for _ in range(3)]
    await settle()
    slot.release()
    await asyncio.gather(*tasks)
    assert order == ["call"] * 3 + ["stream"] * 3


async def test_whoever_gives_up_waiting_leaves_the_queue() -> None:
    admission = Admission(workers=1, queue=1)
    slot = await admission.enter()
    for _ in range(3):
        waiting = asyncio.create_task(admission.enter())
        await settle()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    waiting = asyncio.create_task(admission.enter())
    await settle()
    slot.release()
    await waiting


async def test_a_turn_that_comes_as_it_is_given_up_goes_to_the_next() -> None:
    admission = Admission(workers=1, queue=2)
    slot = await admission.enter()
    first, second = (asyncio.create_task(admission.enter()) for _ in range(2))
    await settle()
    slot.release()  # to the first, who has not heard of it yet
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    assert first.cancelled()
    await asyncio.wait_for(second, 1)


async def test_no_turn_goes_to_whoever_has_just_given_up() -> None:
    admission = Admission(workers=1, queue=2)
    slot = await admission.enter()
    first, second = (asyncio.create_task(admission.enter()) for _ in range(2))
    await settle()
    first.cancel()
    slot.release()  # before the first has left the line
    slot = await asyncio.wait_for(second, 1)
    third = asyncio.create_task(admission.enter())
    await settle()
    third.cancel()
    slot.release()
    await asyncio.gather(first, third, return_exceptions=True)
    await asyncio.wait_for(admission.enter(), 1)


async def test_a_slot_is_given_back_when_its_call_fails() -> None:
    admission = Admission(workers=1, queue=0)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), await admission.enter():
            _ = 1 / 0


async def test_the_longer_articles_take_the_later_the_refused_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 0.0
    monkeypatch.setattr("quoth_server.service.admission.time.monotonic", lambda: now)
    monkeypatch.setattr("quoth_server.service.admission.random.uniform", lambda *_: 1.0)
    admission = Admission(workers=1, queue=0)
    for _ in range(100):
        slot = await admission.enter()
        now += 8.0
        slot.release()
    await admission.enter()
    with pytest.raises(ServiceError) as refused:
        await admission.enter()
    assert refused.value.retry_after == pytest.approx(4.0, rel=0.01)


async def test_the_last_worker_is_for_a_caller_who_has_none() -> None:
    admission = Admission(workers=2, queue=9)
    for _ in range(2):
        await admission.enter(caller="a")
    more = asyncio.create_task(admission.enter(caller="a"))
    await settle()
    assert not more.done()
    slot = await asyncio.wait_for(admission.enter(caller="b"), 1)
    third = asyncio.create_task(admission.enter(caller="c"))
    await settle()
    assert not third.done()
    slot.release()
    await asyncio.wait_for(third, 1)
    assert not more.done()
    more.cancel()


@pytest.mark.parametrize("workers", [1, 2])
async def test_many_streams_of_one_caller_do_not_hold_up_another_caller(workers: int) -> None:
    admission = Admission(workers, queue=9)
    held = [await admission.enter(f"stream {number}", caller="a") for number in range(workers)]
    waiting = [
        asyncio.create_task(admission.enter(f"stream {number}", caller="a"))
        for number in range(400)
    ]
    await settle()
    for _ in range(20):  # while nothing of the other caller ends
        (await asyncio.wait_for(admission.enter(caller="b"), 1)).release()
    assert not any(task.done() for task in waiting)
    held[0].release()
    await settle()
    assert sum(task.done() for task in waiting) == 1
    for task in waiting:
        task.cancel()


async def test_callers_take_turns_however_many_calls_they_have_in_line() -> None:
    admission = Admission(workers=1, queue=100)
    slots = [await admission.enter(caller="x"), await admission.enter(caller="y")]
    order: list[str] = []

    async def use(name: str) -> None:
        slot = await admission.enter(caller=name)
        order.append(name)
        await asyncio.sleep(0)
        slot.release()

    tasks = [asyncio.create_task(use(name)) for name in "aaaaabbbc"]
    await settle()
    slots[0].release()
    await asyncio.gather(*tasks)
    assert sorted(order[:3]) == ["a", "b", "c"]
    assert sorted(order[3:5]) == ["a", "b"]


async def test_streams_have_turns_too_while_calls_of_their_caller_keep_coming() -> None:
    admission = Admission(workers=1, queue=100)
    slot = await admission.enter()
    order: list[str] = []

    async def use(name: str, stream: str | None) -> None:
        mine = await admission.enter(stream)
        order.append(name)
        mine.release()

    tasks = [asyncio.create_task(use("call", None)) for _ in range(12)]
    tasks += [asyncio.create_task(use("item", "s")) for _ in range(2)]
    await settle()
    slot.release()
    await asyncio.gather(*tasks)
    assert order.index("item") <= 4
    assert order.count("item") == 2


async def test_a_full_queue_makes_room_for_a_caller_who_has_less_in_it() -> None:
    admission = Admission(workers=1, queue=3)
    slots = [await admission.enter(caller="a"), await admission.enter(caller="b")]
    greedy = [asyncio.create_task(admission.enter(caller="a")) for _ in range(3)]
    await settle()
    modest = asyncio.create_task(admission.enter(caller="c"))
    await settle()
    assert [task.done() for task in greedy] == [False, False, True]
    assert isinstance(greedy[2].exception(), ServiceError)
    with pytest.raises(ServiceError):
        await admission.enter(caller="a")
    slots[1].release()
    await asyncio.wait_for(modest, 1)
    for task in greedy:
        task.cancel()


@given(
    st.integers(1, 3),
    st.lists(
        st.tuples(
            st.sampled_from(["call", "a", "b", "c", "other", "leave", "release"]),
            st.integers(0, 9),
        )
    ),
)
async def test_whatever_comes_and_goes_no_slot_is_lost_or_given_twice(
    workers: int, events: list[tuple[str, int]]
) -> None:
    admission = Admission(workers, queue=3)
    tasks: list[asyncio.Task[Slot]] = []
    held: list[Slot] = []
    for event, which in events:
        match event:
            case "leave":
                for task in tasks[which : which + 1]:
                    task.cancel()
            case "release":
                for _ in held[which : which + 1]:
                    held.pop(which).release()
            case _:
                stream = None if event in ("call", "other") else event
                enter = admission.enter(stream, caller="b" if event == "other" else "a")
                tasks.append(asyncio.create_task(enter))
        if which % 2:  # else the next comes in the same moment
            await settle()
        for task in [task for task in tasks if task.done()]:
            tasks.remove(task)
            if not task.cancelled() and task.exception() is None:
                held.append(task.result())
        assert len(held) <= workers + SPARE
    await settle()
    while tasks or held:
        for task in [task for task in tasks if task.done()]:
            tasks.remove(task)
            if not task.cancelled() and task.exception() is None:
                held.append(task.result())
        assert held or not tasks, "who waits is forgotten"
        if held:
            held.pop().release()
        await settle()
    await asyncio.gather(*(asyncio.wait_for(admission.enter(), 1) for _ in range(workers)))
    full = [asyncio.create_task(admission.enter()) for _ in range(4)]
    await settle()
    assert sum(task.done() and isinstance(task.exception(), ServiceError) for task in full) == 1
    for task in full:
        task.cancel()
    await asyncio.gather(*full, return_exceptions=True)
