"""The system call filter: a list of what is allowed, as classic BPF.

An instruction is (code, jump if true, jump if false, constant), as in Linux's include/uapi/linux/filter.h; what the
filter looks at is `struct seccomp_data` of linux/seccomp.h.
"""

from __future__ import annotations

import ctypes
import errno
import struct
import tomllib
from collections.abc import Sequence
from pathlib import Path

from sandbox_runner import kernel

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_KILL, _ERRNO, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32 = 0x40000000
_CLONE_THREAD = 0x00010000
_NAMESPACES = (
    kernel.CLONE_NEWNS | kernel.CLONE_NEWUTS | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUSER | kernel.CLONE_NEWPID
    | kernel.CLONE_NEWNET | 0x02000000  # cgroup
)  # fmt: skip
_SET_NAME, _GET_NAME, _SET_VMA = 15, 16, 0x53564D41  # prctl: what C libraries do to name threads and memory
_TCGETS, _FIONREAD, _FIONBIO, _FIOCLEX = 0x5401, 0x541B, 0x5421, 0x5451
_FCNTL = (0, 1, 2, 3, 4, 1030, 1032)  # duplicate, flags; not locks, leases, owners of signals, larger pipes
_SECCOMP_SET_MODE_FILTER = 1
_SYSCALL_SECCOMP = {"x86_64": 317, "aarch64": 277}

_OWN_PID = 0xA5C3_5A3C
"""Stands where a process puts its own number; nothing else in the filter is like it."""

Instruction = tuple[int, int, int, int]


def _return(action: int) -> Instruction:
    return (_RETURN, 0, 0, action)


def _refuse(number: int = errno.EPERM) -> Instruction:
    return _return(_ERRNO | number)


def _load(argument: int, half: int = 0) -> Instruction:
    """Load the low (0) or high (1) half of an argument; both machines are little-endian."""
    return (_LOAD, 0, 0, _ARGUMENTS + 8 * argument + 4 * half)


def _one_of(argument: int, values: Sequence[int]) -> list[Instruction]:
    """Allow if the argument's low half is one of the values (the kernel reads these arguments as 32 bits)."""
    checks: list[Instruction] = [(_EQUAL, len(values) - at, 0, value) for at, value in enumerate(values)]
    return [_load(argument), *checks, _refuse(), _return(_ALLOW)]


def _zero(*arguments: int) -> list[Instruction]:
    """Allow if each argument is 0 in all its 64 bits."""
    checks = []
    for argument in arguments:
        for half in (0, 1):
            checks += [_load(argument, half), (_EQUAL, 1, 0, 0), _refuse()]
    return [*checks, _return(_ALLOW)]


def _threads_only() -> list[Instruction]:
    return [
        _load(0),
        (_ANY_BIT, 2, 0, _NAMESPACES),
        (_ANY_BIT, 0, 1, _CLONE_THREAD),
        _return(_ALLOW),
        _refuse(),
    ]


def _rules(own_pid: int) -> dict[str, list[Instruction]]:
    """What the ruled system calls are allowed to do."""
    return {
        "clone": _threads_only(),
        "clone3": [_refuse(errno.ENOSYS)],  # its flags are in memory, out of our sight; C libraries then use clone
        "kill": _one_of(0, [own_pid]),
        "tgkill": _one_of(0, [own_pid]),
        "prctl": _one_of(0, [_SET_NAME, _GET_NAME, _SET_VMA]),
        "ioctl": _one_of(1, [_TCGETS, _FIONREAD, _FIONBIO, _FIOCLEX]),
        "fcntl": _one_of(1, _FCNTL),
        "prlimit64": _zero(0, 2),  # read one's own
    }


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Return numbers as runs of neighbours (first, last): a third of the instructions."""
    runs: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


class Filter:
    """The filter for this machine, made once; each process puts its own number in."""

    def __init__(self) -> None:
        if kernel.MACHINE not in _ARCHITECTURES:
            raise OSError(errno.ENOSYS, f"there is no system call filter for {kernel.MACHINE}")
        column = list(_ARCHITECTURES).index(kernel.MACHINE)
        table = tomllib.loads(Path(__file__).with_name("syscalls.toml").read_text())
        self._allowed = [numbers[column] for numbers in table["allowed"].values() if numbers[column] >= 0]
        self._ruled = {name: numbers[column] for name, numbers in table["ruled"].items()}
        code = b"".join(struct.pack("=HBBI", *instruction) for instruction in self.program(_OWN_PID))
        self._code = code.split(struct.pack("=I", _OWN_PID))

    def program(self, own_pid: int) -> list[Instruction]:
        """Return the filter's instructions for a process that knows itself by this number."""
        program: list[Instruction] = [
            (_LOAD, 0, 0, _ARCHITECTURE),
            (_EQUAL, 1, 0, _ARCHITECTURES[kernel.MACHINE]),
            _return(_KILL),
            (_LOAD, 0, 0, _NUMBER),
        ]
        if kernel.MACHINE == "x86_64":
            program += [(_AT_LEAST, 0, 1, _X32), _return(_KILL)]
        for name, rule in _rules(own_pid).items():
            program += [(_EQUAL, 0, len(rule), self._ruled[name]), *rule]
        for first, last in _runs(self._allowed):
            program += [(_AT_LEAST, 0, 2, first), (_AT_LEAST, 1, 0, last + 1), _return(_ALLOW)]
        return [*program, _refuse()]

    def install(self, own_pid: int) -> None:
        """Filter this process, and what threads it will have, for ever. Needs PR_SET_NO_NEW_PRIVS."""
        code = b"".join([self._code[0], *(struct.pack("=I", own_pid) + part for part in self._code[1:])])
        pointer = ctypes.create_string_buffer(code, len(code))
        header = _Program(len(code) // 8, ctypes.addressof(pointer))
        kernel.syscall(
            _SYSCALL_SECCOMP[kernel.MACHINE], _SECCOMP_SET_MODE_FILTER, 0, ctypes.byref(header), what="seccomp"
        )  # fmt: skip


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]
