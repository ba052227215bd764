"""What debug reads: what a learner practises."""

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
    WHERE exercise_id NOT IN (SELECT exercise_id FROM submissions WHERE learner_id = %(learner)s AND passed)
    GROUP BY exercise_id ORDER BY max(at) DESC LIMIT %(most)s
"""
MOST_PRACTISED = 10


def practising(db: Connection, learner: str, named: str | None) -> tuple[str, ...]:
    """Return the exercises that a learner names, was handed or handed in, and has not passed; the latest first."""
    rows = db.execute(PRACTISING, {"learner": learner, "named": named, "most": MOST_PRACTISED})
    return tuple(exercise_id for (exercise_id,) in rows)
