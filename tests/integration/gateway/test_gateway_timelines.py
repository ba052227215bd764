"""Timelines: what a learner did since they joined, as their teacher sees it, and neither code nor answers."""

from __future__ import annotations

import json
from typing import Any

import httpx
import psycopg
import pytest
from gateway_stage import QUESTION, RecordingBroker, fields, problem
from teaching_stage import COURSES, ada, given_course, root, tess, theo

pytestmark = pytest.mark.anyio


async def given_joined(db: psycopg.AsyncConnection, *learners: str) -> str:
    """Make it so that learners joined a course on the first of March; return its id."""
    course = await given_course(db, *learners)
    await db.execute("UPDATE enrolments SET joined_at = '2026-03-01T00:00Z'")
    return course


async def given_request(db: psycopg.AsyncConnection, id: str, at: str, kind: str = "question", **body: Any) -> None:
    """Make it so that ada asked for something."""
    await db.execute(
        "INSERT INTO requests (id, user_id, kind, body, body_hash, created_at) VALUES (%s, 'ada', %s, %s, '', %s)",
        [id, kind, json.dumps(body), at],
    )


async def given_session(db: psycopg.AsyncConnection) -> None:
    """Make it so that ada asked, erred, handed in, answered, moved a level and was seen to be stuck, in this order."""
    await given_request(db, "r-1", "2026-03-02T08:00Z", question="What is a loop?", code="secret = 1")
    await db.execute(
        "INSERT INTO messages (id, learner_id, request_id, type, body) VALUES ('m-1', 'ada', 'r-1', 't', %s)",
        [json.dumps({"topic": "loops", "explanation": "never shown"})],
    )
    await db.execute("UPDATE requests SET answer_message_id = 'm-1', status = 'answered', routed_to = 'concepts'")
    await db.execute("INSERT INTO error_occurrences (id, learner_id, error_type, line, code_hash, occurred_at)"
                     " VALUES ('e-1', 'ada', 'NameError', 3, '', '2026-03-02T09:00Z')")  # fmt: skip
    await db.execute(
        "INSERT INTO submissions (id, learner_id, exercise_id, attempt, code, status, score, passed, submitted_at)"
        " VALUES ('s-1', 'ada', 'loops/countdown', 1, 'hidden', 'graded', 50, false, '2026-03-02T10:00Z')"
    )
    await db.execute(
        "INSERT INTO quiz_answers VALUES ('ada', 'loops/range-stops-before', 2, false, true, '2026-03-02T11:00Z')"
    )
    for user, kind, title, evidence, at in (
        ("ada", "progress", "Congratulations", {"level": "green", "previous_level": "yellow", "mastery": 72}, "12:00"),
        ("tess", "struggle", "ada: the same error again and again", {}, "13:00"),
        ("ada", "struggle", "Kind words", {}, "13:00"),
        ("tess", "progress", "ada: green", {"level": "green", "mastery": 72}, "12:00"),
    ):
        await db.execute(
            "INSERT INTO alerts (id, user_id, about, kind, severity, title, message, evidence, created_at)"
            " VALUES (gen_random_uuid(), %s, 'ada', %s, 'warning', %s, 'never shown', %s, %s)",
            [user, kind, title, json.dumps(evidence), f"2026-03-02T{at}Z"],
        )


async def timeline(client: httpx.AsyncClient, course: str, query: str = "") -> dict[str, Any]:
    response = await client.get(f"{COURSES}/{course}/learners/ada/timeline{query}", headers=tess())
    assert response.status_code == 200, response.text
    document: dict[str, Any] = response.json()
    return document


