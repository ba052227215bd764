"""What a model makes up becomes an exercise of the curriculum's form, or the model is told in a sentence why not."""

from __future__ import annotations

import pytest

from functions.shared.prompts import exercise
from functions.shared.prompts.exercise import ExerciseInput, exercise_of, id_of

SEEN = {"call": "double(2)", "stdin": "", "kind": "returns", "expected": "4", "hidden": False, "category": "x"}
HIDDEN = SEEN | {"call": "double(-1)", "expected": "-2", "hidden": True, "category": "negative numbers"}
SAID = {
    "title": "Twice as much!",
    "description": "Write `double(n)`.",
    "solution": "def double(n):\n    return 2 * n",
    "starter": "def double(n):\n    return None",
    "requires": ["function"],
    "tests": [SEEN, SEEN | {"call": "double(0)", "expected": "0"}, HIDDEN],
    "hints": ["What is twice?", "Use `*`."],
}
GIVEN = {
    "topic": "functions",
    "title": "Functions",
    "difficulty": "easy",
    "level": "beginner",
    "titles": ("Half of it",),
}


def test_an_exercise_has_an_id_of_its_title_and_the_difficulty_that_was_wanted():
    made = make()

    assert (made.id, made.title, made.difficulty) == ("twice-as-much", "Twice as much!", "easy")
    assert made.solution == "def double(n):\n    return 2 * n\n"
    assert made.requires == ("function",)
    assert [(test.expected, test.hidden, test.category) for test in made.tests] == [
        (4, False, ""), (0, False, ""), (-2, True, "negative numbers"),
    ]  # fmt: skip


def test_a_test_may_want_text_or_an_exception():
    printing = SEEN | {"call": None, "stdin": "3\n", "kind": "prints", "expected": "3\n2\n"}
    raising = HIDDEN | {"kind": "raises", "expected": " TypeError "}

    tests = make(tests=[printing, SEEN, raising]).tests

    assert (tests[0].call, tests[0].stdin, tests[0].prints) == (None, "3\n", "3\n2\n")
    assert tests[2].raises == "TypeError"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"title": "half of IT?"}, "There is an exercise called half of IT\\? already"),
        ({"title": ""}, "The title is empty"),
        ({"solution": "def double(n)"}, "The solution cannot be read by Python: expected ':' in line 1"),
        ({"starter": "return"[:-1] + " 1"}, "The starter cannot be read by Python"),
        ({"starter": SAID["solution"]}, "The starter is the solution"),
        ({"requires": ["loop", "function"]}, "The solution has not what the exercise requires: loop"),
        ({"tests": [SEEN] * 13}, "There are 13 tests"),
        ({"tests": [SEEN] * 3}, "visible tests and hidden ones"),
        ({"tests": [SEEN, HIDDEN]}, "tests: Tuple should have at least 3 items"),
        ({"tests": [SEEN, HIDDEN, HIDDEN | {"category": " "}]}, "tests.2: a hidden test needs a category"),
        ({"tests": [SEEN | {"expected": "four"}, SEEN, HIDDEN]}, "tests.0: expect is no Python literal: four"),
        ({"tests": [SEEN | {"call": "double("}, SEEN, HIDDEN]}, "tests.0.call: is no Python"),
        ({"tests": [SEEN | {"call": None}, SEEN, HIDDEN]}, "tests.0: expect and holds need a call"),
        ({"hints": ["One."]}, "hints: Tuple should have at least 2 items"),
    ],
)
def test_what_can_be_no_exercise_is_objected_to_in_a_sentence(said, why):
    with pytest.raises(ValueError, match=why) as objection:
        make(**said)

    assert str(objection.value).endswith(".")


def test_a_solution_with_what_is_not_taught_yet_is_objected_to():
    with pytest.raises(ValueError, match="The solution uses what is not taught yet: lambda"):
        make({"constructs": ("function", "return")}, solution="def double(n):\n    return (lambda: 2 * n)()")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Sum of the evens!", "sum-of-the-evens"),
        ("Café & crème", "cafe-creme"),
        ("3 in a row", "exercise-3-in-a-row"),
        ("数", "exercise"),
        ("word " * 40, "word-word-word-word-word-word-word-word-word-word-word-word"),
    ],
)
def test_a_title_makes_an_id(title, name):
    assert id_of(title) == name


def make(given=None, **said):
    answer = exercise.ExerciseSaid.model_validate(SAID | said)
    return exercise_of(answer, ExerciseInput.model_validate(GIVEN | (given or {})))
