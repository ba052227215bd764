"""What exercise reads, how far a learner has come, and writes: what was handed out, what was handed in, its grade."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from psycopg.types.json import Jsonb

from functions.exercise.choosing import Standing
from functions.shared.database import Connection

RECENT_HOURS = 1

# Whoever holds a learner's row counts their attempts, and chooses for them, alone; others who only refer to the row
# do not wait.
HOLD_LEARNER = "SELECT FROM users WHERE id = %(learner)s FOR NO KEY UPDATE"

# One round trip for four; each part reads nothing but its index.
STANDING = """
    SELECT (SELECT json_object_agg(topic, mastery) FROM mastery WHERE learner_id = %(learner)s),
           (SELECT json_agg(exercise_id) FROM submissions WHERE learner_id = %(learner)s AND passed),
           (SELECT json_agg(exercise_id ORDER BY given_at) FROM exercises_given
            WHERE learner_id = %(learner)s AND given_at > now() - make_interval(hours => %(hours)s)),
           (SELECT json_agg(id ORDER BY id) FROM made_exercises WHERE learner_id = %(learner)s)
"""

# One that comes again is the same one.
PUBLISH = """
    INSERT INTO made_exercises (learner_id, id, body) VALUES (%(learner)s, %(exercise)s, %(body)s)
    ON CONFLICT (learner_id, id) DO NOTHING
"""

NOTE_GIVEN = """
    INSERT INTO exercises_given (learner_id, exercise_id) VALUES (%(learner)s, %(exercise)s)
    ON CONFLICT (learner_id, exercise_id) DO UPDATE SET given_at = now()
"""

SAVE_SUBMISSION = """
    INSERT INTO submissions (id, learner_id, exercise_id, attempt, code, submitted_at)
    SELECT %(id)s, %(learner)s, %(exercise)s, coalesce(max(attempt), 0) + 1, %(code)s, %(submitted_at)s
    FROM submissions WHERE learner_id = %(learner)s AND exercise_id = %(exercise)s
    ON CONFLICT (id) DO NOTHING
    RETURNING attempt
"""

SUBMISSION = """
    SELECT exercise_id, attempt, code FROM submissions WHERE id = %(id)s AND learner_id = %(learner)s
"""

# Of two results for one submission the first counts.
SAVE_GRADE = """
    UPDATE submissions
    SET status = CASE WHEN %(score)s::smallint IS NULL THEN 'ungraded' ELSE 'graded' END,
        score = %(score)s, passed = %(passed)s, graded_at = now()
    WHERE id = %(id)s AND status = 'pending'
"""


class Submission(NamedTuple):
    """What a learner handed in, and which of their attempts at the exercise it is."""

    exercise_id: str
    attempt: int
    code: str


def hold(db: Connection, learner: str) -> None:
    """Until the transaction ends, have no other choose for the same learner, or count their attempts."""
    db.execute(HOLD_LEARNER, {"learner": learner})


def standing(db: Connection, learner: str) -> Standing:
    """Return how far a learner has come."""
    ((mastery, passed, recent, made),) = db.execute(STANDING, {"learner": learner, "hours": RECENT_HOURS})
    return Standing(mastery or {}, frozenset(passed or ()), tuple(recent or ()), tuple(made or ()))


def publish(db: Connection, learner: str, exercise_id: str, body: dict[str, Any]) -> None:
    """Keep an exercise that was made for a learner and has been proved: from now on they can hand it in."""
    db.execute(PUBLISH, {"learner": learner, "exercise": exercise_id, "body": Jsonb(body)})


def note_given(db: Connection, learner: str, exercise_id: str) -> None:
    """Record that a learner was handed an exercise now."""
    db.execute(NOTE_GIVEN, {"learner": learner, "exercise": exercise_id})


def save_submission(
    db: Connection, submission_id: str, learner: str, exercise_id: str, code: str, submitted_at: datetime
) -> int | None:
    """Keep what was handed in and return which attempt it is, from 1; None if there is a submission of that id."""
    hold(db, learner)
    values = {
        "id": submission_id,
        "learner": learner,
        "exercise": exercise_id,
        "code": code,
        "submitted_at": submitted_at,
    }
    row = db.execute(SAVE_SUBMISSION, values).fetchone()
    return row[0] if row else None


def submission_of(db: Connection, submission_id: str, learner: str) -> Submission | None:
    """Return a learner's submission, None if they have none of that id."""
    row = db.execute(SUBMISSION, {"id": submission_id, "learner": learner}).fetchone()
    return Submission(*row) if row else None


def save_grade(db: Connection, submission_id: str, *, score: int | None, passed: bool) -> bool:
    """Keep a grade, no score meaning that there can be none; False if the submission has been graded before."""
    return db.execute(SAVE_GRADE, {"id": submission_id, "score": score, "passed": passed}).rowcount == 1
