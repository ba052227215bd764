"""The routes of quizzes: what there is to be asked about, being asked, answering."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from functions.curriculum.models import Topic
from functions.curriculum.practice import QuizQuestion
from functions.curriculum.reading import curriculum, quiz
from functions.gateway.commands import RESPONSES, Key, Wait, command_of, json_only, json_response, take_on
from functions.gateway.open_topics import policy_of, require_open
from functions.gateway.quiz_documents import Choice, QuizWish, QuizzesDocument, listed_topic
from functions.gateway.quiz_queries import first_answers, options_of_quiz
from functions.shared.edge.describing import problems
from functions.shared.edge.identity import Learner
from functions.shared.edge.parts import TheDatabase, TheGateway
from functions.shared.edge.problems import Problem, invalid

router = APIRouter(tags=["practising"])


@cache
def every_quiz() -> dict[str, tuple[Topic, tuple[QuizQuestion, ...]]]:
    """Return the curriculum's questions by topic, those first whose topics need the fewest others."""
    return {topic.id: (topic, quiz(topic.id)) for topic in curriculum().by_depth}


Quizzes = Annotated[dict[str, tuple[Topic, tuple[QuizQuestion, ...]]], Depends(every_quiz)]
"""Read by the first who needs them, in a thread of its own: the loop goes on meanwhile."""


@router.get(
    "/api/v1/quizzes",
    name="list_quizzes",
    response_model=QuizzesDocument,
    summary="What there is to be asked about, and how far the learner is",
    responses=problems(422, 500, 503),
)
async def list_quizzes(known: Quizzes, database: TheDatabase, learner: Learner) -> Response:
    """List the topics there are questions on, those first that need the fewest others; in a course that opens some
    alone, those that are open."""
    async with database.reading() as db:
        answers = await first_answers(db, learner)
        policy = await policy_of(db, learner)
    found = [each for topic_id, each in known.items() if policy.opens(topic_id)]
    topics = [listed_topic(topic, questions, answers) for topic, questions in found]
    return json_response(QuizzesDocument(quizzes=topics).model_dump(mode="json"), 200, {})


@router.post(
    "/api/v1/quizzes/next",
    status_code=202,
    summary="Be asked the next question",
    dependencies=[Depends(json_only)],
    responses=RESPONSES,
)
async def next_question(
    body: QuizWish,
    request: Request,
    gateway: TheGateway,
    database: TheDatabase,
    learner: Learner,
    key: Key,
    wait: Wait,
    known: Quizzes,
) -> Response:
    """Take the wish on. Answers at once with where to look, or, with `Prefer: wait=N`, with the question itself if it
    comes in time: one that suits the learner, without its answer, and the `quiz_id` to answer under."""
    if body.topic is not None and body.topic not in known:
        raise invalid("body.topic", "There are no questions on this. GET /api/v1/quizzes lists what there are some on")
    await require_open(database, learner, body.topic)
    return await take_on(command_of(request, learner, key, body.requested()), gateway, wait)


@router.post(
    "/api/v1/quizzes/{id}/answers",
    status_code=202,
    summary="Answer a question",
    dependencies=[Depends(json_only)],
    responses={**RESPONSES, **problems(404)},
)
async def answer(
    id: Annotated[str, Path(description="The `quiz_id` that the question came with.")],
    body: Choice,
    request: Request,
    gateway: TheGateway,
    database: TheDatabase,
    learner: Learner,
    key: Key,
    wait: Wait,
) -> Response:
    """Take an answer on. Answers at once with where to look, or, with `Prefer: wait=N`, with whether it is right and
    why if that comes in time. Of several answers to a question the learner's first one counts."""
    payload = body.answered(id)
    async with database.reading() as db:
        options = await options_of_quiz(db, payload.quiz_id, learner)
    if options is None:
        raise Problem(404, "not-found", "There is no such quiz", "You have not been asked a question of this id.")
    if payload.choice >= options:
        raise invalid("body.choice", f"There are {options} options, counted from 0 to {options - 1}")
    return await take_on(command_of(request, learner, key, payload), gateway, wait)
