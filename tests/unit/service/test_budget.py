from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from quoth_server.service.budget import Budget, Hold


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_what_fits_is_held_at_once_and_counted() -> None:
    budget = Budget(100)
    with await budget.room("a", 40) as hold:
        assert budget.held == 40
        hold.resize(10)
        hold.add(5)
        assert budget.held == 15
    assert budget.held == 0


async def test_one_caller_has_not_all_of_it() -> None:
    budget = Budget(100)
    await budget.room("a", 75)
    waiting = asyncio.create_task(budget.room("a", 1))
    await settle()
    assert not waiting.done()
    await asyncio.wait_for(budget.room("b", 25), 1)
    waiting.cancel()


async def test_who_waits_gets_room_when_there_is_some_and_callers_take_turns() -> None:
    budget = Budget(100)
    first = await budget.room("x", 75)
    second = await budget.room("y", 25)
    order: list[str] = []

    async def wait(name: str) -> None:
        await budget.room(name, 25)
        order.append(name)

    tasks = [asyncio.create_task(wait(name)) for name in ("a", "a", "a", "b")]
    await settle()
    assert order == []
    second.release()
    await settle()
    first.release()
    await settle()
    assert order == ["a", "b", "a", "a"]
    await asyncio.gather(*tasks)


async def test_what_is_here_already_is_held_whether_there_is_room_or_not() -> None:
    budget = Budget(100)
    hold = budget.hold("a", 500)
    assert budget.held == 500
    waiting = asyncio.create_task(budget.room("b", 1))
    await settle()
    assert not waiting.done()
    hold.release()
    hold.release()
    await asyncio.wait_for(waiting, 1)
    assert budget.held == 1


async def test_who_gives_up_leaves_nothing_behind_also_in_the_moment_of_getting_it() -> None:
    budget = Budget(100)
    hold = await budget.room("a", 75)
    waiting = asyncio.create_task(budget.room("a", 75))
    await settle()
    hold.release()  # the other has it, and has not heard of it yet
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert budget.held == 0


async def test_it_is_known_whether_somebody_waits_for_what_a_caller_has() -> None:
    budget = Budget(100)
    await budget.room("a", 75)
    assert not budget.is_wanted("a")
    waiting = asyncio.create_task(budget.room("a", 1))
    await settle()
    assert budget.is_wanted("a")
    assert not budget.is_wanted("b")  # what b has would not help a, which has its share
    waiting.cancel()


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", "c", "leave", "release"]), st.integers(0, 75)),
        max_size=60,
    )
)
async def test_whatever_comes_and_goes_the_sum_is_right_and_nobody_is_forgotten(
    events: list[tuple[str, int]],
) -> None:
    budget = Budget(100)
    tasks: list[asyncio.Task[Hold]] = []
    held: list[Hold] = []
    for event, number in events:
        if event == "leave":
            for task in tasks[number % 3 : number % 3 + 1]:
                task.cancel()
        elif event == "release":
            for hold in held[number % 3 : number % 3 + 1]:
                held.remove(hold)
                hold.release()
        else:
            tasks.append(asyncio.create_task(budget.room(event, number)))
        if number % 2:
            await settle()
        for task in [task for task in tasks if task.done()]:
            tasks.remove(task)
            if not task.cancelled():
                held.append(task.result())
        assert 0 <= budget.held <= 100
    async with asyncio.timeout(5):
        while tasks or held:
            await settle()
            for task in [task for task in tasks if task.done()]:
                tasks.remove(task)
                if not task.cancelled():
                    held.append(task.result())
            assert held or not tasks, "who waits is forgotten"
            if held:
                held.pop().release()
    assert budget.held == 0
