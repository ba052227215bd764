"""Quizzes: what there is to be asked about, how far each learner is with it, and what cannot be asked or answered."""

from __future__ import annotations

from typing import Any

import httpx
import psycopg
import pytest
from gateway_stage import RecordingBroker, body_of, fields, given_quiz, problem

from functions.curriculum.reading import curriculum, quiz

pytestmark = pytest.mark.anyio

ADA = {"X-Learner-Id": "ada"}
BOB = {"X-Learner-Id": "bob"}
HERE = "/api/v1/quizzes/q-1/answers"


async def given_answer(db: psycopg.AsyncConnection, learner: str, question_id: str, *, first: bool, last: bool) -> None:
    """Make it so that a learner has answered a question."""
    await db.execute("INSERT INTO users (id) VALUES (%s) ON CONFLICT DO NOTHING", [learner])
    await db.execute(
        "INSERT INTO quiz_answers (learner_id, question_id, first_right, last_right, answered_at)"
        " VALUES (%s, %s, %s, %s, now())",
        [learner, question_id, first, last],
    )


async def listing(client: httpx.AsyncClient, headers: dict[str, str]) -> list[dict[str, Any]]:
    response = await client.get("/api/v1/quizzes", headers=headers)
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["quizzes"]
    return found


async def test_every_topic_is_listed_with_how_many_questions_there_are(client: httpx.AsyncClient):
    assert await listing(client, ADA) == [
        {"topic": topic.id, "title": topic.title, "questions": len(quiz(topic.id)), "answered": 0, "right": 0}
        for topic in curriculum().by_depth
    ]


async def test_each_learner_sees_their_own_answers_and_the_first_decides(
    client: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    await given_answer(db, "ada", "loops/range-stops-before", first=True, last=False)
    await given_answer(db, "ada", "loops/for-or-while", first=False, last=True)
    await given_answer(db, "ada", "lists/past-the-end", first=True, last=True)
    await given_answer(db, "ada", "loops/no-longer-asked", first=True, last=True)
    await given_answer(db, "bob", "loops/break-leaves", first=True, last=True)

    async def counts(headers: dict[str, str]) -> dict[str, tuple[int, int]]:
        return {each["topic"]: (each["answered"], each["right"]) for each in await listing(client, headers)}

    ada, bob = await counts(ADA), await counts(BOB)
    assert {topic: count for topic, count in ada.items() if count != (0, 0)} == {"loops": (2, 1), "lists": (1, 1)}
    assert {topic: count for topic, count in bob.items() if count != (0, 0)} == {"loops": (1, 1)}


async def test_a_list_that_cannot_be_read_is_a_problem_for_later(doorstep: httpx.AsyncClient):
    assert problem(await doorstep.get("/api/v1/quizzes"), 503)["title"] == "Not available right now"


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"topic": "knitting"}, ["body.topic"]),
        ({"topic": "generators"}, ["body.topic"]),
        ({"topic": ""}, ["body.topic"]),
        ({"topic": 7}, ["body.topic"]),
        ({"question": ["x"]}, ["body.question"]),
        ({"topic": "loops", "dificulty": "easy"}, ["body.dificulty"]),
        ({"session_id": "s" * 129}, ["body.session_id"]),
    ],
)
async def test_a_wish_that_cannot_be_granted_names_its_field(
    doorstep: httpx.AsyncClient, broker: RecordingBroker, body: Any, named: list[str]
):
    assert fields(await doorstep.post("/api/v1/quizzes/next", json=body)) == named
    assert broker.posts == []


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, ["body.choice"]),
        ({"choice": -1}, ["body.choice"]),
        ({"choice": "1"}, ["body.choice"]),
        ({"choice": True}, ["body.choice"]),
        ({"choice": None}, ["body.choice"]),
        ({"choice": 1.5}, ["body.choice"]),
        ({"choice": 1, "quiz_id": "q-2"}, ["body.quiz_id"]),
    ],
)
async def test_an_answer_that_is_none_names_its_field(
    doorstep: httpx.AsyncClient, broker: RecordingBroker, body: Any, named: list[str]
):
    assert fields(await doorstep.post(HERE, json=body)) == named
    assert broker.posts == []


@pytest.mark.parametrize("choice", [4, 99, 10**30])
async def test_a_choice_that_is_no_option_is_refused(
    client: httpx.AsyncClient, db: psycopg.AsyncConnection, broker: RecordingBroker, choice: int
):
    await given_quiz(db, "ada", "q-1")
    refused = await client.post(HERE, json={"choice": choice}, headers=ADA)

    assert fields(refused) == ["body.choice"]
    assert refused.json()["errors"][0]["message"] == "There are 4 options, counted from 0 to 3"
    assert broker.posts == []


async def test_a_quiz_of_somebody_else_is_as_little_there_as_one_that_never_was(
    client: httpx.AsyncClient, db: psycopg.AsyncConnection, broker: RecordingBroker
):
    await given_quiz(db, "ada", "q-1")
    others = problem(await client.post(HERE, json={"choice": 0}, headers=BOB), 404)

    for quiz_id in ("q-2", "%00", "x" * 3000):
        path = f"/api/v1/quizzes/{quiz_id}/answers"
        assert problem(await client.post(path, json={"choice": 0}, headers=BOB), 404) == others
    assert broker.posts == []


async def test_a_wish_is_posted_with_the_topic_and_the_words_apart(client: httpx.AsyncClient, broker: RecordingBroker):
    wishes = [{}, {"topic": "loops"}, {"question": "a hard one"}, {"topic": "loops", "question": "a hard one"}]
    for body in wishes:
        response = await client.post("/api/v1/quizzes/next", json=body, headers=ADA)
        assert response.status_code == 202, response.text

    assert {headers["ce-type"] for headers, _ in broker.posts} == {"org.learnflow.quiz.requested.v1"}
    posted = [(body_of(post)["topic"], body_of(post)["question"]) for post in broker.posts]
    assert posted == [(wish.get("topic"), wish.get("question", "")) for wish in wishes]


async def test_an_answer_is_posted_under_its_quiz(
    client: httpx.AsyncClient, db: psycopg.AsyncConnection, broker: RecordingBroker
):
    await given_quiz(db, "ada", "q-1")
    taken = await client.post(HERE, json={"choice": 3, "session_id": "s-1"}, headers=ADA)

    assert (taken.status_code, taken.json()["status"]) == (202, "pending")
    assert taken.headers["location"] == f"/api/v1/requests/{taken.json()['id']}"
    assert broker.posts[0][0]["ce-type"] == "org.learnflow.quiz.answered.v1"
    assert body_of(broker.posts[0]) == {"quiz_id": "q-1", "choice": 3, "session_id": "s-1"}


async def test_the_same_key_and_choice_is_one_answer_and_another_choice_is_refused(
    client: httpx.AsyncClient, db: psycopg.AsyncConnection, broker: RecordingBroker
):
    await given_quiz(db, "ada", "q-1")
    headers = {**ADA, "Idempotency-Key": "k-1"}
    first, again = [await client.post(HERE, json={"choice": 1}, headers=headers) for _ in range(2)]
    other = await client.post(HERE, json={"choice": 2}, headers=headers)

    assert first.json() == again.json()
    assert fields(other) == ["header.Idempotency-Key"]
    assert len(broker.posts) == 1
