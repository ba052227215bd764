"""Struggle tells of a learner who seems to be stuck, says why, and keeps quiet for a while after."""

import pytest
from debug_stage import CHECK, EXPLAINED
from struggle_stage import (
    DETECTED,
    SUM_ID,
    ask,
    at,
    dismiss,
    explained,
    graded,
    hand_in,
    keep_question,
    practise,
    run,
    signs,
    slip,
)

from functions.shared.events import DebuggingRequested
from functions.shared.running import CheckExecuted
from functions.shared.testing import arriving, deliver


@pytest.fixture
def struggle(function):
    return function("struggle")


def test_the_fourth_of_one_error_within_ten_minutes_is_told_with_its_reason_and_what_it_rests_on(struggle, db):
    first_three = [slip(struggle, minute) for minute in (0, 3, 6)]
    fourth = slip(struggle, 9)

    assert [(answer.status, answer.body) for answer in first_three] == [(204, b"")] * 3
    assert (fourth.status, fourth.event["type"], fourth.event["subject"]) == (200, DETECTED, "ada")
    ((signal_id,),) = signs(db, "id")
    evidence = {"error_type": "NameError", "times": 4, "minutes": 10}
    assert fourth.data == {
        "signal_id": signal_id,
        "signal": "same_error",
        "severity": "warning",
        "reason": "NameError came up 4 times within 10 minutes.",
        "evidence": evidence,
        "topic": None,
        "exercise_id": None,
    }
    assert signs(db, "signal, about, evidence, raised_at") == [("same_error", "NameError", evidence, at(9))]


def test_three_errors_or_four_over_a_longer_time_are_no_sign(struggle, db):
    for minute in (0, 4, 8, 10.5):
        assert slip(struggle, minute).status == 204
    assert signs(db) == []


def test_errors_of_several_types_are_not_the_same(struggle, db):
    for minute, error in enumerate(["NameError", "TypeError"] * 3):
        assert slip(struggle, minute, error).status == 204
    assert signs(db) == []


def test_another_learner_s_errors_do_not_count(struggle, db):
    for minute in range(3):
        for learner in ("ada", "bob"):
            assert run(struggle, minute, learner=learner).status == 204

    assert run(struggle, 5).event["subject"] == "ada"
    assert signs(db, learner="bob") == []


def debugged(debug, when, program, message):
    """The answer of debug to a question of a time, the sandbox not answering."""
    asked = DebuggingRequested(code=program, error_message=message)
    headers, body = arriving(asked, id=f"asked at {when}", source="/learnflow/triage", correlationid=f"r{when}")
    answer = deliver(debug, {**headers, "ce-time": at(when).isoformat()}, body)
    if answer.event["type"] == CHECK:
        told = CheckExecuted(requester="debug", draft_id=answer.data["draft_id"], outcome="unavailable")
        named = {"id": f"tried {when}", "source": "/learnflow/sandbox-runner", "correlationid": f"r{when}"}
        answer = deliver(debug, *arriving(told, **named))
    assert answer.event["type"] == EXPLAINED
    return answer


def test_a_mistake_that_is_run_and_asked_about_counts_once(struggle, function, db):
    debug = function("debug")
    for minute in range(3):
        program = f"print(total{minute})\n"
        message = f"NameError: name 'total{minute}' is not defined"
        assert slip(struggle, minute, program=program).status == 204
        answer = debugged(debug, minute, program, message)
        assert deliver(struggle, answer.headers, answer.body).status == 204
    answer = debugged(debug, 4, "print(average)\n", "NameError: name 'average' is not defined")
    told = deliver(struggle, answer.headers, answer.body)

    assert (told.status, told.data["evidence"]["times"]) == (200, 4)
    assert db.execute("SELECT count(*) FROM error_occurrences").fetchone() == (7,)


def test_four_questions_about_one_error_are_a_sign_too(struggle, db):
    answers = [ask(struggle, db, minute) for minute in range(4)]

    assert [answer.status for answer in answers] == [204, 204, 204, 200]
    assert signs(db) == [("same_error", "NameError")]


