"""Sending: every delivery that is due, one after the other, by whoever claims it first."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime

import structlog
from prometheus_client import Counter

from functions.notification.outlets import own_outlets
from functions.notification.parcel import NotSent, Outlet, Parcel, Unsure
from functions.notification.sending_queries import note_outcome, note_step, take_due
from functions.notification.steps import Step, first_step, last_step
from functions.shared.alerting import Channel
from functions.shared.database import Database

DELIVERIES = Counter("learnflow_deliveries_total", "Copies of alerts, by what came of them.", ["channel", "status"])
BUDGET_SECONDS = 10.0
"""After which no further delivery is begun: an event may take no longer than its Trigger waits."""

log = structlog.get_logger()


def send_due(
    database: Database,
    now: datetime,
    outlets: Mapping[Channel, Outlet] | None = None,
    *,
    seconds: float = BUDGET_SECONDS,
) -> int:
    """Send what is due at `now` and return how much was tried; none is begun after `seconds`.

    Safe to call from anywhere at any time: each delivery is claimed in a transaction of its own, which is over before
    it is sent. Raises TryAgainLater where the database does not answer.
    """
    deadline, tried = time.monotonic() + seconds, 0
    while time.monotonic() < deadline:
        claimed = _claim(database, now)
        if claimed is None:
            break
        parcel, step = claimed
        if step.status == "sending":
            assert parcel is not None
            tried += 1
            step = last_step(step.attempts, _try(parcel, outlets or own_outlets()), now)
            with database.reading() as db:
                note_outcome(db, parcel, step, now)
            _tell(parcel.alert_id, parcel.channel, step)
    return tried


def _claim(database: Database, now: datetime) -> tuple[Parcel | None, Step] | None:
    """Make the next due delivery ours and return it with what to do; None if nothing is due."""
    with database.transaction() as db:
        found = take_due(db, now)
        if found is None:
            return None
        step = first_step(found.due, now)
        note_step(db, found.alert_id, found.channel, step)
    if step.status not in {"sending", "pending"}:
        _tell(found.alert_id, found.channel, step)
    return found.parcel, step


def _try(parcel: Parcel, outlets: Mapping[Channel, Outlet]) -> NotSent | Unsure | None:
    try:
        outlets[parcel.channel](parcel)
    except (NotSent, Unsure) as outcome:
        return outcome
    except Exception as bug:  # one delivery that cannot be must not hold up the others
        log.exception("delivery.bug", alert=parcel.alert_id, channel=parcel.channel)
        return Unsure(f"an unexpected error: {type(bug).__name__}")
    return None


def _tell(alert_id: str, channel: Channel, step: Step) -> None:
    DELIVERIES.labels(channel, step.status).inc()
    say = log.info if step.status in {"sent", "skipped"} else log.warning
    say("delivery." + step.status, alert=alert_id, channel=channel, attempts=step.attempts, reason=step.error)
