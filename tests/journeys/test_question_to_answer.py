"""From a question to its answer, the way a learner goes it."""

import json
import random
import uuid
from contextlib import suppress

import httpx
import jsonschema
import psutil
import pytest

from functions.shared.contracts import SCHEMAS, schema_file
from functions.shared.envelope import cloud_event, from_json, to_http
from functions.shared.events import PAYLOADS, QuestionAsked
from functions.shared.testing import NOON

LOOPS = "Can you explain how Python loops work?"


def test_a_question_gets_its_explanation(system):
    response = system.ask(LOOPS)

    body = response.json()
    assert (response.status_code, body["status"], body["routed_to"]) == (200, "answered", "concepts")
    assert response.headers["preference-applied"] == "wait=30"
    assert (body["answer"]["topic"], body["answer"]["level"]) == ("loops", "beginner")
    assert body["answer"]["examples"][0]["output"]
    assert body["answer"]["diagram"].startswith("flowchart")
    assert system.http.get(body["links"]["self"], headers={"X-Learner-Id": "ada"}).json() == body


def test_a_question_is_accepted_at_once_and_answered_soon(system):
    response = system.ask("What is a decorator?", wait=0)
    assert (response.status_code, response.json()["status"]) == (202, "pending")

    link = response.headers["location"]
    answered = system.until(
        lambda: (r := system.http.get(link, headers={"X-Learner-Id": "ada"}).json())["status"] != "pending" and r,
        "the question is answered",
    )

    assert answered["answer"]["topic"] == "decorators"
    assert system.http.get(link, headers={"X-Learner-Id": "bo"}).status_code == 404


@pytest.mark.parametrize(
    ("query", "attached", "intent"),
    [
        ("Can you explain how Python loops work?", {}, "concepts"),
        ("What is a for loop in Python?", {}, "concepts"),
        ("Explain Python variables", {}, "concepts"),
        ("I am getting a NameError in my code", {}, "debug"),
        ("Fix my error: NameError", {}, "debug"),
        ("My code is not working", {"code": "print(x)", "error_message": "NameError: name x is not defined"}, "debug"),
        ("Give me a Python exercise on loops", {}, "exercise"),
        ("Give me practice exercises", {}, "exercise"),
        ("Can you review my code?", {"code": "def f(a):\n    return a + 1\n"}, "code_review"),
        ("How am I doing?", {}, "progress"),
        ("What's the weather in Paris?", {}, None),
    ],
)
def test_triage_says_where_a_question_goes(system, query, attached, intent):
    body = {"student_id": "ada", "session_id": "s1", "query": query, **attached}
    response = system.http.post("/api/triage", json=body, headers={"X-Learner-Id": "ada"})

    assert (response.status_code, response.json()["routed_to"]) == (200, intent)
    assert 0 < response.json()["confidence"] <= 1


def test_who_wants_to_be_questioned_is(system):
    body = system.ask("Quiz me on lists").json()

    assert (body["status"], body["answer"]["type"]) == ("answered", "org.learnflow.quiz.posed.v1")
    assert body["answer"]["topic"] == "lists"


def test_who_wants_to_know_how_far_they_have_come_is_told(system):
    body = system.ask("How am I doing so far?").json()

    assert (body["status"], body["answer"]["type"]) == ("answered", "org.learnflow.progress.reported.v1")
    assert body["answer"]["standing"]["overall"]["level"] == "red"


@pytest.mark.parametrize("question", ["", "Write me a poem about cheese", "\x00\x01" * 100, "why? " * 4000])
def test_what_cannot_be_answered_is_declined_kindly(system, question):
    response = system.ask(question)

    assert (response.status_code, response.json()["status"]) == (200, "declined")
    assert response.json()["routed_to"] is None
    assert response.json()["answer"]["suggestions"]


