"""Help with code: trouble and work are taken on, each within its limits, and what was found is shown."""

from __future__ import annotations

from typing import Any

import httpx
import psycopg
import pytest
from gateway_stage import MISTAKE, REVIEWED, RecordingBroker, body_of, fields, problem

pytestmark = pytest.mark.anyio

DEBUG, REVIEW = "/api/v1/debug", "/api/v1/review"
LIMIT = 64 * 1024
TROUBLE = {"code": "total = 5\nprint(totl)", "error_message": "NameError: name 'totl' is not defined"}


async def test_trouble_goes_to_debug_as_it_was_told(client: httpx.AsyncClient, broker: RecordingBroker):
    about = {"question": "why?", "exercise_id": "loops/sum-of-evens", "session_id": "s-1"}
    response = await client.post(DEBUG, json={**TROUBLE, **about})

    assert (response.status_code, response.json()["status"]) == (202, "pending")
    headers, _ = broker.posts[0]
    assert headers["ce-type"] == "org.learnflow.debugging.requested.v1"
    assert (headers["ce-source"], headers["ce-id"]) == ("/learnflow/gateway", response.json()["id"])
    unrouted = {"confidence": None, "second_guess": None, "context": None}
    assert body_of(broker.posts[0]) == {**TROUBLE, **about, **unrouted}


async def test_work_goes_to_review(client: httpx.AsyncClient, broker: RecordingBroker):
    response = await client.post(REVIEW, json={"code": "print(1)", "question": "is it good?"})

    assert response.status_code == 202
    assert broker.posts[0][0]["ce-type"] == "org.learnflow.review.requested.v1"
    posted = body_of(broker.posts[0])
    assert (posted["code"], posted["question"], posted["error_message"]) == ("print(1)", "is it good?", None)


@pytest.mark.parametrize(("path", "kind"), [(DEBUG, "debugging"), (REVIEW, "review")], ids=["debug", "review"])
async def test_a_request_is_kept_by_its_kind(
    client: httpx.AsyncClient, broker: RecordingBroker, db: psycopg.AsyncConnection[Any], path: str, kind: str
):
    response = await client.post(path, json={"code": "print(1)"})

    rows = await (await db.execute("SELECT id, kind, status FROM requests")).fetchall()
    assert rows == [(response.json()["id"], kind, "pending")]


async def test_who_waits_gets_what_is_wrong(client: httpx.AsyncClient, answering: RecordingBroker):
    response = await client.post(DEBUG, json=TROUBLE, headers={"Prefer": "wait=20"})

    assert (response.status_code, response.json()["status"]) == (200, "answered")
    assert response.json()["answer"] == {"type": MISTAKE.TYPE, **MISTAKE.model_dump(mode="json")}
    assert (response.json()["routed_to"], response.json()["confidence"]) == (None, None)


async def test_who_waits_gets_the_review(client: httpx.AsyncClient, answering: RecordingBroker):
    response = await client.post(REVIEW, json={"code": "print(1)"}, headers={"Prefer": "wait=20"})

    assert (response.status_code, response.json()["status"]) == (200, "answered")
    assert response.json()["answer"] == {"type": REVIEWED.TYPE, **REVIEWED.model_dump(mode="json")}


@pytest.mark.parametrize(("path", "answer"), [(DEBUG, MISTAKE), (REVIEW, REVIEWED)], ids=["debug", "review"])
async def test_who_does_not_wait_finds_the_answer_later(
    client: httpx.AsyncClient, answering: RecordingBroker, path: str, answer: Any
):
    taken_on = await client.post(path, json={"code": "print(1)"})
    await answering.settle()
    found = await client.get(taken_on.json()["links"]["self"])

    assert (taken_on.status_code, found.json()["status"]) == (202, "answered")
    assert found.json()["answer"]["type"] == answer.TYPE


@pytest.mark.parametrize("path", [DEBUG, REVIEW])
async def test_the_same_command_twice_is_one_request(client: httpx.AsyncClient, broker: RecordingBroker, path: str):
    once, again = [
        await client.post(path, json={"code": "print(1)"}, headers={"Idempotency-Key": "k-1"}) for _ in range(2)
    ]

    assert once.json()["id"] == again.json()["id"]
    assert len(set(broker.ids)) == 1


