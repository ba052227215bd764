"""What dead-letter writes: dead letters, and the failure of a request whose answer could not be delivered."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from psycopg.types.json import Jsonb

from functions.shared.database import Connection


@dataclass(frozen=True)
class DeadLetter:
    """An event that the function at `destination` gave up on; `event` is in structured mode, as received."""

    source: str
    id: str
    destination: str
    function: str
    type: str
    learner_id: str | None
    correlation_id: str
    event: dict[str, Any]
    error_code: int | None
    error_data: str | None


# The same letter delivered twice counts once; one that failed again after a replay counts again.
RECORD = """
    WITH learner AS (
        INSERT INTO users (id) SELECT %(learner_id)s WHERE %(learner_id)s::text IS NOT NULL ON CONFLICT DO NOTHING
    )
    INSERT INTO dead_letters (source, id, destination, function, type, learner_id, correlation_id, event,
                              error_code, error_data)
    VALUES (%(source)s, %(id)s, %(destination)s, %(function)s, %(type)s, %(learner_id)s, %(correlation_id)s,
            %(event)s, %(error_code)s, %(error_data)s)
    ON CONFLICT (source, id, destination) DO UPDATE SET
        times = dead_letters.times + (dead_letters.replayed_at IS NOT NULL)::int,
        replayed_at = NULL,
        last_seen = now(),
        error_code = excluded.error_code,
        error_data = excluded.error_data
"""

FAIL_REQUEST = """
    WITH failed AS (
        UPDATE requests SET status = 'failed'
        WHERE id = %(correlation_id)s AND user_id = %(learner_id)s AND status = 'pending'
        RETURNING id
    )
    SELECT pg_notify('learnflow', json_build_object('request', id)::text) FROM failed
"""


def record_dead_letter(db: Connection, letter: DeadLetter) -> None:
    """Keep a dead letter under its event and the function that gave up on it."""
    db.execute(RECORD, {**asdict(letter), "event": Jsonb(letter.event)})


def fail_request(db: Connection, letter: DeadLetter) -> None:
    """Mark the learner's request as failed and wake whoever waits for it."""
    db.execute(FAIL_REQUEST, {"correlation_id": letter.correlation_id, "learner_id": letter.learner_id})
