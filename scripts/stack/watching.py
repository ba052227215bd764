"""The live table of a runtime, until Ctrl-C or its end."""

from __future__ import annotations

import sys
import time

from knative.local.table import render
from scripts.stack import processes
from scripts.stack.errors import StackError
from scripts.stack.places import Places, shown
from scripts.stack.starting import status_of

REFRESH_SECONDS = 0.5


def watch(places: Places) -> None:
    """Show what the runtime does; on a terminal in place, else whenever it changes. Raises StackError if it ends."""
    before: list[str] = []
    while part := processes.find(places.run, "knative"):
        lines = _table(part.address) or before
        if lines != before:
            if before and sys.stdout.isatty():
                print(f"\x1b[{len(before)}F\x1b[J", end="")
            print("\n".join(lines), flush=True)
            before = lines
        time.sleep(REFRESH_SECONDS)
    last = processes.recorded(places.run, "knative")
    if last is None:
        raise StackError("The Knative runtime was stopped by another script.")
    raise StackError(
        f"The Knative runtime ended. The end of {shown(places.run / 'knative.log')}:\n{last.last_log_lines()}"
    )


def _table(address: str) -> list[str] | None:
    status = status_of(address)
    return render(status) if status else None
