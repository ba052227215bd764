"""A class at a running LearnFlow: so many learners, for so many minutes, and what that took (`scripts/bench class`)."""

from __future__ import annotations

import argparse
import ipaddress
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from functions.shared.rates import Rates
from scripts.stack.addresses import gateway_url, runtime
from scripts.stack.config import database_url
from scripts.stack.errors import StackError
from scripts.stack.places import ROOT, here, shown
from scripts.stack.private import write_private
from scripts.stack.processes import find, wait_until
from tests.bench.figures import Spread
from tests.bench.pupils import lesson, pupils
from tests.bench.usage import EVENTS, Counts, Usage, Watch
from tests.load.mixture import arrival_seconds

SLOWEST_SECONDS = 5.0
"""What the slowest of twenty answers may take."""
GRACE_SECONDS = 30
REST_SECONDS, PATIENCE_SECONDS = 3, 60


@dataclass
class Figures:
    """What a class met and, where it ran on this machine, what it took."""

    learners: int
    seconds: float
    things_done: int
    load_average: tuple[float, float]
    """Of this machine, in the minute before and in the last one."""
    http: dict[str, Spread]
    socket: dict[str, Spread]
    errors: list[str]
    usage: Usage | None = None
    counts: Counts | None = None

    @property
    def slowest_p95(self) -> float:
        """The 95th percentile, in ms, of the kind of answer that takes longest."""
        return max(spread.p95 for spread in self.socket.values())

    def lines(self) -> list[str]:
        """Return the figures as a person reads them."""
        before, after = self.load_average
        return [
            f"{self.learners} learners did {self.things_done} things in {self.seconds:.0f} s",
            f"this machine's load average: {before:.1f} before, {after:.1f} after, of {os.cpu_count()} cores",
            "taken on or shown, over HTTP",
            *(f"  {name:<16} {spread:.1f}" for name, spread in sorted(self.http.items())),
            "answered, at the socket, from the moment it was asked",
            *(f"  {name:<16} {spread:.1f}" for name, spread in sorted(self.socket.items())),
            *(_used(self.usage, self.counts, self.seconds) if self.usage and self.counts else ()),
            f"errors: {len(self.errors)}",
            *(f"  {error}" for error in self.errors[:20]),
        ]


def _used(usage: Usage, counts: Counts, seconds: float) -> Iterator[str]:
    yield f"{counts.events:,} events, {counts.events / seconds:.1f} a second"
    yield "  part               CPU, s   handled   CPU, ms each   replicas   MB each"
    for name, spent in sorted(usage.cpu_seconds.items(), key=lambda each: -each[1]):
        handled = counts.requests.get(name, 0)
        each = f"{spent / handled * 1000:.1f}" if handled else ""
        replicas, megabytes = usage.replicas.get(name, 0), usage.replica_mb.get(name, 0)
        yield f"  {name:<16} {spent:8.2f}   {handled or '':>7}   {each:>12}   {replicas:>8}   {megabytes:7.0f}"
    largest = sorted(counts.tables.items(), key=lambda each: -each[1])[:6]
    tables = ", ".join(f"{name} {size / 1e6:.1f}" for name, size in largest)
    more = sum(counts.tables.values()) / 1e6
    yield f"whatever else runs here took {usage.others_seconds:.0f} s of {seconds * (os.cpu_count() or 1):.0f}"
    yield f"PostgreSQL: {usage.connections} connections at most, {more:.1f} MB more: {tables}"
    yield f"Kafka: {counts.kafka_bytes / 1e6:.1f} MB more"


def main(arguments: list[str]) -> int:
    """Go a class, print, and fail for any error and for answers that take too long."""
    options = _options(arguments)
    for url in filter(None, (options.gateway, options.realtime)):
        require_near(url, elsewhere=options.elsewhere)
    database = database_url(here(), options.database_url)
    with pupils(database, options.learners) as people, tempfile.TemporaryDirectory() as folder:
        classroom = {
            "gateway": options.gateway or gateway_url(),
            "realtime": options.realtime or f"ws://127.0.0.1:{runtime().facts['ports'].split()[2]}",
            "people": [{"username": each.username, "password": each.password} for each in people],
            "lesson": asdict(lesson()),
        }
        write_private(Path(folder, "classroom.json"), json.dumps(classroom))
        figures = _measure(Path(folder), options, [each.id for each in people], database)
    print(json.dumps(asdict(figures), indent=1) if options.json else "\n".join(figures.lines()))
    return 1 if figures.errors or figures.slowest_p95 > SLOWEST_SECONDS * 1000 else 0


