"""What comes late of somebody who is deleted is refused everywhere and kept nowhere, however it was under way."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event as Signal

import psycopg
import pytest

from functions.dead_letter.handler import DROPPED
from functions.gateway.erasing import DELETE_PERSON, HOLD, HOLD_OTHERS, REMEMBER, erase
from functions.shared.alerting import GONE, AlertRaised, AlertRecipient, AlertRequested
from functions.shared.database import PostgreSQL
from functions.shared.errors import Erased
from functions.shared.events import CONTRACTS, MAX_HOPS, ExplanationRequested, QuestionAsked
from functions.shared.model_log import record_call
from functions.shared.serving import Function, Handler
from functions.shared.testing import NOON, arriving, deliver

QUESTION = QuestionAsked(question="what is a loop?")
TRIAGE = {"knativeerrordest": "http://triage.learnflow.svc.cluster.local", "knativeerrorcode": "422"}
TABLES = ("events", "dead_letters", "inbox", "messages", "alerts", "requests", "drafts", "activity_days", "model_calls")


def forget(url, person="ada"):
    """Erase a person, on a connection of its own."""

    async def erased():
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as db:
            return await erase(db, person)

    return asyncio.run(erased())


def known(db):
    return [person for (person,) in db.execute("SELECT id FROM users ORDER BY id")]


def kept(db):
    return {table for table in TABLES if db.execute(f"SELECT EXISTS (SELECT FROM {table})").fetchone()[0]}


def example(kind):
    """Return the payload and the source of an event of a type."""
    name = kind.TYPE.removeprefix("org.learnflow.")
    path = sorted(Path("schema/events/examples", name).glob("*.json"))[0]
    event = json.loads(path.read_text())
    return kind.model_validate(event["data"]), event["source"]


HANDLED = [
    (name, kind)
    for name, contract in CONTRACTS.items()
    for kind in contract.accepts
    if name not in {"sandbox-runner", "audit", "dead-letter"}
]


@pytest.mark.parametrize(("name", "kind"), HANDLED, ids=[f"{name} {kind.__name__}" for name, kind in HANDLED])
def test_every_function_refuses_whatever_it_takes(name, kind, function, db, database_url):
    assert forget(database_url)
    payload, source = example(kind)

    answer = deliver(function(name), *arriving(payload, id="late", source=source, hops="1", correlationid="r"))

    assert (answer.status, answer.body) == (422, b"The person it is about has been deleted.\n")
    assert (known(db), kept(db)) == ([], set())


def test_audit_refuses_it_and_its_dead_letter_is_dropped(function, db, database_url, capsys):
    forget(database_url)
    before = DROPPED.labels("triage", QUESTION.TYPE)._value.get()

    assert deliver(function("audit"), *arriving(QUESTION)).status == 422
    assert deliver(function("dead_letter"), *arriving(QUESTION, **TRIAGE)).status == 204

    assert (known(db), kept(db)) == ([], set())
    assert DROPPED.labels("triage", QUESTION.TYPE)._value.get() == before + 1
    assert "ada" not in capsys.readouterr().out


def test_who_was_never_known_is_refused_too_once_erased(function, db, database_url):
    assert [forget(database_url), forget(database_url)] == [True, False]

    assert deliver(function("triage"), *arriving(QUESTION)).status == 422
    assert deliver(function("triage"), *arriving(QUESTION, learner="bob")).status == 200
    assert known(db) == ["bob"]


def test_a_model_call_for_who_is_deleted_is_not_kept(db, database_url):
    forget(database_url)
    database = PostgreSQL(database_url)

    with pytest.raises(Erased), database.reading() as connection:
        record_call(connection, learner="ada", called_at=NOON, function="concepts", model="m", sent=[])
    database.close()
    assert (known(db), kept(db)) == ([], set())


@pytest.fixture
def slow(database_url):
    """A function that stops in the middle of its transaction until it is told to go on."""
    begun, go_on = Signal(), Signal()

    def handle(event, db, _):
        begun.set()
        assert go_on.wait(30)
        return ExplanationRequested(question=event.data.question)

    database = PostgreSQL(database_url)
    yield Function("triage", {QuestionAsked: Handler(handle)}, db=database), begun, go_on
    database.close()


def waiting(db):
    """Whether somebody waits for a lock."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    return db.execute(query).fetchone()[0]


def until(condition):
    deadline = Signal()
    for _ in range(3000):
        if condition():
            return
        deadline.wait(0.01)
    pytest.fail("it did not happen")


def test_a_deletion_waits_for_what_is_being_handled_and_takes_it_along(slow, db, database_url):
    function, begun, go_on = slow
    with ThreadPoolExecutor() as threads:
        handling = threads.submit(deliver, function, *arriving(QUESTION))
        assert begun.wait(30)
        deleting = threads.submit(forget, database_url)
        until(lambda: waiting(db))
        go_on.set()

        assert (handling.result(30).status, deleting.result(30)) == (200, True)

    assert (known(db), kept(db)) == ([], set())


