"""A question in a conversation is understood together with the turns before it, and carries them along."""

import json
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from functions.shared.conversing import MOST_TURNS
from functions.shared.envelope import cloud_event, to_http
from functions.shared.events import MAX_EVENT_BYTES, PAYLOADS, QuestionAsked
from functions.shared.testing import deliver
from functions.triage.readable import LARGEST_ATTACHMENT, LONGEST_QUESTION

NINE = datetime(2026, 3, 20, 9, tzinfo=UTC)
EXPLAINED = {"topic": "loops", "title": "Loops", "level": "intermediate", "explanation": "…"}
SESSION = "monday"


@pytest.fixture
def triage(function):
    return function("triage")


def given_turn(
    db, name, minutes, *, learner="ada", session=SESSION, kind="question", routed_to=None, answer=None, **body
):
    """Make it so that something was asked some minutes after nine, and, unless `answer` is None, answered."""
    db.execute("INSERT INTO users (id) VALUES (%s) ON CONFLICT DO NOTHING", [learner])
    db.execute("INSERT INTO conversations (user_id, id) VALUES (%s, %s) ON CONFLICT DO NOTHING", [learner, session])
    if answer is not None:
        db.execute(
            "INSERT INTO messages (id, learner_id, request_id, type, body) VALUES (%s, %s, %s, 't', %s)",
            [f"m-{name}", learner, name, json.dumps(answer)],
        )
    db.execute(
        "INSERT INTO requests (id, user_id, kind, routed_to, answer_message_id, body, body_hash, created_at,"
        " conversation_id) VALUES (%s, %s, %s, %s, %s, %s, '', %s, %s)",
        [name, learner, kind, routed_to, answer and f"m-{name}", json.dumps(body),
         NINE + timedelta(minutes=minutes), session],
    )  # fmt: skip


def ask(triage, question, *, minutes=30, session=SESSION, learner="ada", id="e1", **attached):
    payload = QuestionAsked(question=question, session_id=session, **attached)
    event = cloud_event(
        payload, learner=learner, now=NINE + timedelta(minutes=minutes), id=id, source="/learnflow/gateway", hops="0"
    )
    return deliver(triage, *to_http(event))


def turns_of(answer):
    return [turn["question"] for turn in answer.data["context"]["turns"]]


@pytest.fixture
def explained(db):
    """A conversation in which loops were explained."""
    given_turn(db, "r1", 0, routed_to="concepts", answer=EXPLAINED, question="How do loops work?")


@pytest.mark.parametrize(
    ("question", "fact", "taken"),
    [
        ("why?", "explanation", {"topic": "loops", "level": "advanced"}),
        ("can you explain that more simply?", "explanation", {"topic": "loops", "level": "elementary"}),
        ("give me an exercise on that", "exercise", {"topic": "loops", "difficulty": None}),
        ("quiz me on this", "quiz", {"topic": "loops"}),
        ("What is a dictionary?", "explanation", {"topic": None, "level": None}),
    ],
)
def test_a_follow_up_takes_over_what_it_does_not_say(triage, explained, question, fact, taken):
    answer = ask(triage, question)

    assert answer.event["type"] == f"org.learnflow.{fact}.requested.v1"
    assert {name: answer.data[name] for name in taken} == taken


@pytest.mark.parametrize("session", [None, "", " ", "tuesday"])
def test_without_a_session_or_in_another_one_nothing_is_taken_over(triage, explained, session):
    answer = ask(triage, "What about that one? Explain it again", session=session)

    assert answer.data.get("topic") is None
    assert answer.data.get("context") is None


def test_somebody_elses_conversation_of_the_same_name_is_not_seen(triage, explained):
    assert ask(triage, "quiz me on this", learner="bob").data["context"] is None


def test_a_session_is_known_by_its_name_whatever_white_space_is_around_it(triage, explained):
    assert ask(triage, "quiz me on this", session=f"\n {SESSION} ").data["topic"] == "loops"


def test_the_last_five_turns_go_along_the_latest_last(triage, db):
    for number in range(MOST_TURNS + 2):
        given_turn(db, f"r{number}", number, routed_to="concepts", question=f"Question {number}")

    answer = ask(triage, "What is a for loop?")

    assert turns_of(answer) == [f"Question {number}" for number in range(2, MOST_TURNS + 2)]


