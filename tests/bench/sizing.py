"""What a Service needs: memory at rest and after its work, processor time for each event, and its cold start.

    PYTHONPATH=.:sandbox-runner python -m tests.bench.sizing [NAME ...]

Every function runs as its image runs it, one after the other, on a PostgreSQL made for this; a broker that stores
nothing takes what the edge posts. knative/SIZING.md holds what this printed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import httpx
import psutil

from functions.shared.events import CONTRACTS, PAYLOADS
from scripts.stack.places import ROOT
from scripts.stack.ports import free_ports
from scripts.stack.processes import wait_until
from scripts.stack.send import EXAMPLES, STRUCTURED, fresh
from tests.bench.coldstart import APART, cold_starts
from tests.bench.servers import database

EVENTS = 200
AT_ONCE = 8
LEARNERS = 20
LOOK_SECONDS = 0.02
OURS = "org.learnflow."
QUESTION = {"question": "Can you explain how Python loops work?"}


class TakesAll(BaseHTTPRequestHandler):
    """A broker that stores nothing."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(202)
        self.send_header("content-length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        self.send_error(405)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.sizing")
    parser.add_argument("names", nargs="*", metavar="NAME")
    names = parser.parse_args().names or sorted(CONTRACTS)
    broker = ThreadingHTTPServer(("127.0.0.1", 0), TakesAll)
    Thread(target=broker.serve_forever, daemon=True).start()
    print(f"{'':16}{'at rest':>9}{'at most':>9}{'CPU an event':>14}{'cold start':>12}")
    with database() as url:
        told = {
            "PROFILE": "dev",
            "AUTH_REQUIRED": "false",
            "RATE_LIMITS": "false",
            "DATABASE_URL": url,
            "BROKER_URL": f"http://127.0.0.1:{broker.server_port}/",
        }
        _, cold = cold_starts(names, told)
        for name in names:
            rest, most, seconds = measure(name, told)
            print(f"{name:16}{rest:6.0f} MB{most:6.0f} MB{seconds * 1000:11.1f} ms{cold[name]:9.0f} ms", flush=True)


def measure(name: str, told: dict[str, str]) -> tuple[float, float, float]:
    """Return megabytes at rest and at most, and seconds of processor time for each of EVENTS events."""
    with running(name, told) as (process, port), httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as http:
        rest = megabytes(process)
        with highest(process) as most, ThreadPoolExecutor(AT_ONCE) as pool:
            chosen = [example for example in examples(name) if send(http, example, 0).is_success]
            before = processor_seconds(process)
            done = list(pool.map(lambda call: call(), calls(name, http, chosen)))
            used = processor_seconds(process) - before
        if wrong := {answer.status_code for answer in done if not answer.is_success}:
            raise RuntimeError(f"{name} answered {wrong}")
    return rest, max(most), used / len(done)


def calls(name: str, http: httpx.Client, chosen: list[dict[str, Any]]) -> Iterator[Callable[[], httpx.Response]]:
    """Yield EVENTS calls, each of which sends one of the chosen events, or asks a question of the edge."""
    for number in range(EVENTS):
        who = {"X-Learner-Id": f"sizing-{number % LEARNERS}"}
        if name == "gateway":
            yield partial(http.post, "/api/v1/query", json=QUESTION, headers=who)
        elif name == "realtime":
            yield partial(http.get, "/health")
        else:
            yield partial(send, http, chosen[number % len(chosen)], number)


def send(http: httpx.Client, example: dict[str, Any], number: int) -> httpx.Response:
    """Send an event as if it had happened now."""
    event = fresh(dict(example), learner=f"sizing-{number % LEARNERS}")
    return http.post("/", json=event, headers={"content-type": STRUCTURED})


def examples(name: str) -> list[dict[str, Any]]:
    """All examples of what a function accepts, as if it had asked for them where somebody has to."""
    accepted = {payload.TYPE for payload in CONTRACTS[name].accepts}
    accepted = set(PAYLOADS) if accepted - PAYLOADS.keys() else accepted
    files = [
        file for type_ in sorted(accepted) for file in sorted((EXAMPLES / type_.removeprefix(OURS)).glob("*.json"))
    ]
    told = {"requester": name, "knativeerrordest": "http://quiz.learnflow.svc.cluster.local"}
    return [{**json.loads(file.read_text()), **told} for file in files]


@contextmanager
def running(name: str, told: dict[str, str]) -> Iterator[tuple[psutil.Process, int]]:
    """Run a function until it is ready, for as long as the block lasts."""
    (port,) = free_ports(1)
    module = APART.get(name, f"functions.{name.replace('-', '_')}")
    environment = {**told, "PATH": os.environ["PATH"], "PORT": str(port), "HOST": "127.0.0.1"}
    folder = ROOT / name if name in APART else ROOT
    command = [sys.executable, "-m", module]
    process = subprocess.Popen(
        command, env=environment, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_until(lambda: _is_ready(port), timeout_seconds=30)
        yield psutil.Process(process.pid), port
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def highest(process: psutil.Process) -> Iterator[list[float]]:
    """Yield the megabytes that are held, looked at again and again for as long as the block lasts."""
    seen, done = [megabytes(process)], Event()

    def look() -> None:
        while not done.wait(LOOK_SECONDS):
            seen.append(megabytes(process))

    watcher = Thread(target=look)
    watcher.start()
    try:
        yield seen
    finally:
        done.set()
        watcher.join()


def megabytes(process: psutil.Process) -> float:
    """What a pod with these processes alone would hold: what each has to itself, and once what they share."""
    own, shared = 0, 0
    for each in _family(process):
        with suppress(psutil.Error):
            held = each.memory_full_info()
            own += held.uss
            shared = max(shared, held.rss - held.uss)
    return (own + shared) / 1e6


def processor_seconds(process: psutil.Process) -> float:
    """What these processes and those of theirs that have ended took."""
    total = 0.0
    for each in _family(process):
        with suppress(psutil.Error):
            total += sum(each.cpu_times()[:4])
    return total


def _family(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def _is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/ready", timeout=2).is_success
    except httpx.HTTPError:
        return False


if __name__ == "__main__":
    main()
