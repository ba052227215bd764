"""Proving: what the sandbox has to show of an exercise before anybody gets it. Pure.

First its solution is tried, twice; then its starter and an answer that knows nothing, which both have to fail.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

from functions.curriculum.practice import Exercise
from functions.exercise.grading import grade, trials
from functions.shared.running import CheckTrial, Ran

Wrong = Literal["solution", "not_deterministic", "starter", "trivial", "not_tried"]

HALF = 50
"""Points that who has done nothing yet must not have; the curriculum's own starters keep below it too."""


def of_solution(exercise: Exercise) -> tuple[CheckTrial, ...]:
    """Return the trials of the solution: every test, and every test once more."""
    return _trials(exercise, (exercise.solution, exercise.solution))


def of_others(exercise: Exercise) -> tuple[CheckTrial, ...]:
    """Return the trials of the starter and of a trivial answer."""
    return _trials(exercise, (exercise.starter, trivial_answer(exercise)))


def wrong_with_solution(exercise: Exercise, results: Sequence[Ran]) -> Wrong | None:
    """Return what the trials of the solution speak against an exercise; None where it passes, twice in one way."""
    size = len(exercise.tests)
    first, again = results[:size], results[size:]
    if not len(first) == len(again) == size:
        return "not_tried"
    if list(map(_came, first)) != list(map(_came, again)):
        return "not_deterministic"
    return None if grade(exercise, exercise.solution, first).passed else "solution"


def wrong_with_others(exercise: Exercise, results: Sequence[Ran]) -> Wrong | None:
    """Return what the trials of the other two speak against an exercise; None where both fail."""
    size = len(exercise.tests)
    if len(results) != 2 * size:
        return "not_tried"
    if grade(exercise, exercise.starter, results[:size]).score >= HALF:
        return "starter"
    return "trivial" if grade(exercise, exercise.solution, results[size:]).score >= HALF else None


def trivial_answer(exercise: Exercise) -> str:
    """Return a program with all that the solution defines, in which everything gives, and prints, what is most often
    right: who writes that has understood nothing."""
    tree = ast.parse(exercise.solution)
    value = _most_common(test.expect for test in exercise.tests) or "None"
    printed = _most_common(test.prints for test in exercise.tests)
    prints = [] if printed is None else ast.parse(f"print({printed!r}, end='')").body
    body = [*prints, *ast.parse(f"def _():\n    return {value}").body[0].body]  # type: ignore[attr-defined]
    kept = [node for node in tree.body if isinstance(node, _KEPT)]
    for node in kept:
        _hollow(node, body)
    return ast.unparse(ast.Module([*kept, *prints], [])) + "\n"


_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
_KEPT = (*_FUNCTION, ast.ClassDef, ast.Import, ast.ImportFrom)


def _hollow(node: ast.stmt, body: list[ast.stmt]) -> None:
    """Give a function, or each method of a class but `__init__`, another body."""
    if isinstance(node, ast.ClassDef):
        for each in node.body:
            _hollow(each, body)
    elif isinstance(node, _FUNCTION):
        node.body = [ast.Pass()] if node.name == "__init__" else body


def _most_common(said: Iterable[str | None]) -> str | None:
    counted = Counter(each for each in said if each is not None)
    return counted.most_common(1)[0][0] if counted else None


def _trials(exercise: Exercise, programs: Iterable[str]) -> tuple[CheckTrial, ...]:
    return tuple(CheckTrial(code=code, **each.model_dump()) for code in programs for each in trials(exercise))


def _came(ran: Ran) -> tuple[object, ...]:
    """Return what of a run is its program's doing, and no matter of speed."""
    return ran.outcome, ran.stdout, ran.value, ran.error and (ran.error.type, ran.error.message)
