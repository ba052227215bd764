"""What delivery writes: messages, and how requests ended."""

from __future__ import annotations

from psycopg.types.json import Json, Jsonb

from functions.shared.database import Connection
from functions.shared.events import Event
from functions.shared.payload import Payload, Status
from functions.shared.turns import take_turns

# Of a request that was deleted meanwhile, with its conversation, nothing is kept.
SAVE_MESSAGE = """
    INSERT INTO messages (id, learner_id, request_id, type, body)
    SELECT %(id)s, %(learner)s, %(request)s, %(type)s, %(body)s
    WHERE NOT EXISTS (SELECT FROM discarded_requests WHERE request_id = %(request)s)
    ON CONFLICT (id) DO NOTHING
"""

# An answer that comes after all replaces a failure; nothing replaces an answer.
END_REQUEST = """
    UPDATE requests SET status = %(statuses)s::jsonb ->> kind, answer_message_id = %(message)s
    WHERE id = %(request)s AND user_id = %(learner)s AND %(statuses)s::jsonb ? kind
      AND (status = 'pending' OR (status = 'failed' AND %(statuses)s::jsonb ->> kind <> 'failed'))
"""

ANNOUNCE = """
    SELECT pg_notify('learnflow', json_build_object(
        'request', %(request)s::text, 'learner', %(learner)s::text, 'message', %(message)s::text)::text)
"""


def save_message(db: Connection, message_id: str, event: Event[Payload]) -> None:
    """Keep what is said to the learner, once, after whatever was said to them before, unless they deleted what it is
    said about."""
    take_turns(db, "messages", [event.learner_id])
    db.execute(
        SAVE_MESSAGE,
        {
            "id": message_id,
            "learner": event.learner_id,
            "request": event.correlation_id,
            "type": event.type,
            "body": Json(event.data.model_dump(mode="json")),
        },
    )


def end_request(db: Connection, request: str, learner: str, message_id: str, statuses: dict[str, Status]) -> None:
    """End the learner's own request, if the gateway made one, in the status its kind gives this answer."""
    db.execute(
        END_REQUEST,
        {"request": request, "learner": learner, "message": message_id, "statuses": Jsonb(statuses)},
    )


def announce(db: Connection, request: str, learner: str, message_id: str) -> None:
    """Tell every replica of the edge, when this transaction commits, that there is a message."""
    db.execute(ANNOUNCE, {"request": request, "learner": learner, "message": message_id})
