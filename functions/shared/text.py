"""Text from outside made safe to store: PostgreSQL takes neither NUL nor half a surrogate pair."""

from __future__ import annotations

import re
from typing import Any

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


DEEPEST = 128
"""Levels of lists and objects within each other. What people send has two or three; a value that a program gives back,
encoded, up to three for each of its own 33 levels."""


def storable(value: Any, *, deepest: int = DEEPEST) -> Any:
    """Return the JSON value with every unstorable character, in keys too, replaced by U+FFFD.

    Raises ValueError where it is nested more than `deepest` levels.
    """
    if isinstance(value, str):
        return _UNSTORABLE.sub(REPLACEMENT, value)
    if not isinstance(value, dict | list):
        return value
    if deepest == 0:
        raise ValueError(f"nested more than {DEEPEST} levels")
    if isinstance(value, dict):
        return {storable(key): storable(item, deepest=deepest - 1) for key, item in value.items()}
    return [storable(item, deepest=deepest - 1) for item in value]
