"""Who waits for which request, in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from prometheus_client import Gauge

WAITING = Gauge("learnflow_waiters", "Requests that somebody holds a connection open for.")


class Bell:
    """Rings when a request may have changed. It says nothing about what changed: the row does."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake whoever waits; if nobody waits just now, the next wait returns at once."""
        self._rung.set()

    def hush(self) -> None:
        """Forget what rang; call before reading the row, so that nothing after the reading is missed."""
        self._rung.clear()

    async def rings_before(self, deadline: float) -> bool:
        """Wait until it rings; False if it does not before `deadline`, in the loop's time."""
        try:
            async with asyncio.timeout_at(deadline):
                await self._rung.wait()
        except TimeoutError:
            return False
        return True


class Waiters:
    """The bells of this process, by request id. For one event loop."""

    def __init__(self) -> None:
        self._bells: dict[str, set[Bell]] = {}
        self._closing = False

    @property
    def closing(self) -> bool:
        """Whether the process is about to end, so that nobody should wait any longer."""
        return self._closing

    def __len__(self) -> int:
        return sum(map(len, self._bells.values()))

    @contextmanager
    def waiting(self, request_id: str) -> Iterator[Bell]:
        """Yield a bell that rings for the request until the block is left, however it is left."""
        bell = Bell()
        self._bells.setdefault(request_id, set()).add(bell)
        WAITING.inc()
        try:
            yield bell
        finally:
            WAITING.dec()
            bells = self._bells[request_id]
            bells.remove(bell)
            if not bells:
                del self._bells[request_id]

    def hear(self, said: Mapping[str, str]) -> None:
        """Wake everybody who waits for the request that a notification names, if it names one."""
        self.ring(said.get("request", ""))

    def ring(self, request_id: str) -> None:
        """Wake everybody who waits for a request."""
        for bell in self._bells.get(request_id, ()):
            bell.ring()

    def ring_all(self) -> None:
        """Wake everybody: something may have been missed."""
        for bells in self._bells.values():
            for bell in bells:
                bell.ring()

    def close(self) -> None:
        """Wake everybody to say goodbye: whoever still waits is answered with what is known."""
        self._closing = True
        self.ring_all()
