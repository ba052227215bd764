"""Handing out: an exercise that suits, of those there are, or one that a language model writes for the learner.

A model is asked where whatever would fit is passed already, or nothing is on the theme that the learner wishes for.
What it writes is theirs alone, and nobody's before the sandbox has shown that it is an exercise; else they get one of
those there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from prometheus_client import Counter
from pydantic import BaseModel, ConfigDict

from functions.curriculum.fitting import choose_subject, difficulty_asked, full_id
from functions.curriculum.models import Curriculum, Topic
from functions.curriculum.naming import Names
from functions.curriculum.practice import Exercise
from functions.curriculum.reading import curriculum, exercises
from functions.exercise.choosing import Standing, choose_exercise
from functions.exercise.proving import of_others, of_solution, wrong_with_others, wrong_with_solution
from functions.exercise.queries import hold, note_given, publish, standing
from functions.exercise.wishing import Wish, on_theme, theme_of, wants_new
from functions.exercise.wording import BUILT_IN, generated, no_exercise, not_open, smaller
from functions.shared.courses.queries import policy_of
from functions.shared.database import Connection, Database
from functions.shared.drafts import keep_draft, take_draft
from functions.shared.events import Event, ExerciseRequested
from functions.shared.guarded import guarded, known_of
from functions.shared.made import Made, made_body, made_exercises
from functions.shared.model.asking import NoAnswer, Task
from functions.shared.model.set_up import ask_for
from functions.shared.practising import ExerciseGenerated
from functions.shared.running import CheckExecuted, CheckRequested

if TYPE_CHECKING:
    from functions.shared.model.wiring import Ask

NAME: Final = "exercise"
MADE = Counter(
    "learnflow_exercises_made_total", "Exercises that a model wrote, by what the sandbox showed of them.", ["outcome"]
)


class Draft(BaseModel):
    """An exercise that a model wrote, while the sandbox proves it."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    asked: ExerciseRequested
    topic: str
    exercise: Exercise
    made_by: str
    is_solved: bool = False
    """Whether its solution was seen to pass, twice in one way."""


def imagine(
    event: Event[ExerciseRequested], database: Database, *, ask_for: Callable[[Task], Ask | None] = ask_for
) -> Draft | None:
    """Return an exercise that a model wrote, where none of those there are will do; None where they will, where there
    is no model to ask or the course has none, and where the model does not answer."""
    ask = ask_for(NAME)
    if ask is None:
        return None
    with database.reading() as db:
        policy = policy_of(db, event.learner_id)
        come = _standing(db, event.learner_id, event.data)
        wish = _wish_of(event.data, come, curriculum().opened(policy.allowed_topics))
        if wish is None or not policy.model:
            return None
        made = _made(db, event.learner_id, wish.topic, come)
        others = (*exercises(wish.topic.id), *(each.exercise for each in made))
        if not wants_new(wish, others, come.passed):
            return None
        passed_too = not policy.shows_solutions
        known = known_of(db, event.learner_id, question=event.data.question, passed_too=passed_too)
    from functions.exercise.by_model import by_model  # what only a model needs is read where there is one

    try:
        exercise, made_by = by_model(event, database, wish, come, others, known, ask=ask)
    except NoAnswer:
        return None
    return Draft(asked=event.data, topic=wish.topic.id, exercise=exercise, made_by=made_by)


def hand_out(
    event: Event[ExerciseRequested], db: Connection, draft: Draft | None
) -> CheckRequested | ExerciseGenerated:
    """Answer with the exercise that suits the learner best, or say honestly that there is none on the topic, or not in
    their course yet; have one that was made for them proved first."""
    return _proved(event, db, draft) if draft else _hand_out(db, event.learner_id, event.data)


def prove(event: Event[CheckExecuted], db: Connection, _: None) -> CheckRequested | ExerciseGenerated | None:
    """Answer with an exercise that was made, now that the sandbox has shown that it is one, else with one that there
    was before; the first word on a draft counts."""
    kept = take_draft(db, event, NAME)
    if kept is None:
        return None
    draft = Draft.model_validate(kept)
    wrong = (wrong_with_others if draft.is_solved else wrong_with_solution)(draft.exercise, event.data.results)
    topic = curriculum().topic(draft.topic)
    if wrong or topic is None or not policy_of(db, event.learner_id).opens(draft.topic):
        MADE.labels(wrong or "closed").inc()
        return _hand_out(db, event.learner_id, draft.asked)
    if not draft.is_solved:
        return _proved(event, db, draft.model_copy(update={"is_solved": True}))
    return _published(db, event.learner_id, draft.asked, Made(topic, draft.exercise, draft.made_by))


