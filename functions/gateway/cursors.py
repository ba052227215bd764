"""Cursors: where a list goes on, as an opaque text that says after which entry. Pure."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from typing import Any

from functions.shared.edge.problems import invalid
from functions.shared.text import storable

MAX_CURSOR = 2048
FIELD = "query.cursor"


def cursor_after(*values: Any) -> str:
    """Return the cursor of a list that goes on after an entry: by what the list is ordered."""
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    text = json.dumps(plain, ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def read_cursor(cursor: str, *types: type) -> tuple[Any, ...]:
    """Return the values of a cursor, which are of these types. Raises Problem 422 for what was never one."""
    try:
        values = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        if not isinstance(values, list):
            raise ValueError
        return tuple(_value(value, wanted) for value, wanted in zip(values, types, strict=True))
    except (ValueError, OverflowError, RecursionError) as error:
        raise invalid(FIELD, "Where to go on is `next` of the page before") from error


def _value(value: Any, wanted: type) -> Any:
    """Return a value as it was before it went into a cursor. Raises ValueError if it never was of the wanted type."""
    if wanted is float and type(value) is int:
        return float(value)
    if wanted is datetime and isinstance(value, str):
        value = datetime.fromisoformat(value)
        if value.tzinfo is None:
            raise ValueError
    if type(value) is not wanted or (isinstance(value, str) and value != storable(value)):
        raise ValueError
    return value
