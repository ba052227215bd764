"""The routes by which teachers see how their learners are: the roster of a course, as CSV too, and one's timeline."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from functions.gateway.commands import json_response
from functions.gateway.course_queries import MOST_LEARNERS
from functions.gateway.cursors import MAX_CURSOR, read_cursor
from functions.gateway.roster_documents import RosterDocument, as_csv, entries, roster
from functions.gateway.roster_queries import Sorting, details_of, enrolled
from functions.gateway.teaching import CourseOfTeacher, LearnerId, not_in_course
from functions.gateway.timeline_documents import TimelineDocument, timeline
from functions.gateway.timeline_queries import happened, joined_and_now
from functions.shared.edge.describing import problems
from functions.shared.edge.parts import TheDatabase
from functions.shared.events import LEARNER_ID

MOST_SHOWN = 100
_SHOWN = 20
_AFTER_ALL = ("z", "")
"""After every kind of what happened at the same time."""

Sort = Annotated[Sorting, Query(description="What to sort by, then by name; with `-`, the highest or latest first.")]
Limit = Annotated[int, Query(ge=1, le=MOST_SHOWN, description="How many on a page.")]
Cursor = Annotated[str | None, Query(max_length=MAX_CURSOR, description="Where to go on: `next` of the page before.")]

router = APIRouter(tags=["teaching"])


@router.get(
    "/api/v1/courses/{id}/learners",
    name="roster",
    response_model=RosterDocument,
    summary="How your learners are",
    responses=problems(403, 404, 422, 500, 503),
)
async def show_roster(
    course: CourseOfTeacher, database: TheDatabase, sort: Sort = "name", limit: Limit = _SHOWN, cursor: Cursor = None
) -> Response:
    """List the learners of a course, a page at a time. A figure that changes meanwhile may move a learner from one page
    to another; in the order of names nobody is missed."""
    place = read_cursor(cursor, float, str, str) if cursor is not None else None
    async with database.reading() as db:
        learners = await enrolled(db, course.id, course.teacher_id, sort, place, limit + 1)
        details = await details_of(db, [each.learner_id for each in learners])
    return json_response(roster(learners, details, limit), 200, {})


@router.get(
    "/api/v1/courses/{id}/learners.csv",
    name="roster_csv",
    response_class=Response,
    summary="The same, to open in a spreadsheet",
    responses={
        200: {
            "description": "UTF-8, a line for each learner below one that names the columns.",
            "content": {"text/csv": {"schema": {"type": "string"}}},
        },
        **problems(403, 404, 422, 500, 503),
    },
)
async def download_roster(course: CourseOfTeacher, database: TheDatabase, sort: Sort = "name") -> Response:
    """Download all learners of a course. A cell that a spreadsheet would take for a formula begins with an
    apostrophe."""
    async with database.reading() as db:
        learners = await enrolled(db, course.id, course.teacher_id, sort, None, MOST_LEARNERS)
        details = await details_of(db, [each.learner_id for each in learners])
    headers = {"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="learners.csv"'}
    return Response(as_csv(entries(learners, details)), 200, headers, media_type="text/csv; charset=utf-8")


@router.get(
    "/api/v1/courses/{id}/learners/{learner_id}/timeline",
    name="timeline",
    response_model=TimelineDocument,
    summary="What one of your learners did",
    responses=problems(403, 404, 422, 500, 503),
)
async def show_timeline(
    learner_id: LearnerId, course: CourseOfTeacher, database: TheDatabase, limit: Limit = _SHOWN, cursor: Cursor = None
) -> Response:
    """List what a learner asked, handed in and answered, their errors, changes of level, and what you were told of
    them, since they joined the course: the latest first, a page at a time."""
    place = read_cursor(cursor, datetime, str, str) if cursor is not None else None
    async with database.reading() as db:
        times = await joined_and_now(db, course.id, learner_id) if LEARNER_ID.fullmatch(learner_id) else None
        if times is None:
            raise not_in_course()
        since, now = times
        before = place or (now, *_AFTER_ALL)
        found = await happened(db, learner_id, course.teacher_id, since, before, limit + 1)
    return json_response(timeline(found, limit), 200, {})
