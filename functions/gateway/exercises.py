"""The routes of exercises: what there is to practise on, being given one, handing it in."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from functions.curriculum.fitting import full_id
from functions.curriculum.models import Topic
from functions.curriculum.practice import Exercise
from functions.curriculum.reading import curriculum, exercises
from functions.gateway.commands import RESPONSES, Key, Wait, command_of, json_only, json_response, look_at, take_on
from functions.gateway.exercise_documents import (
    Attempt,
    ExerciseDocument,
    ExercisesDocument,
    ExerciseWish,
    Solution,
    listed,
    shown,
)
from functions.gateway.open_topics import CLOSED, policy_of, require_open, was_given
from functions.gateway.queries import NO_PRACTICE, made_exercise, made_for, practice_by_exercise
from functions.shared.edge.database import AsyncPostgreSQL
from functions.shared.edge.describing import problems
from functions.shared.edge.documents import RequestDocument
from functions.shared.edge.identity import Learner
from functions.shared.edge.parts import TheDatabase, TheGateway
from functions.shared.edge.problems import Problem, invalid
from functions.shared.made import is_made
from functions.shared.payload import Difficulty

router = APIRouter(tags=["practising"])


@cache
def every_exercise() -> dict[str, tuple[Topic, Exercise]]:
    """Return the curriculum's exercises by id, those first whose topics need the fewest others."""
    return {
        f"{topic.id}/{exercise.id}": (topic, exercise)
        for topic in curriculum().by_depth
        for exercise in exercises(topic.id)
    }


def in_order(exercises: Iterable[tuple[Topic, Exercise]]) -> list[tuple[Topic, Exercise]]:
    """Return exercises topic by topic, those first whose topics need the fewest others, and else as they come."""
    places = {topic.id: place for place, topic in enumerate(curriculum().by_depth)}
    return sorted(exercises, key=lambda each: places[each[0].id])


Exercises = Annotated[dict[str, tuple[Topic, Exercise]], Depends(every_exercise)]
"""Read by the first who needs them, in a thread of its own: the loop goes on meanwhile."""


async def exercise_of_path(
    learner: Learner,
    topic: Annotated[str, Path(description="The topic's id.", examples=["loops"])],
    exercise: Annotated[str, Path(description="The exercise's name.", examples=["sum-of-evens"])],
    known: Exercises,
    database: TheDatabase,
) -> str:
    """Return the id of the exercise that a path names. Raises Problem 404 if there is none such."""
    exercise_id = f"{topic}/{exercise}"
    if not await _there_is(exercise_id, known, database, learner):
        raise _not_found()
    return exercise_id


async def _there_is(
    exercise_id: str, known: dict[str, tuple[Topic, Exercise]], database: AsyncPostgreSQL, learner: str
) -> bool:
    """Return whether the curriculum has an exercise, or it was made for the learner."""
    if exercise_id in known or not is_made(exercise_id):
        return exercise_id in known
    async with database.reading() as db:
        return await made_exercise(db, learner, exercise_id) is not None


ExerciseId = Annotated[str, Depends(exercise_of_path)]


@router.get(
    "/api/v1/exercises",
    name="list_exercises",
    response_model=ExercisesDocument,
    summary="What there is to practise on, and how far the learner is",
    responses=problems(422, 500, 503),
)
async def list_exercises(
    known: Exercises,
    database: TheDatabase,
    learner: Learner,
    topic: Annotated[str | None, Query(description="Only those on this topic.", examples=["loops"])] = None,
    difficulty: Annotated[Difficulty | None, Query(description="Only those of this difficulty.")] = None,
) -> Response:
    """List the exercises, those first whose topics need the fewest others; within a topic the easy ones first, and last
    those that a language model wrote for the learner, which nobody else has. In a course that opens some topics alone,
    those on these."""
    if topic is not None:
        _require_topic(topic, known, field="query.topic")
    async with database.reading() as db:
        practice = await practice_by_exercise(db, learner)
        policy = await policy_of(db, learner)
        theirs = await made_for(db, learner)
    if topic is not None and not policy.opens(topic):
        raise invalid("query.topic", CLOSED)
    found = [
        listed(on, exercise, practice.get(full_id(on.id, exercise.id), NO_PRACTICE))
        for on, exercise in in_order((*known.values(), *theirs))
        if policy.opens(on.id) and topic in {None, on.id} and difficulty in {None, exercise.difficulty}
    ]
    return json_response(ExercisesDocument(exercises=found).model_dump(mode="json"), 200, {})


