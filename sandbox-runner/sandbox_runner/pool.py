"""Containers that wait for a run, and are replaced in the background when it is over."""

from __future__ import annotations

import queue
import threading
from concurrent.futures import ThreadPoolExecutor

from sandbox_runner.containers import START_SECONDS, Container, Engine
from sandbox_runner.link import SandboxUnavailable

_AT_ONCE = 2  # an engine makes more at once no faster


class Pool:
    """Safe to share among threads. What is taken is its taker's to give to `remove`."""

    def __init__(self, engine: Engine, size: int) -> None:
        """Begin to make `size` containers."""
        self._engine, self._size = engine, size
        self._lock = threading.Lock()
        self._stock = 0  # what waits or is being made, less who waits for it
        self._closed = False
        self._ready: queue.SimpleQueue[Container | SandboxUnavailable] = queue.SimpleQueue()
        self._makers = ThreadPoolExecutor(_AT_ONCE, "container-start")
        self._removers = ThreadPoolExecutor(_AT_ONCE, "container-remove")
        self._fill(size)

    def take(self) -> Container:
        """Return a container that nothing has run in. Raises SandboxUnavailable."""
        while True:
            with self._lock:
                if self._closed:
                    raise SandboxUnavailable("the sandbox has ended")
                self._stock -= 1
            self._fill(0)  # no more than is needed now: making one takes what the run could use
            container = self._next()
            if container.is_waiting():
                return container
            self.remove(container)  # the engine was restarted, or somebody has tidied up

    def layers(self) -> tuple[str, ...]:
        """Return what is around a run in the next container. Raises SandboxUnavailable."""
        container = self.take()
        with self._lock:
            self._ready.put(container)
            self._stock += 1
        return container.layers

    def remove(self, container: Container) -> None:
        """End a container in the background, and have another made; once the pool is closed, end it now."""
        with self._lock:
            closed = self._closed
            if not closed:
                self._removers.submit(self._engine.remove, container)
        if closed:
            self._engine.remove(container)
        else:
            self._fill(self._size)

    def close(self) -> None:
        """Remove what waits, and wait for what is being removed."""
        with self._lock:
            self._closed = True
        self._makers.shutdown(cancel_futures=True)
        while not self._ready.empty():
            if isinstance(found := self._ready.get(), Container):
                self._engine.remove(found)
        self._removers.shutdown()

    def _fill(self, level: int) -> None:
        with self._lock:
            while self._stock < level and not self._closed:
                self._makers.submit(self._make)
                self._stock += 1

    def _make(self) -> None:
        try:
            self._ready.put(self._engine.start())
        except SandboxUnavailable as why:
            with self._lock:
                if self._stock > 0:
                    self._stock -= 1  # nobody waits for it: who comes next tries again
                else:
                    self._ready.put(why)

    def _next(self) -> Container:
        try:
            found = self._ready.get(timeout=2 * START_SECONDS)
        except queue.Empty:
            raise SandboxUnavailable("the Docker engine makes no containers") from None
        if isinstance(found, SandboxUnavailable):
            raise found
        return found
