"""A LearnFlow on a cluster that kubectl speaks to, reached by its gateway's route, in the place of one on this machine.

TEST_CLUSTER names the namespace, TEST_INGRESS the address where the cluster's ingress answers. What only one machine
has (the runtime's status, its processes, a Kafka) skips the journeys that need it.
"""

from __future__ import annotations

import base64
import os
import socket
import subprocess
from typing import Any, NoReturn

import httpx
import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from scripts.stack.service import Service, tokens_of
from tests.journeys.going import Journey


class Here:
    """What is only there where the local runtime is: asking for it skips the test."""

    def __get__(self, system: object, owner: type) -> NoReturn:
        pytest.skip("only on one machine")


class Cluster:
    """How to get at what runs in a namespace."""

    def __init__(self, namespace: str, ingress: str) -> None:
        self._namespace = namespace
        self._ingress = ingress

    def secret(self, name: str, key: str) -> str:
        """Return what a Secret holds under a key."""
        return base64.b64decode(self._field(f"secret/{name}", f"{{.data.{key}}}")).decode()

    def address(self, service: str, namespace: str | None = None) -> str:
        """Return the cluster IP of a Kubernetes Service."""
        return self._field(f"service/{service}", "{.spec.clusterIP}", namespace)

    def host(self, function: str) -> str:
        """Return the host name of a function's route, which from now on leads to the ingress."""
        host = self._field(f"ksvc/{function}", "{.status.url}").split("://", 1)[-1]
        _lead(host, self._ingress)
        return host

    def log(self) -> str:
        """Return what is not ready, and why."""
        pods = self._kubectl("get", "pods", "--output=wide")
        return f"{pods}\n{self._kubectl('get', 'ksvc')}"

    def _field(self, what: str, path: str, namespace: str | None = None) -> str:
        return self._kubectl("get", what, f"--output=jsonpath={path}", namespace=namespace)

    def _kubectl(self, *words: str, namespace: str | None = None) -> str:
        command = ["kubectl", "--namespace", namespace or self._namespace, *words]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout


class ClusterSystem(Journey):
    """The same as `System`, on a cluster."""

    bootstrap = gateway_port = kill = pid = port = start = status = url = Here()

    def __init__(self, namespace: str, ingress: str) -> None:
        self._cluster = Cluster(namespace, ingress)
        self._broker = f"http://{self._cluster.address('broker-ingress', 'knative-eventing')}/{namespace}/default"
        url = self._cluster.secret("learnflow-database", "DATABASE_URL")
        self.database_url = make_conninfo(url, host=self._cluster.address("postgres"))
        self.db = psycopg.connect(self.database_url, autocommit=True)
        keys = self._cluster.secret("learnflow-auth", "AUTH_KEYS")
        self._tokens = tokens_of(keys)
        self.gateway_url = f"http://{self._cluster.host('gateway')}"
        self.live_url = f"ws://{self._cluster.host('realtime')}"
        # A function that starts from nothing may take seconds, and a journey goes by several.
        self.http = httpx.Client(base_url=self.gateway_url, timeout=60, auth=Service("journeys", keys))

    def stop(self) -> None:
        """Leave it running."""
        self.http.close()
        self.db.close()

    def post_event(self, headers: dict[str, str], body: bytes) -> int:
        """Send an event to the broker and return what it says."""
        return httpx.post(self._broker, headers=headers, content=body, timeout=30).status_code

    def log(self) -> str:
        """What runs there."""
        return self._cluster.log()

    def at_rest(self, learner: str) -> bool:
        """Whether nothing more was recorded of a learner for as long as an event takes."""
        before = None
        for _ in range(40):
            (recorded,) = self.row("SELECT count(*) FROM events WHERE learner_id = %s", learner)
            if before not in {None, recorded}:
                return False
            before = recorded
            self.db.execute("SELECT pg_sleep(0.1)")
        return True


def on_a_cluster() -> Any:
    """Return the system on the cluster that the environment names, None if it names none."""
    if not (namespace := os.environ.get("TEST_CLUSTER")):
        return None
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "*"
    return ClusterSystem(namespace, os.environ["TEST_INGRESS"])


def _lead(host: str, address: str) -> None:
    """Have a host name lead to an address, in this process."""
    resolve = socket.getaddrinfo

    def resolved(name: Any, *arguments: Any, **options: Any) -> Any:
        return resolve(address if name == host else name, *arguments, **options)

    socket.getaddrinfo = resolved
