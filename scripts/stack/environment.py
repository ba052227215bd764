"""The virtual environment `.venv`: made, and filled with exactly what the requirements say. Standard library only.

Run before anything else of ours can be, by any Python that is new enough. When the requirements have not changed
since the last time it does nothing, in a few milliseconds.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from scripts.stack import cli, disk
from scripts.stack.errors import StackError
from scripts.stack.places import ROOT, here, shown
from scripts.stack.progress import Progress

VENV = ROOT / ".venv"
REQUIREMENTS = (ROOT / "requirements.txt", ROOT / "requirements-dev.txt")
STAMP = VENV / ".requirements.sha256"
UNFINISHED = VENV / ".unfinished"
LOG = here().local / "pip.log"


def main() -> int:
    if not is_current():
        install(with_kafka="--with-kafka" in sys.argv[1:])
    return 0


def is_current() -> bool:
    """Whether .venv was filled from the present requirements."""
    return STAMP.is_file() and STAMP.read_text() == checksum() and (VENV / "bin" / "python").exists()


def checksum() -> str:
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in REQUIREMENTS)).hexdigest()


def install(*, with_kafka: bool = False) -> None:
    """Make .venv what the requirements say. With Kafka, its jars come in at the same time.

    Raises StackError if that fails.
    """
    disk.require(ROOT)
    LOG.parent.mkdir(exist_ok=True)
    with (LOG.parent / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_current():  # another script did it while we waited
            return
        meanwhile = _fetch_jars() if with_kafka else None
        try:
            with Progress().step("Python environment") as say:
                _make()
                UNFINISHED.touch()
                _fill(say)
                STAMP.write_text(checksum())
                UNFINISHED.unlink()
        except BaseException:
            if meanwhile is not None:
                meanwhile.terminate()
            raise


def _make() -> None:
    python = VENV / "bin" / "python"
    works = (
        not UNFINISHED.exists()
        and python.exists()
        and subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode == 0
    )
    if not works:
        # Left by an attempt that was cut short, or by a Python that is gone.
        shutil.rmtree(VENV, ignore_errors=True)
        base = Path(sys.executable) if sys.prefix == sys.base_prefix else Path(sys._base_executable)  # type: ignore[attr-defined]
        _call([str(base), "-m", "venv", str(VENV)], lambda _: None)


def _fill(say: Callable[[str], None]) -> None:
    total = sum(len(re.findall(r"^[A-Za-z0-9]\S*==", path.read_text(), re.M)) for path in REQUIREMENTS)
    seen = 0

    def count(line: str) -> None:
        nonlocal seen
        if line.startswith(("Collecting ", "Requirement already satisfied")):
            seen += 1
            say(f"{seen} of {total} packages")
        elif line.startswith("Installing"):
            say(f"installing {total} packages")

    # Every version is pinned: there is nothing to resolve.
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--require-hashes", "--no-deps", "--no-input"]
    files = [word for path in REQUIREMENTS for word in ("-r", str(path))]
    _call([*pip, "--progress-bar", "off", "--disable-pip-version-check", *files], count)
    say(f"{total} packages")


def _call(command: list[str], each_line: Callable[[str], None]) -> None:
    """Run a command with its output in the log, showing each line to `each_line`."""
    with LOG.open("a") as log:
        running = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env=_clean_environment(),
        )  # fmt: skip
        assert running.stdout is not None
        lines = []
        try:
            for line in running.stdout:
                log.write(line)
                lines.append(line.rstrip())
                each_line(line)
        except BaseException:
            running.terminate()
            raise
    if running.wait():
        tail = "\n".join(f"    {line[:300]}" for line in lines[-6:])
        raise StackError(f"The Python packages could not be installed; pip's last words, all in {shown(LOG)}:\n{tail}")


def _clean_environment() -> dict[str, str]:
    """Ours, without what would make pip put packages elsewhere or find ours already there."""
    return {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PIP_USER", "PIP_TARGET"}}


def _fetch_jars() -> subprocess.Popen[bytes] | None:
    """Maven's download beside pip's. Whoever needs the jars afterwards waits for it and says what went wrong."""
    quiet = subprocess.DEVNULL
    return subprocess.Popen([sys.executable, "-P", "-m", "scripts.stack.java"], stdin=quiet, stdout=quiet, stderr=quiet)


if __name__ == "__main__":
    cli.run(main)
