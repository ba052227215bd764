"""Delivery keeps an answer once, ends the request it answers, and wakes whoever waits."""

import json

import pytest

from functions.shared.alerting import AlertRaised
from functions.shared.events import QuestionDeclined, RequestFailed
from functions.shared.explaining import ConceptExplained
from functions.shared.helping import CodeReviewed, ErrorExplained
from functions.shared.practising import ExerciseGraded
from functions.shared.quizzing import QuizGraded, QuizPosed
from functions.shared.testing import arriving, deliver

EXPLAINED = ConceptExplained(topic="loops", title="Loops", level="beginner", explanation="…", answered_by="built-in")
GRADED = ExerciseGraded(
    exercise_id="loops/sum-of-evens", topic="loops", submission_id="r1", attempt=1, score=50, passed=False, feedback="…"
)
REVIEWED = CodeReviewed(quality=80, summary="…", submission_id="r1")
FAILED = RequestFailed(function="concepts", message="Something broke.")


@pytest.fixture
def delivery(function):
    return function("delivery")


@pytest.fixture
def request_row(db):
    db.execute("INSERT INTO users (id) VALUES ('ada')")
    db.execute("INSERT INTO requests (id, user_id, kind, body, body_hash) VALUES ('r1', 'ada', 'question', '{}', '')")


def bring(delivery, payload, *, id="a1", correlationid="r1", learner="ada"):
    source = "/learnflow/concepts"
    return deliver(delivery, *arriving(payload, id=id, correlationid=correlationid, learner=learner, source=source))


def state(db):
    return db.execute(
        "SELECT r.status, m.type FROM requests r LEFT JOIN messages m ON m.id = r.answer_message_id"
    ).fetchone()


@pytest.mark.parametrize(
    ("payload", "status"),
    [
        (EXPLAINED, "answered"),
        (QuizPosed(quiz_id=None, topic=None, title="…", question="…"), "answered"),
        (ErrorExplained(title="…", explanation="…"), "answered"),
        (CodeReviewed(quality=None, summary="…"), "answered"),
        (QuestionDeclined(reason="off_topic", message="…"), "declined"),
        (FAILED, "failed"),
    ],
)
def test_an_answer_ends_its_request(delivery, db, request_row, payload, status):
    assert bring(delivery, payload).status == 204

    assert state(db) == (status, payload.TYPE)


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("quiz", QuizPosed(quiz_id="r1", topic="lists", title="…", question="…")),
        ("quiz_answer", QuizGraded(quiz_id="q1", topic="lists", correct=True, explanation="…")),
        ("alert", AlertRaised(kind="message", severity="info", about="ada", recipients=())),
    ],
)
def test_what_is_no_question_ends_with_an_answer_of_its_own(delivery, db, request_row, kind, payload):
    db.execute("UPDATE requests SET kind = %s", [kind])
    bring(delivery, EXPLAINED, id="a0")
    assert state(db)[0] == "pending"

    bring(delivery, payload)
    assert state(db) == ("answered", payload.TYPE)


@pytest.mark.parametrize("order", [(GRADED, REVIEWED), (REVIEWED, GRADED)], ids=["after", "before"])
def test_the_review_of_a_submission_is_a_message_and_its_grade_the_answer(delivery, db, request_row, order):
    db.execute("UPDATE requests SET kind = 'submission'")
    for payload in order:
        bring(delivery, payload, id=payload.TYPE)

    assert state(db) == ("answered", GRADED.TYPE)
    assert db.execute("SELECT count(*) FROM messages").fetchone() == (2,)


def test_an_answer_delivered_twice_is_one_message(delivery, db, request_row):
    bring(delivery, EXPLAINED)
    bring(delivery, EXPLAINED)

    assert db.execute("SELECT count(*) FROM messages").fetchone() == (1,)


def test_who_waits_is_told_by_ids_only(delivery, db, request_row):
    db.execute("LISTEN learnflow")

    bring(delivery, EXPLAINED)

    (notice,) = db.notifies(timeout=5, stop_after=1)
    message = db.execute("SELECT id FROM messages").fetchone()[0]
    assert json.loads(notice.payload) == {"request": "r1", "learner": "ada", "message": message}


def test_a_late_answer_replaces_a_failure_but_no_failure_replaces_an_answer(delivery, db, request_row):
    bring(delivery, FAILED, id="f1")
    assert state(db)[0] == "failed"
    bring(delivery, EXPLAINED, id="a1")
    bring(delivery, FAILED, id="f2")

    assert state(db) == ("answered", EXPLAINED.TYPE)


def test_an_answer_for_another_learner_ends_nothing(delivery, db, request_row):
    bring(delivery, EXPLAINED, learner="bo")

    assert state(db) == ("pending", None)


def test_an_answer_to_a_question_from_kafka_needs_no_request(delivery, db):
    assert bring(delivery, EXPLAINED, correlationid="from-kafka").status == 204

    assert db.execute("SELECT learner_id, request_id FROM messages").fetchall() == [("ada", "from-kafka")]
