"""What a learner may see of an exercise before it is solved."""

from __future__ import annotations

from functions.curriculum.practice import Exercise, ExerciseTest
from functions.shared.practising import VisibleTest

_HOW_CLOSE = {"equal": "", "approx": ", or a number very close to it", "unordered": ", in any order"}


def visible_tests(exercise: Exercise) -> tuple[VisibleTest, ...]:
    """Return the tests that are not hidden, each with what must come of it."""
    return tuple(
        VisibleTest(call=test.call, before=test.before, stdin=test.stdin, must=must(test))
        for test in exercise.tests
        if not test.hidden
    )


def must(test: ExerciseTest) -> str:
    """Return what must come of a test, in words and code (Markdown): "give `6`", "raise `ValueError`"."""
    if test.raises is not None:
        return f"raise `{test.raises}`"
    if test.prints is not None:
        printed = test.prints.rstrip("\n")
        return f"print\n\n```\n{printed}\n```" if printed else "print nothing"
    if test.holds is not None:
        return f"give a `value` for which `{test.holds}` is true"
    return f"give `{test.expect}`{_HOW_CLOSE[test.compare]}"
