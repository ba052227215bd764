"""Posting an event to the broker, for the few that cannot answer with it: the edge and `dead-letter`."""

from __future__ import annotations

import asyncio

import aiohttp
from cloudevents.http import CloudEvent

from functions.shared.envelope import to_http
from functions.shared.errors import TryAgainLater
from functions.shared.settings import read_settings

STORED = 202
_PATIENCE_SECONDS = 5.0


async def attempt(session: aiohttp.ClientSession, url: str, event: CloudEvent, *, seconds: float) -> int | str:
    """POST an event once and return the broker's status, or the kind of error that kept it from having one.

    STORED is the only good one. Without an answer the event may have been stored all the same; whoever tries again
    does so under the same id, and consumers know duplicates by it.
    """
    headers, body = to_http(event)
    try:
        async with asyncio.timeout(seconds), session.post(url, headers=headers, data=body) as response:
            return response.status
    except (aiohttp.ClientError, OSError) as error:  # a time-out is an OSError
        return type(error).__name__


def post(event: CloudEvent) -> None:
    """Post an event to BROKER_URL. Raises TryAgainLater unless the broker says it is stored."""
    outcome = asyncio.run(_post_once(event))
    if outcome != STORED:
        raise TryAgainLater(f"the broker does not take the event: {outcome}")


async def _post_once(event: CloudEvent) -> int | str:
    url = read_settings(needs=("BROKER_URL",)).broker_url
    async with aiohttp.ClientSession() as session:
        return await attempt(session, url, event, seconds=_PATIENCE_SECONDS)
