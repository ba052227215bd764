"""What debug reads, what a learner practises, and writes, how often they asked about a mistake."""

from __future__ import annotations

from functions.shared.database import Connection

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
    INSERT INTO hints_asked (learner_id, mistake, request_id) VALUES (%(learner)s, %(mistake)s, %(request)s)
    ON CONFLICT (learner_id, mistake) DO UPDATE
    SET times = hints_asked.times + (hints_asked.request_id <> EXCLUDED.request_id)::integer,
        request_id = EXCLUDED.request_id, asked_at = now()
    RETURNING times
"""


def practising(db: Connection, learner: str, named: str | None, *, passed_too: bool) -> tuple[str, ...]:
    """Return the exercises that a learner names, was handed or handed in, the latest first; `passed_too`, or those
    they have not passed alone."""
    values = {"learner": learner, "named": named, "passed_too": passed_too, "most": MOST_PRACTISED}
    rows = db.execute(PRACTISING, values)
    return tuple(exercise_id for (exercise_id,) in rows)


def times_asked(db: Connection, learner: str, mistake: str, request_id: str) -> int:
    """Keep that a learner asks about a mistake, and return the how manieth time that is."""
    ((times,),) = db.execute(ASK, {"learner": learner, "mistake": mistake, "request": request_id})
    return int(times)
