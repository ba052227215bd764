"""`scripts/restore`: a backup into a database, all of it or nothing."""

from __future__ import annotations

import argparse
import sys
from datetime import timedelta
from pathlib import Path

import psycopg

from scripts.stack import archive, cli, deletions
from scripts.stack.archive import Archive
from scripts.stack.config import database_url
from scripts.stack.errors import StackError
from scripts.stack.migrations import revisions
from scripts.stack.places import here
from scripts.stack.progress import Progress
from scripts.stack.restoring import Held, Outcome, held_in, hold, one_transaction, restore

UNDER_WAY = timedelta(minutes=5)
"""What may have been on its way when a backup was made."""


def main() -> int:
    options = _options()
    url = database_url(here(), options.database_url)
    try:
        return run(url, options)
    except psycopg.Error as why:
        raise StackError(f"It was not restored, and the database is as it was: {why}") from why


def run(url: str, options: argparse.Namespace) -> int:
    """Restore, once it is sure; the exit code."""
    backup = archive.read(options.file)
    noted = [deletions.read(options.deletions)] if options.deletions else []
    with psycopg.connect(url) as db:
        refuse(backup, server=db.info.server_version // 10_000, known=revisions())
        held = held_in(db)
        if not _may_replace(held, db.info.dbname, options):
            return 1
    progress = Progress()
    with one_transaction(url) as (connection, db):
        hold(db)
        if held.is_empty and not held_in(db).is_empty:
            raise StackError("Somebody has just written into the database, which was empty. Nothing was restored.")
        if gone := deletions.kept_in(db):
            noted.append(gone)
        with progress.step("Restoring") as say:
            outcome = restore(connection, db, backup, noted, moved=options.moved, say=say)
    with progress.step("Statistics"), psycopg.connect(url, autocommit=True) as fresh:
        fresh.execute("ANALYZE")
    _say(progress, backup, outcome, moved=options.moved)
    return 0


def refuse(backup: Archive, *, server: int, known: list[str]) -> None:
    """Raise StackError for a backup that this checkout or server cannot read."""
    if backup.revision not in known:
        raise StackError(
            f"The backup is of revision {backup.revision}, and this checkout knows no later one than {known[-1]}. "
            "Take the version of LearnFlow that it was made with, or a newer one."
        )
    if backup.server > server:
        raise StackError(f"The backup is of PostgreSQL {backup.server}, and this server is {server}. Take a newer one.")


def _may_replace(held: Held, database: str, options: argparse.Namespace) -> bool:
    """Whether the database is empty, or somebody means it."""
    if held.is_empty:
        return True
    holds = f"The database '{database}' holds {held}"
    if not options.replace:
        raise StackError(f"{holds}. To put the backup into its place, say --replace.")
    if options.yes:
        return True
    if not sys.stdin.isatty():
        raise StackError(f"{holds}. Nobody is here to ask whether all of it may go: say --yes.")
    meant = input(f"{holds}.\nThere is no way back. Type the database's name to replace it: ").strip() == database
    if not meant:
        print("Nothing was replaced.")
    return meant


def _say(progress: Progress, backup: Archive, outcome: Outcome, *, moved: bool) -> None:
    as_of = f"{backup.made_at:%Y-%m-%d %H:%M:%S} UTC"
    progress.line(f"Restored as of {as_of}: {outcome.rows:,} rows in {outcome.tables} tables.")
    done: list[tuple[int, str]] = [
        (outcome.migrations, "migrations run, as the backup is of an older revision"),
        (outcome.people, "people deleted again, who had been since"),
        (outcome.requests, "requests deleted again, with their conversations"),
        (outcome.log_ins, "log-ins ended, so that everybody logs in again"),
        (outcome.unsure, "e-mails and webhooks not sent, as they may have been"),
    ]
    for number, what in done:
        if number:
            progress.line(f"  {what}: {number:,}")
    if not (outcome.knew or moved):
        progress.warn(
            f"Who deleted themselves after {as_of} is there again: delete them with scripts/erase-user, or restore "
            "with --deletions."
        )
    if not moved:
        since = f"{backup.made_at - UNDER_WAY:%Y-%m-%dT%H:%M}"
        progress.line(f"Kafka has what people sent since: scripts/replay --from-kafka {since}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/restore", add_help=False, allow_abbrev=False)
    parser.add_argument("file", type=Path)
    parser.add_argument("--replace", action="store_true")
    parser.add_argument("--deletions", type=Path)
    parser.add_argument("--moved", action="store_true")
    parser.add_argument("--yes", action="store_true")
    parser.add_argument("--database-url")
    return parser.parse_args()


if __name__ == "__main__":
    cli.run(main)