def test_a_question_that_is_answered_late_counts_when_it_was_asked(struggle, db):
    for minute in (0, 3, 6):
        slip(struggle, minute)
    keep_question(db, 8, program="not run")

    assert explained(struggle, 8, late=50).status == 200
    assert signs(db, "raised_at") == [(at(8),)]


def test_an_explanation_of_no_error_says_nothing(struggle, db):
    for minute in range(4):
        assert explained(struggle, minute, None).status == 204
    assert signs(db) == []


@pytest.mark.parametrize(
    ("outcome", "error"),
    [("timeout", "TimeoutError"), ("output_limit", "TimeoutError"), ("out_of_memory", "MemoryError")],
)
def test_a_program_that_does_not_end_by_itself_is_an_error_as_well(struggle, db, outcome, error):
    answers = [slip(struggle, minute, None, outcome=outcome) for minute in range(4)]

    assert [answer.status for answer in answers] == [204, 204, 204, 200]
    assert signs(db) == [("same_error", error)]


@pytest.mark.parametrize(
    ("outcome", "error"), [("blocked", None), ("killed", "MemoryError"), ("error", "SystemExit"), ("ok", "NameError")]
)
def test_what_was_not_allowed_or_was_meant_is_no_error(struggle, db, outcome, error):
    for minute in range(8):
        assert run(struggle, minute, error, outcome=outcome).status == 204
    assert db.execute("SELECT count(*) FROM error_occurrences").fetchone() == (0,)


def test_after_a_sign_there_is_quiet_about_the_same_for_half_an_hour(struggle, db):
    for minute in (0, 1, 2, 3):
        slip(struggle, minute)
    quiet = [slip(struggle, minute) for minute in (4, 5, 30, 31, 32, 32.9)]
    other = [slip(struggle, minute, "TypeError", id=f"t{minute}") for minute in (30.1, 30.2, 30.3, 30.4)]
    again = slip(struggle, 33)

    assert {answer.status for answer in quiet} == {204}
    assert [answer.status for answer in other] == [204, 204, 204, 200]
    assert again.data["reason"] == "NameError came up 5 times within 10 minutes."
    assert signs(db, "about, raised_at") == [("NameError", at(3)), ("TypeError", at(30.4)), ("NameError", at(33))]


def test_once_a_sign_is_dismissed_there_is_a_day_of_quiet_about_the_same(struggle, db):
    day = 24 * 60
    for minute in (0, 1, 2, 3):
        slip(struggle, minute)
    dismiss(db, 10)
    quiet = [slip(struggle, minute) for minute in (60, 61, 62, 63, day + 6, day + 7, day + 8, day + 9)]
    other = [slip(struggle, minute, "TypeError", id=f"t{minute}") for minute in (60, 61, 62, 63)]

    assert {answer.status for answer in quiet} == {204}
    assert other[-1].data["evidence"]["error_type"] == "TypeError"
    assert slip(struggle, day + 10).status == 200
    assert signs(db, "about") == [("NameError",), ("TypeError",), ("NameError",)]


def test_an_hour_of_hardly_anything_but_errors_is_told(struggle, db):
    errors = ["NameError", "TypeError", "ValueError"] * 2
    answers = [run(struggle, minute, error) for minute, error in enumerate(errors)]

    assert [answer.status for answer in answers] == [204] * 5 + [200]
    assert answers[-1].data["signal"] == "error_quotient"
    assert answers[-1].data["reason"] == "6 of the last 6 runs ended with an error, mostly one after the other."
    assert signs(db) == [("error_quotient", "runs")]


def test_errors_among_runs_that_go_well_are_no_sign(struggle, db):
    for minute, error in enumerate(["NameError", None, "TypeError", None, "ValueError", None, "KeyError"]):
        assert run(struggle, minute, error).status == 204
    assert signs(db) == []


