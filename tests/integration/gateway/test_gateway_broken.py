"""When a part is broken, or breaks while somebody waits, nothing is lost and the asker is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import psycopg
import pytest
from gateway_gate import Gate
from gateway_stage import QUESTION, Functions, RecordingBroker, problem, running, until
from gateway_stage import settings as settings_of

from functions.shared.settings import Settings

pytestmark = pytest.mark.anyio

WAITING = {"Prefer": "wait=20"}
KILL_LISTENERS = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'learnflow-listen'
"""
KILL_ALL = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'learnflow%' AND pid <> pg_backend_pid()
"""


@pytest.fixture
async def gate(database_url: str) -> AsyncIterator[Gate]:
    """An open gate to the database."""
    gate = Gate(database_url)
    await gate.open()
    yield gate
    await gate.shut()


async def count(db: psycopg.AsyncConnection, statement: str) -> int:
    """Return the number a statement yields."""
    row = await (await db.execute(statement)).fetchone()
    assert row is not None
    return int(row[0])


async def kill_listener(db: psycopg.AsyncConnection) -> int:
    """Kill the listening connection as soon as there is one; return how many were killed."""
    async with asyncio.timeout(10):
        while not (killed := await count(db, KILL_LISTENERS)):
            await asyncio.sleep(0.01)
    return killed


async def test_a_broker_that_stumbles_is_asked_again_with_the_same_id(
    client: httpx.AsyncClient, broker: RecordingBroker
):
    broker.says = [503, 503]
    response = await client.post("/api/v1/query", json=QUESTION)

    assert response.status_code == 202
    assert broker.ids == [response.json()["id"]] * 3
    assert broker.posts[0] == broker.posts[2]


async def test_a_broker_that_is_down_leaves_the_question_kept_and_says_so(
    client: httpx.AsyncClient, broker: RecordingBroker, db: psycopg.AsyncConnection
):
    broker.says = [503] * 100
    started = asyncio.get_running_loop().time()
    response = await client.post("/api/v1/query", json=QUESTION)
    took = asyncio.get_running_loop().time() - started

    said = problem(response, 503)
    assert took < 3
    assert int(response.headers["retry-after"]) > 0
    assert said["instance"] == response.headers["location"] == f"/api/v1/requests/{said['id']}"
    assert "kept" in said["detail"]
    assert said["instance"] in said["detail"]
    assert set(broker.ids) == {said["id"]}

    broker.says.clear()
    before = len(broker.posts)
    assert (await client.get(said["instance"])).json()["status"] == "pending"
    assert broker.ids[before:] == [said["id"]]
    await client.get(said["instance"])
    assert len(broker.posts) == before + 1


async def test_a_question_the_broker_did_not_take_can_be_repeated_by_its_key(
    client: httpx.AsyncClient, answering: RecordingBroker
):
    key = {"Idempotency-Key": "again", **WAITING}
    answering.says = [503] * 100
    first = problem(await client.post("/api/v1/query", json=QUESTION, headers=key), 503)
    still = problem(await client.post("/api/v1/query", json=QUESTION, headers=key), 503)
    answering.says.clear()
    response = await client.post("/api/v1/query", json=QUESTION, headers=key)

    assert first["id"] == still["id"] == response.json()["id"]
    assert response.json()["status"] == "answered"


async def test_a_broker_that_refuses_is_not_pressed(client: httpx.AsyncClient, broker: RecordingBroker):
    broker.says = [400]

    problem(await client.post("/api/v1/query", json=QUESTION), 503)
    assert len(broker.posts) == 1


async def test_looking_while_the_broker_is_down_shows_what_is_known(client: httpx.AsyncClient, broker: RecordingBroker):
    broker.says = [503] * 100
    link = (await client.post("/api/v1/query", json=QUESTION)).headers["location"]

    assert (await client.get(link)).json()["status"] == "pending"


async def test_a_broker_that_nobody_serves_is_a_503(database_url: str):
    async with running(settings_of(database_url=database_url, broker_url="http://127.0.0.1:1/x")) as client:
        problem(await client.post("/api/v1/query", json=QUESTION), 503)


async def test_a_database_that_nobody_serves_is_a_503_and_nothing_is_posted(broker: RecordingBroker):
    nowhere = "postgresql://127.0.0.1:1/nowhere"
    async with running(settings_of(database_url=nowhere, broker_url=broker.url)) as client:
        responses = await asyncio.gather(
            client.post("/api/v1/query", json=QUESTION),
            client.get("/api/v1/requests/00000000-0000-0000-0000-000000000000"),
        )
    for response in responses:
        problem(response, 503)
        assert int(response.headers["retry-after"]) > 0
    assert broker.posts == []


async def test_an_answer_arrives_though_the_listening_connection_was_killed(
    client: httpx.AsyncClient, broker: RecordingBroker, functions: Functions, db: psycopg.AsyncConnection
):
    asking = asyncio.create_task(client.post("/api/v1/query", json=QUESTION, headers=WAITING))
    post = await until(lambda: broker.posts and broker.posts[0])
    killed = await kill_listener(db)
    await functions.play(*post)
    started = asyncio.get_running_loop().time()
    response = await asking

    assert killed == 1
    assert response.json()["status"] == "answered"
    assert asyncio.get_running_loop().time() - started < 5


async def test_what_is_said_while_nobody_listens_is_found_in_the_row(
    gate: Gate, broker: RecordingBroker, functions: Functions
):
    async with running(settings_of(database_url=gate.database_url, broker_url=broker.url)) as client:
        asking = asyncio.create_task(client.post("/api/v1/query", json=QUESTION, headers=WAITING))
        post = await until(lambda: broker.posts and broker.posts[0])
        await gate.shut()
        await functions.play(*post)  # its notification reaches nobody
        await gate.open()
        started = asyncio.get_running_loop().time()
        response = await asking

    assert response.json()["status"] == "answered"
    assert asyncio.get_running_loop().time() - started < 10


async def test_who_waits_while_the_database_is_gone_is_told_where_to_look(gate: Gate, broker: RecordingBroker):
    async with running(settings_of(database_url=gate.database_url, broker_url=broker.url)) as client:
        asking = asyncio.create_task(client.post("/api/v1/query", json=QUESTION, headers={"Prefer": "wait=2"}))
        await until(lambda: broker.posts)
        await gate.shut()
        response = await asking
        await gate.open()

    assert response.status_code == 202
    assert response.json() == {
        "id": broker.ids[0],
        "status": "pending",
        "links": {"self": response.headers["location"]},
    }


async def test_connections_that_died_unnoticed_are_replaced_without_an_error(
    client: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    await asyncio.gather(*(client.post("/api/v1/query", json=QUESTION) for _ in range(20)))
    assert await count(db, KILL_ALL) >= 2
    responses = await asyncio.gather(*(client.post("/api/v1/query", json=QUESTION) for _ in range(20)))

    assert {response.status_code for response in responses} == {202}


async def test_after_an_outage_questions_are_taken_within_seconds(gate: Gate, broker: RecordingBroker):
    async with running(settings_of(database_url=gate.database_url, broker_url=broker.url)) as client:
        assert (await client.post("/api/v1/query", json=QUESTION)).status_code == 202
        await gate.shut()
        outage = asyncio.get_running_loop().time() + 8
        while asyncio.get_running_loop().time() < outage:
            problem(await client.post("/api/v1/query", json=QUESTION), 503)
        await gate.open()
        started = asyncio.get_running_loop().time()
        while (await client.post("/api/v1/query", json=QUESTION)).status_code != 202:
            assert asyncio.get_running_loop().time() - started < 10
        assert asyncio.get_running_loop().time() - started < 4


async def test_the_answer_reaches_whichever_replica_somebody_waits_at(
    here: Settings, broker: RecordingBroker, functions: Functions
):
    async with AsyncExitStack() as replicas:
        first, second = [await replicas.enter_async_context(running(here)) for _ in range(2)]
        asking = asyncio.create_task(first.post("/api/v1/query", json=QUESTION, headers=WAITING))
        post = await until(lambda: broker.posts and broker.posts[0])
        link = f"/api/v1/requests/{broker.ids[0]}"
        looking = asyncio.create_task(second.get(link, headers=WAITING))
        await until(lambda: len(second.app.state.parts.waiters))
        await functions.play(*post)
        asked, looked = await asking, await looking

    assert (asked.status_code, looked.status_code) == (200, 200)
    assert asked.json() == looked.json()
    assert asked.json()["status"] == "answered"


async def test_many_wait_and_each_gets_their_own_answer(client: httpx.AsyncClient, answering: RecordingBroker):
    responses = await asyncio.gather(
        *(client.post("/api/v1/query", json=QUESTION, headers={"X-Learner-Id": f"l{i}", **WAITING}) for i in range(50))
    )

    assert {response.status_code for response in responses} == {200}
    assert sorted(response.json()["id"] for response in responses) == sorted(answering.ids)
    assert len(client.app.state.parts.waiters) == 0


async def test_a_process_that_ends_answers_those_who_wait_with_what_is_known(
    client: httpx.AsyncClient, broker: RecordingBroker
):
    asking = asyncio.create_task(client.post("/api/v1/query", json=QUESTION, headers=WAITING))
    await until(lambda: broker.posts)
    client.app.state.parts.waiters.close()
    async with asyncio.timeout(3):
        response = await asking

    assert (response.status_code, response.json()["status"]) == (202, "pending")
