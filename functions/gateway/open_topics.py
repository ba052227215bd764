"""What the courses of a learner let them see and ask for. The functions see to it too: not everybody comes this way."""

from __future__ import annotations

from functions.shared.courses.policy import CoursePolicy
from functions.shared.courses.queries import POLICIES, WAS_GIVEN, policy_in
from functions.shared.edge.database import AsyncConnection, AsyncPostgreSQL
from functions.shared.edge.problems import invalid

CLOSED = "This topic is not open in your course at the moment. GET /api/v1/concepts lists those that are"


async def policy_of(db: AsyncConnection, learner: str) -> CoursePolicy:
    """Return what the courses that a learner is in let them do now."""
    cursor = await db.execute(POLICIES, {"learner": learner})
    return policy_in(await cursor.fetchall())


async def require_open(database: AsyncPostgreSQL, learner: str, topic: str | None) -> None:
    """Raise Problem 422 if a body names a topic that is closed to the learner."""
    if topic is None:
        return
    async with database.reading() as db:
        policy = await policy_of(db, learner)
    if not policy.opens(topic):
        raise invalid("body.topic", CLOSED)


async def was_given(db: AsyncConnection, learner: str, exercise_id: str) -> bool:
    """Return whether a learner was ever handed an exercise, or has handed it in."""
    row = await (await db.execute(WAS_GIVEN, {"learner": learner, "exercise": exercise_id})).fetchone()
    return bool(row and row[0])
