"""Reading alone tells of an exercise that it is too hard, too easy, one that there is, one that tests nothing."""

from __future__ import annotations

import re

import pytest

from functions.curriculum.practice import Exercise
from functions.curriculum.reading import curriculum, exercise_called, exercises
from functions.exercise.flaws import LONGEST_PROGRAM, MOST_TESTS, Flaw, flaw_in, is_near_copy
from functions.exercise.wording import generated
from tests.made_exercise import CASES, SOLUTION, STARTER, made, trying

EVERY = tuple(exercise for topic in curriculum().topics for exercise in exercises(topic.id))


def flaw_of(exercise: Exercise, others: tuple[Exercise, ...] = EVERY) -> Flaw | None:
    topic = curriculum().topic("loops")
    assert topic
    return flaw_in(exercise, others, generated(topic, exercise))


def kind_of(exercise: Exercise) -> str | None:
    flaw = flaw_of(exercise)
    return flaw and flaw.kind


def test_a_good_exercise_has_no_flaw() -> None:
    assert flaw_of(made()) is None


@pytest.mark.parametrize(
    "tests",
    [
        trying(CASES[0], CASES[2], CASES[3]),
        trying(CASES[0], CASES[0], *CASES[2:]),
        trying(*((call, "2", about) for call, _, about in CASES)),
        trying(*((f"longest_streak([{n}])", str(n), "x" * (n % 2)) for n in range(MOST_TESTS + 1))),
    ],
    ids=["too few", "one twice", "all alike", "too many for the sandbox"],
)
def test_tests_that_say_too_little_are_a_flaw(tests: list[dict[str, object]]) -> None:
    assert kind_of(made(tests=tests)) == "tests"


def test_what_fits_into_no_event_is_a_flaw() -> None:
    suns = f'SUNS = "{"☀" * (LONGEST_PROGRAM // 3)}"\n'

    assert kind_of(made(solution=SOLUTION + suns)) == "size"
    assert kind_of(made(tests=trying(*CASES, (f"longest_streak({['sun'] * 200})", "200", "many")))) == "size"


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "The sunniest <b>days</b>"},
        {"title": "The sunniest\ndays"},
        {"description": "Write it.\n\n<svg onload=alert(1)>"},
        {"description": "Write [it](x) <!-- here -->"},
        {"description": "A day is <a href=javascript:run()>this</a>."},
        {"hints": ["Look at <style>p {}</style> it.", "Then count."]},
        {"tests": trying(*CASES[:4], ("longest_streak([1])", "0", "<img src=x>"))},
    ],
    ids=["title", "lines", "event", "comment", "link", "hint", "category"],
)
def test_what_a_page_would_take_for_its_own_is_a_flaw(fields: dict[str, object]) -> None:
    assert kind_of(made(**fields)) == "markup"


@pytest.mark.parametrize(
    "description",
    [
        "Return `<b>days</b>` and ``<i>``.",
        "Return this:\n\n```html\n<p>days</p>\n```",
        "Count the days where a < b and b > c, or 3 <4.",
        "A **day** is a *text*: see the [lesson](https://docs.python.org/3/).",
    ],
)
def test_tags_in_code_and_signs_are_none(description: str) -> None:
    assert flaw_of(made(description=description)) is None


SHORT = "def longest_streak(days):\n    best = sum(1 for day in days)\n    return best\n"
LONG = SOLUTION + "".join(f"def unused_{n}(day):\n    return day\n" for n in range(6))
BRANCHES = "".join(f"    if days == {n}:\n        longest = {n}\n" for n in "123")
BRANCHING = SOLUTION.replace("    return", f"{BRANCHES}    return")


@pytest.mark.parametrize(
    ("difficulty", "solution", "says"),
    [
        ("hard", SHORT, "3 statements. One that is hard has 6 to 24: write something harder"),
        ("easy", LONG, "18 statements. One that is easy has 2 to 12: write something easier"),
        ("easy", BRANCHING, "5 loops and branches. One that is easy has 0 to 4: write something easier"),
    ],
    ids=["too short for hard", "too long for easy", "too many branches for easy"],
)
def test_what_is_harder_or_easier_than_asked_for_is_a_flaw(difficulty: str, solution: str, says: str) -> None:
    flaw = flaw_of(made(difficulty, solution=solution, requires=[]))

    assert flaw
    assert flaw.kind == "difficulty"
    assert says in flaw.why


@pytest.mark.parametrize("exercise", EVERY, ids=lambda exercise: exercise.id)
def test_the_curriculums_own_exercises_are_as_hard_as_they_say(exercise: Exercise) -> None:
    assert kind_of(exercise) == "near_copy"  # of itself


def test_a_solution_of_another_exercise_with_other_names_is_a_near_copy() -> None:
    found = exercise_called("loops/first-repeat")
    assert found
    source = found[1]
    renamed = re.sub(
        r"\bfirst_repeat\b", "again", re.sub(r"\b(seen|items|item|value|values)\b", r"my_\1", source.solution)
    )
    copied = made(solution=renamed, starter="def again(things):\n    return -1\n", requires=[])

    assert is_near_copy(copied, [source])
    assert kind_of(copied) == "near_copy"
    assert not is_near_copy(made(), EVERY)


def test_an_exercise_that_tells_its_own_solution_is_refused_in_words_that_do_not() -> None:
    flaw = flaw_of(made(description=f"Write this:\n\n```python\n{SOLUTION}```"))
    in_a_hint = flaw_of(made(hints=["Think.", f"Write `{SOLUTION.splitlines()[3].strip()}` and then {SOLUTION}"[:400]]))

    assert flaw == in_a_hint
    assert flaw
    assert flaw.kind == "told"
    assert "longest" not in flaw.why


@pytest.mark.parametrize("line", ["import random", "from time import time", "import os.path"])
def test_chance_and_time_are_a_flaw_before_anything_is_run(line: str) -> None:
    assert kind_of(made(solution=f"{line}\n{SOLUTION}", starter=f"{line}\n{STARTER}")) == "chance"
