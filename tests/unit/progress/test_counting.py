"""An event counts for what it shows, and only if told by who has seen it."""

from datetime import timedelta

import pytest

from functions.progress.counting import COUNTED, WHOSE, Counted, count
from functions.progress.handler import HANDLERS
from functions.progress.items import ExerciseBest, ProgramQuality, QuizFirst, topic_of
from functions.shared.errors import RejectedEvent
from functions.shared.events import ProgressRequested, QuestionAsked
from functions.shared.helping import CodeReviewed, ErrorExplained
from functions.shared.practising import ExerciseGraded
from functions.shared.progressing import ActivityRecorded
from functions.shared.quizzing import QuizGraded
from functions.shared.running import CodeExecuted
from functions.shared.testing import NOON, received

GRADED = {"exercise_id": "loops/a", "topic": "loops", "submission_id": "s", "attempt": 1, "feedback": ""}
ANSWERED = {"quiz_id": "q", "topic": "loops", "question_id": "loops/q", "explanation": ""}
EXPLAINED = {"title": "", "explanation": ""}


def seen(payload):
    return count(received(payload, source=WHOSE.get(type(payload), "/elsewhere")), NOON)


@pytest.mark.parametrize(
    ("payload", "item"),
    [
        (ExerciseGraded(**GRADED, score=60, passed=False), ExerciseBest("loops/a", 60)),
        (ExerciseGraded(**GRADED, score=100, passed=True), ExerciseBest("loops/a", 100, passed_at=NOON)),
        (ExerciseGraded(**GRADED, score=0, passed=False), ExerciseBest("loops/a", 0)),
        (ExerciseGraded(**GRADED, score=None, passed=False), None),
        (ErrorExplained(**EXPLAINED, exercise_id="loops/a", hints=("h",)), ExerciseBest("loops/a", helped_at=NOON)),
        (ErrorExplained(**EXPLAINED, exercise_id="loops/a"), None),
        (ErrorExplained(**EXPLAINED, hints=("h",)), None),
        (QuizGraded(**ANSWERED, correct=True, counts=True), QuizFirst("loops/q", True, NOON)),
        (QuizGraded(**ANSWERED, correct=False, counts=True), QuizFirst("loops/q", False, NOON)),
        (QuizGraded(**ANSWERED, correct=True, counts=False), None),
        (QuizGraded(**ANSWERED, correct=None, counts=True), None),
        (
            CodeReviewed(quality=0, summary="", exercise_id="loops/a", code_hash="f00"),
            ProgramQuality("loops/a", 0, NOON),
        ),
        (CodeReviewed(quality=90, summary="", code_hash="f00"), ProgramQuality("f00", 90, NOON)),
        (CodeReviewed(quality=None, summary="", code_hash="f00"), None),
        (CodeReviewed(quality=100, summary="", exercise_id="loops/a", passed=False), None),
        (CodeExecuted(outcome="error"), None),
        (QuestionAsked(question="?"), None),
        (ActivityRecorded(activity_type="quiz", score=100, topic="loops"), None),
    ],
)
def test_an_event_counts_for_what_it_shows(payload, item):
    assert seen(payload) == Counted(item)


def test_everything_that_counts_is_handled_and_so_is_the_question_how_far_one_is():
    assert set(HANDLERS) == {*COUNTED, ProgressRequested}


@pytest.mark.parametrize(
    "source", ["/learnflow/gateway", "/learnflow/exercise/", "progress.events!/learnflow/exercise"]
)
def test_a_grade_from_anybody_else_is_rejected(source):
    with pytest.raises(RejectedEvent, match=r"exercise\.graded\.v1 comes from /learnflow/exercise alone"):
        count(received(ExerciseGraded(**GRADED, score=100, passed=True), source=source), NOON)


@pytest.mark.parametrize("late", [timedelta(days=365, seconds=1), timedelta(days=-1, seconds=-1)])
def test_an_activity_of_an_impossible_time_is_rejected_and_such_a_question_not_counted(late):
    with pytest.raises(RejectedEvent, match="more than a year ago, or more than a day ahead"):
        count(received(ActivityRecorded(activity_type="video")), NOON + late)
    assert count(received(QuestionAsked(question="?")), NOON + late) is None


@pytest.mark.parametrize(("program", "topic"), [("loops/a", "loops"), ("f00", ""), ("loops/a/b", "loops"), ("/a", "")])
def test_the_topic_of_an_item_is_what_its_id_begins_with(program, topic):
    assert topic_of(ProgramQuality(program, 1, NOON)) == topic
