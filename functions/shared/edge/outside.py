"""The public keys of an outside issuer, as it shows them (JWKS, RFC 7517): fetched when needed, and not too often."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping

import aiohttp
import jwt
import structlog

from functions.shared.errors import TryAgainLater

ALGORITHMS = ("RS256", "ES256")
FRESH_SECONDS = 300.0
"""How long keys are believed without a look at the issuer."""
STALE_SECONDS = 3600.0
"""The same where the issuer does not answer: a school's sign-on that is down for a while locks nobody out."""
PAUSE_SECONDS = 10.0
"""Between two fetches at least: tokens that name keys nobody has must not make us flood the issuer."""
_PATIENCE_SECONDS = 5.0

_FAILURES = (aiohttp.ClientError, OSError, ValueError, TypeError, LookupError, RecursionError, jwt.PyJWTError)
"""No answer, and an answer that holds no keys."""

log = structlog.get_logger()


class OutsideKeys:
    """The keys of one issuer, by `kid`. For one event loop."""

    def __init__(self, url: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` tells seconds."""
        self._url = url
        self._clock = clock
        self._lock = asyncio.Lock()
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._fetched_at = self._tried_at = float("-inf")
        self._is_down = False

    async def key(self, kid: str) -> jwt.PyJWK | None:
        """Return a key, None if the issuer has none of this id. Raises TryAgainLater if it does not answer."""
        if not self._is_known(kid):
            async with self._lock:
                if not self._is_known(kid) and self._age(self._tried_at) >= PAUSE_SECONDS:
                    await self._fetch()
        found = self._keys.get(kid) if self._age(self._fetched_at) < STALE_SECONDS else None
        if found is None and self._is_down:
            raise TryAgainLater("the outside issuer does not show its keys")
        return found

    def _is_known(self, kid: str) -> bool:
        return kid in self._keys and self._age(self._fetched_at) < FRESH_SECONDS

    def _age(self, moment: float) -> float:
        return self._clock() - moment

    async def _fetch(self) -> None:
        try:
            self._keys = await _fetched(self._url)
            self._fetched_at, self._is_down = self._clock(), False
        except _FAILURES as error:
            self._is_down = True
            log.warning("issuer.unavailable", error=type(error).__name__)
        self._tried_at = self._clock()


async def _fetched(url: str) -> dict[str, jwt.PyJWK]:
    """Return the keys that signatures may be checked with: public ones alone, whatever else there is in the set.

    A secret that is shown to everybody would let everybody sign, so `oct` keys are left out.
    """
    timeout = aiohttp.ClientTimeout(total=_PATIENCE_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout, raise_for_status=True) as http, http.get(url) as response:
        shown = jwt.PyJWKSet((await response.json(content_type=None))["keys"])
    return {
        each.key_id: each
        for each in shown
        if isinstance(each.key_id, str) and each.algorithm_name in ALGORITHMS and each.public_key_use in {None, "sig"}
    }
