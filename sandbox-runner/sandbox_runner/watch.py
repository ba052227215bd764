"""Watch one run from the runner's side: feed it, read it, end it when it has had enough. Never waits without an end."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from sandbox_runner import protocol
from sandbox_runner.folder import LOOK_SECONDS, OverLimitError
from sandbox_runner.limits import Limits
from sandbox_runner.output import Stream

START_SECONDS = 10.0  # for the zygote to fork
END_SECONDS = 2.0  # for the kernel to end what was killed
_READ = 65_536
_REPORT_EXTRA = 32_768  # what a report holds besides value and error


class Stop(StrEnum):
    """Why the runner ended a run."""

    TIMEOUT = "timeout"
    OUTPUT = "output"
    FOLDER = "folder"


@dataclass(frozen=True)
class Ended:
    """How the kernel says a run ended: the status as wait(2) has it."""

    status: int
    cpu_ms: float
    peak_memory_kb: int


@dataclass
class Seen:
    """All that was seen of a run. `ended` None: the zygote died, or the kernel does not let go of the process."""

    stdout: Stream
    stderr: Stream
    report: Stream
    started: bool = False
    refused: str | None = None
    stopped: Stop | None = None
    stopped_because: str = ""
    ended: Ended | None = None
    duration_ms: float = 0.0


@dataclass
class Pipes:
    """The runner's ends. `lifeline` tells of the run; shut down for writing, it ends it."""

    stdin: int
    stdout: int
    stderr: int
    report: int
    lifeline: socket.socket
    theirs: list[int] = field(default_factory=list)

    @classmethod
    @contextlib.contextmanager
    def opened(cls) -> Iterator[Pipes]:
        """Make the pipes; whatever is still open is closed at the end, which ends a run that still goes on."""
        (in_read, in_write), *outs = os.pipe(), os.pipe(), os.pipe(), os.pipe()
        ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        reads, writes = [out[0] for out in outs], [out[1] for out in outs]
        stdout, stderr, report = reads
        pipes = cls(in_write, stdout, stderr, report, ours, theirs=[in_read, *writes, its.detach()])
        for fd in (in_write, *reads):
            os.set_blocking(fd, False)
        try:
            yield pipes
        finally:
            pipes.close_theirs()
            for fd in (pipes.stdin, *reads):
                if fd >= 0:
                    os.close(fd)
            ours.close()

    def close_theirs(self) -> None:
        """Close what the zygote has by now, so that ours tell when the run's are closed."""
        while self.theirs:
            os.close(self.theirs.pop())

    def close_stdin(self) -> None:
        os.close(self.stdin)
        self.stdin = -1


class Watch:
    """One run, from its request to its end."""

    def __init__(self, pipes: Pipes, data: bytes, limits: Limits, look: Callable[[], None]) -> None:
        """`data` is what the run reads; `look` raises OverLimitError if its folder is too full."""
        self._pipes, self._data, self._limits, self._look = pipes, memoryview(data), limits, look
        most = limits.value_bytes + 8 * limits.error_bytes + _REPORT_EXTRA
        self.seen = Seen(Stream(limits.stream_bytes), Stream(limits.stream_bytes), Stream(most))
        self._sinks = {pipes.stdout: self.seen.stdout, pipes.stderr: self.seen.stderr, pipes.report: self.seen.report}
        self._poll = select.poll()
        for fd in (*self._sinks, pipes.lifeline.fileno()):
            self._poll.register(fd, select.POLLIN)
        self._poll.register(pipes.stdin, select.POLLOUT)
        self._began = time.monotonic()
        self._deadline = self._began + START_SECONDS
        self._next_look = self._began + LOOK_SECONDS
        self._over = False

    def to_the_end(self) -> Seen:
        """Return all that was seen, at the latest END_SECONDS after the wall clock's limit."""
        while not self._over:
            now = time.monotonic()
            if now >= self._deadline and not self._past_deadline():
                break
            wait = max(self._deadline - now, 0)
            for fd, _ in self._poll.poll(1000 * min(wait, LOOK_SECONDS) + 1):
                self._attend(fd)
            self._look_at_folder()
        self._drain()
        self.seen.duration_ms = round((time.monotonic() - self._began) * 1000, 2)
        return self.seen

    def _attend(self, fd: int) -> None:
        if fd == self._pipes.stdin:
            self._feed()
        elif fd == self._pipes.lifeline.fileno():
            self._listen()
        else:
            self._read(fd)

    def _feed(self) -> None:
        try:
            self._data = self._data[os.write(self._pipes.stdin, self._data) :]
        except BlockingIOError:
            return
        except BrokenPipeError:
            self._data = self._data[:0]  # it does not read what it was given
        if not self._data:
            self._poll.unregister(self._pipes.stdin)
            self._pipes.close_stdin()

    def _read(self, fd: int) -> bool:
        """Read once; say whether there may be more."""
        try:
            data = os.read(fd, _READ)
        except BlockingIOError:
            return False
        if not data:
            self._poll.unregister(fd)
            del self._sinks[fd]
            return False
        sink = self._sinks[fd]
        sink.add(data)
        if sink.full:
            self._stop(Stop.OUTPUT, "it wrote more than is allowed")
        return not sink.full

    def _listen(self) -> None:
        """Hear what the zygote says; silence for ever means that it is gone."""
        try:
            message, _ = protocol.receive(self._pipes.lifeline)
        except OSError:
            message = None
        if message is None:
            self._over = True
        elif "started" in message:
            self.seen.started = True
            self._deadline = time.monotonic() + self._limits.wall_seconds
        elif "refused" in message:
            self.seen.refused = str(message["refused"])
            self._over = True
        else:
            self.seen.ended = Ended(**message)
            self._over = True

    def _past_deadline(self) -> bool:
        """Stop what is too slow, once; say whether it is worth waiting for its end."""
        if not self.seen.started or self.seen.stopped:
            return False
        self._stop(Stop.TIMEOUT, "its time was over")
        return True

    def _look_at_folder(self) -> None:
        now = time.monotonic()
        if now >= self._next_look and self.seen.started and not self.seen.stopped and not self._over:
            self._next_look = now + LOOK_SECONDS
            try:
                self._look()
            except OverLimitError as problem:
                self._stop(Stop.FOLDER, str(problem))

    def _stop(self, why: Stop, because: str) -> None:
        if self.seen.stopped is None:
            self.seen.stopped, self.seen.stopped_because = why, because
            self._deadline = time.monotonic() + END_SECONDS
            with contextlib.suppress(OSError):
                self._pipes.lifeline.shutdown(socket.SHUT_WR)

    def _drain(self) -> None:
        """Read what the run left in its pipes; nobody writes any more, and if somebody does we do not wait."""
        for fd in list(self._sinks):
            while self._read(fd):
                continue
