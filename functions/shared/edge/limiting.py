"""Nobody asks more often than their limits let them, whichever replica they ask."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import psycopg
import structlog
from prometheus_client import Counter
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from functions.shared.edge.addresses import client_address
from functions.shared.edge.database import AsyncPostgreSQL
from functions.shared.edge.identity import WHO, Doorman, bearer
from functions.shared.edge.limits import Limit, Whose, limits_of, own_limit
from functions.shared.edge.observing import PROBES
from functions.shared.edge.problems import Problem
from functions.shared.edge.rate_queries import take
from functions.shared.edge.tokens import Person
from functions.shared.errors import TryAgainLater
from functions.shared.rates import Rates
from functions.shared.settings import Settings

LIMITED = Counter("learnflow_limited_total", "Requests refused because there were too many.", ["limit"])

REST_SECONDS = 5.0
"""For so long nothing is counted where the database does not answer: nobody waits for it twice."""
MOST_REMEMBERED = 10_000

_WHOSE: dict[Whose, str] = {
    "person": "You ask",
    "service": "This service asks",
    "address": "From your address, more is asked",
    "log-in": "From your address, logging in is tried",
}

log = structlog.get_logger()


@dataclass(frozen=True)
class Refusal:
    """A request that is too much for a limit, and after how many seconds it will not be."""

    limit: Limit
    seconds: float

    def problem(self) -> Problem:
        """Return what whoever asked is told."""
        rate = self.limit.rate
        return Problem(
            429,
            "too-often",
            "Too many requests",
            f"{_WHOSE[self.limit.whose]} too often: up to {rate.per_minute:,} times a minute, {rate.burst:,} times at "
            "once. Retry-After says after how many seconds to try again.",
            headers={"Retry-After": str(max(1, math.ceil(self.seconds)))},
            limit=self.limit.whose,
        )


class Limiter:
    """Counts requests against limits. For one event loop."""

    def __init__(
        self, database: AsyncPostgreSQL, rates: Rates | None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`rates` None: nobody is limited. `clock` tells seconds."""
        self.rates = rates
        self._database = database
        self._clock = clock
        self._refused: dict[str, float] = {}
        self._rests_until = float("-inf")

    async def of_person(self, person: Person) -> Refusal | None:
        """Count something that somebody asks against their own limit alone; return why they may not, if so."""
        return await self.count([own_limit(self.rates, person)]) if self.rates else None

    async def count(self, limits: Sequence[Limit]) -> Refusal | None:
        """Count a request against limits, the narrower first; return why it is too much, if it is.

        Where the database does not answer, nothing is counted and nobody is refused: what a request is for will not
        work then either, and says so.
        """
        now = self._clock()
        for limit in limits:
            # The moment only ever moves on, so who is refused is refused until then, and the database is spared.
            if (until := self._refused.get(limit.key, now)) > now:
                return self._noted(Refusal(limit, until - now))
        if now < self._rests_until:
            return None
        try:
            async with self._database.reading() as db:
                found = await take(db, limits)
        except (TryAgainLater, psycopg.Error) as error:
            self._rests_until = self._clock() + REST_SECONDS
            log.warning("limits.not_counted", reason=str(error).partition("\n")[0])
            return None
        return self._remembered(Refusal(*found)) if found else None

    def _remembered(self, refusal: Refusal) -> Refusal:
        if len(self._refused) >= MOST_REMEMBERED:
            self._refused.clear()  # the database knows it all
        self._refused[refusal.limit.key] = self._clock() + refusal.seconds
        return self._noted(refusal)

    def _noted(self, refusal: Refusal) -> Refusal:
        LIMITED.labels(refusal.limit.whose).inc()
        return refusal


class Limited:
    """ASGI middleware that refuses what is too much before anything of its body is read, and notes who asks.

    Who keeps a WebSocket open is known to its route alone, so the opening counts against the address.
    """

    def __init__(self, app: ASGIApp, *, limiter: Limiter, doorman: Doorman, settings: Settings) -> None:
        self._app = app
        self._limiter = limiter
        self._doorman = doorman
        self._hops = settings.forwarded_hops

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or answer 429. Probes are nobody's requests."""
        rates = self._limiter.rates
        if rates is None or scope["type"] == "lifespan" or scope["path"] in PROBES:
            await self._app(scope, receive, send)
            return
        person = await self._who(scope) if scope["type"] == "http" else None
        limits = limits_of(rates, person, client_address(scope, self._hops), scope["path"])
        refusal = await self._limiter.count(limits)
        await (refusal.problem().response() if refusal else self._app)(scope, receive, send)

    async def _who(self, scope: Scope) -> Person | None:
        """Return who asks, and note it for the route; None for those who did not prove it, which the route minds."""
        headers, who = Headers(scope=scope), scope.setdefault("state", {})
        try:
            person = await self._doorman.person(bearer(headers.get("authorization")), headers.get("x-learner-id"))
        except Problem as problem:
            who[WHO] = problem
            return None
        except TryAgainLater:
            return None
        who[WHO] = person
        return person