def test_a_run_that_went_well_and_comes_late_may_be_the_sixth(struggle, db):
    for minute, error in [(0, "NameError"), (1, "NameError"), (3, "TypeError"), (4, "TypeError"), (5, "KeyError")]:
        assert run(struggle, minute, error).status == 204
    late = run(struggle, 2, None)

    assert (late.status, late.data["evidence"]["runs"]) == (200, 6)
    assert signs(db, "signal, raised_at") == [("error_quotient", at(5))]


def test_an_exercise_that_fails_four_times_is_told(struggle, db):
    answers = [practise(struggle, db, attempt, 10 * attempt, score=10 * attempt) for attempt in (1, 2, 3, 4)]

    assert [answer.status for answer in answers] == [204, 204, 204, 200]
    told = answers[-1].data
    assert (told["signal"], told["topic"], told["exercise_id"]) == ("failing_exercise", "loops", SUM_ID)
    assert told["reason"] == f"4 attempts at the exercise {SUM_ID}, none of them passed; the best has 40 of 100."
    assert told["evidence"] == {"exercise_id": SUM_ID, "attempts": 4, "best_score": 40}
    assert signs(db) == [("failing_exercise", SUM_ID)]


def test_an_exercise_that_was_passed_is_not_failing(struggle, db):
    for attempt, score in enumerate([0, 0, 100, 0, 0, 0], start=1):
        assert practise(struggle, db, attempt, attempt, score=score).status == 204
    assert signs(db) == []


def test_attempts_at_an_exercise_whose_name_begins_alike_are_others(struggle, db):
    for attempt in (1, 2, 3):
        assert practise(struggle, db, attempt, attempt).status == 204
        assert practise(struggle, db, attempt, attempt, exercise_id=f"{SUM_ID}-again").status == 204
    assert signs(db) == []


def test_what_could_not_be_graded_is_no_attempt(struggle, db):
    hand_in(db, 1, 1, score=None)
    for attempt in (2, 3, 4):
        assert practise(struggle, db, attempt, attempt).status == 204
    assert practise(struggle, db, 5, 5).data["evidence"]["attempts"] == 4


def test_another_learner_s_attempts_do_not_count(struggle, db):
    for attempt in (1, 2, 3, 4, 5):
        hand_in(db, attempt, attempt, learner="bob")
    assert practise(struggle, db, 1, 6).status == 204


def test_ten_submissions_on_a_topic_without_a_success_are_told_and_urgent(struggle, db):
    answers = [
        practise(struggle, db, attempt, attempt, exercise_id=f"loops/e{exercise}")
        for attempt in (1, 2)
        for exercise in range(5)
    ]

    assert [answer.status for answer in answers] == [204] * 9 + [200]
    told = answers[-1].data
    assert (told["signal"], told["severity"], told["topic"], told["exercise_id"]) == (
        "no_success", "urgent", "loops", None,
    )  # fmt: skip
    assert told["reason"] == "10 submissions on loops, and never 3 passes in a row; 0 passed."
    assert told["evidence"] == {"topic": "loops", "submissions": 10, "passed": 0}


def test_submissions_on_another_topic_are_no_opportunities_of_this_one(struggle, db):
    for number in range(9):
        practise(struggle, db, 1, number, exercise_id=f"loops/e{number}")
        practise(struggle, db, 1, number, exercise_id=f"lists/e{number}", topic="lists")
    assert signs(db) == []


def test_who_passed_three_times_in_a_row_does_not_spin_their_wheels(struggle, db):
    for number in range(12):
        practise(struggle, db, 1, number, exercise_id=f"loops/e{number}", score=100 if number in (3, 4, 5) else 0)
    assert signs(db) == []


@pytest.mark.parametrize("ungraded", [{"score": None}, {"topic": None}, {"score": 100}])
def test_what_is_passed_or_has_no_grade_is_no_failure(struggle, db, ungraded):
    for attempt in (1, 2, 3, 4):
        hand_in(db, attempt, attempt)
    assert graded(struggle, 4, 5, **ungraded).status == 204
