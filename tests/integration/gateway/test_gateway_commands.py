"""Every command that is no question: posted as its event, waited for, repeated safely, posted again if it got lost."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import httpx
import psycopg
import pytest
from gateway_stage import PLAYED, QUESTION, Functions, RecordingBroker, fields, given_quiz, posted, problem, reply_as

from functions.shared.edge.asking import KINDS
from functions.shared.events import ANSWERS, RequestFailed

pytestmark = pytest.mark.anyio

ADA = {"X-Learner-Id": "ada"}
KEY = {**ADA, "Idempotency-Key": "k-1"}
CODE = "def sum_of_evens(numbers):\n    return sum(n for n in numbers if n % 2 == 0)\n"


@dataclass(frozen=True)
class Said:
    """A command as a client sends it, another body for the same path, and the kind of request it makes."""

    path: str
    body: dict[str, Any]
    other: dict[str, Any]
    kind: str


COMMANDS = {
    "run": Said("/api/v1/execute", {"code": "print(6)"}, {"code": "print(7)"}, "execution"),
    "debug": Said(
        "/api/v1/debug",
        {"code": "print(x)", "error_message": "NameError: name 'x' is not defined"},
        {"code": "print(y)"},
        "debugging",
    ),
    "review": Said("/api/v1/review", {"code": "print(6)"}, {"code": "print(7)"}, "review"),
    "explain": Said("/api/v1/concepts/explain", {"topic": "loops"}, {"topic": "lists"}, "explanation"),
    "practise": Said("/api/v1/exercises/generate", {"topic": "loops"}, {"difficulty": "hard"}, "exercise"),
    "hand in": Said(
        "/api/v1/exercises/submit",
        {"exercise_id": "loops/sum-of-evens", "code": CODE},
        {"exercise_id": "loops/countdown", "code": CODE},
        "submission",
    ),
    "hand in here": Said(
        "/api/v1/exercises/loops/sum-of-evens/submissions", {"code": CODE}, {"code": "pass"}, "submission"
    ),
    "be asked": Said("/api/v1/quizzes/next", {"topic": "loops"}, {"question": "a hard one"}, "quiz"),
    "choose": Said("/api/v1/quizzes/q-1/answers", {"choice": 1}, {"choice": 2}, "quiz_answer"),
    "tell": Said(
        "/api/v1/notifications/send",
        {"title": "Remember", "message": "Hand in the exercise."},
        {"title": "Remember", "message": "Hand in both."},
        "alert",
    ),
}  # fmt: skip
every_command = pytest.mark.parametrize("said", COMMANDS.values(), ids=COMMANDS)


@pytest.fixture
async def client(client: httpx.AsyncClient, db: psycopg.AsyncConnection) -> httpx.AsyncClient:
    """A client of a gateway that has asked somebody something."""
    await given_quiz(db, "ada", "q-1")
    return client


def test_every_kind_of_request_that_can_end_can_be_made():
    assert set(KINDS) == set(ANSWERS)
    assert {said.kind for said in COMMANDS.values()} == set(KINDS) - {"question"}


@every_command
async def test_a_command_is_kept_and_posted_as_its_event(
    client: httpx.AsyncClient, broker: RecordingBroker, db: psycopg.AsyncConnection, said: Said
):
    response = await client.post(said.path, json=said.body, headers=ADA)

    assert response.status_code == 202
    assert response.json()["links"]["self"] == response.headers["location"]
    headers, body = broker.posts[0]
    assert headers["ce-type"] == KINDS[said.kind].TYPE
    assert (headers["ce-id"], headers["ce-correlationid"]) == (response.json()["id"],) * 2
    assert (headers["ce-subject"], headers["ce-partitionkey"]) == ("ada", "ada")
    assert said.body.items() <= json.loads(body).items()
    rows = await db.execute("SELECT id, user_id, kind, status FROM requests")
    assert await rows.fetchall() == [(response.json()["id"], "ada", said.kind, "pending")]


@every_command
async def test_its_answer_can_be_waited_for(client: httpx.AsyncClient, answering: RecordingBroker, said: Said):
    response = await client.post(said.path, json=said.body, headers={**ADA, "Prefer": "wait=20"})

    _, answer = PLAYED[KINDS[said.kind]]
    assert (response.status_code, response.json()["status"]) == (200, "answered")
    assert response.json()["answer"] == {"type": answer.TYPE, **answer.model_dump(mode="json")}
    assert (response.json()["routed_to"], response.json()["confidence"]) == (None, None)
    assert response.headers["preference-applied"] == "wait=20"
    assert (await client.get(response.headers["location"], headers=ADA)).json() == response.json()


@every_command
async def test_the_same_command_with_the_same_key_is_one_request(
    client: httpx.AsyncClient, broker: RecordingBroker, said: Said
):
    responses = await asyncio.gather(*(client.post(said.path, json=said.body, headers=KEY) for _ in range(5)))
    other = await client.post(said.path, json=said.other, headers=KEY)

    assert len({response.json()["id"] for response in responses}) == 1
    assert fields(other) == ["header.Idempotency-Key"]
    assert len(broker.posts) == 1


@every_command
async def test_a_key_that_stands_for_a_question_stands_for_no_command(
    client: httpx.AsyncClient, broker: RecordingBroker, said: Said
):
    await client.post("/api/v1/query", json=QUESTION, headers=KEY)
    response = await client.post(said.path, json=said.body, headers=KEY)

    assert fields(response) == ["header.Idempotency-Key"]
    assert len(broker.posts) == 1


@every_command
async def test_a_command_that_may_be_lost_is_posted_again_as_it_was(
    client: httpx.AsyncClient, broker: RecordingBroker, db: psycopg.AsyncConnection, said: Said
):
    link = (await client.post(said.path, json=said.body, headers=ADA)).headers["location"]
    await db.execute("UPDATE requests SET posted_at = now() - interval '61 seconds'")
    assert (await client.get(link, headers=ADA)).json()["status"] == "pending"

    first, second = broker.posts
    assert first == second


@every_command
async def test_a_command_that_the_broker_does_not_take_is_kept(
    client: httpx.AsyncClient, broker: RecordingBroker, said: Said
):
    broker.says = [503] * 10
    refused = await client.post(said.path, json=said.body, headers=ADA)
    broker.says = []
    looked = await client.get(refused.headers["location"], headers=ADA)

    assert problem(refused, 503)["type"] == "urn:learnflow:problem:not-taken-yet"
    assert looked.json()["status"] == "pending"
    assert broker.ids[-1] == looked.json()["id"]


@every_command
async def test_a_command_that_a_function_gave_up_on_says_so(
    client: httpx.AsyncClient, broker: RecordingBroker, functions: Functions, said: Said
):
    async def fail(headers: dict[str, str], body: bytes) -> None:
        failure = RequestFailed(function="sandbox-runner", message="Something broke. Please try again.")
        await asyncio.to_thread(functions.deliver, reply_as(posted(headers, body), failure, function="dead-letter"))

    broker.on_post = fail
    response = await client.post(said.path, json=said.body, headers={**ADA, "Prefer": "wait=20"})

    assert problem(response, 502)["detail"] == "Something broke. Please try again."


@every_command
async def test_a_command_must_be_json_by_name(doorstep: httpx.AsyncClient, broker: RecordingBroker, said: Said):
    response = await doorstep.post(said.path, content=json.dumps(said.body), headers={"Content-Type": "text/plain"})

    problem(response, 415)
    assert broker.posts == []
