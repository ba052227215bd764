"""A backup: a file of pg_dump's custom format, made whole or not at all, and read as the SQL that it stands for."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from scripts.stack import postgres_tools
from scripts.stack.errors import StackError
from scripts.stack.places import shown
from scripts.stack.postgres_tools import Tools

SCHEMA = "public"
"""Where LearnFlow keeps all it has. What else a database holds is in the backup too, and is not restored."""
LAST_LINES = 5
LOCK_WAIT = "--lock-wait-timeout=60s"
"""For whoever changes tables meanwhile: a migration, or a restore."""
_MADE_AT = re.compile(r"^; Archive created at (\S+ \S+)", re.M)
_SERVER = re.compile(r"^;\s+Dumped from database version: (\d+)", re.M)
_TABLE = re.compile(r"^\d+; .* TABLE DATA (\S+) (\S+) ", re.M)


@dataclass(frozen=True)
class Archive:
    """A file, and what it says of itself: the moment that it shows (UTC), the release of its server, its revision."""

    path: Path
    made_at: datetime
    server: int
    revision: str
    tables: int

    @property
    def size(self) -> str:
        return size_of(self.path)


def dump(url: str, server: int, to: Path, say: Callable[[str], None]) -> None:
    """Write a whole database to a file that is there. Raises StackError if pg_dump does."""
    tools = postgres_tools.fitting(server, postgres_tools.installed())
    # What a crash would empty is worth nothing in a backup either.
    command = [tools.pg_dump, "--format=custom", "--no-unlogged-table-data", "--verbose", LOCK_WAIT, f"--file={to}"]
    begun, last = 0, [""]
    with postgres_tools.start(command, url=url, stderr=-1) as running:
        assert running.stderr is not None
        try:
            for line in running.stderr:
                last = [*last, line.decode(errors="replace").rstrip()][-LAST_LINES:]
                begun += b"dumping contents of table" in line
                say(f"{begun} tables, {size_of(to)}")
        except BaseException:
            running.kill()
            raise
    if running.returncode:
        raise StackError("The database could not be backed up; pg_dump's last words:\n" + "\n".join(last))


def read(path: Path) -> Archive:
    """Return what a backup says of itself. Raises StackError for a file that is none of ours, or is not whole."""
    if not path.is_file():
        raise StackError(f"There is no file {shown(path)}.")
    listed = "".join(line.decode(errors="replace") for line in _said_of(path, "--list"))
    made_at, server = _MADE_AT.search(listed), _SERVER.search(listed)
    tables = [name for schema, name in _TABLE.findall(listed) if schema == SCHEMA]
    if made_at is None or server is None or "alembic_version" not in tables:
        raise StackError(f"{shown(path)} is a backup, but not of a database of LearnFlow's.")
    found = list(_said_of(path, "--data-only", f"--schema={SCHEMA}", "--table=alembic_version", "--file=-"))
    copied = next((number for number, line in enumerate(found) if line.startswith(b"COPY ")), len(found))
    revision = found[copied + 1].decode().strip() if copied + 1 < len(found) else ""
    moment = datetime.fromisoformat(made_at[1]).replace(tzinfo=UTC)
    return Archive(path, moment, int(server[1]), revision, len(tables))


def verify(path: Path) -> None:
    """Read all of a backup. Raises StackError where that fails."""
    for _ in _said_of(path, "--file=-"):
        pass


@contextmanager
def script_of(archive: Archive) -> Iterator[Iterator[bytes]]:
    """Yield the lines of the SQL that makes what the backup holds anew, whoever owned it, and nobody else's rights."""
    yield _said_of(archive.path, f"--schema={SCHEMA}", "--no-owner", "--no-privileges", "--file=-")


def _said_of(path: Path, *words: str) -> Iterator[bytes]:
    """The lines that pg_restore prints of a file. Raises StackError, after the last, if it could not read all."""
    with tempfile.TemporaryFile() as complaints:
        command = [_newest().pg_restore, *words, str(path)]
        running = postgres_tools.start(command, stdout=-1, stderr=complaints)
        assert running.stdout is not None
        try:
            yield from running.stdout
            code = running.wait()
        finally:
            running.kill()
            running.wait()
            running.stdout.close()
        if code:
            raise StackError(f"{shown(path)} cannot be read as a backup: {_end_of(complaints)}")


def _newest() -> Tools:
    known = postgres_tools.installed()
    if not known:
        raise StackError("There is no pg_restore here. Install PostgreSQL's client programs.")
    return known[-1]


def _end_of(complaints: IO[bytes]) -> str:
    complaints.seek(0)
    return complaints.read().decode(errors="replace").strip()[-500:]


def size_of(path: Path) -> str:
    """The size of a file in words."""
    size = float(path.stat().st_size)
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


@contextmanager
def made_whole(path: Path) -> Iterator[Path]:
    """Yield an empty file for its owner alone, which gets its name when it is finished; nothing is left of a failure.

    Raises StackError where there is a file of that name already.
    """
    _refuse(path)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    unfinished = Path(name)
    try:
        yield unfinished
        os.fsync(handle)
        _refuse(path)
        unfinished.rename(path)
    finally:
        os.close(handle)
        unfinished.unlink(missing_ok=True)


def _refuse(path: Path) -> None:
    if path.exists():
        raise StackError(f"{shown(path)} is there already, and is not overwritten: give another name.")
    if not path.parent.is_dir():
        raise StackError(f"There is no folder {shown(path.parent)}.")
