"""`scripts/tidy`: what needs a clock, done once; as often as anybody likes, by any number at the same time."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import timedelta

import psycopg

from functions.notification.sending import send_due
from functions.shared.database import PostgreSQL
from functions.shared.errors import TryAgainLater
from functions.shared.serving import utc_now
from scripts.stack import cli
from scripts.stack.config import database_url
from scripts.stack.errors import StackError
from scripts.stack.places import here

SENDING_SECONDS = 60.0
AT_ONCE = 5_000
"""Rows that one statement deletes: none holds its locks for long."""


@dataclass(frozen=True)
class Kept:
    """How long what is kept."""

    table: str
    what: str
    since: str
    """The column that tells how old a row is."""
    age: timedelta


def kept(inbox_days: int, runs_days: int, drafts_hours: int) -> tuple[Kept, ...]:
    """Return what is forgotten after a while."""
    return (
        Kept("inbox", "handled events", "handled_at", timedelta(days=inbox_days)),
        Kept("struggle_runs", "runs of programs", "ran_at", timedelta(days=runs_days)),
        Kept("drafts", "answers that waited in vain", "created_at", timedelta(hours=drafts_hours)),
    )


def forget(db: psycopg.Connection, old: Kept) -> int:
    """Delete the rows that are older, some at a time, and return how many there were."""
    query = f"""
        DELETE FROM {old.table} WHERE ctid = ANY(ARRAY(
            SELECT ctid FROM {old.table} WHERE {old.since} < now() - %(age)s LIMIT %(most)s))
    """  # noqa: S608 -- the names are ours
    total = 0
    while deleted := db.execute(query, {"age": old.age, "most": AT_ONCE}).rowcount:
        total += deleted
    return total


def main() -> int:
    options = _options()
    url = database_url(here(), options.database_url)
    database = PostgreSQL(url)
    try:
        sent = send_due(database, utc_now(), seconds=SENDING_SECONDS)
        print(f"✓ {sent} due deliveries tried")
        with psycopg.connect(url, autocommit=True) as db:
            for old in kept(options.inbox_days, options.runs_days, options.drafts_hours):
                print(f"✓ {forget(db, old)} {old.what} forgotten")
    except (TryAgainLater, psycopg.OperationalError) as why:
        raise StackError(f"The database does not answer: {why}") from why
    finally:
        database.close()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/tidy", add_help=False, allow_abbrev=False)
    parser.add_argument("--inbox-days", type=_positive, default=30)
    parser.add_argument("--runs-days", type=_positive, default=30)
    parser.add_argument("--drafts-hours", type=_positive, default=24)
    parser.add_argument("--database-url")
    return parser.parse_args()


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


if __name__ == "__main__":
    cli.run(main)
