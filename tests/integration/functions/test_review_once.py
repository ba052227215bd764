"""Submissions are reviewed unasked, and every review comes once, whatever arrives how often and from whom."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from psycopg.types.json import Jsonb
from review_stage import (
    CHECK,
    CLEAN,
    REVIEWED,
    SUM,
    SUM_ID,
    SUMMED,
    ask,
    drafts,
    graded,
    hand_in,
    kept,
    printed,
    ran,
)

from functions.curriculum.reading import curriculum
from functions.review.handler import HANDLERS
from functions.shared.events import ReviewRequested
from functions.shared.made import Made, made_body
from functions.shared.practising import ExerciseGraded
from functions.shared.running import CheckExecuted, Ran
from functions.shared.serving import Function, Handler
from tests.made_exercise import made as made_exercise

MADE = "loops/made-0123456789ab"
SAME = printed("B\n", "B\n", "B\n")


@pytest.fixture
def review(function):
    return function("review")


def values(*numbers):
    return [Ran(outcome="ok", value={"kind": "int", "value": number}) for number in numbers]


def test_a_graded_submission_is_tried_by_the_tests_of_its_exercise(review, db):
    hand_in(db)
    check = graded(review)

    tests = [(test.call, test.before, test.stdin) for test in SUM.tests]
    tried = [(trial["call"], trial["before"], trial["stdin"]) for trial in check.data["trials"]]
    assert (check.status, check.event["type"], check.data["code"]) == (200, CHECK, SUMMED)
    assert tried == tests * 2
    assert [trial["code"] for trial in check.data["trials"][: len(tests)]] == [SUMMED] * len(tests)
    assert len({trial["code"] for trial in check.data["trials"][len(tests) :]} - {SUMMED}) == 1


def test_its_review_says_of_which_submission_and_exercise_it_is(review, db):
    hand_in(db)
    right = values(6, 30, 0, -6, 24, 249500)
    answer = ran(review, graded(review), *right, *right)

    assert (answer.event["type"], answer.event["correlationid"]) == (REVIEWED, "s1")
    assert (answer.data["submission_id"], answer.data["exercise_id"]) == ("s1", SUM_ID)
    assert [each["checked"] for each in answer.data["suggestions"] if each["rule"] == "index_loop"] == ["passed"]
    assert kept(db) == [("ada:s1", "ada", "s1", "loops")]


def test_a_version_that_fails_one_of_the_tests_is_not_suggested(review, db):
    hand_in(db)
    right = values(6, 30, 0, -6, 24, 249500)
    answer = ran(review, graded(review), *right, *right[:-1], *values(0))

    assert "index_loop" not in [each["rule"] for each in answer.data["suggestions"]]


def test_hidden_tests_are_not_told(review, db):
    hand_in(db)
    right = values(6, 30, 0, -6, 24, 249500)
    answer = ran(review, graded(review), *right, *right)

    assert not any(test.call.encode() in answer.body for test in SUM.tests if test.hidden)


def test_a_submission_with_nothing_to_try_is_reviewed_at_once(review, db):
    hand_in(db, CLEAN)
    answer = graded(review)

    assert (answer.event["type"], answer.data["submission_id"]) == (REVIEWED, "s1")
    assert kept(db) == [("ada:s1", "ada", "s1", "loops")]


@pytest.mark.parametrize(
    ("code", "about"),
    [
        (SUMMED, {"score": None}),
        (SUMMED, {"submission_id": "s2"}),
        (SUMMED, {"learner": "bob"}),
        ("def sum_of_evens(:\n", {}),
        ("(" * 5000, {}),
    ],
    ids=["ungraded", "missing", "somebody else's", "unreadable", "too deep"],
)
def test_what_was_not_graded_or_is_not_there_or_not_readable_is_passed_over(review, db, code, about):
    hand_in(db, code)
    answer = graded(review, **about)

    assert (answer.status, answer.body) == (204, b"")
    assert kept(db) == drafts(db) == []


def test_a_submission_of_an_exercise_that_is_gone_is_run_as_it_is(review, db):
    hand_in(db)
    check = graded(review, exercise_id="loops/gone")

    assert [trial["call"] for trial in check.data["trials"]] == [None, None]


def made(db, learner="ada"):
    """Keep an exercise that a model wrote for a learner, and return it."""
    topic, exercise = curriculum().topic("loops"), made_exercise()
    body = made_body(Made(topic, exercise.model_copy(update={"id": MADE.partition("/")[2]}), "some-model"))
    db.execute("INSERT INTO users (id) VALUES (%s) ON CONFLICT DO NOTHING", [learner])
    db.execute("INSERT INTO made_exercises (learner_id, id, body) VALUES (%s, %s, %s)", [learner, MADE, Jsonb(body)])
    return exercise


def test_a_submission_to_an_exercise_that_was_made_for_its_learner_is_tried_by_its_tests(review, db):
    exercise = made(db)
    hand_in(db)
    check = graded(review, exercise_id=MADE)
    answer = ran(review, check, *values(2, 1, 0, 3, 9), *values(2, 1, 0, 3, 9))

    assert [trial["call"] for trial in check.data["trials"]] == [test.call for test in exercise.tests] * 2
    assert [each["checked"] for each in answer.data["suggestions"] if each["rule"] == "index_loop"] == ["passed"]
    assert (answer.data["exercise_id"], answer.data["answered_by"]) == (MADE, "built-in")
    assert not any(test.call.encode() in answer.body for test in exercise.tests if test.hidden)


def test_what_was_made_for_somebody_else_is_no_exercise_of_a_learners(review, db):
    made(db, "bob")
    hand_in(db)

    assert [trial["call"] for trial in graded(review, exercise_id=MADE).data["trials"]] == [None, None]


def test_a_request_and_its_results_that_come_again_get_the_same_answers(review, db):
    first, again = ask(review), ask(review)
    told, told_again = ran(review, first, *SAME), ran(review, first, *SAME)
    late = ask(review)

    assert (first.event["id"], first.body) == (again.event["id"], again.body) == (late.event["id"], late.body)
    assert (told.event["id"], told.body) == (told_again.event["id"], told_again.body)
    assert len(kept(db)) == 1
    assert drafts(db) == []


def test_a_grade_that_comes_again_gets_the_same_answer(review, db):
    hand_in(db, CLEAN)
    first, again = graded(review), graded(review)

    assert (first.event["id"], first.body) == (again.event["id"], again.body)
    assert len(kept(db)) == 1


def test_a_grade_that_comes_by_another_event_leaves_one_review(review, db):
    hand_in(db, CLEAN)
    graded(review)
    graded(review, event_id="g2")

    assert kept(db, "id") == [("ada:s1",)]


def test_a_program_that_is_reviewed_again_is_kept_again(review, db):
    ask(review, CLEAN)
    ask(review, CLEAN, event_id="v2", request="r2")

    assert kept(db, "id") == [("ada:r1",), ("ada:r2",)]


def test_the_second_word_on_a_draft_changes_nothing(review, db):
    check = ask(review)
    ran(review, check, source="/learnflow/dead-letter")
    later = ran(review, check, *SAME, event_id="c2")

    assert (later.status, later.body) == (204, b"")
    assert len(kept(db)) == 1


def test_of_two_results_at_once_one_counts(review, db):
    check = ask(review)
    both = Barrier(2)

    def at_once(event_id):
        both.wait(10)
        return ran(review, check, *SAME, event_id=event_id).status

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(at_once, ["c1", "c2"])) == [200, 204]
    assert len(kept(db)) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"source": "/learnflow/gateway"},
        {"source": "https://elsewhere.org"},
        {"ingress": "code.submissions"},
        {"requester": "debug"},
    ],
)
def test_results_that_the_sandbox_did_not_tell_or_that_another_asked_for_are_rejected(review, db, wrong):
    check = ask(review)

    assert ran(review, check, *SAME, **wrong).status == 422
    assert len(drafts(db)) == 1
    assert kept(db) == []


@pytest.mark.parametrize("foreign", [{"learner": "bob"}, {"draft_id": "another"}])
def test_results_for_no_draft_of_the_learner_s_say_nothing(review, db, foreign):
    check = ask(review)

    assert ran(review, check, *SAME, **foreign).status == 204
    assert len(drafts(db)) == 1


class Crash(Exception):
    """Stands for a process that dies."""


@pytest.mark.parametrize("payload", [ReviewRequested, ExerciseGraded, CheckExecuted])
def test_a_crash_after_the_work_leaves_nothing_and_the_redelivery_does_all_of_it(review, database, db, payload):
    def crashes(*args):
        HANDLERS[payload].handle(*args)
        raise Crash

    handler = Handler(crashes, before=HANDLERS[payload].before)
    crashing = Function("review", {**HANDLERS, payload: handler}, db=database)
    hand_in(db, CLEAN)
    check = ask(review) if payload is CheckExecuted else None
    act = {
        ReviewRequested: ask,
        ExerciseGraded: graded,
        CheckExecuted: lambda function: ran(function, check, *SAME),
    }[payload]
    before = drafts(db), kept(db)

    assert act(crashing).status == 500
    assert (drafts(db), kept(db)) == before
    assert act(review).status == 200
    assert (drafts(db), kept(db)) != before
