"""What the gateway asks of the database about people who can log in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from functions.shared.edge.database import AsyncConnection
from functions.shared.edge.tokens import Role


@dataclass(frozen=True)
class Account:
    """Somebody who can log in."""

    user_id: str
    username: str
    password_hash: str


@dataclass(frozen=True)
class Profile:
    """What is known of a person; those who log in elsewhere have neither username nor name."""

    id: str
    username: str | None
    name: str | None
    role: Role
    time_zone: str
    created_at: datetime


@dataclass(frozen=True)
class Listed:
    """Somebody who can log in, as an admin sees them."""

    id: str
    username: str
    name: str | None
    role: Role
    created_at: datetime
    last_login_at: datetime | None


# One statement: there is no person without their account where the name turns out to be taken.
CREATE_ACCOUNT = """
    WITH person AS (
        INSERT INTO users (id, role) VALUES (%(id)s, %(role)s) RETURNING id
    )
    INSERT INTO accounts (user_id, username, name, password_hash)
    SELECT id, %(username)s, %(name)s, %(password_hash)s FROM person
"""

ACCOUNT_NAMED = "SELECT user_id, username, password_hash FROM accounts WHERE lower(username) = lower(%(username)s)"

ACCOUNT_OF = "SELECT user_id, username, password_hash FROM accounts WHERE user_id = %(user)s"

PROFILE = """
    SELECT id, username, name, role, time_zone, users.created_at
    FROM users LEFT JOIN accounts ON user_id = id WHERE id = %(user)s
"""

# Those whom another issuer speaks for are nobody's row until they do something.
MEET = "INSERT INTO users (id) VALUES (%(user)s) ON CONFLICT DO NOTHING"

SET_TIME_ZONE = "UPDATE users SET time_zone = %(time_zone)s WHERE id = %(user)s"

SET_NAME = "UPDATE accounts SET name = %(name)s WHERE user_id = %(user)s"

REPLACE_HASH = """
    UPDATE accounts SET password_hash = %(new)s WHERE user_id = %(user)s AND password_hash = %(old)s
"""

_LISTED = "id, username, name, role, users.created_at, last_login_at"

ACCOUNTS = f"""
    SELECT {_LISTED} FROM accounts JOIN users ON id = user_id
    WHERE (%(after)s::text IS NULL OR lower(username) > lower(%(after)s))
      AND (%(query)s::text IS NULL OR position(%(query)s IN lower(username)) > 0
           OR position(%(query)s IN lower(name)) > 0)
    ORDER BY lower(username) LIMIT %(most)s
"""  # noqa: S608  # made of constants

SET_ROLE = f"""
    UPDATE users SET role = %(role)s FROM accounts WHERE id = %(user)s AND user_id = id RETURNING {_LISTED}
"""  # noqa: S608  # made of constants


async def create_account(
    db: AsyncConnection, *, user: str, username: str, name: str | None, role: Role, password_hash: str
) -> bool:
    """Make a person who can log in; False if the canonical username is somebody's."""
    values = {"id": user, "role": role, "username": username, "name": name, "password_hash": password_hash}
    try:
        await db.execute(CREATE_ACCOUNT, values)
    except psycopg.errors.UniqueViolation:
        return False
    return True


async def account_named(db: AsyncConnection, username: str) -> Account | None:
    """Return whose canonical username this is."""
    async with db.cursor(row_factory=class_row(Account)) as cursor:
        await cursor.execute(ACCOUNT_NAMED, {"username": username})
        return await cursor.fetchone()


async def account_of(db: AsyncConnection, user: str) -> Account | None:
    """Return how a person logs in; None if they do not, here."""
    async with db.cursor(row_factory=class_row(Account)) as cursor:
        await cursor.execute(ACCOUNT_OF, {"user": user})
        return await cursor.fetchone()


async def profile_of(db: AsyncConnection, user: str) -> Profile:
    """Return what is known of a person, who is made known if they were not."""
    async with db.cursor(row_factory=class_row(Profile)) as cursor:
        found = await (await cursor.execute(PROFILE, {"user": user})).fetchone()
        if found is None:
            await cursor.execute(MEET, {"user": user})
            found = await (await cursor.execute(PROFILE, {"user": user})).fetchone()
        assert found is not None
        return found


async def set_time_zone(db: AsyncConnection, user: str, time_zone: str) -> None:
    """Say where a person's days begin, who is made known if they were not."""
    await db.execute(MEET, {"user": user})
    await db.execute(SET_TIME_ZONE, {"user": user, "time_zone": time_zone})


async def set_name(db: AsyncConnection, user: str, name: str | None) -> bool:
    """Say what a person is called; False if they do not log in here."""
    return (await db.execute(SET_NAME, {"user": user, "name": name})).rowcount == 1


async def set_password(db: AsyncConnection, user: str, *, old: str, new: str) -> bool:
    """Put a hash in the place of the one that was checked; False if another has come there meanwhile."""
    return (await db.execute(REPLACE_HASH, {"user": user, "old": old, "new": new})).rowcount == 1


async def accounts(db: AsyncConnection, *, query: str | None, after: str | None, most: int) -> list[Listed]:
    """Return those who can log in and whose username or name holds `query`, by username."""
    async with db.cursor(row_factory=class_row(Listed)) as cursor:
        lower = query.lower() if query is not None else None
        await cursor.execute(ACCOUNTS, {"query": lower, "after": after, "most": most})
        return await cursor.fetchall()


async def set_role(db: AsyncConnection, user: str, role: Role) -> Listed | None:
    """Say what a person who can log in is; None if there is none of this id."""
    async with db.cursor(row_factory=class_row(Listed)) as cursor:
        await cursor.execute(SET_ROLE, {"user": user, "role": role})
        return await cursor.fetchone()
