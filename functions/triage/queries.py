"""What triage writes: where a request was routed."""

from __future__ import annotations

from typing import Any

from functions.shared.database import Connection
from functions.shared.events import Event, Intent

# The asker may be waiting for the routing alone, so it is announced.
NOTE_ROUTING = """
    WITH routed AS (
        UPDATE requests SET routed_to = %(intent)s, confidence = %(confidence)s, routed_at = now()
        WHERE id = %(request)s AND user_id = %(learner)s
        RETURNING id
    )
    SELECT pg_notify('learnflow', json_build_object('request', id)::text) FROM routed
"""


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
