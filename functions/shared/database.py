"""PostgreSQL: one small pool a process, opened after the fork, and its failures as TryAgainLater."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Lock
from typing import Any, Protocol

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from functions.shared.errors import TryAgainLater
from functions.shared.settings import read_settings

Connection = psycopg.Connection[Any]

POOL_MAX = 2
"""Connections a process may hold, each for the few milliseconds of an event; a policy adds this up over every Service's
max-scale (decisions/0004)."""
EDGE_POOL_MAX = 4
"""The same for the edge, where a hundred people may wait at once."""
POOL_OPTIONS: dict[str, Any] = {
    "kwargs": {"autocommit": True, "application_name": "learnflow"},
    "min_size": 0,
    "max_size": POOL_MAX,
    # An attempt to connect is given up after this long, and whoever comes next starts a new one. The pool's own
    # default, five minutes of ever longer pauses, would keep us down for minutes after the database is back.
    "reconnect_timeout": 1.0,
}
_PATIENCE_SECONDS = 2.5  # below the time-out of the readiness probe, so that the reason is told


class Database(Protocol):
    """Where a function's state is."""

    def reading(self) -> AbstractContextManager[Connection]:
        """Return a context manager that yields a connection on which every statement stands alone."""

    def transaction(self) -> AbstractContextManager[Connection]:
        """Return a context manager that yields a connection and commits on leaving, or rolls back."""

    def check(self) -> None:
        """Raise TryAgainLater if the database does not answer."""


class PostgreSQL:
    """The real database. A connection is made when first needed, and made again after a failure."""

    def __init__(self, url: str | None = None) -> None:
        """`url` is a libpq URL or connection string; without it DATABASE_URL is read at the first use."""
        self._url = url
        self._pool: ConnectionPool[Connection] | None = None
        self._opening = Lock()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection in autocommit mode. Raises TryAgainLater where the database does not answer."""
        try:
            with self._opened().connection() as connection:
                yield connection
        except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout) as error:
            raise TryAgainLater(f"the database does not answer: {type(error).__name__}") from error

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Yield a connection in a transaction. Raises TryAgainLater where the database does not answer."""
        with self.reading() as connection, connection.transaction():
            yield connection

    def check(self) -> None:
        """Raise TryAgainLater if the database does not answer within 2.5 seconds."""
        with self.reading() as connection:
            connection.execute("SELECT 1")

    def close(self) -> None:
        """Give every connection back."""
        if self._pool is not None:
            self._pool.close()

    def _opened(self) -> ConnectionPool[Connection]:
        with self._opening:
            if self._pool is None:
                url = self._url or read_settings(needs=("DATABASE_URL",)).database_url
                self._pool = ConnectionPool(url, **POOL_OPTIONS, timeout=_PATIENCE_SECONDS, open=True)
            return self._pool