@router.post(
    "/api/v1/exercises/generate",
    status_code=202,
    summary="Be given something to practise on",
    dependencies=[Depends(json_only)],
    responses=RESPONSES,
)
async def generate(
    body: ExerciseWish,
    request: Request,
    gateway: TheGateway,
    database: TheDatabase,
    learner: Learner,
    key: Key,
    wait: Wait,
    known: Exercises,
) -> Response:
    """Take the wish on. Answers at once with where to look, or, with `Prefer: wait=N`, with the exercise itself if it
    comes in time: one that suits the learner, and not one passed lately."""
    if body.topic is not None:
        _require_topic(body.topic, known, field="body.topic")
    await require_open(database, learner, body.topic)
    return await take_on(command_of(request, learner, key, body.requested()), gateway, wait)


@router.get(
    "/api/v1/exercises/{topic}/{exercise}",
    response_model=ExerciseDocument,
    summary="One exercise",
    responses=problems(404, 422, 500, 503),
)
async def exercise(exercise_id: ExerciseId, known: Exercises, database: TheDatabase, learner: Learner) -> Response:
    """Show an exercise: what to write, how to begin, what is tried. A solution only to whoever has passed, unless their
    course shows none. On a topic that is closed to the learner, only what they had before."""
    async with database.reading() as db:
        found = known.get(exercise_id) or await made_exercise(db, learner, exercise_id)
        if found is None:
            raise _not_found()
        topic, exercise = found
        practice = (await practice_by_exercise(db, learner)).get(exercise_id, NO_PRACTICE)
        policy = await policy_of(db, learner)
        if not policy.opens(topic.id) and not await was_given(db, learner, exercise_id):
            raise _not_found()
    document = shown(topic, exercise, practice, with_solution=practice.passed and policy.shows_solutions)
    return json_response(document.model_dump(mode="json"), 200, {})


@router.post(
    "/api/v1/exercises/submit",
    status_code=202,
    summary="Hand in a solution",
    dependencies=[Depends(json_only)],
    responses=RESPONSES,
)
async def submit(
    body: Solution,
    request: Request,
    gateway: TheGateway,
    database: TheDatabase,
    learner: Learner,
    key: Key,
    wait: Wait,
    known: Exercises,
) -> Response:
    """Take a solution on. Answers at once with where to look, or, with `Prefer: wait=N`, with its score and what
    came of each test if they come in time."""
    if not await _there_is(body.exercise_id, known, database, learner):
        raise invalid("body.exercise_id", "There is no such exercise. GET /api/v1/exercises lists those there are")
    return await take_on(command_of(request, learner, key, body.submitted(body.exercise_id)), gateway, wait)


@router.post(
    "/api/v1/exercises/{topic}/{exercise}/submissions",
    status_code=202,
    summary="The same, by the exercise's address",
    dependencies=[Depends(json_only)],
    responses={**RESPONSES, **problems(404)},
)
async def submit_here(
    exercise_id: ExerciseId,
    body: Attempt,
    request: Request,
    gateway: TheGateway,
    learner: Learner,
    key: Key,
    wait: Wait,
) -> Response:
    """Take a solution on, as POST /api/v1/exercises/submit does."""
    return await take_on(command_of(request, learner, key, body.submitted(exercise_id)), gateway, wait)


@router.get(
    "/api/v1/submissions/{id}",
    response_model=RequestDocument,
    summary="How far a submission is, and its grade",
    responses=problems(404, 422, 500, 503),
)
async def submission(
    id: Annotated[str, Path(description="The id that handing in was answered with.")],
    request: Request,
    gateway: TheGateway,
    learner: Learner,
    wait: Wait,
) -> Response:
    """Show one of the learner's submissions. With `Prefer: wait=N` the grade is waited for."""
    return await look_at(request, id, learner, gateway, wait, kind="submission")


def _not_found() -> Problem:
    """Return the problem of an exercise that is not there, or not for this learner."""
    return Problem(404, "not-found", "There is no such exercise", "GET /api/v1/exercises lists those there are.")


def _require_topic(topic: str, known: dict[str, tuple[Topic, Exercise]], *, field: str) -> None:
    """Raise Problem 422 unless there are exercises on a topic."""
    if all(topic != on.id for on, _ in known.values()):
        raise invalid(field, "There are no exercises on this. GET /api/v1/concepts lists what there are some on")
