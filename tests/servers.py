"""A real Kafka and a real PostgreSQL that end with whoever started them, however that ends."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from scripts.stack import tether
from scripts.stack.errors import StackError
from scripts.stack.java import fetch_jars, java
from scripts.stack.kafka_server import SHORT_LIVED, START_SECONDS, KafkaServer
from scripts.stack.places import here
from scripts.stack.ports import free_ports
from scripts.stack.postgres import CARELESS, PostgresServer
from scripts.stack.processes import wait_until

SHARED_MEMORY = Path("/dev/shm")
ROOM_BYTES = 4_000_000_000


@contextmanager
def a_kafka() -> Iterator[str]:
    """Run a Kafka and yield its address (host:port). Raises NotHereError where there is no Java or Maven."""
    command = java()
    fetch_jars(here().kafka_libs)
    with _temporary_folder() as folder:
        server = KafkaServer(folder / "kafka", here().kafka_libs, command, *free_ports(2))
        server.prepare()
        with _tethered(server.command(*SHORT_LIVED), log=folder / "kafka.log") as running:
            _wait(server, running, log=folder / "kafka.log", seconds=START_SECONDS)
            yield server.bootstrap


@contextmanager
def a_postgres() -> Iterator[str]:
    """Run a PostgreSQL and yield the URL of its maintenance database."""
    with _temporary_folder(_in_memory()) as folder:
        server = PostgresServer(folder / "postgres", CARELESS)
        server.prepare()
        log = folder / "postgres.log"
        with _tethered(server.command(), log=log, how=signal.SIGINT, user=server.user) as running:
            _wait(server, running, log=log, seconds=30)
            yield server.url()


def _in_memory() -> Path | None:
    """Where files are kept in memory, if there is room: a database for each test is a thousand files made and gone."""
    try:
        return SHARED_MEMORY if shutil.disk_usage(SHARED_MEMORY).free > ROOM_BYTES else None
    except OSError:
        return None


@contextmanager
def _temporary_folder(within: Path | None = None) -> Iterator[Path]:
    """A short one that a system user may enter: PostgreSQL is never root, its socket's name is bounded."""
    folder = Path(tempfile.mkdtemp(prefix="learnflow-", dir=within))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _tethered(
    command: Sequence[str], *, log: Path, how: signal.Signals = signal.SIGTERM, user: str | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server that ends with this process, however that ends."""
    options = ["--signal", how.name.removeprefix("SIG"), *(["--user", user] if user else [])]
    with log.open("wb") as output:
        running = subprocess.Popen(
            [sys.executable, str(tether.__file__), *options, "--", *command],
            stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    assert running.stdin is not None
    try:
        yield running
    finally:
        running.stdin.close()
        running.wait(30)


def _wait(server: KafkaServer | PostgresServer, running: subprocess.Popen[bytes], *, log: Path, seconds: float) -> None:
    wait_until(lambda: server.is_ready() or running.poll() is not None, timeout_seconds=seconds)
    if not server.is_ready():
        raise StackError(f"{type(server).__name__} did not start:\n{log.read_text(errors='replace')[-3000:]}")
