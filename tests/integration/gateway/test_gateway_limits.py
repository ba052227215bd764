"""Nobody asks more often than they may, whichever replica they ask, and nobody pays for what others ask."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psycopg
import pytest
from gateway_gate import Gate
from gateway_stage import QUESTION, problem, running
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st
from identity_stage import as_person, locked

from functions.shared.edge.limits import Limit, taken, wait_seconds
from functions.shared.edge.rate_queries import take
from functions.shared.rates import Rate, Rates
from functions.shared.settings import ModelSettings, Settings

pytestmark = pytest.mark.anyio

PLENTY = Rate(1_000_000, 100_000)
NONE = Rate(1, 1)
LIMITS = "/api/v1/me/limits"
LOOK = "/api/v1/requests/none"
ADA, BOB = {"X-Learner-Id": "ada"}, {"X-Learner-Id": "bob"}


def rated(here: Settings, **rates: Rate) -> Settings:
    """Return settings under which everybody may ask as often as they like but for the rates that are named."""
    everything = dict.fromkeys(("person", "service", "address", "log_in"), PLENTY)
    return replace(here, rates=Rates(**{**everything, **rates}))


async def asked(client: httpx.AsyncClient, times: int, **headers: str) -> Counter[int]:
    """Ask so many times at once; return how often each status was the answer."""
    responses = await asyncio.gather(*(client.get(LOOK, headers=headers) for _ in range(times)))
    return Counter(response.status_code for response in responses)


async def test_replicas_share_what_somebody_has_left(here: Settings):
    few = rated(here, person=Rate(1, 10))
    async with running(few) as one, running(few) as other:
        first, second = await asyncio.gather(asked(one, 20, **ADA), asked(other, 20, **ADA))
        bobs = await asked(one, 10, **BOB)

    assert first + second == {404: 10, 429: 30}
    assert bobs == {404: 10}


async def test_a_refusal_says_which_limit_it_was_and_when_to_try_again(here: Settings):
    async with running(rated(here, person=Rate(2, 1))) as client:
        await client.get(LOOK, headers=ADA)
        response = await client.get(LOOK, headers={**ADA, "Origin": "http://localhost:3000"})

    document = problem(response, 429)
    assert document["type"] == "urn:learnflow:problem:too-often"
    assert document["limit"] == "person"
    assert "2 times a minute" in document["detail"]
    assert 29 <= int(response.headers["retry-after"]) <= 30
    assert response.headers["access-control-allow-origin"] == "http://localhost:3000"
    assert "Retry-After" in response.headers["access-control-expose-headers"]


async def test_those_behind_one_address_share_its_limit(here: Settings):
    async with running(rated(here, address=Rate(1, 5))) as client:
        statuses = [(await client.get(LOOK, headers={"X-Learner-Id": f"l{n}"})).status_code for n in range(7)]
        refused = await client.get(LOOK, headers={"X-Learner-Id": "l8"})

    assert statuses == [404] * 5 + [429] * 2
    assert problem(refused, 429)["limit"] == "address"


async def test_who_asks_too_often_uses_up_nothing_that_others_share(here: Settings):
    async with running(rated(here, person=Rate(1, 2), address=Rate(1, 4))) as client:
        assert await asked(client, 50, **ADA) == {404: 2, 429: 48}
        assert await asked(client, 2, **BOB) == {404: 2}
        assert await asked(client, 1, **{"X-Learner-Id": "eve"}) == {429: 1}


async def test_whom_our_proxies_were_asked_by_is_who_is_limited(here: Settings):
    behind = replace(rated(here, address=Rate(1, 1)), forwarded_hops=1)
    async with running(behind) as client:
        statuses = [
            (await client.get(LOOK, headers={"X-Forwarded-For": forwarded})).status_code
            for forwarded in ("6.6.6.6, 192.0.2.1", "7.7.7.7, 192.0.2.1", "6.6.6.6, 192.0.2.2")
        ]

    assert statuses == [404, 429, 404]


async def test_logging_in_has_a_limit_of_its_own(here: Settings):
    async with running(locked(rated(here, log_in=Rate(1, 3)))) as client:
        tries = [await client.post("/api/v1/auth/login", json={}) for _ in range(5)]
        registering = await client.post("/api/v1/auth/register", json={})
        prolonging = await client.post("/api/v1/auth/refresh", json={})

    assert [response.status_code for response in tries] == [422, 422, 422, 429, 429]
    assert problem(registering, 429)["limit"] == "log-in"
    assert prolonging.status_code == 422


async def test_whoever_is_not_logged_in_is_told_so_until_their_address_asks_too_often(here: Settings):
    async with running(locked(rated(here, address=Rate(1, 2)))) as client:
        statuses = [(await client.get(LIMITS)).status_code for _ in range(3)]

    assert statuses == [401, 401, 429]


async def test_a_service_may_ask_more_often_than_a_person_but_not_in_the_name_of_one(here: Settings):
    service = as_person("lms", "service")
    async with running(locked(rated(here, person=Rate(1, 2), service=Rate(1, 6), address=NONE))) as client:
        for_ada = await asked(client, 3, **service, **ADA)
        for_bob = await asked(client, 2, **service, **BOB)
        itself = await asked(client, 3, **service)
        refused = problem(await client.get(LOOK, headers=service), 429)

    assert for_ada == {404: 2, 429: 1}
    assert for_bob == {404: 2}
    assert itself == {404: 2, 429: 1}
    assert refused["limit"] == "service"


@pytest.mark.parametrize("path", ["/health", "/ready", "/metrics", "/api/v1/health"])
async def test_probes_are_nobodys_requests(here: Settings, path: str):
    async with running(rated(here, person=NONE, address=NONE)) as client:
        await client.get(LOOK)
        statuses = {(await client.get(path)).status_code for _ in range(5)}

    assert statuses == {200}


async def test_a_browsers_question_whether_it_may_ask_is_not_counted(here: Settings):
    preflight = {"Origin": "http://localhost:3000", "Access-Control-Request-Method": "POST"}
    async with running(rated(here, address=NONE)) as client:
        statuses = {(await client.options("/api/v1/query", headers=preflight)).status_code for _ in range(5)}
        asked_then = await client.get(LOOK)

    assert statuses == {200}
    assert asked_then.status_code == 404


async def test_what_is_too_much_is_refused_before_its_body_is_read(here: Settings):
    read = []

    async def body() -> Any:
        read.append(1)
        yield b"{}"

    async with running(rated(here, address=NONE)) as client:
        await client.get(LOOK)
        response = await client.post("/api/v1/query", content=body())

    problem(response, 429)
    assert read == []


async def test_without_a_database_requests_go_on_and_their_routes_say_what_is_wrong(here: Settings, database_url: str):
    gate = Gate(database_url)
    await gate.open()
    async with running(replace(rated(here, person=Rate(1, 3)), database_url=gate.database_url)) as client:
        before = await client.get(LOOK, headers=ADA)
        await gate.shut()
        without = await client.post("/api/v1/query", json=QUESTION, headers=ADA)
        described = await client.get("/openapi.json", headers=ADA)
        await gate.open()
        async with asyncio.timeout(30):
            while (again := await client.get(LOOK, headers=ADA)).status_code != 429:
                assert again.status_code in {404, 503}
        await gate.shut()

    assert before.status_code == 404
    assert problem(without, 503)["title"] == "Not available right now"
    assert described.status_code == 200


async def test_who_is_refused_costs_the_database_nothing_more(here: Settings, db: psycopg.AsyncConnection):
    async with running(rated(here, person=Rate(1, 1))) as client:
        await asked(client, 2, **ADA)
        await db.execute("TRUNCATE rates")
        assert await asked(client, 5, **ADA) == {429: 5}
        assert await (await db.execute("SELECT count(*) FROM rates")).fetchone() == (0,)


async def test_the_table_tells_nobody_who_asked(here: Settings, db: psycopg.AsyncConnection):
    async with running(rated(here)) as client:
        await client.get(LOOK, headers=ADA)
    rows = await (await db.execute("SELECT key FROM rates")).fetchall()

    assert len(rows) == 2
    assert not [key for (key,) in rows if "ada" in key or "127" in key]


async def test_what_is_left_is_shown(here: Settings):
    async with running(rated(here, person=Rate(1, 10))) as client:
        await asked(client, 4, **ADA)
        first = (await client.get(LIMITS, headers=ADA)).json()
        await asked(client, 20, **ADA)
        bobs = (await client.get(LIMITS, headers=BOB)).json()

    assert first["requests"] == {"per_minute": 1, "burst": 10, "remaining": 5}
    assert bobs["requests"]["remaining"] == 9


async def test_where_nobody_is_limited_nothing_is_said_of_requests(client: httpx.AsyncClient):
    assert (await client.get(LIMITS)).json()["requests"] is None


async def test_answers_of_a_language_model_are_shown_for_the_learner_and_each_course(
    client: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    await db.execute("INSERT INTO users (id) VALUES ('ada'), ('bob'), ('tess')")
    await db.execute("""
        INSERT INTO courses (id, teacher_id, title, code, model, daily_model_answers)
        VALUES ('c1', 'tess', 'One', 'AAA', true, 10), ('c2', 'tess', 'Two', 'BBB', true, NULL),
               ('c3', 'tess', 'Three', 'CCC', false, NULL)""")
    await db.execute(
        "INSERT INTO enrolments (course_id, learner_id) VALUES ('c1', 'ada'), ('c2', 'ada'), ('c3', 'bob')"
    )
    await db.execute(
        "INSERT INTO learner_quotas VALUES ('ada', %s, 5, 90000, 1250000), ('ada', '2020-01-01', 50, 0, 0)", [_today()]
    )
    await db.execute(
        "INSERT INTO course_quotas VALUES ('c1', %s, 8, 100, 5), ('c2', %s, 7, 0, 0)", [_today(), _today()]
    )
    await db.execute("UPDATE courses SET daily_model_tokens = 1000, daily_model_cost = 500000 WHERE id = 'c1'")

    adas, bobs = [(await client.get(LIMITS, headers=who)).json()["model_answers"] for who in (ADA, BOB)]

    now = datetime.now(UTC)
    resets_at = datetime.fromisoformat(adas.pop("resets_at"))
    assert (resets_at.hour, resets_at.minute, resets_at.second) == (0, 0, 0)
    assert now < resets_at <= now + timedelta(days=1)
    assert adas == {
        "limit": 50, "used": 5, "remaining": 45, "available": 2,
        "tokens": {"limit": 300_000, "used": 90_000, "remaining": 210_000}, "cost": 1.25,
        "cost_limit": None, "cost_remaining": None,
        "courses": [
            {"id": "c1", "title": "One", "model": True, "limit": 10, "used": 8, "remaining": 2,
             "tokens": {"limit": 1000, "used": 100, "remaining": 900}, "cost": 0.000005,
             "cost_limit": 0.5, "cost_remaining": 0.499995},
            {"id": "c2", "title": "Two", "model": True, "limit": None, "used": 7, "remaining": None,
             "tokens": {"limit": None, "used": 0, "remaining": None}, "cost": 0, "cost_limit": None,
             "cost_remaining": None},
        ],
    }  # fmt: skip
    assert (bobs["remaining"], bobs["available"], bobs["courses"][0]["remaining"]) == (50, 0, 0)


async def test_without_a_token_left_there_is_no_answer_however_many_are(
    client: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    await db.execute("INSERT INTO users (id) VALUES ('ada')")
    await db.execute("INSERT INTO learner_quotas VALUES ('ada', %s, 5, 300001)", [_today()])

    shown = (await client.get(LIMITS, headers=ADA)).json()["model_answers"]

    assert (shown["remaining"], shown["tokens"]["remaining"], shown["available"]) == (45, 0, 0)


@pytest.mark.parametrize(("cap", "left", "others"), [("cost_per_day", 0.0, 45), ("cost_per_month", None, 0)])
async def test_without_money_left_there_is_no_answer_either(
    here: Settings, db: psycopg.AsyncConnection, cap: str, left: float | None, others: int
):
    await db.execute("INSERT INTO users (id) VALUES ('ada'), ('bob')")
    await db.execute(
        "INSERT INTO learner_quotas VALUES ('ada', %s, 5, 0, 2000000), ('bob', %s, 5, 0, 0)", [_today()] * 2
    )
    await db.execute("INSERT INTO model_months VALUES (%s, 2000000)", [_today().replace(day=1)])
    model = ModelSettings(price_in=1, **{cap: 2_000_000})
    async with running(replace(here, model=model)) as client:
        adas, bobs = [(await client.get(LIMITS, headers=who)).json()["model_answers"] for who in (ADA, BOB)]

    assert (adas["available"], adas["remaining"], adas["cost"], adas["cost_remaining"]) == (0, 45, 2.0, left)
    assert bobs["available"] == others


async def test_what_everybody_spent_last_month_is_no_matter(here: Settings, db: psycopg.AsyncConnection):
    await db.execute("INSERT INTO model_months VALUES ('2020-01-01', 2000000)")
    async with running(replace(here, model=ModelSettings(price_in=1, cost_per_month=2_000_000))) as client:
        assert (await client.get(LIMITS, headers=ADA)).json()["model_answers"]["available"] == 50


def _today() -> Any:
    return datetime.now(UTC).date()


RATES = st.builds(Rate, st.integers(1, 200), st.integers(1, 8))


@how(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(narrow=RATES, wide=RATES, gaps=st.lists(st.integers(0, 90), min_size=1, max_size=30))
async def test_the_database_reckons_as_the_arithmetic_does(
    db: psycopg.AsyncConnection, narrow: Rate, wide: Rate, gaps: list[int]
):
    limits = (Limit("person", narrow, "narrow"), Limit("address", wide, "wide"))
    async with db.transaction(force_rollback=True):
        for gap in gaps:
            await db.execute("UPDATE rates SET free_at = free_at - make_interval(secs => %s)", [gap])
            began = time.monotonic()
            before = [await _ahead(db, limit) for limit in limits]
            if any(_is_close(limit, ahead) for limit, ahead in zip(limits, before, strict=True)):
                continue  # time goes on while we look
            moved = [taken(limit.rate, ahead) for limit, ahead in zip(limits, before, strict=True)]

            found = await take(db, limits)
            after = [await _ahead(db, limit) for limit in limits]
            if time.monotonic() - began > A_MOMENT:
                continue  # too much of it went on to compare

            refusing = next((place for place, ahead in enumerate(moved) if ahead is None), None)
            assert (found and found[0]) == (None if refusing is None else limits[refusing])
            if refusing is None:
                assert after == pytest.approx(moved, abs=A_MOMENT)
            else:
                assert found[1] == pytest.approx(wait_seconds(limits[refusing].rate, before[refusing]), abs=A_MOMENT)
                assert after[refusing:] == pytest.approx(before[refusing:], abs=A_MOMENT)


A_MOMENT = 0.25


async def _ahead(db: psycopg.AsyncConnection, limit: Limit) -> float:
    query = "SELECT extract(epoch FROM free_at - clock_timestamp())::float8 FROM rates WHERE key = %s"
    row = await (await db.execute(query, [limit.key])).fetchone()
    return row[0] if row else 0.0


def _is_close(limit: Limit, ahead: float) -> bool:
    return abs(max(ahead, 0.0) + limit.rate.cost - limit.rate.tolerance) < A_MOMENT
