"""Quiet hours: when nobody wants to be disturbed, by the clock on their own wall. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@dataclass(frozen=True)
class Quiet:
    """From one time of day up to another, over midnight where the second is the earlier one."""

    begins: time
    ends: time
    time_zone: str


def quiet_until(now: datetime, quiet: Quiet | None) -> datetime:
    """Return when people may be disturbed: `now`, or the end of their quiet hours in UTC.

    `now` is aware. Where a clock that is put back shows the end twice, the next one counts; where a clock that is put
    forward leaves it out, the same time as if it had not been.
    """
    if quiet is None:
        return now
    zone = _zone(quiet.time_zone)
    here = now.astimezone(zone)
    clock = here.time()
    over_midnight = quiet.ends < quiet.begins
    before_end, after_begin = clock < quiet.ends, clock >= quiet.begins
    if not ((before_end or after_begin) if over_midnight else (before_end and after_begin)):
        return now
    day = here.date() + timedelta(days=1) if over_midnight and after_begin else here.date()
    end = datetime.combine(day, quiet.ends, zone)
    return next(moment for fold in (0, 1) if (moment := end.replace(fold=fold).astimezone(UTC)) > now)


def _zone(name: str) -> ZoneInfo:
    """Return a time zone; UTC for one that is not known here (any longer)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
