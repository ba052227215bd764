"""`scripts/tidy`: what needs a clock, done once; as often as anybody likes, by any number at the same time."""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
from typing import Any

import psycopg
import structlog

from functions.notification.sending import send_due
from functions.shared.database import PostgreSQL
from functions.shared.errors import TryAgainLater
from functions.shared.logs import configure_logs
from functions.shared.serving import utc_now
from functions.shared.settings import read_settings
from scripts.stack import cli
from scripts.stack.config import database_url
from scripts.stack.errors import StackError
from scripts.stack.places import here
from scripts.stack.progress import Progress
from scripts.stack.retention import RULES, Ages, ages, count_old, forget

SENDING_SECONDS = 60.0
WISHES = "LEARNFLOW_KEEP"

log = structlog.get_logger()


def main() -> int:
    options = _options()
    settings = read_settings()
    if options.log:
        configure_logs("tidy", settings.log_level)
    url = options.database_url or settings.database_url or database_url(here())
    progress = Progress(io.StringIO() if options.log else sys.stdout)
    tried, counts = 0, {}
    try:
        if not options.dry_run:
            tried = _send(url, progress)
        with psycopg.connect(url, autocommit=True) as db:
            counts = _forget(db, options.ages, progress, dry_run=options.dry_run)
    except (TryAgainLater, psycopg.OperationalError) as why:
        raise StackError(f"The database does not answer: {why}") from why
    if options.log:
        log.info("tidy.done", dry_run=options.dry_run, deliveries=tried, old=counts)
    return 0


def _send(url: str, progress: Progress) -> int:
    """Send what is due. Returns how much was tried."""
    database = PostgreSQL(url)
    try:
        with progress.step("due deliveries") as say:
            tried = send_due(database, utc_now(), seconds=SENDING_SECONDS)
            say(f"{tried} tried")
            return tried
    finally:
        database.close()


def _forget(db: psycopg.Connection[Any], kept: Ages, progress: Progress, *, dry_run: bool) -> dict[str, int]:
    """Forget what is older than it may be, and say of each how much that is. Returns the same, by rule."""
    counts = {}
    for name, rule in RULES.items():
        age = kept[name]
        if age is None:
            continue
        with progress.step(rule.what) as say:
            counts[name] = count_old(db, name, age) if dry_run else forget(db, name, age, say)
            if dry_run:
                say(f"{counts[name]} to forget")
    return counts


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/tidy", add_help=False, allow_abbrev=False)
    parser.add_argument("--keep", action="append", default=[], metavar="NAME=AGE")
    parser.add_argument("--dry-run", action="store_true")
    parser.add_argument("--log", action="store_true")
    parser.add_argument("--database-url")
    options = parser.parse_args()
    try:
        options.ages = ages(filter(None, re.split(r"[,\s]+", os.environ.get(WISHES, ""))), options.keep)
    except ValueError as why:
        parser.error(str(why))
    return options


if __name__ == "__main__":
    cli.run(main)
