"""Everybody can take along what is kept of them, whole and as it was at one moment, and nothing of anybody else."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import httpx
import psycopg
import pytest
from gateway_stage import problem
from identity_stage import as_person
from privacy_stage import MARK, Life

from functions.gateway.exported import PARTS
from functions.gateway.exporting import export
from functions.gateway.privacy import _exporting

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


async def test_everything_that_is_kept_is_in_it(life: Life) -> None:
    answer = await life.client.get("/api/v1/me/export", headers=life.headers)

    assert answer.headers["content-type"] == "application/json"
    assert re.fullmatch(
        r'attachment; filename="learnflow-\d{4}-\d\d-\d\d\.json"', answer.headers["content-disposition"]
    )
    told = answer.json()
    assert list(told) == ["readme", *(part.member for part in PARTS)]
    assert [name for name, kept in told.items() if not kept] == []
    assert told["readme"]["of"] == life.id
    assert set(told["readme"]["tables"]) == set(told) - {"readme"}
    assert told["accounts"][0]["name"] == f"Ada {MARK}"
    assert any(MARK in json.dumps(request["body"]) for request in told["requests"])
    assert told["made_exercises"][0]["body"]["exercise"]["title"] == "The sunniest days"
    assert told["model_calls"][0]["sent"] == [{"role": "user", "content": MARK}]
    assert "Without `password_hash`: " in told["readme"]["tables"]["accounts"]


async def test_neither_others_nor_secrets_are_in_it(life: Life, db: psycopg.AsyncConnection) -> None:
    secrets = await (
        await db.execute(
            "SELECT password_hash FROM accounts UNION ALL SELECT encode(token_hash, 'hex') FROM refresh_tokens"
            " UNION ALL SELECT webhook_secret FROM subscriptions WHERE webhook_secret IS NOT NULL"
            " UNION ALL SELECT code FROM courses WHERE teacher_id = 'tess'"
        )
    ).fetchall()
    assert len(secrets) >= 4

    text = (await life.client.get("/api/v1/me/export", headers=life.headers)).text

    for word in (
        "bob",
        "tess",
        "example.org/hook",
        *(secret for (secret,) in secrets),
        "trials",
        'option_order":',
        "longest = max",
    ):
        assert word not in text, word


async def test_of_alerts_about_others_only_their_time_is_in_it_and_of_messages_who_wrote_is_not(life: Life) -> None:
    for number in range(5):
        await life.post("execute", {"code": f"print(x, {number})"}, life.bob)
    told = (await life.client.get("/api/v1/me/export", headers=life.headers)).json()

    about_others = [alert for alert in told["alerts"] if alert["about"] is None]
    words = {alert["kind"]: (alert["title"], alert["message"]) for alert in about_others}
    assert words == {"message": ("Hello", "See you."), "struggle": (None, None)}
    assert {alert["about"] for alert in told["alerts"]} == {None, life.id}
    assert {alert["kind"] for alert in told["alerts_about_you"]} >= {"struggle", "message"}


async def test_who_nothing_is_known_of_gets_empty_lists(guarded: httpx.AsyncClient) -> None:
    told = (await guarded.get("/api/v1/me/export", headers=as_person("nobody-yet"))).json()

    assert all(kept == [] for name, kept in told.items() if name != "readme")


async def test_it_is_of_one_moment(life: Life, database_url: str) -> None:
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as reading:
        chunks = export(reading, life.id, NOW)
        first = await anext(chunks)
        await life.db.execute("DELETE FROM messages WHERE learner_id = %s", [life.id])
        await life.db.execute("UPDATE model_calls SET received = 'changed' WHERE learner_id = %s", [life.id])
        told = json.loads(b"".join([first, *[chunk async for chunk in chunks]]))

    assert told["messages"]
    assert told["model_calls"][0]["received"] == f"Hello, {MARK}"


async def test_one_is_made_at_a_time_and_who_leaves_makes_room(life: Life) -> None:
    database = life.client.app.state.parts.database  # type: ignore[attr-defined]
    _exporting.add(database)
    busy = await life.client.get("/api/v1/me/export", headers=life.headers)
    _exporting.discard(database)

    assert problem(busy, 503)["type"].endswith("busy")
    assert busy.headers["retry-after"] == "5"
    for _ in range(2):
        assert (await life.client.get("/api/v1/me/export", headers=life.headers)).status_code == 200


async def test_who_stops_reading_holds_nothing(life: Life) -> None:
    from functions.gateway.privacy import export_me
    from functions.shared.edge.tokens import Person

    database = life.client.app.state.parts.database  # type: ignore[attr-defined]
    response = await export_me(Person(life.id), database)

    async def leave(_message: object) -> None:
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        await response.stream_response(leave)  # type: ignore[attr-defined]

    assert database not in _exporting
    assert database._pool.get_stats()["pool_available"] >= 1


async def test_rows_that_are_large_come_whole(life: Life) -> None:
    words = 'ä"\\\n' * 20_000
    await life.db.execute(
        "INSERT INTO messages (id, learner_id, request_id, type, body)"
        " SELECT 'large-' || n, %s, 'r', 't', to_json(%s::text) FROM generate_series(1, 60) n",
        [life.id, words],
    )
    told = (await life.client.get("/api/v1/me/export", headers=life.headers)).json()

    large = [message["body"] for message in told["messages"] if message["id"].startswith("large-")]
    assert large == [words] * 60
