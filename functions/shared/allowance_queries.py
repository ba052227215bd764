"""What the database knows of answers of a language model: who had how many, and for which events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from psycopg.rows import class_row

from functions.shared.allowance import CourseQuota
from functions.shared.database import Connection
from functions.shared.events import Event

# A learner first heard of through Kafka has no row yet. Where the same event is being handled elsewhere, this waits for
# that transaction to end.
GRANT = """
    WITH learner AS (
        INSERT INTO users (id) VALUES (%(learner)s) ON CONFLICT DO NOTHING
    )
    INSERT INTO model_grants (function, source, id, learner_id, day, course_ids)
    VALUES (%(function)s, %(source)s, %(id)s, %(learner)s, %(day)s,
        ARRAY(SELECT course_id FROM enrolments WHERE learner_id = %(learner)s))
    ON CONFLICT DO NOTHING
    RETURNING course_ids
"""

# Whoever counts holds the rows first, the learner's and then the courses' by their ids, so that nobody waits for each
# other and nothing changes between looking and counting.
HOLD_LEARNER = """
    INSERT INTO learner_quotas AS had (learner_id, day, model_answers) VALUES (%(learner)s, %(day)s, 0)
    ON CONFLICT (learner_id, day) DO UPDATE SET model_answers = had.model_answers
    RETURNING model_answers
"""

HOLD_COURSES = """
    WITH held AS (
        INSERT INTO course_quotas AS had (course_id, day, model_answers)
        SELECT id, %(day)s, 0 FROM courses WHERE id = ANY(%(courses)s) ORDER BY id
        ON CONFLICT (course_id, day) DO UPDATE SET model_answers = had.model_answers
        RETURNING course_id, model_answers
    )
    SELECT id, title, model, daily_model_answers AS limit, model_answers AS used
    FROM held JOIN courses ON id = course_id ORDER BY id
"""

COUNT = """
    WITH learner AS (
        UPDATE learner_quotas SET model_answers = model_answers + 1 WHERE learner_id = %(learner)s AND day = %(day)s
    )
    UPDATE course_quotas SET model_answers = model_answers + 1 WHERE course_id = ANY(%(courses)s) AND day = %(day)s
"""

UNGRANT = """
    DELETE FROM model_grants WHERE function = %(function)s AND source = %(source)s AND id = %(id)s
    RETURNING learner_id AS learner, day, course_ids AS courses
"""

UNCOUNT = """
    WITH learner AS (
        UPDATE learner_quotas SET model_answers = model_answers - 1
        WHERE learner_id = %(learner)s AND day = %(day)s AND model_answers > 0
    )
    UPDATE course_quotas SET model_answers = model_answers - 1
    WHERE course_id = ANY(%(courses)s) AND day = %(day)s AND model_answers > 0
"""

LEARNER_USED = "SELECT model_answers FROM learner_quotas WHERE learner_id = %(learner)s AND day = %(day)s"

COURSE_QUOTAS = """
    SELECT id, title, model, daily_model_answers AS limit, coalesce(model_answers, 0) AS used
    FROM enrolments JOIN courses ON id = course_id
        LEFT JOIN course_quotas ON course_quotas.course_id = id AND day = %(day)s
    WHERE learner_id = %(learner)s ORDER BY joined_at, id
"""


@dataclass(frozen=True)
class Counted:
    """Whose answers, of which day, in which courses."""

    learner: str
    day: date
    courses: Sequence[str]


def grant(db: Connection, function: str, event: Event[Any], day: date) -> Counted | None:
    """Note that an event is granted an answer; None if it has been before."""
    values = {**_key(function, event), "learner": event.learner_id, "day": day}
    row = db.execute(GRANT, values).fetchone()
    return Counted(event.learner_id, day, row[0]) if row else None


def held_used(db: Connection, counted: Counted) -> int:
    """Hold the learner's row until the transaction ends; return how many answers they had."""
    row = db.execute(HOLD_LEARNER, vars(counted)).fetchone()
    assert row is not None
    return int(row[0])


def held_courses(db: Connection, counted: Counted) -> list[CourseQuota]:
    """Hold the courses' rows until the transaction ends; return what is left of them."""
    with db.cursor(row_factory=class_row(CourseQuota)) as cursor:
        return cursor.execute(HOLD_COURSES, vars(counted)).fetchall()


def count(db: Connection, counted: Counted) -> None:
    """Count an answer for rows that are held."""
    db.execute(COUNT, vars(counted))


def give_back(db: Connection, function: str, event: Event[Any]) -> bool:
    """Take back that an event was granted an answer; False if it was not. For a transaction."""
    with db.cursor(row_factory=class_row(Counted)) as cursor:
        counted = cursor.execute(UNGRANT, _key(function, event)).fetchone()
    if counted is None:
        return False
    held_used(db, counted)
    held_courses(db, counted)
    db.execute(UNCOUNT, vars(counted))
    return True


def _key(function: str, event: Event[Any]) -> dict[str, str]:
    return {"function": function, "source": event.origin, "id": event.id}
