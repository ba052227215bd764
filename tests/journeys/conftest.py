"""The whole system as a newcomer runs it: the real manifests on the local runtime, over real Kafka and PostgreSQL."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from scripts.stack.config import auth_keys, write_config
from scripts.stack.places import ROOT, Places
from scripts.stack.ports import free_ports
from scripts.stack.service import Service, tokens_of
from scripts.stack.topics import ensure_topics, read_topics
from tests.journeys.going import Journey
from tests.journeys.on_a_cluster import on_a_cluster

UNHURRIED = {"RATE_PERSON": "600000/60000", "RATE_SERVICE": "600000/60000", "RATE_ADDRESS": "600000/60000",
             "RATE_LOG_IN": "6000/600"}  # fmt: skip
"""Limits that journeys do not meet, though they look again and again, and one after the other is `ada`."""


class System(Journey):
    """A running LearnFlow where people have to log in. `db` talks to its database, `http` to its gateway: as a service
    that acts for the learner whom a request names in X-Learner-Id, or as whoever the request's own token is about."""

    def __init__(self, folder: Path, bootstrap: str, database_url: str) -> None:
        self.bootstrap = bootstrap
        self.database_url = database_url
        self.port, self.gateway_port, self.realtime_port = free_ports(3)
        self.url = f"http://127.0.0.1:{self.port}"
        self.db = psycopg.connect(database_url, autocommit=True)
        self._places = Places(folder)
        self._log = (folder / "runtime.log").open("wb")
        self._running: subprocess.Popen[bytes] | None = None
        write_config(self._places, port=self.port, database_url=database_url, settings=UNHURRIED)
        self._tokens = tokens_of(keys := auth_keys(self._places))
        self.gateway_url = f"http://127.0.0.1:{self.gateway_port}"
        self.live_url = f"ws://127.0.0.1:{self.realtime_port}"
        self.http = httpx.Client(base_url=self.gateway_url, timeout=40, auth=Service("journeys", keys))

    def start(self) -> None:
        """Start the runtime and wait until it takes events."""
        self._running = subprocess.Popen(
            [
                sys.executable, "-m", "knative.local",
                "--manifests", "knative/base", "--config", str(self._places.config),
                "--state", str(self._places.run), "--namespace", "learnflow", "--no-table",
                "--port", str(self.port), "--publish", f"{self.gateway_port}:gateway",
                "--publish", f"{self.realtime_port}:realtime",
            ],
            cwd=ROOT, env=os.environ | {"KAFKA_BOOTSTRAP_SERVERS": self.bootstrap},
            stdout=self._log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.until(lambda: self.status()["ready"], "the runtime is ready")

    @property
    def pid(self) -> int:
        """The runtime's process."""
        assert self._running is not None
        return self._running.pid

    def kill(self) -> None:
        """End the runtime as a power cut would, and everything it started."""
        assert self._running is not None
        self._running.kill()
        self._running.wait(10)

    def stop(self) -> None:
        """End the runtime as an operator would."""
        if self._running is not None and self._running.poll() is None:
            self._running.send_signal(signal.SIGTERM)
            self._running.wait(30)
        self.http.close()
        self.db.close()
        self._log.close()

    def status(self) -> dict[str, Any]:
        """What the runtime says of itself; `ready` is False while nothing answers."""
        try:
            return httpx.get(f"{self.url}/-/status").json()
        except httpx.HTTPError:
            return {"ready": False}

    def post_event(self, headers: dict[str, str], body: bytes) -> int:
        """Send an event to the broker and return what it says."""
        return httpx.post(f"{self.url}/learnflow/default", headers=headers, content=body, timeout=30).status_code

    def log(self) -> str:
        """What the runtime has printed."""
        self._log.flush()
        return Path(self._log.name).read_text(errors="replace")


@pytest.fixture(scope="package")
def system(request, tmp_path_factory) -> Iterator[Any]:
    """One running LearnFlow for all journeys: the one on the cluster that the environment names, else one made here."""
    if there := on_a_cluster():
        yield there
        there.stop()
        return
    bootstrap = request.getfixturevalue("kafka_bootstrap")
    ensure_topics(bootstrap, read_topics(ROOT / "kafka" / "topics"))
    with request.getfixturevalue("new_database")() as database_url:
        running = System(tmp_path_factory.mktemp("system"), bootstrap, database_url)
        try:
            running.start()
            yield running
        finally:
            running.stop()
