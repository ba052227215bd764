"""The zygote: a process with one thread, no secret and nothing but what every program needs, that forks the runs.

A fork of a large server with threads would be slow, unsafe and full of other people's data; starting Python anew takes
ten times as long. It is started by link.py, ends when the runner's socket closes, and its children with it.
"""

from __future__ import annotations

import fcntl
import gc
import json
import os
import selectors
import signal
import socket
import threading
from typing import Any, NoReturn

from sandbox_runner import confine, eventloop, interpreter, landlock, protocol
from sandbox_runner.profiles import PROFILES, Profile, readable
from sandbox_runner.seccomp import Filter

_BROKEN = 71  # a child's exit code where a wall could not be built


def main(request_fd: int, profile_name: str, landlock_wanted: bool) -> None:
    """Serve requests until the runner goes away. The first message says whether we can."""
    requests = _out_of_the_way(request_fd)
    profile = PROFILES[profile_name]()
    eventloop.install()
    try:
        abi = landlock.abi() if landlock_wanted else 0
        if landlock_wanted and not abi:
            raise OSError("the kernel has no Landlock, or it is turned off")
        calls, bare_bytes = Filter(), confine.own_address_space()  # while there are /proc and our own files to read
        profile.enter()
        walls = confine.Walls.prepare(calls, abi, readable(), bare_bytes)
    except OSError as problem:
        protocol.send(requests, {"ready": False, "why": f"the {profile_name} sandbox cannot start: {problem}"})
        return
    interpreter.prepare()
    gc.collect()
    gc.freeze()  # no collection of a child's then touches, and so copies, what it shares with us
    protocol.send(requests, {"ready": True, "layers": [*walls.names, *profile.names]})
    Zygote(requests, profile, walls).serve()


def _out_of_the_way(request_fd: int) -> socket.socket:
    """Keep what a child will put its own pipes on free of anything that is needed."""
    requests = socket.socket(fileno=fcntl.fcntl(request_fd, fcntl.F_DUPFD_CLOEXEC, protocol.MAX_FDS))
    os.close(request_fd)
    os.dup2(protocol.STDIN, protocol.REPORT)
    return requests


class Zygote:
    """Forks on request, reaps, and tells each run's runner over the run's own lifeline."""

    def __init__(self, requests: socket.socket, profile: Profile, walls: confine.Walls) -> None:
        self._requests, self._profile, self._walls = requests, profile, walls
        self._lifelines: dict[int, socket.socket] = {}  # by process id
        self._woken, self._wake = socket.socketpair()
        self._events = selectors.EpollSelector()

    def serve(self) -> None:
        """Loop until the runner closes its end."""
        self._woken.setblocking(False)
        self._wake.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the runner's to handle
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        self._events.register(self._requests, selectors.EVENT_READ)
        self._events.register(self._woken, selectors.EVENT_READ)
        while True:
            for key, _ in self._events.select():
                if key.fileobj is self._requests:
                    if not self._accept():
                        return
                elif key.fileobj is self._woken:
                    self._woken.recv(4096)
                    self._reap()
                else:
                    self._kill(key.data)

    def _accept(self) -> bool:
        limits, fds = protocol.receive(self._requests)
        if limits is None:
            return False
        lifeline = socket.socket(fileno=fds[protocol.LIFELINE])
        zygote = os.getpid()
        try:
            pid = self._profile.fork()
        except OSError as problem:
            protocol.send(lifeline, {"refused": str(problem)})
            lifeline.close()
        else:
            if pid == 0:
                self._child(limits, fds, zygote)
            self._lifelines[pid] = lifeline
            self._events.register(lifeline, selectors.EVENT_READ, pid)
            self._tell(lifeline, {"started": True})
        for fd in fds[: protocol.LIFELINE] + fds[protocol.LIFELINE + 1 :]:
            os.close(fd)
        return True

    def _child(self, limits: dict[str, Any], fds: list[int], zygote: int) -> NoReturn:
        """Never return: whatever happens, this process must not go on as a second zygote."""
        try:
            confine.detach(zygote)
            folder_fd, folder = self._profile.settle(fds[protocol.LIFELINE + 1 :], limits)
            os.environ["HOME"] = os.environ["TMPDIR"] = folder
            for number in range(protocol.LIFELINE):
                os.dup2(fds[number], number)
            self._walls.close_in(limits, folder_fd, keep=protocol.REPORT)
        except BaseException as problem:
            os.write(fds[protocol.REPORT], json.dumps({"outcome": "broken", "why": str(problem)}).encode())
            os._exit(_BROKEN)
        try:
            threading.stack_size(limits["thread_stack_bytes"])  # one MB or more each would eat the 50 in no time
            interpreter.play(_read_job(), protocol.REPORT)
        finally:
            os._exit(1)

    def _reap(self) -> None:
        """Collect every child that ended, ours and those we adopted."""
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if lifeline := self._lifelines.pop(pid, None):
                cpu_ms = round((usage.ru_utime + usage.ru_stime) * 1000, 1)
                if lifeline in self._events.get_map():
                    self._events.unregister(lifeline)
                self._tell(lifeline, {"status": status, "cpu_ms": cpu_ms, "peak_memory_kb": usage.ru_maxrss})
                lifeline.close()

    def _kill(self, pid: int) -> None:
        """The runner wants this run to end. The process is still ours to reap, so its number is still its own."""
        if lifeline := self._lifelines.get(pid):
            self._events.unregister(lifeline)
            os.kill(pid, signal.SIGKILL)

    def _tell(self, lifeline: socket.socket, message: protocol.Message) -> None:
        try:
            protocol.send(lifeline, message)
        except OSError:
            return  # the runner no longer wants to know


def _read_job() -> interpreter.Job:
    size = int.from_bytes(_read(4), "big")
    job: interpreter.Job = json.loads(_read(size).decode("ascii"))
    return job


def _read(size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = os.read(0, size - len(data))
        if not more:
            raise EOFError("the job ended early")
        data += more
    return data
