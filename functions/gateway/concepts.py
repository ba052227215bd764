"""The routes of concepts: what can be explained, and having one explained."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from functions.curriculum.models import Curriculum
from functions.curriculum.reading import curriculum
from functions.gateway.commands import RESPONSES, Key, Wait, command_of, json_only, json_response, take_on
from functions.gateway.documents import ConceptDocument, ConceptsDocument, ExplanationWish
from functions.gateway.open_topics import policy_of, require_open
from functions.gateway.queries import mastery_by_topic
from functions.shared.edge.describing import problems
from functions.shared.edge.identity import Learner
from functions.shared.edge.parts import TheDatabase, TheGateway
from functions.shared.edge.problems import invalid

router = APIRouter(tags=["learning"])

TheCurriculum = Annotated[Curriculum, Depends(curriculum)]
"""Read by the first who needs it, in a thread of its own: the loop goes on meanwhile."""


@router.get(
    "/api/v1/concepts",
    response_model=ConceptsDocument,
    summary="What can be explained, and how well the learner knows it",
    responses=problems(422, 500, 503),
)
async def concepts(curriculum: TheCurriculum, database: TheDatabase, learner: Learner) -> Response:
    """List the topics there are lessons on, those first that need the fewest others; in a course that opens some alone,
    those that are open."""
    async with database.reading() as db:
        mastery = await mastery_by_topic(db, learner)
        course = curriculum.opened((await policy_of(db, learner)).allowed_topics)
    listed = [
        ConceptDocument(
            topic=topic.id,
            title=topic.title,
            summary=topic.summary,
            prerequisites=topic.prerequisites,
            near=tuple(near.topic for near in course.near(topic)),
            mastery=mastery.get(topic.id),
        )
        for topic in course.by_depth
    ]
    return json_response(ConceptsDocument(concepts=listed).model_dump(mode="json"), 200, {})


@router.post(
    "/api/v1/concepts/explain",
    status_code=202,
    summary="Have one of them explained",
    dependencies=[Depends(json_only)],
    responses=RESPONSES,
)
async def explain(
    body: ExplanationWish,
    request: Request,
    curriculum: TheCurriculum,
    gateway: TheGateway,
    database: TheDatabase,
    learner: Learner,
    key: Key,
    wait: Wait,
) -> Response:
    """Take the wish on. Answers at once with where to look, or, with `Prefer: wait=N`, with the explanation itself if
    it comes in time. Without a level the lesson is at the one that fits the words, else for beginners."""
    if curriculum.topic(body.topic) is None:
        raise invalid("body.topic", "There is no lesson on this. GET /api/v1/concepts lists those there are")
    await require_open(database, learner, body.topic)
    return await take_on(command_of(request, learner, key, body.requested()), gateway, wait)
