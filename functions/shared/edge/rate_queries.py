"""How often somebody asked, as the database remembers it for all replicas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from functions.shared.edge.database import AsyncConnection
from functions.shared.edge.limits import Limit, wait_seconds

_MOVE = """
    ON CONFLICT (key) DO UPDATE
    SET free_at = greatest(had.free_at, clock_timestamp()) + make_interval(secs => %({which}_cost)s)
    WHERE greatest(had.free_at, clock_timestamp()) + make_interval(secs => %({which}_cost)s)
        <= clock_timestamp() + make_interval(secs => %({which}_tolerance)s)
    RETURNING free_at
"""

# limits.taken, for both at once, and for all replicas by the one clock that they share. It is looked at when the row is
# held: now() may be before what the one who held it last saw. The wide limit is counted only where the narrow one lets
# the request through: somebody who asks too often uses up nothing that others share. Rows are held in the same order
# always, so nobody waits for each other. Whoever is refused learns from the snapshot when to come again; should it be
# a moment old, they come too early by as much.
TAKE = f"""
    WITH narrow AS (
        INSERT INTO rates AS had (key, free_at) VALUES (%(narrow)s, now() + make_interval(secs => %(narrow_cost)s))
        {_MOVE.format(which="narrow")}
    ), wide AS (
        INSERT INTO rates AS had (key, free_at)
        SELECT %(wide)s, now() + make_interval(secs => %(wide_cost)s) FROM narrow WHERE %(wide)s::text IS NOT NULL
        {_MOVE.format(which="wide")}
    )
    SELECT EXISTS (SELECT FROM narrow), EXISTS (SELECT FROM wide),
        (SELECT extract(epoch FROM free_at - now())::float8 FROM rates WHERE key = %(narrow)s),
        (SELECT extract(epoch FROM free_at - now())::float8 FROM rates WHERE key = %(wide)s)
"""  # noqa: S608  # made of constants

AHEAD = "SELECT extract(epoch FROM free_at - now())::float8 FROM rates WHERE key = %(key)s"


async def take(db: AsyncConnection, limits: Sequence[Limit]) -> tuple[Limit, float] | None:
    """Count a request against one limit or two, the narrower first; return the one that it is too much for, and after
    how many seconds it will not be, or None where it is counted."""
    narrow, wide = limits[0], limits[1] if len(limits) > 1 else None
    row = await (await db.execute(TAKE, {**_named("narrow", narrow), **_named("wide", wide)})).fetchone()
    assert row is not None
    for limit, is_taken, ahead in zip((narrow, wide), row[:2], row[2:], strict=True):
        if limit is not None and not is_taken:
            # no row in the snapshot: others used up everything in this very moment
            return limit, wait_seconds(limit.rate, limit.rate.tolerance if ahead is None else ahead)
    return None


async def seconds_ahead(db: AsyncConnection, limit: Limit) -> float:
    """Return how far ahead of now, in seconds, the moment of a limit is; 0 where it has passed."""
    row = await (await db.execute(AHEAD, {"key": limit.key})).fetchone()
    return max(0.0, row[0]) if row else 0.0


def _named(which: str, limit: Limit | None) -> dict[str, Any]:
    cost, tolerance = (limit.rate.cost, limit.rate.tolerance) if limit else (0.0, 0.0)
    return {which: limit.key if limit else None, f"{which}_cost": cost, f"{which}_tolerance": tolerance}
