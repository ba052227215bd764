"""What notification reads, who teaches a learner or subscribed, and keeps: alerts, and what is to be sent of them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from functions.notification.quiet import Quiet, quiet_until
from functions.notification.recipients import Alert, Subscription
from functions.shared.database import Connection
from functions.shared.events import NAMESPACE, Event
from functions.shared.turns import take_turns

MOST_READ = 2000
"""People whom one event looks at."""

_SUBSCRIPTION = """
    SELECT id, subscriber_id, learner_id, kinds, webhook_url, email, quiet_from, quiet_to, time_zone FROM subscriptions
"""

# Who may be told of a learner, by what they are now: whoever teaches them, and those who may be told of anybody.
WATCHERS = """
    SELECT teacher_id, true FROM teaching WHERE learner_id = %(learner)s
    UNION SELECT id, false FROM users WHERE role IN ('admin', 'service')
    ORDER BY 2 DESC, 1 LIMIT %(most)s
"""

SUBSCRIPTIONS_OF = f"""
    {_SUBSCRIPTION} WHERE subscriber_id = ANY(%(users)s)
      AND (learner_id = subscriber_id OR learner_id = %(about)s OR learner_id IS NULL)
"""

KNOW_USERS = "INSERT INTO users (id) SELECT unnest(%(users)s::text[]) ON CONFLICT DO NOTHING"

STILL_THERE = """
    SELECT id FROM unnest(%(users)s::text[]) WITH ORDINALITY AS named (id, place)
    WHERE NOT EXISTS (SELECT FROM erased WHERE id_hash = erasure_hash(id)) ORDER BY place
"""

SAVE_ALERT = """
    INSERT INTO alerts (id, user_id, about, kind, severity, title, message, evidence, signal_id)
    VALUES (%(id)s, %(user)s, %(about)s, %(kind)s, %(severity)s, %(title)s, %(message)s, %(evidence)s, %(signal_id)s)
    ON CONFLICT (id) DO NOTHING
"""

# In the app an alert is there with its row, whether or not anybody is woken by it.
SAVE_DELIVERY = """
    INSERT INTO deliveries (alert_id, channel, subscription_id, target, status, due_at, sent_at)
    VALUES (%(alert)s, %(channel)s, %(subscription)s, %(target)s, %(status)s, %(now)s, %(sent_at)s)
    ON CONFLICT (alert_id, channel) DO NOTHING
"""

ANNOUNCE = "SELECT pg_notify('learnflow', json_build_object('learner', %(user)s::text, 'alert', %(alert)s::text)::text)"


def watchers_of(db: Connection, learner: str) -> tuple[list[str], list[str]]:
    """Return who teaches a learner, and who else may be told of them."""
    rows = db.execute(WATCHERS, {"learner": learner, "most": MOST_READ}).fetchall()
    teachers = [user for user, is_teacher in rows if is_teacher]
    return teachers, [user for user, is_teacher in rows if not is_teacher and user not in teachers]


def subscriptions_of(db: Connection, users: Sequence[str], about: str) -> list[Subscription]:
    """Return the subscriptions of users that say how they want to be told something by, or about, a user."""
    return [_subscription(row) for row in db.execute(SUBSCRIPTIONS_OF, {"users": list(users), "about": about})]


def still_there(db: Connection, users: Sequence[str]) -> tuple[str, ...]:
    """Return those of users who are not deleted, in their order."""
    return tuple(user for (user,) in db.execute(STILL_THERE, {"users": list(users)}))


def know_users(db: Connection, users: Iterable[str]) -> None:
    """Make rows for users not seen before."""
    db.execute(KNOW_USERS, {"users": sorted(users)})  # always in one order: two of us cannot wait for each other


def alert_id(event: Event[Any], user: str) -> str:
    """Return the id of what one user is told by an event: the same whenever the event is handled."""
    return str(uuid.uuid5(NAMESPACE, f"alert:{json.dumps([event.origin, event.id, user])}"))


def save_alerts(db: Connection, event: Event[Any], alerts: Sequence[Alert], now: datetime) -> None:
    """Keep alerts and what is to be sent of each; tell the edge, when the transaction commits, who is not asleep."""
    take_turns(db, "alerts", {alert.user for alert in alerts})
    with db.pipeline():  # hundreds of statements, and nothing that one of them tells decides on the next
        for alert in alerts:
            key = alert_id(event, alert.user)
            db.execute(SAVE_ALERT, {"id": key, "about": event.learner_id, **_row(alert)})
            shown = {"alert": key, "channel": "in_app", "subscription": None, "target": None, "now": now}
            db.execute(SAVE_DELIVERY, {**shown, "status": "sent", "sent_at": now})
            for channel, target in alert.targets.items():
                assert alert.via is not None
                copy = {"alert": key, "channel": channel, "subscription": alert.via.id, "target": target, "now": now}
                db.execute(SAVE_DELIVERY, {**copy, "status": "pending", "sent_at": None})
            if quiet_until(now, alert.quiet) <= now:
                db.execute(ANNOUNCE, {"user": alert.user, "alert": key})


def _row(alert: Alert) -> dict[str, object]:
    return {
        "user": alert.user,
        "kind": alert.kind,
        "severity": alert.severity,
        "title": alert.words.title,
        "message": alert.words.message,
        "evidence": Jsonb(alert.evidence),
        "signal_id": alert.signal_id,
    }


def _subscription(row: tuple) -> Subscription:  # type: ignore[type-arg]  # as _SUBSCRIPTION names its columns
    key, subscriber, learner, kinds, webhook_url, email, begins, ends, time_zone = row
    targets = {"webhook": webhook_url, "email": email}
    return Subscription(
        id=key,
        subscriber=subscriber,
        learner=learner,
        kinds=frozenset(kinds),
        targets={channel: target for channel, target in targets.items() if target},  # type: ignore[misc]
        quiet=Quiet(begins, ends, time_zone) if begins is not None else None,
    )
