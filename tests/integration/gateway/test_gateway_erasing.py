"""Whoever wants to be forgotten is: in no column of any table is anything that tells of them, and nothing gets in."""

from __future__ import annotations

import hashlib

import httpx
import psycopg
import pytest
from gateway_stage import problem
from identity_stage import as_person, log_in, me, refresh, register
from privacy_stage import MARK, USERNAME, Life, everywhere

from functions.gateway.exported import PARTS

pytestmark = pytest.mark.anyio


async def test_nothing_anywhere_tells_of_who_is_deleted(life: Life, db: psycopg.AsyncConnection) -> None:
    for part in PARTS:
        assert await (await db.execute(part.query, {"person": life.id})).fetchall(), part.member
    hidden = {"name hash": hashlib.sha256(USERNAME.encode()).hexdigest()}
    assert all([await everywhere(db, needle) for needle in [*life.needles.values(), *hidden.values()]])

    assert (await life.delete()).status_code == 204

    for what, needle in (life.needles | hidden).items():
        assert not await everywhere(db, needle), what


async def test_what_others_have_is_left_but_for_the_name(life: Life, db: psycopg.AsyncConnection) -> None:
    alert = "SELECT id, body -> 'recipients' FROM requests WHERE kind = 'alert' AND user_id = 'bob'"
    ((request_id, told),) = await (await db.execute(alert)).fetchall()
    assert told == [life.id, "tess"]

    await life.delete()

    assert await (await db.execute(alert)).fetchall() == [(request_id, ["(deleted)", "tess"])]
    raised = "SELECT event #> '{data,recipients}' FROM events WHERE type = 'org.learnflow.alert.raised.v1'"
    lists = [told for (told,) in await (await db.execute(f"{raised} AND learner_id = 'bob'")).fetchall()]
    assert [[each["user_id"] for each in told] for told in lists] == [["(deleted)", "tess"]]
    assert await rows(db, "SELECT id FROM users ORDER BY id") == [("bob",), ("tess",)]
    assert await rows(db, "SELECT learner_id FROM enrolments") == [("bob",)]  # in the course of tess
    shown = await life.client.get(f"/api/v1/requests/{request_id}", headers=life.bob)
    assert [each["user_id"] for each in shown.json()["answer"]["recipients"]] == ["(deleted)", "tess"]


async def test_the_audit_log_keeps_what_happened_when_and_nothing_else(life: Life, db: psycopg.AsyncConnection) -> None:
    theirs = f"learner_id = '{life.id}' OR learner_id IS NULL"
    before = await rows(db, f"SELECT type, time FROM events WHERE {theirs} ORDER BY time, type")
    await db.execute(
        "INSERT INTO events (source, id, type, learner_id, correlation_id, time, event)"
        " VALUES ('/s', 'x', %s, %s, 'x', 'infinity', '{}')",
        [f"of.{MARK}", life.id],
    )

    await life.delete()

    after = await rows(db, "SELECT type, time FROM events WHERE learner_id IS NULL AND time < 'infinity'")
    assert sorted(after, key=lambda row: (row[1], row[0])) == before
    columns = "source, correlation_id, learner_id, event"
    assert await rows(db, f"SELECT DISTINCT {columns} FROM events WHERE learner_id IS NULL") == [
        ("/learnflow/erased", "", None, {})
    ]
    assert await rows(db, "SELECT type FROM events WHERE time = 'infinity'") == [("other",)]


async def test_only_the_password_opens_the_door_and_a_wrong_one_counts(life: Life) -> None:
    problem(await life.delete(confirm="delete"), 422)
    for _ in range(3):
        assert problem(await life.delete(password="not-the-password"), 403)["type"].endswith("wrong-password")
    locked = [(await life.delete(password="not-the-password")).status_code for _ in range(3)]

    assert locked[-1] == 429
    assert (await me(life.client, life.login)).status_code == 200


async def test_a_token_that_is_good_still_opens_nothing(life: Life) -> None:
    await life.delete()

    asked = await life.client.post("/api/v1/query", json={"question": "Am I here?"}, headers=life.headers)
    assert problem(asked, 410)["type"] == "urn:learnflow:problem:deleted"
    problem(await life.client.get("/api/v1/me/export", headers=life.headers), 410)
    problem(await life.delete(confirm="delete"), 410)
    problem(await life.client.patch("/api/v1/me", json={"time_zone": "UTC"}, headers=life.headers), 410)
    problem(await life.client.post("/api/v1/courses", json={"title": "Again"}, headers=life.as_teacher), 410)
    problem(await refresh(life.client, life.login), 401)
    problem(await log_in(life.client, USERNAME), 401)
    assert not await everywhere(life.db, life.id)


async def test_the_name_is_free_again_and_the_id_is_not(life: Life) -> None:
    await life.delete()

    assert (await register(life.client, USERNAME))["user"]["id"] != life.id


async def test_what_is_under_way_is_refused(life: Life) -> None:
    answer = await life.client.post("/api/v1/query", json={"question": f"{MARK}?"}, headers=life.headers)
    assert answer.status_code == 202

    await life.delete()

    assert set(life.everybody.spread(*life.broker.posts[-1])) == {422}
    assert not await everywhere(life.db, MARK)


async def test_who_logs_in_elsewhere_says_a_word(guarded: httpx.AsyncClient, db: psycopg.AsyncConnection) -> None:
    elsewhere = as_person("u-elsewhere")
    await guarded.patch("/api/v1/me", json={"time_zone": "Europe/Vienna"}, headers=elsewhere)

    for body in ({}, {"confirm": "please"}, {"password": "whatever-it-is"}):
        problem(await guarded.request("DELETE", "/api/v1/me", json=body, headers=elsewhere), 422)
    done = await guarded.request("DELETE", "/api/v1/me", json={"confirm": "delete"}, headers=elsewhere)

    assert (done.status_code, done.content) == (204, b"")
    assert await rows(db, "SELECT id FROM users") == []
    problem(await guarded.request("DELETE", "/api/v1/me", json={"confirm": "delete"}, headers=elsewhere), 410)


async def test_nobody_in_particular_is_not_deleted(client: httpx.AsyncClient, db: psycopg.AsyncConnection) -> None:
    await client.post("/api/v1/query", json={"question": "Who am I?"})

    problem(await client.request("DELETE", "/api/v1/me", json={"confirm": "delete"}), 403)
    assert await rows(db, "SELECT id FROM users") == [("demo",)]


async def rows(db: psycopg.AsyncConnection, query: str) -> list[tuple[object, ...]]:
    return await (await db.execute(query)).fetchall()
