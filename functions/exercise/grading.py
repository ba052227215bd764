"""Grading: what came of a submission against what must come of it, outside the sandbox.

Everything a run says but its outcome is the learner's program's own word. It is taken as an answer, never as a verdict:
no answer is right but the expected one, which the program has not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from functions.curriculum.practice import Exercise, ExerciseTest
from functions.exercise.comparing import holds, same, same_text
from functions.exercise.unready import forbidden_calls, missing_constructs
from functions.exercise.values import NotAValue, Unknown, decode
from functions.shared.running import Ran, Trial

MOST_AGAINST_THE_RULES = 80
"""The highest score while a required construct is missing or a forbidden call is made, though every test passes."""

_MARK = "\x1e"
"""Printed between the program and the call, where a test is about what the call prints: learners try their functions
with prints of their own, and these do not count."""

UNREADABLE = Unknown("nothing", "nothing that can be read")
"""Stands for a value that did not come, or came as garbage."""


class NotGradable(Exception):
    """The results are not those of the exercise's tests."""


@dataclass(frozen=True)
class Verdict:
    """A test, what came of it, and whether that is what must come."""

    test: ExerciseTest
    ran: Ran
    passed: bool
    value: Any = UNREADABLE
    """What the call gave."""

    @property
    def printed(self) -> str:
        """What was printed, as far as the test is about it."""
        return _printed(self.test, self.ran)

    @property
    def line(self) -> int | None:
        """Where in the learner's program it went wrong, if it says so."""
        where = self.ran.error or self.ran.blocked
        return where.line if where and where.line and where.line > 0 else None


@dataclass(frozen=True)
class Grade:
    """A submission's grade."""

    score: int
    verdicts: tuple[Verdict, ...]
    missing: tuple[str, ...]
    forbidden: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether every test passes and every rule is kept."""
        return self.score == 100


def trials(exercise: Exercise) -> tuple[Trial, ...]:
    """Return what to try with a submission: one trial for each test, which says nothing of what must come."""
    return tuple(
        Trial(call=test.call, before=_marked(test.before) if _prints_in_call(test) else test.before, stdin=test.stdin)
        for test in exercise.tests
    )


def grade(exercise: Exercise, code: str, results: Sequence[Ran]) -> Grade:
    """Return the grade of a program that Python can read. Raises NotGradable if there is not a result for each test.

    The score is the weight of the tests that pass, of 100 and rounded down, so that only what passes all has 100.
    An exception counts only beside a value or a text that is right: a program that always fails passes nothing.
    """
    if len(results) != len(exercise.tests):
        raise NotGradable(f"{len(results)} results for {len(exercise.tests)} tests")
    verdicts = [_verdict(test, ran) for test, ran in zip(exercise.tests, results, strict=True)]
    if not any(verdict.passed and verdict.test.raises is None for verdict in verdicts):
        verdicts = [Verdict(verdict.test, verdict.ran, False, verdict.value) for verdict in verdicts]
    whole = sum(test.weight for test in exercise.tests)
    reached = sum(verdict.test.weight for verdict in verdicts if verdict.passed)
    missing, forbidden = missing_constructs(exercise, code), forbidden_calls(exercise, code)
    score = 100 * reached // whole
    if missing or forbidden:
        score = min(score, MOST_AGAINST_THE_RULES)
    return Grade(score, tuple(verdicts), missing, forbidden)


def _verdict(test: ExerciseTest, ran: Ran) -> Verdict:
    if test.raises is not None:
        raised = ran.outcome == "error" and ran.error is not None and ran.error.type == test.raises
        return Verdict(test, ran, raised, _value(ran))
    if ran.outcome != "ok":
        return Verdict(test, ran, False)
    if test.prints is not None:
        whole = not ran.stdout_cut and (test.call is None or (ran.value is not None and _MARK in ran.stdout))
        return Verdict(test, ran, whole and same_text(test.prints, _printed(test, ran)))
    value = _value(ran)
    right = holds(test.holds, value) if test.holds is not None else same(test.expected, value, test.compare)
    return Verdict(test, ran, right, value)


def _value(ran: Ran) -> Any:
    try:
        return decode(ran.value)
    except NotAValue:
        return UNREADABLE


def _prints_in_call(test: ExerciseTest) -> bool:
    return test.prints is not None and test.call is not None


def _marked(before: str) -> str:
    return f"print({_MARK!r})\n{before}"


def _printed(test: ExerciseTest, ran: Ran) -> str:
    if not _prints_in_call(test):
        return ran.stdout
    return ran.stdout.rpartition(f"{_MARK}\n")[2]
