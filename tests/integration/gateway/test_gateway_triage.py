"""POST /api/triage answers with where a question goes, as soon as that is known."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from gateway_stage import Functions, RecordingBroker, body_of, fields, posted, problem, reply_as, until

from functions.gateway import routes
from functions.shared.events import RequestFailed

pytestmark = pytest.mark.anyio


def asking(query: str, **more: str) -> dict[str, str]:
    """Return a body."""
    return {"student_id": "ada", "query": query, **more}


@pytest.fixture
def routing(broker: RecordingBroker, functions: Functions) -> RecordingBroker:
    """A broker behind which questions are routed, and nothing more."""

    async def route(headers: dict[str, str], body: bytes) -> None:
        await asyncio.to_thread(functions.route, headers, body)

    broker.on_post = route
    return broker


@pytest.mark.parametrize(
    ("body", "intent"),
    [
        (asking("Can you explain how Python loops work?"), "concepts"),
        (asking("Fix my error: NameError"), "debug"),
        (asking("My code is not working", code="print(x)", error_message="NameError: name x is not defined"), "debug"),
        (asking("Give me a Python exercise on loops"), "exercise"),
        (asking("Can you review my code?", code="def f(): pass", session_id="s-1"), "code_review"),
        (asking("How am I doing?"), "progress"),
    ],
)
async def test_the_routing_is_told_before_there_is_an_answer(
    client: httpx.AsyncClient, routing: RecordingBroker, body: dict[str, str], intent: str
):
    response = await client.post("/api/triage", json=body)

    said = response.json()
    assert response.status_code == 200
    assert 0 < said["confidence"] <= 1
    assert said == {"id": routing.ids[0], "status": "pending", "routed_to": intent, "confidence": said["confidence"]}
    assert response.headers["location"] == f"/api/v1/requests/{said['id']}"


async def test_the_question_is_posted_for_the_student(client: httpx.AsyncClient, routing: RecordingBroker):
    await client.post("/api/triage", json=asking("why?", code="x", error_message="e", session_id="s-1"))

    assert routing.posts[0][0]["ce-subject"] == "ada"
    assert body_of(routing.posts[0]) == {"question": "why?", "code": "x", "error_message": "e", "session_id": "s-1"}


async def test_a_declined_question_goes_nowhere(client: httpx.AsyncClient, answering: RecordingBroker):
    response = await client.post("/api/triage", json=asking("What is the weather like?"))

    assert response.status_code == 200
    assert response.json()["routed_to"] is None
    ended = await client.get(response.headers["location"], headers={"X-Learner-Id": "ada", "Prefer": "wait=10"})
    assert ended.json()["status"] == "declined"


async def test_declined_is_declined_once_it_has_ended(client: httpx.AsyncClient, answering: RecordingBroker):
    key = {"Idempotency-Key": "weather"}
    body = asking("What is the weather like?")
    link = (await client.post("/api/triage", json=body, headers=key)).headers["location"]
    await client.get(link, headers={"X-Learner-Id": "ada", "Prefer": "wait=10"})
    said = (await client.post("/api/triage", json=body, headers=key)).json()

    assert (said["status"], said["routed_to"]) == ("declined", None)


async def test_when_the_routing_takes_too_long_what_is_known_is_told(
    client: httpx.AsyncClient, broker: RecordingBroker, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(routes, "ROUTING_SECONDS", 0.3)
    response = await client.post("/api/triage", json=asking("why?"))

    said = response.json()
    assert response.status_code == 202
    assert said == {"id": broker.ids[0], "status": "pending", "routed_to": None, "confidence": None}
    assert response.headers["location"] == f"/api/v1/requests/{said['id']}"


async def test_a_question_that_fails_before_it_is_routed_is_a_problem(
    client: httpx.AsyncClient, broker: RecordingBroker, functions: Functions
):
    async def fail(headers: dict[str, str], body: bytes) -> None:
        failure = reply_as(
            posted(headers, body), RequestFailed(function="triage", message="No."), function="dead-letter"
        )
        await asyncio.to_thread(functions.deliver, failure)

    broker.on_post = fail

    assert problem(await client.post("/api/triage", json=asking("why?")), 502)["detail"] == "No."


async def test_nobody_asks_in_anothers_name(doorstep: httpx.AsyncClient, broker: RecordingBroker):
    response = await doorstep.post("/api/triage", json=asking("why?"), headers={"X-Learner-Id": "bob"})

    problem(response, 403)
    assert broker.posts == []


async def test_the_students_own_header_is_fine(client: httpx.AsyncClient, routing: RecordingBroker):
    response = await client.post("/api/triage", json=asking("why?"), headers={"X-Learner-Id": "ada"})

    assert response.status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"query": "why?"}, "body.student_id"),
        ({"student_id": "ada"}, "body.query"),
        ({"student_id": "a da", "query": "why?"}, "body.student_id"),
        ({"student_id": "ada\n", "query": "why?"}, "body.student_id"),
        ({"student_id": "", "query": "why?"}, "body.student_id"),
        ({"student_id": "a" * 65, "query": "why?"}, "body.student_id"),
        ({"student_id": 7, "query": "why?"}, "body.student_id"),
        ({"student_id": "ada", "query": "why?", "question": "why?"}, "body.question"),
    ],
)
async def test_a_body_that_is_not_right_is_refused_by_field(
    doorstep: httpx.AsyncClient, broker: RecordingBroker, body: dict[str, object], field: str
):
    assert field in fields(await doorstep.post("/api/triage", json=body))
    assert broker.posts == []


async def test_nobody_is_left_waiting(client: httpx.AsyncClient, routing: RecordingBroker):
    await client.post("/api/triage", json=asking("why?"))

    assert await until(lambda: len(client.app.state.parts.waiters) == 0)
