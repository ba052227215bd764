"""asyncio without sockets: its loop wakes itself over a pipe, since a program here may not make a socket pair.

asyncio is slow to import, so the change waits until a program imports it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

_MODULE = "asyncio.selector_events"


class _End:
    """One end of a pipe, with as much of a socket as asyncio's loop asks of its own two."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        os.set_blocking(fd, False)

    def fileno(self) -> int:
        return self._fd

    def recv(self, size: int) -> bytes:
        return os.read(self._fd, size)

    def send(self, data: bytes) -> int:
        return os.write(self._fd, data)

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def _make_self_pipe(loop: Any) -> None:
    """Take the place of BaseSelectorEventLoop's method of that name."""
    loop._ssock, loop._csock = map(_End, os.pipe())
    loop._internal_fds += 1
    loop._add_reader(loop._ssock.fileno(), loop._read_from_self)


class _Finder:
    """Finds one module only, as everybody does, and mends it once it is loaded."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name != _MODULE or (spec := PathFinder.find_spec(name, path, target)) is None or spec.loader is None:
            return None
        load = spec.loader.exec_module

        def load_and_mend(module: ModuleType) -> None:
            load(module)
            module.BaseSelectorEventLoop._make_self_pipe = _make_self_pipe

        spec.loader.exec_module = load_and_mend  # type: ignore[method-assign]
        return spec


def install() -> None:
    """Be asked first about every module that is imported from now on."""
    sys.meta_path.insert(0, _Finder)
