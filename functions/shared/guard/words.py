"""Words: what the guard goes by that is no decision but a list, read from `words.toml` when it is first needed."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def words(part: str) -> dict[str, Any]:
    """Return a part of the lists. KeyError for one that is not there."""
    found: dict[str, Any] = _all()[part]
    return found


@cache
def _all() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
