"""Servers that a bench starts for itself, each gone with its block."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from scripts.stack import tether
from scripts.stack.migrations import migrate
from scripts.stack.places import ROOT
from scripts.stack.postgres import START_SECONDS, PostgresServer, ensure_database
from scripts.stack.processes import wait_until

PATIENCE_SECONDS = 30


class Server:
    """A server in a process of its own."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, path: str) -> None:
        self._process, self._port, self._path = psutil.Process(process.pid), port, path

    def url(self, learner: str) -> str:
        """Return where a learner's WebSocket is."""
        return f"ws://127.0.0.1:{self._port}{self._path}{learner}"

    def kilobytes(self) -> float:
        """Return what the process holds in memory that it shares with nobody."""
        return float(self._process.memory_full_info().uss) / 1000


@contextmanager
def running(command: Sequence[str], port: int, path: str = "", **environment: str) -> Iterator[Server]:
    """Run a server for as long as the block lasts, once it takes connections."""
    process = subprocess.Popen(
        command, cwd=ROOT, env={"PATH": os.environ["PATH"], **environment}, stdout=subprocess.DEVNULL
    )
    try:
        wait_until(lambda: _is_listening(process.pid, port), timeout_seconds=PATIENCE_SECONDS)
        yield Server(process, port, path)
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def _is_listening(pid: int, port: int) -> bool:
    return any(
        each.laddr.port == port and each.status == psutil.CONN_LISTEN
        for each in psutil.Process(pid).net_connections("tcp")
    )


@contextmanager
def database() -> Iterator[str]:
    """Run a PostgreSQL with today's tables; yield its URL."""
    folder = Path(tempfile.mkdtemp(prefix="learnflow-bench-"))
    folder.chmod(0o755)  # PostgreSQL is never root
    server = PostgresServer(folder / "postgres", {})
    try:
        server.prepare()
        who = ["--user", server.user] if server.user else []
        tethered = [sys.executable, str(tether.__file__), "--signal", "INT", *who, "--", *server.command()]
        process = subprocess.Popen(
            tethered, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        assert process.stdin is not None
        try:
            wait_until(server.is_ready, timeout_seconds=START_SECONDS)
            ensure_database(server.url(), "learnflow")
            migrate(server.url("learnflow"))
            yield server.url("learnflow")
        finally:
            process.stdin.close()
            process.wait(PATIENCE_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
