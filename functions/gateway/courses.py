"""The routes of courses: what one teaches and what one is in, and what a course lets its learners do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Annotated, TypeVar

import psycopg
from fastapi import APIRouter, Depends, Query, Request, Response

from functions.curriculum.models import Curriculum
from functions.gateway.commands import json_only, json_response
from functions.gateway.concepts import TheCurriculum
from functions.gateway.course_codes import new_code
from functions.gateway.course_documents import (
    CourseChange,
    CourseDocument,
    CoursesDocument,
    CourseWish,
    course,
    courses,
)
from functions.gateway.course_queries import (
    KeptCourse,
    add_course,
    change_course,
    courses_of,
    delete_course,
    joined_courses,
    meet,
)
from functions.gateway.cursors import MAX_CURSOR, read_cursor
from functions.gateway.teaching import CourseOfTeacher, no_such_course
from functions.shared.edge.describing import problems
from functions.shared.edge.identity import Asker, Teacher
from functions.shared.edge.parts import TheDatabase, parts
from functions.shared.edge.problems import invalid_fields
from functions.shared.errors import TryAgainLater

MOST_SHOWN = 100
_SHOWN = 20
_TRIES = 5
"""Codes to try: that one is taken happens once in a million times, with a million courses."""

Kept = TypeVar("Kept", bound=KeptCourse | None)

router = APIRouter(tags=["teaching"])


@router.post(
    "/api/v1/courses",
    name="add_course",
    status_code=201,
    response_model=CourseDocument,
    summary="Teach a course",
    dependencies=[Depends(json_only)],
    responses=problems(400, 403, 413, 415, 422, 500, 503),
)
async def add(
    request: Request, body: CourseWish, curriculum: TheCurriculum, database: TheDatabase, teacher: Teacher
) -> Response:
    """Make a course. Whoever has its `code` can join it, and the tutor keeps to what the course says."""
    _require_topics(body.allowed_topics, curriculum)
    _require_prices(body.daily_model_cost, request)
    async with database.reading() as db:
        await meet(db, teacher)
        kept = await _with_a_code(lambda code: add_course(db, body.columns(teacher.id, code)))
    return json_response(course(kept), 201, {"Location": f"/api/v1/courses/{kept.id}"})


@router.get(
    "/api/v1/courses",
    name="list_courses",
    response_model=CoursesDocument,
    summary="What you teach, and what you are in",
    responses=problems(422, 500, 503),
)
async def list_courses(
    database: TheDatabase,
    person: Asker,
    limit: Annotated[int, Query(ge=1, le=MOST_SHOWN, description="How many to show of `teaching`.")] = _SHOWN,
    cursor: Annotated[
        str | None, Query(max_length=MAX_CURSOR, description="Where to go on: `next` of the page before.")
    ] = None,
) -> Response:
    """List the courses that you teach, the latest first, a page at a time, and those that you are in with what they let
    you do. Teaching is for those who are teachers now."""
    place = read_cursor(cursor, datetime, str) if cursor is not None else None
    whose = None if person.role == "admin" else person.id
    async with database.reading() as db:
        may_teach = person.role in {"teacher", "admin"}
        taught = await courses_of(db, whose, place, limit + 1) if may_teach else []
        joined = await joined_courses(db, person.id)
    return json_response(courses(taught, joined, limit), 200, {})


@router.get(
    "/api/v1/courses/{id}",
    name="show_course",
    response_model=CourseDocument,
    summary="A course of yours",
    responses=problems(403, 404, 422, 500, 503),
)
async def show(own: CourseOfTeacher) -> Response:
    """Show a course that you teach."""
    return json_response(course(own), 200, {})


@router.patch(
    "/api/v1/courses/{id}",
    name="change_course",
    response_model=CourseDocument,
    summary="Change what a course lets its learners do",
    dependencies=[Depends(json_only)],
    responses=problems(400, 403, 404, 413, 415, 422, 500, 503),
)
async def change(
    request: Request, body: CourseChange, own: CourseOfTeacher, curriculum: TheCurriculum, database: TheDatabase
) -> Response:
    """Change what is named of a course and leave the rest. It counts from the next question on."""
    _require_topics(body.allowed_topics, curriculum)
    _require_prices(body.daily_model_cost, request)
    columns = body.columns()
    if not columns:
        return json_response(course(own), 200, {})
    async with database.reading() as db:
        return _shown(await change_course(db, own.id, columns))


@router.delete(
    "/api/v1/courses/{id}",
    name="delete_course",
    status_code=204,
    summary="End a course",
    responses=problems(403, 404, 422, 500, 503),
)
async def delete(own: CourseOfTeacher, database: TheDatabase) -> Response:
    """Delete a course; its learners are in it no more, and nothing else of theirs is touched."""
    async with database.reading() as db:
        if not await delete_course(db, own.id):
            raise no_such_course()
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


@router.post(
    "/api/v1/courses/{id}/code",
    name="renew_code",
    response_model=CourseDocument,
    summary="A new code",
    responses=problems(403, 404, 422, 500, 503),
)
async def renew(own: CourseOfTeacher, database: TheDatabase) -> Response:
    """Give a course a new code. The old one ends at once; those who joined by it stay."""
    async with database.reading() as db:
        return _shown(await _with_a_code(lambda code: change_course(db, own.id, {"code": code})))


async def _with_a_code(keep: Callable[[str], Awaitable[Kept]]) -> Kept:
    """Keep a course under a code that no other has. Raises TryAgainLater if none is found."""
    for _ in range(_TRIES):
        try:
            return await keep(new_code())
        except psycopg.errors.UniqueViolation:
            continue
    raise TryAgainLater("every code that was tried is taken")


def _require_topics(named: Sequence[str] | None, curriculum: Curriculum) -> None:
    """Raise Problem 422 naming the topics that there are not."""
    unknown = [place for place, topic in enumerate(named or ()) if curriculum.topic(topic) is None]
    if unknown:
        said = "There is no such topic. GET /api/v1/concepts lists those there are"
        raise invalid_fields(
            [{"loc": ("body", "allowed_topics", place), "type": "topic", "msg": said} for place in unknown]
        )


def _require_prices(cost: float | None, request: Request) -> None:
    """Raise Problem 422 for a limit of what nobody can reckon."""
    if cost is not None and not parts(request).settings.model.has_prices:
        said = "No prices of a language model are set up, so nobody knows what answers cost. Limit daily_model_tokens"
        raise invalid_fields([{"loc": ("body", "daily_model_cost"), "type": "prices", "msg": said}])


def _shown(kept: KeptCourse | None) -> Response:
    """Return a course as an answer. Raises Problem 404 if it was deleted meanwhile."""
    if kept is None:
        raise no_such_course()
    return json_response(course(kept), 200, {})
