"""What the gateway asks of the database about conversations; each query sees but the asker's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import class_row

from functions.shared.edge.database import AsyncConnection
from functions.shared.payload import Intent, Status
from functions.shared.turns import TAKE_TURNS

Place = tuple[datetime, str]
"""Where a list goes on: after the entry of this time and id."""


@dataclass(frozen=True)
class KeptConversation:
    """A conversation, and how much was asked in it; without a title until something was."""

    id: str
    title: str | None
    created_at: datetime
    last_at: datetime
    questions: int


@dataclass(frozen=True)
class KeptTurn:
    """What was asked, and the message that ended it if there is one."""

    id: str
    kind: str
    body: dict[str, Any]
    created_at: datetime
    status: Status
    routed_to: Intent | None
    answer_type: str | None
    answer: dict[str, Any] | None


_CONVERSATION = """
    id, title, created_at, last_at,
    (SELECT count(*) FROM requests
     WHERE requests.user_id = %(user)s AND requests.conversation_id = conversations.id) AS questions
"""

CONVERSATIONS = f"""
    SELECT {_CONVERSATION} FROM conversations
    WHERE user_id = %(user)s
      AND (%(at)s::timestamptz IS NULL OR (last_at, id) < (%(at)s::timestamptz, %(id)s::text))
    ORDER BY last_at DESC, id DESC LIMIT %(most)s
"""  # noqa: S608  # made of constants

CONVERSATION = f"SELECT {_CONVERSATION} FROM conversations WHERE user_id = %(user)s AND id = %(id)s"  # noqa: S608

TURNS = """
    SELECT requests.id, kind, requests.body, requests.created_at, status, routed_to,
           messages.type AS answer_type, messages.body AS answer
    FROM requests LEFT JOIN messages ON messages.id = answer_message_id
    WHERE requests.user_id = %(user)s AND conversation_id = %(conversation)s
      AND (%(at)s::timestamptz IS NULL OR (requests.created_at, requests.id) > (%(at)s::timestamptz, %(id)s::text))
    ORDER BY requests.created_at, requests.id LIMIT %(most)s
"""

BEGIN = """
    WITH person AS (
        INSERT INTO users (id) VALUES (%(user)s) ON CONFLICT DO NOTHING
    )
    INSERT INTO conversations (user_id, id, title) VALUES (%(user)s, %(id)s, %(title)s)
    RETURNING id, title, created_at, last_at, 0 AS questions
"""

RENAME = f"""
    UPDATE conversations SET title = %(title)s WHERE user_id = %(user)s AND id = %(id)s
    RETURNING {_CONVERSATION}
"""  # noqa: S608  # made of constants

# What was said goes by hand, since a message need not answer a request; the requests go with their conversation.
DELETE = """
    WITH asked AS (
        SELECT id FROM requests WHERE user_id = %(user)s AND conversation_id = %(id)s
    ), discarded AS (
        INSERT INTO discarded_requests (request_id, learner_id) SELECT id, %(user)s FROM asked ON CONFLICT DO NOTHING
    ), said AS (
        DELETE FROM messages WHERE learner_id = %(user)s AND request_id IN (SELECT id FROM asked)
    )
    DELETE FROM conversations WHERE user_id = %(user)s AND id = %(id)s
"""


async def conversations_of(db: AsyncConnection, user: str, after: Place | None, most: int) -> list[KeptConversation]:
    """Return somebody's conversations, those first in which something was asked last."""
    at, conversation = after or (None, None)
    async with db.cursor(row_factory=class_row(KeptConversation)) as cursor:
        await cursor.execute(CONVERSATIONS, {"user": user, "at": at, "id": conversation, "most": most})
        return await cursor.fetchall()


async def conversation_of(db: AsyncConnection, user: str, conversation: str) -> KeptConversation | None:
    """Return a conversation of somebody's; None if they have none of this id."""
    async with db.cursor(row_factory=class_row(KeptConversation)) as cursor:
        await cursor.execute(CONVERSATION, {"user": user, "id": conversation})
        return await cursor.fetchone()


async def turns_of(db: AsyncConnection, user: str, conversation: str, after: Place | None, most: int) -> list[KeptTurn]:
    """Return what was asked in a conversation of somebody's, in this order, and how it was answered."""
    at, request = after or (None, None)
    async with db.cursor(row_factory=class_row(KeptTurn)) as cursor:
        await cursor.execute(TURNS, {"user": user, "conversation": conversation, "at": at, "id": request, "most": most})
        return await cursor.fetchall()


async def begin_conversation(db: AsyncConnection, user: str, conversation: str, title: str | None) -> KeptConversation:
    """Keep a new conversation, with its person if they are new too, and return it."""
    async with db.cursor(row_factory=class_row(KeptConversation)) as cursor:
        await cursor.execute(BEGIN, {"user": user, "id": conversation, "title": title})
        kept = await cursor.fetchone()
        assert kept is not None
        return kept


async def rename_conversation(db: AsyncConnection, user: str, conversation: str, title: str) -> KeptConversation | None:
    """Give a conversation another title and return it; None if they have none of this id."""
    async with db.cursor(row_factory=class_row(KeptConversation)) as cursor:
        await cursor.execute(RENAME, {"user": user, "id": conversation, "title": title})
        return await cursor.fetchone()


async def delete_conversation(db: AsyncConnection, user: str, conversation: str) -> bool:
    """Delete a conversation with all that was asked and said in it; False if they have none of this id.

    Whoever is just storing an answer for this person is waited for, so that none escapes; later ones are not kept.
    """
    async with db.transaction():
        await db.execute(TAKE_TURNS, {"table": "messages", "people": [user]})
        return (await db.execute(DELETE, {"user": user, "id": conversation})).rowcount == 1
