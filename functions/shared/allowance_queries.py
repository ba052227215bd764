"""What the database knows of answers of a language model: who had how many, and for which events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from psycopg.rows import class_row

from functions.shared.allowance import CourseQuota, Taken, month_of
from functions.shared.database import Connection
from functions.shared.events import Event

# A learner first heard of through Kafka has no row yet. Where the same event is being handled elsewhere, this waits for
# that transaction to end.
GRANT = """
    WITH learner AS (
        INSERT INTO users (id) VALUES (%(learner)s) ON CONFLICT DO NOTHING
    )
    INSERT INTO model_grants (function, source, id, learner_id, day, course_ids, reserved,
        reserved_cost)
    VALUES (%(function)s, %(source)s, %(id)s, %(learner)s, %(day)s,
        ARRAY(SELECT course_id FROM enrolments WHERE learner_id = %(learner)s), %(reserved)s,
        %(reserved_cost)s)
    ON CONFLICT DO NOTHING
    RETURNING course_ids, day
"""

GRANT_MORE = """
    UPDATE model_grants SET reserved = reserved + %(reserved)s, reserved_cost = reserved_cost + %(reserved_cost)s
    WHERE function = %(function)s AND source = %(source)s AND id = %(id)s
    RETURNING course_ids, day
"""

# Whoever counts holds the rows first, the learner's, then the courses' by their ids, then the month's, so that nobody
# waits for each other and nothing changes between looking and counting.
HOLD_LEARNER = """
    INSERT INTO learner_quotas AS had (learner_id, day, model_answers) VALUES (%(learner)s, %(day)s, 0)
    ON CONFLICT (learner_id, day) DO UPDATE SET model_answers = had.model_answers
    RETURNING model_answers, tokens, cost
"""

HOLD_COURSES = """
    WITH held AS (
        INSERT INTO course_quotas AS had (course_id, day, model_answers)
        SELECT id, %(day)s, 0 FROM courses WHERE id = ANY(%(courses)s) ORDER BY id
        ON CONFLICT (course_id, day) DO UPDATE SET model_answers = had.model_answers
        RETURNING course_id, model_answers, tokens, cost
    )
    SELECT id, title, model, daily_model_answers AS limit, model_answers AS used, daily_model_tokens AS token_limit,
        tokens, cost, daily_model_cost AS cost_limit
    FROM held JOIN courses ON id = course_id ORDER BY id
"""

HOLD_MONTH = """
    INSERT INTO model_months AS had (month) VALUES (%(month)s)
    ON CONFLICT (month) DO UPDATE SET cost = had.cost
    RETURNING cost
"""

COUNT = """
    WITH learner AS (
        UPDATE learner_quotas
        SET model_answers = model_answers + %(answers)s, tokens = tokens + %(reserved)s, cost = cost + %(reserved_cost)s
        WHERE learner_id = %(learner)s AND day = %(day)s
    ), month AS (
        UPDATE model_months SET cost = cost + %(reserved_cost)s WHERE month = %(month)s
    )
    UPDATE course_quotas
    SET model_answers = model_answers + %(answers)s, tokens = tokens + %(reserved)s, cost = cost + %(reserved_cost)s
    WHERE course_id = ANY(%(courses)s) AND day = %(day)s
"""

RELEASE = """
    UPDATE model_grants SET reserved = 0, reserved_cost = 0
    FROM (SELECT reserved, reserved_cost FROM model_grants
          WHERE function = %(function)s AND source = %(source)s AND id = %(id)s FOR UPDATE) AS had
    WHERE function = %(function)s AND source = %(source)s AND id = %(id)s
    RETURNING learner_id AS learner, day, course_ids AS courses, had.reserved, had.reserved_cost
"""

UNGRANT = """
    DELETE FROM model_grants WHERE function = %(function)s AND source = %(source)s AND id = %(id)s
    RETURNING learner_id AS learner, day, course_ids AS courses, reserved, reserved_cost
