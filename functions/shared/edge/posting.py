"""Posting events to the broker, patiently but not for long: a person waits."""

from __future__ import annotations

import asyncio
import random

import aiohttp
import structlog
from cloudevents.http import CloudEvent
from prometheus_client import Counter

from functions.shared import broker
from functions.shared.errors import TryAgainLater

POSTS = Counter("learnflow_posts_total", "Attempts to post an event to the broker.", ["outcome"])

MAX_CONNECTIONS = 32
PATIENCE_SECONDS = 2.0
"""How long a broker that refuses is tried again."""
_ATTEMPT_SECONDS = 6.0
"""For one attempt: when hundreds ask at once the broker is slow, and being accepted late beats being refused."""
_FIRST_PAUSE_SECONDS = 0.05
_TO_BE_RETRIED = frozenset({404, 408, 409, 429, 500, 502, 503, 504})
"""404 too: a broker that is just being set up."""

log = structlog.get_logger()


class Broker:
    """The broker's ingress. For one event loop."""

    def __init__(self, url: str) -> None:
        """`url` is http:// or https://. Raises ValueError for any other."""
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"{url!r} is no HTTP address")
        self._url = url
        self._session: aiohttp.ClientSession | None = None

    async def post(self, event: CloudEvent) -> None:
        """Post an event, under the same id again where an attempt fails. Raises TryAgainLater unless it is stored.

        An attempt that brought no answer may have been stored all the same; consumers know duplicates by their id.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE_SECONDS
        pause = _FIRST_PAUSE_SECONDS
        while True:
            outcome = await broker.attempt(self._http(), self._url, event, seconds=_ATTEMPT_SECONDS)
            POSTS.labels(str(outcome)).inc()
            if outcome == broker.STORED:
                return
            wait = pause * random.uniform(0.8, 1.2)  # noqa: S311
            hopeless = isinstance(outcome, int) and outcome not in _TO_BE_RETRIED
            if hopeless or loop.time() + wait >= deadline:
                raise TryAgainLater(f"the broker does not take the event: {outcome}")
            log.warning("broker.again", outcome=outcome)
            await asyncio.sleep(wait)
            pause *= 2

    async def check(self, *, seconds: float) -> None:
        """Raise TryAgainLater if nobody answers at the broker's address; which 4xx a GET brings is no matter."""
        try:
            async with asyncio.timeout(seconds), self._http().get(self._url) as response:
                status = response.status
        except (aiohttp.ClientError, OSError) as error:
            raise TryAgainLater(f"the broker does not answer: {type(error).__name__}") from error
        if status >= 500:
            raise TryAgainLater(f"the broker answers {status}")

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    def _http(self) -> aiohttp.ClientSession:
        """Return the session, made when first needed: it belongs to the loop it is made in.

        aiohttp, because every request a person makes waits for one such POST: httpx took 0.7 ms of processor time
        for it, aiohttp 0.1 ms.
        """
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=MAX_CONNECTIONS))
        return self._session
