"""The docker backend: each run in a container of its own, with the walls of the other backends inside.

What needs an engine is in containers.py. In the container the same zygote forks the run (contained.py), and its pipes
come over one stream (ferry.py) to the same watch, whose clock ends it: the engine's own `wait` only times out.
"""

from __future__ import annotations

import json
import socket
import threading
from types import TracebackType
from typing import Self

from sandbox_runner import judge, protocol
from sandbox_runner.containers import DEFAULT_IMAGE, LAYERS, Container, Engine
from sandbox_runner.ferry import Ferry, frame
from sandbox_runner.limits import Limits
from sandbox_runner.link import SandboxUnavailable
from sandbox_runner.pool import Pool
from sandbox_runner.program import Program
from sandbox_runner.result import Result
from sandbox_runner.watch import Pipes, Seen, Watch

POOL_SIZE = 4
_TRIES = 2  # a container that ended before its run began has run nothing


class DockerBackend:
    """Runs each program in a container made before it was needed, and removed after it."""

    name = "docker"

    def __init__(
        self, limits: Limits, *, image: str = DEFAULT_IMAGE, landlock: bool = True, waiting: int = POOL_SIZE
    ) -> None:
        """Find the engine; `waiting` containers are kept ready. Raises SandboxUnavailable."""
        self.limits = limits
        self.engine = Engine(image, limits, landlock=landlock)
        self._pool = Pool(self.engine, waiting)
        self._turns = threading.BoundedSemaphore(limits.runs_at_once)
        self._lock = threading.Lock()
        self._inner_layers: tuple[str, ...] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:  # fmt: skip
        self._pool.close()
        self.engine.close()

    @property
    def layers(self) -> tuple[str, ...]:
        """What is around each run. Raises SandboxUnavailable."""
        return (*self.inner_layers, *LAYERS)

    @property
    def inner_layers(self) -> tuple[str, ...]:
        """What is around each run inside its container. Raises SandboxUnavailable."""
        with self._lock:
            if self._inner_layers is None:
                self._inner_layers = self._pool.layers()
            return self._inner_layers

    def run(self, program: Program, limits: Limits | None = None) -> Result:
        """Run a program to its end, with other limits if given. Raises ProgramTooLargeError, SandboxUnavailable.

        Other limits may be narrower: memory, folder and files never go beyond what the containers were made for.
        """
        limits = limits or self.limits
        program.check(limits)
        data = program.as_input(limits)
        with self._turns:
            for _ in range(_TRIES):
                container = self._pool.take()
                try:
                    seen = watched(container, data, limits)
                finally:
                    self._pool.remove(container)
                if seen.started:
                    break
        if not seen.started:
            raise SandboxUnavailable(f"a run could not be started: {seen.refused or 'its container ended'}")
        if seen.ended and (why := judge.broken(seen)):
            raise SandboxUnavailable(f"a layer could not be put around a run: {why}")
        return judge.judge(seen, limits, self.name, (*container.layers, *LAYERS))

    def self_test(self) -> list[str]:
        """Attack every layer, the container's own without what is inside; return a sentence for each that fails."""
        from sandbox_runner.docker_selftest import failures

        return failures(self)


def watched(container: Container, data: bytes, limits: Limits) -> Seen:
    """Give a container its run, and return all that was seen of it."""
    with Pipes.opened() as pipes:
        watch = Watch(pipes, data, limits, lambda: None)  # its folder is bounded by the kernel
        request = frame(protocol.LIFELINE, json.dumps(limits.as_dict()).encode("ascii"))
        try:
            container.stream.setblocking(True)
            container.stream.sendall(request)
        except OSError:
            return watch.seen
        carrier = threading.Thread(target=_ferry(container, pipes).carry, kwargs={"until_lifeline_ends": False})
        carrier.start()
        try:
            return watch.to_the_end()
        finally:
            _hang_up(container.stream)
            carrier.join()


def _ferry(container: Container, pipes: Pipes) -> Ferry:
    """Take the run's ends of the pipes over, which elsewhere a zygote would."""
    stdin, stdout, stderr, report, lifeline = pipes.theirs
    pipes.theirs.clear()
    stream = container.stream.fileno()
    return Ferry(
        (stream, stream),
        {protocol.STDIN: stdin},
        {protocol.STDOUT: stdout, protocol.STDERR: stderr, protocol.REPORT: report},
        socket.socket(fileno=lifeline),
        container.frames,
    )


def _hang_up(stream: socket.socket) -> None:
    """The container then hears that nobody listens, and the ferry that nobody talks."""
    try:
        stream.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it was first
