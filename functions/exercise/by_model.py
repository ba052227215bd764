"""By model: an exercise that a language model writes for one learner. It is a draft until the sandbox has proved it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from functions.curriculum.fitting import difficulty_at
from functions.curriculum.models import Curriculum
from functions.curriculum.practice import Exercise
from functions.curriculum.reading import curriculum, exercises
from functions.exercise.choosing import Standing
from functions.exercise.flaws import flaw_in
from functions.exercise.wishing import Wish
from functions.exercise.wording import generated
from functions.shared.database import Database
from functions.shared.events import Event, ExerciseRequested
from functions.shared.guard.guarding import Known
from functions.shared.guarded import guard_of
from functions.shared.level import level_at
from functions.shared.made import PREFIX
from functions.shared.prompts.exercise import FILE, ExerciseInput, ExerciseSaid, exercise_of, exercise_prompt

if TYPE_CHECKING:
    from functions.shared.model.wiring import Ask


class Shown(BaseModel):
    """All of an exercise that its learner ever sees: to be guarded."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    given: BaseModel
    hints: tuple[str, ...]
    categories: tuple[str, ...]
    solution: str


def by_model(
    event: Event[ExerciseRequested],
    database: Database,
    wish: Wish,
    come: Standing,
    others: Sequence[Exercise],
    known: Known,
    *,
    ask: Ask,
) -> tuple[Exercise, str]:
    """Return an exercise that nothing speaks against but that it has not been tried, and who wrote it. `others` are
    those that the topic has already. Raises NoAnswer."""
    given = given_of(event.data, wish, come, others, curriculum())
    everywhere = (*others, *(each for topic in curriculum().topics for each in exercises(topic.id)))

    def shown(said: ExerciseSaid) -> Shown:
        exercise = exercise_of(said, given)
        payload = generated(wish.topic, exercise)
        if flaw := flaw_in(exercise, everywhere, payload):
            raise ValueError(flaw.why)
        categories = tuple(test.category for test in exercise.tests)
        return Shown(given=payload, hints=exercise.hints, categories=categories, solution=exercise.solution)

    guard = guard_of(known, shown, function="exercise", rules=FILE.rules)
    answered = ask(event, database, exercise_prompt(given), guard=guard)
    exercise = exercise_of(answered.answer, given)
    return exercise.model_copy(update={"id": name_of(event, exercise)}), answered.signature


def given_of(
    asked: ExerciseRequested, wish: Wish, come: Standing, others: Sequence[Exercise], course: Curriculum
) -> ExerciseInput:
    """Return what a model is told: of the learner how much they know of this topic, and what they wish for."""
    topic, mastery = wish.topic, come.mastery.get(wish.topic.id, 0)
    known = [each for each in course.topics if each.id in topic.prerequisites or come.mastery.get(each.id)]
    return ExerciseInput(
        topic=topic.id,
        title=topic.title,
        difficulty=wish.difficulty or difficulty_at(mastery),
        level=level_at(mastery),
        titles=tuple(dict.fromkeys(each.title for each in others)),
        taught=tuple(dict.fromkeys(each.title for each in (*known, topic))),
        wish=asked.question,
    )


def name_of(event: Event[ExerciseRequested], exercise: Exercise) -> str:
    """Return what an exercise is called within its topic: another for another wish, the same for the same text."""
    told = f"{event.origin}\0{event.id}\0{exercise.model_dump_json()}"
    return PREFIX + hashlib.sha256(told.encode()).hexdigest()[:12]
