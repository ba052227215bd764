"""Asking: taken on at once, or answered if the client prefers to wait."""

from __future__ import annotations

import asyncio
import uuid

import httpx
import psycopg
import pytest
from gateway_stage import EXPLAINED, QUESTION, Functions, RecordingBroker, body_of, posted, problem, reply_as, until

from functions.shared.events import RequestFailed

pytestmark = pytest.mark.anyio

WAIT = {"Prefer": "wait=10"}


async def test_a_question_is_taken_on_at_once(client: httpx.AsyncClient):
    response = await client.post("/api/v1/query", json=QUESTION)

    said = response.json()
    link = f"/api/v1/requests/{said['id']}"
    assert response.status_code == 202
    assert said == {"id": str(uuid.UUID(said["id"])), "status": "pending", "links": {"self": link}}
    assert response.headers["location"] == link
    assert int(response.headers["retry-after"]) > 0
    assert "preference-applied" not in response.headers


async def test_a_question_is_posted_as_the_event_that_its_request_is_named_after(
    client: httpx.AsyncClient, broker: RecordingBroker
):
    body = {"question": "why?", "code": "print(x)", "error_message": "NameError", "session_id": "s-1"}
    said = (await client.post("/api/v1/query", json=body, headers={"X-Learner-Id": "ada"})).json()

    [(headers, _)] = broker.posts
    assert body_of(broker.posts[0]) == body
    assert {k: v for k, v in headers.items() if k.startswith("ce-") and k != "ce-time"} == {
        "ce-specversion": "1.0",
        "ce-id": said["id"],
        "ce-source": "/learnflow/gateway",
        "ce-type": "org.learnflow.question.asked.v1",
        "ce-subject": "ada",
        "ce-partitionkey": "ada",
        "ce-correlationid": said["id"],
        "ce-hops": "0",
        "ce-dataschema": "urn:learnflow:schema:events:question.asked.v1.schema.json",
    }
    assert headers["content-type"] == "application/json"


async def test_a_request_and_its_new_learner_are_kept_before_the_event_is_posted(
    client: httpx.AsyncClient, broker: RecordingBroker, database_url: str
):
    seen = []

    async def look(headers: dict[str, str], _body: bytes) -> None:
        async with await psycopg.AsyncConnection.connect(database_url) as db:
            row = await db.execute("SELECT user_id, kind, status, body FROM requests WHERE id = %s", [headers["ce-id"]])
            seen.append(await row.fetchone())

    broker.on_post = look
    await client.post("/api/v1/query", json={"question": "why?"}, headers={"X-Learner-Id": "new.one"})
    await until(lambda: seen)

    body = {"question": "why?", "code": None, "error_message": None, "session_id": None}
    assert seen == [("new.one", "question", "pending", body)]


async def test_who_waits_gets_the_answer(client: httpx.AsyncClient, answering: RecordingBroker):
    response = await client.post("/api/v1/query", json=QUESTION, headers=WAIT)

    said = response.json()
    assert response.status_code == 200
    assert response.headers["preference-applied"] == "wait=10"
    assert said["confidence"] > 0.5
    assert said == {
        "id": said["id"],
        "status": "answered",
        "routed_to": "concepts",
        "confidence": said["confidence"],
        "answer": {"type": "org.learnflow.concept.explained.v1", **EXPLAINED.model_dump(mode="json")},
        "links": {"self": f"/api/v1/requests/{said['id']}"},
    }


async def test_who_waits_in_vain_is_told_where_to_look(client: httpx.AsyncClient):
    started = asyncio.get_running_loop().time()
    response = await client.post("/api/v1/query", json=QUESTION, headers={"Prefer": "wait=1"})

    assert response.status_code == 202
    assert response.headers["preference-applied"] == "wait=1"
    assert response.json()["status"] == "pending"
    assert 0.9 < asyncio.get_running_loop().time() - started < 3


async def test_an_answer_that_comes_while_somebody_waits_arrives_at_once(
    client: httpx.AsyncClient, broker: RecordingBroker, functions: Functions
):
    asking = asyncio.create_task(client.post("/api/v1/query", json=QUESTION, headers={"Prefer": "wait=30"}))
    post = await until(lambda: broker.posts and broker.posts[0])
    started = asyncio.get_running_loop().time()
    await functions.play(*post)

    assert (await asking).json()["status"] == "answered"
    assert asyncio.get_running_loop().time() - started < 2


async def test_a_wait_that_cannot_be_understood_is_ignored(client: httpx.AsyncClient):
    response = await client.post("/api/v1/query", json=QUESTION, headers={"Prefer": "wait=soon"})

    assert response.status_code == 202
    assert "preference-applied" not in response.headers