def require_near(url: str, *, elsewhere: bool) -> None:
    """Raise StackError for an address that is not of this machine, unless it is meant."""
    host = urlsplit(url).hostname or ""
    try:
        near = ipaddress.ip_address(host).is_loopback
    except ValueError:
        near = host == "localhost"
    if not near and not elsewhere:
        raise StackError(f"{host or url} is not this machine. If a class may come upon it, say --elsewhere.")


def _measure(folder: Path, options: argparse.Namespace, people: list[str], database: str) -> Figures:
    """Go the class; what it takes is measured from when everybody is there until all that follows has happened."""
    before = os.getloadavg()[0]
    with _going(folder, options) as going:
        used = _watched(going, people, database) if options.gateway is None else (None, None)
        going.wait()
    heard = json.loads(Path(folder, "heard.json").read_text())
    missing = options.learners - heard["arrived"]
    dead = used[1].requests.get("dead-letter", 0) if used[1] else 0
    return Figures(
        learners=options.learners,
        seconds=options.minutes * 60,
        things_done=heard["done"],
        load_average=(before, os.getloadavg()[0]),
        http=_spreads(heard["seconds"]["http"]),
        socket=_spreads(heard["seconds"]["socket"]),
        errors=[
            *heard["errors"],
            *([f"{missing} learners did not arrive"] if missing else ()),
            *([f"{dead} events died: scripts/replay --list says which"] if dead else ()),
        ],
        usage=used[0],
        counts=used[1],
    )


@contextmanager
def _going(folder: Path, options: argparse.Namespace) -> Iterator[subprocess.Popen[bytes]]:
    """Start the class; the block begins when everybody is there. Raises StackError if it ends before."""
    arrival = arrival_seconds(options.learners, Rates())
    command = [
        os.environ["OWN_PYTHON"], "-m", "locust", "--locustfile", str(ROOT / "tests" / "load" / "classroom.py"),
        "--headless", "--users", str(options.learners), "--spawn-rate", f"{options.learners / arrival:.3f}",
        "--run-time", f"{round(arrival + options.minutes * 60)}s", "--stop-timeout", str(GRACE_SECONDS),
        "--only-summary", "--exit-code-on-error", "0",
    ]  # fmt: skip
    begun, log = folder / "begun", here().local / "class.log"
    named = {"CLASSROOM": folder / "classroom.json", "BEGUN": begun, "HEARD": folder / "heard.json"}
    environment = {**os.environ, **{name: str(path) for name, path in named.items()}}
    with log.open("wb") as output:
        going = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            wait_until(lambda: begun.exists() or going.poll() is not None, timeout_seconds=2 * arrival)
            if not begun.exists():
                raise StackError(f"The class did not begin; {shown(log)} says why.")
            yield going
        finally:
            going.terminate()
            going.wait(GRACE_SECONDS)


def _watched(going: subprocess.Popen[bytes], people: list[str], database: str) -> tuple[Usage, Counts]:
    """Return what is used until the class is over and all that follows from it has happened."""
    run = here().run
    servers = {name: part.pid for name in ("kafka", "postgres") if (part := find(run, name))}
    servers["the class itself"] = going.pid
    with psycopg.connect(database, autocommit=True) as db:
        before = Counts.now(db, people, here().kafka)
        with Watch(runtime().pid, servers, database).watching() as usage:
            going.wait()
            _rest(db, people)
        return usage, Counts.now(db, people, here().kafka).since(before)


def _rest(db: psycopg.Connection[Any], people: list[str]) -> None:
    """Return once nothing more was recorded of some people for a while."""
    deadline, before = time.monotonic() + PATIENCE_SECONDS, -1
    while time.monotonic() < deadline:
        (recorded,) = db.execute(EVENTS, {"people": people}).fetchone() or (0,)
        if recorded == before:
            return
        before = recorded
        time.sleep(REST_SECONDS)


def _spreads(seconds: dict[str, list[float]]) -> dict[str, Spread]:
    return {name: Spread.of(times * 2 if len(times) == 1 else times) for name, times in seconds.items()}


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench class", add_help=False, allow_abbrev=False)
    parser.add_argument("--learners", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=2)
    parser.add_argument("--gateway")
    parser.add_argument("--realtime")
    parser.add_argument("--database-url")
    parser.add_argument("--elsewhere", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    if (options.gateway is None) != (options.realtime is None):
        parser.error("--gateway and --realtime belong together")
    return options
