"""Exercises: listed and shown without their secrets, handed out, handed in, and seen by nobody else."""

from __future__ import annotations

import uuid
from typing import Any

import httpx
import psycopg
import pytest
from gateway_stage import RecordingBroker, body_of, fields, problem
from psycopg.types.json import Jsonb

from functions.curriculum.reading import curriculum, exercises
from functions.gateway.exercises import every_exercise
from functions.shared.made import Made, made_body
from tests.made_exercise import made as made_exercise

pytestmark = pytest.mark.anyio

ADA = {"X-Learner-Id": "ada"}
BOB = {"X-Learner-Id": "bob"}
HERE = "/api/v1/exercises/loops/sum-of-evens"
EVERY = {f"{topic.id}/{exercise.id}": exercise for topic in curriculum().topics for exercise in exercises(topic.id)}


async def given_submission(
    db: psycopg.AsyncConnection, learner: str, exercise_id: str, *, attempt: int = 1, score: int | None = None
) -> None:
    """Make it so that a learner has handed something in; without a score it is not graded yet."""
    status = "pending" if score is None else "graded"
    await db.execute("INSERT INTO users (id) VALUES (%s) ON CONFLICT DO NOTHING", [learner])
    await db.execute(
        "INSERT INTO submissions (id, learner_id, exercise_id, code, attempt, status, score, passed, submitted_at)"
        " VALUES (%s, %s, %s, '', %s, %s, %s, %s, now())",
        [str(uuid.uuid4()), learner, exercise_id, attempt, status, score, score == 100],
    )


async def listing(client: httpx.AsyncClient, query: str = "") -> list[dict[str, Any]]:
    response = await client.get(f"/api/v1/exercises{query}", headers=ADA)
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["exercises"]
    return found


async def test_every_exercise_is_listed_with_nothing_that_helps_to_solve_it(client: httpx.AsyncClient):
    listed = await listing(client)

    assert {each["id"] for each in listed} == set(EVERY)
    for each in listed:
        assert each == {
            "id": each["id"], "topic": each["id"].partition("/")[0], "title": EVERY[each["id"]].title,
            "difficulty": EVERY[each["id"]].difficulty, "passed": False, "attempts": 0, "best_score": None,
        }  # fmt: skip


async def test_the_list_goes_from_what_needs_little_to_what_needs_much(client: httpx.AsyncClient):
    listed = await listing(client)

    topics = list(dict.fromkeys(each["topic"] for each in listed))
    assert topics == [topic.id for topic in curriculum().by_depth]
    for topic in topics:
        steps = [("easy", "medium", "hard").index(each["difficulty"]) for each in listed if each["topic"] == topic]
        assert steps == sorted(steps)


@pytest.mark.parametrize(
    ("query", "topics", "difficulties"),
    [
        ("?topic=loops", {"loops"}, {"easy", "medium", "hard"}),
        ("?difficulty=hard", {topic.id for topic in curriculum().topics}, {"hard"}),
        ("?topic=lists&difficulty=medium", {"lists"}, {"medium"}),
    ],
)
async def test_the_list_can_be_narrowed(
    client: httpx.AsyncClient, query: str, topics: set[str], difficulties: set[str]
):
    listed = await listing(client, query)

    assert {each["topic"] for each in listed} == topics
    assert {each["difficulty"] for each in listed} == difficulties
    assert len(listed) == sum(
        name.partition("/")[0] in topics and exercise.difficulty in difficulties for name, exercise in EVERY.items()
    )


@pytest.mark.parametrize(
    ("query", "named"),
    [("?topic=knitting", "query.topic"), ("?topic=", "query.topic"), ("?difficulty=extreme", "query.difficulty")],
)
async def test_what_it_cannot_be_narrowed_to_is_refused_by_name(doorstep: httpx.AsyncClient, query: str, named: str):
    assert fields(await doorstep.get(f"/api/v1/exercises{query}")) == [named]


async def test_each_learner_sees_their_own_attempts(client: httpx.AsyncClient, db: psycopg.AsyncConnection):
    await given_submission(db, "ada", "loops/countdown", attempt=1, score=40)
    await given_submission(db, "ada", "loops/countdown", attempt=2, score=100)
    await given_submission(db, "ada", "loops/countdown", attempt=3, score=60)
    await given_submission(db, "ada", "loops/sum-of-evens", attempt=1)
    await given_submission(db, "bob", "lists/guests-at-tables", score=100)

    tried = {each["id"]: each for each in await listing(client) if each["attempts"] or each["passed"]}

    assert {name: (each["attempts"], each["best_score"], each["passed"]) for name, each in tried.items()} == {
        "loops/countdown": (3, 100, True),
        "loops/sum-of-evens": (1, None, False),
    }


