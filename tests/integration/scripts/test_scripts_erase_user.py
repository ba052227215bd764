"""An operator deletes a person as they could themselves, and is asked whether it is meant."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from scripts.stack import erase_user
from scripts.stack.errors import StackError
from scripts.stack.places import ROOT


@pytest.fixture
def db(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("INSERT INTO users (id) VALUES ('ada'), ('bob')")
        yield connection


def people(db: psycopg.Connection[Any]) -> list[str]:
    return [person for (person,) in db.execute("SELECT id FROM users ORDER BY id")]


def test_a_person_is_deleted_and_stays_so(db: psycopg.Connection[Any], database_url: str) -> None:
    command = [str(ROOT / "scripts" / "erase-user"), "ada", "--database-url", database_url]

    unsure = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert (unsure.returncode, people(db)) == (1, ["ada", "bob"])
    assert "say --yes" in unsure.stderr

    sure = subprocess.run([*command, "--yes"], capture_output=True, text=True)
    assert (sure.returncode, people(db)) == (0, ["bob"])
    assert "✓ Deleting" in sure.stdout
    with pytest.raises(psycopg.Error, match="has been deleted"):
        db.execute("INSERT INTO users (id) VALUES ('ada')")


@pytest.mark.parametrize(("typed", "left"), [("ada", ["bob"]), ("bob", ["ada", "bob"]), ("", ["ada", "bob"])])
def test_who_is_asked_has_to_type_the_id(
    db: psycopg.Connection[Any], database_url: str, monkeypatch: pytest.MonkeyPatch, typed: str, left: list[str]
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or typed)

    code = asyncio.run(erase_user.run(database_url, "ada", sure=False))

    assert (people(db), code) == (left, 0 if left == ["bob"] else 1)
    assert "learner ada: 0 requests, 0 events" in asked[0]


def test_who_is_not_known_is_named(database_url: str) -> None:
    with pytest.raises(StackError, match="Nobody is known by the id 'nobody'"):
        asyncio.run(erase_user.run(database_url, "nobody", sure=True))
