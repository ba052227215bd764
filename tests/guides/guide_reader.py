"""Somebody who follows the pages, in a checkout of theirs."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass

import httpx
import psycopg

from scripts.stack.config import database_url
from scripts.stack.places import Places
from tests.checkouts import Checkout

PORTS = {"LEARNFLOW_PORT": "8090", "LEARNFLOW_GATEWAY_PORT": "8180", "LEARNFLOW_KAFKA_PORT": "9092",
         "LEARNFLOW_REALTIME_PORT": "8108"}  # fmt: skip
"""What the pages call them: in what is run here another stands for each."""
PASSWORD = "seven-brave-otters"


@dataclass
class Reader:
    """Somebody who follows the pages, in a checkout of theirs."""

    checkout: Checkout
    said_at_start: str = ""

    @property
    def gateway(self) -> str:
        """Where its gateway answers."""
        return f"http://127.0.0.1:{self.checkout.ports[1]}"

    def run(self, commands: str, **variables: str) -> tuple[int, str]:
        """Return the exit code of commands, and all they said."""
        for port, ours in zip(PORTS.values(), self.checkout.ports, strict=True):
            commands = commands.replace(f":{port}", f":{ours}")
        done = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", commands],
            cwd=self.checkout.root, env=self.checkout.environment | variables, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=200,
        )  # fmt: skip
        return done.returncode, done.stdout

    def make(self, username: str, role: str) -> str:
        """Make somebody in a role, log them in, and return their access token."""
        code, said = self.run(f"echo {PASSWORD} | scripts/create-user --role {role} --password-stdin {username}")
        assert code == 0, said
        return self.log_in(username)

    def log_in(self, username: str, password: str = PASSWORD) -> str:
        """Return an access token."""
        body = {"username": username, "password": password}
        answer = httpx.post(f"{self.gateway}/api/v1/auth/login", json=body, timeout=30).raise_for_status()
        return str(answer.json()["access_token"])

    def database(self) -> psycopg.Connection:
        """A connection to its database."""
        return psycopg.connect(database_url(Places(self.checkout.root)), autocommit=True)
