"""What review reads, what was handed in, and writes, how good it was."""

from __future__ import annotations

from datetime import datetime

from functions.shared.database import Connection
from functions.shared.helping import CodeReviewed

SUBMITTED = "SELECT code FROM submissions WHERE id = %(id)s AND learner_id = %(learner)s"

HANDED_IN_FOR = """
    SELECT exercise_id FROM submissions WHERE learner_id = %(learner)s AND code = %(code)s
    ORDER BY submitted_at DESC LIMIT 1
"""

SAVE_REVIEW = """
    INSERT INTO reviews (id, learner_id, submission_id, topic, code_hash, quality, reviewed_at)
    VALUES (%(id)s, %(learner)s, %(submission)s, %(topic)s, %(code_hash)s, %(quality)s, %(at)s)
    ON CONFLICT (id) DO NOTHING
"""


def submitted_code(db: Connection, submission_id: str, learner: str) -> str | None:
    """Return what a learner handed in, None if they have no submission of that id."""
    row = db.execute(SUBMITTED, {"id": submission_id, "learner": learner}).fetchone()
    return str(row[0]) if row else None


def handed_in_for(db: Connection, learner: str, code: str) -> str | None:
    """Return the exercise that a learner handed a program in for, to the letter; None if they never did."""
    row = db.execute(HANDED_IN_FOR, {"learner": learner, "code": code}).fetchone()
    return str(row[0]) if row else None


def save_review(db: Connection, learner: str, request_id: str, answer: CodeReviewed, at: datetime) -> None:
    """Keep how good a program was, once for each request and submission; nothing where there was nothing to review."""
    if answer.quality is None:
        return
    values = {
        "id": f"{learner}:{request_id}",
        "learner": learner,
        "submission": answer.submission_id,
        "topic": answer.exercise_id.partition("/")[0] if answer.exercise_id else None,
        "code_hash": answer.code_hash,
        "quality": answer.quality,
        "at": at,
    }
    db.execute(SAVE_REVIEW, values)
