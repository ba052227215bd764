"""What is due to be sent, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from functions.notification.parcel import Parcel
from functions.notification.quiet import Quiet
from functions.notification.steps import Due, Step
from functions.shared.alerting import Channel
from functions.shared.database import Connection

# Where a copy goes is what its subscription says now, not what it said when the alert was raised.
TAKE_DUE = """
    SELECT d.alert_id, d.channel, d.status, d.attempts,
           CASE d.channel WHEN 'webhook' THEN s.webhook_url ELSE s.email END AS target, s.webhook_secret,
           s.quiet_from, s.quiet_to, s.time_zone,
           a.read_at IS NOT NULL OR a.dismissed_at IS NOT NULL AS seen,
           a.about, a.kind, a.severity, a.title, a.message, a.evidence, a.created_at
    FROM deliveries d JOIN alerts a ON a.id = d.alert_id LEFT JOIN subscriptions s ON s.id = d.subscription_id
    WHERE d.status IN ('pending', 'sending') AND d.due_at <= %(now)s
    ORDER BY d.due_at LIMIT 1
    FOR UPDATE OF d SKIP LOCKED
"""

NOTE_STEP = """
    UPDATE deliveries SET status = %(status)s, attempts = %(attempts)s, due_at = %(due_at)s, last_error = %(error)s
    WHERE alert_id = %(alert)s AND channel = %(channel)s
"""

# Not if somebody has given up waiting for us.
NOTE_OUTCOME = """
    UPDATE deliveries SET status = %(status)s, due_at = %(due_at)s, last_error = %(error)s, target = %(target)s,
           sent_at = CASE WHEN %(status)s = 'sent' THEN %(now)s::timestamptz END
    WHERE alert_id = %(alert)s AND channel = %(channel)s AND status = 'sending' AND attempts = %(attempts)s
"""


@dataclass(frozen=True)
class Found:
    """A delivery that is due; `parcel` None if there is nowhere to send it."""

    alert_id: str
    channel: Channel
    due: Due
    parcel: Parcel | None


def take_due(db: Connection, now: datetime) -> Found | None:
    """Return the delivery that has been due for longest, held until the transaction ends; None if there is none that
    nobody else holds."""
    row = db.execute(TAKE_DUE, {"now": now}).fetchone()
    if row is None:
        return None
    alert_id, channel, status, attempts, target, secret, begins, ends, time_zone, seen, *said = row
    quiet = Quiet(begins, ends, time_zone) if begins is not None else None
    parcel = Parcel(alert_id, channel, target, secret, *said) if target is not None else None
    return Found(alert_id, channel, Due(status, attempts, target, seen, quiet), parcel)


def note_step(db: Connection, alert_id: str, channel: Channel, step: Step) -> None:
    """Keep what is to be done with a delivery."""
    db.execute(NOTE_STEP, {"alert": alert_id, "channel": channel, **_values(step)})


def note_outcome(db: Connection, parcel: Parcel, step: Step, now: datetime) -> None:
    """Keep what came of sending a parcel, and where it went."""
    whose = {"alert": parcel.alert_id, "channel": parcel.channel, "target": parcel.target, "now": now}
    db.execute(NOTE_OUTCOME, {**whose, **_values(step)})


def _values(step: Step) -> dict[str, object]:
    return {"status": step.status, "attempts": step.attempts, "due_at": step.due_at, "error": step.error}
