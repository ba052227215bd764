"""The whole system as a newcomer runs it: the real manifests on the local runtime, over real Kafka and PostgreSQL."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, get_args

import httpx
import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from functions.shared.model.asking import Task
from scripts.stack.config import auth_keys, write_config
from scripts.stack.errors import NotHereError
from scripts.stack.places import ROOT, Places
from scripts.stack.ports import free_ports
from scripts.stack.service import Service, tokens_of
from scripts.stack.topics import ensure_topics, read_topics
from tests.journeys.going import Journey
from tests.journeys.on_a_cluster import on_a_cluster
from tests.model_stand_in import StandIn
from tests.servers import a_kafka

UNHURRIED = {"RATE_PERSON": "600000/60000", "RATE_SERVICE": "600000/60000", "RATE_ADDRESS": "600000/60000",
             "RATE_LOG_IN": "6000/600"}  # fmt: skip
"""Limits that journeys do not meet, though they look again and again, and one after the other is `ada`."""


class System(Journey):
    """A running LearnFlow where people have to log in. `db` talks to its database, `http` to its gateway: as a service
    that acts for the learner whom a request names in X-Learner-Id, or as whoever the request's own token is about."""

    def __init__(
        self,
        folder: Path,
        bootstrap: str,
        database_url: str,
        *,
        settings: Mapping[str, str] | None = None,
        manifests: Path = ROOT / "knative" / "base",
    ) -> None:
        self.bootstrap = bootstrap
        self.database_url = database_url
        self.port, self.gateway_port, self.realtime_port = free_ports(3)
        self.url = f"http://127.0.0.1:{self.port}"
        self.db = psycopg.connect(database_url, autocommit=True)
        self._places = Places(folder)
        self._log = (folder / "runtime.log").open("wb")
        self._running: subprocess.Popen[bytes] | None = None
        self._manifests = manifests
        told = {**UNHURRIED, **(settings or {})}
        write_config(self._places, port=self.port, database_url=database_url, settings=told)
        self._tokens = tokens_of(keys := auth_keys(self._places))
        self.gateway_url = f"http://127.0.0.1:{self.gateway_port}"
        self.live_url = f"ws://127.0.0.1:{self.realtime_port}"
        self.http = httpx.Client(base_url=self.gateway_url, timeout=40, auth=Service("journeys", keys))

    def start(self) -> None:
        """Start the runtime and wait until it takes events."""
        self._running = subprocess.Popen(
            [
                sys.executable, "-m", "knative.local",
                "--manifests", str(self._manifests), "--config", str(self._places.config),
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


class SystemWithAModel(System):
    """A LearnFlow whose functions ask `model`, a stand-in for a language model's server. Each of them that does is one
    process at most, whose metrics are all there are; review is scaled to zero as soon as a cluster may do that."""

    def __init__(self, model: StandIn, folder: Path, bootstrap: str, database_url: str) -> None:
        manifests = shutil.copytree(ROOT / "knative" / "base", folder / "manifests")
        for function in get_args(Task):
            _scale(manifests / function, 'max-scale: "3"', 'max-scale: "1"')
        _scale(manifests / "review", "scale-to-zero-pod-retention-period: 5m", "window: 6s")
        told = {"OPENAI_BASE_URL": model.base_url, "OPENAI_MODEL": model.models[0], "MODEL_SECONDS": "6"}
        super().__init__(folder, bootstrap, database_url, settings=told, manifests=manifests)
        self.model = model

    def metric(self, function: str, name: str, **labels: str) -> float:
        """Return what a process of a function says of a metric; 0.0 where it says nothing."""
        host = f"{function}.learnflow.localhost:{self.port}"
        text = httpx.get(f"{self.url}/metrics", headers={"Host": host}, timeout=30).text
        samples = (each for family in text_string_to_metric_families(text) for each in family.samples)
        return sum(each.value for each in samples if each.name == name and labels.items() <= each.labels.items())


def _scale(function: Path, usual: str, here: str) -> None:
    """Have a function scale in another way than a cluster is told."""
    service, scaling = function / "service.yaml", "autoscaling.knative.dev/"
    manifest = service.read_text()
    assert scaling + usual in manifest
    service.write_text(manifest.replace(scaling + usual, scaling + here))


@pytest.fixture(scope="module")
def system_with_a_model(tmp_path_factory, new_database) -> Iterator[SystemWithAModel]:
    """One running LearnFlow for the journeys of a file, with a Kafka of its own, since two of one would share events,
    and with a stand-in for a model, which answers what fits until it is told otherwise."""
    if "TEST_CLUSTER" in os.environ:
        pytest.skip("only on one machine")
    with ExitStack() as parts:
        try:
            bootstrap = parts.enter_context(a_kafka())
        except NotHereError as why:
            pytest.skip(str(why))
        ensure_topics(bootstrap, read_topics(ROOT / "kafka" / "topics"))
        model, database_url = parts.enter_context(StandIn()), parts.enter_context(new_database())
        running = SystemWithAModel(model, tmp_path_factory.mktemp("system"), bootstrap, database_url)
        parts.callback(running.stop)
        running.start()
        yield running
