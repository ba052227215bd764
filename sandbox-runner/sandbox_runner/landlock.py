"""Landlock: which files a process may touch, whoever's they are; and whom it may signal.

Constants are those of the kernel's include/uapi/linux/landlock.h. Landlock does not judge stat, chmod, chown and the
like: the system call filter refuses what of that changes anything.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable

from sandbox_runner import kernel

_CREATE_RULESET_VERSION = 1
_RULE_PATH_BENEATH = 1

WRITE_FILE, READ_FILE, READ_DIR = 1 << 1, 1 << 2, 1 << 3
REMOVE_DIR, REMOVE_FILE = 1 << 4, 1 << 5
MAKE_DIR, MAKE_REG = 1 << 7, 1 << 8
REFER, TRUNCATE = 1 << 13, 1 << 14
READ = READ_FILE | READ_DIR
OWN = READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER | TRUNCATE
"""All that a program may do in its own folder: no devices, sockets, fifos or symbolic links."""

_FILE_ONLY = WRITE_FILE | READ_FILE | TRUNCATE
_FILE_RIGHTS_BY_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_TCP_ABI, _TCP = 4, 0b11  # bind, connect
_SCOPE_ABI, _SCOPES = 6, 0b11  # abstract sockets, signals: of the same sandbox only


class _Ruleset(ctypes.Structure):
    _fields_ = [("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64)]


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("parent_fd", ctypes.c_int32)]


def abi() -> int:
    """Return the kernel's Landlock version; 0 where it has none."""
    nothing = ctypes.c_void_p(None)
    try:
        return kernel.syscall(
            kernel.SYS_LANDLOCK_CREATE_RULESET, nothing, 0, _CREATE_RULESET_VERSION, what="landlock"
        )  # fmt: skip
    except OSError:
        return 0


def restrict(rules: Iterable[tuple[int, int]], version: int) -> None:
    """Allow this process, for ever, only `rules`: (file descriptor of a file or folder, rights below it)."""
    handled = max(rights for needs, rights in _FILE_RIGHTS_BY_ABI.items() if needs <= version)
    ruleset = _Ruleset(handled, _TCP if version >= _TCP_ABI else 0, _SCOPES if version >= _SCOPE_ABI else 0)
    size = 24 if version >= _SCOPE_ABI else 16 if version >= _TCP_ABI else 8
    made = kernel.syscall(
        kernel.SYS_LANDLOCK_CREATE_RULESET, ctypes.byref(ruleset), size, 0, what="landlock_create_ruleset"
    )  # fmt: skip
    try:
        for fd, rights in rules:
            rule = _PathBeneath(rights & handled, fd)
            kernel.syscall(
                kernel.SYS_LANDLOCK_ADD_RULE, made, _RULE_PATH_BENEATH, ctypes.byref(rule), 0, what="landlock_add_rule"
            )  # fmt: skip
        kernel.syscall(kernel.SYS_LANDLOCK_RESTRICT_SELF, made, 0, what="landlock_restrict_self")
    finally:
        os.close(made)


def readable(paths: Iterable[str]) -> list[tuple[int, int]]:
    """Return rules to read those of the paths that exist. Their descriptors stay open."""
    rules = []
    for path in paths:
        try:
            fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue
        rules.append((fd, READ if os.path.isdir(path) else READ & _FILE_ONLY))  # noqa: PTH112 - called in the zygote
    return rules
