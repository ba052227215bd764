"""Triage routes a question once, says where, and declines kindly what it cannot read."""

import json

import pytest

from functions.shared.database import PostgreSQL
from functions.shared.events import QuestionAsked
from functions.shared.testing import KNOWS, arriving, deliver
from functions.triage.context import make_context_of
from functions.triage.readable import LARGEST_ATTACHMENT, LONGEST_QUESTION


@pytest.fixture
def triage(function):
    return function("triage")


def ask(triage, question, *, id="e1", **attached):
    return deliver(triage, *arriving(QuestionAsked(question=question, **attached), id=id))


def given_request(db, request="e1", learner="ada"):
    db.execute("INSERT INTO users (id) VALUES (%s) ON CONFLICT DO NOTHING", [learner])
    db.execute(
        "INSERT INTO requests (id, user_id, kind, body, body_hash) VALUES (%s, %s, 'question', '{}', '')",
        [request, learner],
    )


@pytest.mark.parametrize(
    ("question", "attached", "fact"),
    [
        ("Can you explain how Python loops work?", {}, "explanation.requested"),
        ("What is a for loop in Python?", {}, "explanation.requested"),
        ("Explain Python variables", {}, "explanation.requested"),
        ("I am getting a NameError in my code", {}, "debugging.requested"),
        ("Fix my error: NameError", {}, "debugging.requested"),
        (
            "My code is not working",
            {"code": "print(x)", "error_message": "NameError: name x is not defined"},
            "debugging.requested",
        ),
        ("Give me a Python exercise on loops", {}, "exercise.requested"),
        ("Give me practice exercises", {}, "exercise.requested"),
        ("Can you review my code?", {"code": "def f(a):\n    return a+1"}, "review.requested"),
        ("How am I doing?", {}, "progress.requested"),
        ("Quiz me on lists", {}, "quiz.requested"),
        ("What's the weather in Paris?", {}, "question.declined"),
    ],
)
def test_a_question_goes_to_the_function_of_its_intent(triage, question, attached, fact):
    answer = ask(triage, question, **attached)

    assert answer.event["type"] == f"org.learnflow.{fact}.v1"


def test_the_routed_event_carries_everything_that_was_asked(triage):
    answer = ask(triage, "Fix my error", code="print(x)", error_message="NameError: x", session_id="monday")

    assert {name: answer.data[name] for name in ("question", "code", "error_message", "session_id")} == {
        "question": "Fix my error",
        "code": "print(x)",
        "error_message": "NameError: x",
        "session_id": "monday",
    }
    assert 0.5 < answer.data["confidence"] <= 1


def test_the_learners_request_shows_where_it_goes(triage, db):
    given_request(db)
    db.execute("LISTEN learnflow")

    ask(triage, "Can you explain how Python loops work?")

    routed = db.execute("SELECT status, routed_to, confidence > 0.5, routed_at IS NOT NULL FROM requests").fetchone()
    assert routed == ("pending", "concepts", True, True)
    assert [json.loads(notice.payload) for notice in db.notifies(timeout=5, stop_after=1)] == [
        {"request": "e1", "learner": "ada", "routed_to": "concepts"}
    ]


def test_somebody_elses_request_is_left_alone(triage, db):
    given_request(db, learner="bo")

    ask(triage, "Can you explain how Python loops work?")

    assert db.execute("SELECT routed_to, routed_at FROM requests").fetchone() == (None, None)


def given_history(db, learner, *, mastery=(), errors=()):
    """`mastery`: (topic, 0 to 90); `errors`: (error type, hours ago)."""
    db.execute("INSERT INTO users (id) VALUES (%s) ON CONFLICT DO NOTHING", [learner])
    for topic, value in mastery:
        db.execute(KNOWS, {"learner": learner, "topic": topic, "mastery": value})
    for number, (error, hours) in enumerate(errors):
        db.execute(
            "INSERT INTO error_occurrences (id, learner_id, error_type, code_hash, occurred_at)"
            " VALUES (%s, %s, %s, '', now() - make_interval(hours => %s))",
            [f"{learner}-{number}", learner, error, hours],
        )


