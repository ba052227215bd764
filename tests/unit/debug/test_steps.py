"""What to do next follows from what is known alone: run the program, try its correction, or answer."""

import pytest

from functions.curriculum.reading import exercise_called
from functions.debug.steps import Known, Run, next_step, told
from functions.shared.events import DebuggingRequested
from functions.shared.helping import ErrorExplained
from functions.shared.running import MAX_CODE_BYTES, CheckExecuted, ErrorInfo, Ran
from functions.shared.testing import NOON

BROKEN = "numbers = [1, 2]\nprint(numbers[2])\n"
MENDED = "numbers = [1, 2]\nprint(numbers[1])\n"
MESSAGE = "IndexError: list index out of range"
OK = Ran(outcome="ok", stdout="2\n")
FAILED = Ran(outcome="error", error=ErrorInfo(type="IndexError", message="list index out of range", line=2))
SUM = exercise_called("loops/sum-of-evens")


def known(code=BROKEN, error_message=MESSAGE, **more):
    asked = DebuggingRequested(code=code, error_message=error_message, exercise_id=more.pop("exercise_id", None))
    return Known(asked=asked, asked_at=NOON, **more)


def step(*practice, **what):
    return next_step(known(**what), practice)


def test_a_program_without_a_message_is_seen_then_its_correction_tried_then_it_is_answered():
    assert step(error_message=None) == Run(BROKEN, "see")
    assert step(error_message=None, seen=FAILED) == Run(MENDED, "try")
    answer = step(error_message=None, seen=FAILED, tries=(OK,))
    assert isinstance(answer, ErrorExplained)
    assert (answer.corrected_code, answer.checked) == (MENDED, "passed")


def test_with_a_message_there_is_nothing_to_see():
    assert step() == Run(MENDED, "try")


@pytest.mark.parametrize("outcome", ["error", "timeout", "out_of_memory", "output_limit", "blocked", "killed"])
def test_a_correction_is_shown_only_if_its_run_ended_well(outcome):
    answer = step(tries=(Ran(outcome=outcome),))

    assert isinstance(answer, ErrorExplained)
    assert (answer.cause, answer.corrected_code, answer.checked) == ("index_off_by_one", None, None)


def test_nothing_is_run_any_more_once_the_sandbox_was_unavailable():
    before_seeing = step(error_message=None, unavailable=True)
    before_trying = step(unavailable=True)

    assert isinstance(before_seeing, ErrorExplained)
    assert isinstance(before_trying, ErrorExplained)
    assert (before_trying.checked, before_trying.corrected_code) == ("unavailable", None)


def test_for_an_exercise_that_is_practised_no_correction_is_tried():
    code = SUM[1].solution + BROKEN
    answer = step(SUM, code=code)

    assert isinstance(answer, ErrorExplained)
    assert (answer.exercise_id, answer.checked, answer.corrected_code) == ("loops/sum-of-evens", None, None)
    assert isinstance(step(code=code), Run)


def test_for_an_exercise_that_is_practised_the_program_is_run_to_see_its_error():
    code = SUM[1].solution + BROKEN

    assert step(SUM, code=code, error_message=None) == Run(code, "see")
    assert isinstance(step(SUM, code=code, error_message=None, seen=FAILED), ErrorExplained)


def test_what_the_sandbox_blocks_is_the_answer_and_no_mistake_is_looked_for():
    answer = step(code=BROKEN, error_message=None, seen=Ran(outcome="blocked"))

    assert isinstance(answer, ErrorExplained)
    assert (answer.cause, answer.error) == (None, None)


def test_a_program_that_asks_gets_something_to_read_and_another_does_not():
    (asking,), (silent,) = Run("print(input())", "see").trials, Run("print(1)", "see").trials

    assert asking.stdin.splitlines() == ["3"] * 20
    assert silent.stdin == ""


def test_a_program_of_just_the_limit_is_run_and_none_beyond():
    largest = "x = 1\n" + "#" * (MAX_CODE_BYTES - 6)

    assert isinstance(step(code=largest, error_message=None), Run)
    assert isinstance(step(code=largest + "#", error_message=None), ErrorExplained)
    assert isinstance(step(code="x = '" + "\x01" * 40_000 + "'", error_message=None), ErrorExplained)


def executed(*results, outcome="executed"):
    return CheckExecuted(requester="debug", draft_id="d", outcome=outcome, results=results)


def test_a_result_tells_what_its_run_was_for():
    seeing, trying = known(waits_to="see"), known(waits_to="try", seen=FAILED)

    assert (told(seeing, executed(FAILED)).seen, told(seeing, executed(FAILED)).tries) == (FAILED, ())
    assert (told(trying, executed(OK)).seen, told(trying, executed(OK)).tries) == (FAILED, (OK,))


@pytest.mark.parametrize("nothing", [executed(outcome="unavailable"), executed(), executed(OK, outcome="unavailable")])
def test_without_a_result_it_is_known_that_there_is_none(nothing):
    after = told(known(waits_to="try"), nothing)

    assert (after.unavailable, after.tries) == (True, ())


def test_what_is_known_outlives_a_draft():
    everything = known(seen=FAILED, tries=(OK,), unavailable=True, waits_to="try", exercise_ids=("loops/sum-of-evens",))

    assert Known.model_validate(everything.model_dump(mode="json")) == everything
