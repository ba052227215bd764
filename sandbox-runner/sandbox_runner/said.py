"""What is believed of what a container's first process says on a run's lifeline: it is of the same user as the run."""

from __future__ import annotations

import json
import os

from sandbox_runner.ferry import BrokenStreamError

_MOST_MS = 1e9


def checked(data: bytes) -> bytes:
    """Return what was said, if a zygote could have said it. Raises BrokenStreamError."""
    if not data:
        return data
    try:
        message = json.loads(data)
    except (ValueError, RecursionError) as problem:
        raise BrokenStreamError("no JSON") from problem
    match message:
        case {"started": True} if len(message) == 1:
            return data
        case {"refused": str()} if len(message) == 1:
            return data
        case {"status": int(status), "cpu_ms": int() | float() as cpu_ms, "peak_memory_kb": int(peak)} if (
            len(message) == 3 and _is_end(status) and 0 <= cpu_ms < _MOST_MS and 0 <= peak < 2**40
        ):
            return data
    raise BrokenStreamError("no zygote says that")


def _is_end(status: int) -> bool:
    return 0 <= status <= 0xFFFF and (os.WIFEXITED(status) or os.WIFSIGNALED(status))
