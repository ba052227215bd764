"""Rebuilding: all that progress keeps of a learner, made anew from the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from psycopg.rows import class_row

from functions.progress.counting import COUNTED
from functions.progress.history import counted_for
from functions.progress.items import ExerciseBest, Item, ProgramQuality, QuizFirst
from functions.progress.queries import MARK_DAY, SAVE_ITEM, all_days, rows_of, save_rows
from functions.progress.tally import Everything
from functions.shared.database import Connection
from functions.shared.envelope import PLAIN_RECORD
from functions.shared.standing.sums import Row

FETCHED = 500
"""Events in memory at a time: the log of a learner may be long, and an event up to 200 KB."""

# What happened outside the years that a calendar of ours holds was told by somebody whose word on it is not taken.
LOG = """
    SELECT event, time, recorded_at, (time AT TIME ZONE time_zone)::date
    FROM events JOIN users ON users.id = learner_id
    WHERE learner_id = %(learner)s AND type = ANY(%(types)s) AND time BETWEEN '0002-01-01Z' AND '9998-12-31Z'
"""

# Progress and audit are told of an event at the same time, so for a moment either may be ahead of the other.
UNLOGGED = """
    SELECT count(*) FROM inbox WHERE function = 'progress' AND learner_id = %(learner)s
        AND NOT EXISTS (SELECT FROM events WHERE events.source = inbox.source AND events.id = inbox.id)
"""

# What happened until the log was cut may be told of nowhere any more. An event may be of a day after it arrived, by the
# clock of whoever sent it and by its learner's time zone.
FORGOTTEN = """
    SELECT count(*) FROM activity_days, forgotten
    WHERE learner_id = %(learner)s AND what = 'events' AND day <= (before AT TIME ZONE 'UTC')::date + 2
"""

ITEMS: dict[type[Item], str] = {
    ExerciseBest: """
        SELECT exercise_id, best_score, passed_at, helped_at FROM exercise_best WHERE learner_id = %(learner)s
    """,
    QuizFirst: "SELECT question_id, correct, answered_at FROM quiz_firsts WHERE learner_id = %(learner)s",
    ProgramQuality: "SELECT program, quality, reviewed_at FROM program_quality WHERE learner_id = %(learner)s",
}

FORGET = tuple(
    f"DELETE FROM {table} WHERE learner_id = %(learner)s"  # noqa: S608 -- the names are here
    for table in ("progress", "exercise_best", "quiz_firsts", "program_quality", "activity_days")
)


@dataclass(frozen=True)
class Kept:
    """All that is kept of a learner."""

    rows: Mapping[str, Row]
    items: frozenset[Item]
    days: frozenset[date]


def kept(db: Connection, learner: str) -> Kept:
    """Return what is kept of a learner now."""
    items: set[Item] = set()
    for kind, query in ITEMS.items():
        with db.cursor(row_factory=class_row(kind)) as cursor:
            items.update(cursor.execute(query, {"learner": learner}))
    return Kept(rows_of(db, learner), frozenset(items), frozenset(all_days(db, learner)))


def logged(db: Connection, learner: str, until: date | None = None) -> Kept:
    """Return what would be kept of a learner if only what the audit log tells of had arrived, once, in any order.

    `until` is the last day that counts; None: all do. Reads within a transaction.
    """
    everything = Everything()
    values: dict[str, Any] = {"learner": learner, "types": [PLAIN_RECORD, *(payload.TYPE for payload in COUNTED)]}
    with db.cursor(name="log") as cursor:
        cursor.itersize = FETCHED
        for received, time, recorded_at, day in cursor.execute(LOG, values):
            counted = counted_for(received, time, recorded_at) if until is None or day <= until else None
            if counted is not None:
                everything.see(counted.item, day)
    return Kept(everything.rows, frozenset(everything.items.values()), frozenset(everything.days))


def unlogged(db: Connection, learner: str) -> int:
    """Return how many events progress has handled that the audit log does not hold, or not yet."""
    row = db.execute(UNLOGGED, {"learner": learner}).fetchone()
    return row[0] if row else 0


def forgotten(db: Connection, learner: str) -> int:
    """Return on how many days a learner did something of which the audit log may tell no more."""
    row = db.execute(FORGOTTEN, {"learner": learner}).fetchone()
    return row[0] if row else 0


def keep(db: Connection, learner: str, anew: Kept) -> None:
    """Put what was made anew in the place of what is kept of a learner."""
    for statement in FORGET:
        db.execute(statement, {"learner": learner})
    save_rows(db, learner, anew.rows)
    with db.cursor() as cursor:
        cursor.executemany(MARK_DAY, [{"learner": learner, "day": day} for day in anew.days])
        for kind, statement in SAVE_ITEM.items():
            items = [{"learner": learner, **asdict(item)} for item in anew.items if isinstance(item, kind)]
            cursor.executemany(statement, items)
