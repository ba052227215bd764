"""Every exercise in the real sandbox, with the real grading: its solution has 100 points, its starter has not half."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import yaml

from functions.curriculum.practice import Exercise
from functions.curriculum.reading import HOME, curriculum, exercises
from functions.exercise.grading import Grade, grade, trials
from functions.shared.running import Ran
from sandbox_runner.backends import make_backend
from sandbox_runner.limits import load_limits
from sandbox_runner.program import Program

EXERCISES = [
    pytest.param(exercise, id=f"{topic.id}-{exercise.id}")
    for topic in curriculum().topics
    for exercise in exercises(topic.id)
]
every_exercise = pytest.mark.parametrize("exercise", EXERCISES)
Graded = Callable[[Exercise, str], Grade]


@pytest.fixture(scope="module")
def graded() -> Iterator[Graded]:
    """Return what tries a program in the sandbox, within the limits of a grading, and grades what came of it."""
    with make_backend("pod", load_limits().graded()) as backend, ThreadPoolExecutor(2) as pool:

        def of(exercise: Exercise, code: str) -> Grade:
            programs = [Program(code, trial.stdin, trial.before, trial.call) for trial in trials(exercise)]
            results = [json.dumps(result.as_dict()) for result in pool.map(backend.run, programs)]
            return grade(exercise, code, [Ran.model_validate_json(result) for result in results])

        yield of


def wrong(came: Grade) -> list[tuple[str | None, Ran]]:
    return [(verdict.test.call, verdict.ran) for verdict in came.verdicts if not verdict.passed]


@every_exercise
def test_the_reference_solution_has_100_points(graded: Graded, exercise: Exercise) -> None:
    came = graded(exercise, exercise.solution)

    assert (came.score, came.passed) == (100, True), wrong(came)


@every_exercise
def test_the_starter_has_not_half_of_them(graded: Graded, exercise: Exercise) -> None:
    came = graded(exercise, exercise.starter)

    assert came.score < 50
    assert not came.passed


def test_the_exercise_on_the_page_for_authors_is_one(graded: Graded) -> None:
    page = (HOME / "README.md").read_text("utf-8")
    shown = yaml.safe_load(page.split("## exercises.yaml")[1].split("```yaml\n")[1].split("```")[0])
    exercise = Exercise.model_validate({"id": next(iter(shown))} | next(iter(shown.values())))

    assert graded(exercise, exercise.solution).score == 100, exercise
    assert graded(exercise, exercise.starter).score < 50
