"""Background processes that outlive the script that started them, and can be found again safely.

Each part leaves a record `<run>/<name>.json`. A record counts only while the process with its pid was also
born when the record says: a pid that the system has given to somebody else since is never taken for ours,
and never killed.
"""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psutil

from scripts.stack.errors import StackError
from scripts.stack.places import shown

# The clock that births are read from may be corrected while we run; no pid comes round this fast.
BIRTH_TOLERANCE_SECONDS = 2.0
POLL_SECONDS = 0.05
LOG_LINES_SHOWN = 12
LINE_WIDTH = 200

# Kept so that Python does not warn of forgotten children: they are meant to outlive us.
_started: list[subprocess.Popen[bytes]] = []
# Whoever ends this script must know of every start: none is half-way, and none follows.
_starting = threading.Lock()
_no_more = threading.Event()


@dataclass(frozen=True)
class Part:
    """One background process: who it is and how it is reached."""

    name: str
    pid: int
    born: float  # seconds since the epoch
    address: str
    log: str
    facts: dict[str, str] = field(default_factory=dict)  # what whoever started it wants to find again

    def alive(self) -> bool:
        return self._process() is not None

    def uptime_seconds(self) -> float:
        return max(0.0, time.time() - self.born)

    def last_log_lines(self, count: int = LOG_LINES_SHOWN) -> str:
        """The end of its log, for a person to read; empty if there is none."""
        try:
            lines = Path(self.log).read_text(errors="replace").splitlines()
        except OSError:
            return ""
        return "\n".join(f"    {line[:LINE_WIDTH]}" for line in lines[-count:])

    def _process(self) -> psutil.Process | None:
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.born) < BIRTH_TOLERANCE_SECONDS
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.Error:
            return None

    def stop(self, *, how: signal.Signals = signal.SIGTERM, grace_seconds: float = 15) -> bool:
        """Ask it to end, wait, and make it end. Whether there was anything to stop."""
        process = self._process()
        if process is None:
            return False
        with contextlib.suppress(psutil.NoSuchProcess):
            children = process.children(recursive=True)
            process.send_signal(how)
            if not _gone(self, grace_seconds):
                process.kill()
            _, left = psutil.wait_procs(children, timeout=1)
            for child in left:
                end(child)
        _gone(self, grace_seconds=5)
        return True


def _gone(part: Part, grace_seconds: float) -> bool:
    return wait_until(lambda: not part.alive(), timeout_seconds=grace_seconds)


def wait_until(true: Callable[[], bool], *, timeout_seconds: float, poll_seconds: float = POLL_SECONDS) -> bool:
    """Whether `true()` came to hold in time."""
    deadline = time.monotonic() + timeout_seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(poll_seconds)
    return True


def start(
    run: Path,
    name: str,
    command: Sequence[str | Path],
    *,
    address: str,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    user: str | None = None,
    facts: dict[str, str] | None = None,
) -> Part:
    """Start `command` away from this terminal, its output in `<run>/<name>.log`, and record it."""
    run.mkdir(parents=True, exist_ok=True)
    log = run / f"{name}.log"
    with _starting, log.open("wb") as output:
        if _no_more.is_set():
            raise StackError(f"{name} is not started: this script is ending.")
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(env) if env is not None else None,
            cwd=cwd,
            start_new_session=True,  # Ctrl-C and a closed terminal are not for it
            **as_user(user),
        )
        _started.append(process)
        part = Part(name, process.pid, psutil.Process(process.pid).create_time(), address, str(log), facts or {})
        _write(run, part)
    return part


def start_no_more() -> None:
    """From here on, `start` refuses; no start is half-way when this returns."""
    with _starting:
        _no_more.set()


def end(process: psutil.Process) -> None:
    """End a process at once; it may be gone already."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process.kill()


def as_user(user: str | None) -> dict[str, Any]:
    """Keywords that make subprocess start something as `user`; none for the present one."""
    if user is None:
        return {}
    entry = pwd.getpwnam(user)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def find(run: Path, name: str) -> Part | None:
    """The recorded part, if it is alive."""
    part = recorded(run, name)
    return part if part is not None and part.alive() else None


def recorded(run: Path, name: str) -> Part | None:
    """The last one started under that name, dead or alive."""
    try:
        return Part(**json.loads((run / f"{name}.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None


def forget(run: Path, name: str) -> None:
    (run / f"{name}.json").unlink(missing_ok=True)


def _write(run: Path, part: Part) -> None:
    # Written whole or not at all: `status` may look at any moment.
    unfinished = run / f".{part.name}.{os.getpid()}"
    unfinished.write_text(json.dumps(asdict(part)))
    unfinished.replace(run / f"{part.name}.json")


def wait_ready(part: Part, ready: Callable[[], bool], *, what: str, timeout_seconds: float) -> None:
    """Wait until `ready()`, which raises StackError if that will never be.

    Raises StackError with the end of the log then, or if the part dies or takes too long.
    """
    try:
        wait_until(lambda: ready() or not part.alive(), timeout_seconds=timeout_seconds)
        if ready():
            return
        trouble = f"did not get ready in {timeout_seconds:.0f} s" if part.alive() else "ended while it was starting"
    except StackError as problem:
        trouble = f"does not get ready: {problem}"
    raise StackError(f"{what} {trouble}. The end of {shown(Path(part.log))}:\n{part.last_log_lines()}")
