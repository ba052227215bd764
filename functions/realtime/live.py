"""What a running realtime is made of beside what every edge is, and how routes get at it."""

from __future__ import annotations

import asyncio
import math
import time
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from prometheus_client import Counter
from starlette.requests import HTTPConnection

from functions.realtime.cursor import Cursor, read_cursor
from functions.realtime.feed import Feed
from functions.realtime.rows import Rows
from functions.realtime.stay import Stay, lifetime
from functions.realtime.tabs import Tab, Tabs
from functions.shared.edge.parts import Parts
from functions.shared.edge.problems import invalid
from functions.shared.edge.tokens import Person

FRAMES = Counter("learnflow_live_frames_total", "Frames sent to clients.", ["type"])
ENDED = Counter("learnflow_live_ended_total", "Connections that ended.", ["kind", "how"])


@dataclass(frozen=True)
class Live:
    """The live channel of one replica, for one event loop.

    `send_seconds`: how long a client may take to take a frame before its connection is cut; `quiet_seconds`: how long
    an event stream may be silent, less than the half minute after which proxies give up on one.
    """

    parts: Parts
    tabs: Tabs
    rows: Rows
    send_seconds: float = 30.0
    quiet_seconds: float = 20.0
    auth_seconds: float = 5.0

    async def start(self, learner: str, last_id: str | None) -> Cursor:
        """Return from where on a learner is told things: from what the client saw last, or else from now.

        Raises Problem 422, 429 or 503, TryAgainLater if the database does not answer.
        """
        seen = read_cursor(last_id) if last_id is not None else None
        if last_id is not None and seen is None:
            raise invalid("query.last_id", "the last `id` that was received")
        self.tabs.require_room(learner)
        latest = await self.rows.latest(learner)
        return seen.up_to(latest) if seen else latest

    def stay(self, person: Person) -> Stay:
        """Return how long a connection of this person's may last."""
        return Stay(
            asyncio.get_running_loop().time() + lifetime(self.parts.settings.stream_seconds), known_until(person)
        )

    def feed(self, learner: str, cursor: Cursor, tab: Tab, stay: Stay, *, beats: bool) -> Feed:
        """Return what a connection is told; `beats`: with a sign of life where there is nothing else."""
        return Feed(learner, cursor, tab, self.rows, stay, quiet_seconds=self.quiet_seconds if beats else math.inf)


def known_until(person: Person) -> float:
    """Return when a person's token ends, in the event loop's time; never for somebody who came without."""
    if person.until is None:
        return math.inf
    return asyncio.get_running_loop().time() + person.until - time.time()


async def live(connection: HTTPConnection) -> Live:
    """Return the live channel of the replica that serves a connection."""
    found: Live = connection.app.state.live
    return found


TheLive = Annotated[Live, Depends(live)]
