"""The runner's end of a zygote: start it, send it requests, replace it when it dies."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import threading
from pathlib import Path

from sandbox_runner import protocol

START_SECONDS = 10.0
STOP_SECONDS = 5.0
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); from sandbox_runner.zygote import main; del sys.path[0]; "
    "main(int(sys.argv[2]), sys.argv[3], sys.argv[4] == '1')"
)
_PACKAGE_FOLDER = str(Path(__file__).parent.parent)


class SandboxUnavailable(RuntimeError):
    """The sandbox cannot run programs now, through no fault of the program."""


class Link:
    """A running zygote. `layers` are what it says it puts around each run."""

    def __init__(self, profile: str, *, landlock: bool) -> None:
        """Start one. Raises SandboxUnavailable with what it says about why it cannot."""
        ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        arguments = [_PACKAGE_FOLDER, str(its.fileno()), profile, "1" if landlock else "0"]
        with its:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-B", "-X", "utf8", "-c", _START, *arguments],
                pass_fds=[its.fileno()],
                stdin=subprocess.DEVNULL,
                # Of the runner's environment nothing, and one heap for all threads: each would take 64 MB to itself.
                env={"MALLOC_ARENA_MAX": "1", "LANG": "C.UTF-8"},
                cwd="/",
            )  # fmt: skip
        self._socket = ours
        self.pid = self._process.pid
        try:
            self.layers = self._greeted()
        except SandboxUnavailable:
            self.close()
            raise

    def _greeted(self) -> tuple[str, ...]:
        self._socket.settimeout(START_SECONDS)
        try:
            greeting, _ = protocol.receive(self._socket)
        except OSError as problem:
            raise SandboxUnavailable(f"the zygote did not start: {problem}") from problem
        if greeting is None:
            raise SandboxUnavailable("the zygote ended while it started")
        if not greeting["ready"]:
            raise SandboxUnavailable(str(greeting["why"]))
        return tuple(greeting["layers"])

    def request(self, limits: protocol.Message, fds: list[int]) -> None:
        """Ask for a child. Raises OSError where the zygote is gone or does not listen."""
        protocol.send(self._socket, limits, fds)

    def close(self) -> None:
        """End the zygote, and with it every run."""
        self._socket.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(STOP_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End the zygote at once, and with it every run."""
        self._process.kill()
        self._process.wait()


class Links:
    """The one link in use at a time; safe to share among threads."""

    def __init__(self, profile: str, *, landlock: bool) -> None:
        self._profile, self._landlock = profile, landlock
        self._lock = threading.Lock()
        self._link: Link | None = None

    def current(self) -> Link:
        """Return the link, made if there is none. Raises SandboxUnavailable."""
        with self._lock:
            if self._link is None:
                self._link = Link(self._profile, landlock=self._landlock)
            return self._link

    def discard(self, link: Link) -> None:
        """This one is of no use any more: the next run gets another."""
        with self._lock:
            if self._link is link:
                self._link = None
        link.kill()

    def close(self) -> None:
        """End what runs."""
        with self._lock:
            link, self._link = self._link, None
        if link is not None:
            link.close()
