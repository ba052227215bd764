"""`scripts/backup`: the whole database in one file, or only what people deleted since."""

from __future__ import annotations

import argparse
from pathlib import Path

import psycopg

from scripts.stack import archive, cli, deletions
from scripts.stack.config import database_url
from scripts.stack.errors import StackError
from scripts.stack.places import here, shown
from scripts.stack.progress import Progress


def main() -> int:
    options = _options()
    url = database_url(here(), options.database_url)
    try:
        if options.deletions:
            note_deletions(url, options.file)
        else:
            back_up(url, options.file)
    except psycopg.OperationalError as why:
        raise StackError(f"The database does not answer: {why}") from why
    return 0


def back_up(url: str, path: Path) -> None:
    """Make a backup and read all of it. Raises StackError where the file is there, or either fails."""
    progress = Progress()
    with psycopg.connect(url) as db:
        server = db.info.server_version // 10_000
    with archive.made_whole(path) as unfinished:
        with progress.step("Backing up") as say:
            archive.dump(url, server, unfinished, say)
        with progress.step("Reading it") as say:
            archive.verify(unfinished)
            made = archive.read(unfinished)
            say(f"{made.tables} tables of revision {made.revision}, PostgreSQL {made.server}")
    progress.line(f"{shown(path)}: {archive.size_of(path)}, as of {made.made_at:%Y-%m-%d %H:%M:%S} UTC.")


def note_deletions(url: str, path: Path) -> None:
    """Add what people deleted to a file that is kept beside the backups."""
    with psycopg.connect(url) as db, Progress().step("Deletions") as say:
        known = deletions.kept_in(db)
        if known is None:
            raise StackError("This database is from before deletions were kept: run scripts/migrate.")
        whole = deletions.write(path, known)
        say(f"{shown(path)} knows of {len(whole.people)} people and {len(whole.requests)} requests")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/backup", add_help=False, allow_abbrev=False)
    parser.add_argument("file", type=Path)
    parser.add_argument("--deletions", action="store_true")
    parser.add_argument("--database-url")
    return parser.parse_args()


if __name__ == "__main__":
    cli.run(main)
