"""Courses: made, shown, changed and ended by those who teach them, and by nobody else."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace
from typing import Any

import httpx
import psycopg
import pytest
from gateway_stage import fields, problem, running
from identity_stage import as_person, locked
from teaching_stage import COURSES, ENROLMENTS, ada, given_course, join, new_course, root, tess, theo

from functions.gateway import courses
from functions.gateway.course_codes import read_code
from functions.gateway.course_queries import meet
from functions.shared.edge.tokens import Person
from functions.shared.settings import ModelSettings, Settings

pytestmark = pytest.mark.anyio


async def test_a_teacher_makes_a_course_that_learners_join_by_its_code(guarded: httpx.AsyncClient):
    response = await guarded.post(COURSES, json={"title": "Python 1b"}, headers=tess())

    assert response.status_code == 201, response.text
    made = response.json()
    assert made == {
        "id": made["id"], "teacher_id": "tess", "title": "Python 1b", "code": made["code"], "allowed_topics": None,
        "hint_policy": "all", "solution_policy": "after_passing", "model": True, "daily_model_answers": None,
        "daily_model_tokens": None, "daily_model_cost": None, "created_at": made["created_at"], "learners": 0,
        "model_today": {"answers": 0, "tokens": 0, "cost": 0},
    }  # fmt: skip
    assert read_code(made["code"]) == made["code"]
    assert response.headers["location"] == f"{COURSES}/{made['id']}"
    assert (await join(guarded, made)).status_code == 201
    assert (await guarded.get(response.headers["location"], headers=tess())).json() == {**made, "learners": 1}


async def test_a_course_holds_what_the_teacher_says_of_it(guarded: httpx.AsyncClient):
    wish = {"title": "Exam", "allowed_topics": ["loops", "lists", "loops"], "hint_policy": "staged",
            "solution_policy": "never", "model": False, "daily_model_answers": 0, "daily_model_tokens": 9}  # fmt: skip

    made = await new_course(guarded, **wish)

    assert {name: made[name] for name in wish} == {**wish, "allowed_topics": ["loops", "lists"]}


async def test_what_is_left_out_of_a_change_stays(guarded: httpx.AsyncClient):
    made = await new_course(guarded, allowed_topics=["loops"], daily_model_answers=7, daily_model_tokens=9)
    here = f"{COURSES}/{made['id']}"

    staged = (await guarded.patch(here, json={"hint_policy": "staged"}, headers=tess())).json()
    freed = (
        await guarded.patch(
            here, json={"allowed_topics": None, "daily_model_answers": None, "daily_model_tokens": None}, headers=tess()
        )
    ).json()
    nothing = await guarded.patch(here, json={}, headers=tess())

    assert staged == {**made, "hint_policy": "staged"}
    assert freed == {**staged, "allowed_topics": None, "daily_model_answers": None, "daily_model_tokens": None}
    assert nothing.json() == freed


async def test_where_there_are_prices_a_course_may_limit_what_its_answers_cost(here: Settings):
    priced = replace(locked(here), model=ModelSettings(price_out=10))
    async with running(priced) as client:
        made = await new_course(client, daily_model_cost=2.5)
        path = f"{COURSES}/{made['id']}"
        cheaper = (await client.patch(path, json={"daily_model_cost": 0.000_001}, headers=tess())).json()
        none = (await client.patch(path, json={"daily_model_cost": 0}, headers=tess())).json()
        freed = (await client.patch(path, json={"daily_model_cost": None}, headers=tess())).json()

    assert made["daily_model_cost"] == 2.5
    assert cheaper == {**made, "daily_model_cost": 0.000_001}
    assert none == {**made, "daily_model_cost": 0}
    assert freed == {**made, "daily_model_cost": None}


async def test_what_a_course_s_answers_may_cost_is_refused_where_nobody_knows_prices(guarded: httpx.AsyncClient):
    made = await new_course(guarded, daily_model_cost=None)

    refused = await guarded.patch(f"{COURSES}/{made['id']}", json={"daily_model_cost": 2.5}, headers=tess())

    assert "No prices of a language model are set up" in refused.json()["errors"][0]["message"]
    assert made["daily_model_cost"] is None


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"title": " "}, "body.title"),
    ({"title": "x" * 201}, "body.title"),
    ({"title": "two\nlines"}, "body.title"),
    ({"allowed_topics": ["loops", "knitting"]}, "body.allowed_topics.1"),
    ({"allowed_topics": []}, "body.allowed_topics"),
    ({"allowed_topics": "loops"}, "body.allowed_topics"),
    ({"hint_policy": "none"}, "body.hint_policy"),
    ({"solution_policy": "always"}, "body.solution_policy"),
    ({"model": "yes"}, "body.model"),
    ({"daily_model_answers": -1}, "body.daily_model_answers"),
    ({"daily_model_answers": 10**12}, "body.daily_model_answers"),
    ({"daily_model_answers": True}, "body.daily_model_answers"),
    ({"daily_model_tokens": -1}, "body.daily_model_tokens"),
    ({"daily_model_tokens": 10**10}, "body.daily_model_tokens"),
    ({"daily_model_cost": -0.01}, "body.daily_model_cost"),
    ({"daily_model_cost": 10**7}, "body.daily_model_cost"),
    ({"daily_model_cost": "2.50"}, "body.daily_model_cost"),
    ({"daily_model_cost": True}, "body.daily_model_cost"),
    ({"daily_model_cost": 2.5}, "body.daily_model_cost"),  # no prices are set up
    ({"code": "AAAAAAAA"}, "body.code"),
    ({"teacher_id": "theo"}, "body.teacher_id"),
]


@pytest.mark.parametrize(("wrong", "field"), WRONG)
async def test_what_a_course_cannot_be_is_refused_by_its_field(
    guarded: httpx.AsyncClient, wrong: dict[str, Any], field: str
):
    made = await new_course(guarded)

    assert fields(await guarded.post(COURSES, json={"title": "Python 1b", **wrong}, headers=tess())) == [field]
    assert fields(await guarded.patch(f"{COURSES}/{made['id']}", json=wrong, headers=tess())) == [field]
    assert (await guarded.get(f"{COURSES}/{made['id']}", headers=tess())).json() == made


@pytest.mark.parametrize("name", ["title", "hint_policy", "solution_policy", "model"])
async def test_what_a_course_must_have_cannot_be_taken_away(guarded: httpx.AsyncClient, name: str):
    made = await new_course(guarded)

    response = await guarded.patch(f"{COURSES}/{made['id']}", json={name: None}, headers=tess())

    assert fields(response) == ["body"]
    assert name in response.json()["errors"][0]["message"]


def every_deed(course: str) -> list[tuple[str, str, dict[str, Any] | None]]:
    """Return everything that a course's teacher alone may do with it."""
    here = f"{COURSES}/{course}"
    return [
        ("GET", here, None),
        ("PATCH", here, {"title": "Mine now"}),
        ("POST", f"{here}/code", None),
        ("GET", f"{here}/learners", None),
        ("GET", f"{here}/learners.csv", None),
        ("GET", f"{here}/learners/ada/timeline", None),
        ("DELETE", f"{here}/learners/ada", None),
        ("DELETE", here, None),
    ]


