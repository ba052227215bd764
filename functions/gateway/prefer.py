"""The `Prefer` header (RFC 7240), of which we honour `wait=N`."""

from __future__ import annotations

import re
from collections.abc import Iterable

MAX_WAIT_SECONDS = 30

_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_VALUE = rf"(?:{_WORD}|{_QUOTED})"
_PARAMETER = rf"{_WORD}(?:[ \t]*=[ \t]*{_VALUE})?"
_PREFERENCE = re.compile(
    rf"[ \t]*(?P<name>{_WORD})(?:[ \t]*=[ \t]*(?P<value>{_VALUE}))?(?:[ \t]*;[ \t]*(?:{_PARAMETER})?)*[ \t]*(?:,|$)"
)
_DIGITS = re.compile("[0-9]+")


def wait_seconds(headers: Iterable[str]) -> int | None:
    """Return how long the client wants to wait, at most MAX_WAIT_SECONDS; None if it did not say so intelligibly.

    As the RFC has it: names are case-insensitive, only the first instance of a preference counts, and what is not
    understood is ignored, never refused.
    """
    for name, value in _preferences(", ".join(headers)):
        if name == "wait":
            if not _DIGITS.fullmatch(value):
                return None
            return min(int(value.lstrip("0")[:3] or "0"), MAX_WAIT_SECONDS)
    return None


def _preferences(header: str) -> Iterable[tuple[str, str]]:
    """Yield name (lower case) and value (unquoted) of each preference; one that cannot be read is passed over."""
    position = 0
    while position < len(header):
        found = _PREFERENCE.match(header, position)
        if found is None:
            comma = header.find(",", position)
            position = comma + 1 if comma >= 0 else len(header)
            continue
        value = found["value"] or ""
        yield found["name"].lower(), re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
        position = found.end()
