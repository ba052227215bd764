"""Processes below another one."""

from __future__ import annotations

from pathlib import Path


def below(pid: int) -> set[int]:
    """Return every process that descends from this one, dead but unburied ones too."""
    found, waiting = set(), [pid]
    while waiting:
        for child in _children(waiting.pop()):
            found.add(child)
            waiting.append(child)
    return found


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []
