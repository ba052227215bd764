"""How often people may ask, as it is set."""

from __future__ import annotations

from dataclasses import dataclass

_MOST = 10_000_000


@dataclass(frozen=True)
class Rate:
    """So many requests a minute in the long run, and so many at once."""

    per_minute: int
    burst: int

    @property
    def cost(self) -> float:
        """Seconds that one request uses up."""
        return 60 / self.per_minute

    @property
    def tolerance(self) -> float:
        """Seconds that a burst uses up."""
        return self.burst * self.cost


@dataclass(frozen=True)
class Rates:
    """The limits, each of one who asks. A school is behind one address, so an address may ask as often as classes do;
    a service stands for many. `log_in` is for those who log in, by their address: it may be a class, or a guesser."""

    person: Rate = Rate(120, 60)
    service: Rate = Rate(6_000, 1_000)
    address: Rate = Rate(1_200, 300)
    log_in: Rate = Rate(60, 40)


def read_rate(text: str) -> Rate:
    """Return the rate that a setting says: `120/60` is 120 a minute, 60 at once. Raises ValueError for another text."""
    numbers = text.split("/")
    if len(numbers) != 2 or not all(each.isascii() and each.isdigit() and len(each) <= 8 for each in numbers):
        raise ValueError("not as in 120/60: so many a minute, so many at once")
    rate = Rate(*map(int, numbers))
    if not (0 < rate.per_minute <= _MOST and 0 < rate.burst <= _MOST):
        raise ValueError(f"each number has to be 1 to {_MOST:,}")
    return rate
