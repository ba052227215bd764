"""Reading for all connections: one query at a time, for everybody who came to wait while the one before went on.

A single message is read at once, and a thousand at once take some thirty queries; there is never more than one.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

from functions.realtime import frames
from functions.realtime.cursor import Cursor
from functions.realtime.frames import Frame
from functions.realtime.queries import PAGE, Told, Wish, latest, told_after
from functions.shared.edge.alerts import notification
from functions.shared.edge.database import AsyncPostgreSQL

MOST_TOGETHER = 32
"""Connections that one query reads for."""


@dataclass(frozen=True)
class Page:
    """What comes after a cursor, each frame with the cursor of whoever has seen it; `is_last`: there is no more now."""

    frames: list[Frame]
    is_last: bool


class Rows:
    """What was said to people. For one event loop."""

    def __init__(self, database: AsyncPostgreSQL) -> None:
        self._database = database
        self._waiting: deque[tuple[Wish, asyncio.Future[Told]]] = deque()
        self._reading: asyncio.Task[None] | None = None
        # Those who come in may be as many; the pool's other connections are for what they ask.
        self._coming_in = asyncio.Semaphore(1)

    async def latest(self, learner: str) -> Cursor:
        """Return the cursor of whoever has seen everything. Raises TryAgainLater."""
        async with self._coming_in, self._database.reading() as db:
            return await latest(db, learner)

    async def after(self, learner: str, cursor: Cursor) -> Page:
        """Return what comes next. Raises TryAgainLater."""
        told: asyncio.Future[Told] = asyncio.get_running_loop().create_future()
        self._waiting.append((Wish(learner, cursor), told))
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read_on(), name="reading")
        return _page(cursor, await told)

    async def _read_on(self) -> None:
        """Read until nobody waits."""
        while self._waiting:
            those = [self._waiting.popleft() for _ in range(min(MOST_TOGETHER, len(self._waiting)))]
            try:
                async with self._database.reading() as db:
                    found = await told_after(db, [wish for wish, _ in those])
            except Exception as error:
                for _, told in those:
                    if not told.done():
                        told.set_exception(error)
            else:
                for (_, told), answer in zip(those, found, strict=True):
                    if not told.done():  # its connection has ended meanwhile
                        told.set_result(answer)


def _page(cursor: Cursor, told: Told) -> Page:
    found = []
    for message in told.messages:
        cursor = cursor.past_message(message.seq)
        found.append(frames.message(message.request_id, message.type, message.body, cursor))
    for alert in told.alerts:
        cursor = cursor.past_alert(alert.seq)
        found.append(frames.alert(notification(alert).model_dump(mode="json"), cursor))
    return Page(found, is_last=max(len(told.messages), len(told.alerts)) < PAGE)
