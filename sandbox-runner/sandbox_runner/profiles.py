"""Where a run takes place: the pod profile, which every container allows, and the native one with namespaces."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from sandbox_runner import kernel

LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64")
DATA = ("/etc/ld.so.cache", "/usr/share/zoneinfo")
HOME = "/tmp"  # noqa: S108 - in a namespace of the run's own


class Profile(Protocol):
    """How children are made, and what they find."""

    names: tuple[str, ...]

    def enter(self) -> None:
        """Prepare this process, the zygote. Raises OSError where the platform does not allow it."""

    def fork(self) -> int:
        """Fork: 0 in the child."""

    def settle(self, folder: Sequence[int], limits: dict[str, Any], /) -> tuple[int, str]:
        """In the child, return its own folder, open and by name, after going there."""


class Pod:
    """No privilege at all: what isolates a run are the walls of confine.py, its folder is made by the runner."""

    names: tuple[str, ...] = ()

    def enter(self) -> None:
        """Adopt what a child might leave behind."""
        kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)

    def fork(self) -> int:
        """Fork: 0 in the child."""
        return os.fork()

    def settle(self, folder: Sequence[int], _limits: dict[str, Any]) -> tuple[int, str]:
        """Go to the folder that came with the request."""
        os.fchdir(folder[0])
        return folder[0], os.getcwd()  # noqa: PTH109 - pathlib would touch more memory


class Native:
    """Namespaces: the zygote moves, once, into a file system of only what may be read, a network of nothing and an
    empty process tree; each child gets mounts, processes, IPC and host name of its own, and a bounded /tmp in memory.
    """

    names: tuple[str, ...] = ("namespaces user, mount, pid, net, ipc, uts", "pivot_root")

    def enter(self) -> None:
        """Become the first process of a tree of our own, in a root of our own."""
        uid, gid = os.getuid(), os.getgid()
        kernel.unshare(
            kernel.CLONE_NEWUSER | kernel.CLONE_NEWNS | kernel.CLONE_NEWNET | kernel.CLONE_NEWPID
            | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS
        )  # fmt: skip
        for name, line in (("setgroups", "deny"), ("uid_map", f"1000 {uid} 1"), ("gid_map", f"1000 {gid} 1")):
            Path("/proc/self", name).write_text(line)
        _become_first_process()
        self._processes = os.open("/proc/thread-self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        socket.sethostname("sandbox")
        _move_into_own_root()

    def fork(self) -> int:
        """Fork into a fresh process tree: 0 in the child, which is its first process."""
        kernel.unshare(kernel.CLONE_NEWPID)
        pid = -1
        try:
            pid = os.fork()
        finally:
            if pid:
                kernel.setns(self._processes, kernel.CLONE_NEWPID)
        return pid

    def settle(self, _folder: Sequence[int], limits: dict[str, Any]) -> tuple[int, str]:
        """Take mounts, IPC and host name of one's own, and a /tmp of bounded size."""
        kernel.unshare(kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS)
        size = f"mode=700,size={limits['folder_bytes']},nr_inodes={limits['folder_entries'] + 1}"
        kernel.mount("tmpfs", HOME, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC, size)
        os.chdir(HOME)
        return os.open(HOME, os.O_PATH | os.O_DIRECTORY), HOME


PROFILES: dict[str, Callable[[], Profile]] = {"pod": Pod, "native": Native}


def readable() -> list[str]:
    """What a program may read: the standard library, shared libraries, time zones."""
    return [*(path for path in sys.path if path.startswith("/")), *LIBRARIES, *DATA]


def _become_first_process() -> None:
    """Fork once, so that we are in the tree we made. The outer process waits, and each dies with the other."""
    outer = os.getpid()
    first = os.fork()
    if first:
        _, status = os.waitpid(first, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    kernel.prctl(kernel.PR_SET_PDEATHSIG, 9)
    if os.getppid() not in (0, outer):
        os._exit(1)


def _move_into_own_root() -> None:
    """Make a root of only what may be read, in memory and read-only; the old one goes away."""
    kernel.mount("none", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    root = HOME  # any folder that exists does: what is mounted here is seen by nobody else
    paths = sorted((path for path in readable() if Path(path).exists()), key=len)  # a folder before what is in it
    held = {path: os.open(path, os.O_PATH | os.O_CLOEXEC) for path in paths}
    kernel.mount("tmpfs", root, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "mode=755,size=1m")
    for path, fd in held.items():
        _show(path, fd, Path(root + path))
        os.close(fd)
    for name in (HOME, "/old"):
        Path(root + name).mkdir(exist_ok=True)
    kernel.protect_mounts(root)
    os.chdir(root)
    kernel.pivot_root(".", "old")
    os.chdir("/")
    kernel.unmount("/old")


def _show(path: str, fd: int, target: Path) -> None:
    """Bind-mount what the descriptor holds; a link such as /lib -> usr/lib stays one."""
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if Path(path).is_symlink():
        target.symlink_to(Path(path).readlink())
        return
    if Path(path).is_dir():
        target.mkdir()
    else:
        target.touch()
    kernel.mount(f"/proc/self/fd/{fd}", str(target), None, kernel.MS_BIND | kernel.MS_REC)
