"""What a running LearnFlow uses while something goes on: processor time, memory, connections, disk. Looked at often,
since replicas come and go."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg

from scripts.stack.addresses import runtime

LOOK_SECONDS = 0.5
CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
EVENTS = "SELECT count(*) FROM events WHERE learner_id = ANY(%(people)s)"
TABLES = "SELECT relname, pg_total_relation_size(relid) FROM pg_stat_user_tables"


@dataclass
class Usage:
    """What was used, by part: every function, the runtime, Kafka, PostgreSQL."""

    cpu_seconds: dict[str, float] = field(default_factory=dict)
    replicas: dict[str, int] = field(default_factory=dict)
    """At most at one time."""
    replica_mb: dict[str, float] = field(default_factory=dict)
    """Memory of one replica with its children in the end (PSS: what several hold is shared out among them)."""
    connections: int = 0
    """Open at PostgreSQL, at most."""
    others_seconds: float = 0.0
    """Processor time that whatever else runs on this machine took."""


@dataclass(frozen=True)
class Counts:
    """What was counted of some people and of the stores."""

    events: int
    tables: dict[str, int]
    """Bytes of each of PostgreSQL's, with its indexes."""
    kafka_bytes: int
    requests: dict[str, int]
    """That each function handled."""

    @classmethod
    def now(cls, db: psycopg.Connection[Any], people: Sequence[str], kafka: Path) -> Counts:
        """Count."""
        (events,) = db.execute(EVENTS, {"people": list(people)}).fetchone() or (0,)
        tables = {str(name): int(size) for name, size in db.execute(TABLES)}
        status = httpx.get(f"{runtime().address}/-/status", trust_env=False).json()
        requests = {name: service["requests"] for name, service in status["services"].items()}
        return cls(events, tables, sum(segment.stat().st_size for segment in kafka.rglob("*.log")), requests)

    def since(self, before: Counts) -> Counts:
        """Return what has come since an earlier count."""
        return Counts(
            self.events - before.events,
            {name: size - before.tables.get(name, 0) for name, size in self.tables.items()},
            self.kafka_bytes - before.kafka_bytes,
            {name: number - before.requests.get(name, 0) for name, number in self.requests.items()},
        )


class Watch:
    """Looks at the processes of the parts until it is told to stop. Parts are processes by their pids."""

    def __init__(self, runtime_pid: int, servers: dict[str, int], database_url: str) -> None:
        self._runtime, self._servers, self._database_url = psutil.Process(runtime_pid), servers, database_url
        self._spent: dict[tuple[str, int, float], float] = {}
        self._before: dict[tuple[str, int, float], float] = {}
        self._usage = Usage()
        self._over = threading.Event()

    @contextmanager
    def watching(self) -> Iterator[Usage]:
        """Watch for as long as the block lasts; the usage is whole when it has ended."""
        self._look()
        self._before, busy = dict(self._spent), _busy_seconds()
        watcher = threading.Thread(target=self._go_on, name="watch")
        watcher.start()
        try:
            yield self._usage
        finally:
            self._over.set()
            watcher.join()
            spent: dict[str, float] = defaultdict(float)
            for which, seconds in self._spent.items():
                spent[which[0]] += seconds - self._before.get(which, 0.0)
            self._usage.cpu_seconds = dict(spent)
            self._usage.others_seconds = _busy_seconds() - busy - sum(spent.values())
            self._weigh()

    def _go_on(self) -> None:
        with psycopg.connect(self._database_url, autocommit=True) as db:
            while not self._over.wait(LOOK_SECONDS):
                self._look()
                (connections,) = db.execute(CONNECTIONS).fetchone() or (0,)
                self._usage.connections = max(self._usage.connections, connections)
            self._look()

    def _look(self) -> None:
        replicas: dict[str, int] = defaultdict(int)
        for name, process in self._replicas():
            replicas[name] += 1
            with suppress(psutil.Error):
                self._count(name, process)
        spent = self._runtime.cpu_times()
        self._spent["runtime", self._runtime.pid, self._runtime.create_time()] = spent.user + spent.system
        for name, number in replicas.items():
            self._usage.replicas[name] = max(self._usage.replicas.get(name, 0), number)

    def _replicas(self) -> Iterator[tuple[str, psutil.Process]]:
        """Yield what runs, but the runtime: it has the others for its children."""
        for child in self._runtime.children():
            with suppress(psutil.Error):
                if name := function_of(child.cmdline()):
                    yield name, child
        for name, pid in self._servers.items():
            with suppress(psutil.Error):
                yield name, psutil.Process(pid)

    def _count(self, name: str, replica: psutil.Process) -> None:
        """Keep what a replica and its children have spent, those of its children that ended included."""
        for process in [replica, *replica.children(recursive=True)]:
            with suppress(psutil.Error):
                spent = process.cpu_times()
                ended = spent.children_user + spent.children_system
                self._spent[name, process.pid, process.create_time()] = spent.user + spent.system + ended

    def _weigh(self) -> None:
        for name, replica in self._replicas():
            with suppress(psutil.Error):
                everything = [replica, *replica.children(recursive=True)]
                self._usage.replica_mb[name] = sum(each.memory_full_info().pss for each in everything) / 1e6


def _busy_seconds() -> float:
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - times.iowait - times.guest - times.guest_nice)


def function_of(command: list[str]) -> str | None:
    """Return the function that a process's command line runs, None if it runs none."""
    for word in command:
        if word.startswith("functions."):
            return word.removeprefix("functions.").replace("_", "-")
        if word == "sandbox_runner":
            return "sandbox-runner"
    return None
