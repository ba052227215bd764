"""A course that stages hints has them come one each time the learner asks; one without solutions shows none."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from course_stage import course, leave
from debug_stage import (
    BROKEN,
    CHECK,
    ENDED,
    MENDED,
    SUM,
    TRACEBACK,
    attempt,
    errors,
    failed,
    hand_in,
    hand_out,
    ran,
    trouble,
)

SLIP = "def double(number):\n    number * 2\n\n\nprint(double(3))\n"
"""Runs without an error, and does not do what it should."""


@pytest.fixture
def debug(function):
    return function("debug")


def ask(debug, number, code=BROKEN, error_message=TRACEBACK, came=(ENDED,), **named):
    """Ask as one does for the nth time, have whatever is to be run run, and return the answer."""
    answer = trouble(debug, code, error_message, event_id=f"d{number}", request=f"r{number}", **named)
    for place, result in enumerate(came):
        if answer.event["type"] != CHECK:
            break
        learner = named.get("learner", "ada")
        told = {"event_id": f"c{number}-{place}", "correlationid": f"r{number}", "learner": learner}
        answer = ran(debug, answer, result, **told)
    return answer.data


def test_each_time_brings_one_hint_more_and_the_last_everything(debug, db):
    whole = ask(debug, 0, learner="bob")
    course(db, hints="staged")
    first, second, third, fourth = (ask(debug, number) for number in (1, 2, 3, 4))

    assert [first["hints"], second["hints"]] == [whole["hints"][:1], whole["hints"][:2]]
    assert [each["hints_left"] for each in (whole, first, second, third, fourth)] == [0, 2, 1, 0, 0]
    assert third == fourth == whole
    assert (third["corrected_code"], third["checked"]) == (MENDED, "passed")


def test_until_the_last_hint_nothing_else_says_what_is_wrong(debug, db):
    whole = ask(debug, 0, learner="bob")
    course(db, hints="staged")
    first, second = ask(debug, 1), ask(debug, 2)

    for early in (first, second):
        assert (early["corrected_code"], early["checked"], early["example"]) == (None, None, None)
        assert whole["explanation"] not in early["explanation"]
        assert (early["cause"], early["title"], early["topic"]) == (whole["cause"], whole["title"], whole["topic"])
    assert "ask again with the same program: two more hints are left" in first["explanation"]
    assert "ask again with the same program: one more hint is left" in second["explanation"]
    assert (first["line"], second["line"]) == (None, whole["line"])


def test_an_event_that_comes_again_shows_what_it_showed_and_is_no_further_ask(debug, db):
    course(db, hints="staged")
    first = ask(debug, 1)
    second = ask(debug, 2)

    assert [ask(debug, number) for number in (1, 2, 1)] == [first, second, first]
    assert db.execute("SELECT learner_id, times FROM hints_asked").fetchall() == [("ada", 2)]


def test_two_events_of_one_request_are_one_ask(debug, db):
    course(db, hints="staged")
    shown = []
    for event_id in ("d1", "d2"):
        check = trouble(debug, event_id=event_id, request="r1")
        shown.append(ran(debug, check, ENDED, event_id=f"c-{event_id}").data["hints_left"])

    assert shown == [2, 2]


def test_two_asks_at_once_bring_the_first_hint_and_the_second(debug, db):
    course(db, hints="staged")
    checks = {number: trouble(debug, event_id=f"d{number}", request=f"r{number}") for number in (1, 2)}
    both = Barrier(2)

    def at_once(number):
        both.wait(10)
        answer = ran(debug, checks[number], ENDED, event_id=f"c{number}", correlationid=f"r{number}")
        return answer.data["hints_left"]

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(at_once, [1, 2])) == [1, 2]


def test_another_program_and_another_learner_begin_with_their_own_first_hint(debug, db):
    course(db, hints="staged")
    course(db, hints="staged", learner="bob")
    ask(debug, 1)

    assert ask(debug, 2, code=BROKEN + "print('done')\n")["hints_left"] == 2
    assert ask(debug, 3, learner="bob")["hints_left"] == 2
    assert ask(debug, 4)["hints_left"] == 1


def test_the_same_mistake_is_known_again_whether_its_message_comes_along_or_a_run_of_ours_shows_it(debug, db):
    course(db, hints="staged")
    told = ask(debug, 1, error_message="IndexError: list index out of range")
    seen = ask(debug, 2, error_message=None, came=(failed(), ENDED))

    assert [told["hints_left"], seen["hints_left"]] == [2, 1]


def test_errors_without_a_program_are_told_apart_by_what_they_say(debug, db):
    course(db, hints="staged")
    messages = [f"NameError: name '{name}' is not defined" for name in ("totl", "totl", "nmae")]
    left = [ask(debug, number, "", message)["hints_left"] for number, message in enumerate(messages)]

    assert left == [2, 1, 2]


def test_a_mistake_that_no_error_tells_of_has_its_hints_staged_too(debug, db):
    course(db, hints="staged")
    answers = [ask(debug, number, SLIP, None, came=(ENDED, ENDED)) for number in (1, 2, 3)]

    assert [answer["error"] for answer in answers] == [None] * 3
    assert [len(answer["hints"]) for answer in answers] == [1, 2, 3]


def test_what_was_typed_for_the_learner_is_told_with_the_first_hint(debug, db):
    course(db, hints="staged")
    code = "ages = [int(input())]\nprint(ages[1])\n"
    traceback = 'Traceback (most recent call last):\n  File "program.py", line 2, in <module>\n    print(ages[1])\n'
    error = failed(line=2, traceback=f"{traceback}IndexError: list index out of range\n")
    answer = ask(debug, 1, code, None, came=(error, ENDED))

    assert answer["hints_left"] == 2
    assert "answered every `input()` with `3`" in answer["explanation"]


def test_where_nothing_was_found_there_is_nothing_to_stage(debug, db):
    course(db, hints="staged")
    answer = ask(debug, 1, "print(1)\n", None)

    assert (answer["hints"], answer["hints_left"]) == ([], 0)
    assert db.execute("SELECT count(*) FROM hints_asked").fetchone() == (0,)


def test_asking_for_the_next_hint_is_no_new_mistake_and_asking_beyond_the_last_is(debug, db):
    course(db, hints="staged")
    counted = []
    for number in (1, 2, 3, 4):
        ask(debug, number)
        counted.append(len(errors(db)))

    assert counted == [1, 1, 1, 2]


def test_what_a_teacher_changes_counts_at_once_and_leaving_lifts_it(debug, db):
    course(db, hints="staged")
    staged = ask(debug, 1)["hints_left"]
    course(db, hints="all")
    whole = ask(debug, 2)["hints_left"]
    course(db, hints="staged")
    again = ask(debug, 3)["hints_left"]
    leave(db)

    assert (staged, whole, again, ask(debug, 4)["hints_left"]) == (2, 0, 1, 0)


def test_of_two_courses_one_that_stages_is_enough(debug, db):
    course(db, hints="all")
    course(db, hints="staged", id="c2")

    assert ask(debug, 1)["hints_left"] == 2


def test_without_solutions_an_exercise_that_was_passed_is_still_not_solved_for_the_learner(debug, db):
    hand_in(db, passed=True)
    before = attempt(debug, event_id="d0", request="r0")
    course(db, solutions="never")
    answer = attempt(debug)

    assert before.event["type"] == CHECK  # a correction is tried, to be shown
    assert (answer.data["exercise_id"], answer.data["corrected_code"]) == ("loops/sum-of-evens", None)
    assert answer.data["hints"][2].startswith("This is an exercise, so the last step is yours.")


def test_without_solutions_an_exercise_that_was_not_passed_is_as_everywhere(debug, db):
    hand_out(db, learner="bob")
    hand_out(db)
    course(db, solutions="never")

    assert attempt(debug, event_id="d1").data == attempt(debug, event_id="d2", learner="bob").data


def test_without_solutions_a_program_that_is_for_no_exercise_is_corrected(debug, db):
    hand_in(db, passed=True)
    course(db, solutions="never")

    assert ask(debug, 1)["corrected_code"] == MENDED


def test_an_exercise_has_its_hints_staged_and_the_last_one_shows_the_mistake_elsewhere(debug, db):
    hand_out(db)
    course(db, hints="staged", solutions="never")
    answers = [attempt(debug, event_id=f"d{number}", request=f"r{number}").data for number in (1, 2, 3)]

    assert [answer["hints_left"] for answer in answers] == [2, 1, 0]
    assert "Here is the same mistake in another small program" in answers[2]["hints"][2]
    assert SUM not in str(answers)
