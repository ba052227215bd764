"""The routes of enrolments: joining a course by its code, and leaving it."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Response

from functions.gateway.commands import json_only, json_response
from functions.gateway.course_codes import read_code
from functions.gateway.course_documents import JoinedDocument, Joining, joined_course
from functions.gateway.course_queries import MOST_JOINED, enrol, hold_course, joined_courses, meet, remove
from functions.gateway.teaching import Place, not_in_course
from functions.shared.edge.describing import problems
from functions.shared.edge.identity import Asker
from functions.shared.edge.parts import TheDatabase
from functions.shared.edge.problems import Problem
from functions.shared.events import LEARNER_ID

router = APIRouter(tags=["teaching"])


@router.post(
    "/api/v1/enrolments",
    name="join_course",
    status_code=201,
    response_model=JoinedDocument,
    summary="Join a course",
    dependencies=[Depends(json_only)],
    responses={
        200: {"model": JoinedDocument, "description": "You were in it already."},
        **problems(400, 404, 409, 413, 415, 422, 500, 503),
    },
)
async def join(body: Joining, database: TheDatabase, person: Asker) -> Response:
    """Join the course that a code is of. From then on its teacher sees how far you are, what you ask and hand in, and
    is told when you are stuck; the tutor keeps to what the course says. Joining again changes nothing."""
    code = read_code(body.code)
    async with database.reading() as db:
        async with db.transaction():
            course_id = await hold_course(db, code) if code else None
            if course_id is None:
                raise _no_such_code()
            await meet(db, person)
            outcome = await enrol(db, course_id, person.id)
        joined = [each for each in await joined_courses(db, person.id) if each.id == course_id]
    if outcome in {"course is full", "in too many"}:
        raise _no_room(outcome)
    if not joined:
        raise _no_such_code()  # deleted just now, and whoever was in it with it
    return json_response(joined_course(joined[0]), 201 if outcome == "joined" else 200, {})


@router.delete(
    "/api/v1/courses/{id}/learners/{learner_id}",
    name="leave_course",
    status_code=204,
    summary="Leave a course, or take a learner out of it",
    responses=problems(403, 404, 422, 500, 503),
)
async def leave(place: Place, database: TheDatabase) -> Response:
    """End that a learner is in a course: for the learner, and for its teacher. From then on its teacher sees nothing of
    the learner but the alerts there were."""
    course_id, learner = place
    async with database.reading() as db:
        if not LEARNER_ID.fullmatch(learner) or not await remove(db, course_id, learner):
            raise not_in_course()
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


def _no_such_code() -> Problem:
    return Problem(
        404,
        "not-found",
        "There is no such course",
        "No course has this code. It may have changed: ask whoever teaches the course.",
        errors=[{"field": "body.code", "message": "No course has it"}],
    )


def _no_room(why: str) -> Problem:
    if why == "course is full":
        return Problem(409, "course-full", "The course is full", "Ask whoever teaches it for another.")
    detail = f"One can be in {MOST_JOINED}: leave another first."
    return Problem(409, "too-many-courses", "You are in too many courses", detail)
