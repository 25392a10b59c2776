from __future__ import annotations

import asyncio

import pytest

from quoth_server.service.admission import Admission, Overloaded


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_as_many_as_fit_enter_and_wait_and_the_next_is_refused() -> None:
    admission = Admission(workers=2, queue=1)
    slots = [await admission.enter(), await admission.enter()]
    waiting = asyncio.create_task(admission.enter())
    await settle()
    with pytest.raises(Overloaded) as refused:
        await admission.enter()
    assert refused.value.in_flight == 3
    assert 0 < refused.value.retry_after < 15
    slots[0].release()
    (await waiting).release()
    slots[1].release()
    assert (await admission.enter()).queued < 1


async def test_without_a_queue_only_the_idle_workers_take_calls() -> None:
    admission = Admission(workers=1, queue=0)
    slot = await admission.enter()
    with pytest.raises(Overloaded):
        await admission.enter()
    slot.release()
    await admission.enter()


async def test_the_patient_are_never_refused() -> None:
    admission = Admission(workers=1, queue=0)
    slot = await admission.enter()
    waiting = [asyncio.create_task(admission.enter(patient=True)) for _ in range(50)]
    await settle()
    for _ in waiting:
        slot.release()
        slot = await waiting.pop(0)
    slot.release()


async def test_the_patient_take_no_place_in_the_queue() -> None:
    admission = Admission(workers=1, queue=1)
    slot = await admission.enter()
    patient = asyncio.create_task(admission.enter(patient=True))
    await settle()
    call = asyncio.create_task(admission.enter())
    await settle()
    assert not call.done()
    slot.release()
    (await patient).release()
    await call


async def test_first_come_first_served() -> None:
    admission = Admission(workers=1, queue=10)
    order: list[str] = []

    async def use(name: str, patient: bool) -> None:
        slot = await admission.enter(patient=patient)
        order.append(name)
        await asyncio.sleep(0)
        slot.release()

    tasks = []
    for name, patient in [("a", False), ("b", True), ("c", False), ("d", True), ("e", False)]:
        tasks.append(asyncio.create_task(use(name, patient)))
        await settle()
    await asyncio.gather(*tasks)
    assert order == ["a", "b", "c", "d", "e"]


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


async def test_a_slot_is_given_back_when_its_call_fails() -> None:
    admission = Admission(workers=1, queue=0)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            async with admission.slot():
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
    with pytest.raises(Overloaded) as refused:
        await admission.enter()
    assert refused.value.retry_after == pytest.approx(4.0, rel=0.01)
