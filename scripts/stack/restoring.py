"""A backup into a database, in one transaction: what was there gone, what was kept back, nothing deleted alive again.

Whoever else uses the database waits meanwhile, and then goes on with what was restored. Whatever ends this process,
the database is as it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import psycopg
from psycopg import sql

from scripts.stack import archive, deletions
from scripts.stack.archive import SCHEMA, Archive
from scripts.stack.deletions import Deletions
from scripts.stack.errors import StackError
from scripts.stack.migrations import migrate_within

Connection = psycopg.Connection[Any]
Say = Callable[[str], None]

LOCK_SECONDS = 30
"""How long to wait for whoever else has tables in use."""
AT_ONCE_BYTES = 1 << 16
SET_BEFORE_17 = b"SET transaction_timeout = 0;\n"
"""What newer programs say of themselves, and servers before 17 do not understand."""

_COPY = re.compile(rb"COPY \S+ \(.*\) FROM stdin;\n")
_FOR_PSQL_ALONE = (b"\\restrict ", b"\\unrestrict ")

RELATIONS = """
    SELECT relname FROM pg_class WHERE relnamespace = %(schema)s::regnamespace AND relkind = ANY(%(kinds)s)
      AND NOT EXISTS (SELECT FROM pg_depend
                      WHERE objid = pg_class.oid AND classid = 'pg_class'::regclass AND deptype = 'e')
    ORDER BY relname
"""
ROUTINES = """
    SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = %(schema)s::regnamespace
      AND NOT EXISTS (SELECT FROM pg_depend
                      WHERE objid = pg_proc.oid AND classid = 'pg_proc'::regclass AND deptype = 'e')
"""
NO_DATA = ("alembic_version", "erasure_salt")
"""Tables that hold something as soon as there are any."""

END_LOG_INS = "UPDATE refresh_tokens SET revoked_at = now() WHERE revoked_at IS NULL"
# Those that waited may have been sent since (functions/decisions/0005).
SEND_NOTHING_TWICE = """
    UPDATE deliveries SET status = 'unsure', last_error = 'restored from a backup: it may have been sent since'
    WHERE status IN ('pending', 'sending') AND channel <> 'in_app'
"""
# Clients have read beyond what is restored: whatever they are told from now on must come behind that.
SKIP_WHAT_WAS_READ = """
    SELECT setval(pg_get_serial_sequence(told, 'seq'), 1000000000 + nextval(pg_get_serial_sequence(told, 'seq')))
    FROM unnest('{messages,alerts}'::text[]) AS told
"""


@dataclass(frozen=True)
class Held:
    """What is in a database: how many rows the tables have that hold any."""

    rows: dict[str, int]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is lost with it."""
        return not self.rows

    def __str__(self) -> str:
        people = self.rows.get("users", 0)
        return f"{sum(self.rows.values()):,} rows in {len(self.rows)} tables, {people:,} people among them"


@dataclass(frozen=True)
class Outcome:
    """What was restored, and what was done to it then."""

    tables: int
    rows: int
    migrations: int
    people: int
    requests: int
    log_ins: int
    unsure: int
    knew: bool
    """Whether others than the backup knew what has been deleted since."""


@contextmanager
def one_transaction(url: str) -> Iterator[tuple[Any, Connection]]:
    """Yield a connection of SQLAlchemy's, and psycopg's within it: what is done on either is done at the end, or not
    at all."""
    from sqlalchemy import create_engine, pool

    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url), poolclass=pool.NullPool)
    with engine.connect() as connection, connection.begin():
        db = connection.connection.driver_connection
        assert isinstance(db, psycopg.Connection)
        yield connection, db


def held_in(db: Connection) -> Held:
    """Return what is in a database."""
    rows = {}
    for name in _relations(db, "r", "p"):
        ((rows[name],),) = db.execute(sql.SQL("SELECT count(*) FROM {}").format(_names([name]))).fetchall()
    return Held({name: count for name, count in rows.items() if count and name not in NO_DATA})


