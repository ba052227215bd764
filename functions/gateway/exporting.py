"""Exporting: everything of somebody's as one JSON document, read in one snapshot and written as it is read."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from datetime import datetime

from functions.gateway.exported import ABOUT, PARTS, Part
from functions.shared.edge.database import AsyncConnection
from functions.shared.errors import Erased

FETCHED = 50
"""Rows in memory at a time: the largest, an event, has up to 200 KB."""
CHUNK = 64 * 1024
"""Characters that are handed on at once."""
PATIENCE_SECONDS = 15
"""How long the reader may stop reading; PostgreSQL then ends the transaction."""

BEGIN = f"""
    SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
    SET LOCAL idle_in_transaction_session_timeout = '{PATIENCE_SECONDS}s';
    SET LOCAL TIME ZONE 'UTC'
"""

IS_ERASED = "SELECT EXISTS (SELECT FROM erased WHERE id_hash = erasure_hash(%(person)s))"


async def export(db: AsyncConnection, person: str, now: datetime) -> AsyncGenerator[bytes, None]:
    """Yield the document, some 64 KB at a time. Raises Erased, first of all, for somebody who is deleted."""
    async with db.transaction():
        await db.execute(BEGIN)
        ((is_erased,),) = await (await db.execute(IS_ERASED, {"person": person})).fetchall()
        if is_erased:
            raise Erased
        pieces, size = [_head(person, now)], 0
        for part in PARTS:
            async for piece in _rows(db, part, person):
                pieces.append(piece)
                size += len(piece)
                if size >= CHUNK:
                    yield "".join(pieces).encode()
                    pieces, size = [], 0
        yield "".join([*pieces, "\n}\n"]).encode()


def _head(person: str, now: datetime) -> str:
    described = {part.member: part.description for part in PARTS}
    readme = {"about": ABOUT, "of": person, "at": now.isoformat(), "tables": described}
    return '{\n"readme": ' + json.dumps(readme, ensure_ascii=False, indent=1)


async def _rows(db: AsyncConnection, part: Part, person: str) -> AsyncGenerator[str, None]:
    """Yield a table's member of the document, row by row."""
    before = f',\n"{part.member}": [\n'
    async with db.cursor(name="export") as cursor:
        cursor.itersize = FETCHED
        await cursor.execute(part.query, {"person": person})
        async for (row,) in cursor:
            yield before + row
            before = ",\n"
    yield "\n]" if before == ",\n" else before.rstrip("\n") + "]"