async def test_an_exercise_is_shown_without_its_secrets(client: httpx.AsyncClient):
    for exercise_id, exercise in EVERY.items():
        response = await client.get(f"/api/v1/exercises/{exercise_id}", headers=ADA)

        shown = response.json()
        assert response.status_code == 200
        assert (shown["id"], shown["title"]) == (exercise_id, exercise.title)
        assert (shown["description"], shown["starter"]) == (exercise.description, exercise.starter)
        visible = [test for test in exercise.tests if not test.hidden]
        assert [(test["call"], test["stdin"]) for test in shown["tests"]] == [(t.call, t.stdin) for t in visible]
        assert all(test["must"] for test in shown["tests"])
        assert (shown["hidden_tests"], shown["hints"]) == (len(exercise.tests) - len(visible), len(exercise.hints))
        assert shown["solution"] is None
        told = [part for part in texts(shown) if part not in (exercise.description, exercise.starter)]
        for secret in (exercise.solution, *exercise.hints, *(test.category for test in exercise.tests if test.hidden)):
            assert not any(secret in part for part in told)


def texts(value: Any) -> list[str]:
    """Return every text in a document."""
    if isinstance(value, dict | list):
        return [text for item in (value.values() if isinstance(value, dict) else value) for text in texts(item)]
    return [value] if isinstance(value, str) else []


async def test_only_who_has_passed_sees_the_solution(client: httpx.AsyncClient, db: psycopg.AsyncConnection):
    await given_submission(db, "ada", "loops/sum-of-evens", attempt=1, score=90)
    nearly = (await client.get(HERE, headers=ADA)).json()
    await given_submission(db, "ada", "loops/sum-of-evens", attempt=2, score=100)
    passed = (await client.get(HERE, headers=ADA)).json()
    later = (await client.get("/api/v1/exercises/loops/countdown", headers=ADA)).json()
    others = (await client.get(HERE, headers=BOB)).json()

    assert (nearly["solution"], nearly["best_score"], nearly["passed"]) == (None, 90, False)
    assert passed["solution"] == EVERY["loops/sum-of-evens"].solution
    assert (passed["attempts"], passed["best_score"], passed["passed"]) == (2, 100, True)
    assert later["solution"] is others["solution"] is None


UNKNOWN = ["loops/knitting", "knitting/sum-of-evens", "loops/%00", "..%2f../x", "loops/SUM-OF-EVENS", "generate/x"]


@pytest.mark.parametrize("name", UNKNOWN)
async def test_an_exercise_that_is_not_there_is_not_found(
    doorstep: httpx.AsyncClient, broker: RecordingBroker, name: str
):
    looked = await doorstep.get(f"/api/v1/exercises/{name}")
    handed_in = await doorstep.post(f"/api/v1/exercises/{name}/submissions", json={"code": "pass"})

    for response in (looked, handed_in):
        problem(response, 404)
    assert broker.posts == []


async def test_what_is_not_there_is_told_with_where_to_look(doorstep: httpx.AsyncClient):
    assert "/api/v1/exercises" in problem(await doorstep.get("/api/v1/exercises/loops/knitting"), 404)["detail"]


async def test_a_list_that_cannot_be_read_is_a_problem_for_later(doorstep: httpx.AsyncClient):
    for path in ("/api/v1/exercises", HERE):
        assert problem(await doorstep.get(path), 503)["title"] == "Not available right now"


