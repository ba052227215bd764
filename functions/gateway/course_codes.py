"""The codes that learners join courses by. Pure, but for the chance in a new one."""

from __future__ import annotations

import re
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Digits and letters of which no two look alike: there is neither 0 nor O, neither 1, nor I, nor L."""
LENGTH = 8
"""31 ** 8 is 8.5 * 10 ** 11: whoever tries one a second for a year has one chance in three to find one of 10,000."""

_CODE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")
_BETWEEN = re.compile(r"[\s-]+")


def new_code() -> str:
    """Return a code that nobody can foresee."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read_code(typed: str) -> str | None:
    """Return the code that somebody typed, whatever its case and however it was parted; None for what can be none."""
    code = _BETWEEN.sub("", typed).upper()
    return code if _CODE.fullmatch(code) else None
