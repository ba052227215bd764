"""What is asked of the database about the courses of a learner, within whatever visit a function makes anyway."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from functions.shared.courses.policy import CoursePolicy, combined
from functions.shared.database import Connection

POLICIES = """
    SELECT allowed_topics, hint_policy, solution_policy, model
    FROM enrolments JOIN courses ON courses.id = course_id WHERE learner_id = %(learner)s
"""

# What is begun may be finished, whatever a course closes meanwhile.
WAS_GIVEN = """
    SELECT EXISTS (SELECT FROM exercises_given WHERE learner_id = %(learner)s AND exercise_id = %(exercise)s)
        OR EXISTS (SELECT FROM submissions WHERE learner_id = %(learner)s AND exercise_id = %(exercise)s)
"""


def policy_of(db: Connection, learner: str) -> CoursePolicy:
    """Return what the courses that a learner is in let the tutor do now; nothing of it is kept, so that a teacher's
    change counts from the next question on."""
    return policy_in(db.execute(POLICIES, {"learner": learner}))


def policy_in(rows: Iterable[tuple[Any, ...]]) -> CoursePolicy:
    """Return what the rows of POLICIES come to."""
    return combined(
        CoursePolicy(None if topics is None else frozenset(topics), hints, solutions, model)
        for topics, hints, solutions, model in rows
    )


def was_given(db: Connection, learner: str, exercise_id: str) -> bool:
    """Return whether a learner was ever handed an exercise, or has handed it in."""
    ((given,),) = db.execute(WAS_GIVEN, {"learner": learner, "exercise": exercise_id})
    return bool(given)
