"""What the gateway asks of the database about people's alerts and subscriptions, and the plain edits they make."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, time

from psycopg.rows import class_row

from functions.shared.alerting import AlertKind, Channel, Severity
from functions.shared.edge.alerts import ALERT_COLUMNS, KeptAlert
from functions.shared.edge.database import AsyncConnection


@dataclass(frozen=True)
class Narrowing:
    """Which alerts are wanted; `before` is the seq that all of them are below."""

    unread: bool = False
    dismissed: bool = False
    kind: AlertKind | None = None
    severity: Severity | None = None
    before: int | None = None


@dataclass(frozen=True)
class NewSubscription:
    """A subscription as somebody wants it; `learner_id` None: to everybody."""

    id: str
    subscriber_id: str
    learner_id: str | None
    kinds: list[AlertKind]
    channels: list[Channel]
    webhook_url: str | None
    webhook_secret: str | None
    email: str | None
    quiet_from: time | None
    quiet_to: time | None
    time_zone: str


@dataclass(frozen=True)
class KeptSubscription(NewSubscription):
    """A subscription as it is kept."""

    created_at: datetime


_SUBSCRIPTION = """
    id, subscriber_id, learner_id, kinds, channels, webhook_url, webhook_secret, email, quiet_from, quiet_to, time_zone,
    created_at
"""

ALERTS = f"""
    SELECT {ALERT_COLUMNS} FROM alerts
    WHERE user_id = %(user)s AND (%(before)s::bigint IS NULL OR seq < %(before)s)
      AND (NOT %(unread)s OR read_at IS NULL) AND (%(dismissed)s OR dismissed_at IS NULL)
      AND (%(kind)s::text IS NULL OR kind = %(kind)s) AND (%(severity)s::text IS NULL OR severity = %(severity)s)
    ORDER BY seq DESC LIMIT %(most)s
"""  # noqa: S608  # made of constants

UNREAD = "SELECT count(*) FROM alerts WHERE user_id = %(user)s AND read_at IS NULL"

READ = f"""
    UPDATE alerts SET read_at = coalesce(read_at, now()) WHERE id = %(id)s AND user_id = %(user)s
    RETURNING {ALERT_COLUMNS}
"""  # noqa: S608  # made of constants

# Only somebody else's judgement silences a sign that a learner is stuck; the learner's own dismissal clears their list.
DISMISS = f"""
    WITH dismissed AS (
        UPDATE alerts SET dismissed_at = coalesce(dismissed_at, now()), read_at = coalesce(read_at, now())
        WHERE id = %(id)s AND user_id = %(user)s
        RETURNING {ALERT_COLUMNS}, user_id, signal_id
    ), silenced AS (
        UPDATE struggle_signals SET dismissed_at = now() FROM dismissed
        WHERE struggle_signals.id = dismissed.signal_id AND struggle_signals.learner_id = dismissed.about
          AND dismissed.user_id <> dismissed.about AND struggle_signals.dismissed_at IS NULL
    )
    SELECT {ALERT_COLUMNS} FROM dismissed
"""  # noqa: S608  # made of constants

# Whoever subscribes to the same again changes what they had; the secret stays while the address does.
SUBSCRIBE = f"""
    WITH people AS (
        INSERT INTO users (id)
        SELECT unnest(array_remove(ARRAY[%(subscriber_id)s::text, %(learner_id)s::text], NULL)) ON CONFLICT DO NOTHING
    )
    INSERT INTO subscriptions (id, subscriber_id, learner_id, kinds, channels, webhook_url, webhook_secret, email,
        quiet_from, quiet_to, time_zone)
    VALUES (%(id)s, %(subscriber_id)s, %(learner_id)s, %(kinds)s, %(channels)s, %(webhook_url)s, %(webhook_secret)s,
        %(email)s, %(quiet_from)s, %(quiet_to)s, %(time_zone)s)
    ON CONFLICT (subscriber_id, learner_id) DO UPDATE SET
        kinds = excluded.kinds, channels = excluded.channels, webhook_url = excluded.webhook_url,
        webhook_secret = CASE WHEN excluded.webhook_url = subscriptions.webhook_url
            THEN subscriptions.webhook_secret ELSE excluded.webhook_secret END,
        email = excluded.email, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to,
        time_zone = excluded.time_zone
    RETURNING {_SUBSCRIPTION}
"""  # noqa: S608  # made of constants

SUBSCRIPTIONS = f"SELECT {_SUBSCRIPTION} FROM subscriptions WHERE subscriber_id = %(user)s ORDER BY created_at, id"  # noqa: S608

UNSUBSCRIBE = "DELETE FROM subscriptions WHERE id = %(id)s AND subscriber_id = %(user)s"


async def alerts_of(db: AsyncConnection, user: str, narrowing: Narrowing, most: int) -> list[KeptAlert]:
    """Return a user's latest alerts, the latest first."""
    async with db.cursor(row_factory=class_row(KeptAlert)) as cursor:
        await cursor.execute(ALERTS, {"user": user, "most": most, **asdict(narrowing)})
        return await cursor.fetchall()


async def unread_alerts(db: AsyncConnection, user: str) -> int:
    """Return how many alerts a user has not read."""
    row = await (await db.execute(UNREAD, {"user": user})).fetchone()
    assert row is not None
    return int(row[0])


async def read_alert(db: AsyncConnection, alert_id: str, user: str) -> KeptAlert | None:
    """Note that a user has read an alert of theirs and return it; None if they have none of this id."""
    async with db.cursor(row_factory=class_row(KeptAlert)) as cursor:
        await cursor.execute(READ, {"id": alert_id, "user": user})
        return await cursor.fetchone()


async def dismiss_alert(db: AsyncConnection, alert_id: str, user: str) -> KeptAlert | None:
    """Dismiss an alert of a user's, and with it the sign it rests on if that is about somebody else; return it, or None
    if they have none of this id."""
    async with db.cursor(row_factory=class_row(KeptAlert)) as cursor:
        await cursor.execute(DISMISS, {"id": alert_id, "user": user})
        return await cursor.fetchone()


async def keep_subscription(db: AsyncConnection, wish: NewSubscription) -> KeptSubscription:
    """Keep a subscription, in the place of the one that this user has to the same, and return it."""
    async with db.cursor(row_factory=class_row(KeptSubscription)) as cursor:
        await cursor.execute(SUBSCRIBE, asdict(wish))
        kept = await cursor.fetchone()
        assert kept is not None
        return kept


async def subscriptions_of(db: AsyncConnection, user: str) -> list[KeptSubscription]:
    """Return a user's subscriptions, the oldest first."""
    async with db.cursor(row_factory=class_row(KeptSubscription)) as cursor:
        await cursor.execute(SUBSCRIPTIONS, {"user": user})
        return await cursor.fetchall()


async def end_subscription(db: AsyncConnection, subscription_id: str, user: str) -> bool:
    """End a user's subscription; False if they have none of this id."""
    return (await db.execute(UNSUBSCRIBE, {"id": subscription_id, "user": user})).rowcount == 1
