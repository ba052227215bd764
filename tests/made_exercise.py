"""An exercise as a model says it, for tests: the one that its prompt shows as a good answer, on another task."""

from __future__ import annotations

import json
from typing import Any

from functions.curriculum.practice import Exercise
from functions.shared.prompts.exercise import ExerciseInput, ExerciseSaid, exercise_of

SOLUTION = """\
def longest_streak(days):
    longest = current = 0
    for shone in days:
        current = current + 1 if shone == "sun" else 0
        longest = max(longest, current)
    return longest
"""
STARTER = """\
def longest_streak(days):
    # go through the days here
    return -1
"""
CASES = (
    ('longest_streak(["sun", "sun", "rain"])', "2", ""),
    ('longest_streak(["sun", "rain", "sun"])', "1", ""),
    ("longest_streak([])", "0", "no days"),
    ('longest_streak(["fog", "sun", "sun", "sun"])', "3", "the end"),
    ('longest_streak(["sun"] * 9 + ["rain"])', "9", "a long time"),
)
GIVEN = ExerciseInput(topic="loops", title="Loops", difficulty="medium", level="elementary")


def trying(*cases: tuple[str, str, str]) -> list[dict[str, Any]]:
    """Return tests of calls, each with the value expected and, for a hidden one, what it is about."""
    return [
        {"call": call, "stdin": "", "kind": "returns", "expected": expected, "hidden": bool(about), "category": about}
        for call, expected, about in cases
    ]


def said(**fields: Any) -> dict[str, Any]:
    """Return what a model says, but for these fields."""
    return {
        "title": "The sunniest days",
        "description": "Write `longest_streak(days)`. It gets the weather of each day, and returns how many days in a "
        'row at most had `"sun"`.\n\n`longest_streak(["sun", "sun", "rain"])` is `2`. Without days it is `0`.',
        "solution": SOLUTION,
        "starter": STARTER,
        "requires": ["loop"],
        "tests": trying(*CASES),
        "hints": ["What do you keep in mind from one day to the next?", "Two numbers will do: one now, one at most."],
        **fields,
    }


def made(difficulty: str = "medium", **fields: Any) -> Exercise:
    """Return the same as the curriculum's exercises are."""
    given = GIVEN.model_copy(update={"difficulty": difficulty})
    return exercise_of(ExerciseSaid.model_validate_json(json.dumps(said(**fields))), given)
