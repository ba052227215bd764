"""An exercise is one if its solution passes in one way each time, and who has done nothing fails."""

from __future__ import annotations

import ast

import pytest

from functions.curriculum.practice import Exercise
from functions.curriculum.reading import curriculum, exercises
from functions.exercise.flaws import LONGEST_PROGRAM, MOST_TESTS, flaw_in
from functions.exercise.proving import of_others, of_solution, trivial_answer, wrong_with_others, wrong_with_solution
from functions.exercise.wording import generated
from functions.shared.events import MAX_EVENT_BYTES
from functions.shared.running import CheckRequested, Ran
from tests.made_exercise import CASES, SOLUTION, STARTER, made, trying

EXERCISE = made()
RIGHT = tuple(int(expected) for _, expected, _ in CASES)
EVERY = tuple(exercise for topic in curriculum().topics for exercise in exercises(topic.id))


def gave(*values: int, stdout: str = "") -> tuple[Ran, ...]:
    return tuple(Ran(outcome="ok", value={"kind": "int", "value": value}, stdout=stdout) for value in values)


def test_what_is_tried_says_nothing_of_what_must_come() -> None:
    first, then = of_solution(EXERCISE), of_others(EXERCISE)

    assert [trial.code for trial in first] == [EXERCISE.solution] * 2 * len(CASES)
    assert [trial.code for trial in then[: len(CASES)]] == [STARTER] * len(CASES)
    assert [trial.call for trial in then] == 2 * [call for call, _, _ in CASES]


def test_a_solution_that_passes_twice_and_others_that_fail_are_an_exercise() -> None:
    assert wrong_with_solution(EXERCISE, gave(*RIGHT, *RIGHT)) is None
    assert wrong_with_others(EXERCISE, gave(*[-1] * 5, *[2] * 5)) is None


def test_a_solution_that_fails_a_test_is_none() -> None:
    assert wrong_with_solution(EXERCISE, gave(*RIGHT[:4], 8) * 2) == "solution"
    assert wrong_with_solution(EXERCISE, (*gave(*RIGHT[:4]), Ran(outcome="timeout")) * 2) == "solution"


def test_a_solution_that_gives_or_prints_something_else_the_second_time_is_none() -> None:
    assert wrong_with_solution(EXERCISE, gave(*RIGHT, *RIGHT[:4], 8)) == "not_deterministic"
    assert wrong_with_solution(EXERCISE, (*gave(*RIGHT), *gave(*RIGHT, stdout="0.27"))) == "not_deterministic"


def test_a_starter_that_has_half_of_it_done_is_none() -> None:
    assert wrong_with_others(EXERCISE, gave(*RIGHT[:3], -1, -1, *[-1] * 5)) == "starter"


def test_an_exercise_that_a_trivial_answer_solves_half_is_none() -> None:
    assert wrong_with_others(EXERCISE, gave(*[-1] * 5, *RIGHT[:3], -1, -1)) == "trivial"


@pytest.mark.parametrize("results", [(), gave(*RIGHT), gave(*RIGHT, *RIGHT, 1)])
def test_without_a_result_for_each_trial_nothing_is_shown(results: tuple[Ran, ...]) -> None:
    assert wrong_with_solution(EXERCISE, results) == "not_tried"
    assert wrong_with_others(EXERCISE, results) == "not_tried"


def test_a_trivial_answer_gives_what_is_most_often_right() -> None:
    alike = made(tests=trying(*CASES, ('longest_streak(["sun", "fog"])', "1", "one")))

    assert ast.unparse(ast.parse(trivial_answer(alike))) == "def longest_streak(days):\n    return 1"


@pytest.mark.parametrize("exercise", EVERY, ids=lambda exercise: exercise.id)
def test_a_trivial_answer_defines_what_the_solution_does(exercise: Exercise) -> None:
    defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

    def names(source: str) -> set[str]:
        return {node.name for node in ast.walk(ast.parse(source)) if isinstance(node, defined)}

    assert names(trivial_answer(exercise)) <= names(exercise.solution)
    assert {node.name for node in ast.parse(exercise.solution).body if isinstance(node, defined)} <= names(
        trivial_answer(exercise)
    )


def test_the_largest_exercise_that_is_tried_fits_into_an_event() -> None:
    padding = f"# {'x' * (LONGEST_PROGRAM - len(SOLUTION.encode()) - 40)}\n"
    cases = [
        (f"longest_streak({['sun'] * n} or {'y' * 700!r})", str(n), "many" if n else "") for n in range(MOST_TESTS)
    ]
    exercise = made(tests=trying(*cases), solution=padding + SOLUTION)
    largest = exercise.model_copy(update={"starter": padding + STARTER})
    shown = generated(curriculum().topics[0], largest)
    check = CheckRequested(requester="exercise", draft_id="d", code=largest.starter, trials=of_solution(largest))

    assert flaw_in(largest, (), shown) is None
    assert len(check.model_dump_json().encode()) < MAX_EVENT_BYTES
