"""The walls around a run, in the order in which a fresh child takes them. None needs a privilege.

| Layer | Stops |
|---|---|
| resource limits | memory (address space, since shared memory passes RLIMIT_DATA), CPU, size and number of open files |
| no capabilities, no new privileges | what root in a container might do |
| not dumpable | being read or traced by processes of the same user |
| Landlock | files other than the standard library (read) and its own folder; signals and abstract sockets to others |
| system call filter | processes, sockets, tracing, shared memory, mode changes, and all that is not on its list |
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import os
import resource
import signal
from dataclasses import dataclass
from typing import Any

from sandbox_runner import kernel, landlock
from sandbox_runner.seccomp import Filter

POLITE = 5
"""Nice value of a run, so that the runner itself answers at once beside busy programs."""


@dataclass(frozen=True)
class Walls:
    """What the zygote prepares once for all its children. `landlock_abi` 0: do without Landlock."""

    filter: Filter
    landlock_abi: int
    readable: list[tuple[int, int]]
    base_memory_bytes: int

    @classmethod
    def prepare(cls, calls: Filter, landlock_abi: int, readable: list[str], base_memory_bytes: int) -> Walls:
        """Open what may be read, and keep the zygote itself from being read or from giving capabilities on.

        `base_memory_bytes` is what a bare interpreter takes.
        """
        kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
        kernel.forget_capabilities()
        rules = landlock.readable(readable) if landlock_abi else []
        return cls(calls, landlock_abi, rules, base_memory_bytes)

    @property
    def names(self) -> tuple[str, ...]:
        """The layers, as results and /ready tell them."""
        own = (f"landlock abi {self.landlock_abi}",) if self.landlock_abi else ()
        return ("rlimits", "no capabilities", *own, "seccomp")

    def close_in(self, limits: dict[str, Any], folder_fd: int, keep: int) -> None:
        """Confine this process for ever. Descriptors up to `keep` stay open. Raises OSError where a wall fails."""
        kernel.drop_capabilities()
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        if self.landlock_abi:
            landlock.restrict([*self.readable, (folder_fd, landlock.OWN)], self.landlock_abi)
        kernel.close_from(keep + 1)
        _limit(limits, self.base_memory_bytes)  # not before: the zygote may have more open than a run may
        self.filter.install(os.getpid())


def detach(parent: int) -> None:
    """Leave the zygote's session, die with it, forget its signals. Exits where it is gone already."""
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() not in (0, parent):  # 0: in another process tree, which ends with its own first process
        os._exit(1)
    signal.set_wakeup_fd(-1)
    _signal.signal(_signal.SIGCHLD, _signal.SIG_DFL)  # signal.signal makes enums: more memory to copy
    os.setsid()
    os.umask(0o077)
    os.nice(POLITE)


def _limit(limits: dict[str, Any], base_memory_bytes: int) -> None:
    cpu = limits["cpu_seconds"]
    for kind, soft, hard in (
        (resource.RLIMIT_AS, *[base_memory_bytes + limits["memory_bytes"]] * 2),
        (resource.RLIMIT_CPU, cpu, cpu + 1),
        (resource.RLIMIT_FSIZE, *[limits["file_bytes"]] * 2),
        (resource.RLIMIT_NOFILE, *[limits["open_files"]] * 2),
        (resource.RLIMIT_NPROC, *[limits["processes"]] * 2),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_MEMLOCK, 0, 0),
        (resource.RLIMIT_MSGQUEUE, 0, 0),
    ):
        most = resource.getrlimit(kind)[1]
        bounded = (soft, hard) if most == resource.RLIM_INFINITY else (min(soft, most), min(hard, most))
        resource.setrlimit(kind, bounded)


def own_address_space() -> int:
    """Bytes of address space this process has."""
    with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - pathlib would be all the child inherits it for
        return int(file.read().split()[0]) * resource.getpagesize()