async def test_a_course_of_another_teacher_is_not_there(guarded: httpx.AsyncClient, db: psycopg.AsyncConnection):
    course = await given_course(db, "ada")

    for method, path, body in every_deed(course):
        problem(await guarded.request(method, path, json=body, headers=theo()), 404)

    assert (await guarded.get(f"{COURSES}/{course}", headers=tess())).json()["learners"] == 1


async def test_learners_see_and_change_no_course_as_a_teacher_does(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    course = await given_course(db, "ada", "bob")

    for method, path, body in every_deed(course):
        if (method, path) != ("DELETE", f"{COURSES}/{course}/learners/ada"):
            problem(await guarded.request(method, path, json=body, headers=ada()), 403)
    problem(await guarded.delete(f"{COURSES}/{course}/learners/bob", headers=ada()), 403)
    problem(await guarded.post(COURSES, json={"title": "Mine"}, headers=ada()), 403)

    assert (await guarded.get(f"{COURSES}/{course}", headers=tess())).json()["learners"] == 2


async def test_a_teacher_who_is_none_any_more_has_no_courses(guarded: httpx.AsyncClient, db: psycopg.AsyncConnection):
    course = await given_course(db, "ada")
    demoted = as_person("tess")

    assert (await guarded.get(COURSES, headers=demoted)).json()["teaching"] == []
    problem(await guarded.get(f"{COURSES}/{course}", headers=demoted), 403)
    problem(await guarded.delete(f"{COURSES}/{course}/learners/ada", headers=demoted), 403)
    problem(await guarded.get("/api/v1/progress/ada", headers=demoted), 403)


async def test_an_admin_is_the_teacher_of_every_course(guarded: httpx.AsyncClient, db: psycopg.AsyncConnection):
    course, other = await given_course(db, "ada"), await given_course(db, teacher="theo")

    listed = (await guarded.get(COURSES, headers=root())).json()["teaching"]

    assert [each["id"] for each in listed] == [other, course]
    for method, path, body in every_deed(course):
        response = await guarded.request(method, path, json=body, headers=root())
        assert response.status_code in {200, 204}, (method, path, response.text)


async def test_nobody_without_a_token_gets_anywhere(guarded: httpx.AsyncClient, db: psycopg.AsyncConnection):
    course = await given_course(db, "ada")

    for method, path, body in [*every_deed(course), ("GET", COURSES, None), ("POST", ENROLMENTS, {"code": "x"})]:
        problem(await guarded.request(method, path, json=body), 401)


@pytest.mark.parametrize("strange", ["no-such-id", str(uuid.UUID(int=0)), "%00", "x" * 300])
async def test_what_is_no_courses_id_is_not_found(guarded: httpx.AsyncClient, strange: str):
    for method, path, body in every_deed(strange):
        problem(await guarded.request(method, path, json=body, headers=tess()), 404)


async def test_courses_are_listed_a_page_at_a_time_the_latest_first(guarded: httpx.AsyncClient):
    made = [(await new_course(guarded, title=f"Python {number}"))["id"] for number in range(5)]
    await new_course(guarded, theo())
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await guarded.get(f"{COURSES}?limit=2{cursor}", headers=tess())).json()
        seen += [each["id"] for each in page["teaching"]]
        await new_course(guarded)
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"

    assert seen == made[::-1]


