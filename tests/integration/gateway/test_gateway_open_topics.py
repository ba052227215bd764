"""A learner in a course is shown, and may ask for, what their course has open; everybody else everything."""

from __future__ import annotations

from typing import Any

import httpx
import psycopg
import pytest
from gateway_stage import RecordingBroker, fields, problem

from functions.curriculum.reading import curriculum

pytestmark = pytest.mark.anyio

ADA = {"X-Learner-Id": "ada"}
BOB = {"X-Learner-Id": "bob"}
EVERY = [topic.id for topic in curriculum().by_depth]
OPEN = ["loops", "lists"]
ON_LOOPS = "/api/v1/exercises/loops/sum-of-evens"
WISHES = ("/api/v1/concepts/explain", "/api/v1/exercises/generate", "/api/v1/quizzes/next")


async def given_course(
    db: psycopg.AsyncConnection, topics: list[str] | None = None, solutions: str = "after_passing"
) -> None:
    """Make it so that Ada is in a course."""
    await db.execute("INSERT INTO users (id) VALUES ('ada'), ('grace') ON CONFLICT DO NOTHING")
    await db.execute(
        "INSERT INTO courses (id, teacher_id, title, code, allowed_topics, solution_policy)"
        " VALUES ('c1', 'grace', 'Python', 'code', %s, %s)",
        [topics, solutions],
    )
    await db.execute("INSERT INTO enrolments (course_id, learner_id) VALUES ('c1', 'ada')")


async def given_passed(db: psycopg.AsyncConnection, exercise_id: str) -> None:
    """Make it so that Ada has passed an exercise."""
    await db.execute("INSERT INTO users (id) VALUES ('ada') ON CONFLICT DO NOTHING")
    await db.execute(
        "INSERT INTO submissions (id, learner_id, exercise_id, code, attempt, status, score, passed, submitted_at)"
        " VALUES ('s1', 'ada', %s, '', 1, 'graded', 100, true, now())",
        [exercise_id],
    )


async def topics(client: httpx.AsyncClient, what: str, headers: dict[str, str]) -> list[str]:
    response = await client.get(f"/api/v1/{what}", headers=headers)
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()[what]
    return list(dict.fromkeys(each["topic"] for each in found))


@pytest.mark.parametrize("what", ["concepts", "exercises", "quizzes"])
async def test_a_list_has_what_is_open_in_the_order_of_the_whole(
    client: httpx.AsyncClient, db: psycopg.AsyncConnection, what: str
):
    await given_course(db, OPEN)

    assert await topics(client, what, ADA) == [topic for topic in EVERY if topic in OPEN]
    assert await topics(client, what, BOB) == EVERY


async def test_a_topic_leads_on_only_to_what_is_open(client: httpx.AsyncClient, db: psycopg.AsyncConnection):
    await given_course(db, ["loops", "functions"])
    listed = (await client.get("/api/v1/concepts", headers=ADA)).json()["concepts"]

    assert {concept["topic"]: concept["near"] for concept in listed}["loops"] == ["functions"]


@pytest.mark.parametrize("path", WISHES)
async def test_a_wish_for_a_closed_topic_is_refused_kindly_and_goes_nowhere(
    client: httpx.AsyncClient, db: psycopg.AsyncConnection, broker: RecordingBroker, path: str
):
    await given_course(db, OPEN)
    refused = await client.post(path, json={"topic": "classes"}, headers=ADA)
    taken = [
        await client.post(path, json={"topic": topic}, headers=who) for topic, who in (("loops", ADA), ("classes", BOB))
    ]

    (error,) = problem(refused, 422)["errors"]
    assert (error["field"], "is not open in your course" in error["message"]) == ("body.topic", True)
    assert [response.status_code for response in taken] == [202, 202]
    assert len(broker.posts) == 2


async def test_a_wish_that_names_no_topic_is_left_to_the_function(
    client: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    await given_course(db, OPEN)

    for path in WISHES[1:]:
        assert (await client.post(path, json={"question": "classes"}, headers=ADA)).status_code == 202


async def test_exercises_cannot_be_narrowed_to_a_closed_topic(client: httpx.AsyncClient, db: psycopg.AsyncConnection):
    await given_course(db, OPEN)

    assert fields(await client.get("/api/v1/exercises?topic=classes", headers=ADA)) == ["query.topic"]
    assert (await client.get("/api/v1/exercises?topic=classes", headers=BOB)).status_code == 200


async def test_an_exercise_on_a_closed_topic_is_shown_only_to_whoever_had_it_before(
    client: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    await given_course(db, ["lists"])
    never_had = await client.get(ON_LOOPS, headers=ADA)
    await db.execute("INSERT INTO exercises_given (learner_id, exercise_id) VALUES ('ada', 'loops/sum-of-evens')")
    handed_out = await client.get(ON_LOOPS, headers=ADA)

    assert [each.status_code for each in (never_had, handed_out)] == [404, 200]
    assert (await client.get(ON_LOOPS, headers=BOB)).status_code == 200


async def test_a_solution_is_shown_to_whoever_has_passed_unless_their_course_shows_none(
    client: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    await given_passed(db, "loops/sum-of-evens")
    shown = (await client.get(ON_LOOPS, headers=ADA)).json()["solution"]
    await given_course(db, solutions="never")
    withheld = (await client.get(ON_LOOPS, headers=ADA)).json()
    await db.execute("UPDATE courses SET solution_policy = 'after_passing'")
    again = (await client.get(ON_LOOPS, headers=ADA)).json()["solution"]

    assert shown is not None
    assert (withheld["passed"], withheld["solution"]) == (True, None)
    assert again == shown


async def test_who_leaves_the_course_sees_everything_again(client: httpx.AsyncClient, db: psycopg.AsyncConnection):
    await given_course(db, OPEN)
    await db.execute("DELETE FROM enrolments")

    assert await topics(client, "concepts", ADA) == EVERY
    response = await client.post(WISHES[0], json={"topic": "classes"}, headers=ADA)
    assert response.status_code == 202
