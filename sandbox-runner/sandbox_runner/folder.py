"""A folder of a run's own where there is no namespace to have one in: made, measured and removed by the runner.

The kernel bounds each file (RLIMIT_FSIZE) and how many are open; nothing that needs no privilege bounds their sum. So
the runner looks, every LOOK_SECONDS, and kills a run whose folder is over its limit; what a program can write between
two looks is as much more as the disk takes in that time. What it deletes but keeps open is bounded by open_files ×
file_bytes. A size limit on the volume below (emptyDir.sizeLimit) is the last resort.

Nothing here follows a symbolic link or opens what is no folder: a program chooses the names in it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

LOOK_SECONDS = 0.02
MAX_DEPTH = 16
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class OverLimitError(Exception):
    """A run's folder holds more than it may."""


class Folders:
    """Makes folders below one of its own. One that a run left as it found it, as most do, serves another run."""

    def __init__(self) -> None:
        self._base = tempfile.TemporaryDirectory(prefix="sandbox-")
        self._fd = os.open(self._base.name, _FOLDER)
        self._untouched: list[tuple[str, int]] = []  # name and descriptor; append and pop are atomic

    @contextlib.contextmanager
    def one(self) -> Iterator[int]:
        """Yield a folder that nobody has written to, open. It is removed afterwards if it was written to."""
        try:
            name, fd = self._untouched.pop()
        except IndexError:
            name = secrets.token_hex(8)
            os.mkdir(name, 0o700, dir_fd=self._fd)
            fd = os.open(name, _FOLDER, dir_fd=self._fd)
        before = os.fstat(fd).st_mtime_ns
        try:
            yield fd
        finally:
            if os.fstat(fd).st_mtime_ns == before and not os.listdir(fd):  # noqa: PTH208 - by descriptor
                self._untouched.append((name, fd))
            else:
                self._remove(name, fd)

    def _remove(self, name: str, fd: int) -> None:
        empty(fd)
        os.close(fd)
        os.rmdir(name, dir_fd=self._fd)

    def close(self) -> None:
        """Remove the base, in which nothing is left."""
        while self._untouched:
            self._remove(*self._untouched.pop())
        os.close(self._fd)
        self._base.cleanup()


def check(folder: int, most_bytes: int, most_entries: int) -> None:
    """Raise OverLimitError if the folder holds more than that, or is nested deeper than MAX_DEPTH."""
    size = 0
    for entries, status in enumerate(_below(folder, MAX_DEPTH), start=1):
        size += status.st_blocks * 512
        if size > most_bytes:
            raise OverLimitError(f"its files are larger than {most_bytes} bytes together")
        if entries > most_entries:
            raise OverLimitError(f"it made more than {most_entries} files and folders")


def _below(folder: int, depth: int) -> Iterator[os.stat_result]:
    for name in os.listdir(folder):
        try:
            status = os.stat(name, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            continue  # the program goes on while we look
        yield status
        if stat.S_ISDIR(status.st_mode):
            if depth == 0:
                raise OverLimitError(f"its folders are nested deeper than {MAX_DEPTH}")
            with contextlib.suppress(FileNotFoundError, NotADirectoryError), _opened(name, folder) as inner:
                yield from _below(inner, depth - 1)


@contextlib.contextmanager
def _opened(name: str, folder: int) -> Iterator[int]:
    _make_ours(name, folder)
    fd = os.open(name, _FOLDER, dir_fd=folder)
    try:
        yield fd
    finally:
        os.close(fd)


def empty(folder: int) -> None:
    """Remove all below an open folder, however deep: what is in an inner folder moves up until nothing is inside."""
    while names := os.listdir(folder):
        for name in names:
            if not _is_folder(name, folder):
                os.unlink(name, dir_fd=folder)
                continue
            with _opened(name, folder) as inner:
                for inner_name in os.listdir(inner):  # noqa: PTH208 - by descriptor
                    if _is_folder(inner_name, inner):
                        _make_ours(inner_name, inner)  # to move a folder one must be allowed to write to it
                    os.rename(inner_name, secrets.token_hex(8), src_dir_fd=inner, dst_dir_fd=folder)
            os.rmdir(name, dir_fd=folder)


def _is_folder(name: str, folder: int) -> bool:
    return stat.S_ISDIR(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)


def _make_ours(name: str, folder: int) -> None:
    """A program may make a folder that not even its owner can list."""
    fd = os.open(name, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    try:
        Path(f"/proc/self/fd/{fd}").chmod(0o700)
    finally:
        os.close(fd)
