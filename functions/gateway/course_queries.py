"""What the gateway asks of the database about courses and who is in them, and the plain edits it makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from psycopg import sql
from psycopg.rows import class_row

from functions.shared.courses.policy import HintPolicy, SolutionPolicy
from functions.shared.edge.database import AsyncConnection
from functions.shared.edge.tokens import Person

MOST_LEARNERS = 1000
"""In a course: its roster is reckoned as a whole, since it can be sorted by what is reckoned."""
MOST_JOINED = 100
"""Courses that a learner is in: their tutor obeys them all at once."""

Joining = Literal["joined", "was in", "course is full", "in too many"]
Place = tuple[datetime, str]
"""Where a list of courses goes on: after the one made then, of this id."""


@dataclass(frozen=True)
class KeptCourse:
    """A course as it is kept, and how many are in it."""

    id: str
    teacher_id: str
    title: str
    code: str
    allowed_topics: list[str] | None
    hint_policy: HintPolicy
    solution_policy: SolutionPolicy
    model: bool
    daily_model_answers: int | None
    daily_model_tokens: int | None
    daily_model_cost: int | None
    """In millionths of the prices' currency."""
    created_at: datetime
    learners: int
    model_today: list[int] | None
    """Answers, tokens and cost; None where there were none."""


@dataclass(frozen=True)
class JoinedCourse:
    """A course as it is to those who are in it."""

    id: str
    title: str
    teacher_id: str
    teacher_name: str | None
    allowed_topics: list[str] | None
    hint_policy: HintPolicy
    solution_policy: SolutionPolicy
    model: bool
    joined_at: datetime


_COURSE = """
    id, teacher_id, title, code, allowed_topics, hint_policy, solution_policy, model, daily_model_answers,
    daily_model_tokens, daily_model_cost, created_at,
    (SELECT count(*) FROM enrolments WHERE course_id = courses.id) AS learners,
    (SELECT ARRAY[model_answers, tokens, cost] FROM course_quotas
     WHERE course_id = courses.id AND day = (now() AT TIME ZONE 'UTC')::date) AS model_today
"""
_BEFORE = """
    (created_at, id) < (coalesce(%(at)s::timestamptz, 'infinity'), %(id)s) ORDER BY created_at DESC, id DESC
    LIMIT %(most)s
"""

# What those are who log in elsewhere is said there; of everybody else it is said here.
MEET = """
    INSERT INTO users (id, role) VALUES (%(id)s, %(role)s)
    ON CONFLICT (id) DO UPDATE SET role = excluded.role WHERE %(is_outside)s AND users.role <> excluded.role
"""

ADD_COURSE = f"""
    INSERT INTO courses (id, teacher_id, title, code, allowed_topics, hint_policy, solution_policy, model,
        daily_model_answers, daily_model_tokens, daily_model_cost)
    VALUES (%(id)s, %(teacher_id)s, %(title)s, %(code)s, %(allowed_topics)s, %(hint_policy)s, %(solution_policy)s,
        %(model)s, %(daily_model_answers)s, %(daily_model_tokens)s, %(daily_model_cost)s)
    RETURNING {_COURSE}
"""  # noqa: S608  # made of constants

COURSES_OF = f"SELECT {_COURSE} FROM courses WHERE teacher_id = %(teacher)s AND {_BEFORE}"  # noqa: S608

ALL_COURSES = f"SELECT {_COURSE} FROM courses WHERE {_BEFORE}"  # noqa: S608  # made of constants

COURSE = f"SELECT {_COURSE} FROM courses WHERE id = %(id)s"  # noqa: S608  # made of constants

DELETE_COURSE = "DELETE FROM courses WHERE id = %(id)s"

JOINED = """
    SELECT courses.id, title, teacher_id, name AS teacher_name, allowed_topics, hint_policy, solution_policy, model,
           joined_at
    FROM enrolments JOIN courses ON courses.id = course_id LEFT JOIN accounts ON user_id = teacher_id
    WHERE learner_id = %(learner)s ORDER BY joined_at, courses.id
"""

# Those who join one course do so one after the other, and not while its code changes.
HOLD_COURSE = "SELECT id FROM courses WHERE code = %(code)s FOR NO KEY UPDATE"

