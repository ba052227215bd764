"""Who teaches whom: the rules that routes declare which only the database can decide.

A teacher knows of their own courses alone: another's is not there. An admin is the teacher of every course.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, Path

from functions.gateway.course_queries import KeptCourse, course_of_id
from functions.gateway.teaching_queries import strangers, teaches
from functions.shared.edge.database import AsyncConnection, AsyncPostgreSQL
from functions.shared.edge.identity import Asker, Teacher, not_yours, rule
from functions.shared.edge.parts import TheDatabase
from functions.shared.edge.problems import Problem
from functions.shared.edge.tokens import Person, Role
from functions.shared.events import LEARNER_ID

_ANYWHERE: frozenset[Role] = frozenset({"admin", "service"})
"""Those who write to, and are told of, anybody."""
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

CourseId = Annotated[str, Path(description="The course's id.")]
LearnerId = Annotated[str, Path(description="The learner's id.")]


@rule("course's teacher")
async def course_of_path(id: CourseId, teacher: Teacher, database: TheDatabase) -> KeptCourse:
    """Return the course that a path names. Raises Problem 403 for learners, 404 if it is none of the teacher's."""
    async with database.reading() as db:
        return await _own_course(db, id, teacher)


@rule("course's teacher or oneself")
async def place_of_path(id: CourseId, learner_id: LearnerId, person: Asker, database: TheDatabase) -> tuple[str, str]:
    """Return the ids of a course and of a learner that a path names, for the learner and for the course's teacher.

    Raises Problem 403 for other learners, 404 if the course is none of the teacher's. Whether the learner is in it is
    not looked at.
    """
    if person.id == learner_id:
        return id, learner_id
    if person.role not in {"teacher", "admin"}:
        raise not_yours()
    async with database.reading() as db:
        await _own_course(db, id, person)
    return id, learner_id


@rule("oneself or their teacher")
async def learner_of_path(
    user_id: Annotated[str, Path(description="Whose: your own id, or that of a learner whom you teach.")],
    person: Asker,
    database: TheDatabase,
) -> str:
    """Return the id of the learner whom a path names, for themselves, for whoever teaches them and for admins. Raises
    Problem 403 for everybody else."""
    if person.id == user_id:
        return user_id
    if person.role not in {"teacher", "admin"} or not LEARNER_ID.fullmatch(user_id):
        raise not_yours()
    if person.role == "teacher":
        async with database.reading() as db:
            if not await teaches(db, person.id, user_id):
                raise not_yours()
    return user_id


CourseOfTeacher = Annotated[KeptCourse, Depends(course_of_path)]
Place = Annotated[tuple[str, str], Depends(place_of_path)]
Theirs = Annotated[str, Depends(learner_of_path)]


async def require_known(database: AsyncPostgreSQL, sender: Person, recipients: Sequence[str]) -> None:
    """Raise Problem 403 naming the recipients that somebody may not write to: others than themselves, their teachers
    and those whom they teach."""
    others = set(recipients) - {sender.id}
    if not others or sender.role in _ANYWHERE:
        return
    async with database.reading() as db:
        unknown = await strangers(db, sender.id, sorted(others), is_teacher=sender.role == "teacher")
    if unknown:
        raise _not_yours_to_tell([place for place, name in enumerate(recipients) if name in unknown])


async def require_taught(database: AsyncPostgreSQL, subscriber: Person, learner: str | None) -> None:
    """Raise Problem 403 where somebody may not be told of a learner, or, for None, of everybody whom they teach: where
    that is neither themselves nor somebody whom they teach."""
    if learner == subscriber.id or subscriber.role in _ANYWHERE:
        return
    if subscriber.role == "teacher":
        if learner is None:
            return
        async with database.reading() as db:
            if await teaches(db, subscriber.id, learner):
                return
    raise Problem(
        403,
        "not-yours-to-watch",
        "You do not teach them",
        "You may be told of yourself, and as a teacher of those who are in a course of yours.",
        errors=[{"field": "body.learner_id", "message": "Not a learner of yours"}],
    )


def no_such_course() -> Problem:
    """Return the problem of a course that is not there, or is another teacher's: nobody learns which."""
    return Problem(404, "not-found", "There is no such course", "You have no course of this id.")


def not_in_course() -> Problem:
    """Return the problem of a learner who is not in a course."""
    return Problem(404, "not-found", "There is no such learner", "Nobody of this id is in this course.")


def _not_yours_to_tell(places: Sequence[int]) -> Problem:
    return Problem(
        403,
        "not-yours-to-tell",
        "You may not write to them",
        "You may tell yourself, your teachers, and those who are in a course of yours.",
        errors=[
            {"field": f"body.recipients.{place}", "message": "Neither of you teaches the other"} for place in places
        ],
    )


async def _own_course(db: AsyncConnection, course_id: str, teacher: Person) -> KeptCourse:
    course = await course_of_id(db, course_id) if _ID.fullmatch(course_id) else None
    if course is None or (teacher.role != "admin" and course.teacher_id != teacher.id):
        raise no_such_course()
    return course
