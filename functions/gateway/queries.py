"""What the gateway asks of the database about what learners know and have practised."""

from __future__ import annotations

from dataclasses import dataclass

from functions.curriculum.models import Topic
from functions.curriculum.practice import Exercise
from functions.shared.edge.database import AsyncConnection
from functions.shared.made import MADE_EXERCISES, read_made


@dataclass(frozen=True)
class Practice:
    """How far a learner is with an exercise: `best_score` is None before anything was graded."""

    attempts: int
    best_score: int | None
    passed: bool


NO_PRACTICE = Practice(attempts=0, best_score=None, passed=False)

MASTERY_BY_TOPIC = "SELECT topic, mastery FROM mastery WHERE learner_id = %(learner)s"

PRACTICE_BY_EXERCISE = """
    SELECT exercise_id, max(attempt) AS attempts, max(score) AS best_score, bool_or(passed) AS passed
    FROM submissions WHERE learner_id = %(learner)s GROUP BY exercise_id
"""

MADE_FOR = "SELECT body FROM made_exercises WHERE learner_id = %(learner)s ORDER BY id"


async def mastery_by_topic(db: AsyncConnection, learner: str) -> dict[str, int]:
    """Return how well a learner knows each topic there is data on, 0 to 100."""
    cursor = await db.execute(MASTERY_BY_TOPIC, {"learner": learner})
    return dict(await cursor.fetchall())


async def practice_by_exercise(db: AsyncConnection, learner: str) -> dict[str, Practice]:
    """Return how far a learner is with each exercise they have handed in, by its id."""
    cursor = await db.execute(PRACTICE_BY_EXERCISE, {"learner": learner})
    return {exercise_id: Practice(*practice) async for exercise_id, *practice in cursor}


async def made_for(db: AsyncConnection, learner: str) -> list[tuple[Topic, Exercise]]:
    """Return every exercise that a language model wrote for a learner, with its topic."""
    cursor = await db.execute(MADE_FOR, {"learner": learner})
    return [(made.topic, made.exercise) async for (body,) in cursor if (made := read_made(body))]


async def made_exercise(db: AsyncConnection, learner: str, exercise_id: str) -> tuple[Topic, Exercise] | None:
    """Return an exercise that a language model wrote for a learner, with its topic; None if there is none."""
    cursor = await db.execute(MADE_EXERCISES, {"learner": learner, "exercises": [exercise_id]})
    row = await cursor.fetchone()
    made = read_made(row[0]) if row else None
    return (made.topic, made.exercise) if made else None
