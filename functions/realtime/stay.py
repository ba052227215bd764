"""How long a connection lasts: less than the platform lets it, and no longer than its learner is known. Pure."""

from __future__ import annotations

import math
import random
from typing import Literal

NOTICE_SECONDS = 30.0
"""How long before a login ends the client is told, so that a new token can prolong the connection."""
_EARLIEST = 0.85
"""The share of its time after which a connection may be ended: those that came at once do not go at once."""

Advice = Literal["stay", "warn", "log out", "come again"]


class Stay:
    """How long one connection lasts. All times are those of the event loop, in seconds."""

    def __init__(self, ends_at: float, known_until: float = math.inf) -> None:
        self._ends_at = ends_at
        self._known_until = known_until
        self._is_warned = False

    @property
    def next_at(self) -> float:
        """When the advice changes."""
        notice = self._known_until if self._is_warned else self._known_until - NOTICE_SECONDS
        return min(self._ends_at, notice)

    def advice(self, now: float) -> Advice:
        """Return what to do at a time. It advises to warn once."""
        if now >= self._known_until:
            return "log out"
        if now >= self._ends_at:
            return "come again"
        if now >= self._known_until - NOTICE_SECONDS and not self._is_warned:
            self._is_warned = True
            return "warn"
        return "stay"

    def seconds_known(self, now: float) -> float:
        """Return for how long the learner is still known."""
        return max(0.0, self._known_until - now)

    def prolong(self, known_until: float) -> None:
        """Know the learner until another time: they have shown another token."""
        self._known_until = known_until
        self._is_warned = False


def lifetime(stream_seconds: int) -> float:
    """Return for how long to keep a connection, in seconds, of the time there is for one."""
    return stream_seconds * random.uniform(_EARLIEST, 1)  # noqa: S311
