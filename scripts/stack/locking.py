"""Two scripts that start and stop things in one checkout wait for each other."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from scripts.stack.places import Places


@contextmanager
def one_at_a_time(places: Places) -> Iterator[None]:
    """Hold the checkout's lock; the system lets go of it however we end."""
    places.run.mkdir(parents=True, exist_ok=True)
    with (places.run / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("… waiting for another scripts/up or scripts/down in this checkout to finish", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
