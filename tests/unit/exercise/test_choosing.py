"""The exercise that is chosen suits the learner."""

import pytest

from functions.curriculum.reading import exercises
from functions.exercise.choosing import Standing, choose_exercise

LOOPS = exercises("loops")


def chosen(asked=None, mastery=0, passed=(), recent=()):
    standing = Standing(
        {"loops": mastery}, frozenset(f"loops/{name}" for name in passed), tuple(f"loops/{name}" for name in recent)
    )
    return choose_exercise("loops", LOOPS, asked, standing).id


def test_the_file_knows_what_the_tests_below_rely_on():
    assert [(exercise.id, exercise.difficulty) for exercise in LOOPS] == [
        ("sum-of-evens", "easy"), ("countdown", "easy"), ("first-repeat", "medium"), ("number-triangle", "hard")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "mastery", "passed", "recent", "exercise"),
    [
        (None, 0, [], [], "sum-of-evens"),
        (None, 50, [], [], "first-repeat"),
        (None, 90, [], [], "number-triangle"),
        ("hard", 0, [], [], "number-triangle"),
        (None, 0, ["sum-of-evens"], [], "countdown"),
        (None, 0, [], ["sum-of-evens"], "countdown"),
        # Easy ones are used up: what is new goes before what only fits the mastery …
        (None, 0, ["sum-of-evens", "countdown"], [], "first-repeat"),
        (None, 0, ["sum-of-evens"], ["countdown"], "first-repeat"),
        # … but not before what was asked for; and then rather the unsolved one.
        ("easy", 0, ["sum-of-evens"], ["countdown"], "countdown"),
        ("easy", 0, [], ["countdown", "sum-of-evens"], "countdown"),
        ("easy", 0, [], ["sum-of-evens", "countdown"], "sum-of-evens"),
        ("medium", 0, ["first-repeat"], [], "first-repeat"),
        (None, 0, [exercise.id for exercise in LOOPS], [], "sum-of-evens"),
    ],
)
def test_the_exercise_fits_and_is_new_if_there_is_a_new_one(asked, mastery, passed, recent, exercise):
    assert chosen(asked, mastery, passed, recent) == exercise
