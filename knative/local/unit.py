"""One replica of a Service: a process on a free port, started, probed, listened to and stopped."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import logging
import os
import re
import signal
import socket
import sys
import time
from collections import deque
from pathlib import Path

import aiohttp

from knative.local.launch import Launch
from knative.local.schema import Probe

log = logging.getLogger(__name__)

STARTING_POLL_SECONDS = 0.015
START_SECONDS = 600.0  # a revision's progress deadline
GRACE_SECONDS = 10.0
LAST_LINES = 12
_ALARMING = re.compile(rb"warning|error|critical|exception|traceback", re.IGNORECASE)
_PR_SET_PDEATHSIG = 1
_prctl = getattr(ctypes.CDLL(None), "prctl", None) if sys.platform == "linux" else None


class StartError(Exception):
    """A process ended, or was given up, before it was ready."""


class Unit:
    """A process of a Service. `ready` says whether requests may be sent to `url`, `busy` counts those it has."""

    def __init__(self, launch: Launch, http: aiohttp.ClientSession, log_file: Path) -> None:
        self.url, self.ready, self.busy, self.idle_since = "", False, 0, time.monotonic()
        self.last_lines: deque[str] = deque(maxlen=LAST_LINES)
        self._launch, self._http, self._log_file = launch, http, log_file
        self._box = launch.template.spec.containers[0]
        self._process: asyncio.subprocess.Process | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Return when the process is ready. Raises StartError."""
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self._launch.command,
                cwd=self._launch.folder,
                env={**self._launch.env, "PORT": str(port)},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )
        except OSError as why:
            raise StartError(f"cannot run {self._launch.command[0]}: {why}") from None
        self._tasks.append(asyncio.create_task(self._keep_output(self._process.stdout)))
        await asyncio.sleep(self._box.readiness_probe.initial_delay_seconds)
        deadline = time.monotonic() + START_SECONDS
        while not await self._passes(self._box.readiness_probe):
            if self._process.returncode is not None or time.monotonic() > deadline:
                raise StartError(await self._end())
            await asyncio.sleep(STARTING_POLL_SECONDS)
        self.ready, self.idle_since = True, time.monotonic()

    async def watch(self) -> str:
        """Return why the process is of no more use: it ended, or its liveness probe failed too often."""
        assert self._process
        waits = [asyncio.create_task(self._process.wait()), asyncio.create_task(self._keep_readiness())]
        if probe := self._box.liveness_probe:
            waits.append(asyncio.create_task(self._sickness(probe)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.ready = False
            for wait in waits:
                wait.cancel()
        return await self._end() if self._process.returncode is not None else "failed its liveness probe"

    async def stop(self) -> None:
        """End the process: kindly first, by force after the revision's time-out (at most 10 s)."""
        self.ready = False
        if self._process and self._process.returncode is None:
            self._process.terminate()
            with contextlib.suppress(TimeoutError):
                grace = min(self._launch.template.spec.timeout_seconds, GRACE_SECONDS)
                await asyncio.wait_for(self._process.wait(), grace)
        if self._process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)  # the whole group: what it may have left behind
            await self._process.wait()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _end(self) -> str:
        assert self._process
        with contextlib.suppress(TimeoutError):  # its last words are worth a moment
            await asyncio.wait_for(asyncio.shield(self._tasks[0]), 1)
        return "was never ready" if self._process.returncode is None else f"ended with {self._process.returncode}"

    async def _passes(self, probe: Probe) -> bool:
        try:
            async with asyncio.timeout(probe.timeout_seconds):
                if probe.http_get is None:
                    _, writer = await asyncio.open_connection("127.0.0.1", int(self.url.rpartition(":")[2]))
                    writer.close()
                    return True
                async with self._http.get(f"{self.url}{probe.http_get.get('path', '/')}") as response:
                    return 200 <= response.status < 400
        except (OSError, aiohttp.ClientError, TimeoutError):
            return False

    async def _keep_readiness(self) -> None:
        probe, failed = self._box.readiness_probe, 0
        while True:
            await asyncio.sleep(probe.period_seconds)
            failed = 0 if await self._passes(probe) else failed + 1
            self.ready = failed < probe.failure_threshold

    async def _sickness(self, probe: Probe) -> None:
        failed = 0
        await asyncio.sleep(probe.initial_delay_seconds)
        while failed < probe.failure_threshold:
            await asyncio.sleep(probe.period_seconds)
            failed = 0 if await self._passes(probe) else failed + 1

    async def _keep_output(self, output: asyncio.StreamReader | None) -> None:
        """Write what the process says to its log file, and what is alarming to the console too."""
        assert output
        name, rest, chunk = self._launch.name, b"", b"\n"
        with self._log_file.open("ab", buffering=0) as file:
            while chunk:
                chunk = await output.read(65536)
                *lines, rest = (rest + (chunk or b"\n")).split(b"\n")
                for line in lines if chunk or lines[0] else ():
                    self.last_lines.append(line.decode(errors="replace"))
                    file.write(b"%s | %s\n" % (name.encode(), line))
                    if _ALARMING.search(line):
                        log.warning("%s | %s", name, self.last_lines[-1])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _die_with_parent() -> None:
    """Run in the child: nothing of it outlives a runtime that was killed."""
    if _prctl:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
