"""What the gateway asks of the database about what a learner did since they joined a course."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from psycopg.rows import class_row

from functions.shared.edge.database import AsyncConnection

Kind = Literal["question", "submission", "quiz_answer", "error", "alert", "level"]
Place = tuple[datetime, str, str]
"""Where a timeline goes on: before what happened then, of this kind, of this id."""
LONGEST_QUESTION = 1000
"""Characters of a question that are shown."""

JOINED_AND_NOW = """
    SELECT joined_at, now() FROM enrolments WHERE course_id = %(course)s AND learner_id = %(learner)s
"""


@dataclass(frozen=True)
class Happened:
    """Something that a learner did, or that was noticed of them; `what` depends on the kind."""

    at: datetime
    kind: Kind
    id: str
    what: dict[str, Any]


_QUESTION = """
    SELECT requests.created_at AS at, 'question' AS kind, requests.id, jsonb_build_object(
               'asked_for', coalesce(routed_to, requests.kind), 'status', status,
               'question', left(requests.body ->> 'question', %(longest)s),
               'topic', coalesce(messages.body ->> 'topic', requests.body ->> 'topic')) AS what
    FROM requests LEFT JOIN messages ON messages.id = answer_message_id
    WHERE user_id = %(learner)s AND requests.kind IN ('question', 'explanation', 'debugging', 'review', 'exercise')
      AND requests.created_at BETWEEN %(since)s AND %(at)s
      AND (requests.created_at, 'question', requests.id) < (%(at)s, %(kind)s, %(id)s)
"""
_SUBMISSION = """
    SELECT submitted_at AS at, 'submission' AS kind, id, jsonb_build_object(
               'exercise_id', exercise_id, 'attempt', attempt, 'status', status, 'score', score, 'passed', passed)
               AS what
    FROM submissions
    WHERE learner_id = %(learner)s AND submitted_at BETWEEN %(since)s AND %(at)s
      AND (submitted_at, 'submission', id) < (%(at)s, %(kind)s, %(id)s)
"""
_QUIZ_ANSWER = """
    SELECT answered_at AS at, 'quiz_answer' AS kind, question_id AS id, jsonb_build_object(
               'question_id', question_id, 'correct', last_right, 'first_correct', first_right, 'times', times) AS what
    FROM quiz_answers
    WHERE learner_id = %(learner)s AND answered_at BETWEEN %(since)s AND %(at)s
      AND (answered_at, 'quiz_answer', question_id) < (%(at)s, %(kind)s, %(id)s)
"""
_ERROR = """
    SELECT occurred_at AS at, 'error' AS kind, id, jsonb_build_object('error_type', error_type, 'line', line) AS what
    FROM error_occurrences
    WHERE learner_id = %(learner)s AND occurred_at BETWEEN %(since)s AND %(at)s
      AND (occurred_at, 'error', id) < (%(at)s, %(kind)s, %(id)s)
"""
# What the course's teacher was told; what the learner was told is theirs alone.
_ALERT = """
    SELECT created_at AS at, 'alert' AS kind, id, jsonb_build_object(
               'severity', severity, 'title', title, 'dismissed_at', dismissed_at) AS what
    FROM alerts
    WHERE user_id = %(teacher)s AND about = %(learner)s AND alerts.kind = 'struggle'
      AND created_at BETWEEN %(since)s AND %(at)s
      AND (created_at, 'alert', id) < (%(at)s, %(kind)s, %(id)s)
"""
# A level that changed is kept with what its learner was told of it: of that only the figures.
_LEVEL = """
    SELECT created_at AS at, 'level' AS kind, id, jsonb_build_object(
               'level', evidence -> 'level', 'previous_level', evidence -> 'previous_level',
               'mastery', evidence -> 'mastery', 'topic', evidence -> 'topic',
               'topic_level', evidence -> 'topic_level', 'previous_topic_level', evidence -> 'previous_topic_level',
               'topic_mastery', evidence -> 'topic_mastery') AS what
    FROM alerts
    WHERE user_id = %(learner)s AND about = %(learner)s AND alerts.kind = 'progress' AND evidence ? 'level'
      AND created_at BETWEEN %(since)s AND %(at)s
      AND (created_at, 'level', id) < (%(at)s, %(kind)s, %(id)s)
"""
_EACH = (_QUESTION, _SUBMISSION, _QUIZ_ANSWER, _ERROR, _ALERT, _LEVEL)

# Each kind brings as many as a page holds at most, and the page is made of the latest of all.
TIMELINE = f"""
    SELECT at, kind, id, what
    FROM ({" UNION ALL ".join(f"({each} ORDER BY at DESC, id DESC LIMIT %(most)s)" for each in _EACH)}) AS happened
    ORDER BY at DESC, kind DESC, id DESC LIMIT %(most)s
"""  # noqa: S608  # made of constants


async def joined_and_now(db: AsyncConnection, course_id: str, learner: str) -> tuple[datetime, datetime] | None:
    """Return when a learner joined a course and what time it is, None if they are not in it."""
    return await (await db.execute(JOINED_AND_NOW, {"course": course_id, "learner": learner})).fetchone()


async def happened(
    db: AsyncConnection, learner: str, teacher: str, since: datetime, place: Place, most: int
) -> list[Happened]:
    """Return what a learner did from a time on and before a place, the latest first."""
    at, kind, last_id = place
    values = {"learner": learner, "teacher": teacher, "since": since, "at": at, "kind": kind, "id": last_id}
    async with db.cursor(row_factory=class_row(Happened)) as cursor:
        await cursor.execute(TIMELINE, {**values, "most": most, "longest": LONGEST_QUESTION})
        return await cursor.fetchall()
