"""Services that scale: requests wait while a process starts, are held to its limit, and the idle are stopped."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
import time
from collections import deque
from pathlib import Path
from typing import Any

import aiohttp

from knative.local.delivery import Answer
from knative.local.events import Event, to_http
from knative.local.launch import Launch
from knative.local.unit import StartError, Unit

log = logging.getLogger(__name__)

TICK_SECONDS = 0.1
PATIENCE_SECONDS = 2.0  # the autoscaler's tick: that a request waits in vain before one more replica is started for it
STEADY_SECONDS = 10.0  # after which a process that ends counts as a new failure, not as part of a loop
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.2, 20.0
NO_HEADERS = ("Content-Type", "User-Agent", "Accept", "Accept-Encoding")  # that the client would add by itself


class UnavailableError(Exception):
    """No process of a Service can take a request."""


class Service:
    """A Service of one namespace: as many processes as its requests need. `address` is its URL on a cluster."""

    def __init__(self, launch: Launch, http: aiohttp.ClientSession, logs: Path, idle_seconds: float | None) -> None:
        template, self.spec = launch.template, launch.template.spec
        self.name, self.address = launch.name, f"http://{launch.name}.{launch.namespace}.svc.cluster.local"
        self._min, self._max = template.number("min-scale"), template.number("max-scale") or sys.maxsize
        self._initial = max(self._min, template.number("initial-scale"))
        self._window = template.seconds("window", "60s") + template.seconds("scale-down-delay")
        self._retention = template.seconds("scale-to-zero-pod-retention-period")
        if idle_seconds is not None:
            self._window, self._retention = idle_seconds, 0.0
        self._launch, self._http, self._log_file = launch, http, logs / f"{launch.name}.log"
        self._units: dict[Unit, asyncio.Task[None]] = {}
        self._leaving: set[asyncio.Task[None]] = set()
        self._queue: deque[tuple[asyncio.Future[Unit], float]] = deque()  # who waits, since when
        self._wake = asyncio.Event()
        self._not_before, self._failing = 0.0, 0
        self._counts = {"requests": 0, "cold_starts": 0, "last_start_seconds": 0.0, "failures": 0}

    @property
    def is_ready(self) -> bool:
        """Whether as many processes serve as `min-scale` asks for."""
        return sum(unit.ready for unit in self._units) >= self._min

    def status(self) -> dict[str, Any]:
        """Return what the table and /-/status show."""
        replicas = sum(unit.ready for unit in self._units)
        resting = "crash loop" if self._failing > 1 else "starting" if self._units else "zero"
        return {"state": "ready" if replicas else resting, "replicas": replicas, **self._counts}

    def start(self) -> None:
        """Begin to look after it; the replicas of min-scale and initial-scale start now."""
        for _ in range(self._initial):
            self._add()
        self._supervisor = asyncio.create_task(self._supervise())

    async def stop(self) -> None:
        """End all processes."""
        self._supervisor.cancel()
        self._refuse_waiting("the runtime is stopping")
        for unit in list(self._units):
            self._leave(unit)
        await asyncio.gather(*self._leaving, self._supervisor, return_exceptions=True)

    async def acquire(self) -> Unit:
        """Return a process with room for one request, waiting until there is one. Raises UnavailableError."""
        self._counts["requests"] += 1
        if unit := self._with_room():
            unit.busy += 1
            return unit
        if not self._units and not self._queue:
            self._counts["cold_starts"] += 1
        waiting: asyncio.Future[Unit] = asyncio.get_running_loop().create_future()
        self._queue.append((waiting, time.monotonic()))
        self._wake.set()
        try:
            return await waiting
        except asyncio.CancelledError:
            if waiting.done() and not waiting.cancelled() and not waiting.exception():
                self.release(waiting.result())
            raise

    def release(self, unit: Unit) -> None:
        """Give back what `acquire` returned."""
        unit.busy -= 1
        unit.idle_since = time.monotonic()
        self._serve_waiting()

    async def send(self, event: Event, *, timeout: float, path: str, namespace: str) -> Answer | None:
        """Post an event. What a cluster's proxy would answer for a process that cannot, this answers too."""
        headers, body = to_http(event)
        headers |= {"Prefer": "reply", "Kn-Namespace": namespace, "Host": self.address.removeprefix("http://")}
        limit, unit = min(timeout, self.spec.timeout_seconds), None
        try:
            async with asyncio.timeout(limit):
                unit = await self.acquire()
                url = unit.url + (path or "/")
                async with self._http.post(url, data=body, headers=headers, skip_auto_headers=NO_HEADERS) as response:
                    return Answer(response.status, tuple(response.headers.items()), await response.read())
        except TimeoutError:
            return None if limit == timeout else Answer(504, body=b"request timeout")
        except UnavailableError as why:
            return Answer(503, body=str(why).encode())
        except (aiohttp.ClientError, OSError, ValueError) as why:
            log.warning("%s did not answer: %r", self.name, why)
            return Answer(502, body=f"{self.name} did not answer".encode())
        finally:
            if unit:
                self.release(unit)

    def _with_room(self) -> Unit | None:
        """Return the least busy process with room; of equals the oldest, so that the youngest falls idle."""
        limit = self.spec.container_concurrency or sys.maxsize
        free = (unit for unit in self._units if unit.ready and unit.busy < limit)
        return min(free, key=lambda unit: unit.busy, default=None)

    def _serve_waiting(self) -> None:
        while self._queue and (unit := self._with_room()):
            waiting, _ = self._queue.popleft()
            if not waiting.done():
                unit.busy += 1
                waiting.set_result(unit)

    def _refuse_waiting(self, why: str) -> None:
        for waiting, _ in self._queue:
            if not waiting.done():
                waiting.set_exception(UnavailableError(why))
        self._queue.clear()

    async def _supervise(self) -> None:
        while True:
            rest = TICK_SECONDS if self._queue else max(TICK_SECONDS, min(1.0, self._window / 4))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), rest)
            self._wake.clear()
            self._serve_waiting()
            self._scale(time.monotonic())

    def _scale(self, now: float) -> None:
        while self._queue and self._queue[0][0].done():
            self._queue.popleft()
        starting = any(not unit.ready for unit in self._units)
        in_vain = self._queue and (not self._units or now - self._queue[0][1] > PATIENCE_SECONDS)
        wanted = in_vain and not starting and len(self._units) < self._max
        if now >= self._not_before and (wanted or len(self._units) < self._min):
            self._add()
        for unit in reversed(list(self._units)):
            limit = self._window + (self._retention if len(self._units) == 1 else 0)
            if len(self._units) > self._min and unit.ready and not unit.busy and now - unit.idle_since > limit:
                self._leave(unit)

    def _leave(self, unit: Unit) -> None:
        task = self._units.pop(unit)
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)
        task.cancel()

    def _add(self) -> None:
        unit = Unit(self._launch, self._http, self._log_file)
        self._units[unit] = asyncio.create_task(self._run(unit))

    async def _run(self, unit: Unit) -> None:
        """See one process through its life. Cancelling ends it."""
        began = ready = time.monotonic()
        try:
            await unit.start()
            ready = time.monotonic()
            self._counts["last_start_seconds"] = round(ready - began, 3)
            self._serve_waiting()
            why = await unit.watch()
        except StartError as error:
            why, ready = str(error), time.monotonic()
        finally:
            await unit.stop()
        del self._units[unit]
        self._failing = 1 if time.monotonic() - ready > STEADY_SECONDS else self._failing + 1
        self._crashed(unit, why)

    def _crashed(self, unit: Unit, why: str) -> None:
        self._counts["failures"] += 1
        pause = min(FIRST_PAUSE_SECONDS * 2 ** (self._failing - 1), LONGEST_PAUSE_SECONDS)
        self._not_before = time.monotonic() + pause
        said = "\n".join(f"    {line}" for line in unit.last_lines)
        log.error("%s %s; it may start again in %.1f s. It said:\n%s", self.name, why, pause, said)
        if self._failing > 1:
            self._refuse_waiting(f"{self.name} {why}")
        self._wake.set()
