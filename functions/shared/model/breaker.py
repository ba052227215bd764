"""The circuit breaker: a server that fails is left alone for a while, so that nobody waits for it in vain.

Our own, because pybreaker (1.4.1) holds its lock while it calls, so that eight threads would ask one after the other,
takes its time from the clock on the wall, and cannot be told to stay open for as long as a server says
(decisions/0008).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Literal

import structlog
from prometheus_client import Counter, Gauge

STATE = Gauge("learnflow_model_breaker_state", "0: the model is asked. 1: one try is on its way. 2: it is left alone.")
OPENED = Counter("learnflow_model_breaker_opened_total", "Times that a model was left alone, by why.", ["why"])

State = Literal["closed", "half-open", "open"]
_NUMBERS: dict[State, int] = {"closed": 0, "half-open": 1, "open": 2}

MOST_FAILURES = 5
"""In a row, of all threads together."""
PAUSE_SECONDS = 30.0
LONGEST_PAUSE_SECONDS = 600.0
"""However long a server wants to be left alone: somebody may have paid the bill by then."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Try:
    """That a call may be made. What comes of it counts only while the breaker is as it was then."""

    era: int


class Breaker:
    """Closed until MOST_FAILURES failures in a row or one 429; then open for a pause; then half-open: one try may pass,
    and closes it, or opens it anew. For many threads; nothing is held while somebody calls."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._state: State = "closed"
        self._failures = 0
        self._open_until = 0.0
        self._era = 0
        STATE.set(0)

    @property
    def state(self) -> State:
        """How it is."""
        return self._state

    def enter(self) -> Try | None:
        """Return that a call may be made, None if not. Whoever may, says afterwards what came of it."""
        with self._lock:
            if self._state == "half-open" or (self._state == "open" and self._clock() < self._open_until):
                return None
            if self._state == "open":
                self._become("half-open")
            return Try(self._era)

    def succeeded(self, one: Try) -> None:
        """Note that the server answered."""
        with self._lock:
            if one.era == self._era:
                self._failures = 0
                if self._state == "half-open":
                    self._become("closed")
                    log.info("model.asked_again")

    def failed(self, one: Try) -> None:
        """Note that it did not, or with an error of its own."""
        with self._lock:
            if one.era == self._era:
                self._failures += 1
                if self._state == "half-open" or self._failures >= MOST_FAILURES:
                    self._open("failures", PAUSE_SECONDS)

    def throttled(self, one: Try, seconds: float | None = None) -> None:
        """Note that it has too much to do, and how long it wants to be left alone if it said so."""
        with self._lock:
            if one.era == self._era:
                self._open("busy", min(LONGEST_PAUSE_SECONDS, seconds or PAUSE_SECONDS))

    def _open(self, why: str, seconds: float) -> None:
        self._open_until = self._clock() + seconds
        self._become("open")
        OPENED.labels(why).inc()
        log.warning("model.left_alone", why=why, seconds=round(seconds, 1))

    def _become(self, state: State) -> None:
        """Begin a new era: a call from before says nothing about how the server is now."""
        self._state, self._era, self._failures = state, self._era + 1, 0
        STATE.set(_NUMBERS[state])
