"""Background parts: found again safely, stopped surely, and nobody else's process is ever touched."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from scripts.stack import processes
from scripts.stack.errors import StackError
from scripts.stack.processes import Part, find, start, wait_ready, wait_until

SLEEPER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    for record in tmp_path.glob("*.json"):
        part = processes.recorded(tmp_path, record.stem)
        if part is not None:
            part.stop(grace_seconds=0)


def started(run: Path, command: list[str]) -> Part:
    part = start(run, "part", command, address="nowhere", facts={"ports": "1 2"})
    assert wait_until(lambda: "up" in Path(part.log).read_text(), timeout_seconds=10)
    return part


def test_a_part_is_found_again_with_what_its_starter_noted(run: Path) -> None:
    part = started(run, SLEEPER)

    assert find(run, "part") == part
    assert part.facts == {"ports": "1 2"}
    assert 0 <= part.uptime_seconds() < 30


def test_a_part_that_was_stopped_is_found_no_more(run: Path) -> None:
    part = started(run, SLEEPER)

    assert part.stop(grace_seconds=10)
    assert find(run, "part") is None
    assert not part.stop()


def test_a_part_that_does_not_listen_is_killed_after_its_grace(run: Path) -> None:
    part = started(run, DEAF)

    began = time.monotonic()
    part.stop(grace_seconds=0.3)

    assert not part.alive()
    assert 0.3 <= time.monotonic() - began < 5


def test_the_children_of_a_killed_part_go_with_it(run: Path) -> None:
    script = (
        "import subprocess, sys, time; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        "print('up', child.pid, flush=True); time.sleep(60)"
    )
    part = started(run, [sys.executable, "-c", script])
    child = int(Path(part.log).read_text().split()[1])

    part.stop(how=signal.SIGKILL)

    assert wait_until(lambda: not psutil.pid_exists(child), timeout_seconds=5)


def test_a_pid_that_belongs_to_somebody_else_by_now_is_left_alone(run: Path) -> None:
    with subprocess.Popen(SLEEPER, stdout=subprocess.DEVNULL) as stranger:
        part = Part("part", stranger.pid, psutil.Process(stranger.pid).create_time() - 60, "nowhere", "")

        assert not part.alive()
        assert not part.stop()
        assert stranger.poll() is None
        stranger.kill()


def test_a_broken_record_counts_as_none(run: Path) -> None:
    (run / "part.json").write_text("{")

    assert find(run, "part") is None


def test_a_part_that_ends_while_starting_is_reported_with_the_end_of_its_log(run: Path) -> None:
    part = start(run, "part", [sys.executable, "-c", "print('the reason')"], address="nowhere")

    with pytest.raises(StackError, match=r"(?s)Part ended while it was starting.*the reason"):
        wait_ready(part, lambda: False, what="Part", timeout_seconds=10)


def test_a_part_that_takes_too_long_is_reported_as_such(run: Path) -> None:
    part = started(run, SLEEPER)

    with pytest.raises(StackError, match="did not get ready in 0 s"):
        wait_ready(part, lambda: False, what="Part", timeout_seconds=0.2)


def test_a_part_survives_a_change_of_the_clock_of_a_second(run: Path) -> None:
    part = started(run, SLEEPER)

    assert replace(part, born=part.born + 1).alive()


def test_a_script_that_is_ending_starts_nothing_more(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_no_more", type(processes._no_more)())
    processes.start_no_more()

    with pytest.raises(StackError, match="ending"):
        start(run, "part", SLEEPER, address="nowhere")
    assert find(run, "part") is None


def test_our_own_process_is_its_own_and_nobody_elses() -> None:
    own = Part("me", os.getpid(), psutil.Process().create_time(), "here", "")

    assert own.alive()
