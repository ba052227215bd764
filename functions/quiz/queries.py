"""What quiz reads, how far a learner has come, and writes: what was asked, and the answers by question."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from functions.quiz.choosing import Past
from functions.quiz.posing import Quiz
from functions.shared.database import Connection

LATELY_HOURS = 1

# Whoever holds a learner's row chooses for them alone; others who only refer to the row do not wait.
HOLD_LEARNER = "SELECT FROM users WHERE id = %(learner)s FOR NO KEY UPDATE"

MASTERY = "SELECT topic, mastery FROM mastery WHERE learner_id = %(learner)s"

PAST = """
    SELECT question_id, last_right, answered_at, posed_at
    FROM (SELECT question_id, last_right, answered_at FROM quiz_answers WHERE learner_id = %(learner)s) AS answered
    FULL JOIN (
        SELECT question_id, max(posed_at) AS posed_at FROM quizzes
        WHERE learner_id = %(learner)s AND posed_at > %(now)s - make_interval(hours => %(hours)s)
        GROUP BY question_id
    ) AS posed USING (question_id)
"""

KEEP_QUIZ = """
    INSERT INTO quizzes (id, learner_id, topic, question_id, edition, option_order, posed_at)
    VALUES (%(id)s, %(learner)s, %(topic)s, %(question_id)s, %(edition)s, %(option_order)s, %(posed_at)s)
    ON CONFLICT (id) DO NOTHING
"""

QUIZ = """
    SELECT topic, question_id, edition, option_order FROM quizzes WHERE id = %(id)s AND learner_id = %(learner)s
"""

# One row for each question of a learner's: of answers at once one makes it, and the others wait and find it.
# Answers may arrive in another order than they were given.
NOTE_ANSWER = """
    INSERT INTO quiz_answers (learner_id, question_id, first_right, last_right, answered_at)
    VALUES (%(learner)s, %(question)s, %(right)s, %(right)s, %(answered_at)s)
    ON CONFLICT (learner_id, question_id) DO UPDATE
    SET times = quiz_answers.times + 1,
        last_right = CASE WHEN EXCLUDED.answered_at >= quiz_answers.answered_at
                          THEN EXCLUDED.last_right ELSE quiz_answers.last_right END,
        answered_at = greatest(EXCLUDED.answered_at, quiz_answers.answered_at)
    RETURNING times
"""


def hold_learner(db: Connection, learner: str) -> None:
    """Let nobody else choose for the learner until the transaction ends."""
    db.execute(HOLD_LEARNER, {"learner": learner})


def mastery_by_topic(db: Connection, learner: str) -> dict[str, int]:
    """Return how well a learner knows each topic there is data on, 0 to 100."""
    return dict(db.execute(MASTERY, {"learner": learner}).fetchall())


def past_of(db: Connection, learner: str, now: datetime) -> Mapping[str, Past]:
    """Return what has been with each question that the learner has answered, or was asked in the last hour."""
    rows = db.execute(PAST, {"learner": learner, "now": now, "hours": LATELY_HOURS})
    return {question_id: Past(*past) for question_id, *past in rows}


def keep_quiz(db: Connection, quiz_id: str, learner: str, quiz: Quiz, posed_at: datetime) -> bool:
    """Keep what a learner is asked; False if there is a quiz of that id."""
    values = {"id": quiz_id, "learner": learner, "posed_at": posed_at, **quiz._asdict()}
    return db.execute(KEEP_QUIZ, values).rowcount == 1


def quiz_of(db: Connection, quiz_id: str, learner: str) -> Quiz | None:
    """Return what a learner was asked, None if they were asked nothing of that id."""
    row = db.execute(QUIZ, {"id": quiz_id, "learner": learner}).fetchone()
    return Quiz(*row) if row else None


def note_answer(db: Connection, learner: str, question_id: str, *, right: bool, answered_at: datetime) -> bool:
    """Keep an answer to a question; return whether it is the first that the learner gave to it."""
    values = {"learner": learner, "question": question_id, "right": right, "answered_at": answered_at}
    row = db.execute(NOTE_ANSWER, values).fetchone()
    assert row is not None  # it inserts or updates
    return bool(row[0] == 1)
