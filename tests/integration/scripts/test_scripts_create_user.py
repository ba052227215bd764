"""scripts/create-user makes people who can log in, in any role, and nobody twice."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from functions.gateway.credentials import name_hash
from functions.gateway.passwords import HASHER
from scripts.stack.create_user import create_user, promote, replace_password
from scripts.stack.errors import StackError
from scripts.stack.places import ROOT

PASSWORD = "seven-brave-otters"
PEOPLE = "SELECT username, name, role, password_hash FROM accounts JOIN users ON id = user_id"


@pytest.fixture
def db(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection


def script(database_url: str, *words: str, said: str = "") -> subprocess.CompletedProcess[str]:
    """Run the script as anybody would."""
    command = [str(ROOT / "scripts" / "create-user"), "--database-url", database_url, *words]
    return subprocess.run(command, capture_output=True, text=True, input=said, timeout=60)


def test_the_first_admin_is_made_with_a_password_that_is_printed(db: psycopg.Connection[Any], database_url: str):
    ran = script(database_url, "--role", "admin", "--name", "Grace", "Grace@Example.org")
    password = ran.stdout.split("password: ")[1].strip()

    assert (ran.returncode, ran.stderr) == (0, "")
    [(username, name, role, password_hash)] = db.execute(PEOPLE).fetchall()
    assert (username, name, role) == ("grace@example.org", "Grace", "admin")
    assert len(password) == 24
    assert HASHER.verify(password_hash, password)


def test_a_password_may_be_given_and_is_then_not_printed(db: psycopg.Connection[Any], database_url: str):
    ran = script(database_url, "--password-stdin", "ada", said=f"{PASSWORD}\n")

    assert ran.returncode == 0
    assert PASSWORD not in ran.stdout + ran.stderr
    [(_, _, role, password_hash)] = db.execute(PEOPLE).fetchall()
    assert role == "learner"
    assert HASHER.verify(password_hash, PASSWORD)


def test_somebody_of_that_name_is_left_as_they_are(db: psycopg.Connection[Any], database_url: str):
    create_user(database_url, "ada", PASSWORD, "learner")
    before = db.execute(PEOPLE).fetchall()
    ran = script(database_url, "--role", "admin", "ADA")

    assert (ran.returncode, ran.stdout) == (1, "")
    assert "Somebody is called ada already" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert db.execute(PEOPLE).fetchall() == before
    assert db.execute("SELECT count(*) FROM users").fetchone() == (1,)


def test_somebody_who_is_there_can_be_made_an_admin(db: psycopg.Connection[Any], database_url: str):
    create_user(database_url, "ada", PASSWORD, "learner")
    ran = script(database_url, "--promote", "--role", "admin", "Ada")

    assert (ran.returncode, ran.stdout) == (0, "✓ ada is an admin now\n")
    assert [row[2] for row in db.execute(PEOPLE)] == ["admin"]
    assert "--role ROLE" in script(database_url, "--promote", "ada").stderr
    assert [row[2] for row in db.execute(PEOPLE)] == ["admin"]
    with pytest.raises(StackError, match="nobody called bob"):
        promote(database_url, "bob", "admin")


def test_who_forgot_their_password_gets_another_and_is_let_in_and_whoever_had_the_old_one_is_out(
    db: psycopg.Connection[Any], database_url: str
):
    user = create_user(database_url, "ada", PASSWORD, "teacher")
    db.execute(
        "INSERT INTO refresh_tokens (token_hash, family, user_id, expires_at) VALUES ('\\x00', 'f', %s, now())", [user]
    )
    db.execute("INSERT INTO login_failures (name_hash, failures) VALUES (%s, 9), ('\\x00', 9)", [name_hash("ada")])
    ran = script(database_url, "--new-password", "Ada")
    password = ran.stdout.split("password: ")[1].strip()

    [(username, _, role, password_hash)] = db.execute(PEOPLE).fetchall()
    assert (username, role) == ("ada", "teacher")
    assert HASHER.verify(password_hash, password)
    assert db.execute("SELECT count(*) FROM refresh_tokens WHERE revoked_at IS NULL").fetchone() == (0,)
    assert db.execute("SELECT name_hash FROM login_failures").fetchall() == [(b"\x00",)]
    with pytest.raises(StackError, match="nobody called bob"):
        replace_password(database_url, "bob", PASSWORD)


@pytest.mark.parametrize(
    ("username", "password", "named"),
    [
        ("ad", PASSWORD, "cannot be a username"),
        ("ada lovelace", PASSWORD, "cannot be a username"),
        ("ada", "", "10 to 256"),
        ("ada", "password123", "Too easy"),
        ("ada-of-london", "ada-of-london", "it is the username"),
    ],
)
def test_what_may_not_be_is_said_and_nobody_made(
    db: psycopg.Connection[Any], database_url: str, username: str, password: str, named: str
):
    with pytest.raises(StackError, match=named) as error:
        create_user(database_url, username, password, "learner")

    assert not password or password not in str(error.value)
    assert db.execute("SELECT count(*) FROM users").fetchone() == (0,)


def test_a_database_that_is_not_there_is_said_in_plain_words():
    ran = script("postgresql://127.0.0.1:1/nowhere", "ada")

    assert ran.returncode == 1
    assert "The database does not answer" in ran.stderr
    assert "Traceback" not in ran.stderr