def hold(db: Connection) -> None:
    """Keep everybody else from the tables until the transaction ends.

    Raises StackError where somebody does not let go of one.
    """
    db.execute("SELECT pg_advisory_xact_lock(5721036)")  # migrators, schema/migrations/env.py
    try:
        if tables := _relations(db, "r", "p"):
            db.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(f"{LOCK_SECONDS}s")))
            db.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(_names(tables)))
    except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected) as why:
        raise StackError(f"Tables are in use. Stop the functions, or try again. PostgreSQL says: {why}") from why


def restore(
    connection: Any, db: Connection, backup: Archive, known: Sequence[Deletions], *, moved: bool, say: Say
) -> Outcome:
    """Put the backup into the place of what the database holds, on a connection that holds it (`hold`).

    `known` is what has been deleted, as others than the backup know. Raises StackError; then nothing may be committed.
    """
    forget(db)
    with archive.script_of(backup) as script:
        tables, rows = run_script(db, script, say)
    db.execute("RESET ALL")  # the script sets a search path, and more
    say(f"{rows:,} rows, migrating")
    steps = migrate_within(connection)
    kept = deletions.kept_in(db)
    assert kept is not None
    knew = any(one.salt == kept.salt for one in known)  # of this very database, not of one that began anew
    people, requests = deletions.apply(db, deletions.together([kept, *known]))
    log_ins = unsure = 0
    if not moved:
        log_ins = db.execute(END_LOG_INS).rowcount
        unsure = db.execute(SEND_NOTHING_TWICE).rowcount
        db.execute(SKIP_WHAT_WAS_READ)
    say(f"{rows:,} rows in {tables} tables")
    return Outcome(tables, rows, len(steps), people, requests, log_ins, unsure, knew)


def forget(db: Connection) -> None:
    """Drop all that is LearnFlow's: everything in its schema that no extension brought."""
    for kinds, drop in (("rp", "TABLE"), ("v", "VIEW"), ("S", "SEQUENCE")):
        if names := _relations(db, *kinds):
            db.execute(sql.SQL("DROP {} {} CASCADE").format(sql.SQL(drop), _names(names)))
    for (routine,) in db.execute(ROUTINES, {"schema": SCHEMA}).fetchall():
        db.execute(f"DROP ROUTINE IF EXISTS {routine} CASCADE")


def run_script(db: Connection, script: Iterable[bytes], say: Say) -> tuple[int, int]:
    """Run what pg_restore prints, as psql would; how many tables and rows it copied."""
    tables = rows = 0
    statements: list[bytes] = []
    lines = iter(script)
    for line in lines:
        if _COPY.fullmatch(line):
            _run(db, statements)
            rows += _copy(db, line, takewhile(lambda row: row != b"\\.\n", lines))
            tables += 1
            say(f"{tables} tables, {rows:,} rows")
        elif not line.startswith(_FOR_PSQL_ALONE) and (line != SET_BEFORE_17 or db.info.server_version >= 170_000):
            statements.append(line)
    _run(db, statements)
    return tables, rows


def _run(db: Connection, statements: list[bytes]) -> None:
    if statements:
        db.execute(b"".join(statements))
        statements.clear()


def _copy(db: Connection, statement: bytes, rows: Iterable[bytes]) -> int:
    waiting = bytearray()
    with db.cursor() as cursor:
        with cursor.copy(statement) as copy:
            for row in rows:
                waiting += row
                if len(waiting) > AT_ONCE_BYTES:
                    copy.write(waiting)
                    waiting.clear()
            copy.write(waiting)
        return cursor.rowcount


def _relations(db: Connection, *kinds: str) -> list[str]:
    return [name for (name,) in db.execute(RELATIONS, {"schema": SCHEMA, "kinds": list(kinds)})]


def _names(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(SCHEMA, name) for name in names)
