"""The database's road to today's schema."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scripts.stack.errors import StackError
from scripts.stack.places import ROOT
from scripts.stack.postgres import reachable
from scripts.stack.processes import wait_until

POLL_SECONDS = 0.2


def migrate(database_url: str, revision: str = "head", *, wait_seconds: float = 30, root: Path = ROOT) -> list[str]:
    """Bring the database to `revision` with Alembic, once it answers. The steps that were taken, in words.

    Raises StackError if the database does not answer in time or a migration fails.
    """
    if not wait_until(lambda: reachable(database_url) is None, timeout_seconds=wait_seconds, poll_seconds=POLL_SECONDS):
        raise StackError(
            f"The database does not answer: {reachable(database_url)}. Look at DATABASE_URL, or unset it "
            "to get a PostgreSQL of LearnFlow's own from 'scripts/up'."
        )
    from alembic import command  # a third of a second that `--help` need not wait for

    config = _config(root)
    config.attributes["database_url"] = database_url
    move = command.downgrade if revision == "base" or revision.startswith("-") else command.upgrade
    return _moved(lambda: move(config, revision), f"The migration to '{revision}'")


def migrate_within(connection: Any, *, root: Path = ROOT) -> list[str]:
    """Bring the database to today's schema in the transaction of a connection of SQLAlchemy's, which stays open.

    Returns the steps that were taken. Raises StackError if a migration fails.
    """
    from alembic import command

    config = _config(root)
    config.attributes["connection"] = connection
    return _moved(lambda: command.upgrade(config, "head"), "The migration to 'head'")


def revisions(root: Path = ROOT) -> list[str]:
    """Every revision that this checkout knows, the oldest first."""
    from alembic.script import ScriptDirectory

    return [script.revision for script in ScriptDirectory.from_config(_config(root)).walk_revisions()][::-1]


def _config(root: Path) -> Any:
    from alembic.config import Config

    return Config(root / "schema" / "alembic.ini")


def _moved(move: Callable[[], object], what: str) -> list[str]:
    with _watched() as steps:
        try:
            move()
        except Exception as error:  # whatever a migration runs into, the reader needs its words, not our stack
            raise StackError(f"{what} failed: {error}") from error
    return steps.taken


@contextmanager
def _watched() -> Iterator[_Steps]:
    """Hear what Alembic says that it does."""
    steps = _Steps()
    log = logging.getLogger("alembic.runtime.migration")
    level = log.level
    log.addHandler(steps)
    log.setLevel(logging.INFO)
    try:
        yield steps
    finally:
        log.removeHandler(steps)
        log.setLevel(level)


class _Steps(logging.Handler):
    """Alembic tells what it does only to its log."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        if said.startswith("Running "):
            self.taken.append(said.removeprefix("Running "))
