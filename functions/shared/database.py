"""PostgreSQL: one small pool a process, opened after the fork, and its failures as TryAgainLater."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Lock
from typing import Any, Protocol

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from functions.shared.errors import Erased, EventError, TryAgainLater
from functions.shared.settings import read_settings

Connection = psycopg.Connection[Any]

POOL_MAX = 2
"""Connections a process may hold, each for the few milliseconds of an event; a policy adds this up over every Service's
max-scale (decisions/0004)."""
EDGE_POOL_MAX = 3
"""The same for the edge, where a hundred people may wait at once, or a thousand listen."""
POOL_OPTIONS: dict[str, Any] = {
    "kwargs": {"autocommit": True, "application_name": "learnflow"},
    "min_size": 0,
    "max_size": POOL_MAX,
    # An attempt to connect is given up after this long, and whoever comes next starts a new one. The pool's own
    # default, five minutes of ever longer pauses, would keep us down for minutes after the database is back.
    "reconnect_timeout": 1.0,
}
_IS_ERASED = "LF410"
"""The SQLSTATE of a person who was deleted before (schema.sql, refuse_erased)."""
_REFER_TO_PEOPLE = ("_learner_id_fkey", "_user_id_fkey", "_teacher_id_fkey", "_subscriber_id_fkey", "_about_fkey")
_PATIENCE_SECONDS = 2.5  # below the time-out of the readiness probe, so that the reason is told


class Database(Protocol):
    """Where a function's state is."""

    def reading(self) -> AbstractContextManager[Connection]:
        """Return a context manager that yields a connection on which every statement stands alone."""

    def transaction(self) -> AbstractContextManager[Connection]:
        """Return a context manager that yields a connection and commits on leaving, or rolls back."""

    def check(self) -> None:
        """Raise TryAgainLater if the database does not answer."""


@contextmanager
def gone_means(error: EventError) -> Iterator[None]:
    """Raise `error` where PostgreSQL refuses what belongs to a person who is deleted.

    They were deleted before, or while this went on: whatever refers to people makes their rows first, so then a row
    that it refers to was there and is not any more. The words of PostgreSQL, which name them, are not handed on.
    """
    try:
        yield
    except psycopg.Error as refused:
        if not _is_of_erased(refused):
            raise
        raise error from None


def _is_of_erased(refused: psycopg.Error) -> bool:
    if isinstance(refused, psycopg.errors.ForeignKeyViolation):
        return (refused.diag.constraint_name or "").endswith(_REFER_TO_PEOPLE)
    return refused.sqlstate == _IS_ERASED


class PostgreSQL:
    """The real database. A connection is made when first needed, and made again after a failure."""

    def __init__(self, url: str | None = None) -> None:
        """`url` is a libpq URL or connection string; without it DATABASE_URL is read at the first use."""
        self._url = url
        self._pool: ConnectionPool[Connection] | None = None
        self._opening = Lock()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection in autocommit mode.

        Raises TryAgainLater where the database does not answer, Erased for what belongs to a person who is deleted.
        """
        try:
            with gone_means(Erased()), self._opened().connection() as connection:
                yield connection
        except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout) as error:
            raise TryAgainLater(f"the database does not answer: {type(error).__name__}") from error

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Yield a connection in a transaction. Raises what `reading` raises."""
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
