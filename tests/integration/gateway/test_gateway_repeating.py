"""Repeating a command with an Idempotency-Key is the same request, however often and whenever it comes."""

from __future__ import annotations

import asyncio

import httpx
import psycopg
import pytest
from gateway_stage import QUESTION, Functions, RecordingBroker, fields, posted, problem, reply_as

from functions.shared.events import RequestFailed

pytestmark = pytest.mark.anyio

KEY = {"Idempotency-Key": "k-1"}


async def ask(client: httpx.AsyncClient, body: dict[str, object] = QUESTION, **headers: str) -> httpx.Response:
    """Ask with a key."""
    return await client.post(
        "/api/v1/query", json=body, headers={**KEY, **{k.replace("_", "-"): v for k, v in headers.items()}}
    )


async def test_the_same_key_and_body_is_the_same_request(client: httpx.AsyncClient, broker: RecordingBroker):
    first, second = await ask(client), await ask(client)

    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json() == second.json()
    assert len(broker.posts) == 1


async def test_fields_left_out_and_null_are_the_same_body(client: httpx.AsyncClient, broker: RecordingBroker):
    first, second = await ask(client), await ask(client, {"code": None, **QUESTION})

    assert first.json() == second.json()
    assert len(broker.posts) == 1


async def test_the_same_at_the_same_time_is_one_request(client: httpx.AsyncClient, broker: RecordingBroker):
    responses = await asyncio.gather(*(ask(client) for _ in range(20)))

    assert {response.status_code for response in responses} == {202}
    assert len({response.json()["id"] for response in responses}) == 1
    assert len(broker.posts) == 1


async def test_the_same_key_with_another_body_is_refused(client: httpx.AsyncClient, broker: RecordingBroker):
    await ask(client)
    response = await ask(client, {"question": "something else"})

    assert fields(response) == ["header.Idempotency-Key"]
    assert response.json()["type"] == "urn:learnflow:problem:key-reused"
    assert len(broker.posts) == 1


async def test_the_same_key_of_another_learner_is_another_request(client: httpx.AsyncClient):
    first = await ask(client, X_Learner_Id="ada")
    second = await ask(client, {"question": "something else"}, X_Learner_Id="bob")

    assert second.status_code == 202
    assert first.json()["id"] != second.json()["id"]


async def test_a_repeated_question_that_was_answered_brings_the_answer(
    client: httpx.AsyncClient, answering: RecordingBroker
):
    answered = await ask(client, Prefer="wait=10")
    repeated = await ask(client)

    assert repeated.status_code == 200
    assert repeated.json() == answered.json()
    assert len(answering.posts) == 1


async def test_a_repeated_question_can_wait_too(
    client: httpx.AsyncClient, broker: RecordingBroker, functions: Functions
):
    await ask(client)
    repeating = asyncio.create_task(ask(client, Prefer="wait=20"))
    await functions.play(*broker.posts[0])
    repeated = await repeating

    assert (repeated.status_code, repeated.json()["status"]) == (200, "answered")
    assert repeated.headers["preference-applied"] == "wait=20"


async def test_a_repeated_question_that_failed_says_so_again(
    client: httpx.AsyncClient, broker: RecordingBroker, functions: Functions
):
    await ask(client)
    failure = reply_as(posted(*broker.posts[0]), RequestFailed(function="f", message="Sorry."), function="dead-letter")
    await asyncio.to_thread(functions.deliver, failure)

    assert problem(await ask(client), 502)["detail"] == "Sorry."


async def test_a_repeated_question_that_may_be_lost_is_posted_again(
    client: httpx.AsyncClient, broker: RecordingBroker, db: psycopg.AsyncConnection
):
    await ask(client)
    await db.execute("UPDATE requests SET posted_at = now() - interval '2 minutes'")
    assert (await ask(client)).status_code == 202

    assert broker.ids == [broker.ids[0]] * 2


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "schlüssel".encode(), "tab\there"])
async def test_a_key_that_is_none_is_refused(doorstep: httpx.AsyncClient, broker: RecordingBroker, key: str | bytes):
    response = await doorstep.post("/api/v1/query", json=QUESTION, headers={"Idempotency-Key": key})

    assert fields(response) == ["header.Idempotency-Key"]
    assert broker.posts == []


async def test_the_longest_key_is_taken(client: httpx.AsyncClient):
    response = await client.post("/api/v1/query", json=QUESTION, headers={"Idempotency-Key": "!~" * 127 + "x"})

    assert response.status_code == 202