def test_neither_the_question_itself_nor_what_was_asked_later_is_among_the_turns(triage, db, explained):
    given_turn(db, "e1", 30, question="What is a for loop?")
    given_turn(db, "r2", 31, routed_to="concepts", answer={**EXPLAINED, "topic": "lists"}, question="Explain lists")

    answer = ask(triage, "another example please", minutes=30)

    assert turns_of(answer) == ["How do loops work?"]
    assert answer.data["topic"] == "loops"


def test_a_turn_shows_what_came_of_it(triage, db):
    graded = {"topic": "loops", "exercise_id": "loops/sum-of-evens", "passed": False}
    ran = {"outcome": "error", "error": {"type": "NameError", "traceback": "line 1: NameError"}}
    given_turn(db, "r1", 0, kind="submission", answer=graded, exercise_id="loops/sum-of-evens", code="pass")
    given_turn(db, "r2", 1, kind="execution", answer=ran, code="print(x)")
    given_turn(db, "r3", 2, kind="quiz_answer", answer={"topic": "lists", "correct": True}, choice=1)
    given_turn(db, "r4", 3, question="thanks", answer={"reason": "off_topic"})

    submission, execution, quiz, thanks = ask(triage, "What is a for loop?").data["context"]["turns"]

    assert (submission["intent"], submission["topic"], submission["exercise_id"], submission["code"]) == (
        "exercise", "loops", "loops/sum-of-evens", "pass",
    )  # fmt: skip
    assert (execution["intent"], execution["error_message"]) == ("debug", "line 1: NameError")
    assert (quiz["intent"], quiz["topic"]) == ("quiz", "lists")
    assert (thanks["question"], thanks["intent"]) == ("thanks", None)


def test_what_still_does_not_work_is_the_whole_program_of_before(triage, db):
    program = "print('hello')\n" * 2_000
    given_turn(db, "r1", 0, kind="debugging", answer={"topic": "strings"}, code=program, error_message="SyntaxError")

    answer = ask(triage, "it still doesn't work")

    assert answer.event["type"] == "org.learnflow.debugging.requested.v1"
    assert (answer.data["code"], answer.data["error_message"]) == (program, "SyntaxError")
    assert len(answer.data["context"]["turns"][0]["code"]) < 2_000


@pytest.mark.parametrize("character", ["x", '"', "é", "🐍", "\x1b"])
def test_the_largest_question_fits_into_an_event_with_five_large_turns_before_it(triage, db, character):
    one = len(json.dumps(character, ensure_ascii=False).encode()) - 2
    most = character * ((LARGEST_ATTACHMENT - 2) // one)
    for number in range(MOST_TURNS):
        given_turn(
            db, f"r{number}", number, routed_to="debug", question=character * 8_000, code=most, error_message=most
        )

    answer = ask(triage, character * LONGEST_QUESTION, code=most, error_message=most)

    assert answer.status == 200
    assert len(answer.body) < MAX_EVENT_BYTES
    assert answer.event["type"] == "org.learnflow.question.declined.v1" or len(answer.data["context"]["turns"]) == 5


def test_what_came_in_through_kafka_has_no_turns_of_its_own(triage, db):
    first = ask(triage, "How do loops work?", minutes=0, id="k1")
    second = ask(triage, "quiz me on this", minutes=1, id="k2")

    assert first.event["type"] == "org.learnflow.explanation.requested.v1"
    assert second.data["topic"] is None
    assert second.data["context"] is None


def test_a_question_that_is_delivered_again_is_answered_as_it_was(triage, db, explained):
    first = ask(triage, "another example please")
    given_turn(db, "r2", 20, routed_to="concepts", answer={**EXPLAINED, "topic": "lists"}, question="Explain lists")
    again = ask(triage, "another example please")

    assert (again.event["id"], again.data) == (first.event["id"], first.data)


def test_an_event_with_turns_is_as_its_schema_says(triage, explained):
    answer = ask(triage, "why?")

    payload = PAYLOADS[answer.event["type"]].model_validate(answer.data)
    assert payload.context.turns[0].topic == "loops"


def test_the_turns_are_looked_up_anew_for_each_question(triage, db: psycopg.Connection, explained):
    ask(triage, "What is a for loop?", id="e1")
    given_turn(db, "r2", 20, routed_to="concepts", answer={**EXPLAINED, "topic": "lists"}, question="Explain lists")

    assert ask(triage, "quiz me on this", id="e2").data["topic"] == "lists"
