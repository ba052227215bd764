"""Notifications: listed a page at a time to whom they are for, dismissed, subscribed to, and sent."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import httpx
import psycopg
import pytest
from gateway_stage import RecordingBroker, fields, problem
from identity_stage import as_person
from teaching_stage import ada, given_course, root, tess

from functions.notification.handler import HANDLERS
from functions.shared.alerting import AlertRequested
from functions.shared.database import PostgreSQL
from functions.shared.envelope import decode
from functions.shared.serving import Function

pytestmark = pytest.mark.anyio

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


async def listed(guarded: httpx.AsyncClient, query: str = "", user: str = "ada") -> dict[str, Any]:
    response = await guarded.get(f"{HERE}/{user}{query}", headers=as_person(user))
    assert response.status_code == 200, response.text
    document: dict[str, Any] = response.json()
    return document


async def subscribe(guarded: httpx.AsyncClient, **wish: Any) -> dict[str, Any]:
    response = await guarded.post(f"{HERE}/subscribe", json=wish, headers=tess())
    assert response.status_code == 201, response.text
    document: dict[str, Any] = response.json()
    return document


def ids(document: dict[str, Any]) -> list[str]:
    return [each["id"] for each in document["notifications"]]


async def test_what_somebody_is_told_is_listed_with_the_latest_first(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    first, second = await given_alert(db), await given_alert(db, kind="progress", severity="info")
    await given_alert(db, "bob")

    document = await listed(guarded)

    assert ids(document) == [second, first]
    assert (document["unread"], document["next"]) == (2, None)
    shown = document["notifications"][1]
    assert shown == {
        "id": first, "kind": "struggle", "severity": "warning", "about": "ada", "title": "A title", "message": "…",
        "evidence": {}, "created_at": shown["created_at"], "read_at": None, "dismissed_at": None,
    }  # fmt: skip


async def test_pages_hold_everything_once_whatever_comes_in_meanwhile(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    every = [await given_alert(db) for _ in range(7)]
    seen, cursor = [], ""
    while True:
        document = await listed(guarded, f"?limit=3{cursor}")
        seen += ids(document)
        await given_alert(db)
        if document["next"] is None:
            break
        cursor = f"&cursor={document['next']}"

    assert seen == every[::-1]


async def test_the_list_can_be_narrowed(guarded: httpx.AsyncClient, db: psycopg.AsyncConnection):
    urgent = await given_alert(db, severity="urgent")
    message = await given_alert(db, kind="message", severity="info")
    await guarded.post(f"{HERE}/{urgent}/read", headers=ada())

    assert ids(await listed(guarded, "?severity=urgent")) == [urgent]
    assert ids(await listed(guarded, "?kind=message")) == [message]
    assert ids(await listed(guarded, "?unread=true")) == [message]
    assert ids(await listed(guarded, "?kind=message&severity=urgent")) == []
    assert (await listed(guarded))["unread"] == 1


async def test_nobody_sees_reads_or_dismisses_what_somebody_else_is_told(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    alert = await given_alert(db)

    problem(await guarded.get(f"{HERE}/ada", headers=tess()), 403)
    problem(await guarded.get(f"{HERE}/ada", headers=root()), 403)
    problem(await guarded.get(f"{HERE}/ada"), 401)
    for deed in ("read", "dismiss"):
        problem(await guarded.post(f"{HERE}/{alert}/{deed}", headers=tess()), 404)
        problem(await guarded.post(f"{HERE}/no-such-id/{deed}", headers=ada()), 404)
        problem(await guarded.post(f"{HERE}/{uuid.uuid4()}/{deed}", headers=ada()), 404)
        problem(await guarded.post(f"{HERE}/%00/{deed}", headers=ada()), 404)
    assert (await listed(guarded))["unread"] == 1


async def test_what_is_dismissed_leaves_the_list_and_stays_dismissed(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    alert = await given_alert(db)

    first = await guarded.post(f"{HERE}/{alert}/dismiss", headers=ada())
    again = await guarded.post(f"{HERE}/{alert}/dismiss", headers=ada())

    assert first.status_code == 200
    assert again.json() == first.json()
    assert first.json()["dismissed_at"] == first.json()["read_at"] is not None
    assert await listed(guarded) == {"notifications": [], "unread": 0, "next": None}
    assert ids(await listed(guarded, "?dismissed=true")) == [alert]


@pytest.mark.parametrize(("who", "silenced"), [("tess", True), ("ada", False)])
async def test_a_teachers_dismissal_silences_the_sign_and_the_learners_own_does_not(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection, who: str, silenced: bool
):
    alert = await given_alert(db, who, signal_id=await given_sign(db))

    response = await guarded.post(f"{HERE}/{alert}/dismiss", headers=as_person(who))

    assert response.status_code == 200
    cursor = await db.execute("SELECT dismissed_at IS NOT NULL FROM struggle_signals")
    assert await cursor.fetchall() == [(silenced,)]


async def test_an_alert_about_one_learner_silences_no_sign_of_another(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    alert = await given_alert(db, "tess", about="bob", signal_id=await given_sign(db))

    await guarded.post(f"{HERE}/{alert}/dismiss", headers=tess())

    cursor = await db.execute("SELECT dismissed_at FROM struggle_signals")
    assert await cursor.fetchall() == [(None,)]


async def test_a_subscription_is_made_changed_listed_and_ended(guarded: httpx.AsyncClient, db: psycopg.AsyncConnection):
    await given_course(db, "ada")
    made = await subscribe(guarded, learner_id="ada", kinds=["struggle"], email="teacher@example.org")
    changed = await subscribe(
        guarded, learner_id="ada", quiet_from="22:00", quiet_to="07:00", time_zone="Europe/Vienna", kinds=["progress"]
    )

    assert made["channels"] == ["in_app", "email"]
    assert (changed["id"], changed["channels"], changed["email"]) == (made["id"], ["in_app"], None)
    response = await guarded.get("/api/v1/subscriptions", headers=tess())
    assert response.json() == {"subscriptions": [{k: v for k, v in changed.items() if k != "webhook_secret"}]}
    assert (await guarded.get("/api/v1/subscriptions", headers=ada())).json() == {"subscriptions": []}

    problem(await guarded.delete(f"/api/v1/subscriptions/{made['id']}", headers=ada()), 404)
    assert (await guarded.delete(f"/api/v1/subscriptions/{made['id']}", headers=tess())).status_code == 204
    problem(await guarded.delete(f"/api/v1/subscriptions/{made['id']}", headers=tess()), 404)
    problem(await guarded.delete("/api/v1/subscriptions/what", headers=tess()), 404)


async def test_a_webhooks_secret_is_told_once_and_lasts_as_long_as_its_address(guarded: httpx.AsyncClient):
    made = await subscribe(guarded, webhook_url="https://school.example.org/hook")
    again = await subscribe(guarded, webhook_url="https://school.example.org/hook", kinds=["struggle"])
    other = await subscribe(guarded, webhook_url="https://other.example.org/hook")

    assert made["webhook_secret"].startswith("whsec_")
    assert again["webhook_secret"] == made["webhook_secret"] != other["webhook_secret"]
    assert "webhook_secret" not in (await guarded.get("/api/v1/subscriptions", headers=tess())).text
    assert (await subscribe(guarded))["webhook_secret"] is None


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"webhook_url": "http://school.example.org/"}, "body.webhook_url"),
        ({"webhook_url": "https://169.254.169.254/latest/meta-data"}, "body.webhook_url"),
        ({"webhook_url": "https://10.0.0.7/"}, "body.webhook_url"),
        ({"email": "teacher@example.org\r\nBcc: x@example.org"}, "body.email"),
        ({"email": "tess"}, "body.email"),
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
    guarded: httpx.AsyncClient, wish: dict[str, Any], field: str
):
    response = await guarded.post(f"{HERE}/subscribe", json=wish, headers=tess())

    assert fields(response) == [field]


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
    guarded: httpx.AsyncClient, notice: dict[str, Any], field: str
):
    assert fields(await guarded.post(f"{HERE}/send", json=notice, headers=ada())) == [field]


async def test_a_message_that_was_sent_is_in_its_readers_list(
    guarded: httpx.AsyncClient,
    db: psycopg.AsyncConnection,
    broker: RecordingBroker,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
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
    await given_course(db, "ada")
    await guarded.post(f"{HERE}/send", json={"title": "Hi", "message": "…", "recipients": ["ada"]}, headers=tess())
    await broker.settle()
    database.close()

    (shown,) = (await listed(guarded))["notifications"]
    assert (shown["kind"], shown["about"], shown["title"]) == ("message", "tess", "Hi")
    assert (await listed(guarded, user="tess"))["notifications"] == []


async def test_only_json_subscribes_or_sends(guarded: httpx.AsyncClient):
    for path in ("subscribe", "send"):
        problem(await guarded.post(f"{HERE}/{path}", content="title=Hello", headers=ada()), 415)
