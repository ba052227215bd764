"""What the gateway asks of the database about quizzes."""

from __future__ import annotations

from functions.shared.edge.database import AsyncConnection

FIRST_ANSWERS = "SELECT question_id, first_right FROM quiz_answers WHERE learner_id = %(learner)s"

OPTIONS_OF_QUIZ = "SELECT cardinality(option_order) FROM quizzes WHERE id = %(id)s AND learner_id = %(learner)s"


async def first_answers(db: AsyncConnection, learner: str) -> dict[str, bool]:
    """Return whether the learner's first answer was right, for each question they have answered, by its full id."""
    cursor = await db.execute(FIRST_ANSWERS, {"learner": learner})
    return dict(await cursor.fetchall())


async def options_of_quiz(db: AsyncConnection, quiz_id: str, learner: str) -> int | None:
    """Return how many options a learner's quiz has; None if they have no quiz of this id."""
    cursor = await db.execute(OPTIONS_OF_QUIZ, {"id": quiz_id, "learner": learner})
    row = await cursor.fetchone()
    return row[0] if row else None
