"""Functions in this process over a real database of their own."""

from collections.abc import Iterator
from importlib import import_module

import psycopg
import pytest

from functions.shared.database import PostgreSQL


@pytest.fixture
def function(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator:
    """Return a function by its folder's name, on a database that only this test uses."""
    database = PostgreSQL(database_url)

    def named(folder: str):
        wired = import_module(f"functions.{folder}.main").function
        monkeypatch.setattr(wired, "db", database)
        return wired

    yield named
    database.close()


@pytest.fixture
def db(database_url: str) -> Iterator[psycopg.Connection]:
    """A connection of the test's own, in autocommit mode."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection
