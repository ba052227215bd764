"""Enrolments: learners join by a code, each once, and leave; two at once, or with a code that ends meanwhile, too."""

from __future__ import annotations

import asyncio

import httpx
import psycopg
import pytest
from gateway_stage import fields, problem
from identity_stage import as_person
from teaching_stage import COURSES, ENROLMENTS, ada, bob, given_course, join, new_course, tess, theo

from functions.gateway import course_queries

pytestmark = pytest.mark.anyio


async def enrolled(db: psycopg.AsyncConnection) -> list[tuple[str, str]]:
    cursor = await db.execute("SELECT course_id, learner_id FROM enrolments ORDER BY learner_id, course_id")
    return await cursor.fetchall()


async def test_joining_again_changes_nothing(guarded: httpx.AsyncClient, db: psycopg.AsyncConnection):
    course = await new_course(guarded)

    first, again = await join(guarded, course), await join(guarded, course)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert await enrolled(db) == [(course["id"], "ada")]


async def test_a_code_is_read_however_it_was_typed(guarded: httpx.AsyncClient):
    code = (await new_course(guarded))["code"]

    for typed in (code.lower(), f" {code[:4]}-{code[4:]} ", " ".join(code)):
        response = await guarded.post(ENROLMENTS, json={"code": typed}, headers=ada())
        assert response.status_code in {200, 201}, response.text


@pytest.mark.parametrize(
    "code", ["", "ABCDEFG", "ABCDEFGHJ", "ABCDEFG0", "23456789", "ÄBCDEFGH", "' OR true --", "\x00"]
)
async def test_a_code_that_no_course_has_is_not_found(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection, code: str
):
    await new_course(guarded)

    response = await guarded.post(ENROLMENTS, json={"code": code}, headers=ada())

    assert fields(response, 404) == ["body.code"]
    assert await enrolled(db) == []


NO_WISHES = [
    ({}, "body.code"),
    ({"code": 7}, "body.code"),
    ({"code": "x" * 65}, "body.code"),
    ({"code": "x", "learner_id": "bob"}, "body.learner_id"),
]


@pytest.mark.parametrize(("body", "field"), NO_WISHES)
async def test_what_is_no_wish_to_join_is_refused_by_its_field(
    guarded: httpx.AsyncClient, body: dict[str, object], field: str
):
    assert fields(await guarded.post(ENROLMENTS, json=body, headers=ada())) == [field]


async def test_a_class_that_joins_at_once_is_in_it_each_once(guarded: httpx.AsyncClient, db: psycopg.AsyncConnection):
    course = await new_course(guarded)
    everybody = [f"learner-{number:02}" for number in range(12)]

    answers = await asyncio.gather(*(join(guarded, course, as_person(name)) for name in everybody * 2))

    assert sorted(answer.status_code for answer in answers) == [200] * 12 + [201] * 12
    assert await enrolled(db) == [(course["id"], name) for name in everybody]


async def test_a_code_that_changes_meanwhile_lets_nobody_in_any_more(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection, database_url: str
):
    course = await new_course(guarded)
    async with await psycopg.AsyncConnection.connect(database_url) as renewing:
        await renewing.execute("UPDATE courses SET code = '23456789'")
        joining = asyncio.create_task(join(guarded, course))
        await until_somebody_waits(db)
        await renewing.commit()

    problem(await joining, 404)
    assert await enrolled(db) == []


async def test_a_course_that_ends_meanwhile_is_not_joined(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection, database_url: str
):
    course = await new_course(guarded)
    async with await psycopg.AsyncConnection.connect(database_url) as ending:
        await ending.execute("DELETE FROM courses")
        joining = asyncio.create_task(join(guarded, course))
        await until_somebody_waits(db)
        await ending.commit()

    problem(await joining, 404)


async def until_somebody_waits(db: psycopg.AsyncConnection) -> None:
    """Wait until a statement on this database waits for another's lock."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with asyncio.timeout(10):
        while (await (await db.execute(waiting)).fetchone()) == (0,):
            await asyncio.sleep(0.01)


async def test_a_full_course_takes_nobody_more_even_of_several_at_once(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(course_queries, "MOST_LEARNERS", 3)
    course = await new_course(guarded)

    answers = await asyncio.gather(*(join(guarded, course, as_person(f"learner-{n}")) for n in range(6)))

    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 3
    assert len(await enrolled(db)) == 3
    (_, one), *_ = await enrolled(db)
    assert (await join(guarded, course, as_person(one))).status_code == 200


async def test_nobody_is_in_more_courses_than_a_tutor_can_keep_to(
    guarded: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(course_queries, "MOST_JOINED", 1)
    first, second = await new_course(guarded), await new_course(guarded)
    await join(guarded, first)

    assert problem(await join(guarded, second), 409)["type"].endswith("too-many-courses")
    assert (await join(guarded, first)).status_code == 200


async def test_a_learner_leaves_and_a_teacher_takes_one_out(guarded: httpx.AsyncClient, db: psycopg.AsyncConnection):
    course = await given_course(db, "ada", "bob", "carla")
    here = f"{COURSES}/{course}/learners"

    assert (await guarded.delete(f"{here}/ada", headers=ada())).status_code == 204
    assert (await guarded.delete(f"{here}/bob", headers=tess())).status_code == 204

    assert await enrolled(db) == [(course, "carla")]
    problem(await guarded.delete(f"{here}/ada", headers=ada()), 404)
    problem(await guarded.delete(f"{here}/bob", headers=tess()), 404)
    problem(await guarded.delete(f"{here}/%00", headers=tess()), 404)
    problem(await guarded.delete(f"{COURSES}/no-such-course/learners/ada", headers=ada()), 404)


async def test_nobody_else_takes_a_learner_out(guarded: httpx.AsyncClient, db: psycopg.AsyncConnection):
    course = await given_course(db, "ada")

    problem(await guarded.delete(f"{COURSES}/{course}/learners/ada", headers=bob()), 403)
    problem(await guarded.delete(f"{COURSES}/{course}/learners/ada", headers=theo()), 404)

    assert await enrolled(db) == [(course, "ada")]


async def test_where_nobody_logs_in_learners_join_by_the_name_they_give(
    client: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    course = await given_course(db)
    await db.execute("UPDATE courses SET code = '23456789'")

    response = await client.post(ENROLMENTS, json={"code": "23456789"}, headers={"X-Learner-Id": "ada"})

    assert response.status_code == 201
    assert await enrolled(db) == [(course, "ada")]


async def test_how_far_a_learner_is_is_shown_to_those_who_teach_them_and_to_admins_alone(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    course = await given_course(db, "ada")
    await given_course(db, "bob", teacher="theo")
    here = "/api/v1/progress/ada"

    for who in (ada(), tess(), as_person("root", "admin")):
        response = await guarded.get(here, headers=who)
        assert (response.status_code, response.json()["overall"]["mastery"]) == (200, 0)
    for who in (bob(), theo(), as_person("lms", "service")):
        problem(await guarded.get(here, headers=who), 403)
    problem(await guarded.get("/api/v1/progress/%00", headers=tess()), 403)

    await guarded.delete(f"{COURSES}/{course}/learners/ada", headers=ada())
    problem(await guarded.get(here, headers=tess()), 403)
