"""Waiters wake those who wait for a request, all of them and nobody else, and forget those who left."""

import asyncio
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.edge.listening import understood
from functions.shared.edge.waiting import WAITING, Waiters

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """The loop the gateway runs on."""
    return "asyncio"


@pytest.fixture
def waiters() -> Waiters:
    """Waiters nobody uses yet."""
    return Waiters()


async def wait(waiters: Waiters, request_id: str, seconds: float = 5) -> bool:
    """Wait for a request; tell whether it rang."""
    with waiters.waiting(request_id) as bell:
        return await bell.rings_before(asyncio.get_running_loop().time() + seconds)


async def test_everybody_who_waits_for_a_request_is_woken_and_nobody_else(waiters: Waiters):
    tasks = [asyncio.create_task(wait(waiters, name)) for name in ("a", "a", "a")]
    other = asyncio.create_task(wait(waiters, "b", seconds=0.1))
    await asyncio.sleep(0)
    waiters.ring("a")

    assert await asyncio.gather(*tasks) == [True] * 3
    assert await other is False


async def test_who_waited_in_vain_leaves_nothing_behind(waiters: Waiters):
    before = WAITING._value.get()
    assert await wait(waiters, "a", seconds=0.01) is False

    assert len(waiters) == 0
    assert waiters._bells == {}
    assert WAITING._value.get() == before


async def test_who_is_cancelled_leaves_nothing_behind(waiters: Waiters):
    task = asyncio.create_task(wait(waiters, "a"))
    await asyncio.sleep(0)
    assert len(waiters) == 1
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task

    assert waiters._bells == {}


async def test_one_who_leaves_takes_nobody_along(waiters: Waiters):
    staying = asyncio.create_task(wait(waiters, "a"))
    leaving = asyncio.create_task(wait(waiters, "a", seconds=0.01))
    assert await leaving is False
    waiters.ring("a")

    assert await staying is True


async def test_a_bell_that_rang_before_anybody_waited_is_heard(waiters: Waiters):
    with waiters.waiting("a") as bell:
        waiters.ring("a")
        assert await bell.rings_before(asyncio.get_running_loop().time() + 1)


async def test_a_hushed_bell_has_to_ring_again(waiters: Waiters):
    with waiters.waiting("a") as bell:
        waiters.ring("a")
        bell.hush()
        assert not await bell.rings_before(asyncio.get_running_loop().time() + 0.01)


async def test_all_are_woken_when_something_may_have_been_missed(waiters: Waiters):
    tasks = [asyncio.create_task(wait(waiters, name)) for name in "abc"]
    await asyncio.sleep(0)
    waiters.ring_all()

    assert await asyncio.gather(*tasks) == [True] * 3
    assert not waiters.closing


async def test_closing_wakes_all_and_is_known(waiters: Waiters):
    task = asyncio.create_task(wait(waiters, "a"))
    await asyncio.sleep(0)
    waiters.close()

    assert await task is True
    assert waiters.closing


async def test_ringing_for_nobody_is_harmless(waiters: Waiters):
    waiters.ring("nobody")

    assert len(waiters) == 0


def test_a_notification_names_what_it_is_about():
    said = {"request": "r-1", "learner": "ada", "message": "m"}

    assert understood(json.dumps(said)) == said


async def test_a_notification_wakes_who_waits_for_its_request(waiters: Waiters):
    task = asyncio.create_task(wait(waiters, "a"))
    await asyncio.sleep(0)
    waiters.hear({"alert": "a"})
    waiters.hear({"request": "a", "learner": "ada"})

    assert await task is True


@given(st.text() | st.sampled_from(["[]", "7", "null", "{}", '{"request": 7}', '{"request": null}', "{"]))
def test_a_notification_that_names_none_is_ignored(payload: str):
    assert "request" not in understood(payload)
