"""What is due is sent at most once, whoever sends, however often they are told to and wherever they die."""

from __future__ import annotations

import http.client
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from notification_stage import asked, deliveries, detected, due_alert, receiving, subscribe, teach
from test_process import get, running

from functions.notification.outlets import outlets
from functions.notification.parcel import NotSent, Unsure
from functions.notification.sending import send_due
from functions.notification.steps import LEASE, PAUSES
from functions.shared.alerting import AlertRequested
from functions.shared.settings import read_settings
from functions.shared.testing import arriving
from scripts.stack.processes import wait_until


@pytest.fixture
def broker(monkeypatch):
    with receiving() as broker:
        monkeypatch.setenv("BROKER_URL", broker.url)
        yield broker


@pytest.fixture
def notification(function, broker):
    return function("notification")


@pytest.fixture
def receiver():
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def hook(db, receiver):
    """The subscription to ada of her teacher's, by a webhook to the receiver."""
    teach(db, "teacher", "ada")
    return subscribe(db, "teacher", "ada", webhook_url=receiver.url)


SEND_DUE = """
import sys
from functions.notification.sending import send_due
from functions.shared.database import PostgreSQL
from functions.shared.serving import utc_now
send_due(PostgreSQL(sys.argv[1]), utc_now())
"""


def now():
    return datetime.now(UTC)


class Outbox:
    """An outlet that keeps what is sent through it, and fails as it is told to."""

    def __init__(self, *outcomes):
        self.sent = []
        self.outcomes = list(outcomes)

    def __call__(self, parcel):
        self.sent.append(parcel)
        if self.outcomes:
            raise self.outcomes.pop(0)


def test_a_struggling_learners_teacher_is_sent_a_webhook_once(notification, db, receiver, hook):
    assert detected(notification).status == 204
    detected(notification)
    asked(notification)

    assert len(receiver.got) == 1
    assert deliveries(db, "channel, status, attempts, target, sent_at IS NOT NULL") == [
        ("webhook", "sent", 1, receiver.url, True)
    ]


def test_what_was_kept_but_not_sent_the_event_that_comes_again_sends(notification, db, broker, receiver, hook):
    broker.says = [503, None]

    assert [detected(notification).status, detected(notification).status] == [503, 503]
    assert (receiver.got, deliveries(db)) == ([], [("webhook", "pending", 0)])
    assert detected(notification).status == 204

    assert len(receiver.got) == 1
    assert len({attributes["id"] for attributes, _ in broker.events}) == 1
    assert db.execute("SELECT count(*) FROM alerts").fetchone() == (2,)


def test_who_dies_while_sending_leaves_it_unsure_and_nobody_sends_it_again(database_url, db, database, receiver, hook):
    key, hold = due_alert(db, subscription=hook), threading.Event()
    receiver.before_answer = lambda: hold.wait(20)
    process = subprocess.Popen([sys.executable, "-c", SEND_DUE, database_url])
    assert wait_until(lambda: receiver.got, timeout_seconds=20)
    process.kill()
    process.wait(10)
    hold.set()

    assert deliveries(db) == [("webhook", "sending", 1)]
    assert send_due(database, now(), {"webhook": Outbox()}) == 0
    late = Outbox()
    assert send_due(database, now() + LEASE, {"webhook": late}) == 0
    assert (late.sent, deliveries(db, "alert_id, status")) == ([], [(key, "unsure")])
    assert len(receiver.got) == 1


def test_two_processes_at_once_send_each_copy_once(database_url, db, broker, receiver, hook):
    keys = {due_alert(db, subscription=hook) for _ in range(12)}
    meeting = threading.Barrier(2)
    first_two = iter((meeting.wait, meeting.wait))
    receiver.before_answer = lambda: next(first_two, lambda _: None)(20)  # neither goes on before the other is sending
    with (
        running("functions.notification", DATABASE_URL=database_url, BROKER_URL=broker.url) as (_, one),
        running("functions.notification", DATABASE_URL=database_url, BROKER_URL=broker.url) as (_, other),
    ):
        for connection in (one, other):
            assert wait_until(lambda connection=connection: get(connection, "/ready"), timeout_seconds=20)
        with ThreadPoolExecutor() as pool:
            statuses = list(pool.map(lambda each: posted(*each), ((one, "m1"), (other, "m2"))))

    assert statuses == [204, 204]
    got = [headers["webhook-id"] for headers, _ in receiver.got]
    assert sorted(got) == sorted(keys)
    assert set(deliveries(db)) == {("webhook", "sent", 1)}


def posted(connection: http.client.HTTPConnection, event_id: str) -> int:
    headers, body = arriving(AlertRequested(title="Hello", message="…"), id=event_id)
    connection.request("POST", "/", body, headers)
    return connection.getresponse().status


