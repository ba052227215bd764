"""Notifications: listed a page at a time to whom they are for, dismissed, subscribed to, and sent to whom one may."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import httpx
import psycopg
import pytest
from gateway_stage import RecordingBroker, body_of, fields, problem

from functions.notification.handler import HANDLERS
from functions.shared.alerting import AlertRequested
from functions.shared.database import PostgreSQL
from functions.shared.envelope import decode
from functions.shared.serving import Function

pytestmark = pytest.mark.anyio

ADA = {"X-Learner-Id": "ada"}
TEACHER = {"X-Learner-Id": "teacher"}
HERE = "/api/v1/notifications"


async def given_alert(db: psycopg.AsyncConnection, user: str = "ada", *, about: str = "ada", **columns: Any) -> str:
    """Make it so that somebody is told something, and return the alert's id."""
    row = {"id": str(uuid.uuid4()), "user_id": user, "about": about, "kind": "struggle", "severity": "warning",
           "title": "A title", "message": "…", **columns}  # fmt: skip
    for name in (user, about):
        await db.execute("INSERT INTO users (id) VALUES (%s) ON CONFLICT DO NOTHING", [name])
    places = ", ".join(["%s"] * len(row))
    await db.execute(f"INSERT INTO alerts ({', '.join(row)}) VALUES ({places})", list(row.values()))
    return str(row["id"])


async def given_sign(db: psycopg.AsyncConnection, learner: str = "ada") -> str:
    """Make it so that a learner was seen to be stuck, and return the sign's id."""
    await db.execute("INSERT INTO users (id) VALUES (%s) ON CONFLICT DO NOTHING", [learner])
    await db.execute(
        "INSERT INTO struggle_signals (id, learner_id, signal, about, evidence, raised_at)"
        " VALUES ('sign-1', %s, 'same_error', 'NameError', '{}', now())",
        [learner],
    )
    return "sign-1"


async def listed(client: httpx.AsyncClient, query: str = "", who: dict[str, str] = ADA) -> dict[str, Any]:
    response = await client.get(f"{HERE}/{who['X-Learner-Id']}{query}", headers=who)
    assert response.status_code == 200, response.text
    document: dict[str, Any] = response.json()
    return document


async def subscribe(client: httpx.AsyncClient, who: dict[str, str] = TEACHER, **wish: Any) -> dict[str, Any]:
    response = await client.post(f"{HERE}/subscribe", json=wish, headers=who)
    assert response.status_code == 201, response.text
    document: dict[str, Any] = response.json()
    return document


def ids(document: dict[str, Any]) -> list[str]:
    return [each["id"] for each in document["notifications"]]