@pytest.mark.parametrize("cursor", ["x", "W10", "bnVsbA", "WzEsMl0", "%00", "WyIyMDI2IiwgIngiXQ"])
async def test_a_cursor_that_never_was_one_is_refused(guarded: httpx.AsyncClient, cursor: str):
    assert fields(await guarded.get(f"{COURSES}?cursor={cursor}", headers=tess())) == ["query.cursor"]


async def test_those_who_are_in_a_course_see_what_it_lets_them_do_and_not_its_code(guarded: httpx.AsyncClient):
    made = await new_course(guarded, allowed_topics=["loops"], model=False)
    joined = (await join(guarded, made)).json()

    listed = (await guarded.get(COURSES, headers=ada())).json()

    assert listed == {"teaching": [], "joined": [joined], "next": None}
    assert joined == {
        "id": made["id"], "title": "Python 1b", "teacher_id": "tess", "teacher_name": None,
        "allowed_topics": ["loops"], "hint_policy": "all", "solution_policy": "after_passing", "model": False,
        "joined_at": joined["joined_at"],
    }  # fmt: skip
    assert (await guarded.get(COURSES, headers=tess())).json()["joined"] == []


async def test_a_new_code_ends_the_old_one_and_keeps_who_is_in(guarded: httpx.AsyncClient):
    made = await new_course(guarded)
    await join(guarded, made)

    renewed = (await guarded.post(f"{COURSES}/{made['id']}/code", headers=tess())).json()

    assert renewed == {**made, "code": renewed["code"], "learners": 1}
    assert renewed["code"] != made["code"]
    problem(await join(guarded, made, as_person("carla")), 404)
    assert (await join(guarded, renewed, as_person("carla"))).status_code == 201


