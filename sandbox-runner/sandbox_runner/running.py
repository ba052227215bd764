"""The one backend of a process: started, attacked until it holds, asked to run programs, ended."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import structlog

from sandbox_runner.answering import Request
from sandbox_runner.backends import Backend, SandboxUnavailable
from sandbox_runner.errors import TryAgainLater
from sandbox_runner.limits import Limits
from sandbox_runner.program import Program, ProgramTooLargeError
from sandbox_runner.result import ErrorInfo, Outcome, Result

log = structlog.get_logger()

RETRY_SECONDS = 10.0
"""Between two self-tests: one may fail for want of time on a machine that is busy starting everything at once."""
LEAST_SECONDS = 0.1
"""What a run must have left of its event's time to be begun."""
UNTESTED = "the self-test has not ended yet"


class Sandbox:
    """Runs what is asked once its self-test has passed. `make` starts the backend: it may raise SandboxUnavailable."""

    def __init__(self, make: Callable[[], Backend], limits: Limits) -> None:
        self._make, self._limits = make, limits
        self._open = contextlib.ExitStack()
        self._backend: Backend | None = None
        self._stopped = threading.Event()
        self._failures = [UNTESTED]
        self._tester = threading.Thread(target=self._prove, name="self-test", daemon=True)

    def start(self) -> None:
        """Begin to test; call once, in the process that serves and before it does."""
        self._tester.start()

    def stop(self) -> None:
        """End the backend, and with it every run."""
        self._stopped.set()
        if self._tester.is_alive():
            self._tester.join()
        self._open.close()

    def failures(self) -> list[str]:
        """Say why nothing can be run, in sentences; empty when it can."""
        return self._failures or self._layers()[1]

    def layers(self) -> tuple[str, ...]:
        """What is around each run, as far as the backend can say it."""
        return self._layers()[0]

    def results(self, request: Request) -> list[Result]:
        """Run all that is asked, one after another. Raises TryAgainLater."""
        if self._failures or self._backend is None:
            raise TryAgainLater(f"the sandbox is not ready: {'; '.join(self._failures)}")
        try:
            return run_all(self._backend, request.programs(), request.limits(self._limits))
        except SandboxUnavailable as why:
            raise TryAgainLater(str(why)) from why

    def _layers(self) -> tuple[tuple[str, ...], list[str]]:
        if self._backend is None:
            return (), []
        try:
            return self._backend.layers, []
        except SandboxUnavailable as why:
            return (), [str(why)]

    def _prove(self) -> None:
        while not self._stopped.is_set():
            self._failures = self._attempt()
            if not self._failures:
                log.info("sandbox.ready", layers=self.layers())
                return
            log.error("sandbox.not_ready", reasons=self._failures)
            self._stopped.wait(RETRY_SECONDS)

    def _attempt(self) -> list[str]:
        try:
            if self._backend is None:
                self._backend = self._open.enter_context(self._make())
            return self._backend.self_test()
        except SandboxUnavailable as why:
            return [str(why)]
        except Exception as bug:
            log.exception("sandbox.self_test_failed")
            return [f"the self-test itself failed: {bug!r}"]


def run_all(
    backend: Backend, programs: Sequence[Program], limits: Limits, *, now: Callable[[], float] = time.monotonic
) -> list[Result]:
    """Run programs one after another within the time that an event has. Raises SandboxUnavailable."""
    deadline = now() + limits.graded_together_seconds
    return [_run(backend, program, limits, deadline - now()) for program in programs]


def _run(backend: Backend, program: Program, limits: Limits, seconds_left: float) -> Result:
    if seconds_left < LEAST_SECONDS:
        late = "The runs before this one took all the time there is; this one was not begun."
        return _unrun(backend, Outcome.TIMEOUT, "TimeLimit", late)
    try:
        return backend.run(program, replace(limits, wall_seconds=min(limits.wall_seconds, seconds_left)))
    except ProgramTooLargeError as why:
        return _unrun(backend, Outcome.ERROR, "TooLarge", str(why))


def _unrun(backend: Backend, outcome: Outcome, kind: str, message: str) -> Result:
    """Return the result of a program that was never begun."""
    return Result(
        outcome=outcome,
        stdout="", stderr="", stdout_cut=False, stderr_cut=False,
        duration_ms=0.0, cpu_ms=0.0, peak_memory_kb=0, exit_status=None,
        error=ErrorInfo(kind, message, None, f"{kind}: {message}\n"), blocked=None, value=None,
        backend=backend.name, layers=backend.layers,
    )  # fmt: skip