async def test_what_somebody_is_told_is_listed_with_the_latest_first(
    client: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    first, second = await given_alert(db), await given_alert(db, kind="progress", severity="info")
    await given_alert(db, "bob")

    document = await listed(client)

    assert ids(document) == [second, first]
    assert (document["unread"], document["next"]) == (2, None)
    shown = document["notifications"][1]
    assert shown == {
        "id": first, "kind": "struggle", "severity": "warning", "about": "ada", "title": "A title", "message": "…",
        "evidence": {}, "created_at": shown["created_at"], "read_at": None, "dismissed_at": None,
    }  # fmt: skip


async def test_pages_hold_everything_once_whatever_comes_in_meanwhile(
    client: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    every = [await given_alert(db) for _ in range(7)]
    seen, cursor = [], ""
    while True:
        document = await listed(client, f"?limit=3{cursor}")
        seen += ids(document)
        await given_alert(db)
        if document["next"] is None:
            break
        cursor = f"&cursor={document['next']}"

    assert seen == every[::-1]


async def test_the_list_can_be_narrowed(client: httpx.AsyncClient, db: psycopg.AsyncConnection):
    urgent = await given_alert(db, severity="urgent")
    message = await given_alert(db, kind="message", severity="info")
    await client.post(f"{HERE}/{urgent}/read", headers=ADA)

    assert ids(await listed(client, "?severity=urgent")) == [urgent]
    assert ids(await listed(client, "?kind=message")) == [message]
    assert ids(await listed(client, "?unread=true")) == [message]
    assert ids(await listed(client, "?kind=message&severity=urgent")) == []
    assert (await listed(client))["unread"] == 1


async def test_nobody_sees_reads_or_dismisses_what_somebody_else_is_told(
    client: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    alert = await given_alert(db)

    problem(await client.get(f"{HERE}/ada", headers=TEACHER), 403)
    problem(await client.get(f"{HERE}/ada"), 403)
    for deed in ("read", "dismiss"):
        problem(await client.post(f"{HERE}/{alert}/{deed}", headers=TEACHER), 404)
        problem(await client.post(f"{HERE}/no-such-id/{deed}", headers=ADA), 404)
        problem(await client.post(f"{HERE}/{uuid.uuid4()}/{deed}", headers=ADA), 404)
        problem(await client.post(f"{HERE}/%00/{deed}", headers=ADA), 404)
    assert (await listed(client))["unread"] == 1


async def test_what_is_dismissed_leaves_the_list_and_stays_dismissed(
    client: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    alert = await given_alert(db)

    first = await client.post(f"{HERE}/{alert}/dismiss", headers=ADA)
    again = await client.post(f"{HERE}/{alert}/dismiss", headers=ADA)

    assert first.status_code == 200
    assert again.json() == first.json()
    assert first.json()["dismissed_at"] == first.json()["read_at"] is not None
    assert await listed(client) == {"notifications": [], "unread": 0, "next": None}
    assert ids(await listed(client, "?dismissed=true")) == [alert]


@pytest.mark.parametrize(("who", "silenced"), [("teacher", True), ("ada", False)])
async def test_a_teachers_dismissal_silences_the_sign_and_the_learners_own_does_not(
    client: httpx.AsyncClient, db: psycopg.AsyncConnection, who: str, silenced: bool
):
    alert = await given_alert(db, who, signal_id=await given_sign(db))

    response = await client.post(f"{HERE}/{alert}/dismiss", headers={"X-Learner-Id": who})

    assert response.status_code == 200
    cursor = await db.execute("SELECT dismissed_at IS NOT NULL FROM struggle_signals")
    assert await cursor.fetchall() == [(silenced,)]


async def test_an_alert_about_one_learner_silences_no_sign_of_another(
    client: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    alert = await given_alert(db, "teacher", about="bob", signal_id=await given_sign(db))

    await client.post(f"{HERE}/{alert}/dismiss", headers=TEACHER)

    cursor = await db.execute("SELECT dismissed_at FROM struggle_signals")
    assert await cursor.fetchall() == [(None,)]


async def test_a_subscription_is_made_changed_listed_and_ended(client: httpx.AsyncClient):
    made = await subscribe(client, learner_id="ada", kinds=["struggle"], email="teacher@example.org")
    changed = await subscribe(
        client, learner_id="ada", quiet_from="22:00", quiet_to="07:00", time_zone="Europe/Vienna", kinds=["progress"]
    )

    assert made["channels"] == ["in_app", "email"]
    assert (changed["id"], changed["channels"], changed["email"]) == (made["id"], ["in_app"], None)
    response = await client.get("/api/v1/subscriptions", headers=TEACHER)
    assert response.json() == {"subscriptions": [{k: v for k, v in changed.items() if k != "webhook_secret"}]}
    assert (await client.get("/api/v1/subscriptions", headers=ADA)).json() == {"subscriptions": []}

    problem(await client.delete(f"/api/v1/subscriptions/{made['id']}", headers=ADA), 404)
    assert (await client.delete(f"/api/v1/subscriptions/{made['id']}", headers=TEACHER)).status_code == 204
    problem(await client.delete(f"/api/v1/subscriptions/{made['id']}", headers=TEACHER), 404)
    problem(await client.delete("/api/v1/subscriptions/what", headers=TEACHER), 404)


async def test_one_subscribes_to_oneself_to_a_learner_and_to_everybody(client: httpx.AsyncClient):
    own, one, every = await subscribe(client), await subscribe(client, learner_id="ada"), await subscribe(
        client, learner_id=None
    )  # fmt: skip

    assert [each["learner_id"] for each in (own, one, every)] == ["teacher", "ada", None]
    assert (await subscribe(client, learner_id=None))["id"] == every["id"]
    assert own["kinds"] == ["struggle", "progress", "message"]


async def test_a_webhooks_secret_is_told_once_and_lasts_as_long_as_its_address(client: httpx.AsyncClient):
    made = await subscribe(client, webhook_url="https://school.example.org/hook")
    again = await subscribe(client, webhook_url="https://school.example.org/hook", kinds=["struggle"])
    other = await subscribe(client, webhook_url="https://other.example.org/hook")

    assert made["webhook_secret"].startswith("whsec_")
    assert again["webhook_secret"] == made["webhook_secret"] != other["webhook_secret"]
    assert "webhook_secret" not in (await client.get("/api/v1/subscriptions", headers=TEACHER)).text
    assert (await subscribe(client))["webhook_secret"] is None


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"webhook_url": "http://school.example.org/"}, "body.webhook_url"),
        ({"webhook_url": "https://169.254.169.254/latest/meta-data"}, "body.webhook_url"),
        ({"webhook_url": "https://10.0.0.7/"}, "body.webhook_url"),
        ({"email": "teacher@example.org\r\nBcc: x@example.org"}, "body.email"),
        ({"email": "teacher"}, "body.email"),
        ({"kinds": []}, "body.kinds"),
        ({"kinds": ["struggle", "gossip"]}, "body.kinds.1"),
        ({"channels": ["email"]}, "body"),
        ({"quiet_from": "22:00"}, "body"),
        ({"quiet_from": "22:00", "quiet_to": "22:00"}, "body"),
        ({"quiet_from": "22:00+01:00", "quiet_to": "07:00"}, "body.quiet_from"),
        ({"time_zone": "Mars/Olympus"}, "body.time_zone"),
        ({"time_zone": "../../etc/passwd"}, "body.time_zone"),
        ({"learner_id": "not a user"}, "body.learner_id"),
        ({"learner": "ada"}, "body.learner"),
    ],
)
async def test_a_wish_that_makes_no_sense_is_refused_by_its_field(
    client: httpx.AsyncClient, wish: dict[str, Any], field: str
):
    response = await client.post(f"{HERE}/subscribe", json=wish, headers=TEACHER)

    assert fields(response) == [field]


@pytest.mark.parametrize("path", ["send", "publish"])
async def test_a_message_to_whom_one_subscribed_is_on_its_way_at_once(
    client: httpx.AsyncClient, broker: RecordingBroker, path: str
):
    await subscribe(client, learner_id="ada")

    response = await client.post(
        f"{HERE}/{path}", json={"title": "Tutorial moved", "message": "To 10.", "recipients": ["ada"]}, headers=TEACHER
    )

    assert response.status_code == 202, response.text
    ((headers, _),) = broker.posts
    assert (headers["ce-type"], headers["ce-subject"]) == (AlertRequested.TYPE, "teacher")
    assert body_of(broker.posts[0]) == {
        "title": "Tutorial moved", "message": "To 10.", "severity": "info", "recipients": ["ada"]
    }  # fmt: skip


async def test_one_may_write_to_oneself_to_a_learner_and_to_ones_teacher_but_to_no_stranger(
    client: httpx.AsyncClient, broker: RecordingBroker
):
    await subscribe(client, learner_id="ada")

    async def send(who: dict[str, str], *recipients: str) -> httpx.Response:
        notice = {"title": "Hello", "message": "…", "recipients": recipients}
        return await client.post(f"{HERE}/send", json=notice, headers=who)

    for who, recipients in ((TEACHER, ["teacher"]), (TEACHER, []), (TEACHER, ["ada", "teacher"]), (ADA, ["teacher"])):
        assert (await send(who, *recipients)).status_code == 202
    assert fields(await send(TEACHER, "ada", "bob"), 403) == ["body.recipients.1"]
    assert fields(await send(ADA, "bob"), 403) == ["body.recipients.0"]
    assert len(broker.posts) == 4


@pytest.mark.parametrize(
    ("notice", "field"),
    [
        ({"title": " ", "message": "…"}, "body.title"),
        ({"title": "x" * 201, "message": "…"}, "body.title"),
        ({"title": "Hello", "message": "x" * 4001}, "body.message"),
        ({"title": "Hello"}, "body.message"),
        ({"title": "Hello", "message": "", "severity": "deadly"}, "body.severity"),
        ({"title": "Hello", "message": "", "recipients": ["ada", "a b"]}, "body.recipients.1"),
        ({"title": "Hello", "message": "", "recipients": ["ada"] * 101}, "body.recipients"),
    ],
)
async def test_a_message_that_is_none_is_refused_by_its_field(
    client: httpx.AsyncClient, notice: dict[str, Any], field: str
):
    assert fields(await client.post(f"{HERE}/send", json=notice, headers=ADA)) == [field]


async def test_a_message_that_was_sent_is_in_its_readers_list(
    client: httpx.AsyncClient, broker: RecordingBroker, database_url: str, monkeypatch: pytest.MonkeyPatch
):
    database = PostgreSQL(database_url)
    notification = Function("notification", HANDLERS, db=database)

    async def play(headers: dict[str, str], body: bytes) -> None:
        if headers["ce-type"] != AlertRequested.TYPE:
            return
        event = decode(headers, body, notification.accepts)
        await asyncio.to_thread(notification.answer, event)

    broker.on_post = play
    monkeypatch.setenv("BROKER_URL", broker.url)
    await subscribe(client, learner_id="ada")
    await client.post(f"{HERE}/send", json={"title": "Hi", "message": "…", "recipients": ["ada"]}, headers=TEACHER)
    await broker.settle()
    database.close()

    (shown,) = (await listed(client))["notifications"]
    assert (shown["kind"], shown["about"], shown["title"]) == ("message", "teacher", "Hi")
    assert (await listed(client, who=TEACHER))["notifications"] == []


async def test_only_json_subscribes_or_sends(client: httpx.AsyncClient):
    for path in ("subscribe", "send"):
        problem(await client.post(f"{HERE}/{path}", content="title=Hello", headers=ADA), 415)
