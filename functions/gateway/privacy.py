"""The routes of privacy: everything of one's own as a file, one's deletion, and what a language model was sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Annotated
from weakref import WeakSet

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.responses import StreamingResponse
from starlette.types import Send

from functions.gateway.account_queries import Account, account_of
from functions.gateway.commands import json_only, json_response
from functions.gateway.cursors import MAX_CURSOR, read_cursor
from functions.gateway.erasing import erase
from functions.gateway.exporting import export
from functions.gateway.logging_in import require_unlocked
from functions.gateway.login_queries import count_try
from functions.gateway.passwords import Passwords, ThePasswords
from functions.gateway.privacy_documents import Confirmation, ModelCallsDocument, page
from functions.gateway.privacy_queries import model_calls_of
from functions.shared.edge.database import AsyncPostgreSQL
from functions.shared.edge.describing import problems
from functions.shared.edge.identity import Asker, Learner
from functions.shared.edge.parts import TheDatabase, parts
from functions.shared.edge.problems import Problem, deleted, invalid

MOST_SHOWN = 100
_SHOWN = 20
EXPORT_SECONDS = 50.0
"""How long an export may take; the platform cuts a request after sixty."""
_exporting: WeakSet[AsyncPostgreSQL] = WeakSet()
"""Databases that are being exported from: one export at a time leaves a pool to the others who use it."""

router = APIRouter(tags=["privacy"])


class Download(StreamingResponse):
    """A file that is written as it is read. Where it fails half-way the connection ends, and the file is not whole."""

    def __init__(self, first: bytes, rest: AsyncGenerator[bytes, None], name: str) -> None:
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        super().__init__(rest, headers=headers, media_type="application/json")
        self._first = first
        self._rest = rest

    async def stream_response(self, send: Send) -> None:
        """Send it, and let go of what it is made from however that ends."""
        async with aclosing(self._rest), asyncio.timeout(EXPORT_SECONDS):
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": self._first, "more_body": True})
            async for chunk in self._rest:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})


@router.get(
    "/api/v1/me/export",
    name="export_me",
    response_class=Response,
    summary="Everything about you",
    responses={
        200: {
            "description": "A file: its member `readme` says what is in it, each other one holds a table's rows.",
            "content": {"application/json": {"schema": {"type": "object"}}},
            "headers": {"Content-Disposition": {"schema": {"type": "string"}}},
        },
        **problems(422, 500, 503),
    },
)
async def export_me(asker: Asker, database: TheDatabase) -> Response:
    """Download everything that is kept of you, as it is at this moment. What is of other people is not in it."""
    if database in _exporting:
        raise Problem(
            503,
            "busy",
            "Somebody else's turn",
            "One export is made at a time. Please try again in a moment.",
            headers={"Retry-After": "5"},
        )
    now = datetime.now(UTC)
    chunks = _alone(database, asker.id, now)
    first = await anext(chunks)  # so that what goes wrong at once is told as a problem
    return Download(first, chunks, f"learnflow-{now:%Y-%m-%d}.json")


@router.delete(
    "/api/v1/me",
    name="delete_me",
    status_code=204,
    summary="Be forgotten",
    dependencies=[Depends(json_only)],
    responses=problems(400, 403, 413, 415, 422, 500, 503),
)
async def delete_me(body: Confirmation, asker: Asker, database: TheDatabase, passwords: ThePasswords) -> Response:
    """Delete everything about you, at once and for good: there is no way back, and your id is never used again. Take
    GET /api/v1/me/export first. Courses that you teach end; those who are in them stay.

    If you log in here, send your `password`; a wrong one counts as a log-in that failed. Else send
    `"confirm": "delete"`. What is still under way for you ends unanswered. Kafka keeps what it was sent until its
    retention has passed, 30 days at most."""
    if asker.is_nobody:
        raise Problem(403, "who-are-you", "Nobody in particular", "Say who you are with the header X-Learner-Id.")
    async with database.reading() as db:
        account = await account_of(db, asker.id)
    if account is not None:
        await _require_password(account, body.password, database, passwords)
    elif body.confirm is None:
        raise invalid("body.confirm", 'You have no password here: send "delete"')
    async with database.reading() as db:
        if not await erase(db, asker.id):
            raise deleted()
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


@router.get(
    "/api/v1/me/model-calls",
    name="list_model_calls",
    response_model=ModelCallsDocument,
    summary="What a language model was sent for you",
    responses=problems(422, 500, 503),
)
async def list_model_calls(
    request: Request,
    database: TheDatabase,
    learner: Learner,
    limit: Annotated[int, Query(ge=1, le=MOST_SHOWN, description="How many on a page.")] = _SHOWN,
    cursor: Annotated[
        str | None, Query(max_length=MAX_CURSOR, description="Where to go on: `next` of the page before.")
    ] = None,
) -> Response:
    """List what left LearnFlow because of you, and what came back, the latest first."""
    before = read_cursor(cursor, datetime, str) if cursor is not None else None
    async with database.reading() as db:
        calls = await model_calls_of(db, learner, before=before, most=limit + 1)
    return json_response(page(parts(request).settings.model.names, calls, limit).model_dump(mode="json"), 200, {})


async def _alone(database: AsyncPostgreSQL, person: str, now: datetime) -> AsyncGenerator[bytes, None]:
    """Yield somebody's export, while nobody else gets one of the same database."""
    _exporting.add(database)
    try:
        async with database.reading() as db, aclosing(export(db, person, now)) as chunks:
            async for chunk in chunks:
                yield chunk
    finally:
        _exporting.discard(database)


async def _require_password(
    account: Account, password: str | None, database: AsyncPostgreSQL, passwords: Passwords
) -> None:
    """Raise Problem 422, 429 or 403 unless this is the account's password."""
    if password is None:
        raise invalid("body.password", "Your password, to make sure that it is you")
    with passwords.turn():
        async with database.reading() as db:
            require_unlocked(await count_try(db, account.username))
        if not await passwords.matches(account.password_hash, password):
            raise Problem(
                403,
                "wrong-password",
                "This is not your password",
                "Nothing was deleted.",
                errors=[{"field": "body.password", "message": "Not your password"}],
            )
