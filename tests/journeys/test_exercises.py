"""Running code and practising, the way a learner goes it: hand in, read what is wrong, hand in again, pass."""

import json
import os
import subprocess
import sys
import uuid

import jsonschema
import pytest
from journey_stage import Learner

from functions.shared.contracts import SCHEMAS, schema_file
from functions.shared.events import PAYLOADS
from scripts.stack.places import ROOT

EXERCISE = "loops/sum-of-evens"
WRONG = """\
def sum_of_evens(numbers):
    total = 0
    for number in numbers:
        if number % 2 == 0:
            total += nmuber
    return total
"""
RIGHT = WRONG.replace("nmuber", "number")


@pytest.fixture
def learner(system):
    return Learner(system)


def test_a_program_is_run_with_what_it_reads(learner):
    answer = learner.answer("/api/v1/execute", {"code": "print('Hello,', input())", "stdin": "Ada\n"})

    assert answer["type"] == "org.learnflow.code.executed.v1"
    assert (answer["outcome"], answer["stdout"], answer["stderr"]) == ("ok", "Hello, Ada\n", "")
    assert answer["exit_status"] == 0
    assert answer["layers"]


@pytest.mark.parametrize(
    ("code", "outcome", "told"),
    [
        ("print(6)\nprint(x)", "error", {"type": "NameError", "line": 2}),
        ("for x in range(3)\n    print(x)", "syntax_error", {"type": "SyntaxError", "line": 1}),
        ("import socket", "blocked", {"what": "import socket", "line": 1}),
        ("while True:\n    print('x' * 1000)", "output_limit", {}),
        ("while True:\n    pass", "timeout", {}),
    ],
)
def test_a_program_that_goes_wrong_is_told_how(learner, code, outcome, told):
    answer = learner.answer("/api/v1/execute", {"code": code})

    assert answer["outcome"] == outcome
    assert told.items() <= (answer["error"] or answer["blocked"] or {}).items()


def test_a_file_is_run_by_hand(system, learner, tmp_path):
    (tmp_path / "program.py").write_text("print(int(input()) * 7)\n")
    (tmp_path / "broken.py").write_text("print(6)\n\nprint(x)\n")

    def run(name, stdin=""):
        return subprocess.run(
            [
                sys.executable, "-m", "scripts.stack.run_code", str(tmp_path / name),
                "--stdin", "-", "--gateway", f"http://127.0.0.1:{system.gateway_port}",
            ],
            env={**os.environ, "LEARNFLOW_TOKEN": system.token(learner.id)},
            input=stdin, cwd=ROOT, capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    good, bad = run("program.py", "6\n"), run("broken.py")

    assert (good.returncode, good.stdout) == (0, "42\n")
    assert (bad.returncode, bad.stdout) == (1, "6\n")
    assert "✗ NameError in line 3: name 'x' is not defined" in bad.stderr


def test_a_wish_for_practice_brings_an_exercise_without_its_solution(learner):
    answer = learner.answer("/api/v1/exercises/generate", {"topic": "loops", "difficulty": "easy"})

    assert (answer["topic"], answer["difficulty"]) == ("loops", "easy")
    assert answer["tests"]
    assert answer["hidden_tests"] > 0
    shown = learner.get(f"/api/v1/exercises/{answer['exercise_id']}").json()
    assert (shown["title"], shown["starter"], shown["solution"]) == (answer["title"], answer["starter"], None)


def test_a_question_for_an_exercise_brings_one(system):
    body = system.ask("Give me a Python exercise on loops", learner=f"learner-{uuid.uuid4().hex[:8]}").json()

    assert (body["status"], body["routed_to"]) == ("answered", "exercise")
    assert (body["answer"]["type"], body["answer"]["topic"]) == ("org.learnflow.exercise.generated.v1", "loops")


def test_a_wrong_solution_is_told_where_and_the_right_one_passes(learner):
    wrong = learner.answer("/api/v1/exercises/submit", {"exercise_id": EXERCISE, "code": WRONG})

    assert (wrong["type"], wrong["attempt"], wrong["passed"]) == ("org.learnflow.exercise.graded.v1", 1, False)
    assert wrong["score"] < 100
    assert wrong["solution"] is None
    failed = [test for test in wrong["tests"] if not test["passed"] and not test["hidden"]]
    assert {(test["outcome"], test["line"]) for test in failed} == {("error", 5)}
    assert "line 5" in wrong["feedback"]
    assert "nmuber" in wrong["feedback"]
    hidden = [test for test in wrong["tests"] if test["hidden"]]
    assert hidden
    assert not any(test["call"] or test["before"] or test["expected"] or test["got"] for test in hidden)

    right = learner.answer(f"/api/v1/exercises/{EXERCISE}/submissions", {"code": RIGHT})

    assert (right["attempt"], right["score"], right["passed"]) == (2, 100, True)
    assert all(test["passed"] for test in right["tests"])
    assert right["solution"]
    shown = learner.get(f"/api/v1/exercises/{EXERCISE}").json()
    assert (shown["attempts"], shown["best_score"], shown["passed"]) == (2, 100, True)
    assert shown["solution"] == right["solution"]


def test_a_starter_is_no_solution(learner):
    starter = learner.get(f"/api/v1/exercises/{EXERCISE}").json()["starter"]
    answer = learner.answer("/api/v1/exercises/submit", {"exercise_id": EXERCISE, "code": starter})

    assert answer["passed"] is False
    assert answer["score"] < 100


def test_a_submission_is_seen_by_its_learner_alone(system, learner):
    handed_in = learner.post(f"/api/v1/exercises/{EXERCISE}/submissions", {"code": RIGHT}).json()
    path = f"/api/v1/submissions/{handed_in['id']}"

    assert learner.get(path).json() == handed_in
    assert Learner(system).get(path).status_code == 404


def test_a_submission_handed_in_twice_with_one_key_is_one_attempt(learner):
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first, again = (
        learner.answer("/api/v1/exercises/submit", {"exercise_id": EXERCISE, "code": WRONG}, **key) for _ in range(2)
    )

    assert first == again
    assert learner.get(f"/api/v1/exercises/{EXERCISE}").json()["attempts"] == 1


def test_a_submission_can_be_followed_and_every_event_is_what_its_schema_says(system, learner):
    request = learner.post("/api/v1/exercises/submit", {"exercise_id": EXERCISE, "code": RIGHT}).json()["id"]

    def story():
        rows = system.db.execute("SELECT event FROM events WHERE correlation_id = %s ORDER BY time", [request])
        return [event for (event,) in rows]

    def kinds():
        return [event["type"].split(".", 2)[2] for event in story()]

    graded = ["exercise.submitted.v1", "grading.requested.v1", "grading.executed.v1", "exercise.graded.v1"]
    follows = {"code.reviewed.v1", "progress.updated.v1"}  # in any order, and with events of their own between them
    system.until(lambda: {*graded, *follows} <= set(kinds()), "audit has seen all of it")

    assert [kind for kind in kinds() if kind in graded] == graded
    for event in story():
        schema = json.loads((SCHEMAS / schema_file(PAYLOADS[event["type"]])).read_text())
        jsonschema.validate(event["data"], schema, jsonschema.Draft202012Validator)
        assert event["subject"] == event["partitionkey"] == learner.id
