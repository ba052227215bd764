"""How often somebody may ask: the limits, and their arithmetic.

The generic cell rate algorithm, in its virtual scheduling form (ITU-T Recommendation I.371, 2004, annex A): of each
one who asks but a single moment is kept, the theoretical arrival time, at which they have used up nothing any more. A
request moves it on by what one request costs, and may not move it further ahead of now than a burst costs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal

from functions.shared.edge.tokens import Person
from functions.shared.rates import Rate, Rates

Whose = Literal["person", "service", "address", "log-in"]
"""Whom a limit is for: somebody by their id, or all who share an address, in general or where one logs in."""

LOG_IN_PATHS = frozenset({"/api/v1/auth/login", "/api/v1/auth/register"})
"""Worth trying again and again to those who guess, and dear to us; prolonging a log-in takes what nobody can guess."""


@dataclass(frozen=True)
class Limit:
    """The limit of one who asks; `key` tells them from all others without naming them."""

    whose: Whose
    rate: Rate
    key: str = field(repr=False)


def limits_of(rates: Rates, person: Person | None, address: str, path: str) -> tuple[Limit, ...]:
    """Return what a request counts against, the narrower limit first.

    A service stands for many, so its address is not counted, but whom it acts for is.
    """
    if person is not None and person.role == "service":
        return (own_limit(rates, person),)
    if person is not None and person.through is not None:
        return (own_limit(rates, person), _limit("service", rates.service, person.through))
    if path in LOG_IN_PATHS:
        return (_limit("log-in", rates.log_in, address),)
    shared = _limit("address", rates.address, address)
    if person is None or person.is_nobody:
        return (shared,)
    return (own_limit(rates, person), shared)


def own_limit(rates: Rates, person: Person) -> Limit:
    """Return the limit that is somebody's own."""
    if person.role == "service":
        return _limit("service", rates.service, person.id)
    return _limit("person", rates.person, person.id)


def _limit(whose: Whose, rate: Rate, name: str) -> Limit:
    # Who asked last, and from where, is nobody's business: a digest serves as well.
    return Limit(whose, rate, sha256(f"{whose}:{name}".encode()).hexdigest()[:32])


def taken(rate: Rate, ahead: float) -> float | None:
    """Return how far ahead of now, in seconds, the moment is after a request; None if the request is too much.

    `ahead` is how far it was before; negative where it has passed.
    """
    moved = max(ahead, 0.0) + rate.cost
    return moved if moved <= rate.tolerance else None


def wait_seconds(rate: Rate, ahead: float) -> float:
    """Return after how many seconds a request will not be too much; 0 where it is not."""
    return max(0.0, max(ahead, 0.0) + rate.cost - rate.tolerance)


def remaining(rate: Rate, ahead: float) -> int:
    """Return how many requests are left at this moment."""
    # what is a rounding error away from one more is one more
    return math.floor((rate.tolerance - max(ahead, 0.0)) / rate.cost + 1e-6)
