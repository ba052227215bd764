"""PostgreSQL for asyncio: one small pool a process, and its failures as TryAgainLater."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from functions.shared.database import EDGE_POOL_MAX, POOL_OPTIONS, gone_means
from functions.shared.errors import Erased, TryAgainLater

AsyncConnection = psycopg.AsyncConnection[Any]

_PATIENCE_SECONDS = 3.0
"""After so long without a connection for anybody, the database is taken to be down."""
_QUEUE_SECONDS = 12.0
"""So long somebody waits for their turn while others get theirs: hundreds ask at once when a lesson begins, and being
answered late beats being refused."""


class AsyncPostgreSQL:
    """The database. A connection is made when first needed, tried before it is used, made again after a failure."""

    def __init__(self, url: str) -> None:
        self._pool: AsyncConnectionPool[AsyncConnection] = AsyncConnectionPool(
            url,
            **{**POOL_OPTIONS, "max_size": EDGE_POOL_MAX},
            timeout=_PATIENCE_SECONDS,
            check=AsyncConnectionPool.check_connection,
            open=False,
        )
        self._turns = 0

    async def open(self) -> None:
        """Start the pool; call once, in the event loop. Needs no database yet."""
        await self._pool.open()

    async def close(self) -> None:
        """Give every connection back."""
        await self._pool.close()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Yield a connection on which every statement stands alone.

        Raises TryAgainLater if there is none, Erased for what belongs to a person who is deleted.
        """
        try:
            with gone_means(Erased()):
                connection = await self._turn()
                try:
                    async with connection:
                        yield connection
                finally:
                    await self._pool.putconn(connection)
        except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout) as error:
            raise TryAgainLater(f"the database does not answer: {type(error).__name__}") from error

    async def check(self, *, seconds: float) -> None:
        """Raise TryAgainLater if the database does not answer within `seconds`."""
        try:
            async with asyncio.timeout(seconds), self.reading() as db:
                await db.execute("SELECT 1")
        except TimeoutError as error:
            raise TryAgainLater("the database does not answer: timeout") from error

    async def _turn(self) -> AsyncConnection:
        """Return a connection. Raises PoolTimeout where nobody gets one for a while, or the queue is too long.

        The pool's own time-out cannot tell a database that is down from one that has many to serve.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _QUEUE_SECONDS
        while True:
            turns = self._turns
            try:
                connection = await self._pool.getconn()
            except PoolTimeout:
                if turns == self._turns or loop.time() >= deadline:
                    raise
            else:
                self._turns += 1
                return connection
