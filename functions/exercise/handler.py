"""Hand out an exercise that suits; have what is handed in tried by the sandbox; grade what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from functions.curriculum.fitting import choose_subject, difficulty_asked, full_id
from functions.curriculum.models import Topic
from functions.curriculum.naming import Names
from functions.curriculum.reading import curriculum, exercise_called, exercises
from functions.exercise import feedback
from functions.exercise.choosing import choose_exercise
from functions.exercise.grading import NotGradable, grade, trials
from functions.exercise.queries import note_given, save_grade, save_submission, standing, submission_of
from functions.exercise.unready import not_readable, nothing_to_try
from functions.exercise.wording import generated, no_exercise, not_open
from functions.shared.courses.queries import policy_of, was_given
from functions.shared.database import Connection
from functions.shared.errors import RejectedEvent
from functions.shared.events import Event, ExerciseRequested
from functions.shared.practising import ExerciseGenerated, ExerciseGraded, ExerciseSubmitted
from functions.shared.running import GradingExecuted, GradingRequested
from functions.shared.serving import Handler, Handlers

SANDBOX = "/learnflow/sandbox-runner"

_NOTHING_TO_TRY = {"empty": feedback.EMPTY, "too_large": feedback.TOO_LARGE}


def hand_out(event: Event[ExerciseRequested], db: Connection, _: None) -> ExerciseGenerated:
    """Answer with the exercise that suits the learner best, or say honestly that there is none on the topic, or not in
    their course yet."""
    asked = event.data
    come = standing(db, event.learner_id)
    told: Mapping[str, int] = asked.context.mastery if asked.context else {}
    come = replace(come, mastery={**come.mastery, **told})
    course = curriculum().opened(policy_of(db, event.learner_id).allowed_topics)
    subject = choose_subject(asked.topic, asked.question, course, _names(), come.mastery, come.passed)
    if not isinstance(subject, Topic):
        return no_exercise(subject, course)
    if not course.is_open(subject):
        return not_open(subject, course)
    wanted = asked.difficulty or difficulty_asked(asked.question)
    exercise = choose_exercise(subject.id, exercises(subject.id), wanted, come)
    note_given(db, event.learner_id, full_id(subject.id, exercise.id))
    return generated(subject, exercise, asked.second_guess)


def take_in(event: Event[ExerciseSubmitted], db: Connection, _: None) -> GradingRequested | ExerciseGraded:
    """Keep the submission and ask for it to be tried; where there is nothing to try, grade it at once.

    A submission has the id of the request it came with. What is for no exercise, empty or too large is no attempt, nor
    is what is for a topic that the learner's course has closed, unless they had the exercise before.
    """
    submission_id, exercise_id, code = event.correlation_id, event.data.exercise_id, event.data.code
    found = exercise_called(exercise_id)
    if found is None:
        return _graded(submission_id, exercise_id, 0, feedback.no_such_exercise(exercise_id))
    topic, exercise = found
    if not policy_of(db, event.learner_id).opens(topic.id) and not was_given(db, event.learner_id, exercise_id):
        return _graded(submission_id, exercise_id, 0, feedback.not_open(topic))
    if why := nothing_to_try(code):
        return _graded(submission_id, exercise_id, 0, _NOTHING_TO_TRY[why])
    attempt = save_submission(db, submission_id, event.learner_id, exercise_id, code, event.time)
    if attempt is None:
        raise RejectedEvent(f"there is a submission {submission_id} already")
    if unreadable := not_readable(code):
        save_grade(db, submission_id, score=0, passed=False)
        return _graded(submission_id, exercise_id, attempt, feedback.on_unreadable(unreadable), score=0)
    return GradingRequested(submission_id=submission_id, code=code, trials=trials(exercise))


def grade_submission(event: Event[GradingExecuted], db: Connection, _: None) -> ExerciseGraded | None:
    """Answer with the grade of what the sandbox tried, or that there can be none; the first result counts.

    Raises RejectedEvent for results that are not the sandbox's own, or not of a submission of this learner.
    """
    if event.origin != SANDBOX:
        raise RejectedEvent("results come from the sandbox-runner alone")
    submission_id = event.data.submission_id
    submission = submission_of(db, submission_id, event.learner_id)
    if submission is None:
        raise RejectedEvent(f"this learner has no submission {submission_id}")
    exercise_id, attempt, code = submission
    found = exercise_called(exercise_id)
    try:
        if found is None:
            raise NotGradable("the exercise is no longer there")
        exercise = found[1]
        came = grade(exercise, code, event.data.results)
    except NotGradable:
        graded = _graded(submission_id, exercise_id, attempt, feedback.NOT_TRIED)
    else:
        shows_solution = came.passed and policy_of(db, event.learner_id).shows_solutions
        graded = _graded(
            submission_id, exercise_id, attempt, feedback.on_grade(came, exercise, with_solution=shows_solution),
            score=came.score,
            passed=came.passed,
            tests=tuple(map(feedback.graded_test, came.verdicts)),
            missing=came.missing,
            forbidden=came.forbidden,
            solution=exercise.solution if shows_solution else None,
        )  # fmt: skip
    first = save_grade(db, submission_id, score=graded.score, passed=graded.passed)
    return graded if first else None


def _graded(
    submission_id: str, exercise_id: str, attempt: int, said: str, *, score: int | None = None, **fields: Any
) -> ExerciseGraded:
    topic = curriculum().topic(exercise_id.partition("/")[0])
    return ExerciseGraded(
        exercise_id=exercise_id,
        topic=topic.id if topic else None,
        submission_id=submission_id,
        attempt=attempt,
        score=score,
        feedback=said,
        **{"passed": False, **fields},
    )


@cache
def _names() -> Names:
    return Names(curriculum())


HANDLERS: Handlers = {
    ExerciseRequested: Handler(hand_out),
    ExerciseSubmitted: Handler(take_in),
    GradingExecuted: Handler(grade_submission),
}
