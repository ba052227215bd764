"""What tests of progress need: things a learner did, as the functions that saw them tell, and what came of them."""

from datetime import UTC, datetime, timedelta

from functions.progress.handler import make_handlers
from functions.shared.envelope import cloud_event, to_http
from functions.shared.events import ProgressRequested, QuestionAsked
from functions.shared.helping import CodeReviewed, ErrorExplained
from functions.shared.practising import ExerciseGraded
from functions.shared.progressing import ActivityRecorded
from functions.shared.quizzing import QuizGraded
from functions.shared.running import CodeExecuted
from functions.shared.serving import Function
from functions.shared.testing import NOON, deliver

SOURCES = {
    ExerciseGraded: "/learnflow/exercise",
    QuizGraded: "/learnflow/quiz",
    CodeReviewed: "/learnflow/review",
    CodeExecuted: "/learnflow/sandbox-runner",
    ErrorExplained: "/learnflow/debug",
    ProgressRequested: "/learnflow/triage",
}
TABLES = {
    "progress": "learner_id, topic, exercises, score_sum, answers, right_answers, programs, quality_sum, passed_alone,"
    " passed_helped, last_day",
    "exercise_best": "learner_id, exercise_id, best_score, passed_at, helped_at",
    "quiz_firsts": "learner_id, question_id, correct, answered_at",
    "program_quality": "learner_id, program, quality, reviewed_at",
    "activity_days": "learner_id, day",
}


def progress_on(database, now=NOON):
    """The function, on a database, at a fixed moment."""
    return Function("progress", make_handlers(lambda: now), db=database)


def graded(exercise="loops/sum-of-evens", score=100, passed=None):
    return ExerciseGraded(
        exercise_id=exercise,
        topic=exercise.partition("/")[0],
        submission_id="s",
        attempt=1,
        score=score,
        passed=score == 100 if passed is None else passed,
        feedback="",
    )


def answered(question="loops/range", correct=True, counts=True):
    return QuizGraded(
        quiz_id="q",
        topic=question.partition("/")[0],
        question_id=question,
        correct=correct,
        counts=counts,
        explanation="",
    )


def reviewed(quality=80, exercise=None, code_hash="abc"):
    return CodeReviewed(quality=quality, summary="", exercise_id=exercise, code_hash=code_hash)


def helped(exercise="loops/sum-of-evens", hints=("Look at line 2.",)):
    return ErrorExplained(title="", explanation="", hints=hints, exercise_id=exercise)


def ran():
    return CodeExecuted(outcome="ok")


def asked():
    return QuestionAsked(question="What is a loop?")


def recorded(score=None, topic=None):
    return ActivityRecorded(activity_type="video_watched", score=score, topic=topic)


def wire(payload, event_id="e1", days_ago=0.0, learner="ada", **attributes):
    """Headers and body of what was seen so many days before noon of 20 March 2026."""
    source = SOURCES.get(type(payload), "/learnflow/gateway")
    at = NOON - timedelta(days=days_ago)
    named = {"id": event_id, "source": source, "hops": "1", "correlationid": f"{event_id}-request", **attributes}
    return to_http(cloud_event(payload, learner=learner, now=at, **named))


def tell(function, payload, event_id="e1", days_ago=0.0, **attributes):
    return deliver(function, *wire(payload, event_id, days_ago, **attributes))


def tables(db):
    """All that progress keeps."""
    return {
        name: sorted(map(repr, db.execute(f"SELECT {columns} FROM {name}").fetchall()))
        for name, columns in TABLES.items()
    }


def as_of(year, month, day):
    return datetime(year, month, day, 12, tzinfo=UTC)
