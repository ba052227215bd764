"""What becomes of a delivery: sent now, later, never, or nobody can say. Pure.

pending ──> sending ──> sent
   ^           ├──────> failed     it did not arrive, and will not
   └───────────┤                   it did not arrive, and is tried again
               └──────> unsure     it may have arrived, and is not tried again (decisions/0005)
pending ──────────────> skipped    there is no need for it any more
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from functions.notification.parcel import NotSent, Unsure
from functions.notification.quiet import Quiet, quiet_until

Status = Literal["pending", "sending", "sent", "failed", "unsure", "skipped"]

LEASE = timedelta(minutes=5)
"""How long sending may take; whoever is silent for longer has died in the middle of it."""
PAUSES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
"""Before each further attempt; after the last there is none."""


@dataclass(frozen=True)
class Due:
    """A delivery whose time has come. `target` None: its subscription is gone, or wants no copy any more."""

    status: Status
    attempts: int
    target: str | None
    seen: bool
    quiet: Quiet | None


@dataclass(frozen=True)
class Step:
    """What a delivery is from now on."""

    status: Status
    attempts: int
    due_at: datetime
    error: str | None = None


def first_step(due: Due, now: datetime) -> Step:
    """Return what to do with a delivery that is due: `sending` means, send it now."""
    if due.status == "sending":
        return Step("unsure", due.attempts, now, "the process ended before it could say whether this was sent")
    if due.target is None:
        return Step("skipped", due.attempts, now, "no longer subscribed")
    if due.seen:
        return Step("skipped", due.attempts, now, "seen in the app before it was sent")
    awake = quiet_until(now, due.quiet)
    if awake > now:
        return Step("pending", due.attempts, awake)
    return Step("sending", due.attempts + 1, now + LEASE)


def last_step(attempts: int, outcome: NotSent | Unsure | None, now: datetime) -> Step:
    """Return what a delivery is after an attempt; `outcome` None: it was taken."""
    if outcome is None:
        return Step("sent", attempts, now)
    if isinstance(outcome, Unsure):
        return Step("unsure", attempts, now, str(outcome))
    if outcome.hopeless or attempts > len(PAUSES):
        return Step("failed", attempts, now, str(outcome))
    return Step("pending", attempts, now + PAUSES[attempts - 1], str(outcome))
