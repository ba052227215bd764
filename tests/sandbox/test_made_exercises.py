"""What the real sandbox shows of exercises that a model might write: one is good, each of the others has a flaw."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from functions.curriculum.practice import Exercise
from functions.curriculum.reading import exercises
from functions.exercise.proving import of_others, of_solution, wrong_with_others, wrong_with_solution
from functions.shared.running import CheckTrial, Ran
from sandbox_runner.backends import make_backend
from sandbox_runner.limits import load_limits
from sandbox_runner.program import Program
from tests.made_exercise import CASES, SOLUTION, made, trying

Tried = Callable[[tuple[CheckTrial, ...]], list[Ran]]


@pytest.fixture(scope="module")
def tried() -> Iterator[Tried]:
    """Return what tries the programs of a check in the sandbox."""
    with make_backend("pod", load_limits().graded()) as backend, ThreadPoolExecutor(2) as pool:

        def of(trials: tuple[CheckTrial, ...]) -> list[Ran]:
            programs = [Program(trial.code or "", trial.stdin, trial.before, trial.call) for trial in trials]
            return [Ran.model_validate_json(json.dumps(ran.as_dict())) for ran in pool.map(backend.run, programs)]

        yield of


def shown(tried: Tried, exercise: Exercise) -> str | None:
    """Return what speaks against an exercise, as exercise has it tried."""
    return wrong_with_solution(exercise, tried(of_solution(exercise))) or wrong_with_others(
        exercise, tried(of_others(exercise))
    )


@pytest.mark.parametrize("exercise", [made(), *exercises("loops")], ids=lambda exercise: exercise.id)
def test_an_exercise_is_shown_to_be_one(tried: Tried, exercise: Exercise) -> None:
    assert shown(tried, exercise) is None


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"solution": SOLUTION.replace("return longest", "return current")}, "solution"),
        ({"tests": trying(*CASES[:4], (CASES[4][0], "10", "a long time"))}, "solution"),
        ({"solution": f"import time\n{SOLUTION}print(time.time_ns())\n"}, "not_deterministic"),
        ({"starter": SOLUTION.replace("current + 1", "current + True")}, "starter"),
        ({"tests": trying(*((call, "0" if about else was, about) for call, was, about in CASES)),
          "solution": SOLUTION.replace("return longest", "return longest if len(days) == 3 else 0")}, "trivial"),
    ],
    ids=["wrong", "a wrong value", "prints otherwise", "solved", "zero will do"],
)  # fmt: skip
def test_what_is_no_exercise_is_shown_not_to_be_one(tried: Tried, fields: dict[str, object], wrong: str) -> None:
    assert shown(tried, made(**fields)) == wrong
