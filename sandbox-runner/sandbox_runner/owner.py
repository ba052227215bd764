"""Who made a container, as a label can say it: what a dead runner left is told from what a live one uses."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_STARTED = 19  # /proc/<pid>/stat, counted after the name: when the process started, in ticks after boot


def ours() -> str:
    """Return this process as a label: boot, process tree, number and start; and a word that tells its engines apart."""
    pid = os.getpid()
    return "/".join((_BOOT.read_text().strip(), _tree(), str(pid), _started(pid), secrets.token_hex(4)))


def may_live(label: str) -> bool:
    """Whether the process of a label may still live. Of another tree of processes we cannot know, so it may."""
    boot, tree, pid, started = (*label.split("/"), "", "", "")[:4]
    if boot != _BOOT.read_text().strip():
        return False
    if tree != _tree():
        return True
    try:
        return _started(int(pid)) == started
    except (OSError, ValueError):
        return False


def _tree() -> str:
    return str(Path("/proc/self/ns/pid").stat().st_ino)


def _started(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[_STARTED]
