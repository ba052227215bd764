"""Dead letters go out again once each, with their own ids, and are kept when the broker does not take them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from scripts.stack import erase_user
from scripts.stack.errors import StackError
from scripts.stack.replay import DeadLetter, find, replay


class Broker(ThreadingHTTPServer):
    """An ingress that keeps what it is sent and answers as it is told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Ingress)
        self.events: list[dict[str, Any]] = []
        self.status = 202

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/learnflow/default"


class Ingress(BaseHTTPRequestHandler):
    server: Broker

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.server.status == 202:
            assert self.headers["content-type"] == "application/cloudevents+json"
            self.server.events.append(json.loads(body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Quietly."""


@pytest.fixture
def broker() -> Iterator[Broker]:
    with Broker() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def db(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection


def bury(db: psycopg.Connection[Any], event_id: str, function: str, *, hours_ago: int = 0) -> None:
    """A dead letter as the dead-letter function leaves it."""
    event = {
        "specversion": "1.0",
        "id": event_id,
        "source": "/s",
        "type": "org.learnflow.question.asked.v1",
        "data": {},
    }
    failed = datetime.now(UTC) - timedelta(hours=hours_ago)
    db.execute(
        "INSERT INTO dead_letters (source, id, destination, function, type, correlation_id, event, error_code,"
        " first_seen, last_seen) VALUES ('/s', %s, %s, %s, %s, 'c', %s, 500, %s, %s)",
        [event_id, f"http://{function}", function, event["type"], Jsonb(event), failed, failed],
    )


def waiting(db: psycopg.Connection[Any], **which: Any) -> list[DeadLetter]:
    return find(db, **({"function": None, "id": None, "since": None, "all": False} | which))


def test_each_event_is_sent_once_however_many_functions_gave_up_on_it(
    db: psycopg.Connection[Any], broker: Broker
) -> None:
    bury(db, "e1", "triage", hours_ago=2)
    bury(db, "e1", "audit", hours_ago=2)
    bury(db, "e2", "concepts")

    replay(db, waiting(db), broker.url)

    assert [event["id"] for event in broker.events] == ["e1", "e2"]
    assert waiting(db) == []
    assert all(letter.replayed_at for letter in waiting(db, all=True))


@pytest.mark.parametrize(
    ("which", "found"),
    [
        ({"function": "triage"}, ["e1"]),
        ({"id": "e2"}, ["e2"]),
        ({"since": datetime.now(UTC) - timedelta(hours=1)}, ["e2"]),
        ({"function": "delivery"}, []),
    ],
    ids=["by function", "by id", "since", "none"],
)
def test_only_the_letters_asked_for_are_found(
    db: psycopg.Connection[Any], which: dict[str, Any], found: list[str]
) -> None:
    bury(db, "e1", "triage", hours_ago=3)
    bury(db, "e2", "concepts")

    assert [letter.id for letter in waiting(db, **which)] == found


def test_what_the_broker_does_not_take_waits_on(db: psycopg.Connection[Any], broker: Broker) -> None:
    bury(db, "e1", "triage", hours_ago=1)
    bury(db, "e2", "triage")
    broker.status = 503

    with pytest.raises(StackError, match="The broker answers 503 to event e1"):
        replay(db, waiting(db), broker.url)

    assert [letter.id for letter in waiting(db)] == ["e1", "e2"]


def test_a_letter_is_shown_in_one_line_with_what_one_looks_for(db: psycopg.Connection[Any]) -> None:
    bury(db, "e1", "triage")

    (line,) = map(str, waiting(db))

    for words in ("triage", "500", "1×", "question.asked.v1", "e1", "waiting"):
        assert words in line


def test_letters_of_who_is_deleted_are_not_sent_again_and_others_name_nobody(
    db: psycopg.Connection[Any], broker: Broker, database_url: str
) -> None:
    db.execute("INSERT INTO users (id) VALUES ('ada'), ('bob')")
    for event_id, learner in (("e1", "ada"), ("e2", "bob")):
        bury(db, event_id, "notification")
        told = Jsonb({"recipients": ["ada", "tom"]})
        db.execute(
            "UPDATE dead_letters SET learner_id = %s, event = jsonb_set(event, '{data}', %s) WHERE id = %s",
            [learner, told, event_id],
        )

    asyncio.run(erase_user.run(database_url, "ada", sure=True))
    replay(db, waiting(db), broker.url)

    assert [(event["id"], event["data"]) for event in broker.events] == [("e2", {"recipients": ["(deleted)", "tom"]})]