async def test_a_wish_may_leave_everything_open(client: httpx.AsyncClient, broker: RecordingBroker):
    response = await client.post("/api/v1/exercises/generate", json={}, headers=ADA)

    assert response.status_code == 202
    wished = body_of(broker.posts[0])
    assert (wished["topic"], wished["difficulty"], wished["question"]) == (None, None, "")


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"topic": "knitting"}, ["body.topic"]),
        ({"topic": ""}, ["body.topic"]),
        ({"topic": 7}, ["body.topic"]),
        ({"difficulty": "extreme"}, ["body.difficulty"]),
        ({"question": ["x"]}, ["body.question"]),
        ({"topic": "loops", "dificulty": "easy"}, ["body.dificulty"]),
        ({"session_id": "s" * 129}, ["body.session_id"]),
    ],
)
async def test_a_wish_that_cannot_be_granted_names_its_field(
    doorstep: httpx.AsyncClient, broker: RecordingBroker, body: Any, named: list[str]
):
    assert fields(await doorstep.post("/api/v1/exercises/generate", json=body)) == named
    assert broker.posts == []


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, ["body.code", "body.exercise_id"]),
        ({"exercise_id": "loops/knitting", "code": "pass"}, ["body.exercise_id"]),
        ({"exercise_id": "sum-of-evens", "code": "pass"}, ["body.exercise_id"]),
        ({"exercise_id": "loops/sum-of-evens"}, ["body.code"]),
        ({"exercise_id": "loops/sum-of-evens", "code": " \n"}, ["body.code"]),
        ({"exercise_id": "loops/sum-of-evens", "code": "é" * 32_769}, ["body.code"]),
        ({"exercise_id": 7, "code": "pass", "score": 100}, ["body.exercise_id", "body.score"]),
    ],
)
async def test_what_cannot_be_handed_in_is_refused_by_field(
    doorstep: httpx.AsyncClient, broker: RecordingBroker, body: Any, named: list[str]
):
    assert fields(await doorstep.post("/api/v1/exercises/submit", json=body)) == named
    assert broker.posts == []


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, ["body.code"]),
        ({"code": ""}, ["body.code"]),
        ({"code": "x" * 65_537}, ["body.code"]),
        ({"code": "pass", "exercise_id": "loops/countdown"}, ["body.exercise_id"]),
    ],
)
async def test_what_cannot_be_handed_in_at_an_address_is_refused_by_field(
    doorstep: httpx.AsyncClient, broker: RecordingBroker, body: Any, named: list[str]
):
    assert fields(await doorstep.post(f"{HERE}/submissions", json=body)) == named
    assert broker.posts == []


async def test_both_ways_to_hand_in_are_the_same_request(client: httpx.AsyncClient, broker: RecordingBroker):
    headers = {**ADA, "Idempotency-Key": "k-1"}
    body = {"code": "pass", "session_id": "s-1"}
    here = await client.post(f"{HERE}/submissions", json=body, headers=headers)
    there = await client.post(
        "/api/v1/exercises/submit", json={**body, "exercise_id": "loops/sum-of-evens"}, headers=headers
    )

    assert here.json() == there.json()
    assert body_of(broker.posts[0]) == {**body, "exercise_id": "loops/sum-of-evens"}
    assert len(broker.posts) == 1


async def test_a_submission_shows_its_grade_to_its_learner_alone(client: httpx.AsyncClient, answering: RecordingBroker):
    handed_in = (await client.post(f"{HERE}/submissions", json={"code": "pass"}, headers=ADA)).json()
    path = f"/api/v1/submissions/{handed_in['id']}"
    seen = await client.get(path, headers={**ADA, "Prefer": "wait=20"})

    assert (seen.status_code, seen.json()["status"]) == (200, "answered")
    assert (seen.json()["answer"]["score"], seen.json()["answer"]["tests"][0]["line"]) == (50, 3)
    assert seen.json() == (await client.get(handed_in["links"]["self"], headers=ADA)).json()
    assert problem(await client.get(path, headers=BOB), 404) == problem(
        await client.get(f"/api/v1/submissions/{uuid.uuid4()}", headers=BOB), 404
    )


async def test_a_pending_submission_says_when_to_look_again(client: httpx.AsyncClient):
    handed_in = (await client.post(f"{HERE}/submissions", json={"code": "pass"}, headers=ADA)).json()
    seen = await client.get(f"/api/v1/submissions/{handed_in['id']}", headers=ADA)

    assert (seen.json()["status"], seen.json()["answer"], seen.headers["retry-after"]) == ("pending", None, "1")


async def test_a_submission_that_may_be_lost_is_posted_again_by_looking(
    client: httpx.AsyncClient, broker: RecordingBroker, db: psycopg.AsyncConnection
):
    handed_in = (await client.post(f"{HERE}/submissions", json={"code": "pass"}, headers=ADA)).json()
    await db.execute("UPDATE requests SET posted_at = now() - interval '61 seconds'")
    await client.get(f"/api/v1/submissions/{handed_in['id']}", headers=ADA)

    assert broker.ids == [handed_in["id"]] * 2


async def test_what_is_no_submission_is_none(client: httpx.AsyncClient, doorstep: httpx.AsyncClient):
    run = (await client.post("/api/v1/execute", json={"code": "print(1)"}, headers=ADA)).json()

    problem(await client.get(f"/api/v1/submissions/{run['id']}", headers={**ADA, "Prefer": "wait=20"}), 404)
    problem(await doorstep.get("/api/v1/submissions/1"), 404)


