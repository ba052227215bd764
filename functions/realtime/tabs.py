"""Who is connected to this process: a bell for each connection, by learner."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from prometheus_client import Gauge

from functions.shared.edge.listening import Said
from functions.shared.edge.problems import RETRY_AFTER_SECONDS, Problem
from functions.shared.edge.waiting import Bell

OPEN = Gauge("learnflow_live_connections", "WebSockets and event streams that are open.")

MOST_TABS = 16
"""Connections that one learner may have to one process."""
MOST_STAGES = 16
"""Stages that wait for a client that is slow; nobody misses an older one."""
READS_A_SECOND = 500
"""Over how much time all are rung where something may have been missed, and asked to come again where the process
ends: no database, and no replica that is left, takes a thousand at once."""
FAREWELL_SECONDS = 5.0
"""How long a process that ends waits for its clients to have been told."""


class Stage(NamedTuple):
    """How far a question is: where it went (`routed`), or what happens to its answer (`stage`)."""

    kind: Literal["routed", "stage"]
    request_id: str
    what: str


@dataclass(eq=False)
class Tab:
    """One connection. `is_due`: there may be rows to read; `leave_ms`: it has to end, and may come again after this."""

    bell: Bell = field(default_factory=Bell)
    is_due: bool = True
    leave_ms: int | None = None
    _stages: deque[Stage] = field(default_factory=lambda: deque(maxlen=MOST_STAGES))

    def knock(self) -> None:
        """Have the rows read."""
        self.is_due = True
        self.bell.ring()

    def note(self, stage: Stage) -> None:
        """Have it told how far a question is."""
        self._stages.append(stage)
        self.bell.ring()

    def stages(self) -> Iterator[Stage]:
        """Take, one by one, how far questions are."""
        while self._stages:
            yield self._stages.popleft()

    def leave(self, after_ms: int) -> None:
        """Have it end."""
        self.leave_ms = after_ms
        self.bell.ring()


class Tabs:
    """Everybody who is connected to this process. For one event loop."""

    def __init__(self) -> None:
        self._tabs: dict[str, set[Tab]] = {}
        self._nobody = asyncio.Event()
        self._nobody.set()
        self._leaving = False

    def __len__(self) -> int:
        return sum(map(len, self._tabs.values()))

    def require_room(self, learner: str) -> None:
        """Raise Problem 503 where the process is about to end, 429 where the learner has enough connections."""
        if self._leaving:
            raise Problem(
                503, "leaving", "This replica ends", "Please connect again: another one takes you.",
                headers={"Retry-After": "1"},
            )  # fmt: skip
        if len(self._tabs.get(learner, ())) >= MOST_TABS:
            raise Problem(
                429, "too-many-connections", "Too many connections",
                f"You have {MOST_TABS} connections. Close one, or use one for several windows.",
                headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
            )  # fmt: skip

    @contextmanager
    def opened(self, learner: str) -> Iterator[Tab]:
        """Yield a tab of the learner's, which hears until the block is left."""
        tab = Tab()
        self._tabs.setdefault(learner, set()).add(tab)
        self._nobody.clear()
        OPEN.inc()
        try:
            yield tab
        finally:
            OPEN.dec()
            tabs = self._tabs[learner]
            tabs.remove(tab)
            if not tabs:
                del self._tabs[learner]
            if not self._tabs:
                self._nobody.set()

    def hear(self, said: Said) -> None:
        """Wake the tabs of the learner whom a notification names."""
        for tab in self._tabs.get(said.get("learner", ""), ()):
            if stage := _stage_in(said):
                tab.note(stage)
            else:
                tab.knock()

    def missed(self) -> None:
        """Wake everybody, little by little: something may have been said while nobody listened."""
        loop = asyncio.get_running_loop()
        for tab, after in self._spread():
            loop.call_later(after, tab.knock)

    async def leave(self) -> None:
        """Ask everybody to come again, each at a time of their own; return when all are gone, or after a while."""
        self._leaving = True
        for tab, after in self._spread(at_least=0.5):
            tab.leave(round(after * 1000))
        with suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL_SECONDS):
                await self._nobody.wait()

    def _spread(self, at_least: float = 0.0) -> list[tuple[Tab, float]]:
        """Return every tab, and a moment in seconds from now."""
        seconds = max(at_least, len(self) / READS_A_SECOND)
        return [(tab, random.uniform(0, seconds)) for tabs in self._tabs.values() for tab in tabs]  # noqa: S311


def _stage_in(said: Said) -> Stage | None:
    """Return how far a question is, where a notification tells that and not that there are rows to be read."""
    if "request" in said and "routed_to" in said:
        return Stage("routed", said["request"], said["routed_to"])
    if "request" in said and "stage" in said:
        return Stage("stage", said["request"], said["stage"])
    return None
