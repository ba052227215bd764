"""The live table: what runs, how often it was asked, and how long it takes to start."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from typing import Any

REFRESH_SECONDS = 0.5
COLUMNS = ("state", "replicas", "requests", "cold_starts", "last_start_seconds", "failures")


def render(status: dict[str, Any]) -> list[str]:
    """Return the table's lines."""
    rows = [("service", *(column.replace("_", " ") for column in COLUMNS))]
    for name, service in status["services"].items():
        rows.append((name, *(str(service[column]) for column in COLUMNS)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    routes = [*status["triggers"].values(), *status["sources"].values()]
    sums = [f"{sum(route[count] for route in routes)} {count.replace('_', '-')}" for count in (routes or [{}])[0]]
    return ["", *lines, f"log: {status['log']} · deliveries: {', '.join(sums)}"]


class Table(logging.StreamHandler[Any]):
    """Keeps the table at the bottom of a terminal, below the log lines that pass through it."""

    def __init__(self, status: Callable[[], dict[str, Any]]) -> None:
        super().__init__(sys.stdout)
        self._status = status
        self._shown: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Print a log line above the table."""
        self._draw(lambda: super(Table, self).emit(record))

    async def keep_fresh(self) -> None:
        """Redraw what changed, until cancelled."""
        while True:
            if render(self._status()) != self._shown:
                self._draw(lambda: None)
            await asyncio.sleep(REFRESH_SECONDS)

    def _draw(self, above: Callable[[], None]) -> None:
        if self._shown:
            self.stream.write(f"\x1b[{len(self._shown)}F\x1b[J")
        above()
        self._shown = render(self._status())
        self.stream.write("\n".join(self._shown) + "\n")
        self.flush()