MADE = "loops/made-0123456789ab"


@pytest.fixture
async def made(db: psycopg.AsyncConnection) -> str:
    """An exercise that a language model wrote for ada."""
    topic = curriculum().topic("loops")
    assert topic
    exercise = made_exercise().model_copy(update={"id": MADE.partition("/")[2]})
    await db.execute("INSERT INTO users (id) VALUES ('ada') ON CONFLICT DO NOTHING")
    await db.execute(
        "INSERT INTO made_exercises (learner_id, id, body) VALUES ('ada', %s, %s)",
        [MADE, Jsonb(made_body(Made(topic, exercise, "some-model")))],
    )
    return f"/api/v1/exercises/{MADE}"


async def test_what_was_made_for_a_learner_is_shown_and_taken_in_for_them_alone(
    client: httpx.AsyncClient, broker: RecordingBroker, made: str
):
    shown = (await client.get(made, headers=ADA)).json()
    handed_in = await client.post(f"{made}/submissions", json={"code": "pass"}, headers=ADA)
    by_body = await client.post("/api/v1/exercises/submit", json={"exercise_id": MADE, "code": "print()"}, headers=ADA)

    assert (shown["id"], shown["title"], shown["solution"]) == (MADE, "The sunniest days", None)
    assert (len(shown["tests"]), shown["hidden_tests"]) == (2, 3)
    assert (handed_in.status_code, by_body.status_code) == (202, 202)
    assert [body_of(post)["exercise_id"] for post in broker.posts] == [MADE, MADE]
    problem(await client.get(made, headers=BOB), 404)
    problem(await client.post(f"{made}/submissions", json={"code": "pass"}, headers=BOB), 404)
    assert fields(
        await client.post("/api/v1/exercises/submit", json={"exercise_id": MADE, "code": "pass"}, headers=BOB)
    ) == ["body.exercise_id"]


async def test_what_was_made_for_a_learner_is_listed_last_of_its_topic_without_its_secrets(
    client: httpx.AsyncClient, made: str
):
    listed = await listing(client)

    assert [each["id"] for each in listed if each["topic"] == "loops"][-1] == MADE
    assert [each["id"] for each in listed if each["id"] != MADE] == list(every_exercise())
    assert next(each for each in listed if each["id"] == MADE) == {
        "id": MADE, "topic": "loops", "title": "The sunniest days", "difficulty": "medium", "passed": False,
        "attempts": 0, "best_score": None,
    }  # fmt: skip


async def test_what_was_made_for_a_learner_is_in_nobody_elses_list(client: httpx.AsyncClient, made: str):
    theirs = await client.get("/api/v1/exercises", headers=BOB)

    assert {each["id"] for each in theirs.json()["exercises"]} == set(EVERY)


@pytest.mark.parametrize(
    ("query", "is_there"),
    [("?topic=loops", True), ("?topic=lists", False), ("?difficulty=medium", True), ("?difficulty=easy", False)],
)
async def test_the_list_is_narrowed_with_what_was_made_in_it(
    client: httpx.AsyncClient, made: str, query: str, is_there: bool
):
    assert (MADE in {each["id"] for each in await listing(client, query)}) is is_there


async def test_how_far_a_learner_is_with_what_was_made_for_them_is_listed(
    client: httpx.AsyncClient, db: psycopg.AsyncConnection, made: str
):
    await given_submission(db, "ada", MADE, score=40)

    seen = next(each for each in await listing(client, "?topic=loops") if each["id"] == MADE)

    assert (seen["attempts"], seen["best_score"], seen["passed"]) == (1, 40, False)


async def test_what_was_made_on_a_topic_that_the_course_has_closed_is_not_listed(
    client: httpx.AsyncClient, db: psycopg.AsyncConnection, made: str
):
    await db.execute("INSERT INTO users (id) VALUES ('tess')")
    await db.execute(
        "INSERT INTO courses (id, teacher_id, title, code, allowed_topics) VALUES ('c', 'tess', 'C', 'c', '{lists}')"
    )
    await db.execute("INSERT INTO enrolments (course_id, learner_id) VALUES ('c', 'ada')")

    assert {each["topic"] for each in await listing(client)} == {"lists"}


async def test_the_solution_of_what_was_made_is_shown_once_it_is_passed(
    client: httpx.AsyncClient, db: psycopg.AsyncConnection, made: str
):
    await given_submission(db, "ada", MADE, score=100)

    assert (await client.get(made, headers=ADA)).json()["solution"] == made_exercise().solution