@pytest.mark.parametrize("known_before", [True, False], ids=["known", "not known"])
def test_what_comes_while_somebody_is_deleted_waits_and_is_refused(known_before, function, db, database_url):
    if known_before:
        db.execute("INSERT INTO users (id) VALUES ('ada')")
    with ThreadPoolExecutor() as threads, psycopg.connect(database_url) as deleting:
        for statement in (HOLD, HOLD_OTHERS, REMEMBER):
            deleting.execute(statement, {"person": "ada"})
        handling = [threads.submit(deliver, function(name), *arriving(QUESTION)) for name in ("triage", "audit")]
        until(lambda: waiting(db) == 2)
        deleting.execute(DELETE_PERSON, {"person": "ada"})
        deleting.commit()

        assert [each.result(30).status for each in handling] == [422, 422]

    assert (known(db), kept(db)) == ([], set())


def tell(*recipients, event_id="m1"):
    asked = AlertRequested(title="Hello", message="See you.", recipients=recipients)
    named = {"learner": "bob", "id": event_id, "correlationid": event_id}
    return arriving(asked, **named), arriving(
        AlertRaised(
            kind="message",
            severity="info",
            about="bob",
            recipients=tuple(AlertRecipient(user_id=user, alert_id=f"alert-of-{user}") for user in recipients),
        ),
        source="/learnflow/notification",
        **{**named, "id": f"{event_id}-raised"},
    )


def everywhere(db, needle):
    return [
        table
        for table in TABLES
        if db.execute(f"SELECT EXISTS (SELECT FROM {table} t WHERE strpos(t::text, %s) > 0)", [needle]).fetchone()[0]
    ]


def test_others_who_are_told_are_told_and_nobody_writes_down_who_is_gone(function, db, database_url, monkeypatch):
    forget(database_url)
    notification = function("notification")
    handlers = {kind: Handler(each.handle) for kind, each in notification.handlers.items()}
    monkeypatch.setattr(notification, "handlers", handlers)
    asked, raised = tell("ada", "tom")

    answer = deliver(notification, *asked)
    for name, event in (("audit", asked), ("audit", raised), ("delivery", raised)):
        assert deliver(function(name), *event).status == 204
    headers, body = asked
    destination = "http://audit.learnflow.svc.cluster.local"  # for which nobody waits
    assert deliver(function("dead_letter"), {**headers, "ce-knativeerrordest": destination}, body).status == 204

    assert [each["user_id"] for each in answer.data["recipients"]] == ["tom"]
    assert everywhere(db, '"ada"') == everywhere(db, "alert-of-ada") == []
    assert set(everywhere(db, GONE)) == {"events", "messages", "dead_letters"}
    assert db.execute("SELECT user_id FROM alerts").fetchall() == [("tom",)]


def test_who_writes_to_nobody_but_those_who_are_gone_is_answered(function, db, database_url, monkeypatch):
    forget(database_url)
    notification = function("notification")
    handlers = {kind: Handler(each.handle) for kind, each in notification.handlers.items()}
    monkeypatch.setattr(notification, "handlers", handlers)

    for recipient in ("ada", GONE):
        asked, _ = tell(recipient, event_id=recipient)
        answer = deliver(notification, *asked)
        assert (answer.status, answer.data["recipients"]) == (200, [])
    assert kept(db) == {"inbox"}


def test_a_deletion_waits_for_whoever_is_writing_down_a_name(function, db, database_url):
    """A row that is not committed yet cannot be searched: it must be there before, or know better."""
    db.execute("INSERT INTO users (id) VALUES ('ada'), ('bob')")
    with ThreadPoolExecutor() as threads, psycopg.connect(database_url) as writing:
        writing.execute(
            "INSERT INTO requests (id, user_id, kind, body, body_hash)"
            """ VALUES ('r', 'bob', 'alert', '{"title": "Hello", "recipients": ["ada"]}', '')"""
        )
        deleting = threads.submit(forget, database_url)
        until(lambda: waiting(db))
        writing.commit()
        assert deleting.result(30)

    assert db.execute("SELECT body -> 'recipients' FROM requests").fetchone() == ([GONE],)


def test_a_list_of_those_who_are_told_may_be_anything_at_all(function, db, database_url):
    forget(database_url)
    headers, _ = arriving(QUESTION, learner="bob", hops=str(MAX_HOPS))
    strange = b'{"recipients": ["ada", 1, null, {"user_id": "ada"}, {"user_id": null}, [2], true], "x": "\\u0000"}'

    assert deliver(function("audit"), headers, strange).status == 204
    ((told,),) = db.execute("SELECT event #> '{data,recipients}' FROM events").fetchall()
    assert told == [GONE, 1, None, {"user_id": GONE, "alert_id": GONE}, {"user_id": None}, [2], True]
