"""Passwords hashed and checked by argon2id, in threads, few at a time: each takes 19 MiB while it lasts."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import Annotated, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from fastapi import Depends

from functions.shared.errors import TryAgainLater

MEMORY_KIB = 19 * 1024
PASSES = 2
LANES = 1
"""What the OWASP Password Storage Cheat Sheet asks of argon2id at least: 19 MiB, 2 passes, 1 lane
(https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html). The algorithm is RFC 9106."""
AT_ONCE = 2
"""Hashes made at the same time: 38 MiB of the gateway's 256."""
MOST_WAITING = 100
"""People who wait for theirs; some seconds' worth, and whoever comes after them is told to come again."""

T = TypeVar("T")

HASHER = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)


class Passwords:
    """Makes and checks hashes."""

    def __init__(self, hasher: PasswordHasher = HASHER) -> None:
        self._hasher = hasher
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="passwords")
        self._nobodys = hasher.hash(secrets.token_urlsafe())
        self._inside = 0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold a place among those whose password is looked at. Raises TryAgainLater if there are too many."""
        if self._inside >= MOST_WAITING:
            raise TryAgainLater("too many people log in at once")
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1

    async def hash(self, password: str) -> str:
        """Return a new hash of a password, parameters and salt included."""
        return await self._run(lambda: self._hasher.hash(password))

    async def matches(self, password_hash: str | None, password: str) -> bool:
        """Whether this is the password of a hash. None, for nobody's, takes as long and is always False."""
        return await self._run(lambda: self._matches(password_hash, password))

    def is_outdated(self, password_hash: str) -> bool:
        """Whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(password_hash)

    def _matches(self, password_hash: str | None, password: str) -> bool:
        try:
            self._hasher.verify(password_hash or self._nobodys, password)
        except VerifyMismatchError:
            return False
        return password_hash is not None

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


@cache
def _of_this_process() -> Passwords:
    return Passwords()


async def _passwords() -> Passwords:
    return _of_this_process()


ThePasswords = Annotated[Passwords, Depends(_passwords)]
"""Those of the process, as it is its memory that is bounded."""
