"""Choosing: which exercise suits a learner. Pure, and the same for the same learner on every run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from functions.curriculum.fitting import difficulty_at, full_id, steps_between
from functions.curriculum.practice import Exercise
from functions.shared.payload import Difficulty


@dataclass(frozen=True)
class Standing:
    """How far a learner has come."""

    mastery: Mapping[str, int] = field(default_factory=dict)
    """0 to 100 by topic; what nothing is known of is not there."""
    passed: frozenset[str] = frozenset()
    """The full ids of the exercises they passed."""
    recent: tuple[str, ...] = ()
    """The full ids of those they were handed lately, the one longest ago first."""
    made: tuple[str, ...] = ()
    """The full ids of those that a language model wrote for them."""


def choose_exercise(
    topic: str, exercises: Sequence[Exercise], asked: Difficulty | None, standing: Standing
) -> Exercise:
    """Return the exercise of a topic that fits the learner best.

    The difficulty asked for counts most; one that only follows from mastery gives way to something new. What is not
    passed goes before what is, what was not handed out lately before what was, and else the first in the file.
    """
    wanted = asked or difficulty_at(standing.mastery.get(topic, 0))

    def fitness(exercise: Exercise) -> tuple[int, ...]:
        name = full_id(topic, exercise.id)
        worn = (name in standing.passed, standing.recent.index(name) + 1 if name in standing.recent else 0)
        away = steps_between(exercise.difficulty, wanted)
        return (away, *worn) if asked else (*worn, away)

    return min(exercises, key=fitness)
