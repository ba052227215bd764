"""The edge's few connections are waited for in turn, and a database that is down is told from a busy one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from functions.shared.database import EDGE_POOL_MAX
from functions.shared.edge import database
from functions.shared.edge.database import AsyncPostgreSQL
from functions.shared.errors import TryAgainLater

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[AsyncPostgreSQL]:
    """Yield a database of the edge."""
    database = AsyncPostgreSQL(url)
    await database.open()
    try:
        yield database
    finally:
        await database.close()


async def holding(database: AsyncPostgreSQL, seconds: float) -> None:
    """Hold a connection for a while."""
    async with database.reading() as db:
        await db.execute("SELECT pg_sleep(%s)", [seconds])


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for tenths of what is waited for in earnest."""
    monkeypatch.setattr(database, "_PATIENCE_SECONDS", 0.3)
    monkeypatch.setattr(database, "_QUEUE_SECONDS", 3.0)


async def test_a_queue_that_moves_is_waited_in_however_long_a_turn_takes_to_come(database_url: str):
    async with opened(database_url) as db:
        ends = await asyncio.gather(*(holding(db, 0.2) for _ in range(5 * EDGE_POOL_MAX)), return_exceptions=True)

    assert ends == [None] * (5 * EDGE_POOL_MAX)


async def test_a_queue_that_does_not_move_is_left(database_url: str):
    async with opened(database_url) as db:
        holders = [asyncio.create_task(holding(db, 2)) for _ in range(EDGE_POOL_MAX)]
        await asyncio.sleep(0)
        with pytest.raises(TryAgainLater, match="PoolTimeout"):
            await asyncio.wait_for(holding(db, 0), 1.5)
        await asyncio.gather(*holders)


async def test_nobody_waits_for_their_turn_forever(database_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(database, "_QUEUE_SECONDS", 0.5)
    async with opened(database_url) as db:
        ends = await asyncio.gather(*(holding(db, 0.2) for _ in range(10 * EDGE_POOL_MAX)), return_exceptions=True)

    assert {type(end) for end in ends} == {type(None), TryAgainLater}


async def test_a_database_that_is_down_is_told_at_once():
    async with opened("postgresql://127.0.0.1:1/nowhere") as db:
        with pytest.raises(TryAgainLater, match="PoolTimeout"):
            await asyncio.wait_for(holding(db, 0), 1.5)
