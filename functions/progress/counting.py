"""Counting: what an event tells of how far a learner has come, and whose word is taken for it. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from functions.progress.items import ExerciseBest, Item, ProgramQuality, QuizFirst
from functions.shared.errors import RejectedEvent
from functions.shared.events import Event, QuestionAsked
from functions.shared.helping import CodeReviewed, ErrorExplained
from functions.shared.payload import Payload
from functions.shared.practising import ExerciseGraded
from functions.shared.progressing import ActivityRecorded
from functions.shared.quizzing import QuizGraded
from functions.shared.running import CodeExecuted

WHOSE: dict[type[Payload], str] = {
    CodeExecuted: "/learnflow/sandbox-runner",
    ErrorExplained: "/learnflow/debug",
    ExerciseGraded: "/learnflow/exercise",
    QuizGraded: "/learnflow/quiz",
    CodeReviewed: "/learnflow/review",
}
"""Who alone may tell of what; the others anybody may."""

COUNTED: tuple[type[Payload], ...] = (QuestionAsked, ActivityRecorded, *WHOSE)
"""Everything that is a learner's activity."""

OLDEST = timedelta(days=365)
FURTHEST_AHEAD = timedelta(days=1)
"""How far the clocks of those outside may be off; a day, since a date without a time may be ahead by its time zone."""


class Counted(NamedTuple):
    """What an event counts for: an active day, and perhaps something of an item."""

    item: Item | None = None


def count(event: Event[Any], now: datetime) -> Counted | None:
    """Return what an event that arrives `now` counts for; None for a question from outside of an impossible time.

    An activity from elsewhere counts as an active day alone, whatever its score: nobody here has seen how that came to
    be. Raises RejectedEvent for a grade, a review or a run that is not told by who made it, and for an activity of an
    impossible time.
    """
    told_by = WHOSE.get(type(event.data))
    if told_by is not None:
        if event.origin != told_by:
            raise RejectedEvent(f"{event.type} comes from {told_by} alone")
        return Counted(item_in(event.data, event.time))
    if now - OLDEST <= event.time <= now + FURTHEST_AHEAD:
        return Counted()
    if isinstance(event.data, QuestionAsked):
        return None
    raise RejectedEvent(f"time: {event.time:%Y-%m-%d} is more than a year ago, or more than a day ahead")


def item_in(data: Payload, at: datetime) -> Item | None:
    """Return what the data of an event shows of an item; None where it shows of none."""
    match data:
        case ExerciseGraded(score=int(score)):
            return ExerciseBest(data.exercise_id, score, at if data.passed else None)
        case ErrorExplained(exercise_id=str(exercise_id)) if data.hints:
            return ExerciseBest(exercise_id, helped_at=at)
        case QuizGraded(question_id=str(question_id), correct=bool(correct)) if data.counts:
            return QuizFirst(question_id, correct, at)
        case CodeReviewed(quality=int(quality)) if data.passed is not False:  # what fails well-written shows nothing
            program = data.exercise_id or data.code_hash
            return ProgramQuality(program, quality, at) if program else None
    return None
