"""The docker backend attacks itself twice: as any backend does, and in containers with nothing inside.

What holds inside would hide what the container lets through, and the other way round.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

from sandbox_runner import selftest
from sandbox_runner.containers import LAYERS, Container, Engine
from sandbox_runner.ferry import BrokenStreamError
from sandbox_runner.limits import Limits
from sandbox_runner.link import SandboxUnavailable
from sandbox_runner.output import Stream
from sandbox_runner.program import Program
from sandbox_runner.result import Outcome, Result

ATTACKS = "container_attacks.toml"
FIRST_PROCESS = 1
_SECONDS = 20.0  # to make a container and run an attack in it, beside others


class Tested(Protocol):
    """As much of the docker backend as is tested."""

    @property
    def limits(self) -> Limits: ...

    @property
    def engine(self) -> Engine: ...

    @property
    def inner_layers(self) -> tuple[str, ...]: ...

    def run(self, program: Program, limits: Limits | None = None) -> Result: ...


def failures(backend: Tested) -> list[str]:
    """Attack every layer; return a sentence for each that does not hold."""
    try:
        inside = Inside(backend, backend.inner_layers)
    except SandboxUnavailable as why:
        return [str(why)]
    around = Bare(backend.engine, backend.limits)
    return [*selftest.failures(inside), *selftest.failures(around, selftest.attacks(ATTACKS))]


@dataclass
class Inside:
    """A run as learners have it: the container's walls and ours."""

    backend: Tested
    layers: tuple[str, ...]
    zygote_pid: int = FIRST_PROCESS

    @property
    def limits(self) -> Limits:
        return self.backend.limits

    def run(self, program: Program, limits: Limits | None = None) -> Result:
        return self.backend.run(program, limits)


@dataclass
class Bare:
    """An ordinary Python in such a container: the container's walls alone."""

    engine: Engine
    limits: Limits
    layers: tuple[str, ...] = LAYERS
    zygote_pid: int = FIRST_PROCESS

    def run(self, program: Program, limits: Limits | None = None) -> Result:
        """Return what it prints; all else is left open."""
        stdout = Stream((limits or self.limits).stream_bytes)
        container = self.engine.start_bare(["python3", "-I", "-B", "-c", program.source])
        try:
            _talk(container, program.stdin, stdout)
        except (OSError, BrokenStreamError) as problem:
            raise SandboxUnavailable(f"a container fell silent: {problem}") from problem
        finally:
            self.engine.remove(container)
        stderr = container.complaints.decode("utf-8", "replace")
        text, was_cut = stdout.text()
        return Result(
            outcome=Outcome.OK, stdout=text or stderr, stderr=stderr, stdout_cut=was_cut, stderr_cut=False,
            duration_ms=0.0, cpu_ms=0.0, peak_memory_kb=0, exit_status=None, error=None, blocked=None, value=None,
            backend="bare container", layers=self.layers,
        )  # fmt: skip


def _talk(container: Container, stdin: str, stdout: Stream) -> None:
    """Give it its stdin and read until it ends, its time is over or it has said enough. Raises OSError."""
    deadline = time.monotonic() + _SECONDS
    container.stream.settimeout(_SECONDS)
    container.stream.sendall(f"{stdin}\n".encode())
    while not stdout.full and (left := deadline - time.monotonic()) > 0:
        container.stream.settimeout(left)
        if not (data := container.stream.recv(65_536)):
            return
        for piece in container.outputs(data):
            stdout.add(piece)
