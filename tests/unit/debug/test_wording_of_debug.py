"""A learner is told what was found, from where it is known, and never more than was tried."""

import pytest

from functions.curriculum.reading import exercise_called
from functions.debug.correcting import Correction
from functions.debug.diagnose import cause, causes
from functions.debug.model import Case, ErrorSeen, Finding
from functions.debug.wording import LONGEST_TEXT, explained
from functions.shared.events import DebuggingRequested
from functions.shared.running import BlockedInfo, ErrorInfo, Ran

KNOWN = cause("index_off_by_one")
FOUND = Finding(KNOWN.id, 2, "numbers[1]", "It goes too far.", "Count from 0.", "Write `numbers[0]`.", "fixed = 1\n")
ERROR = ErrorSeen("IndexError", "list index out of range", line=2)
CASE = Case("numbers = [1]\nprint(numbers[1])\n", ERROR)
SUM = exercise_called("loops/sum-of-evens")
NOTHING = Correction(None)


def tell(case=CASE, found=FOUND, exercise=None, seen=None, corrected=NOTHING, **asked):
    return explained(DebuggingRequested(**asked), case, found, exercise, seen=seen, corrected=corrected)


def test_the_hints_go_from_the_kind_of_mistake_over_the_place_to_the_solution():
    assert tell().hints == (KNOWN.general, FOUND.pointer, FOUND.solution)


@pytest.mark.parametrize(
    ("corrected", "code", "checked"),
    [
        (Correction("fixed = 1\n", works=True), "fixed = 1\n", "passed"),
        (Correction("fixed = 1\n"), None, "unavailable"),
        (NOTHING, None, None),
    ],
)
def test_only_a_correction_that_was_tried_is_shown(corrected, code, checked):
    answer = tell(corrected=corrected)

    assert (answer.corrected_code, answer.checked) == (code, checked)
    assert ("I could not try the corrected program" in answer.explanation) is (checked == "unavailable")


@pytest.mark.parametrize("known", causes().values(), ids=lambda known: known.id)
def test_for_an_exercise_the_last_hint_shows_the_mistake_elsewhere_whatever_it_is(known):
    answer = tell(found=Finding(known.id, solution="the solution itself"), exercise=SUM)

    assert answer.exercise_id == "loops/sum-of-evens"
    assert "the solution itself" not in answer.hints[2]
    assert known.wrong.strip() in answer.hints[2]
    assert known.right.strip() in answer.hints[2]


def test_what_no_message_told_is_filled_in_by_what_was_found():
    assert tell().error.expression == "numbers[1]"
    assert tell(Case(CASE.code, ErrorSeen("IndexError", expression="numbers[i]"))).error.expression == "numbers[i]"
    assert tell(Case(CASE.code)).error is None


def test_what_was_typed_for_the_learner_is_told_where_it_may_matter():
    asking = Case("print([1][int(input())])\n", ERROR)
    seen = Ran(outcome="error", error=ErrorInfo(type="IndexError", message=""))

    assert "answered every `input()` with `3`" in tell(asking, seen=seen).explanation
    assert "input()" not in tell(asking).explanation
    assert "input()" not in tell(seen=seen).explanation


def test_texts_are_as_long_as_somebody_reads_whatever_they_quote():
    long = "x" * 60_000
    found = Finding(KNOWN.id, 2, long, long, long, long)
    answer = tell(Case(long, ErrorSeen(long, long, long)), found)

    assert all(len(text) <= LONGEST_TEXT + 1 for text in (answer.explanation, *answer.hints))
    assert len(answer.model_dump_json()) < 20_000


def nothing(case=CASE, seen=None):
    return tell(Case(case.code), None, seen=seen)


def test_without_a_program_it_is_asked_for():
    assert nothing(Case(" \n")).title == "Show me what you have"


def test_a_program_that_was_not_seen_is_said_to_be_read_alone():
    assert "I could not run your program just now" in nothing().explanation


@pytest.mark.parametrize(
    ("printed", "said"),
    [("1\n", "It printed `1`."), ("", "It printed nothing."), ("1\n2\n", "1\n2\n"), ("y" * 9000, "…")],
)
def test_a_program_that_runs_well_is_said_to_with_what_it_printed(printed, said):
    answer = nothing(seen=Ran(outcome="ok", stdout=printed))

    assert answer.title == "It runs without an error"
    assert said in answer.explanation
    assert len(answer.explanation) < 2000


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (Ran(outcome="killed"), "it ended early (killed)"),
        (Ran(outcome="error", error=ErrorInfo(type="SystemExit", message="1")), "it ended early (`SystemExit`)"),
        (Ran(outcome="error", error=ErrorInfo(type="EOFError", message="")), "it wanted to read more than I gave it"),
    ],
)
def test_a_run_that_ended_early_is_no_program_that_could_not_be_run(seen, said):
    answer = nothing(seen=seen)

    assert said in answer.explanation
    assert "could not run" not in answer.explanation


@pytest.mark.parametrize(("line", "where"), [(3, "`import os` in line 3,"), (None, "`import os`,")])
def test_what_is_blocked_is_told_with_why_and_what_to_use_instead(line, where):
    blocked = BlockedInfo(what="import os", why="There is no system.", instead="Use open().", line=line)
    answer = nothing(seen=Ran(outcome="blocked", blocked=blocked))

    assert f"Your program uses {where} which I cannot run here. There is no system. Use open()." in answer.explanation


def test_a_doubt_is_told_with_what_was_found_and_without():
    for answer in (tell(second_guess="quiz"), tell(Case(), None, second_guess="quiz")):
        assert "I was not sure that this is what you were after." in answer.explanation
