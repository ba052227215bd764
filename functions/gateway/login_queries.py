"""What the gateway asks of the database about log-ins: tries, and the refresh tokens that prolong them.

A family is a log-in and all that prolonged it. It is over once any of its tokens is revoked: so a rotation that happens
in the same moment cannot save it, whichever is first.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta

from psycopg.rows import class_row

from functions.gateway.account_queries import Account
from functions.gateway.credentials import FAILURES_FORGOTTEN, FREE_FAILURES, name_hash, pause_after
from functions.shared.edge.database import AsyncConnection
from functions.shared.edge.tokens import Role

LIFETIME = timedelta(days=30)
"""Of a refresh token; each that replaces it lives as long again."""
_GROWING = FREE_FAILURES + 8
"""Failures after which the pause grows no more."""


@dataclass(frozen=True)
class LogIn:
    """A log-in that goes on: whose, its family, and the refresh token, told this once."""

    user_id: str
    username: str
    name: str | None
    role: Role
    family: str
    refresh_token: str


# A try counts as a failure before it is looked at, and success takes it back: however many come at once, each is
# counted by the one row before any of them learns anything.
COUNT_TRY = """
    INSERT INTO login_failures (name_hash, failures, last_at) VALUES (%(name)s, 1, now())
    ON CONFLICT (name_hash) DO UPDATE SET
        failures = CASE WHEN login_failures.last_at < now() - %(forgotten)s THEN 1
            ELSE login_failures.failures + 1 END,
        locked_until = CASE WHEN login_failures.last_at >= now() - %(forgotten)s THEN
            now() + (%(pauses)s::interval[])[least(login_failures.failures + 1, cardinality(%(pauses)s::interval[]))]
            END,
        last_at = now()
    WHERE login_failures.locked_until IS NULL OR login_failures.locked_until <= now()
"""

SECONDS_LOCKED = """
    SELECT ceil(extract(epoch FROM locked_until - now()))::integer FROM login_failures WHERE name_hash = %(name)s
"""

FORGET_FAILURES = "DELETE FROM login_failures WHERE name_hash = %(name)s"

# Only while the hash that was checked still is the account's: a password that is changed meanwhile opens nothing.
OPEN = """
    WITH account AS (
        UPDATE accounts SET last_login_at = now(), password_hash = coalesce(%(new_hash)s, password_hash)
        WHERE user_id = %(user)s AND password_hash = %(hash)s
        RETURNING user_id, username, name
    ), cleared AS (
        DELETE FROM login_failures USING account WHERE name_hash = %(name)s
    ), opened AS (
        INSERT INTO refresh_tokens (token_hash, family, user_id, expires_at)
        SELECT %(next_hash)s, %(family)s, user_id, now() + %(lifetime)s FROM account
    )
    SELECT user_id, username, name, role, %(family)s::text AS family, %(next)s::text AS refresh_token
    FROM account JOIN users ON id = user_id
"""

# Of two who come with the same token at once, the second waits for the first and then finds it used.
ROTATE = """
    WITH used AS (
        UPDATE refresh_tokens SET used_at = now()
        WHERE token_hash = %(hash)s AND used_at IS NULL AND expires_at > now() AND NOT EXISTS (
            SELECT FROM refresh_tokens AS kin WHERE kin.family = refresh_tokens.family AND kin.revoked_at IS NOT NULL
        )
        RETURNING user_id, family
    ), replaced AS (
        INSERT INTO refresh_tokens (token_hash, family, user_id, expires_at)
        SELECT %(next_hash)s, family, user_id, now() + %(lifetime)s FROM used
    )
    SELECT used.user_id, username, name, role, family, %(next)s::text AS refresh_token
    FROM used JOIN users ON id = used.user_id JOIN accounts ON accounts.user_id = id
"""

REVOKE_REUSED = """
    UPDATE refresh_tokens SET revoked_at = now()
    WHERE revoked_at IS NULL
      AND family = (SELECT family FROM refresh_tokens WHERE token_hash = %(hash)s AND used_at IS NOT NULL)
"""

REVOKE = """
    UPDATE refresh_tokens SET revoked_at = now()
    WHERE revoked_at IS NULL AND family = (SELECT family FROM refresh_tokens WHERE token_hash = %(hash)s)
"""

REVOKE_OTHERS = """
    UPDATE refresh_tokens SET revoked_at = now()
    WHERE user_id = %(user)s AND revoked_at IS NULL AND family IS DISTINCT FROM %(kept)s
"""


async def count_try(db: AsyncConnection, username: str) -> int:
    """Count a try to log in as somebody; return 0, or the seconds after which one may try again."""
    name = name_hash(username)
    pauses = [pause_after(failures) for failures in range(1, _GROWING + 1)]
    counted = await db.execute(COUNT_TRY, {"name": name, "pauses": pauses, "forgotten": FAILURES_FORGOTTEN})
    if counted.rowcount:
        return 0
    row = await (await db.execute(SECONDS_LOCKED, {"name": name})).fetchone()
    return max(row[0] or 0, 1) if row else 1  # else somebody has logged in this moment


async def forget_failures(db: AsyncConnection, username: str) -> None:
    """Take back what counts against a name: whose it is has proved it."""
    await db.execute(FORGET_FAILURES, {"name": name_hash(username)})


async def open_login(db: AsyncConnection, account: Account, *, new_hash: str | None) -> LogIn | None:
    """Begin a family, in the place of what counts against the name; None if the password was changed meanwhile.

    `new_hash`: what to keep instead of the hash that was checked.
    """
    values = {"user": account.user_id, "hash": account.password_hash, "new_hash": new_hash, "family": str(uuid.uuid4())}
    async with db.cursor(row_factory=class_row(LogIn)) as cursor:
        await cursor.execute(OPEN, {**values, "name": name_hash(account.username), **_next_token()})
        return await cursor.fetchone()


async def prolong(db: AsyncConnection, refresh_token: str) -> LogIn | None:
    """Put a new refresh token in the place of one; None if that is unknown, used, expired or revoked.

    One that was used already ends its family: somebody has it who should not, or it is that somebody who asks.
    """
    values = {"hash": _hash(refresh_token)}
    async with db.cursor(row_factory=class_row(LogIn)) as cursor:
        prolonged = await (await cursor.execute(ROTATE, {**values, **_next_token()})).fetchone()
        if prolonged is None:
            await cursor.execute(REVOKE_REUSED, values)
        return prolonged


async def end_login(db: AsyncConnection, refresh_token: str) -> None:
    """End a token's family, if it is one and has not ended."""
    await db.execute(REVOKE, {"hash": _hash(refresh_token)})


async def end_logins(db: AsyncConnection, user: str, *, but: str | None) -> None:
    """End every log-in of a person's, but for one family."""
    await db.execute(REVOKE_OTHERS, {"user": user, "kept": but})


def _next_token() -> dict[str, object]:
    """Return a new refresh token of 256 random bits; no salt or slow hash is needed for what cannot be guessed."""
    token = secrets.token_urlsafe(32)
    return {"next": token, "next_hash": _hash(token), "lifetime": LIFETIME}


def _hash(refresh_token: str) -> bytes:
    return hashlib.sha256(refresh_token.encode()).digest()
