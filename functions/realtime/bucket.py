"""A token bucket: so many at once, and then so many a second. Pure; whoever asks tells the time."""

from __future__ import annotations


class Bucket:
    """Full at first. `most` may be taken at once, `a_second` come back."""

    def __init__(self, most: float, a_second: float, now: float) -> None:
        self._most, self._a_second = most, a_second
        self._left, self._at = most, now

    def take(self, now: float) -> float:
        """Take one; return 0, or after how many seconds there is one to be taken."""
        self._left = min(self._most, self._left + (now - self._at) * self._a_second)
        self._at = now
        if self._left >= 1:
            self._left -= 1
            return 0.0
        return (1 - self._left) / self._a_second