"""

SPEND = """
    WITH learner AS (
        UPDATE learner_quotas SET tokens = greatest(0, tokens + %(more)s), cost = greatest(0, cost + %(more_cost)s)
        WHERE learner_id = %(learner)s AND day = %(day)s
    ), month AS (
        UPDATE model_months SET cost = greatest(0, cost + %(more_cost)s) WHERE month = %(month)s
    )
    UPDATE course_quotas SET tokens = greatest(0, tokens + %(more)s), cost = greatest(0, cost + %(more_cost)s)
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
        daily_model_tokens AS token_limit, coalesce(tokens, 0) AS tokens, daily_model_cost AS cost_limit,
        coalesce(cost, 0) AS cost
    FROM enrolments JOIN courses ON id = course_id
        LEFT JOIN course_quotas ON course_quotas.course_id = id AND day = %(day)s
    WHERE learner_id = %(learner)s ORDER BY joined_at, id
"""

MONTH_COST = "SELECT cost FROM model_months WHERE month = %(month)s"


@dataclass(frozen=True)
class Counted:
    """Whose answers, of which day, in which courses, and what is reserved for one: tokens, and millionths. `answers` is
    how many it counts as: 1 the first time that its event asks, then 0."""

    learner: str
    day: date
    courses: Sequence[str]
    reserved: int
    reserved_cost: int
    answers: int = 0

    @property
    def values(self) -> dict[str, Any]:
        """Return what queries name."""
        return {**vars(self), "month": month_of(self.day)}


def grant(db: Connection, function: str, event: Event[Any], day: date, reserve: Taken) -> Counted | None:
    """Note that an event is granted an answer, or, where it has been before, that it asks once more. None where what it
    was granted is taken back at this moment."""
    counted = Counted(event.learner_id, day, (), reserve.tokens, reserve.cost)
    for query, answers in ((GRANT, 1), (GRANT_MORE, 0)):
        row = db.execute(query, {**counted.values, **_key(function, event)}).fetchone()
        if row:
            return replace(counted, courses=row[0], day=row[1], answers=answers)
    return None


def held_used(db: Connection, counted: Counted) -> tuple[int, Taken]:
    """Hold the learner's row until the transaction ends; return how many answers they had, and what those took."""
    row = db.execute(HOLD_LEARNER, counted.values).fetchone()
    assert row is not None
    return int(row[0]), Taken(int(row[1]), int(row[2]))


def held_courses(db: Connection, counted: Counted) -> list[CourseQuota]:
    """Hold the courses' rows until the transaction ends; return what is left of them."""
    with db.cursor(row_factory=class_row(CourseQuota)) as cursor:
        return cursor.execute(HOLD_COURSES, counted.values).fetchall()


def held_month(db: Connection, counted: Counted) -> int:
    """Hold the month's row until the transaction ends; return what everybody's answers cost."""
    row = db.execute(HOLD_MONTH, counted.values).fetchone()
    assert row is not None
    return int(row[0])


def count(db: Connection, counted: Counted) -> None:
    """Count an answer for rows that are held."""
    db.execute(COUNT, counted.values)


def settle(db: Connection, function: str, event: Event[Any], taken: Taken) -> None:
    """Count what an answer took in place of what was reserved for it. For a transaction."""
    counted = _counted(db, RELEASE, function, event)
    if counted is not None:
        _spend(db, counted, taken)


def give_back(db: Connection, function: str, event: Event[Any], taken: Taken) -> None:
    """Take back that an event was granted an answer, and count what it took all the same. For a transaction."""
    counted = _counted(db, UNGRANT, function, event)
    if counted is not None:
        db.execute(UNCOUNT, counted.values)
        _spend(db, counted, taken)


def _spend(db: Connection, counted: Counted, taken: Taken) -> None:
    more = {"more": taken.tokens - counted.reserved, "more_cost": taken.cost - counted.reserved_cost}
    db.execute(SPEND, {**counted.values, **more})


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
