"""What triage writes, where a request was routed, and reads, what is known of a learner."""

from __future__ import annotations

from typing import Any

from functions.shared.database import Connection
from functions.shared.events import Event, LearnerContext, RecentError
from functions.shared.payload import Intent

# The asker may be waiting for the routing alone, or watch, so it is announced.
NOTE_ROUTING = """
    WITH routed AS (
        UPDATE requests SET routed_to = %(intent)s, confidence = %(confidence)s, routed_at = now()
        WHERE id = %(request)s AND user_id = %(learner)s
        RETURNING id, user_id, routed_to
    )
    SELECT pg_notify('learnflow', json_build_object('request', id, 'learner', user_id, 'routed_to', routed_to)::text)
    FROM routed
"""

# One round trip for both; each half reads nothing but its index. A run shows a mistake, and so does the learner who
# then asks about it: of one program's error at one line counts what the function that saw it oftenest has seen.
LEARNER_CONTEXT = """
    SELECT (SELECT json_object_agg(topic, mastery) FROM mastery WHERE learner_id = %(learner)s),
           (SELECT json_agg(json_build_object('error', error_type, 'times', times) ORDER BY latest DESC)
            FROM (SELECT error_type, sum(times) AS times, max(latest) AS latest
                  FROM (SELECT error_type, max(times) AS times, max(latest) AS latest
                        FROM (SELECT error_type, line, code_hash, count(*) AS times, max(occurred_at) AS latest
                              FROM error_occurrences
                              WHERE learner_id = %(learner)s
                                AND occurred_at > now() - make_interval(hours => %(hours)s)
                              GROUP BY error_type, line, code_hash, seen_by) AS seen
                        GROUP BY error_type, line, code_hash) AS mistakes
                  GROUP BY error_type ORDER BY latest DESC LIMIT %(kinds)s) AS lately)
"""
RECENT_HOURS = 24
MOST_RECENT_KINDS = 5


def note_routing(db: Connection, event: Event[Any], *, intent: Intent | None, confidence: float) -> None:
    """Record where the request goes and wake whoever waits for it; one from Kafka has no row and needs none."""
    db.execute(
        NOTE_ROUTING,
        {
            "request": event.correlation_id,
            "learner": event.learner_id,
            "intent": intent,
            "confidence": confidence,
        },
    )


def learner_context(db: Connection, learner: str) -> LearnerContext | None:
    """Return a learner's mastery and the kinds of error they met lately; None if there is neither."""
    values = {"learner": learner, "hours": RECENT_HOURS, "kinds": MOST_RECENT_KINDS}
    row = db.execute(LEARNER_CONTEXT, values).fetchone()
    mastery, errors = row or (None, None)
    if not mastery and not errors:
        return None
    recent = tuple(RecentError(**error) for error in errors or ())
    return LearnerContext(mastery=mastery or {}, recent_errors=recent)
