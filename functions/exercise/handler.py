"""Hand out an exercise that suits; have what is handed in tried by the sandbox; grade what came of it."""

from __future__ import annotations

from typing import Any

from functions.curriculum.reading import curriculum
from functions.exercise import feedback
from functions.exercise.grading import NotGradable, grade, trials
from functions.exercise.handing_out import NAME, hand_out, imagine, prove
from functions.exercise.queries import save_grade, save_submission, submission_of
from functions.exercise.unready import not_readable, nothing_to_try
from functions.shared.courses.queries import policy_of, was_given
from functions.shared.database import Connection
from functions.shared.errors import RejectedEvent
from functions.shared.events import Event, ExerciseRequested
from functions.shared.guarded import guarded, known_of
from functions.shared.made import practised_one
from functions.shared.practising import ExerciseGraded, ExerciseSubmitted
from functions.shared.running import CheckExecuted, GradingExecuted, GradingRequested
from functions.shared.serving import Handler, Handlers

SANDBOX = "/learnflow/sandbox-runner"

_NOTHING_TO_TRY = {"empty": feedback.EMPTY, "too_large": feedback.TOO_LARGE}


def take_in(event: Event[ExerciseSubmitted], db: Connection, _: None) -> GradingRequested | ExerciseGraded:
    """Keep the submission and ask for it to be tried; where there is nothing to try, grade it at once.

    A submission has the id of the request it came with. What is for no exercise, empty or too large is no attempt, nor
    is what is for a topic that the learner's course has closed, unless they had the exercise before.
    """
    submission_id, exercise_id, code = event.correlation_id, event.data.exercise_id, event.data.code
    found = practised_one(db, event.learner_id, exercise_id)
    if found is None:
        told = _graded(submission_id, exercise_id, 0, feedback.no_such_exercise(exercise_id))
        return _guarded(db, event.learner_id, told, code)
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
        told = _graded(submission_id, exercise_id, attempt, feedback.on_unreadable(unreadable), score=0)
        return _guarded(db, event.learner_id, told, code)
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
    found = practised_one(db, event.learner_id, exercise_id)
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
    return _guarded(db, event.learner_id, graded, code) if first else None


def _guarded(db: Connection, learner: str, graded: ExerciseGraded, code: str) -> ExerciseGraded:
    """Return a grade whose words give no solution away, but that of what is passed; the score stays what it is."""
    passed_too = not policy_of(db, learner).shows_solutions
    known = known_of(db, learner, given=(code,), named=graded.exercise_id, passed_too=passed_too)

    def smaller(step: str) -> ExerciseGraded:
        return graded.model_copy(update={"feedback": step, "tests": (), "solution": None})

    return guarded(graded, known, smaller, function=NAME)


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


HANDLERS: Handlers = {
    ExerciseRequested: Handler(hand_out, before=imagine),
    CheckExecuted: Handler(prove),
    ExerciseSubmitted: Handler(take_in),
    GradingExecuted: Handler(grade_submission),
}
