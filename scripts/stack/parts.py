"""The parts that `up` starts: how each is stopped, and in which order."""

from __future__ import annotations

import shutil
import signal
from dataclasses import dataclass

import psutil

from scripts.stack import processes
from scripts.stack.places import Places


@dataclass(frozen=True)
class Manner:
    """How a part is asked to end, and how long it may take."""

    title: str
    signal: signal.Signals
    grace_seconds: float


# In the order of stopping: the runtime first, which lets its functions finish against Kafka and PostgreSQL.
PARTS = {
    "knative": Manner("Knative runtime", signal.SIGTERM, 30),
    "kafka": Manner("Kafka", signal.SIGTERM, 15),
    # SIGTERM would wait for its clients to leave.
    "postgres": Manner("PostgreSQL", signal.SIGINT, 15),
    "model": Manner("Stand-in model", signal.SIGTERM, 5),
}


def is_wanted(places: Places, name: str) -> bool:
    """Whether somebody who asks about all parts is told of this one: of a stand-in only where one was asked for."""
    return name != "model" or processes.recorded(places.run, name) is not None


def stop(places: Places, name: str) -> bool:
    """Stop a part, if it runs. Whether it did."""
    part = processes.recorded(places.run, name)
    if part is None:
        return False
    manner = PARTS[name]
    ran = part.stop(how=manner.signal, grace_seconds=manner.grace_seconds)
    processes.forget(places.run, name)
    return ran


def stop_what_we_started(places: Places) -> None:
    """Stop the parts that are children of this very process, and whatever else it has under way."""
    processes.start_no_more()
    ours = {child.pid for child in psutil.Process().children()}
    for name in PARTS:
        part = processes.recorded(places.run, name)
        if part is not None and part.pid in ours:
            stop(places, name)
    helpers = psutil.Process().children(recursive=True)
    for process in helpers:
        processes.end(process)
    psutil.wait_procs(helpers, timeout=5)


def wipe(places: Places) -> None:
    """Delete what both stores hold, and who was logged in. Nothing may be running."""
    shutil.rmtree(places.kafka / "data", ignore_errors=True)
    shutil.rmtree(places.postgres, ignore_errors=True)
    places.sessions.unlink(missing_ok=True)
