"""What audit writes: the audit log."""

from __future__ import annotations

from typing import Any

from psycopg.types.json import Jsonb

from functions.shared.database import Connection
from functions.shared.events import Event

RECORD_EVENT = """
    WITH learner AS (
        INSERT INTO users (id) SELECT %(learner)s WHERE %(learner)s::text IS NOT NULL ON CONFLICT DO NOTHING
    )
    INSERT INTO events (source, id, type, learner_id, correlation_id, time, event)
    VALUES (%(source)s, %(id)s, %(type)s, %(learner)s, %(correlation_id)s, %(time)s, %(event)s)
    ON CONFLICT (source, id) DO NOTHING
"""


def record_event(db: Connection, event: Event[Any], received: dict[str, Any]) -> None:
    """Store an event; the same source and id a second time change nothing."""
    db.execute(
        RECORD_EVENT,
        {
            "source": event.origin,
            "id": event.id,
            "type": event.type,
            "learner": event.learner,
            "correlation_id": event.correlation_id,
            "time": event.time,
            "event": Jsonb(received),
        },
    )
