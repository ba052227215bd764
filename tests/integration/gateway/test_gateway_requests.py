"""Looking: a request shows its state to its learner and to nobody else, and is posted again if it may be lost."""

from __future__ import annotations

import asyncio
import uuid

import httpx
import psycopg
import pytest
from gateway_stage import QUESTION, Functions, RecordingBroker, problem, until

pytestmark = pytest.mark.anyio

ADA = {"X-Learner-Id": "ada"}
BOB = {"X-Learner-Id": "bob"}


async def make_older(db: psycopg.AsyncConnection, request_id: str, seconds: int) -> None:
    """Make a request look as if it had been posted that long ago."""
    await db.execute(
        "UPDATE requests SET posted_at = now() - make_interval(secs => %s) WHERE id = %s", [seconds, request_id]
    )


async def test_a_request_shows_every_stage_it_goes_through(
    client: httpx.AsyncClient, broker: RecordingBroker, functions: Functions
):
    link = (await client.post("/api/v1/query", json=QUESTION)).json()["links"]["self"]
    new = (await client.get(link)).json()
    await asyncio.to_thread(functions.route, *broker.posts[0])
    routed = (await client.get(link)).json()
    await functions.play(*broker.posts[0])
    answered = await client.get(link)

    assert (new["status"], new["routed_to"], new["confidence"], new["answer"]) == ("pending", None, None, None)
    assert (routed["status"], routed["routed_to"], routed["answer"]) == ("pending", "concepts", None)
    assert routed["confidence"] > 0.5
    assert answered.status_code == 200
    assert answered.json()["status"] == "answered"
    assert answered.json()["answer"]["title"] == "Loops"
    assert answered.json()["links"] == {"self": link}


async def test_a_request_has_a_second_address(client: httpx.AsyncClient):
    request_id = (await client.post("/api/v1/query", json=QUESTION)).json()["id"]

    assert (await client.get(f"/api/v1/query/{request_id}")).json()["id"] == request_id


async def test_looking_can_wait_for_the_answer(
    client: httpx.AsyncClient, broker: RecordingBroker, functions: Functions
):
    link = (await client.post("/api/v1/query", json=QUESTION)).json()["links"]["self"]
    looking = asyncio.create_task(client.get(link, headers={"Prefer": "wait=20"}))
    await until(lambda: len(client.app.state.parts.waiters))
    await functions.play(*broker.posts[0])
    response = await looking

    assert (response.status_code, response.json()["status"]) == (200, "answered")
    assert response.headers["preference-applied"] == "wait=20"


async def test_somebody_elses_request_is_not_there(client: httpx.AsyncClient):
    link = (await client.post("/api/v1/query", json=QUESTION, headers=ADA)).json()["links"]["self"]
    missing = await client.get(f"/api/v1/requests/{uuid.uuid4()}", headers=BOB)
    others = await client.get(link, headers=BOB)

    assert problem(others, 404) == problem(missing, 404)
    assert (await client.get(link, headers=ADA)).status_code == 200


@pytest.mark.parametrize(
    "name", ["1", "%00", "%ff", "a" * 3000, "..%2f..%2fetc", "00000000-0000-0000-0000-00000000000G", "%ED%A0%80"]
)
async def test_what_is_no_id_is_not_there(doorstep: httpx.AsyncClient, name: str):
    problem(await doorstep.get(f"/api/v1/requests/{name}"), 404)


async def test_a_request_that_may_be_lost_is_posted_again_as_it_was(
    client: httpx.AsyncClient, broker: RecordingBroker, db: psycopg.AsyncConnection
):
    said = (await client.post("/api/v1/query", json=QUESTION, headers=ADA)).json()
    await make_older(db, said["id"], 61)
    assert (await client.get(said["links"]["self"], headers=ADA)).json()["status"] == "pending"

    first, second = broker.posts
    assert first == second


async def test_a_request_is_not_posted_again_too_early(
    client: httpx.AsyncClient, broker: RecordingBroker, db: psycopg.AsyncConnection
):
    said = (await client.post("/api/v1/query", json=QUESTION)).json()
    await make_older(db, said["id"], 55)
    await client.get(said["links"]["self"])

    assert len(broker.posts) == 1


async def test_looks_at_the_same_time_post_once(
    client: httpx.AsyncClient, broker: RecordingBroker, db: psycopg.AsyncConnection
):
    said = (await client.post("/api/v1/query", json=QUESTION)).json()
    await make_older(db, said["id"], 300)
    looks = await asyncio.gather(*(client.get(said["links"]["self"]) for _ in range(20)))

    assert [look.status_code for look in looks] == [200] * 20
    assert len(broker.posts) == 2


async def test_an_answered_request_is_never_posted_again(
    client: httpx.AsyncClient, answering: RecordingBroker, db: psycopg.AsyncConnection
):
    said = (await client.post("/api/v1/query", json=QUESTION, headers={"Prefer": "wait=10"})).json()
    await make_older(db, said["id"], 300)
    assert (await client.get(said["links"]["self"])).json()["status"] == "answered"

    assert len(answering.posts) == 1


async def test_nobody_elses_look_posts_a_request_again(
    client: httpx.AsyncClient, broker: RecordingBroker, db: psycopg.AsyncConnection
):
    said = (await client.post("/api/v1/query", json=QUESTION, headers=ADA)).json()
    await make_older(db, said["id"], 300)
    problem(await client.get(said["links"]["self"], headers=BOB), 404)

    assert len(broker.posts) == 1
