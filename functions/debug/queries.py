"""What debug reads, what a learner practises, and writes, how often they asked about a mistake and what of it a model
wrote."""

from __future__ import annotations

from psycopg.types.json import Jsonb

from functions.shared.database import Connection
from functions.shared.helping import ErrorExplained

# What was handed out lately or handed in, less what was passed; each part reads nothing but its index.
PRACTISING = """
    SELECT exercise_id FROM (
        SELECT exercise_id, given_at AS at FROM exercises_given WHERE learner_id = %(learner)s
        UNION ALL
        SELECT exercise_id, max(submitted_at) FROM submissions WHERE learner_id = %(learner)s GROUP BY exercise_id
        UNION ALL
        SELECT %(named)s::text, now() WHERE %(named)s::text IS NOT NULL
    ) AS practised
    WHERE %(passed_too)s
       OR exercise_id NOT IN (SELECT exercise_id FROM submissions WHERE learner_id = %(learner)s AND passed)
    GROUP BY exercise_id ORDER BY max(at) DESC LIMIT %(most)s
"""
MOST_PRACTISED = 10

# Of two requests at once each is a time of its own.
ASK = """
    INSERT INTO hints_asked (learner_id, mistake, request_id, written)
    VALUES (%(learner)s, %(mistake)s, %(request)s, %(written)s)
    ON CONFLICT (learner_id, mistake) DO UPDATE
    SET times = hints_asked.times + (hints_asked.request_id <> EXCLUDED.request_id)::integer,
        request_id = EXCLUDED.request_id, asked_at = now(), written = coalesce(EXCLUDED.written, hints_asked.written)
    RETURNING times
"""

WRITTEN = "SELECT written FROM hints_asked WHERE learner_id = %(learner)s AND mistake = %(mistake)s"


def practising(db: Connection, learner: str, named: str | None, *, passed_too: bool) -> tuple[str, ...]:
    """Return the exercises that a learner names, was handed or handed in, the latest first; `passed_too`, or those
    they have not passed alone."""
    values = {"learner": learner, "named": named, "passed_too": passed_too, "most": MOST_PRACTISED}
    rows = db.execute(PRACTISING, values)
    return tuple(exercise_id for (exercise_id,) in rows)


def times_asked(
    db: Connection, learner: str, mistake: str, request_id: str, written: ErrorExplained | None = None
) -> int:
    """Keep that a learner asks about a mistake, and what a model wrote of it; return the how manieth time that is."""
    body = Jsonb(written.model_dump(mode="json")) if written else None
    ((times,),) = db.execute(ASK, {"learner": learner, "mistake": mistake, "request": request_id, "written": body})
    return int(times)


def written_before(db: Connection, learner: str, mistake: str) -> ErrorExplained | None:
    """Return what a model wrote of a learner's mistake when they asked before, if it did."""
    row = db.execute(WRITTEN, {"learner": learner, "mistake": mistake}).fetchone()
    return ErrorExplained.model_validate(row[0]) if row and row[0] else None
