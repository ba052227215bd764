"""What the edge asks of the database about requests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from functions.shared.conversing import conversation_id
from functions.shared.edge.database import AsyncConnection
from functions.shared.edge.titles import title_of
from functions.shared.payload import Intent, Status

POST_AGAIN_AFTER_SECONDS = 60
"""A question that has had no answer for so long may have got lost; posting it twice is harmless."""


@dataclass(frozen=True)
class RequestState:
    """How far a request is; `answer` is the body of the message that ended it, of type `answer_type`."""

    id: str
    kind: str
    status: Status
    routed_to: Intent | None
    confidence: float | None
    is_routed: bool
    is_overdue: bool
    body_hash: str
    answer_type: str | None
    answer: dict[str, Any] | None

    @property
    def has_ended(self) -> bool:
        """Whether nothing more is to be waited for."""
        return self.status != "pending"


@dataclass(frozen=True)
class Unposted:
    """What is needed to post a request's event: what was asked, and when."""

    kind: str
    body: dict[str, Any]
    created_at: datetime


# One statement, so one transaction: everything a learner owns refers to the learner's row, what was asked in a
# conversation to that one's. A request that came before touches nothing, and what was deleted does not come back.
INSERT_REQUEST = """
    WITH fresh AS (
        SELECT WHERE NOT EXISTS (SELECT FROM requests WHERE id = %(id)s)
                 AND NOT EXISTS (SELECT FROM discarded_requests WHERE request_id = %(id)s)
    ), learner AS (
        INSERT INTO users (id) VALUES (%(learner)s) ON CONFLICT DO NOTHING
    ), conversation AS (
        INSERT INTO conversations AS known (user_id, id, title)
        SELECT %(learner)s, %(conversation)s, %(title)s FROM fresh WHERE %(conversation)s::text IS NOT NULL
        ON CONFLICT (user_id, id) DO UPDATE
        SET last_at = greatest(known.last_at, now()), title = coalesce(known.title, excluded.title)
    )
    INSERT INTO requests (id, user_id, kind, body, body_hash, conversation_id)
    SELECT %(id)s, %(learner)s, %(kind)s, %(body)s, %(body_hash)s, %(conversation)s FROM fresh
    ON CONFLICT (id) DO NOTHING
    RETURNING created_at
"""

REQUEST_STATE = """
    SELECT requests.id, kind, status, routed_to, confidence, body_hash,
           routed_at IS NOT NULL AS is_routed,
           status = 'pending' AND posted_at < now() - make_interval(secs => %(seconds)s) AS is_overdue,
           messages.type AS answer_type, messages.body AS answer
    FROM requests LEFT JOIN messages ON messages.id = answer_message_id
    WHERE requests.id = %(id)s AND user_id = %(learner)s
"""

# Whoever updates the row posts; those who come at the same time find it fresh and do not.
CLAIM_POSTING = """
    UPDATE requests SET posted_at = now()
    WHERE id = %(id)s AND user_id = %(learner)s AND status = 'pending'
      AND posted_at < now() - make_interval(secs => %(seconds)s)
    RETURNING kind, body, created_at
"""

MARK_UNPOSTED = """
    UPDATE requests SET posted_at = 'epoch' WHERE id = %(id)s AND user_id = %(learner)s AND status = 'pending'
"""


async def insert_request(
    db: AsyncConnection, *, request_id: str, learner: str, kind: str, body: dict[str, Any], body_hash: str
) -> datetime | None:
    """Keep a request and, if new, its learner and the conversation it names; return when, or None if there is, or was
    before it was deleted, a request of this id."""
    conversation = conversation_id(body.get("session_id"))
    cursor = await db.execute(
        INSERT_REQUEST,
        {
            "id": request_id,
            "learner": learner,
            "kind": kind,
            "body": Jsonb(body),
            "body_hash": body_hash,
            "conversation": conversation,
            "title": title_of(kind, body) if conversation else None,
        },
    )
    row = await cursor.fetchone()
    return row[0] if row else None


async def request_state(db: AsyncConnection, request_id: str, learner: str) -> RequestState | None:
    """Return how far a learner's request is; None if the learner has none of this id."""
    async with db.cursor(row_factory=class_row(RequestState)) as cursor:
        await cursor.execute(REQUEST_STATE, {"id": request_id, "learner": learner, "seconds": POST_AGAIN_AFTER_SECONDS})
        return await cursor.fetchone()


async def claim_posting(db: AsyncConnection, request_id: str, learner: str) -> Unposted | None:
    """Make it the caller's to post an overdue request again; None if it is not, or no longer, overdue."""
    async with db.cursor(row_factory=class_row(Unposted)) as cursor:
        await cursor.execute(CLAIM_POSTING, {"id": request_id, "learner": learner, "seconds": POST_AGAIN_AFTER_SECONDS})
        return await cursor.fetchone()


async def mark_unposted(db: AsyncConnection, request_id: str, learner: str) -> None:
    """Make a request overdue at once: the broker did not take it."""
    await db.execute(MARK_UNPOSTED, {"id": request_id, "learner": learner})
