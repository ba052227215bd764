"""A real Kafka and a real PostgreSQL for the tests that ask for them, each started once, gone with the run.

TEST_KAFKA_BOOTSTRAP_SERVERS and TEST_DATABASE_URL (a server where databases may be made) take their place.
What the developer's own environment says (KAFKA_BOOTSTRAP_SERVERS, DATABASE_URL) no test touches.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import psycopg
import pytest
from psycopg import sql

from scripts.stack.errors import NotHereError
from scripts.stack.migrations import migrate
from tests.servers import a_kafka, a_postgres


@pytest.fixture(scope="session", autouse=True)
def _own_environment() -> Iterator[None]:
    """Tests see neither the developer's own servers nor a tutor's key."""
    names = (
        "KAFKA_BOOTSTRAP_SERVERS", "DATABASE_URL", "DATABASE_URL_FILE", "OPENAI_API_KEY", "OPENAI_BASE_URL",
        "OPENAI_MODEL", "BROKER_URL", "AUTH_KEYS", "AUTH_REQUIRED", "LEARNFLOW_TOKEN", "LEARNFLOW_PASSWORD",
    )  # fmt: skip
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
        with a_kafka() as bootstrap:
            yield bootstrap
    except NotHereError as why:
        pytest.skip(str(why))


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a real PostgreSQL's maintenance database. For tables, take `database_url`."""
    if own := os.environ.get("TEST_DATABASE_URL"):
        yield own
        return
    with a_postgres() as url:
        yield url


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
