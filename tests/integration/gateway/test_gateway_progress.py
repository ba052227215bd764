"""Progress: shown to its learner alone as of their today, and what they did elsewhere is told on, once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psycopg
import pytest
from gateway_stage import QUESTION, RecordingBroker, body_of, fields, posted, problem, running
from gateway_stage import settings as settings_of

from functions.progress.handler import HANDLERS as PROGRESS
from functions.shared.database import PostgreSQL
from functions.shared.serving import Function
from functions.shared.standing.mastery import level, mastery
from functions.shared.standing.sums import Sums

pytestmark = pytest.mark.anyio

ADA = {"X-Learner-Id": "ada"}
HERE = "/api/v1/progress"
ADAS = f"{HERE}/ada"
FAR_EAST, FAR_WEST = "Etc/GMT-14", "Etc/GMT+12"
"""Zones whose days are never the same."""

LOOPS = Sums(exercises=2, score_sum=160, answers=4, right_answers=3, programs=1, quality_sum=90, passed_alone=1)
LISTS = Sums(exercises=1, score_sum=30)
DECORATORS = Sums(answers=1, right_answers=1)


@pytest.fixture
def counting(broker: RecordingBroker, database_url: str) -> Iterator[RecordingBroker]:
    """A broker behind which progress counts."""
    database = PostgreSQL(database_url)
    function = Function("progress", PROGRESS, db=database)

    async def count(headers: dict[str, str], body: bytes) -> None:
        await asyncio.to_thread(function.answer, posted(headers, body))

    broker.on_post = count
    yield broker
    database.close()


async def given_learner(db: psycopg.AsyncConnection, *, time_zone: str = "UTC") -> None:
    await db.execute("INSERT INTO users (id, time_zone) VALUES ('ada', %s)", [time_zone])


async def given_days(db: psycopg.AsyncConnection, *days_ago: int, time_zone: str = "UTC") -> None:
    """Make it so that ada did something on days, counted back from her today."""
    await db.execute(
        "INSERT INTO activity_days (learner_id, day)"
        " SELECT 'ada', (now() AT TIME ZONE %s)::date - ago FROM unnest(%s::integer[]) AS ago",
        [time_zone, list(days_ago)],
    )


async def given_shown(db: psycopg.AsyncConnection, **by_topic: Sums) -> None:
    """Make it so that ada has shown something of topics; `overall` is all of it together."""
    for topic, shown in by_topic.items():
        await db.execute(
            "INSERT INTO progress (learner_id, topic, exercises, score_sum, answers, right_answers, programs,"
            " quality_sum, passed_alone, last_day)"
            " VALUES ('ada', %s, %s, %s, %s, %s, %s, %s, %s, (now() AT TIME ZONE 'UTC')::date)",
            [
                "" if topic == "overall" else topic,
                shown.exercises, shown.score_sum, shown.answers, shown.right_answers, shown.programs,
                shown.quality_sum, shown.passed_alone,
            ],
        )  # fmt: skip


async def standing(client: httpx.AsyncClient) -> dict[str, Any]:
    response = await client.get(ADAS, headers=ADA)
    assert response.status_code == 200, response.text
    assert response.headers["cache-control"] == "no-store"
    shown: dict[str, Any] = response.json()
    return shown


async def test_whoever_was_never_here_stands_at_nothing(client: httpx.AsyncClient):
    shown = await standing(client)

    assert (shown["overall"]["mastery"], shown["overall"]["level"]) == (0, "red")
    assert shown["overall"]["because"] == "Nothing has been graded, answered or reviewed yet."
    assert (shown["topics"], shown["streak"], shown["active_days"]) == ([], 0, 0)
    assert shown["as_of"] == datetime.now(UTC).date().isoformat()


async def test_mastery_is_shown_overall_and_by_topic_with_what_it_is_made_of(
    client: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    await given_learner(db)
    await given_days(db, 0, 1, 2, 4, 29, 30, 400)
    await given_shown(db, overall=LOOPS + LISTS + DECORATORS, lists=LISTS, decorators=DECORATORS, loops=LOOPS)

    shown = await standing(client)

    assert (shown["streak"], shown["active_days"]) == (3, 5)
    assert [topic["topic"] for topic in shown["topics"]] == ["lists", "loops", "decorators"]
    assert [topic["mastery"] for topic in shown["topics"]] == [mastery(each, 5) for each in (LISTS, LOOPS, DECORATORS)]
    loops, overall = shown["topics"][1], shown["overall"]
    assert (loops["title"], loops["passed_alone"], loops["certainty"]) == ("Loops", 1, "medium")
    assert loops["level"] == level(loops["mastery"]) == "green"
    assert {name: loops[name]["value"] for name in ("exercises", "quizzes", "quality", "consistency")} == {
        "exercises": 80, "quizzes": 75, "quality": 90, "consistency": 17,
    }  # fmt: skip
    assert {name: (overall[name]["weight"], overall[name]["data"]) for name in ("exercises", "quizzes", "quality")} == {
        "exercises": (0.4, 3), "quizzes": (0.3, 5), "quality": (0.2, 1),
    }  # fmt: skip
    assert overall["mastery"] == mastery(LOOPS + LISTS + DECORATORS, 5)


async def test_what_is_no_longer_taught_is_told_last_by_its_id(client: httpx.AsyncClient, db: psycopg.AsyncConnection):
    await given_learner(db)
    await given_shown(db, overall=LISTS + LISTS, abacus=LISTS, lists=LISTS)

    assert [(topic["topic"], topic["title"]) for topic in (await standing(client))["topics"]] == [
        ("lists", "Lists"),
        ("abacus", "abacus"),
    ]


@pytest.mark.parametrize("time_zone", [FAR_EAST, FAR_WEST])
async def test_today_is_the_learners_own(client: httpx.AsyncClient, db: psycopg.AsyncConnection, time_zone: str):
    await given_learner(db, time_zone=time_zone)
    await given_days(db, 0, time_zone=time_zone)

    shown = await standing(client)

    row = await (await db.execute("SELECT (now() AT TIME ZONE %s)::date", [time_zone])).fetchone()
    assert row is not None
    assert (shown["as_of"], shown["streak"], shown["active_days"]) == (row[0].isoformat(), 1, 1)


@pytest.mark.parametrize("asking", [{"X-Learner-Id": "bob"}, {}])
async def test_somebody_elses_progress_is_not_shown(
    doorstep: httpx.AsyncClient, broker: RecordingBroker, asking: dict[str, str]
):
    said = problem(await doorstep.get(ADAS, headers=asking), 403)

    assert said["type"] == "urn:learnflow:problem:not-yours"


async def test_progress_that_cannot_be_read_is_a_problem_for_later(doorstep: httpx.AsyncClient):
    response = await doorstep.get(ADAS, headers=ADA)

    assert problem(response, 503)["title"] == "Not available right now"
    assert response.headers["retry-after"]


async def test_an_activity_is_told_on_under_the_time_it_happened(client: httpx.AsyncClient, broker: RecordingBroker):
    occurred_at = datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)
    body = {"activity_type": "video_watched", "score": 80, "topic": "loops", "occurred_at": occurred_at.isoformat()}
    response = await client.post(HERE, json=body, headers=ADA)

    taken = response.json()
    assert (response.status_code, response.headers["location"]) == (202, ADAS)
    assert taken == {"id": taken["id"], "status": "accepted", "links": {"self": ADAS}}
    (event,) = [headers for headers, _ in broker.posts]
    assert (event["ce-type"], event["ce-subject"]) == ("org.learnflow.activity.recorded.v1", "ada")
    assert (event["ce-id"], event["ce-correlationid"]) == (taken["id"], taken["id"])
    assert datetime.fromisoformat(event["ce-time"]) == occurred_at
    assert body_of(broker.posts[0]) == {"activity_type": "video_watched", "score": 80.0, "topic": "loops"}


async def test_an_activity_without_a_time_is_of_now(client: httpx.AsyncClient, broker: RecordingBroker):
    before = datetime.now(UTC)
    await client.post(HERE, json={"activity_type": "video"}, headers=ADA)

    assert before <= datetime.fromisoformat(broker.posts[0][0]["ce-time"]) <= datetime.now(UTC)


async def test_an_activity_needs_no_database_and_leaves_no_request(
    doorstep: httpx.AsyncClient, client: httpx.AsyncClient, db: psycopg.AsyncConnection, broker: RecordingBroker
):
    assert (await doorstep.post(HERE, json={"activity_type": "video"}, headers=ADA)).status_code == 202
    taken = (await client.post(HERE, json={"activity_type": "video"}, headers=ADA)).json()

    assert len(broker.posts) == 2
    assert problem(await client.get(f"/api/v1/requests/{taken['id']}", headers=ADA), 404)
    assert await (await db.execute("SELECT count(*) FROM requests")).fetchone() == (0,)


async def test_the_day_of_an_activity_counts_and_its_score_does_not(
    client: httpx.AsyncClient, db: psycopg.AsyncConnection, counting: RecordingBroker
):
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    for body in (
        {"activity_type": "video", "score": 100, "topic": "loops"},
        {"activity_type": "video", "occurred_at": yesterday},
    ):
        assert (await client.post(HERE, json=body, headers=ADA)).status_code == 202
    await counting.settle()

    shown = await standing(client)
    assert (shown["streak"], shown["active_days"], shown["topics"]) == (2, 2, [])
    assert shown["overall"]["exercises"]["data"] == shown["overall"]["quizzes"]["data"] == 0


async def test_one_key_with_one_body_is_one_activity_and_with_another_body_another(
    client: httpx.AsyncClient, broker: RecordingBroker
):
    async def tell(learner: str = "ada", **body: Any) -> str:
        headers = {"X-Learner-Id": learner, "Idempotency-Key": "k-1"}
        taken: str = (await client.post(HERE, json=body, headers=headers)).json()["id"]
        return taken

    first, again = await tell(activity_type="video"), await tell(activity_type="video", score=None)
    others = [await tell(activity_type="book"), await tell("bob", activity_type="video")]

    assert first == again
    assert len({first, *others}) == 3
    assert broker.ids == [first, again, *others]


async def test_a_key_that_was_a_questions_is_not_mistaken_for_it(client: httpx.AsyncClient, broker: RecordingBroker):
    keyed = {**ADA, "Idempotency-Key": "k-1"}
    asked = await client.post("/api/v1/query", json=QUESTION, headers=keyed)
    told = await client.post(HERE, json={"activity_type": "video"}, headers=keyed)

    assert (asked.status_code, told.status_code) == (202, 202)
    assert len(set(broker.ids)) == 2


async def test_where_the_broker_does_not_take_it_its_teller_is_told_to_send_it_again(
    client: httpx.AsyncClient, broker: RecordingBroker
):
    keyed = {**ADA, "Idempotency-Key": "k-1"}
    broker.says = [400]
    refused = await client.post(HERE, json={"activity_type": "video"}, headers=keyed)
    taken = await client.post(HERE, json={"activity_type": "video"}, headers=keyed)

    said = problem(refused, 503)
    assert said["type"] == "urn:learnflow:problem:not-taken"
    assert refused.headers["retry-after"]
    assert broker.ids == [taken.json()["id"]] * 2


async def test_without_a_broker_nothing_is_taken(database_url: str):
    async with running(settings_of(database_url=database_url, broker_url="http://127.0.0.1:1/")) as client:
        response = await client.post(HERE, json={"activity_type": "video"}, headers=ADA)

    assert problem(response, 503)["type"] == "urn:learnflow:problem:not-taken"


def ago(**span: float) -> str:
    return (datetime.now(UTC) - timedelta(**span)).isoformat()


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, ["body.activity_type"]),
        ({"activity_type": ""}, ["body.activity_type"]),
        ({"activity_type": " \n"}, ["body.activity_type"]),
        ({"activity_type": "x" * 65}, ["body.activity_type"]),
        ({"activity_type": 7}, ["body.activity_type"]),
        ({"activity_type": "video", "score": 101}, ["body.score"]),
        ({"activity_type": "video", "score": -1}, ["body.score"]),
        ({"activity_type": "video", "score": "80"}, ["body.score"]),
        ({"activity_type": "video", "topic": "knitting"}, ["body.topic"]),
        ({"activity_type": "video", "topic": "generators"}, ["body.topic"]),
        ({"activity_type": "video", "topic": ""}, ["body.topic"]),
        ({"activity_type": "video", "occurred_at": "yesterday"}, ["body.occurred_at"]),
        ({"activity_type": "video", "occurred_at": "2026-03-20T12:00:00"}, ["body.occurred_at"]),
        ({"activity_type": "video", "occurred_at": ago(hours=-1)}, ["body.occurred_at"]),
        ({"activity_type": "video", "occurred_at": ago(days=366)}, ["body.occurred_at"]),
        ({"activity_type": "video", "occurred_at": "9999-12-31T23:59:59-12:00"}, ["body.occurred_at"]),
        ({"activity_type": "video", "occurred_at": "0001-01-01T00:00:00+12:00"}, ["body.occurred_at"]),
        ({"activity_type": "video", "student_id": "bob"}, ["body.student_id"]),
    ],
)
async def test_an_activity_that_cannot_be_names_its_field(
    doorstep: httpx.AsyncClient, broker: RecordingBroker, body: Any, named: list[str]
):
    assert fields(await doorstep.post(HERE, json=body, headers=ADA)) == named
    assert problem(await doorstep.post(HERE, content=json.dumps(body), headers=ADA), 415)
    assert broker.posts == []


async def test_the_clock_of_whoever_tells_may_be_a_little_ahead(client: httpx.AsyncClient, broker: RecordingBroker):
    response = await client.post(HERE, json={"activity_type": "video", "occurred_at": ago(seconds=-20)}, headers=ADA)

    assert response.status_code == 202
    assert datetime.fromisoformat(broker.posts[0][0]["ce-time"]) <= datetime.now(UTC)


async def test_an_activity_of_almost_a_year_ago_is_taken(client: httpx.AsyncClient, counting: RecordingBroker):
    body = {"activity_type": "video", "occurred_at": ago(days=364, hours=22)}
    assert (await client.post(HERE, json=body, headers=ADA)).status_code == 202
    await counting.settle()

    shown = await standing(client)
    assert (shown["streak"], shown["active_days"]) == (0, 0)
