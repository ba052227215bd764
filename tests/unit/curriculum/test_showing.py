"""What a learner sees of an exercise before solving it: the visible tests, and what must come of each."""

from __future__ import annotations

from typing import Any

import pytest

from functions.curriculum.practice import Exercise, ExerciseTest
from functions.curriculum.showing import must, visible_tests


@pytest.mark.parametrize(
    ("test", "words"),
    [
        ({"call": "f()", "expect": "[1, 2]"}, "give `[1, 2]`"),
        ({"call": "f()", "expect": "0.1", "compare": "approx"}, "give `0.1`, or a number very close to it"),
        ({"call": "f()", "expect": "[1, 2]", "compare": "unordered"}, "give `[1, 2]`, in any order"),
        ({"call": "f()", "raises": "ValueError"}, "raise `ValueError`"),
        ({"prints": "Hello\nyou\n"}, "print\n\n```\nHello\nyou\n```"),
        ({"call": "f()", "prints": ""}, "print nothing"),
    ],
)
def test_what_must_come_of_a_test_is_said_in_words(test: dict[str, Any], words: str) -> None:
    assert must(ExerciseTest(**test)) == words


def test_hidden_tests_are_not_among_the_visible_ones() -> None:
    exercise = Exercise(
        id="one",
        title="One",
        difficulty="easy",
        description="Write `one()`.",
        starter="",
        solution="def one():\n    return 1\n",
        hints=("Return something.", "It is a number."),
        tests=(
            ExerciseTest(call="one()", expect="1"),
            ExerciseTest(call="one() + n", before="n = 1", stdin="x\n", expect="2"),
            ExerciseTest(call="one() + 7", expect="8", hidden=True, category="secret"),
        ),
    )

    shown = [(test.call, test.before, test.stdin, test.must) for test in visible_tests(exercise)]

    assert shown == [("one()", "", "", "give `1`"), ("one() + n", "n = 1", "x\n", "give `2`")]
