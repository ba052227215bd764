"""What tests of notification need: events to tell of, subscriptions, and real servers that take what is sent."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from psycopg.types.json import Jsonb

from functions.shared.alerting import AlertRequested, StruggleDetected
from functions.shared.progressing import ProgressUpdated
from functions.shared.testing import arriving, deliver
from functions.shared.webhooks import new_secret

SIGN = StruggleDetected(
    signal_id="sign-1",
    signal="same_error",
    reason="NameError came up 4 times within 10 minutes.",
    evidence={"error_type": "NameError", "times": 4, "minutes": 10},
)
REACHED = ProgressUpdated(
    mastery=72, level="green", previous_level="yellow", because="org.learnflow.exercise.graded.v1"
)


def detected(notification, sign=SIGN, *, event_id="s1", source="/learnflow/struggle", **attributes):
    return deliver(notification, *arriving(sign, id=event_id, source=source, **attributes))


def updated(notification, update=REACHED, *, event_id="p1", source="/learnflow/progress", **attributes):
    return deliver(notification, *arriving(update, id=event_id, source=source, **attributes))


def asked(notification, *recipients, title="Hello", message="See you.", event_id="m1", **attributes):
    request = AlertRequested(title=title, message=message, recipients=recipients)
    return deliver(notification, *arriving(request, id=event_id, **attributes))


def teach(db, teacher, *learners, role="teacher"):
    """Make somebody a teacher of a course that learners are in, and return its id."""
    course = str(uuid.uuid4())
    know(db, teacher, role)
    db.execute(
        "INSERT INTO courses (id, teacher_id, title, code) VALUES (%s, %s, 'Python 1b', %s)",
        [course, teacher, course[:8]],
    )
    for learner in learners:
        know(db, learner)
        db.execute("INSERT INTO enrolments (course_id, learner_id) VALUES (%s, %s)", [course, learner])
    return course


def know(db, user, role=None):
    """Make somebody known, in a role if one is given."""
    db.execute(
        "INSERT INTO users (id, role) VALUES (%(user)s, coalesce(%(role)s, 'learner'))"
        " ON CONFLICT (id) DO UPDATE SET role = coalesce(%(role)s, users.role)",
        {"user": user, "role": role},
    )


def subscribe(db, subscriber, learner=None, *, kinds=("struggle", "progress", "message"), **chosen):
    """Make somebody a subscriber; `chosen` are columns of subscriptions."""
    key = str(uuid.uuid4())
    for user in filter(None, (subscriber, learner)):
        know(db, user)
    channels = [
        "in_app",
        *(name for name, column in (("webhook", "webhook_url"), ("email", "email")) if column in chosen),
    ]
    secret = {"webhook_secret": new_secret()} if "webhook_url" in chosen else {}
    row = {"id": key, "subscriber_id": subscriber, "learner_id": learner, "kinds": list(kinds), "channels": channels}
    row = {**row, **secret, **chosen}
    columns, places = ", ".join(row), ", ".join(["%s"] * len(row))
    db.execute(f"INSERT INTO subscriptions ({columns}) VALUES ({places})", list(row.values()))
    return key


def alerts(db, columns="user_id, kind, severity"):
    return db.execute(f"SELECT {columns} FROM alerts ORDER BY user_id, id").fetchall()


def deliveries(db, columns="channel, status, attempts", where="channel <> 'in_app'"):
    return db.execute(f"SELECT {columns} FROM deliveries WHERE {where} ORDER BY alert_id, channel").fetchall()


def due_alert(db, *, user="teacher", subscription=None, channel="webhook", status="pending", due="now()", message="…"):
    """Keep an alert of which a copy is to be sent, and return its id."""
    key = str(uuid.uuid4())
    for name in (user, "ada"):
        db.execute("INSERT INTO users (id) VALUES (%s) ON CONFLICT DO NOTHING", [name])
    db.execute(
        "INSERT INTO alerts (id, user_id, about, kind, severity, title, message, evidence)"
        " VALUES (%s, %s, 'ada', 'struggle', 'warning', 'ada: stuck', %s, %s)",
        [key, user, message, Jsonb({"times": 4})],
    )
    db.execute(
        f"INSERT INTO deliveries (alert_id, channel, subscription_id, status, due_at) VALUES (%s, %s, %s, %s, {due})",
        [key, channel, subscription, status],
    )
    return key


class Receiver(ThreadingHTTPServer):
    """An HTTP server on this machine that keeps what is POSTed to it; `says` holds the statuses of its next answers,
    202 when it is empty, and None hangs up without one; `before_answer` is called before each."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Receive)
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.says: list[int | None] = []
        self.paths: list[str] = []
        self.before_answer: Callable[[], object] = lambda: None

    @property
    def url(self) -> str:
        """Where to POST to."""
        return f"http://127.0.0.1:{self.server_address[1]}/hook?school=1"

    @property
    def events(self) -> list[tuple[dict[str, str], Any]]:
        """What it got in the place of a broker: the CloudEvents attributes and the data of each event."""
        return [
            ({name[3:]: value for name, value in headers.items() if name.startswith("ce-")}, json.loads(body))
            for headers, body in self.got
        ]


class _Receive(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.server.paths.append(self.path)
        self.server.before_answer()
        status = self.server.says.pop(0) if self.server.says else 202
        if status is None:
            self.close_connection = True
            return
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", self.server.url.replace("/hook", "/elsewhere"))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_said: object) -> None:
        """Keep quiet."""


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Serve until the block ends."""
    with Receiver() as receiver:
        thread = threading.Thread(target=receiver.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield receiver
        finally:
            receiver.shutdown()
            thread.join()
