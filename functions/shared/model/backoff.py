"""How long to wait before a server that failed is asked again. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

FIRST_SECONDS = 0.25
LONGEST_SECONDS = 4.0


def pause_seconds(failures: int, uniform: Callable[[float, float], float]) -> float:
    """Return how long to wait after so many failures in a row (1 or more), drawn by `uniform(low, high)`.

    "Full jitter": anything from 0 to a bound that doubles, so that those who failed together do not come back together.
    sleep = random(0, min(cap, base * 2^attempt)): Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture
    Blog, 2015.
    """
    bound = min(LONGEST_SECONDS, FIRST_SECONDS * 2.0 ** min(failures - 1, 16))
    return uniform(0.0, bound)


def retry_after_seconds(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return how long a server wants to be left alone (RFC 9110, 10.2.3: seconds, or a date); None if it does not say.

    `headers` are found whatever their case is. What cannot be read counts as not said.
    """
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - now).total_seconds())
