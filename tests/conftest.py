"""A real Kafka and a real PostgreSQL for the tests that ask for them, each started once, gone with the run.

TEST_KAFKA_BOOTSTRAP_SERVERS and TEST_DATABASE_URL (a server where databases may be made) take their place.
What the developer's own environment says (KAFKA_BOOTSTRAP_SERVERS, DATABASE_URL) no test touches.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from scripts.stack import tether
from scripts.stack.errors import NotHereError
from scripts.stack.java import fetch_jars, java
from scripts.stack.kafka_server import SHORT_LIVED, START_SECONDS, KafkaServer
from scripts.stack.migrations import migrate
from scripts.stack.places import here
from scripts.stack.ports import free_ports
from scripts.stack.postgres import CARELESS, PostgresServer
from scripts.stack.processes import wait_until


@pytest.fixture(scope="session", autouse=True)
def _own_environment() -> Iterator[None]:
    """Tests see neither the developer's own servers nor a tutor's key."""
    names = ("KAFKA_BOOTSTRAP_SERVERS", "DATABASE_URL", "DATABASE_URL_FILE", "OPENAI_API_KEY", "BROKER_URL")
    kept = {name: os.environ.pop(name) for name in names if name in os.environ}
    yield
    os.environ.update(kept)


@pytest.fixture(scope="session")
def kafka_bootstrap() -> Iterator[str]:
    """The address (host:port) of a real Kafka. Topics are the tests' own to name and make."""
    if own := os.environ.get("TEST_KAFKA_BOOTSTRAP_SERVERS"):
        yield own
        return
    try:
        command = java()
        fetch_jars(here().kafka_libs)
    except NotHereError as why:
        pytest.skip(str(why))
    with _temporary_folder() as folder:
        server = KafkaServer(folder / "kafka", here().kafka_libs, command, *free_ports(2))
        server.prepare()
        with _tethered(server.command(*SHORT_LIVED), log=folder / "kafka.log") as running:
            _wait(server, running, log=folder / "kafka.log", seconds=START_SECONDS)
            yield server.bootstrap


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a real PostgreSQL's maintenance database. For tables, take `database_url`."""
    if own := os.environ.get("TEST_DATABASE_URL"):
        yield own
        return
    with _temporary_folder() as folder:
        server = PostgresServer(folder / "postgres", CARELESS)
        server.prepare()
        log = folder / "postgres.log"
        with _tethered(server.command(), log=log, how=signal.SIGINT, user=server.user) as running:
            _wait(server, running, log=log, seconds=30)
            yield server.url()


@pytest.fixture(scope="session")
def _databases(postgres_url: str) -> Iterator[psycopg.Connection]:
    """A connection that may make and drop databases."""
    with psycopg.connect(postgres_url, autocommit=True) as db:
        yield db


@pytest.fixture(scope="session")
def migrated_template(_databases: psycopg.Connection, postgres_url: str) -> Iterator[str]:
    """The name of a database that has seen every migration and nothing else."""
    name = f"learnflow_template_{uuid.uuid4().hex[:12]}"
    _create(_databases, name)
    try:
        migrate(_url_of(postgres_url, name))
        yield name
    finally:
        _drop(_databases, name)


@pytest.fixture(scope="session")
def new_database(
    _databases: psycopg.Connection, migrated_template: str, postgres_url: str
) -> Callable[[], AbstractContextManager[str]]:
    """Return what makes a fresh, migrated database, yields its URL, and drops it."""

    @contextmanager
    def made() -> Iterator[str]:
        name = f"learnflow_test_{uuid.uuid4().hex[:12]}"
        _create(_databases, name, template=migrated_template)
        try:
            yield _url_of(postgres_url, name)
        finally:
            _drop(_databases, name)

    return made


@pytest.fixture
def database_url(new_database: Callable[[], AbstractContextManager[str]]) -> Iterator[str]:
    """The URL of a fresh, migrated database that only this test uses."""
    with new_database() as url:
        yield url


@pytest.fixture
def empty_database_url(_databases: psycopg.Connection, postgres_url: str) -> Iterator[str]:
    """The URL of a fresh database without any table, for tests of the migrations themselves."""
    name = f"learnflow_empty_{uuid.uuid4().hex[:12]}"
    _create(_databases, name)
    yield _url_of(postgres_url, name)
    _drop(_databases, name)


def _create(db: psycopg.Connection, name: str, *, template: str = "template1") -> None:
    db.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))


def _drop(db: psycopg.Connection, name: str) -> None:
    db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _url_of(server_url: str, database: str) -> str:
    """The same server, another database."""
    head, _, query = server_url.partition("?")
    scheme, _, rest = head.partition("://")
    place = rest.partition("/")[0]
    return f"{scheme}://{place}/{database}" + (f"?{query}" if query else "")


@contextmanager
def _temporary_folder() -> Iterator[Path]:
    """A short one that a system user may enter: PostgreSQL is never root, its socket's name is bounded."""
    folder = Path(tempfile.mkdtemp(prefix="learnflow-"))
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
        pytest.fail(f"{type(server).__name__} did not start:\n{log.read_text(errors='replace')[-3000:]}")