def test_what_did_not_arrive_is_tried_again_after_ever_longer_pauses_and_then_given_up(database, db, hook):
    due_alert(db, subscription=hook)
    outbox, moment = Outbox(*(NotSent("no connection") for _ in range(9))), now()

    for attempt, pause in enumerate(PAUSES, start=1):
        assert send_due(database, moment, {"webhook": outbox}) == 1
        assert deliveries(db, "status, attempts, last_error, due_at") == [
            ("pending", attempt, "no connection", moment + pause)
        ]
        assert send_due(database, moment + pause - timedelta(seconds=1), {"webhook": outbox}) == 0
        moment += pause
    send_due(database, moment, {"webhook": outbox})

    assert deliveries(db, "status, attempts") == [("failed", len(PAUSES) + 1)]
    assert send_due(database, moment + timedelta(days=30), {"webhook": outbox}) == 0
    assert len(outbox.sent) == len(PAUSES) + 1


@pytest.mark.parametrize(
    ("outcome", "status"), [(NotSent("refused", hopeless=True), "failed"), (Unsure("silence"), "unsure")]
)
def test_what_is_hopeless_or_unsure_is_not_tried_again(database, db, hook, outcome, status):
    due_alert(db, subscription=hook)
    outbox = Outbox(outcome)

    send_due(database, now(), {"webhook": outbox})
    send_due(database, now() + timedelta(days=30), {"webhook": outbox})

    assert (len(outbox.sent), deliveries(db)) == (1, [("webhook", status, 1)])


def test_a_bug_in_one_delivery_does_not_hold_up_the_next(database, db, hook):
    due_alert(db, subscription=hook, due="now() - interval '1 minute'")
    due_alert(db, subscription=hook)
    outbox = Outbox(ZeroDivisionError())

    assert send_due(database, now(), {"webhook": outbox}) == 2
    assert sorted(deliveries(db)) == [("webhook", "sent", 1), ("webhook", "unsure", 1)]


def test_quiet_hours_hold_a_copy_until_they_end(database, db, receiver):
    key = subscribe(
        db, "teacher", "ada", webhook_url=receiver.url, quiet_from="22:00", quiet_to="07:00", time_zone="Europe/Vienna"
    )
    due_alert(db, subscription=key, due="'2026-01-10 21:00Z'")
    outbox, night = Outbox(), datetime(2026, 1, 10, 23, 30, tzinfo=UTC)
    morning = datetime(2026, 1, 11, 6, tzinfo=UTC)

    assert send_due(database, night, {"webhook": outbox}) == 0
    assert deliveries(db, "status, attempts, due_at") == [("pending", 0, morning)]
    assert send_due(database, morning - timedelta(seconds=1), {"webhook": outbox}) == 0
    assert send_due(database, morning, {"webhook": outbox}) == 1
    assert deliveries(db) == [("webhook", "sent", 1)]


def test_what_was_read_meanwhile_is_not_sent(database, db, hook):
    key = due_alert(db, subscription=hook)
    db.execute("UPDATE alerts SET read_at = now() WHERE id = %s", [key])
    outbox = Outbox()

    assert send_due(database, now(), {"webhook": outbox}) == 0
    assert (outbox.sent, deliveries(db)) == ([], [("webhook", "skipped", 0)])


def test_who_unsubscribed_is_sent_nothing_more(database, db, hook):
    due_alert(db, subscription=hook)
    db.execute("DELETE FROM subscriptions")

    assert send_due(database, now(), {"webhook": Outbox()}) == 0
    assert deliveries(db) == [("webhook", "skipped", 0)]


def test_a_copy_goes_to_the_address_of_now_not_of_then(database, db, hook):
    due_alert(db, subscription=hook)
    db.execute("UPDATE subscriptions SET webhook_url = 'https://new.example.org/'")
    outbox = Outbox()

    send_due(database, now(), {"webhook": outbox})

    assert [parcel.target for parcel in outbox.sent] == ["https://new.example.org/"]


def test_no_further_delivery_is_begun_when_the_time_is_up(database, db, hook):
    due_alert(db, subscription=hook)

    assert send_due(database, now(), {"webhook": Outbox()}, seconds=0) == 0
    assert deliveries(db) == [("webhook", "pending", 0)]


def test_where_no_mail_server_is_set_up_e_mail_waits_for_one(database, db):
    key = subscribe(db, "teacher", "ada", email="teacher@example.org")
    due_alert(db, subscription=key, channel="email")

    send_due(database, now(), outlets(read_settings(environ={})))

    assert deliveries(db, "status, last_error") == [("pending", "no e-mail server is set up: SMTP_URL, SMTP_FROM")]
