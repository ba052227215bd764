"""System calls that Python has no function for. All raise OSError."""

from __future__ import annotations

import ctypes
import os
import platform

MACHINE = platform.machine()

# prctl(2)
PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_CAPBSET_DROP = 24
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000

MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
MS_NOSUID, MS_NODEV, MS_NOEXEC = 2, 4, 8
MNT_DETACH = 2
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV = 0x1, 0x2, 0x4
AT_RECURSIVE = 0x8000

# The same on every machine that is newer than they are, except for the last two.
SYS_LANDLOCK_CREATE_RULESET, SYS_LANDLOCK_ADD_RULE, SYS_LANDLOCK_RESTRICT_SELF = 444, 445, 446
SYS_CLOSE_RANGE, SYS_MOUNT_SETATTR = 436, 442
SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}.get(MACHINE, -1)
SYS_CAPSET = {"x86_64": 126, "aarch64": 91}.get(MACHINE, -1)

_LIBC = ctypes.CDLL(None, use_errno=True)
_LIBC.syscall.restype = ctypes.c_long
_OWN_CAPABILITIES = (ctypes.c_uint32 * 2)(0x20080522, 0)  # version 3 of the interface; 0 is oneself
_NO_CAPABILITIES = (ctypes.c_uint32 * 6)()
_MAX_CAPABILITY = 63


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def syscall(number: int, *arguments: object, what: str) -> int:
    """Make a system call by number; ints are passed as 64 bits, ctypes objects as they are."""
    wide = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    return _checked(_LIBC.syscall(ctypes.c_long(number), *wide), what)


def prctl(option: int, value: int = 0) -> None:
    """prctl(2) with one argument; the others are 0."""
    zero = ctypes.c_ulong(0)
    _checked(_LIBC.prctl(option, ctypes.c_ulong(value), zero, zero, zero), f"prctl {option}")


def unshare(flags: int) -> None:
    """unshare(2)."""
    _checked(_LIBC.unshare(flags), "unshare")


def setns(fd: int, kind: int) -> None:
    """setns(2)."""
    _checked(_LIBC.setns(fd, kind), "setns")


def mount(source: str, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    """mount(2)."""
    done = _LIBC.mount(
        source.encode(), target.encode(), kind.encode() if kind else None,
        ctypes.c_ulong(flags), data.encode() if data else None,
    )  # fmt: skip
    _checked(done, f"mount {target}")


def unmount(target: str) -> None:
    """Take a mount away, now for those who look, later for those who hold it open."""
    _checked(_LIBC.umount2(target.encode(), MNT_DETACH), f"umount {target}")


def protect_mounts(path: str) -> None:
    """Make a mount and all below it read-only, without devices and without set-user-id. Raises OSError before 5.12."""

    class MountAttributes(ctypes.Structure):
        _fields_ = [(name, ctypes.c_uint64) for name in ("attr_set", "attr_clr", "propagation", "userns_fd")]

    attributes = MountAttributes(attr_set=MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV)
    size = ctypes.sizeof(attributes)
    at_cwd = -100
    name = ctypes.c_char_p(path.encode())
    syscall(
        SYS_MOUNT_SETATTR, at_cwd, name, AT_RECURSIVE, ctypes.byref(attributes), size, what="mount_setattr"
    )  # fmt: skip


def pivot_root(new: str, old: str) -> None:
    """pivot_root(2)."""
    syscall(SYS_PIVOT_ROOT, ctypes.c_char_p(new.encode()), ctypes.c_char_p(old.encode()), what="pivot_root")


def close_from(first: int) -> None:
    """Close this and every higher file descriptor."""
    syscall(SYS_CLOSE_RANGE, first, 0xFFFFFFFF, 0, what="close_range")


def forget_capabilities() -> None:
    """Make sure that neither this process nor a child gets a capability that it does not have now."""
    for capability in range(_MAX_CAPABILITY + 1):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:
            return  # past the last one the kernel knows, or we have none to begin with


def drop_capabilities() -> None:
    """Give up every capability; nothing happens where there are none."""
    syscall(SYS_CAPSET, ctypes.byref(_OWN_CAPABILITIES), ctypes.byref(_NO_CAPABILITIES), what="capset")
