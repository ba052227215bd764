"""LISTEN: one connection a process that hears, from whichever replica, that a request changed."""

from __future__ import annotations

import asyncio
import json
import random
from typing import Any

import psycopg
import structlog
from prometheus_client import Gauge

from functions.gateway.waiting import Waiters

LISTENING = Gauge("learnflow_listening", "1 while the LISTEN connection is up.")
LISTEN = "LISTEN learnflow"
_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 5.0

log = structlog.get_logger()


class Listener:
    """Rings the waiters' bells for every notification; connects again, with backoff, whenever it has to."""

    def __init__(self, url: str, waiters: Waiters) -> None:
        self._url = url
        self._waiters = waiters

    async def run(self) -> None:
        """Listen until cancelled."""
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                async with await self._connect() as connection:
                    pause = _FIRST_PAUSE_SECONDS
                    await self._hear(connection)
            except (psycopg.Error, OSError) as error:
                log.warning("listener.lost", error=type(error).__name__, again_in_seconds=round(pause, 2))
            finally:
                LISTENING.set(0)
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    async def _connect(self) -> psycopg.AsyncConnection[Any]:
        return await psycopg.AsyncConnection.connect(
            self._url,
            autocommit=True,
            application_name="learnflow-listen",
            connect_timeout=5,
            # a peer that vanished without a word is noticed within about half a minute
            keepalives_idle=15,
            keepalives_interval=5,
            keepalives_count=3,
        )

    async def _hear(self, connection: psycopg.AsyncConnection[Any]) -> None:
        await connection.execute(LISTEN)
        LISTENING.set(1)
        log.info("listener.up")
        self._waiters.ring_all()  # what was said while nobody listened is in the rows
        async for notification in connection.notifies():
            request_id = named_request(notification.payload)
            if request_id is not None:
                self._waiters.ring(request_id)


def named_request(payload: str) -> str | None:
    """Return the request a notification is about; None if it names none."""
    try:
        said = json.loads(payload)
    except ValueError:
        return None
    named = said.get("request") if isinstance(said, dict) else None
    return named if isinstance(named, str) else None
