"""The database's road to today's schema."""

from __future__ import annotations

import logging
from pathlib import Path

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
    from alembic.config import Config

    config = Config(root / "schema" / "alembic.ini")
    config.attributes["database_url"] = database_url
    move = command.downgrade if revision == "base" or revision.startswith("-") else command.upgrade
    steps = _Steps()
    log = logging.getLogger("alembic.runtime.migration")
    level = log.level
    log.addHandler(steps)
    log.setLevel(logging.INFO)
    try:
        move(config, revision)
    except Exception as error:  # whatever a migration runs into, the reader needs its words, not our stack
        raise StackError(f"The migration to '{revision}' failed: {error}") from error
    finally:
        log.removeHandler(steps)
        log.setLevel(level)
    return steps.taken


class _Steps(logging.Handler):
    """Alembic tells what it does only to its log."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        if said.startswith("Running "):
            self.taken.append(said.removeprefix("Running "))
