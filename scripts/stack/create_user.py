"""`scripts/create-user`: people who can log in, the first admin among them."""

from __future__ import annotations

import argparse
import secrets
import sys
import uuid
from typing import Any, get_args

import psycopg

from functions.gateway.account_queries import ACCOUNT_NAMED, CREATE_ACCOUNT, REPLACE_HASH, SET_ROLE
from functions.gateway.credentials import (
    canonical,
    is_username,
    name_hash,
    typed,
    wrong_with_password,
    wrong_with_username,
)
from functions.gateway.login_queries import FORGET_FAILURES, REVOKE_OTHERS
from functions.gateway.passwords import HASHER
from functions.shared.edge.tokens import Role
from scripts.stack import cli
from scripts.stack.config import database_url
from scripts.stack.errors import StackError
from scripts.stack.places import here

PASSWORD_BYTES = 18
"""Random ones in a password that is made; written as 24 characters."""


def main() -> int:
    given = _options()
    url = database_url(here(), given.database_url)
    try:
        _do(url, given)
    except psycopg.OperationalError as why:
        raise StackError(f"The database does not answer: {why}") from why
    return 0


def _do(url: str, given: argparse.Namespace) -> None:
    """Do what was asked for, and say so."""
    role: Role = given.role or "learner"
    if given.promote:
        if given.role is None:
            raise StackError("Say what they are to be: --role ROLE.")
        print(f"✓ {promote(url, given.username, role)} is {_a(role)} now")
        return
    password = sys.stdin.readline().rstrip("\r\n") if given.password_stdin else secrets.token_urlsafe(PASSWORD_BYTES)
    if given.new_password:
        print(f"✓ {replace_password(url, given.username, password)} has a new password, and is logged out everywhere")
    else:
        user = create_user(url, given.username, password, role, given.name)
        print(f"✓ {canonical(given.username)} can log in, as {_a(role)}; their id is {user}")
    if not given.password_stdin:
        print(f"  password: {password}")


def create_user(database_url: str, username: str, password: str, role: Role, name: str | None = None) -> str:
    """Make somebody who can log in and return their id. Raises StackError if the name is taken, or may not be one."""
    known_as = canonical(username)
    if why := wrong_with_username(known_as):
        raise StackError(f"'{username}' cannot be a username: {why}.")
    if name is not None and not name.strip():
        raise StackError("--name is empty.")
    user, password_hash = f"u-{uuid.uuid4()}", _hash(password, known_as)
    values = {"id": user, "role": role, "username": known_as, "name": name, "password_hash": password_hash}
    with psycopg.connect(database_url, autocommit=True) as db:
        try:
            db.execute(CREATE_ACCOUNT, values)
        except psycopg.errors.UniqueViolation:
            raise StackError(
                f"Somebody is called {known_as} already. --promote changes their role, --new-password lets them in."
            ) from None
    return user


def promote(database_url: str, username: str, role: Role) -> str:
    """Change what somebody is and return their username. Raises StackError if there is nobody of this name."""
    with psycopg.connect(database_url, autocommit=True) as db:
        user, known_as, _ = _somebody(db, username)
        db.execute(SET_ROLE, {"user": user, "role": role})
        return known_as


def replace_password(database_url: str, username: str, password: str) -> str:
    """Give somebody another password, end their log-ins and what locks them out, and return their username.

    Raises StackError if there is nobody of this name, or the password may not be one.
    """
    password_hash = _hash(password, canonical(username))
    with psycopg.connect(database_url) as db:
        user, known_as, old = _somebody(db, username)
        db.execute(REPLACE_HASH, {"user": user, "old": old, "new": password_hash})
        db.execute(REVOKE_OTHERS, {"user": user, "kept": None})
        db.execute(FORGET_FAILURES, {"name": name_hash(known_as)})
        return known_as


def _somebody(db: psycopg.Connection[Any], username: str) -> tuple[str, str, str]:
    """Return somebody's id, username and password hash. Raises StackError if there is nobody of this name."""
    found = db.execute(ACCOUNT_NAMED, {"username": canonical(username)}).fetchone()
    if found is None:
        raise StackError(f"There is nobody called {canonical(username)} yet.")
    user, known_as, password_hash = found
    return user, known_as, password_hash


def _hash(password: str, username: str) -> str:
    """Return a password's hash. Raises StackError if it may not be one."""
    secret = typed(password)
    if why := wrong_with_password(secret):
        raise StackError(f"This cannot be a password: {why}.")
    if is_username(secret, username):
        raise StackError("This cannot be a password: it is the username.")
    return HASHER.hash(secret)


def _a(role: Role) -> str:
    return f"an {role}" if role == "admin" else f"a {role}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/create-user", add_help=False, allow_abbrev=False)
    parser.add_argument("username")
    parser.add_argument("--role", choices=get_args(Role))
    parser.add_argument("--name")
    parser.add_argument("--password-stdin", action="store_true")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--promote", action="store_true")
    instead.add_argument("--new-password", action="store_true")
    parser.add_argument("--database-url")
    return parser.parse_args()


if __name__ == "__main__":
    cli.run(main)
