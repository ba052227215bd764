"""Of what is stored for one person, whatever gets the lower number is seen first: a reader's cursor skips nothing."""

from __future__ import annotations

import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import psycopg
import pytest

from functions.delivery.queries import save_message
from functions.notification.queries import know_users, save_alerts
from functions.notification.recipients import message_alerts
from functions.shared.alerting import AlertRequested
from functions.shared.events import RequestFailed
from functions.shared.testing import arriving, deliver, received

FAILED = RequestFailed(function="concepts", message="…")
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def event(payload, learner):
    return received(payload, id=str(uuid.uuid4()), learner=learner)


def message(db, learner, name):
    save_message(db, name, event(FAILED, learner))


def seen(db, after=0):
    return [row[0] for row in db.execute("SELECT id FROM messages WHERE seq > %s ORDER BY seq", [after])]


def waits(db, *, seconds=10):
    """Whether somebody comes to wait for their turn."""
    deadline, pause = time.monotonic() + seconds, threading.Event()
    query = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    while time.monotonic() < deadline:
        if db.execute(query).fetchall():
            return True
        pause.wait(0.01)
    return False


@pytest.fixture
def people(db):
    db.execute("INSERT INTO users (id) VALUES ('ada'), ('bo')")


@pytest.fixture
def connect(database_url):
    """Open connections that are closed in the end."""
    opened = []

    def connection():
        opened.append(psycopg.connect(database_url))
        return opened[-1]

    yield connection
    for each in opened:
        each.close()


@pytest.fixture
def pool():
    with ThreadPoolExecutor(8) as pool:
        yield pool


def test_a_later_message_waits_for_the_earlier_one_of_the_same_learner(db, people, connect, pool):
    first, second = connect(), connect()
    message(first, "ada", "first")
    later = pool.submit(lambda: (message(second, "ada", "second"), second.commit()))

    assert waits(db)
    assert seen(db) == []
    first.commit()
    later.result(10)
    assert seen(db) == ["first", "second"]


def test_a_learner_waits_for_nobody_else(db, people, connect):
    first, second = connect(), connect()
    message(first, "ada", "hers")
    message(second, "bo", "his")
    second.commit()

    assert seen(db) == ["his"]
    first.commit()


def test_a_transaction_that_fails_gives_its_turn_back(db, people, connect, pool):
    first, second = connect(), connect()
    message(first, "ada", "never")
    later = pool.submit(lambda: (message(second, "ada", "second"), second.commit()))
    assert waits(db)
    first.rollback()
    later.result(10)

    assert seen(db) == ["second"]


def test_alerts_and_messages_do_not_wait_for_each_other(db, people, connect):
    first, second = connect(), connect()
    message(first, "ada", "hers")
    alerts(second, ["ada"])

    assert db.execute("SELECT user_id FROM alerts").fetchall() == [("ada",)]


def alerts(connection, recipients):
    asked = AlertRequested(title="…", message="…", recipients=tuple(recipients))
    with connection.transaction():
        know_users(connection, recipients)
        save_alerts(connection, event(asked, recipients[0]), message_alerts(recipients[0], asked, []), NOW)


def test_alerts_for_several_people_in_any_order_never_stand_in_each_others_way(db, connect, pool):
    everybody = [f"u{number}" for number in range(12)]
    orders = [everybody[turn:] + everybody[:turn] for turn in range(12)] + [everybody[::-1]] * 4
    connections = [connect() for _ in range(8)]

    def tell(number):
        for order in orders:
            alerts(connections[number], order)

    list(pool.map(tell, range(8)))

    assert db.execute("SELECT count(*) FROM alerts").fetchone() == (8 * 16 * 12,)


def test_whoever_reads_on_from_the_last_they_saw_sees_everything(function, db, people, database_url, pool):
    delivery, ended, read = function("delivery"), threading.Event(), []

    def read_on():
        cursor, pause = 0, threading.Event()
        with psycopg.connect(database_url, autocommit=True) as reader:
            while True:
                is_over = ended.is_set()  # before reading: what is there by then is read once more
                rows = reader.execute("SELECT seq FROM messages WHERE seq > %s ORDER BY seq", [cursor]).fetchall()
                read.extend(seq for (seq,) in rows)
                cursor = max([cursor, *(seq for (seq,) in rows)])
                if is_over:
                    return
                pause.wait(0)

    reading = threading.Thread(target=read_on)
    reading.start()

    def bring(number):
        incoming = arriving(FAILED, id=f"e{number}", learner="ada", source="/learnflow/concepts")
        assert deliver(delivery, *incoming).status == 204

    list(pool.map(bring, range(200)))
    ended.set()
    reading.join(20)

    assert read == [seq for (seq,) in db.execute("SELECT seq FROM messages ORDER BY seq")]
    assert len(read) == 200
