"""PostgreSQL's own programs for whole databases: which of those on this machine fit, and running them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from scripts.stack.errors import StackError
from scripts.stack.postgres import releases

SYSTEM_RELEASES = Path("/usr/lib/postgresql")
"""Where Debian keeps a folder for each release that is installed."""


@dataclass(frozen=True)
class Tools:
    """The folder of pg_dump and pg_restore, and the release that they are of."""

    folder: Path
    release: int

    @property
    def pg_dump(self) -> str:
        return str(self.folder / "pg_dump")

    @property
    def pg_restore(self) -> str:
        return str(self.folder / "pg_restore")


@cache
def installed() -> tuple[Tools, ...]:
    """What is here, the oldest first: what pip brought, what is in PATH, what Debian keeps beside that."""
    found = shutil.which("pg_dump")
    folders = [*releases().values(), *sorted(SYSTEM_RELEASES.glob("*/bin")), *([Path(found).parent] if found else [])]
    there = (Tools(folder, release) for folder in folders if (release := _release(folder / "pg_dump")))
    return tuple(sorted({tools.release: tools for tools in there}.values(), key=lambda tools: tools.release))


def fitting(server: int, here: Iterable[Tools]) -> Tools:
    """Return those that dump a server of this release: of its own, else of the next there is, never older ones.

    Raises StackError where all are older.
    """
    known = sorted(here, key=lambda tools: tools.release)
    for tools in known:
        if tools.release >= server:
            return tools
    newest = f"the newest pg_dump here is of {known[-1].release}" if known else "there is no pg_dump here"
    raise StackError(
        f"The server is PostgreSQL {server}, and {newest}, which cannot read it. "
        f"Install the client programs of {server} (Debian, Ubuntu: apt install postgresql-client-{server})."
    )


def _release(program: Path) -> int:
    """The major release that a program is of; 0 if it is none."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(found[1]) if found else 0


def start(command: list[str], *, url: str = "", **options: Any) -> subprocess.Popen[bytes]:
    """Start one of them, in UTC and in English. `url` is the database's, whose password no process list shows."""
    environment = {**os.environ, "TZ": "UTC", "LC_ALL": "C"}
    if url:
        where = conninfo_to_dict(url)
        if password := where.pop("password", None):
            environment["PGPASSWORD"] = str(password)
        command = [*command, "--no-password", f"--dbname={make_conninfo('', **where)}"]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, env=environment, **options)