HOW_MANY = """
    SELECT (SELECT count(*) FROM enrolments WHERE course_id = %(course)s),
           (SELECT count(*) FROM enrolments WHERE learner_id = %(learner)s),
           EXISTS (SELECT FROM enrolments WHERE course_id = %(course)s AND learner_id = %(learner)s)
"""

ENROL = "INSERT INTO enrolments (course_id, learner_id) VALUES (%(course)s, %(learner)s) ON CONFLICT DO NOTHING"

REMOVE = "DELETE FROM enrolments WHERE course_id = %(course)s AND learner_id = %(learner)s"


async def meet(db: AsyncConnection, person: Person) -> None:
    """Make a row for a person who was never here; keep what those are whom another issuer speaks for."""
    await db.execute(MEET, {"id": person.id, "role": person.role, "is_outside": person.is_outside})


async def add_course(db: AsyncConnection, values: Mapping[str, Any]) -> KeptCourse:
    """Keep a new course. Raises UniqueViolation where its code is that of another."""
    kept = await _course(db, ADD_COURSE, values)
    assert kept is not None
    return kept


async def courses_of(db: AsyncConnection, teacher: str | None, place: Place | None, most: int) -> list[KeptCourse]:
    """Return a teacher's courses, or, for None, everybody's; the latest first."""
    at, course_id = place or (None, "")
    async with db.cursor(row_factory=class_row(KeptCourse)) as cursor:
        query = ALL_COURSES if teacher is None else COURSES_OF
        await cursor.execute(query, {"teacher": teacher, "at": at, "id": course_id, "most": most})
        return await cursor.fetchall()


async def course_of_id(db: AsyncConnection, course_id: str) -> KeptCourse | None:
    """Return a course, None if there is none of this id."""
    return await _course(db, COURSE, {"id": course_id})


async def change_course(db: AsyncConnection, course_id: str, changes: Mapping[str, Any]) -> KeptCourse | None:
    """Change a course's columns that are named and return it, None if it is gone.

    Raises UniqueViolation where its new code is that of another.
    """
    columns = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder(name)) for name in changes
    )
    changing = sql.SQL("UPDATE courses SET {} WHERE id = {} RETURNING {}")
    query = changing.format(columns, sql.Placeholder("course_id"), sql.SQL(_COURSE))
    return await _course(db, query, {**changes, "course_id": course_id})


async def delete_course(db: AsyncConnection, course_id: str) -> bool:
    """Delete a course; False if it is gone."""
    return (await db.execute(DELETE_COURSE, {"id": course_id})).rowcount == 1


async def joined_courses(db: AsyncConnection, learner: str) -> list[JoinedCourse]:
    """Return the courses that a learner is in, in the order in which they joined them."""
    async with db.cursor(row_factory=class_row(JoinedCourse)) as cursor:
        await cursor.execute(JOINED, {"learner": learner})
        return await cursor.fetchall()


async def hold_course(db: AsyncConnection, code: str) -> str | None:
    """Return the id of the course that a code is of, None if it is of none. Until the transaction ends nobody else
    joins it, and the code stays."""
    row = await (await db.execute(HOLD_COURSE, {"code": code})).fetchone()
    return row[0] if row else None


async def enrol(db: AsyncConnection, course_id: str, learner: str) -> Joining:
    """Put a learner into a course that is held."""
    values = {"course": course_id, "learner": learner}
    row = await (await db.execute(HOW_MANY, values)).fetchone()
    assert row is not None
    in_it, joined, is_in = row
    if is_in:
        return "was in"
    if in_it >= MOST_LEARNERS:
        return "course is full"
    if joined >= MOST_JOINED:
        return "in too many"
    await db.execute(ENROL, values)
    return "joined"


async def remove(db: AsyncConnection, course_id: str, learner: str) -> bool:
    """Take a learner out of a course; False if they are not in it."""
    return (await db.execute(REMOVE, {"course": course_id, "learner": learner})).rowcount == 1


async def _course(db: AsyncConnection, query: str | sql.Composed, values: Mapping[str, Any]) -> KeptCourse | None:
    async with db.cursor(row_factory=class_row(KeptCourse)) as cursor:
        await cursor.execute(query, values)
        return await cursor.fetchone()
