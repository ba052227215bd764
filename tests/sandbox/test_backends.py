"""Many runs at once, and what becomes of them when the zygote dies."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox_runner.backends import ZygoteBackend, make_backend
from sandbox_runner.limits import Limits
from sandbox_runner.program import Program
from sandbox_runner.result import Outcome
from scripts.stack.processes import wait_until
from tests.sandbox.survivors import below

HOSTILE = [
    path.read_text()
    for path in sorted((Path(__file__).parent / "hostile").glob("*.py"))
    if path.stem
    in {
        "endless_loop", "fork_bomb", "bytearray_bomb", "stdout_flood", "fills_its_folder", "sleeps_for_ever",
        "thread_bomb", "regex_backtracking", "swallows_memory_errors", "segfault",
    }
]  # fmt: skip
HOSTILE_RUNS, GOOD_RUNS = 50, 20


@pytest.fixture(params=["pod", "native"])
def own(request: pytest.FixtureRequest, limits: Limits) -> Iterator[ZygoteBackend]:
    """A backend that the test may break."""
    with make_backend(request.param, replace(limits, runs_at_once=HOSTILE_RUNS + GOOD_RUNS)) as made:
        assert isinstance(made, ZygoteBackend)
        if made.self_test():
            pytest.skip(f"{request.param}: {made.self_test()[0]}")
        yield made


def test_fifty_hostile_runs_do_not_disturb_good_ones(own: ZygoteBackend, limits: Limits) -> None:
    generous = replace(limits, wall_seconds=20.0)

    def good(number: int) -> tuple[Outcome, str, float]:
        result = own.run(Program("print(sum(range(int(input()))))", str(number)), generous)
        return result.outcome, result.stdout, result.duration_ms

    with ThreadPoolExecutor(HOSTILE_RUNS + GOOD_RUNS) as pool:
        bad = [pool.submit(own.run, Program(HOSTILE[at % len(HOSTILE)])) for at in range(HOSTILE_RUNS)]
        answers = [(number, pool.submit(good, number)) for number in range(GOOD_RUNS)]
        for number, answer in answers:
            outcome, printed, duration_ms = answer.result()
            assert (outcome, printed) == (Outcome.OK, f"{sum(range(number))}\n")
            assert duration_ms < generous.wall_seconds * 1000
        assert all(run.result().outcome is not None for run in bad)
    assert len(below(own.zygote_pid)) == (1 if own.name == "native" else 0)


def test_runs_end_as_killed_when_the_zygote_dies_and_the_next_gets_another(own: ZygoteBackend) -> None:
    first = own.zygote_pid
    resting = len(below(first))
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(own.run, Program("import time\ntime.sleep(60)"), replace(own.limits, wall_seconds=30.0))
        assert wait_until(lambda: len(below(first)) > resting, timeout_seconds=5)
        children = below(first)
        os.kill(first, signal.SIGKILL)

        result = running.result(timeout=10)

    assert result.outcome is Outcome.KILLED
    assert result.exit_status is None
    assert wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children), timeout_seconds=5)
    assert own.run(Program("print(1)")).stdout == "1\n"
    assert own.zygote_pid != first


def test_leaving_ends_every_process_and_removes_every_folder(limits: Limits, tmp_path: Path) -> None:
    with make_backend("pod", limits) as backend:
        assert isinstance(backend, ZygoteBackend)
        place = backend.run(Program("from pathlib import Path\nprint(Path.cwd().parent)")).stdout.strip()
        zygote = backend.zygote_pid
        assert Path(place).is_dir()
        assert backend.run(Program("open('left', 'w').close()")).outcome is Outcome.OK
        assert not list(Path(place).rglob("left"))

    assert not Path(place).exists()
    assert not Path(f"/proc/{zygote}").exists()


def test_many_runs_leave_no_descriptor_open(own: ZygoteBackend) -> None:
    own.run(Program("print(1)"))
    before = len(list(Path("/proc/self/fd").iterdir()))

    for _ in range(20):
        own.run(Program("print(1)"))

    assert len(list(Path("/proc/self/fd").iterdir())) == before
