"""The routes of conversations: those one has, what was said in them, their titles, and their end."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from functions.gateway.commands import json_only, json_response
from functions.gateway.conversation_documents import (
    ConversationDocument,
    ConversationsDocument,
    NewConversation,
    Renaming,
    TurnsDocument,
    conversation,
    conversations,
    path_of,
    with_turns,
)
from functions.gateway.conversation_queries import (
    begin_conversation,
    conversation_of,
    conversations_of,
    delete_conversation,
    rename_conversation,
    turns_of,
)
from functions.gateway.cursors import MAX_CURSOR, read_cursor
from functions.shared.conversing import conversation_id
from functions.shared.edge.describing import problems
from functions.shared.edge.identity import Learner
from functions.shared.edge.parts import TheDatabase
from functions.shared.edge.problems import Problem
from functions.shared.text import storable

MOST_SHOWN = 50
_SHOWN = 20
_ONE = "/api/v1/conversations/{id:path}"
"""A name may hold slashes, which are slashes again when a path is decoded."""

router = APIRouter(tags=["conversations"])


async def _named(
    id: Annotated[str, Path(description="The conversation's id, that is its `session_id`, percent-encoded.")],
) -> str:
    """Return the id that a path names. Raises Problem 404 for what can be none."""
    named = conversation_id(storable(id))
    if named is None:
        raise _not_found()
    return named


Named = Annotated[str, Depends(_named)]
Limit = Annotated[int, Query(ge=1, le=MOST_SHOWN, description="How many on a page.")]
Cursor = Annotated[str | None, Query(max_length=MAX_CURSOR, description="Where to go on: `next` of the page before.")]


@router.get(
    "/api/v1/conversations",
    name="list_conversations",
    response_model=ConversationsDocument,
    summary="Your conversations",
    responses=problems(422, 500, 503),
)
async def list_conversations(
    database: TheDatabase, learner: Learner, limit: Limit = _SHOWN, cursor: Cursor = None
) -> Response:
    """List your conversations, those first in which you asked something last, a page at a time. Whatever you ask with
    a `session_id` belongs to the conversation of that name, which begins with the first such question."""
    after = read_cursor(cursor, datetime, str) if cursor is not None else None
    async with database.reading() as db:
        kept = await conversations_of(db, learner, after, limit + 1)
    return json_response(conversations(kept, limit).model_dump(mode="json"), 200, {})


@router.post(
    "/api/v1/conversations",
    name="begin_conversation",
    status_code=201,
    response_model=ConversationDocument,
    summary="Begin a conversation",
    dependencies=[Depends(json_only)],
    responses=problems(400, 413, 415, 422, 500, 503),
)
async def begin(body: NewConversation, database: TheDatabase, learner: Learner) -> Response:
    """Begin a conversation under an id that is made here; send it as `session_id` with what you ask. You need not: a
    `session_id` of your own begins one as well."""
    async with database.reading() as db:
        kept = await begin_conversation(db, learner, str(uuid.uuid4()), body.title)
    document = conversation(kept).model_dump(mode="json")
    return json_response(document, 201, {"Location": path_of(kept.id)})


@router.get(
    _ONE,
    name="read_conversation",
    response_model=TurnsDocument,
    summary="What was said in one",
    responses=problems(404, 422, 500, 503),
)
async def read(
    id: Named, database: TheDatabase, learner: Learner, limit: Limit = _SHOWN, cursor: Cursor = None
) -> Response:
    """Show a conversation of yours: what you asked, in this order, and what came of it, a page at a time. Its `links`
    say how its id is written in a path."""
    after = read_cursor(cursor, datetime, str) if cursor is not None else None
    async with database.reading() as db:
        kept = await conversation_of(db, learner, id)
        if kept is None:
            raise _not_found()
        turns = await turns_of(db, learner, id, after, limit + 1)
    return json_response(with_turns(kept, turns, limit).model_dump(mode="json"), 200, {})


@router.patch(
    _ONE,
    name="rename_conversation",
    response_model=ConversationDocument,
    summary="Give one another title",
    dependencies=[Depends(json_only)],
    responses=problems(400, 404, 413, 415, 422, 500, 503),
)
async def rename(id: Named, body: Renaming, database: TheDatabase, learner: Learner) -> Response:
    """Give a conversation of yours another title. Its place in the list stays."""
    async with database.reading() as db:
        kept = await rename_conversation(db, learner, id, body.title)
    if kept is None:
        raise _not_found()
    return json_response(conversation(kept).model_dump(mode="json"), 200, {})


@router.delete(
    _ONE,
    name="delete_conversation",
    status_code=204,
    summary="Delete one",
    responses=problems(404, 422, 500, 503),
)
async def delete(id: Named, database: TheDatabase, learner: Learner) -> Response:
    """Delete a conversation of yours with everything that was asked and answered in it; an answer that is still on its
    way is not kept either, and what came with an Idempotency-Key cannot be sent again with the same one.

    What remains until its time is over or you delete your account: the events in the audit log, what functions keep to
    recognise an event that comes twice, and what was sent to a language model. What you handed in and answered, and how
    far that has brought you, remains as well."""
    async with database.reading() as db:
        deleted = await delete_conversation(db, learner, id)
    if not deleted:
        raise _not_found()
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


def _not_found() -> Problem:
    return Problem(404, "not-found", "There is no such conversation", "You have no conversation of this id.")
