"""What realtime reads: what was said to people after what they have seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from functions.realtime.cursor import Cursor
from functions.shared.edge.alerts import ALERT_COLUMNS, KeptAlert
from functions.shared.edge.database import AsyncConnection

PAGE = 10
"""Rows of a kind that are read for a connection at once: what it holds in memory while its client takes its time."""

LATEST = """
    SELECT (SELECT coalesce(max(seq), 0) FROM messages WHERE learner_id = %(learner)s),
           (SELECT coalesce(max(seq), 0) FROM alerts WHERE user_id = %(learner)s)
"""

_WISHES = "unnest(%(learners)s::text[], %(seen)s::bigint[]) WITH ORDINALITY AS wish(learner, seen, place)"

MESSAGES = f"""
    SELECT place, told.* FROM {_WISHES} CROSS JOIN LATERAL (
        SELECT seq, request_id, type, body FROM messages
        WHERE learner_id = learner AND seq > seen ORDER BY seq LIMIT %(most)s
    ) AS told ORDER BY place, seq
"""  # noqa: S608  # made of constants

ALERTS = f"""
    SELECT place, told.* FROM {_WISHES} CROSS JOIN LATERAL (
        SELECT {ALERT_COLUMNS} FROM alerts
        WHERE user_id = learner AND seq > seen ORDER BY seq LIMIT %(most)s
    ) AS told ORDER BY place, seq
"""  # noqa: S608  # made of constants


@dataclass(frozen=True)
class Message:
    """A message as it is kept."""

    seq: int
    request_id: str
    type: str
    body: dict[str, Any]


@dataclass(frozen=True)
class Wish:
    """Whose messages and alerts are wanted, and from where on."""

    learner: str
    seen: Cursor


@dataclass(frozen=True)
class Told:
    """The next of them, up to a page of each, the earliest first."""

    messages: list[Message] = field(default_factory=list)
    alerts: list[KeptAlert] = field(default_factory=list)


async def latest(db: AsyncConnection, learner: str) -> Cursor:
    """Return the cursor of whoever has seen everything."""
    row = await (await db.execute(LATEST, {"learner": learner})).fetchone()
    assert row is not None
    return Cursor(*row)


async def told_after(db: AsyncConnection, wishes: Sequence[Wish]) -> list[Told]:
    """Return what comes next, for each wish."""
    found = [Told() for _ in wishes]
    learners = [wish.learner for wish in wishes]
    for query, seen in ((MESSAGES, [w.seen.message for w in wishes]), (ALERTS, [w.seen.alert for w in wishes])):
        cursor = await db.execute(query, {"learners": learners, "seen": seen, "most": PAGE})
        for place, *row in await cursor.fetchall():
            told = found[place - 1]
            if query is MESSAGES:
                told.messages.append(Message(*row))
            else:
                told.alerts.append(KeptAlert(*row))
    return found
