"""Making the demo accounts: real ones, in the database that the functions use."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Literal

import psycopg
from argon2.exceptions import VerifyMismatchError

from functions.gateway.account_queries import ACCOUNT_NAMED
from functions.gateway.passwords import HASHER
from scripts.stack.create_user import create_user
from scripts.stack.demo import LEARNER, TEACHER, Account, demo_accounts, keep_demo_accounts
from scripts.stack.places import Places

PASSWORD_BYTES = 12
"""Random ones in a password; written as 16 characters."""


def ensure_demo_accounts(places: Places, database_url: str) -> list[Account]:
    """Return the demo accounts, made if they are not there, always with the same passwords.

    Somebody else's account of the same name, in a database of one's own, is left alone: ours gets another name.
    """
    wanted = demo_accounts(places) or [_account(LEARNER, "learner"), _account(TEACHER, "teacher")]
    accounts = [_ours(database_url, account) for account in wanted]
    keep_demo_accounts(places, accounts)
    return accounts


def _account(username: str, role: Literal["learner", "teacher"]) -> Account:
    return Account(username, role, secrets.token_urlsafe(PASSWORD_BYTES))


def _ours(database_url: str, account: Account) -> Account:
    """Return the account once it is in the database, or one of another name if this one is somebody else's."""
    known = _password_hash(database_url, account.username)
    if known is None:
        create_user(database_url, account.username, account.password, account.role, f"Demo {account.role}")
        return account
    if _matches(known, account.password):
        return account
    return _ours(database_url, replace(account, username=f"{account.username}-{secrets.token_hex(3)}"))


def _password_hash(database_url: str, username: str) -> str | None:
    with psycopg.connect(database_url, autocommit=True) as db:
        found = db.execute(ACCOUNT_NAMED, {"username": username}).fetchone()
        return str(found[2]) if found else None


def _matches(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except VerifyMismatchError:
        return False
