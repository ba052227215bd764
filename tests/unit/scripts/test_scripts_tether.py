"""A tethered command ends with whoever holds its other end, however that one ends."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import psutil

from scripts.stack import tether
from scripts.stack.processes import wait_until

CHILD = "import os, time; open({file!r}, 'w').write(str(os.getpid())); time.sleep(60)"


def tethered(file: Path) -> list[str]:
    return [sys.executable, str(tether.__file__), "--", sys.executable, "-c", CHILD.format(file=str(file))]


def child_of(file: Path) -> psutil.Process:
    assert wait_until(lambda: file.exists() and file.read_text() != "", timeout_seconds=10)
    return psutil.Process(int(file.read_text()))


def gone(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_it_ends_when_its_parent_lets_go(tmp_path: Path) -> None:
    running = subprocess.Popen(tethered(tmp_path / "pid"), stdin=subprocess.PIPE)
    child = child_of(tmp_path / "pid")

    running.communicate(timeout=10)

    assert wait_until(lambda: gone(child), timeout_seconds=5)


def test_it_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    command = tethered(tmp_path / "pid")
    script = f"import subprocess, time; subprocess.Popen({command!r}, stdin=subprocess.PIPE); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", script]) as parent:
        child = child_of(tmp_path / "pid")
        parent.send_signal(signal.SIGKILL)

    assert wait_until(lambda: gone(child), timeout_seconds=5)


def test_it_passes_on_the_exit_code() -> None:
    command = [sys.executable, str(tether.__file__), "--", sys.executable, "-c", "raise SystemExit(7)"]

    with subprocess.Popen(command, stdin=subprocess.PIPE) as running:
        assert running.wait(10) == 7
