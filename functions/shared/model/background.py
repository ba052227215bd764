"""An event loop in a thread of its own, for what has to end by a certain time whatever it waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from threading import Lock, Thread
from typing import Any, TypeVar

Result = TypeVar("Result")


class Background:
    """Runs coroutines for other threads. The thread is made when first needed, which is after the server's fork, and
    ends with the process."""

    def __init__(self) -> None:
        self._making = Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    def run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        """Return what it returns, or raise what it raises; other threads may have others run meanwhile."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._running()).result()

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._making:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                Thread(target=self._loop.run_forever, name="model", daemon=True).start()
            return self._loop
