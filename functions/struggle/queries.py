"""What struggle reads, how a learner fared lately, and writes, their runs and the signs that were raised."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from psycopg.types.json import Jsonb

from functions.shared.database import Connection
from functions.shared.events import NAMESPACE
from functions.shared.mistakes import mistake_id
from functions.struggle.signals import COOLDOWN, QUOTIENT_WINDOW, SAME_ERROR_WINDOW, Attempt, Mistake, Run, Sign

MOST_READ = 200
"""Rows that one decision rests on at most: a machine that fails a thousand times a minute tells nothing more."""

# Two events of one learner are judged one after the other, so that neither misses what the other adds. What a clock
# puts after its receipt, or before there were any, it does not know.
HOLD_LEARNER = """
    SELECT least(now(), greatest(%(at)s::timestamptz, 'epoch')) FROM users WHERE id = %(learner)s FOR NO KEY UPDATE
"""

NOTE_RUN = """
    INSERT INTO struggle_runs (id, learner_id, ran_at, error_type) VALUES (%(id)s, %(learner)s, %(at)s, %(error)s)
    ON CONFLICT (id) DO NOTHING
"""

MISTAKE = "SELECT error_type, occurred_at FROM error_occurrences WHERE id = %(id)s"

MISTAKES = """
    SELECT code_hash, occurred_at, seen_by <> %(runs_seen_by)s FROM error_occurrences
    WHERE learner_id = %(learner)s AND error_type = %(type)s
      AND occurred_at BETWEEN %(at)s - %(window)s AND %(at)s + %(window)s
    ORDER BY occurred_at DESC LIMIT %(most)s
"""

RUNS = """
    SELECT error_type, ran_at FROM (
        SELECT error_type, ran_at, id FROM struggle_runs
        WHERE learner_id = %(learner)s AND ran_at BETWEEN %(at)s - %(window)s AND %(at)s + %(window)s
        ORDER BY ran_at DESC, id DESC LIMIT %(most)s) AS latest
    ORDER BY ran_at, id
"""

ATTEMPTS = """
    SELECT exercise_id, least(now(), greatest(submitted_at, 'epoch')), passed, score FROM (
        SELECT exercise_id, submitted_at, attempt, passed, score FROM submissions
        WHERE learner_id = %(learner)s AND split_part(exercise_id, '/', 1) = %(topic)s AND score IS NOT NULL
        ORDER BY submitted_at DESC, attempt DESC LIMIT %(most)s) AS latest
    ORDER BY submitted_at, attempt
"""

RAISED = """
    SELECT array_agg(raised_at) FILTER (
               WHERE raised_at BETWEEN %(at)s - %(cooldown)s AND %(at)s + %(cooldown)s),
           max(dismissed_at)
    FROM struggle_signals WHERE learner_id = %(learner)s AND signal = %(signal)s AND about = %(about)s
"""

RAISE = """
    INSERT INTO struggle_signals (id, learner_id, signal, about, evidence, raised_at)
    VALUES (%(id)s, %(learner)s, %(signal)s, %(about)s, %(evidence)s, %(at)s)
"""


def hold_learner(db: Connection, learner: str, at: datetime) -> datetime:
    """Judge this learner alone until the transaction ends; return a time as it can be believed: none to come."""
    believed: datetime
    ((believed,),) = db.execute(HOLD_LEARNER, {"learner": learner, "at": at})
    return believed


def note_run(db: Connection, learner: str, request_id: str, at: datetime, error_type: str | None) -> None:
    """Keep that a program ran, and the error it ended with."""
    key = str(uuid.uuid5(NAMESPACE, f"run:{learner}:{request_id}"))
    db.execute(NOTE_RUN, {"id": key, "learner": learner, "at": at, "error": error_type})


def mistake_seen(db: Connection, learner: str, seen_by: str, request_id: str) -> tuple[str, datetime] | None:
    """Return type and time of the error that a function saw in a request, None if it saw none."""
    return db.execute(MISTAKE, {"id": mistake_id(learner, seen_by=seen_by, request_id=request_id)}).fetchone()


def mistakes_near(db: Connection, learner: str, error_type: str, at: datetime, *, runs_seen_by: str) -> list[Mistake]:
    """Return mistakes of a type within the window before and after a time."""
    values = {"learner": learner, "type": error_type, "at": at, "window": SAME_ERROR_WINDOW, "most": MOST_READ}
    return [Mistake(*row) for row in db.execute(MISTAKES, {**values, "runs_seen_by": runs_seen_by})]


def runs_near(db: Connection, learner: str, at: datetime) -> list[Run]:
    """Return the runs of the hour before and the hour after a time, in their order."""
    values = {"learner": learner, "at": at, "window": QUOTIENT_WINDOW, "most": MOST_READ}
    return [Run(*row) for row in db.execute(RUNS, values)]


def attempts_at(db: Connection, learner: str, topic: str) -> list[Attempt]:
    """Return the latest graded submissions on a topic, in their order."""
    values = {"learner": learner, "topic": topic, "most": MOST_READ}
    return [Attempt(*row) for row in db.execute(ATTEMPTS, values)]


def raised_before(db: Connection, learner: str, sign: Sign) -> tuple[Sequence[datetime], datetime | None]:
    """Return when signs like this one were raised shortly before and after it, and when any was last dismissed."""
    values = {"learner": learner, "signal": sign.signal, "about": sign.about, "at": sign.at, "cooldown": COOLDOWN}
    ((raised, dismissed),) = db.execute(RAISED, values)
    return raised or (), dismissed


def raise_sign(db: Connection, learner: str, sign: Sign) -> str:
    """Keep a sign and return its id."""
    when = sign.at.astimezone(UTC).isoformat()
    signal_id = str(uuid.uuid5(NAMESPACE, f"sign:{learner}:{sign.signal}:{when}:{sign.about}"))
    values = {"id": signal_id, "learner": learner, "signal": sign.signal, "about": sign.about, "at": sign.at}
    db.execute(RAISE, {**values, "evidence": Jsonb(sign.evidence)})
    return signal_id
