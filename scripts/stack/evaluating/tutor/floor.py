"""The floor: of many threads one works at a time, and who waits for a model or for a program gives it up meanwhile.

Nothing is slower for it, since Python runs one of them at a time anyway. But Python before 3.11.8 and 3.12.2 may fail,
rarely, where two threads make syntax trees at once ("AST constructor recursion depth mismatch", CPython issue 106905).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, local


class Floor:
    """Whoever has it works."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._mine = local()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Have it, as soon as nobody else has."""
        with self._lock:
            self._mine.held = True
            try:
                yield
            finally:
                self._mine.held = False

    @contextmanager
    def given_up(self) -> Iterator[None]:
        """Let others have it for a while; nothing, for a thread that has it not."""
        if not getattr(self._mine, "held", False):
            yield
            return
        self._mine.held = False
        self._lock.release()
        try:
            yield
        finally:
            self._lock.acquire()
            self._mine.held = True


FLOOR = Floor()
