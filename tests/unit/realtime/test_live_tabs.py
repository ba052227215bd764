"""Notifications ring the bells of those they name, and of nobody else."""

import asyncio
from contextlib import ExitStack

import pytest

from functions.realtime.tabs import MOST_STAGES, MOST_TABS, Stage, Tab, Tabs
from functions.shared.edge.problems import Problem

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """The loop that realtime runs on."""
    return "asyncio"


async def rings(tab: Tab) -> bool:
    return await tab.bell.rings_before(asyncio.get_running_loop().time() + 0.01)


def calm(*tabs: Tab) -> None:
    for tab in tabs:
        tab.is_due = False


async def test_a_message_rings_all_tabs_of_its_learner():
    tabs = Tabs()
    with tabs.opened("ada") as one, tabs.opened("ada") as two, tabs.opened("bo") as other:
        calm(one, two, other)
        tabs.hear({"learner": "ada", "message": "m-1", "request": "r-1"})

        assert [tab.is_due for tab in (one, two, other)] == [True, True, False]
        assert [await rings(tab) for tab in (one, two, other)] == [True, True, False]


@pytest.mark.parametrize("said", [{}, {"request": "r-1"}, {"learner": "nobody"}])
async def test_what_names_nobody_here_rings_nobody(said: dict[str, str]):
    tabs = Tabs()
    with tabs.opened("ada") as tab:
        calm(tab)
        tabs.hear(said)

        assert not await rings(tab)


async def test_where_a_question_goes_is_told_without_a_look_at_the_rows():
    tabs = Tabs()
    with tabs.opened("ada") as tab:
        calm(tab)
        tabs.hear({"learner": "ada", "request": "r-1", "routed_to": "debug"})

        assert await rings(tab)
        assert list(tab.stages()) == [("routed", "r-1", "debug")]
        assert list(tab.stages()) == []
        assert not tab.is_due


async def test_how_far_an_answer_is_is_told_without_a_look_at_the_rows():
    tabs = Tabs()
    with tabs.opened("ada") as tab:
        calm(tab)
        for stage in ("writing", "checking"):
            tabs.hear({"learner": "ada", "request": "r-1", "stage": stage})

        assert list(tab.stages()) == [("stage", "r-1", "writing"), ("stage", "r-1", "checking")]
        assert not tab.is_due


async def test_a_slow_client_is_kept_only_so_many_stages():
    tab = Tab()
    for number in range(3 * MOST_STAGES):
        tab.note(Stage("routed", f"r-{number}", "debug"))

    assert [stage.request_id for stage in tab.stages()] == [f"r-{n}" for n in range(2 * MOST_STAGES, 3 * MOST_STAGES)]


async def test_where_something_may_have_been_missed_everybody_looks():
    tabs = Tabs()
    with tabs.opened("ada") as ada, tabs.opened("bo") as bo:
        calm(ada, bo)
        tabs.missed()
        async with asyncio.timeout(5):
            while not (ada.is_due and bo.is_due):
                await asyncio.sleep(0)


async def test_a_tab_that_is_closed_is_forgotten():
    tabs = Tabs()
    with tabs.opened("ada"):
        assert len(tabs) == 1
    assert len(tabs) == 0


async def test_a_learner_has_room_for_so_many():
    tabs = Tabs()
    with ExitStack() as opened:
        for _ in range(MOST_TABS):
            tabs.require_room("ada")
            opened.enter_context(tabs.opened("ada"))

        with pytest.raises(Problem) as raised:
            tabs.require_room("ada")
        assert raised.value.status == 429
        tabs.require_room("bo")


async def test_whoever_leaves_waits_until_everybody_is_gone():
    tabs = Tabs()
    with tabs.opened("ada") as tab:
        leaving = asyncio.create_task(tabs.leave())
        assert await rings(tab)
        assert tab.leave_ms is not None
        assert not leaving.done()
    async with asyncio.timeout(5):
        await leaving
