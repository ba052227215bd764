"""The ways to run a program, behind one interface."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Protocol, Self

from sandbox_runner import folder, judge
from sandbox_runner.containers import DEFAULT_IMAGE
from sandbox_runner.limits import Limits
from sandbox_runner.link import Link, Links, SandboxUnavailable
from sandbox_runner.program import Program
from sandbox_runner.result import Result
from sandbox_runner.watch import Pipes, Seen, Watch

__all__ = ["Backend", "SandboxUnavailable", "make_backend"]

_TRIES = 2  # a zygote that died before it forked has run nothing: the program may safely be tried once more


class Backend(Protocol):
    """Runs programs, many at once, from any thread, between entering and leaving."""

    @property
    def name(self) -> str:
        """One of pod, native and docker."""

    @property
    def layers(self) -> tuple[str, ...]:
        """What is around each run. Raises SandboxUnavailable."""

    def run(self, program: Program, limits: Limits | None = None) -> Result:
        """Run a program to its end, with other limits if given. Raises ProgramTooLargeError, SandboxUnavailable."""

    def self_test(self) -> list[str]:
        """Attack every layer; return a sentence for each that does not hold. Empty means ready."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None: ...  # fmt: skip


def make_backend(name: str, limits: Limits, *, landlock: bool = True, image: str | None = None) -> Backend:
    """Return the backend of that name: pod, native or docker. Raises ValueError, SandboxUnavailable.

    `landlock=False` does without that layer, where a kernel has none and something else takes its place (gVisor).
    `image` is what the docker backend makes its containers of, if not of its own.
    """
    if name in ("pod", "native"):
        return ZygoteBackend(name, limits, landlock=landlock)
    if name == "docker":
        from sandbox_runner.docker_backend import DockerBackend

        return DockerBackend(limits, image=image or DEFAULT_IMAGE, landlock=landlock)
    raise ValueError(f"there is no sandbox backend {name!r}; there are pod, native and docker")


class ZygoteBackend:
    """Forks each run from a zygote; `pod` and `native` are its profiles (profiles.py)."""

    def __init__(self, profile: str, limits: Limits, *, landlock: bool = True) -> None:
        self.name, self.limits = profile, limits
        self._links = Links(profile, landlock=landlock)
        self._folders = folder.Folders() if profile == "pod" else None
        self._turns = threading.BoundedSemaphore(limits.runs_at_once)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:  # fmt: skip
        self._links.close()
        if self._folders:
            self._folders.close()

    @property
    def layers(self) -> tuple[str, ...]:
        """What is around each run. Raises SandboxUnavailable."""
        return self._links.current().layers

    @property
    def zygote_pid(self) -> int:
        """The process all runs descend from. Raises SandboxUnavailable."""
        return self._links.current().pid

    def run(self, program: Program, limits: Limits | None = None) -> Result:
        """Run a program to its end, with other limits if given. Raises ProgramTooLargeError, SandboxUnavailable."""
        limits = limits or self.limits
        program.check(limits)
        data = program.as_input(limits)
        with self._turns:
            for _ in range(_TRIES):
                link = self._links.current()
                seen = self._watched(link, data, limits)
                if seen.ended is None and not seen.refused:
                    self._links.discard(link)  # it died, or hangs; its other runs end with it
                if seen.started:
                    break
        if not seen.started:
            raise SandboxUnavailable(f"a run could not be started: {seen.refused or 'the zygote does not answer'}")
        if seen.ended and (why := judge.broken(seen)):
            raise SandboxUnavailable(f"a layer could not be put around a run: {why}")
        return judge.judge(seen, limits, self.name, link.layers)

    def _watched(self, link: Link, data: bytes, limits: Limits) -> Seen:
        with self._own_folder() as own, Pipes.opened() as pipes:
            watch = Watch(pipes, data, limits, lambda: self._look(own, limits))
            try:
                link.request(limits.as_dict(), [*pipes.theirs, *own])
            except OSError:
                return watch.seen
            pipes.close_theirs()
            return watch.to_the_end()

    @contextlib.contextmanager
    def _own_folder(self) -> Iterator[list[int]]:
        if self._folders is None:
            yield []
            return
        with self._folders.one() as fd:
            yield [fd]

    @staticmethod
    def _look(own: list[int], limits: Limits) -> None:
        for fd in own:
            folder.check(fd, limits.folder_bytes, limits.folder_entries)

    def self_test(self) -> list[str]:
        """Attack every layer; return a sentence for each that does not hold. Empty means ready."""
        from sandbox_runner.selftest import failures

        return failures(self)