def _published(db: Connection, learner: str, asked: ExerciseRequested, made: Made) -> ExerciseGenerated:
    """Keep an exercise and hand it out; where something speaks against it by now, hand out another one."""
    given = _given(db, learner, asked, made.topic, made.exercise, made.made_by)
    if given.exercise_id is None:
        MADE.labels("objected").inc()
        return _hand_out(db, learner, asked)
    MADE.labels("published").inc()
    publish(db, learner, given.exercise_id, made_body(made))
    return given


def _proved(event: Event[Any], db: Connection, draft: Draft) -> CheckRequested:
    """Ask for the next thing that the sandbox has to show. A solution goes as a trial, since what is tried stays out of
    what learners may read of their events."""
    exercise = draft.exercise
    draft_id = keep_draft(db, event, NAME, draft.model_dump(mode="json"))
    trials = of_others(exercise) if draft.is_solved else of_solution(exercise)
    return CheckRequested(requester=NAME, draft_id=draft_id, code=exercise.starter, trials=trials)


def _hand_out(db: Connection, learner: str, asked: ExerciseRequested) -> ExerciseGenerated:
    hold(db, learner)
    come = _standing(db, learner, asked)
    course = curriculum().opened(policy_of(db, learner).allowed_topics)
    subject = choose_subject(asked.topic, asked.question, course, _names(), come.mastery, come.passed)
    if not isinstance(subject, Topic):
        return no_exercise(subject, course)
    if not course.is_open(subject):
        return not_open(subject, course)
    made = _made(db, learner, subject, come)
    there_are = (*exercises(subject.id), *(each.exercise for each in made))
    fitting = on_theme(theme_of(asked.question, _names()), there_are) or there_are
    wanted = asked.difficulty or difficulty_asked(asked.question)
    exercise = choose_exercise(subject.id, fitting, wanted, come)
    signed = next((f"{each.made_by}, kept" for each in made if each.exercise.id == exercise.id), BUILT_IN)
    return _given(db, learner, asked, subject, exercise, signed)


def _given(
    db: Connection, learner: str, asked: ExerciseRequested, topic: Topic, exercise: Exercise, signed: str
) -> ExerciseGenerated:
    """Return an exercise as its learner gets it, and note that they do, if nothing speaks against it."""
    exercise_id = full_id(topic.id, exercise.id)
    payload = generated(topic, exercise, asked.second_guess).model_copy(update={"answered_by": signed})
    known = known_of(db, learner, question=asked.question, given=(exercise.starter,), named=exercise_id)
    said = guarded(payload, known, smaller, function=NAME)
    if said is payload:
        note_given(db, learner, exercise_id)
    return said


def _standing(db: Connection, learner: str, asked: ExerciseRequested) -> Standing:
    """Return how far a learner has come, by what was told of them where that says more."""
    come = standing(db, learner)
    told: Mapping[str, int] = asked.context.mastery if asked.context else {}
    return replace(come, mastery={**come.mastery, **told})


def _made(db: Connection, learner: str, topic: Topic, come: Standing) -> tuple[Made, ...]:
    """Return the exercises on a topic that were made for a learner before."""
    return made_exercises(db, learner, tuple(each for each in come.made if each.startswith(f"{topic.id}/")))


def _wish_of(asked: ExerciseRequested, come: Standing, course: Curriculum) -> Wish | None:
    """Return what is to be practised; None where there is nothing to practise, or it is not open."""
    subject = choose_subject(asked.topic, asked.question, course, _names(), come.mastery, come.passed)
    if not isinstance(subject, Topic) or not course.is_open(subject):
        return None
    wanted = asked.difficulty or difficulty_asked(asked.question)
    return Wish(subject, wanted, theme_of(asked.question, _names()))


@cache
def _names() -> Names:
    return Names(curriculum())
