"""A submission is graded exactly once, by what the sandbox saw, whatever arrives how often."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest
from exercise_stage import RIGHT, SUM, WRONG, hand_in, kept, tried

from functions.exercise.handler import HANDLERS
from functions.shared.practising import ExerciseSubmitted
from functions.shared.running import GradingExecuted, Ran
from functions.shared.serving import Function, Handler


@pytest.fixture
def exercise(function):
    return function("exercise")


def test_what_passes_every_test_has_100_and_gets_the_solution(exercise, db):
    hand_in(exercise)
    answer = tried(exercise)

    assert (answer.status, answer.event["type"]) == (200, "org.learnflow.exercise.graded.v1")
    assert (answer.data["score"], answer.data["passed"], answer.data["attempt"]) == (100, True, 1)
    assert answer.data["solution"] == SUM.solution
    assert answer.event["correlationid"] == "s1"
    assert kept(db) == [("s1", 1, "graded", 100, True)]


def test_what_is_wrong_is_told_test_by_test_and_hidden_ones_stay_hidden(exercise, db):
    hand_in(exercise)
    answer = tried(exercise, WRONG)

    assert (answer.data["score"], answer.data["passed"], answer.data["solution"]) == (66, False, None)
    assert "`sum_of_evens([1, 2, 3, 4])` must give `6`. It gives `4`." in answer.data["feedback"]
    assert [test["got"] for test in answer.data["tests"][:2]] == ["4", "20"]
    assert not any(test.call.encode() in answer.body for test in SUM.tests if test.hidden)
    assert kept(db) == [("s1", 1, "graded", 66, False)]


def test_results_that_come_again_are_answered_again_and_other_results_change_nothing(exercise, db):
    hand_in(exercise)
    first, again, later = tried(exercise, WRONG), tried(exercise, WRONG), tried(exercise, RIGHT, event_id="g2")

    assert (first.event["id"], first.body) == (again.event["id"], again.body)
    assert (later.status, later.body) == (204, b"")
    assert kept(db) == [("s1", 1, "graded", 66, False)]


def test_of_two_results_at_once_one_counts(exercise, db):
    hand_in(exercise)
    both = Barrier(2)

    def at_once(event_id):
        both.wait(10)
        return tried(exercise, event_id=event_id).status

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(at_once, ["g1", "g2"])) == [200, 204]
    assert kept(db) == [("s1", 1, "graded", 100, True)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"submission": "s2"},
        {"learner": "bob"},
        {"source": "/learnflow/gateway"},
        {"source": "https://elsewhere.org"},
        {"ingress": "exercise.submitted"},
    ],
)
def test_results_of_no_submission_of_the_learner_or_not_from_the_sandbox_are_rejected(exercise, db, wrong):
    hand_in(exercise)
    answer = tried(exercise, **wrong)

    assert answer.status == 422
    assert kept(db) == [("s1", 1, "pending", None, False)]


@pytest.mark.parametrize("came", [(), RIGHT[1:], (*RIGHT, RIGHT[0])], ids=["none", "too few", "too many"])
def test_results_that_are_not_one_for_each_test_are_no_grade_and_no_fault_of_the_learner(exercise, db, came):
    hand_in(exercise)
    answer = tried(exercise, came)

    assert (answer.status, answer.data["score"], answer.data["passed"]) == (200, None, False)
    assert "hand it in once more" in answer.data["feedback"]
    assert kept(db) == [("s1", 1, "ungraded", None, False)]


def test_garbage_from_the_sandbox_passes_nothing(exercise):
    hand_in(exercise)
    deep = {"kind": "none"}
    for _ in range(33):
        deep = {"kind": "dict", "items": [[{"kind": "int", "value": 0}, deep]]}
    garbage = (
        Ran(outcome="ok"),
        Ran(outcome="ok", value={"kind": "int", "value": "six"}),
        Ran(outcome="ok", value={"items": [[[]]]}),
        Ran(outcome="ok", value=deep),
        Ran(outcome="error"),
        Ran(outcome="killed", stdout="\x00" * 100),
    )
    answer = tried(exercise, garbage)

    assert (answer.status, answer.data["score"]) == (200, 0)
    assert not any(test["passed"] for test in answer.data["tests"])


def test_a_submission_whose_exercise_is_gone_is_told_so(exercise, db):
    hand_in(exercise)
    db.execute("UPDATE submissions SET exercise_id = 'loops/gone'")

    assert tried(exercise).data["score"] is None


class Crash(Exception):
    """Stands for a process that dies."""


@pytest.mark.parametrize("payload", [ExerciseSubmitted, GradingExecuted])
def test_a_crash_after_the_work_leaves_nothing_and_the_redelivery_does_all_of_it(exercise, database, db, payload):
    def crashes(*args):
        HANDLERS[payload].handle(*args)
        raise Crash

    crashing = Function("exercise", {**HANDLERS, payload: Handler(crashes)}, db=database)
    if payload is GradingExecuted:
        hand_in(exercise)
    act = hand_in if payload is ExerciseSubmitted else tried
    before = kept(db)

    assert act(crashing).status == 500
    assert kept(db) == before
    assert act(exercise).status == 200
    assert len(kept(db)) == 1


def test_a_score_beyond_its_bounds_cannot_be_kept(exercise, db):
    hand_in(exercise)

    with pytest.raises(psycopg.errors.CheckViolation):
        db.execute("UPDATE submissions SET score = 101")