async def test_a_wait_is_never_longer_than_thirty_seconds(client: httpx.AsyncClient, answering: RecordingBroker):
    response = await client.post("/api/v1/query", json=QUESTION, headers={"Prefer": "respond-async, wait=3600"})

    assert response.status_code == 200
    assert response.headers["preference-applied"] == "wait=30"


async def test_preferences_may_come_in_several_headers(client: httpx.AsyncClient, answering: RecordingBroker):
    headers = [("Prefer", "respond-async"), ("Prefer", "wait=7")]
    response = await client.post("/api/v1/query", json=QUESTION, headers=headers)

    assert response.status_code == 200
    assert response.headers["preference-applied"] == "wait=7"


async def test_a_declined_question_is_no_error(client: httpx.AsyncClient, answering: RecordingBroker):
    response = await client.post("/api/v1/query", json={"question": ""}, headers=WAIT)

    said = response.json()
    assert response.status_code == 200
    assert (said["status"], said["routed_to"]) == ("declined", None)
    assert said["answer"]["type"] == "org.learnflow.question.declined.v1"
    assert said["answer"]["reason"] == "empty"


@pytest.mark.parametrize(
    ("question", "intent", "answer"),
    [("Quiz me on lists", "quiz", "quiz.posed"), ("How am I doing?", "progress", "progress.reported")],
)
async def test_a_question_is_answered_by_whom_it_is_for(
    client: httpx.AsyncClient, answering: RecordingBroker, question: str, intent: str, answer: str
):
    response = await client.post("/api/v1/query", json={"question": question}, headers=WAIT)

    said = response.json()
    assert (response.status_code, said["status"], said["routed_to"]) == (200, "answered", intent)
    assert said["answer"]["type"] == f"org.learnflow.{answer}.v1"


async def test_who_waits_for_a_question_that_fails_gets_a_problem_that_says_so(
    client: httpx.AsyncClient, broker: RecordingBroker, functions: Functions
):
    async def fail(headers: dict[str, str], body: bytes) -> None:
        failure = RequestFailed(function="concepts", message="Something broke. Please ask again.")
        answer = reply_as(posted(headers, body), failure, function="dead-letter")
        await asyncio.to_thread(functions.deliver, answer)

    broker.on_post = fail
    response = await client.post("/api/v1/query", json=QUESTION, headers=WAIT)

    said = problem(response, 502)
    assert said["type"] == "urn:learnflow:problem:could-not-answer"
    assert said["detail"] == "Something broke. Please ask again."
    assert said["instance"] == response.headers["location"] == f"/api/v1/requests/{said['id']}"
    assert response.headers["preference-applied"] == "wait=10"

    shown = await client.get(said["instance"])
    assert shown.status_code == 200
    assert shown.json()["status"] == "failed"
    assert shown.json()["answer"]["type"] == "org.learnflow.request.failed.v1"


async def test_a_request_that_failed_without_a_message_is_told_all_the_same(
    client: httpx.AsyncClient, broker: RecordingBroker, db: psycopg.AsyncConnection
):
    async def fail(headers: dict[str, str], _body: bytes) -> None:
        request = headers["ce-id"]
        await db.execute("UPDATE requests SET status = 'failed' WHERE id = %s", [request])
        await db.execute("SELECT pg_notify('learnflow', json_build_object('request', %s::text)::text)", [request])

    broker.on_post = fail
    response = await client.post("/api/v1/query", json=QUESTION, headers=WAIT)

    said = problem(response, 502)
    assert (await client.get(said["instance"])).json()["answer"] is None


async def test_a_trace_is_carried_on(client: httpx.AsyncClient, broker: RecordingBroker):
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    await client.post("/api/v1/query", json=QUESTION, headers={"traceparent": trace})
    await client.post("/api/v1/query", json=QUESTION, headers={"traceparent": "nonsense\x01"})

    assert [headers.get("ce-traceparent") for headers, _ in broker.posts] == [trace, None]


async def test_a_question_of_the_largest_size_is_posted_within_what_an_event_may_have(
    client: httpx.AsyncClient, broker: RecordingBroker
):
    body = ('{"question": "' + "漢" * 65_000 + '"}').encode("utf-16")
    assert len(body) < 131_072
    response = await client.post("/api/v1/query", content=body, headers={"Content-Type": "application/json"})

    assert response.status_code == 202
    assert body_of(broker.posts[0])["question"] == "漢" * 65_000
    assert len(broker.posts[0][1]) < 200 * 1024
