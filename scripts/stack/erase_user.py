"""`scripts/erase-user`: a person and everything about them deleted, as they can be by themselves."""

from __future__ import annotations

import argparse
import asyncio
import sys
from typing import Any

import psycopg

from functions.gateway.erasing import erase
from scripts.stack import cli
from scripts.stack.config import database_url
from scripts.stack.errors import StackError
from scripts.stack.places import here
from scripts.stack.progress import Progress

WHO = """
    SELECT id, role, username, (SELECT count(*) FROM requests WHERE user_id = id),
           (SELECT count(*) FROM events WHERE learner_id = id)
    FROM users LEFT JOIN accounts ON user_id = id WHERE id = %(person)s
"""


def main() -> int:
    options = _options()
    return asyncio.run(run(database_url(here(), options.database_url), options.id, sure=options.yes))


async def run(url: str, person: str, *, sure: bool) -> int:
    """Erase a person, once it is sure; the exit code. Raises StackError where nobody is known by the id."""
    try:
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as db:
            who = await _who(db, person)
            if not sure and not _is_meant(person, who):
                print("Nothing was deleted.")
                return 1
            with Progress().step("Deleting"):
                erased = await erase(db, person)
    except psycopg.OperationalError as why:
        raise StackError(f"The database does not answer: {why}") from why
    print("Deleted; whatever of theirs comes late is refused." if erased else "Somebody else has just deleted them.")
    return 0


async def _who(db: psycopg.AsyncConnection[Any], person: str) -> str:
    row = await (await db.execute(WHO, {"person": person})).fetchone()
    if row is None:
        raise StackError(f"Nobody is known by the id '{person}'.")
    id, role, username, requests, events = row
    named = f", who logs in as {username}" if username else ""
    return f"{role} {id}{named}: {requests} requests, {events} events"


def _is_meant(person: str, who: str) -> bool:
    if not sys.stdin.isatty():
        raise StackError("Nobody is here to ask whether this is meant: say --yes.")
    return input(f"{who}\nThere is no way back. Type the id to delete all of it: ").strip() == person


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/erase-user", add_help=False, allow_abbrev=False)
    parser.add_argument("id")
    parser.add_argument("--yes", action="store_true")
    parser.add_argument("--database-url")
    return parser.parse_args()


if __name__ == "__main__":
    cli.run(main)
