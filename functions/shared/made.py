"""Made: exercises that a language model wrote for one learner, looked up beside the curriculum's.

They are that learner's alone: a wish in their own words went into them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from functions.curriculum.models import Topic
from functions.curriculum.practice import Exercise
from functions.curriculum.reading import curriculum, exercise_called
from functions.shared.database import Connection

PREFIX = "made-"
"""Of such an exercise's name within its topic: `loops/made-0123456789ab`; none of the curriculum's has it."""


class Made(NamedTuple):
    """An exercise that was made, its topic, and by which model."""

    topic: Topic
    exercise: Exercise
    made_by: str


MADE_EXERCISES = """
    SELECT body FROM made_exercises WHERE learner_id = %(learner)s AND id = ANY(%(exercises)s) ORDER BY id
"""


def is_made(exercise_id: str) -> bool:
    """Whether an id is one of an exercise that was made, if there is one."""
    return exercise_id.partition("/")[2].startswith(PREFIX)


def practised(db: Connection, learner: str, exercise_ids: Iterable[str]) -> tuple[tuple[Topic, Exercise], ...]:
    """Return the exercises of these ids that there are for a learner, each with its topic: those of the curriculum,
    then those made for them. The database is only asked where an id is one of the latter."""
    ids = tuple(exercise_ids)
    ours = (found for each in ids if (found := exercise_called(each)))
    theirs = made_exercises(db, learner, tuple(filter(is_made, ids)))
    return (*ours, *((each.topic, each.exercise) for each in theirs))


def practised_one(db: Connection, learner: str, exercise_id: str) -> tuple[Topic, Exercise] | None:
    """Return an exercise that there is for a learner, with its topic; None if there is none."""
    return next(iter(practised(db, learner, (exercise_id,))), None)


def made_exercises(db: Connection, learner: str, exercise_ids: Sequence[str]) -> tuple[Made, ...]:
    """Return those of these exercises that were made for a learner."""
    if not exercise_ids:
        return ()
    rows = db.execute(MADE_EXERCISES, {"learner": learner, "exercises": list(exercise_ids)})
    return tuple(found for (body,) in rows if (found := read_made(body)))


def made_body(made: Made) -> dict[str, Any]:
    """Return an exercise as it is kept."""
    return {"topic": made.topic.id, "made_by": made.made_by, "exercise": made.exercise.model_dump(mode="json")}


def read_made(body: dict[str, Any]) -> Made | None:
    """Return a kept exercise; None where the curriculum has its topic no more."""
    topic = curriculum().topic(body["topic"])
    return Made(topic, Exercise.model_validate(body["exercise"]), body["made_by"]) if topic else None
