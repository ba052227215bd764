"""One line for each step of what a script does, with its seconds; on a terminal, also what is under way."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

NAME_WIDTH = 28
TICK_SECONDS = 0.2
CLEAR_LINE = "\r\x1b[K"


class Progress:
    """Steps may run side by side, in threads; each gets its line when it is done."""

    def __init__(self, out: TextIO = sys.stdout) -> None:
        self._out = out
        self._live = out.isatty()
        self._running: dict[str, tuple[float, str]] = {}  # name → (start, what it says of itself)
        self._lock = threading.RLock()
        self._ticker: threading.Thread | None = None

    @contextmanager
    def step(self, name: str) -> Iterator[Callable[[str], None]]:
        """A step; call what it yields with a few words on how it goes, the last of which its line keeps."""
        began = time.monotonic()
        with self._lock:
            self._running[name] = (began, "")
            self._tick_while_running()

        def say(words: str) -> None:
            with self._lock:
                self._running[name] = (began, words)

        try:
            yield say
        except BaseException:
            self._end(name, "✗")
            raise
        self._end(name, "✓")

    def line(self, text: str) -> None:
        """A line of its own between the steps."""
        with self._lock:
            self._clear()
            print(text, file=self._out, flush=True)

    def warn(self, text: str) -> None:
        self.line(f"! {text}")

    def _end(self, name: str, mark: str) -> None:
        with self._lock:
            began, words = self._running.pop(name)
            seconds = time.monotonic() - began
            self.line(f"{mark} {name:<{NAME_WIDTH}} {seconds:6.1f} s" + (f"   {words}" if words else ""))

    def _tick_while_running(self) -> None:
        if self._live and (self._ticker is None or not self._ticker.is_alive()):
            self._ticker = threading.Thread(target=self._tick, daemon=True)
            self._ticker.start()

    def _tick(self) -> None:
        while True:
            with self._lock:
                if not self._running:
                    return
                now = time.monotonic()
                shown = [
                    f"{name} {now - began:.0f} s {words}".rstrip() for name, (began, words) in self._running.items()
                ]
                print(f"{CLEAR_LINE}… {' · '.join(shown)}"[:120], end="", file=self._out, flush=True)
            time.sleep(TICK_SECONDS)

    def _clear(self) -> None:
        if self._live:
            print(CLEAR_LINE, end="", file=self._out)
