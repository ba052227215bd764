"""The routes of progress: how far a learner has come, and telling what they did elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter, Depends, Request, Response

from functions.gateway.commands import Key, command_of, json_only, json_response
from functions.gateway.concepts import TheCurriculum
from functions.gateway.progress_documents import Activity, ActivityTaken
from functions.gateway.progress_queries import days_of, local_day, shown_by_topic
from functions.gateway.teaching import Theirs
from functions.shared.edge.describing import problems
from functions.shared.edge.documents import Links
from functions.shared.edge.idempotency import activity_id
from functions.shared.edge.identity import Learner
from functions.shared.edge.parts import TheDatabase, TheGateway
from functions.shared.edge.problems import invalid
from functions.shared.progressing import Standing
from functions.shared.standing.reckoning import standing

router = APIRouter(tags=["learning"])


@router.get(
    "/api/v1/progress/{user_id}",
    name="progress",
    response_model=Standing,
    summary="How far you have come",
    responses=problems(403, 422, 500, 503),
)
async def progress(learner: Theirs, curriculum: TheCurriculum, database: TheDatabase) -> Response:
    """Show how well you, or a learner in a course of yours, know each topic and all of them together as of today, what
    that is made of and how far it can be believed, and on how many days they were active. Of 100: 40 for exercises,
    30 for quiz questions, 20 for the quality of code, 10 for active days."""
    async with database.reading() as db:
        today = await local_day(db, learner, datetime.now(UTC))
        shown, days = await shown_by_topic(db, learner), await days_of(db, learner)
    come = standing(shown, days, today, {topic.id: topic.title for topic in curriculum.by_depth})
    return json_response(come.model_dump(mode="json"), 200, {})


@router.post(
    "/api/v1/progress",
    name="record_activity",
    status_code=202,
    response_model=ActivityTaken,
    summary="Tell of something done elsewhere",
    dependencies=[Depends(json_only)],
    responses=problems(400, 413, 415, 422, 500, 503),
)
async def record(
    body: Activity, request: Request, curriculum: TheCurriculum, gateway: TheGateway, learner: Learner, key: Key
) -> Response:
    """Take an activity on: its day counts as active, whatever its score, since nobody here has seen how that came to
    be. The same Idempotency-Key with the same body is the same activity; with another body it is another one."""
    if body.topic is not None and curriculum.topic(body.topic) is None:
        raise invalid("body.topic", "There is no such topic. GET /api/v1/concepts lists those there are")
    at = body.at(datetime.now(UTC))
    command = command_of(request, learner, key, body.recorded(), id=activity_id(learner, key, body))
    await gateway.tell(command, at)
    link = f"/api/v1/progress/{learner}"
    taken = ActivityTaken(id=command.id, links=Links(self=link))
    return json_response(taken.model_dump(mode="json"), 202, {"Location": link})
