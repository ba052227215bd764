"""Something new is wanted where whatever fits is passed, or nothing is on the theme that a learner names."""

from __future__ import annotations

import pytest

from functions.curriculum.naming import Names
from functions.curriculum.reading import curriculum, exercises
from functions.exercise.wishing import Wish, on_theme, theme_of, wants_new

NAMES = Names(curriculum())
LOOPS = exercises("loops")
TOPIC = curriculum().topic("loops")
assert TOPIC
EVERY = frozenset(f"loops/{exercise.id}" for exercise in LOOPS)


@pytest.mark.parametrize(
    ("question", "theme"),
    [
        ("Give me an exercise on loops about football", ("football",)),
        ("An exercise about loops", ()),
        ("A hard exercise about list comprehensions please", ()),
        ("something on dictionaries, set in a bakery.", ("bakery",)),
        ("Loops", ()),
        ("What about another one?", ()),
        ("", ()),
    ],
)
def test_a_theme_is_what_a_wish_is_about_beside_its_topic(question: str, theme: tuple[str, ...]) -> None:
    assert theme_of(question, NAMES) == theme


def test_something_new_is_wanted_only_once_all_that_fits_is_passed() -> None:
    easy = frozenset(f"loops/{exercise.id}" for exercise in LOOPS if exercise.difficulty == "easy")

    assert not wants_new(Wish(TOPIC, None), LOOPS, frozenset())
    assert not wants_new(Wish(TOPIC, None), LOOPS, EVERY - {"loops/countdown"})
    assert wants_new(Wish(TOPIC, None), LOOPS, EVERY)
    assert wants_new(Wish(TOPIC, "easy"), LOOPS, easy)
    assert not wants_new(Wish(TOPIC, "hard"), LOOPS, easy)


def test_a_theme_that_no_exercise_has_wants_something_new_and_one_that_is_there_does_not() -> None:
    assert wants_new(Wish(TOPIC, None, ("football",)), LOOPS, frozenset())
    assert not wants_new(Wish(TOPIC, None, ("evens",)), LOOPS, frozenset())
    assert wants_new(Wish(TOPIC, None, ("evens",)), LOOPS, EVERY)
    assert [exercise.id for exercise in on_theme(("evens",), LOOPS)] == ["sum-of-evens"]
