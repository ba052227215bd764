"""Who may write to whom, and be told of whom: those who teach and those who learn from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx
import psycopg
import pytest
from gateway_stage import RecordingBroker, body_of, fields, problem
from identity_stage import as_person
from teaching_stage import COURSES, ada, bob, given_course, root, tess, theo

from functions.shared.alerting import AlertRequested

pytestmark = pytest.mark.anyio

HERE = "/api/v1/notifications"


async def send(client: httpx.AsyncClient, who: dict[str, str], *recipients: str) -> httpx.Response:
    notice = {"title": "Hello", "message": "…", "recipients": recipients}
    return await client.post(f"{HERE}/send", json=notice, headers=who)


async def subscribe(client: httpx.AsyncClient, who: dict[str, str], **wish: Any) -> httpx.Response:
    return await client.post(f"{HERE}/subscribe", json=wish, headers=who)


@pytest.mark.parametrize("path", ["send", "publish"])
async def test_a_message_to_whom_one_teaches_is_on_its_way_at_once(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection, broker: RecordingBroker, path: str
):
    await given_course(db, "ada")

    response = await guarded.post(
        f"{HERE}/{path}", json={"title": "Tutorial moved", "message": "To 10.", "recipients": ["ada"]}, headers=tess()
    )

    assert response.status_code == 202, response.text
    ((headers, _),) = broker.posts
    assert (headers["ce-type"], headers["ce-subject"]) == (AlertRequested.TYPE, "tess")
    assert body_of(broker.posts[0]) == {
        "title": "Tutorial moved", "message": "To 10.", "severity": "info", "recipients": ["ada"]
    }  # fmt: skip


WRITING: list[tuple[str, str, Sequence[str], Sequence[int]]] = [
    ("tess", "teacher", [], []),
    ("tess", "teacher", ["tess"], []),
    ("tess", "teacher", ["ada", "tess", "ada"], []),
    ("ada", "learner", ["tess"], []),
    ("root", "admin", ["ada", "bob", "nobody"], []),
    ("lms", "service", ["ada", "bob"], []),
    ("tess", "teacher", ["ada", "bob"], [1]),
    ("theo", "teacher", ["tess", "ada", "ada"], [0, 1, 2]),
    ("ada", "learner", ["bob", "tess", "carla", "theo"], [0, 2, 3]),
    ("tess", "learner", ["ada"], [0]),
]
"""Who writes, as what, to whom, and which of those they may not; ada and carla are in tess' course, bob in theo's."""


@pytest.mark.parametrize(("who", "role", "recipients", "refused"), WRITING)
async def test_one_writes_to_oneself_to_ones_teachers_and_to_whom_one_teaches(
    guarded: httpx.AsyncClient,
    db: psycopg.AsyncConnection,
    broker: RecordingBroker,
    who: str,
    role: Any,
    recipients: Sequence[str],
    refused: Sequence[int],
):
    await given_course(db, "ada", "carla")
    await given_course(db, "bob", teacher="theo")

    response = await send(guarded, as_person(who, role), *recipients)

    if refused:
        assert fields(response, 403) == [f"body.recipients.{place}" for place in refused]
    else:
        assert response.status_code == 202, response.text
    assert len(broker.posts) == (0 if refused else 1)


async def test_who_leaves_a_course_is_written_to_and_writes_no_more(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    course = await given_course(db, "ada")
    assert (await send(guarded, ada(), "tess")).status_code == 202

    await guarded.delete(f"{COURSES}/{course}/learners/ada", headers=ada())

    problem(await send(guarded, ada(), "tess"), 403)
    problem(await send(guarded, tess(), "ada"), 403)


async def test_one_subscribes_to_oneself_and_a_teacher_to_whom_they_teach(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    await given_course(db, "ada")

    own, one, every = [
        (await subscribe(guarded, tess(), **wish)).json() for wish in ({}, {"learner_id": "ada"}, {"learner_id": None})
    ]

    assert [each["learner_id"] for each in (own, one, every)] == ["tess", "ada", None]
    assert (await subscribe(guarded, tess(), learner_id=None)).json()["id"] == every["id"]
    assert own["kinds"] == ["struggle", "progress", "message"]
    assert (await subscribe(guarded, ada(), learner_id="ada")).status_code == 201
    assert (await subscribe(guarded, ada())).status_code == 201


@pytest.mark.parametrize(
    ("who", "role", "learner", "may"),
    [
        ("ada", "learner", "bob", False),
        ("ada", "learner", "tess", False),
        ("ada", "learner", None, False),
        ("tess", "learner", "ada", False),
        ("tess", "learner", None, False),
        ("tess", "teacher", "bob", False),
        ("tess", "teacher", "theo", False),
        ("tess", "teacher", "nobody", False),
        ("theo", "teacher", "ada", False),
        ("theo", "teacher", None, True),
        ("root", "admin", "ada", True),
        ("root", "admin", None, True),
        ("lms", "service", "ada", True),
        ("lms", "service", None, True),
    ],
)
async def test_nobody_is_told_of_those_who_are_not_theirs(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection, who: str, role: Any, learner: str | None, may: bool
):
    await given_course(db, "ada")
    await given_course(db, "bob", teacher="theo")

    response = await subscribe(guarded, as_person(who, role), learner_id=learner)

    if may:
        assert response.status_code == 201, response.text
    else:
        assert fields(response, 403) == ["body.learner_id"]
    cursor = await db.execute("SELECT count(*) FROM subscriptions")
    assert await cursor.fetchone() == (int(may),)


async def test_where_nobody_logs_in_everybody_is_a_learner(client: httpx.AsyncClient, db: psycopg.AsyncConnection):
    await given_course(db, "ada")

    problem(await subscribe(client, {"X-Learner-Id": "tess"}, learner_id="ada"), 403)
    problem(await subscribe(client, {"X-Learner-Id": "tess"}, learner_id=None), 403)
    assert (await send(client, {"X-Learner-Id": "ada"}, "tess")).status_code == 202


async def test_what_was_subscribed_to_can_be_ended_by_who_teaches_no_more(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    await given_course(db, "ada")
    made = (await subscribe(guarded, tess(), learner_id="ada")).json()
    await db.execute("DELETE FROM enrolments")

    problem(await subscribe(guarded, tess(), learner_id="ada"), 403)
    for who in (theo(), root(), bob()):
        problem(await guarded.delete(f"/api/v1/subscriptions/{made['id']}", headers=who), 404)
    assert (await guarded.delete(f"/api/v1/subscriptions/{made['id']}", headers=tess())).status_code == 204
