"""What progress keeps of a learner. What an event reads and writes are single rows, found by their keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from psycopg.rows import class_row

from functions.progress.items import ExerciseBest, Item, ProgramQuality, QuizFirst
from functions.shared.database import Connection
from functions.shared.standing.mastery import WINDOW_DAYS
from functions.shared.standing.reading import DAYS, LOCAL_DAY, ROWS, SUMS, rows_in
from functions.shared.standing.sums import Row

# Whoever holds a learner's row counts for them alone; others who only refer to the row do not wait.
HOLD_LEARNER = """
    SELECT (%(at)s::timestamptz AT TIME ZONE time_zone)::date FROM users WHERE id = %(learner)s FOR NO KEY UPDATE
"""

MARK_DAY = """
    INSERT INTO activity_days (learner_id, day) VALUES (%(learner)s, %(day)s) ON CONFLICT DO NOTHING
"""

ACTIVE_DAYS = """
    SELECT count(*) FROM activity_days
    WHERE learner_id = %(learner)s AND day > %(day)s::date - %(window)s AND day <= %(day)s
"""

SOME_ROWS = f"{ROWS} AND topic = ANY(%(topics)s)"

SAVE_ROW = f"""
    INSERT INTO progress (learner_id, topic, {SUMS}, last_day)
    VALUES (%(learner)s, %(topic)s, %(exercises)s, %(score_sum)s, %(answers)s, %(right_answers)s, %(programs)s,
            %(quality_sum)s, %(passed_alone)s, %(passed_helped)s, %(last_day)s)
    ON CONFLICT (learner_id, topic) DO UPDATE
    SET ({SUMS}, last_day) = ROW (
        excluded.exercises, excluded.score_sum, excluded.answers, excluded.right_answers, excluded.programs,
        excluded.quality_sum, excluded.passed_alone, excluded.passed_helped, excluded.last_day)
"""  # noqa: S608

ITEM: dict[type[Item], str] = {
    ExerciseBest: """
        SELECT exercise_id, best_score, passed_at, helped_at FROM exercise_best
        WHERE learner_id = %(learner)s AND exercise_id = %(id)s
    """,
    QuizFirst: """
        SELECT question_id, correct, answered_at FROM quiz_firsts
        WHERE learner_id = %(learner)s AND question_id = %(id)s
    """,
    ProgramQuality: """
        SELECT program, quality, reviewed_at FROM program_quality
        WHERE learner_id = %(learner)s AND program = %(id)s
    """,
}

SAVE_ITEM: dict[type[Item], str] = {
    ExerciseBest: """
        INSERT INTO exercise_best (learner_id, exercise_id, best_score, passed_at, helped_at)
        VALUES (%(learner)s, %(exercise_id)s, %(best_score)s, %(passed_at)s, %(helped_at)s)
        ON CONFLICT (learner_id, exercise_id) DO UPDATE
        SET best_score = excluded.best_score, passed_at = excluded.passed_at, helped_at = excluded.helped_at
    """,
    QuizFirst: """
        INSERT INTO quiz_firsts (learner_id, question_id, correct, answered_at)
        VALUES (%(learner)s, %(question_id)s, %(correct)s, %(answered_at)s)
        ON CONFLICT (learner_id, question_id) DO UPDATE
        SET correct = excluded.correct, answered_at = excluded.answered_at
    """,
    ProgramQuality: """
        INSERT INTO program_quality (learner_id, program, quality, reviewed_at)
        VALUES (%(learner)s, %(program)s, %(quality)s, %(reviewed_at)s)
        ON CONFLICT (learner_id, program) DO UPDATE
        SET quality = excluded.quality, reviewed_at = excluded.reviewed_at
    """,
}


class NoSuchLearner(Exception):
    """The learner is not, or no longer, there."""


def hold_learner(db: Connection, learner: str, at: datetime) -> date:
    """Return which day it was for a learner; until the transaction ends, nobody else counts for the same one.

    Raises NoSuchLearner for one who is not, or no longer, there; whoever an event is about is.
    """
    day: date = _one(db, HOLD_LEARNER, {"learner": learner, "at": at})
    return day


def local_day(db: Connection, learner: str, at: datetime) -> date:
    """Return which day it was for a learner."""
    day: date = _one(db, LOCAL_DAY, {"learner": learner, "at": at})
    return day


def mark_day(db: Connection, learner: str, day: date) -> bool:
    """Note that a learner did something on a day; False if that was known."""
    return db.execute(MARK_DAY, {"learner": learner, "day": day}).rowcount == 1


def active_days(db: Connection, learner: str, day: date) -> int:
    """Return on how many of the 30 days up to a day, this one included, a learner did something."""
    count: int = _one(db, ACTIVE_DAYS, {"learner": learner, "day": day, "window": WINDOW_DAYS})
    return count


def all_days(db: Connection, learner: str) -> set[date]:
    """Return every day on which a learner did something."""
    return {day for (day,) in db.execute(DAYS, {"learner": learner})}


def rows_of(db: Connection, learner: str, topics: Iterable[str] | None = None) -> dict[str, Row]:
    """Return what a learner has shown of topics, or of every one; what nothing is known of is not there."""
    values = {"learner": learner, "topics": list(topics or ())}
    return rows_in(db.execute(ROWS if topics is None else SOME_ROWS, values))


def save_rows(db: Connection, learner: str, rows: Mapping[str, Row]) -> None:
    """Keep what a learner has shown, in place of what was kept."""
    for topic, row in rows.items():
        db.execute(SAVE_ROW, {"learner": learner, "topic": topic, **asdict(row.sums), "last_day": row.last_day})


def kept_item(db: Connection, learner: str, seen: Item) -> Item | None:
    """Return what is kept of an item that something was seen of now; None if nothing is."""
    kind: type[Any] = type(seen)
    with db.cursor(row_factory=class_row(kind)) as cursor:
        found: Item | None = cursor.execute(ITEM[kind], {"learner": learner, "id": seen.id}).fetchone()
    return found


def save_item(db: Connection, learner: str, item: Item) -> None:
    """Keep an item, in place of what was kept of it."""
    db.execute(SAVE_ITEM[type(item)], {"learner": learner, **asdict(item)})


def _one(db: Connection, query: str, values: Mapping[str, Any]) -> Any:
    row = db.execute(query, values).fetchone()
    if row is None:
        raise NoSuchLearner(values["learner"])
    return row[0]
