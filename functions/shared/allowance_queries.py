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
    INSERT INTO model_grants (function, source, id, learner_id, day, course_ids, reserved)
    VALUES (%(function)s, %(source)s, %(id)s, %(learner)s, %(day)s,
        ARRAY(SELECT course_id FROM enrolments WHERE learner_id = %(learner)s), %(reserved)s)
    ON CONFLICT DO NOTHING
    RETURNING course_ids
"""

# Whoever counts holds the rows first, the learner's and then the courses' by their ids, so that nobody waits for each
# other and nothing changes between looking and counting.
HOLD_LEARNER = """
    INSERT INTO learner_quotas AS had (learner_id, day, model_answers) VALUES (%(learner)s, %(day)s, 0)
    ON CONFLICT (learner_id, day) DO UPDATE SET model_answers = had.model_answers
    RETURNING model_answers, tokens
"""

HOLD_COURSES = """
    WITH held AS (
        INSERT INTO course_quotas AS had (course_id, day, model_answers)
        SELECT id, %(day)s, 0 FROM courses WHERE id = ANY(%(courses)s) ORDER BY id
        ON CONFLICT (course_id, day) DO UPDATE SET model_answers = had.model_answers
        RETURNING course_id, model_answers, tokens, cost
    )
    SELECT id, title, model, daily_model_answers AS limit, model_answers AS used, daily_model_tokens AS token_limit,
        tokens, cost
    FROM held JOIN courses ON id = course_id ORDER BY id
"""

COUNT = """
    WITH learner AS (
        UPDATE learner_quotas SET model_answers = model_answers + 1, tokens = tokens + %(reserved)s
        WHERE learner_id = %(learner)s AND day = %(day)s
    )
    UPDATE course_quotas SET model_answers = model_answers + 1, tokens = tokens + %(reserved)s
    WHERE course_id = ANY(%(courses)s) AND day = %(day)s
"""

RELEASE = """
    UPDATE model_grants SET reserved = 0
    FROM (SELECT reserved FROM model_grants WHERE function = %(function)s AND source = %(source)s AND id = %(id)s
          FOR UPDATE) AS had
    WHERE function = %(function)s AND source = %(source)s AND id = %(id)s
    RETURNING learner_id AS learner, day, course_ids AS courses, had.reserved
"""

UNGRANT = """
    DELETE FROM model_grants WHERE function = %(function)s AND source = %(source)s AND id = %(id)s
    RETURNING learner_id AS learner, day, course_ids AS courses, reserved
"""

SPEND = """
    WITH learner AS (
        UPDATE learner_quotas SET tokens = greatest(0, tokens + %(more)s), cost = cost + %(cost)s
        WHERE learner_id = %(learner)s AND day = %(day)s
    )
    UPDATE course_quotas SET tokens = greatest(0, tokens + %(more)s), cost = cost + %(cost)s
    WHERE course_id = ANY(%(courses)s) AND day = %(day)s
"""

UNCOUNT = """
    WITH learner AS (
        UPDATE learner_quotas SET model_answers = model_answers - 1
        WHERE learner_id = %(learner)s AND day = %(day)s AND model_answers > 0
    )
    UPDATE course_quotas SET model_answers = model_answers - 1
    WHERE course_id = ANY(%(courses)s) AND day = %(day)s AND model_answers > 0
"""

LEARNER_USED = """
    SELECT model_answers, tokens, cost FROM learner_quotas WHERE learner_id = %(learner)s AND day = %(day)s
"""

COURSE_QUOTAS = """
    SELECT id, title, model, daily_model_answers AS limit, coalesce(model_answers, 0) AS used,
        daily_model_tokens AS token_limit, coalesce(tokens, 0) AS tokens, coalesce(cost, 0) AS cost
    FROM enrolments JOIN courses ON id = course_id
        LEFT JOIN course_quotas ON course_quotas.course_id = id AND day = %(day)s
    WHERE learner_id = %(learner)s ORDER BY joined_at, id
"""


@dataclass(frozen=True)
class Counted:
    """Whose answers, of which day, in which courses, and how many tokens are reserved for one."""

    learner: str
    day: date
    courses: Sequence[str]
    reserved: int


def grant(db: Connection, function: str, event: Event[Any], day: date, reserved: int) -> Counted | None:
    """Note that an event is granted an answer; None if it has been before."""
    values = {**_key(function, event), "learner": event.learner_id, "day": day, "reserved": reserved}
    row = db.execute(GRANT, values).fetchone()
    return Counted(event.learner_id, day, row[0], reserved) if row else None


def held_used(db: Connection, counted: Counted) -> tuple[int, int]:
    """Hold the learner's row until the transaction ends; return how many answers they had, and tokens."""
    row = db.execute(HOLD_LEARNER, vars(counted)).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def held_courses(db: Connection, counted: Counted) -> list[CourseQuota]:
    """Hold the courses' rows until the transaction ends; return what is left of them."""
    with db.cursor(row_factory=class_row(CourseQuota)) as cursor:
        return cursor.execute(HOLD_COURSES, vars(counted)).fetchall()


def count(db: Connection, counted: Counted) -> None:
    """Count an answer for rows that are held."""
    db.execute(COUNT, vars(counted))


def settle(db: Connection, function: str, event: Event[Any], tokens: int, cost: int) -> None:
    """Count what an answer took in place of what was reserved for it. For a transaction."""
    counted = _counted(db, RELEASE, function, event)
    if counted is not None:
        db.execute(SPEND, {**vars(counted), "more": tokens - counted.reserved, "cost": cost})


def give_back(db: Connection, function: str, event: Event[Any], tokens: int, cost: int) -> None:
    """Take back that an event was granted an answer, and count what it took all the same. For a transaction."""
    counted = _counted(db, UNGRANT, function, event)
    if counted is not None:
        db.execute(UNCOUNT, vars(counted))
        db.execute(SPEND, {**vars(counted), "more": tokens - counted.reserved, "cost": cost})


def _counted(db: Connection, query: str, function: str, event: Event[Any]) -> Counted | None:
    """Return what an event's grant counted, with the rows held where that is; None if it has none."""
    with db.cursor(row_factory=class_row(Counted)) as cursor:
        counted = cursor.execute(query, _key(function, event)).fetchone()
    if counted is not None:
        held_used(db, counted)
        held_courses(db, counted)
    return counted


def _key(function: str, event: Event[Any]) -> dict[str, str]:
    return {"function": function, "source": event.origin, "id": event.id}