async def test_a_code_that_is_taken_is_not_given_twice(guarded: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch):
    first = await new_course(guarded)
    codes = iter([first["code"], first["code"], "23456789", first["code"], "98765432"])
    monkeypatch.setattr(courses, "new_code", lambda: next(codes))

    second = await new_course(guarded)
    renewed = (await guarded.post(f"{COURSES}/{second['id']}/code", headers=tess())).json()

    assert (second["code"], renewed["code"]) == ("23456789", "98765432")


async def test_a_course_for_which_no_code_is_found_is_not_made(
    guarded: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
):
    first = await new_course(guarded)
    monkeypatch.setattr(courses, "new_code", lambda: first["code"])

    problem(await guarded.post(COURSES, json={"title": "Another"}, headers=tess()), 503)

    assert len((await guarded.get(COURSES, headers=tess())).json()["teaching"]) == 1


async def test_a_course_that_ends_leaves_its_learners_as_they_are(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    course = await given_course(db, "ada")

    response = await guarded.delete(f"{COURSES}/{course}", headers=tess())

    assert (response.status_code, response.content) == (204, b"")
    problem(await guarded.delete(f"{COURSES}/{course}", headers=tess()), 404)
    assert (await guarded.get(COURSES, headers=ada())).json()["joined"] == []
    cursor = await db.execute("SELECT count(*) FROM users WHERE id = 'ada'")
    assert await cursor.fetchone() == (1,)


async def test_two_changes_at_once_are_both_kept(guarded: httpx.AsyncClient):
    here = f"{COURSES}/{(await new_course(guarded))['id']}"

    await asyncio.gather(
        guarded.patch(here, json={"title": "Python 1c"}, headers=tess()),
        guarded.patch(here, json={"model": False}, headers=tess()),
        guarded.post(f"{here}/code", headers=tess()),
    )

    changed = (await guarded.get(here, headers=tess())).json()
    assert (changed["title"], changed["model"]) == ("Python 1c", False)


async def test_a_teacher_whom_another_issuer_speaks_for_is_one_here_from_their_first_course_on(
    db: psycopg.AsyncConnection,
):
    async def role() -> str:
        row = await (await db.execute("SELECT role FROM users WHERE id = 'tess'")).fetchone()
        assert row is not None
        return str(row[0])

    for person, kept in (
        (Person("tess", "learner", is_outside=True), "learner"),
        (Person("tess", "teacher", is_outside=True), "teacher"),
        (Person("tess", "learner"), "teacher"),
        (Person("tess", "learner", is_outside=True), "learner"),
    ):
        await meet(db, person)
        assert await role() == kept


async def test_a_teacher_sees_what_a_course_had_of_a_model_today(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    made = await new_course(guarded)
    await db.execute(
        "INSERT INTO course_quotas VALUES (%(id)s, (now() AT TIME ZONE 'UTC')::date, 3, 900, 2500000),"
        " (%(id)s, '2020-01-01', 7, 7, 7)",
        {"id": made["id"]},
    )

    shown = (await guarded.get(f"{COURSES}/{made['id']}", headers=tess())).json()
    (listed,) = (await guarded.get(COURSES, headers=tess())).json()["teaching"]

    assert shown["model_today"] == listed["model_today"] == {"answers": 3, "tokens": 900, "cost": 2.5}
