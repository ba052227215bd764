"""What a function answers tells the platform what to do, and an event that comes again changes nothing."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest

from functions.shared.database import PostgreSQL
from functions.shared.errors import RejectedEvent, TryAgainLater
from functions.shared.events import QuestionAsked, RequestFailed
from functions.shared.serving import Function, Handler
from functions.shared.testing import arriving, deliver, look

QUESTION = QuestionAsked(question="what is a loop?")
REPLY = RequestFailed(function="x", message="y")


def serving(database, handle, **more):
    return Function("triage", {QuestionAsked: Handler(handle, **more)}, db=database)


def raising(error):
    def handle(_event, _db, _found):
        raise error

    return handle


def test_a_reply_is_200_with_a_cloudevent(database):
    answer = deliver(serving(database, lambda *_: REPLY), *arriving(QUESTION))

    assert (answer.status, answer.event["type"], answer.data) == (200, RequestFailed.TYPE, REPLY.model_dump())
    assert answer.headers["content-type"] == "application/json"


def test_nothing_to_say_is_204_with_an_empty_body(database):
    answer = deliver(serving(database, lambda *_: None), *arriving(QUESTION))

    assert (answer.status, answer.body) == (204, b"")
    assert answer.event == {}


@pytest.mark.parametrize(
    ("error", "status"), [(RejectedEvent(), 422), (TryAgainLater(), 503), (RuntimeError("a bug"), 500)]
)
def test_an_error_says_what_the_platform_should_do(database, error, status):
    answer = deliver(serving(database, raising(error)), *arriving(QUESTION))

    assert answer.status == status
    assert b"a bug" not in answer.body
    assert not any(name.startswith("kne-") for name in answer.headers)


def test_what_is_no_event_is_400(database):
    assert deliver(serving(database, lambda *_: None), {}, b"hello").status == 400


def test_a_database_that_does_not_answer_is_503():
    nowhere = PostgreSQL("postgresql://127.0.0.1:1/x?connect_timeout=1")
    function = serving(nowhere, lambda *_: None)
    function.db._pool = None
    try:
        assert deliver(function, *arriving(QUESTION)).status == 503
        assert look(function, "/ready").status == 503
        assert look(function, "/health").status == 200
    finally:
        nowhere.close()


def test_a_redelivery_gets_the_stored_reply_and_is_not_handled_again(database):
    handled = []
    function = serving(database, lambda event, *_: handled.append(event.id) or REPLY)

    first = deliver(function, *arriving(QUESTION))
    again = deliver(function, *arriving(QUESTION))

    assert handled == ["e1"]
    assert (first.event, first.body) == (again.event, again.body)


def test_a_redelivery_of_a_silent_event_stays_silent(database):
    handled = []
    function = serving(database, lambda event, *_: handled.append(event.id))

    assert [deliver(function, *arriving(QUESTION)).status for _ in range(2)] == [204, 204]
    assert handled == ["e1"]


def test_the_same_event_at_the_same_time_is_handled_once(database):
    handled, together = [], Barrier(2)

    def before(_event, _database):
        together.wait(10)

    function = serving(database, lambda event, *_: handled.append(event.id) or REPLY, before=before)
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda _: deliver(function, *arriving(QUESTION)), range(2)))

    assert handled == ["e1"]
    assert [answer.status for answer in answers] == [200, 200]
    assert answers[0].event == answers[1].event


def test_a_failure_leaves_nothing_behind_and_the_retry_works(database, database_url):
    def handle(event, db, _found):
        db.execute("INSERT INTO messages (id, learner_id, request_id, type, body) VALUES ('m', 'ada', 'r', 't', '{}')")
        if not handle.mended:
            raise RuntimeError("dies after its write")
        return REPLY

    handle.mended = False
    function = serving(database, handle)
    assert deliver(function, *arriving(QUESTION)).status == 500
    with psycopg.connect(database_url) as db:
        counts = db.execute("SELECT (SELECT count(*) FROM inbox), (SELECT count(*) FROM messages)").fetchone()
    handle.mended = True

    assert counts == (0, 0)
    assert deliver(function, *arriving(QUESTION)).status == 200


def test_a_learner_first_heard_of_gets_a_row_without_a_login(database, database_url):
    deliver(serving(database, lambda *_: None), *arriving(QUESTION, learner="school:4711"))

    with psycopg.connect(database_url) as db:
        assert db.execute("SELECT id, role FROM users").fetchall() == [("school:4711", "learner")]


def test_slow_thinking_holds_no_connection(database):
    def think(_event, database):
        with database.reading() as db:
            return db.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'"
            ).fetchone()[0]

    seen = []
    function = serving(database, lambda _event, _db, found: seen.append(found), before=think)

    assert deliver(function, *arriving(QUESTION)).status == 204
    assert seen == [0]


def test_what_happens_after_takes_the_reply_over_once_all_is_committed(database, database_url):
    posted = []

    def after(_event, reply, given):
        assert given is database
        with psycopg.connect(database_url) as db:
            posted.append((reply["id"], db.execute("SELECT count(*) FROM inbox").fetchone()))

    answer = deliver(serving(database, lambda *_: REPLY, after=after), *arriving(QUESTION))

    assert answer.status == 204
    assert [count for _, count in posted] == [(1,)]


def test_every_function_says_how_it_is(database):
    function = serving(database, lambda *_: None)
    deliver(function, *arriving(QUESTION))

    assert json.loads(look(function, "/ready").body)["checks"] == {"database": "ok"}
    assert json.loads(look(function, "/health").body)["service"] == "triage"
    assert b'learnflow_events_total{function="triage"' in look(function, "/metrics").body
    assert look(function, "/nowhere").status == 404
    assert look(function, "/").status == 405


def test_a_reply_too_large_for_the_broker_is_a_bug_not_a_silent_loss(database):
    huge = RequestFailed(function="x", message="é" * 150_000)

    assert deliver(serving(database, lambda *_: huge), *arriving(QUESTION)).status == 500
