"""What the sandbox costs, beside a bare interpreter, bubblewrap and `docker run` of the same program in the same run.

A whole run of a program of one line as its caller sees it. What the sandbox adds is that less what the line itself
takes in an interpreter that is already there, which is next to nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass

from sandbox_runner.backends import Backend, SandboxUnavailable, make_backend
from sandbox_runner.limits import load_limits
from sandbox_runner.program import Program
from sandbox_runner.result import Outcome

SOURCE = "print('hello')"
AT_ONCE = 4
WARM_UP = 5
FEW = 20
"""Rounds of what takes a fifth of a second each."""
BACKENDS = ("pod", "native", "docker")
IMAGE = os.environ.get("SANDBOX_IMAGE", "learnflow/sandbox-python:local")


@dataclass(frozen=True)
class Figures:
    """Times of a run in milliseconds, and runs per second with AT_ONCE callers."""

    name: str
    median_ms: float
    p95_ms: float
    runs_per_second: float

    def __str__(self) -> str:
        times = f"median {self.median_ms:7.2f} ms   p95 {self.p95_ms:7.2f} ms"
        return f"{self.name:16} {times}   {self.runs_per_second:6.0f} runs/s"


def measure(name: str, run: Callable[[], None], rounds: int) -> Figures:
    """Time one run after another, then as many as there may be at once."""
    for _ in range(WARM_UP):
        run()
    times = sorted(_timed(run) for _ in range(rounds))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        began = time.perf_counter()
        list(pool.map(lambda _: run(), range(rounds)))
        rate = rounds / (time.perf_counter() - began)
    p95 = statistics.quantiles(times, n=20, method="inclusive")[-1]
    return Figures(name, round(statistics.median(times), 2), round(p95, 2), round(rate, 1))


def _timed(run: Callable[[], None]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    run()
    return (time.perf_counter() - began) * 1000


def peers() -> dict[str, list[str]]:
    """Return the commands that run the program otherwise, as far as this machine has them."""
    bare = [sys.executable, "-I", "-c", SOURCE]
    found = {"python -I -c": bare}
    if shutil.which("bwrap"):
        found["bwrap"] = [
            "bwrap",
            "--ro-bind",
            "/",
            "/",
            "--tmpfs",
            "/tmp",
            "--unshare-all",
            "--die-with-parent",
            *bare,
        ]
    if shutil.which("docker") and _answers(["docker", "image", "inspect", IMAGE]):
        hardened = ["--network=none", "--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges"]
        found["docker run"] = ["docker", "run", "--rm", *hardened, IMAGE, "python3", "-I", "-c", SOURCE]
    return found


def _answers(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def of_command(command: list[str]) -> Callable[[], None]:
    """Return a run of a command."""

    def run() -> None:
        subprocess.run(command, check=True, capture_output=True)

    return run


def sandboxed(backend: Backend) -> Callable[[], None]:
    """Return a run in this backend. The run raises RuntimeError if it does not go well: its time would mean nothing."""
    program = Program(SOURCE)

    def run() -> None:
        result = backend.run(program)
        if result.outcome is not Outcome.OK or result.stdout != "hello\n":
            raise RuntimeError(f"a run that should be ok was not: {result}")

    return run


def main(arguments: list[str]) -> int:
    """Measure, print, and fail where the pod backend cannot run; of the others it says why they are not here."""
    parser = argparse.ArgumentParser(prog="scripts/bench sandbox", add_help=False, allow_abbrev=False)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    found = [
        measure(name, of_command(command), FEW if name == "docker run" else options.rounds)
        for name, command in peers().items()
        if name == "python -I -c" or _answers(command)
    ]
    for name in BACKENDS:
        try:
            with make_backend(name, load_limits()) as backend:
                found.append(measure(name, sandboxed(backend), options.rounds))
        except SandboxUnavailable as why:
            print(f"{name} is not here: {why}", file=sys.stderr)
    print(json.dumps([asdict(figures) for figures in found]) if options.json else "\n".join(map(str, found)))
    return 0 if any(figures.name == "pod" for figures in found) else 1
