"""Posting events to the broker, patiently but not for long: a person waits."""

from __future__ import annotations

import asyncio
import random

import httpx
import structlog
from cloudevents.http import CloudEvent
from prometheus_client import Counter

from functions.shared.envelope import to_http
from functions.shared.errors import TryAgainLater

POSTS = Counter("learnflow_posts_total", "Attempts to post an event to the broker.", ["outcome"])

PATIENCE_SECONDS = 2.0
"""For all attempts together."""
_ATTEMPT_SECONDS = 1.2
"""For one attempt: a connection that died unnoticed must leave time for another."""
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
        self._http = httpx.AsyncClient(trust_env=False)

    async def post(self, event: CloudEvent) -> None:
        """Post an event, under the same id again where an attempt fails. Raises TryAgainLater unless it is stored.

        An attempt that brought no answer may have been stored all the same; consumers know duplicates by their id.
        """
        headers, body = to_http(event)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE_SECONDS
        pause = _FIRST_PAUSE_SECONDS
        while True:
            outcome = await self._attempt(headers, body, min(_ATTEMPT_SECONDS, deadline - loop.time()))
            POSTS.labels(str(outcome)).inc()
            if outcome == 202:
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
            status = (await self._http.get(self._url, timeout=seconds)).status_code
        except httpx.HTTPError as error:
            raise TryAgainLater(f"the broker does not answer: {type(error).__name__}") from error
        if status >= 500:
            raise TryAgainLater(f"the broker answers {status}")

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _attempt(self, headers: dict[str, str], body: bytes, seconds: float) -> int | str:
        """Return the status of one attempt, or the kind of error that kept it from having one."""
        try:
            async with asyncio.timeout(seconds):  # for the whole attempt; httpx's own is for each of its steps
                return (await self._http.post(self._url, headers=headers, content=body, timeout=seconds)).status_code
        except (httpx.HTTPError, TimeoutError) as error:
            return type(error).__name__
