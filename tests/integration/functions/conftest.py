"""Functions in this process over a real database of their own."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import psycopg
import pytest

from functions.shared.database import PostgreSQL
from functions.shared.model import wiring
from functions.shared.model.set_up import ask_for
from tests.model_stand_in import StandIn


@pytest.fixture
def database(database_url: str) -> Iterator[PostgreSQL]:
    """A database that only this test uses, as functions have it."""
    database = PostgreSQL(database_url)
    yield database
    database.close()


@pytest.fixture
def function(database: PostgreSQL, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """Return a function by its folder's name, on a database that only this test uses."""

    def named(folder: str):
        wired = import_module(f"functions.{folder}.main").function
        monkeypatch.setattr(wired, "db", database)
        return wired

    return named


@pytest.fixture
def db(database_url: str) -> Iterator[psycopg.Connection]:
    """A connection of the test's own, in autocommit mode."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """A server that speaks a language model's API, and functions that the environment tells of it, as in a cluster."""
    with StandIn() as server:
        for name, value in {"OPENAI_BASE_URL": server.base_url, "OPENAI_MODEL": "stand-in"}.items():
            monkeypatch.setenv(name, value)
        read_environment_anew()
        yield server
    read_environment_anew()


def read_environment_anew() -> None:
    """Have functions look again which model is set up, and make it anew, with a breaker that is closed."""
    ask_for.cache_clear()
    wiring._set_up.cache_clear()