async def test_a_timeline_tells_what_a_learner_did_the_latest_first(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    course = await given_joined(db, "ada", "bob")
    await given_session(db)

    document = await timeline(guarded, course)

    alert, moved, *rest = document["timeline"]
    day = "2026-03-02T"
    assert alert == {
        "kind": "alert", "id": alert["id"], "at": f"{day}13:00:00Z", "severity": "warning",
        "title": "ada: the same error again and again", "dismissed_at": None,
    }  # fmt: skip
    assert moved == {
        "kind": "level", "id": moved["id"], "at": f"{day}12:00:00Z", "level": "green", "previous_level": "yellow",
        "mastery": 72, "topic": None, "topic_level": None, "previous_topic_level": None, "topic_mastery": None,
    }  # fmt: skip
    assert rest == [
        {"kind": "quiz_answer", "id": "loops/range-stops-before", "at": f"{day}11:00:00Z",
         "question_id": "loops/range-stops-before", "correct": True, "first_correct": False, "times": 2},
        {"kind": "submission", "id": "s-1", "at": f"{day}10:00:00Z", "exercise_id": "loops/countdown", "attempt": 1,
         "status": "graded", "score": 50, "passed": False},
        {"kind": "error", "id": "e-1", "at": f"{day}09:00:00Z", "error_type": "NameError", "line": 3},
        {"kind": "question", "id": "r-1", "at": f"{day}08:00:00Z", "asked_for": "concepts", "status": "answered",
         "question": "What is a loop?", "topic": "loops"},
    ]  # fmt: skip
    assert document["next"] is None


async def test_pages_of_a_timeline_hold_everything_once_even_of_one_moment(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    course = await given_joined(db, "ada")
    await given_session(db)
    for number in range(5):
        await given_request(db, f"same-{number}", "2026-03-02T10:00Z", question="Again?")
    every = [(each["kind"], each["id"]) for each in (await timeline(guarded, course))["timeline"]]
    seen: list[tuple[str, str]] = []
    cursor = ""
    while True:
        page = await timeline(guarded, course, f"?limit=2{cursor}")
        seen += [(each["kind"], each["id"]) for each in page["timeline"]]
        await given_request(db, f"new-{len(seen)}", "2026-03-05T00:00Z", question="Meanwhile?")
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"

    assert len(every) == 11
    assert seen == every


async def test_what_was_before_a_learner_joined_is_not_their_teachers_business(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    course = await given_course(db, "ada")
    await given_session(db)
    await db.execute("UPDATE enrolments SET joined_at = '2026-03-02T09:30Z'")

    kinds = [each["kind"] for each in (await timeline(guarded, course))["timeline"]]

    assert kinds == ["alert", "level", "quiz_answer", "submission"]


async def test_neither_code_nor_answers_are_shown_and_of_a_long_question_the_beginning(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    course = await given_joined(db, "ada")
    await given_session(db)
    await given_request(db, "r-2", "2026-03-02T08:30Z", "debugging", question="ä" * 5000, code="secret = 2")
    await given_request(db, "r-3", "2026-03-02T08:31Z", "execution", code="secret = 3")

    response = await guarded.get(f"{COURSES}/{course}/learners/ada/timeline", headers=tess())

    assert [word for word in ("secret", "hidden", "never shown", "Kind words", "r-3") if word in response.text] == []
    (asked,) = [each for each in response.json()["timeline"] if each["id"] == "r-2"]
    assert (asked["asked_for"], asked["question"], asked["topic"]) == ("debugging", "ä" * 1000, None)


async def test_what_a_clock_puts_into_the_future_or_out_of_the_calendar_waits(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    course = await given_joined(db, "ada")
    for number, at in enumerate(("infinity", "-infinity", "0044-03-15 BC", "now() + interval '1 hour'")):
        moment = f"'{at}'" if not at.startswith("now") else at
        await db.execute(
            "INSERT INTO submissions (id, learner_id, exercise_id, attempt, code, submitted_at)"
            f" VALUES ('s-{number}', 'ada', 'loops/countdown', {number + 1}, '', {moment})"
        )

    assert await timeline(guarded, course) == {"timeline": [], "next": None}


async def test_a_question_that_was_just_asked_is_there(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection, answering: RecordingBroker
):
    course = await given_course(db, "ada")
    answered = await guarded.post("/api/v1/query", json=QUESTION, headers={**ada(), "Prefer": "wait=10"})
    assert answered.status_code == 200, answered.text

    (asked,) = (await timeline(guarded, course))["timeline"]

    assert (asked["question"], asked["topic"], asked["status"]) == (QUESTION["question"], "loops", "answered")


async def test_of_those_who_are_not_in_the_course_there_is_no_timeline(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    course = await given_joined(db, "ada")
    await given_course(db, "bob")

    for learner in ("bob", "nobody", "tess", "%00", "x" * 200):
        problem(await guarded.get(f"{COURSES}/{course}/learners/{learner}/timeline", headers=tess()), 404)
    problem(await guarded.get(f"{COURSES}/{course}/learners/ada/timeline", headers=theo()), 404)
    problem(await guarded.get(f"{COURSES}/{course}/learners/ada/timeline", headers=ada()), 403)
    assert (await guarded.get(f"{COURSES}/{course}/learners/ada/timeline", headers=root())).status_code == 200
    await guarded.delete(f"{COURSES}/{course}/learners/ada", headers=ada())
    problem(await guarded.get(f"{COURSES}/{course}/learners/ada/timeline", headers=tess()), 404)


@pytest.mark.parametrize("cursor", ["x", "WzEsMiwzXQ", "WyJub3ciLCJhIiwiYiJd", "WyIyMDI2LTAxLTAxIiwiYSIsImIiXQ"])
async def test_a_timelines_cursor_that_never_was_one_is_refused(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection, cursor: str
):
    course = await given_joined(db, "ada")

    response = await guarded.get(f"{COURSES}/{course}/learners/ada/timeline?cursor={cursor}", headers=tess())

    assert fields(response) == ["query.cursor"]