def test_what_is_known_of_the_learner_goes_with_the_question(triage, db):
    given_history(
        db,
        "cleo",
        mastery=[("loops", 72), ("functions", 10)],
        errors=[("NameError", 2), ("KeyError", 1), ("NameError", 3), ("TypeError", 30)],
    )
    given_history(db, "dan", mastery=[("classes", 88)])

    answer = deliver(triage, *arriving(QuestionAsked(question="What is a for loop?"), learner="cleo"))

    assert answer.data["context"] == {
        "mastery": {"loops": 72, "functions": 10},
        "recent_errors": [{"error": "KeyError", "times": 1}, {"error": "NameError", "times": 2}],
        "turns": [],
    }


def test_where_nothing_is_known_of_the_learner_nothing_goes_with_the_question(triage):
    assert ask(triage, "What is a for loop?").data["context"] is None


def test_what_is_known_of_a_learner_is_looked_up_again_after_five_minutes(database_url, db):
    database, clock = PostgreSQL(database_url), [1000.0]
    context_of = make_context_of(now=lambda: clock[0])
    given_history(db, "eve", mastery=[("loops", 40)])

    try:
        first = context_of("eve", database)
        given_history(db, "eve", mastery=[("loops", 60)])
        clock[0] += 299
        kept = context_of("eve", database)
        clock[0] += 2
        fresh = context_of("eve", database)
    finally:
        database.close()

    assert [context.mastery["loops"] for context in (first, kept, fresh)] == [40, 40, 60]


@pytest.mark.parametrize(
    ("question", "attached", "reason"),
    [
        ("", {}, "empty"),
        (" \n\t ", {"code": "  "}, "empty"),
        ("why? " * 5000, {}, "too_long"),
        ("fix this", {"code": "x = 1\n" * 20_000}, "too_long"),
        ("\x00\x01\x02\x7f" * 50, {}, "unreadable"),
        ("look", {"code": "\x7fELF\x02\x01\x01" + "\x00" * 100}, "unreadable"),
        ("Write me a poem about cheese", {}, "off_topic"),
        ("How do I center a div in HTML and CSS?", {}, "off_topic"),
        ("asdf qwer zxcv", {}, "off_topic"),
    ],
)
def test_what_is_no_question_about_python_is_declined_kindly(triage, db, question, attached, reason):
    given_request(db)

    answer = ask(triage, question, **attached)

    assert answer.data["reason"] == reason
    assert answer.data["message"]
    assert answer.data["suggestions"]
    assert db.execute("SELECT routed_to, routed_at IS NOT NULL FROM requests").fetchone() == (None, True)


def test_an_unsure_routing_names_its_second_guess(triage):
    answer = ask(triage, "why does my loop never stop, explain")

    assert (answer.data["confidence"] < 0.6) == (answer.data["second_guess"] is not None)


@pytest.mark.parametrize("character", ["x", '"', "é", "🐍", "\n", "\x1b"])
def test_the_largest_question_that_is_read_still_fits_into_an_event(triage, character):
    one = len(json.dumps(character, ensure_ascii=False).encode()) - 2
    most = character * ((LARGEST_ATTACHMENT - 2) // one)

    answer = ask(triage, character * LONGEST_QUESTION, code=most, error_message=most)
    too_much = ask(triage, "fix this", code=most + character, id="e2")

    assert answer.status == 200
    assert too_much.data["reason"] == "too_long"


@pytest.mark.parametrize(
    "question", ["¿Qué es un bucle en Python?", "Was ist eine Schleife in Python?", "🐍🐍🐍 loops?"]
)
def test_any_language_gets_an_answer_of_some_kind(triage, question):
    assert ask(triage, question).status == 200
