"""What there is to tell reaches every client of the learner at once, once, and nobody else."""

from __future__ import annotations

import asyncio

import psycopg
import pytest

from functions.realtime.tabs import MOST_TABS
from functions.shared.settings import Settings
from tests.integration.realtime.live_stage import Replica, World, client, refusal, replica, texts, until

pytestmark = pytest.mark.anyio


async def test_a_message_arrives_with_its_request_and_its_id(live: Replica, world: World):
    async with client(live.url("ada")) as ada:
        await world.tells("ada", "A loop repeats.", request="r-7")
        frame = await ada.hears()

    assert frame["request_id"] == "r-7"
    assert frame["message"]["type"] == "org.learnflow.concept.explained.v1"
    assert frame["message"]["explanation"] == "A loop repeats."
    assert frame["id"] != ada.frames[0]["id"]


async def test_an_alert_arrives_as_notifications_show_it(live: Replica, world: World):
    async with client(live.url("ada")) as ada:
        await world.alerts("ada", title="Remember")
        frame = await ada.hears("alert")

    shown = frame["alert"]
    assert (shown["kind"], shown["title"], shown["about"], shown["read_at"]) == ("message", "Remember", "ada", None)
    assert frame["id"].partition(".")[0] == ada.frames[0]["id"].partition(".")[0]


async def test_how_far_a_models_answer_is_is_told_before_the_answer_and_not_again(live: Replica, world: World):
    async with client(live.url("ada")) as ada, client(live.url("bo")) as bo:
        await world.works_on("ada", "r-7")
        first, second = await ada.hears("stage"), await ada.hears("stage")
        await world.tells("ada", "A loop repeats.", request="r-7")
        await ada.hears()
        await bo.hears_nothing()

    async with client(live.url("ada", last_id=ada.frames[0]["id"])) as again:
        await again.hears()

    assert first == {"type": "stage", "request_id": "r-7", "stage": "writing"}
    assert second == {"type": "stage", "request_id": "r-7", "stage": "checking"}
    assert [frame["type"] for frame in again.frames] == ["hello", "message"]


async def test_nobody_hears_what_others_are_told(live: Replica, world: World):
    async with client(live.url("ada")) as ada, client(live.url("bo")) as bo:
        await world.tells("ada")
        await world.alerts("ada")
        await ada.hears("alert")
        await bo.hears_nothing()


async def test_a_new_client_is_told_what_comes_and_not_what_was(live: Replica, world: World):
    await world.tells("ada", "old")
    await world.alerts("ada", title="old")

    async with client(live.url("ada")) as ada:
        await world.tells("ada", "new")
        await ada.hears()

    assert [frame["type"] for frame in ada.frames] == ["hello", "message"]
    assert texts(ada.frames) == ["new"]


async def test_whoever_comes_back_is_told_what_they_missed_and_no_more(live: Replica, world: World):
    async with client(live.url("ada")) as ada:
        await world.tells("ada", "seen")
        await ada.hears()
    for number in range(25):  # more than is read at once
        await world.tells("ada", f"missed {number}")
    await world.alerts("ada", title="missed")

    async with client(live.url("ada", last_id=ada.last_id)) as again:
        while len(texts(again.frames)) < 25:
            await again.hears()
        await world.tells("ada", "now")
        await again.hears()

    assert texts(again.frames) == [*(f"missed {number}" for number in range(25)), "now"]
    assert [frame["alert"]["title"] for frame in again.frames if frame["type"] == "alert"] == ["missed"]


async def test_an_id_from_a_database_of_the_past_hides_nothing_to_come(live: Replica, world: World):
    async with client(live.url("ada", last_id="999999.999999")) as ada:
        await world.tells("ada", "new")
        await ada.hears()

    assert texts(ada.frames) == ["new"]


async def test_three_tabs_are_all_told_each_from_where_it_is(live: Replica, world: World):
    async with client(live.url("ada")) as first, client(live.url("ada")) as second:
        await world.tells("ada", "one")
        await first.hears()
        async with client(live.url("ada", last_id="0.0")) as third:
            await world.tells("ada", "two")
            for tab in (first, second, third):
                while "two" not in texts(tab.frames):
                    await tab.hears()

    assert [texts(tab.frames) for tab in (first, second, third)] == [["one", "two"]] * 3


async def test_tabs_at_different_replicas_are_told_the_same(live: Replica, here: Settings, world: World):
    async with replica(here) as other, client(live.url("ada")) as one, client(other.url("ada")) as two:
        for text in ("a", "b", "c"):
            await world.tells("ada", text)
        for tab in (one, two):
            while len(texts(tab.frames)) < 3:
                await tab.hears()

    assert texts(one.frames) == texts(two.frames) == ["a", "b", "c"]
    assert [frame.get("id") for frame in one.frames] == [frame.get("id") for frame in two.frames]


async def test_what_is_said_while_nobody_listens_is_told_when_somebody_does(
    live: Replica, world: World, database_url: str
):
    async with (
        client(live.url("ada")) as ada,
        await psycopg.AsyncConnection.connect(database_url, autocommit=True) as db,
    ):
        for round_ in range(3):
            ended = await db.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'learnflow-listen' AND datname = current_database()"
            )
            assert ended.rowcount == 1
            for number in range(3):
                await world.tells("ada", f"{round_}.{number}")
            while len(texts(ada.frames)) < 3 * (round_ + 1):
                await ada.hears()
            await _listening(db)

    assert texts(ada.frames) == [f"{round_}.{number}" for round_ in range(3) for number in range(3)]


async def _listening(db: psycopg.AsyncConnection) -> None:
    """Wait until somebody listens again."""
    query = "SELECT FROM pg_stat_activity WHERE application_name = 'learnflow-listen' AND query LIKE 'LISTEN%'"
    async with asyncio.timeout(10):
        while not await (await db.execute(f"{query} AND datname = current_database()")).fetchall():
            await asyncio.sleep(0.02)


async def test_a_connection_that_ends_leaves_nothing_behind(live: Replica):
    async with client(live.url("ada")), client(live.url("ada")):
        assert live.connected == 2
    await until(lambda: live.connected == 0)


async def test_one_learner_has_so_many_connections_and_others_have_theirs(live: Replica):
    async with asyncio.TaskGroup() as tabs:
        leave = asyncio.Event()

        async def tab() -> None:
            async with client(live.url("ada")):
                await leave.wait()

        for _ in range(MOST_TABS):
            tabs.create_task(tab())
        await until(lambda: live.connected == MOST_TABS)
        status, problem = await refusal(live.url("ada"))
        async with client(live.url("bo")):
            pass
        leave.set()

    assert (status, problem["type"]) == (429, "urn:learnflow:problem:too-many-connections")