@pytest.mark.parametrize("given", [{"code": "x"}, {"error_message": "KeyError: 7"}, {"question": "it does not work"}])
async def test_one_thing_about_the_trouble_is_enough(
    client: httpx.AsyncClient, broker: RecordingBroker, given: dict[str, str]
):
    response = await client.post(DEBUG, json=given)

    assert response.status_code == 202
    assert {name: value for name, value in body_of(broker.posts[0]).items() if value} == given


@pytest.mark.parametrize(
    "nothing",
    [
        {},
        {"code": None},
        {"error_message": " \n"},
        {"error_message": "", "question": " "},
        {"exercise_id": "loops/sum-of-evens", "session_id": "s-1"},
    ],
)
async def test_without_anything_to_look_at_it_is_asked_for(
    doorstep: httpx.AsyncClient, broker: RecordingBroker, nothing: dict[str, Any]
):
    errors = problem(await doorstep.post(DEBUG, json=nothing), 422)["errors"]

    message = "Send code, error_message or question; at least one of them"
    assert errors == [{"field": "body", "message": message}]
    assert broker.posts == []


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ([], ["body"]),
        ({"code": 7}, ["body.code"]),
        ({"code": ""}, ["body.code"]),
        ({"code": " \n\t", "question": "why?"}, ["body.code"]),
        ({"code": "x" * (LIMIT + 1)}, ["body.code"]),
        ({"code": "é" * (LIMIT // 2 + 1)}, ["body.code"]),
        ({"question": None, "code": "1"}, ["body.question"]),
        ({"error_message": 7}, ["body.error_message"]),
        ({"code": "1", "exercise_id": "x" * 201}, ["body.exercise_id"]),
        ({"code": "1", "session_id": "s" * 129}, ["body.session_id"]),
        ({"code": "1", "error": "x"}, ["body.error"]),
        ({"code": "", "question": 1, "eror_message": ""}, ["body.code", "body.question", "body.eror_message"]),
    ],
)
async def test_trouble_that_cannot_be_looked_into_is_refused_by_field(
    doorstep: httpx.AsyncClient, broker: RecordingBroker, body: Any, named: list[str]
):
    assert fields(await doorstep.post(DEBUG, json=body)) == named
    assert broker.posts == []


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, ["body.code"]),
        ([], ["body"]),
        ({"code": None}, ["body.code"]),
        ({"code": " \n\t\n"}, ["body.code"]),
        ({"code": "x" * (LIMIT + 1)}, ["body.code"]),
        ({"code": "1", "question": 7}, ["body.question"]),
        ({"code": "1", "session_id": "s" * 129}, ["body.session_id"]),
        ({"code": "1", "error_message": "x"}, ["body.error_message"]),
    ],
)
async def test_work_that_cannot_be_reviewed_is_refused_by_field(
    doorstep: httpx.AsyncClient, broker: RecordingBroker, body: Any, named: list[str]
):
    assert fields(await doorstep.post(REVIEW, json=body)) == named
    assert broker.posts == []


@pytest.mark.parametrize("path", [DEBUG, REVIEW])
@pytest.mark.parametrize("character", ["x", "é", "\N{SNAKE}"])
async def test_a_program_of_just_the_limit_is_taken(
    client: httpx.AsyncClient, broker: RecordingBroker, path: str, character: str
):
    code = character * (LIMIT // len(character.encode()))
    response = await client.post(path, content=f'{{"code": "{code}"}}', headers={"Content-Type": "application/json"})

    assert response.status_code == 202
    assert body_of(broker.posts[0])["code"] == code


async def test_text_that_cannot_be_stored_is_made_storable(client: httpx.AsyncClient, broker: RecordingBroker):
    response = await client.post(
        DEBUG,
        content=b'{"code": "a\\u0000b", "error_message": "\\udfff"}',
        headers={"Content-Type": "application/json"},
    )

    assert response.status_code == 202
    assert (body_of(broker.posts[0])["code"], body_of(broker.posts[0])["error_message"]) == ("a\ufffdb", "\ufffd")


@pytest.mark.parametrize("path", [DEBUG, REVIEW])
async def test_only_json_is_taken(doorstep: httpx.AsyncClient, path: str):
    response = await doorstep.post(path, content=b"code=1", headers={"Content-Type": "text/plain"})

    problem(response, 415)
