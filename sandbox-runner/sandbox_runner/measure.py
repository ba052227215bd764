"""What the sandbox costs: `python -m sandbox_runner.measure [--rounds N] [--json] [backend …]`.

Added time is a whole run of a program of one line as its caller sees it, less what the line itself takes, which is
next to nothing; a bare `python -I -c` of the same line, in the same minutes, is what it stands beside.
"""

from __future__ import annotations

import argparse
import json
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
WARM_UP = 20


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


def bare() -> None:
    """A fresh interpreter without any sandbox."""
    subprocess.run([sys.executable, "-I", "-c", SOURCE], check=True, capture_output=True)


def sandboxed(backend: Backend) -> Callable[[], None]:
    """Return a run in this backend. The run raises RuntimeError if it does not go well: its time would mean nothing."""
    program = Program(SOURCE)

    def run() -> None:
        result = backend.run(program)
        if result.outcome is not Outcome.OK or result.stdout != "hello\n":
            raise RuntimeError(f"a run that should be ok was not: {result}")

    return run


def main() -> int:
    """Measure, print, and fail where a backend that was asked for cannot run."""
    parser = argparse.ArgumentParser(prog="python -m sandbox_runner.measure")
    parser.add_argument("backends", nargs="*", default=["pod", "native"])
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found, missing = [measure("python -I -c", bare, options.rounds)], []
    for name in options.backends:
        try:
            with make_backend(name, load_limits()) as backend:
                found.append(measure(name, sandboxed(backend), options.rounds))
        except SandboxUnavailable as why:
            missing.append(f"{name}: {why}")
    print(json.dumps([asdict(figures) for figures in found]) if options.json else "\n".join(map(str, found)))
    print("\n".join(missing), file=sys.stderr, end="\n" if missing else "")
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
