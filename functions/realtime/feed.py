"""What one connection is told: whenever its bell rings, it reads on from where it is.

Nothing is pushed to a connection, each pulls: however notifications come, twice, late or together, what is read goes on
from what was sent. Whoever takes the frames decides how fast; a slow client keeps its own connection waiting and
nothing else.
"""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import AsyncGenerator

import structlog

from functions.realtime import frames
from functions.realtime.cursor import Cursor
from functions.realtime.frames import Frame
from functions.realtime.rows import Page, Rows
from functions.realtime.stay import Stay
from functions.realtime.tabs import Tab
from functions.shared.errors import TryAgainLater

_FIRST_PAUSE_SECONDS = 0.2
_LONGEST_PAUSE_SECONDS = 5.0
_AFTER_MS = 500
"""Within which whoever stayed their time comes again: their times differ already."""
_NOTHING = Page([], is_last=True)

log = structlog.get_logger()


class Feed:
    """What one connection is told, from a cursor on. For one event loop."""

    def __init__(
        self, learner: str, cursor: Cursor, tab: Tab, rows: Rows, stay: Stay, *, quiet_seconds: float = math.inf
    ) -> None:
        """`quiet_seconds` without a frame bring a heartbeat."""
        self._learner = learner
        self._cursor = cursor
        self._tab = tab
        self._rows = rows
        self._stay = stay
        self._quiet_seconds = quiet_seconds
        self._pause = 0.0

    async def frames(self) -> AsyncGenerator[Frame, None]:
        """Yield frames as there are any; only the last has a `close`."""
        yield frames.hello(self._learner, self._cursor)
        while True:
            self._tab.bell.hush()
            parting = self._parting(asyncio.get_running_loop().time())
            if parting:
                yield parting
                if parting.close:
                    return
            for stage in self._tab.stages():
                yield frames.told(stage)
            page = await self._page()
            for frame in page.frames:
                self._cursor = frame.cursor or self._cursor
                yield frame
            if page.is_last and not await self._rings():
                yield frames.heartbeat()

    def _parting(self, now: float) -> Frame | None:
        """Return what there is to be said about the connection's end, if anything."""
        if self._tab.leave_ms is not None:
            return frames.reconnect(self._cursor, self._tab.leave_ms)
        match self._stay.advice(now):
            case "come again":
                return frames.reconnect(self._cursor, random.randrange(_AFTER_MS))  # noqa: S311
            case "log out":
                return frames.logged_out(self._cursor)
            case "warn":
                return frames.login_soon(self._cursor, round(self._stay.seconds_known(now) * 1000))
            case _:
                return None

    async def _page(self) -> Page:
        """Return what there is to be told now; nothing where the database does not answer, which is asked again."""
        if not self._tab.is_due:
            return _NOTHING
        self._tab.is_due = False
        try:
            page = await self._rows.after(self._learner, self._cursor)
        except TryAgainLater as why:
            self._tab.is_due = True
            self._pause = min(2 * self._pause or _FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS)
            log.warning("live.unread", reason=str(why), again_in_seconds=self._pause)
            return _NOTHING
        self._tab.is_due |= not page.is_last
        self._pause = 0.0
        return page

    async def _rings(self) -> bool:
        """Wait for the bell, or for when there is something to do all the same; False if it was quiet for too long."""
        loop = asyncio.get_running_loop()
        quiet_until = loop.time() + self._quiet_seconds
        again_at = loop.time() + (self._pause or math.inf)
        rang = await self._tab.bell.rings_before(min(self._stay.next_at, quiet_until, again_at))
        return rang or loop.time() < quiet_until
