"""LISTEN: one connection a process that hears, from whichever replica, what there is to look at."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Mapping
from typing import Any

import psycopg
import structlog
from prometheus_client import Gauge

LISTENING = Gauge("learnflow_listening", "1 while the LISTEN connection is up.")
LISTEN = "LISTEN learnflow"
_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 5.0

Said = Mapping[str, str]
"""What a notification names: ids, of a `request`, a `learner`, a `message`, an `alert`; where one was `routed_to`;
and at what `stage` its answer is."""

log = structlog.get_logger()


class Listener:
    """Calls `hear` with every notification, and connects again, with backoff, whenever it has to; it calls `missed`
    whenever some may have been said to nobody."""

    def __init__(self, url: str, hear: Callable[[Said], None], missed: Callable[[], None]) -> None:
        self._url = url
        self._hear_said = hear
        self._missed = missed

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
        self._missed()  # what was said while nobody listened is in the rows
        async for notification in connection.notifies():
            said = understood(notification.payload)
            if said:
                self._hear_said(said)


def understood(payload: str) -> Said:
    """Return the ids that a notification names, by what each is the id of; none if it says nothing of the kind."""
    try:
        said = json.loads(payload)
    except ValueError:
        return {}
    return {name: id for name, id in said.items() if isinstance(id, str)} if isinstance(said, dict) else {}