def test_a_question_is_answered_when_no_function_runs(system):
    told = set()

    def at_zero():
        """End what runs; an event still on its way may start a function anew, so look again each time."""
        for process in set(psutil.Process(system.pid).children(recursive=True)) - told:
            with suppress(psutil.NoSuchProcess):
                if "functions.gateway" not in process.cmdline():
                    process.terminate()
            told.add(process)
        return all(s["replicas"] == 0 for name, s in system.status()["services"].items() if name != "gateway")

    system.until(at_zero, "every function but the edge is at zero")

    assert system.ask(LOOPS).json()["status"] == "answered"


def test_every_event_of_an_answer_is_what_its_schema_says(system):
    request = system.ask(LOOPS).json()["id"]
    system.until(lambda: count(system, "events", [request]) == 3, "audit has seen all of it")

    for (event,) in system.db.execute("SELECT event FROM events WHERE correlation_id = %s", [request]).fetchall():
        schema = json.loads((SCHEMAS / schema_file(PAYLOADS[event["type"]])).read_text())
        jsonschema.validate(event["data"], schema, jsonschema.Draft202012Validator)
        assert event["subject"] == event["partitionkey"] == "ada"


def test_the_whole_conversation_can_be_followed_by_its_correlation_id(system):
    request = system.ask(LOOPS).json()["id"]

    def story():
        rows = system.db.execute("SELECT type FROM events WHERE correlation_id = %s ORDER BY time", [request])
        return [row[0].split(".", 2)[2] for row in rows]

    system.until(lambda: len(story()) == 3, "audit has seen all of it")
    assert story() == ["question.asked.v1", "explanation.requested.v1", "concept.explained.v1"]


def test_every_event_delivered_twice_in_any_order_changes_nothing(system):
    requests = [system.ask(question).json()["id"] for question in (LOOPS, "Quiz me", "What's the weather?")]
    system.until(lambda: count(system, "events", requests) == 8, "audit has seen all of it")
    before = state(system, requests)

    again = [
        from_json(event)
        for (event,) in system.db.execute("SELECT event FROM events WHERE correlation_id = ANY(%s)", [requests])
    ]
    random.Random(7).shuffle(again)
    asked = system.status()
    assert [system.post_event(*to_http(event)) for event in again] == [202] * len(again)
    system.until(lambda: drained(system, asked, len(again)), "all duplicates are handled")

    assert state(system, requests) == before


def drained(system, before, more):
    now = system.status()
    audit = now["triggers"]["audit"]["delivered"] - before["triggers"]["audit"]["delivered"]
    return audit >= more and not any(trigger["open"] for trigger in now["triggers"].values())


def count(system, table, requests):
    column = "correlation_id" if table == "events" else "request_id"
    return system.row(f"SELECT count(*) FROM {table} WHERE {column} = ANY(%s)", requests)[0]


def state(system, requests):
    return (
        count(system, "events", requests),
        count(system, "messages", requests),
        system.db.execute(
            "SELECT id, status, routed_to, answer_message_id FROM requests WHERE id = ANY(%s) ORDER BY id", [requests]
        ).fetchall(),
    )


def test_the_same_idempotency_key_is_the_same_question(system):
    headers = {"X-Learner-Id": "ada", "Idempotency-Key": str(uuid.uuid4()), "Prefer": "wait=30"}
    first, again = (system.http.post("/api/v1/query", json={"question": LOOPS}, headers=headers) for _ in range(2))
    other = system.http.post("/api/v1/query", json={"question": "something else"}, headers=headers)

    assert first.json() == again.json()
    assert (other.status_code, other.headers["content-type"]) == (422, "application/problem+json")


def test_a_function_tried_by_hand_answers_with_its_reply(system):
    event = cloud_event(QuestionAsked(question=LOOPS), learner="ada", now=NOON, id=str(uuid.uuid4()), source="/hand")
    headers, body = to_http(event)
    host = f"triage.learnflow.localhost:{system.port}"
    reply = httpx.post(system.url, headers={**headers, "Host": host}, content=body, timeout=20)

    assert (reply.status_code, reply.headers["ce-type"]) == (200, "org.learnflow.explanation.requested.v1")
