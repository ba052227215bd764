"""The inbox: an event that arrives again is answered with the reply it got the first time, and changes nothing."""

from __future__ import annotations

from typing import Any

from psycopg.types.json import Json

from functions.shared.database import Connection
from functions.shared.events import Event

STORED_REPLY = """
    SELECT reply FROM inbox WHERE function = %(function)s AND source = %(source)s AND id = %(id)s
"""

# A learner first heard of through Kafka has no row yet, and everything a learner owns refers to one.
# Where the same event is being handled elsewhere, this waits for that transaction to end.
CLAIM = """
    WITH learner AS (
        INSERT INTO users (id) VALUES (%(learner)s) ON CONFLICT DO NOTHING
    )
    INSERT INTO inbox (function, source, id, learner_id) VALUES (%(function)s, %(source)s, %(id)s, %(learner)s)
    ON CONFLICT DO NOTHING
"""

REMEMBER = """
    UPDATE inbox SET reply = %(reply)s WHERE function = %(function)s AND source = %(source)s AND id = %(id)s
"""


class Seen(Exception):
    """The event has been handled before; `reply` is the structured-mode reply it got, or None."""

    def __init__(self, reply: dict[str, Any] | None) -> None:
        self.reply = reply


def raise_if_seen(db: Connection, function: str, event: Event[Any]) -> None:
    """Raise Seen if the function has handled the event."""
    row = db.execute(STORED_REPLY, _key(function, event)).fetchone()
    if row is not None:
        raise Seen(row[0])


def claim(db: Connection, function: str, event: Event[Any]) -> None:
    """Make the event this transaction's to handle, or raise Seen."""
    if db.execute(CLAIM, {**_key(function, event), "learner": event.learner}).rowcount == 0:
        raise_if_seen(db, function, event)


def remember(db: Connection, function: str, event: Event[Any], reply: dict[str, Any]) -> None:
    """Store the reply of a claimed event, in the transaction that holds what the event changed."""
    db.execute(REMEMBER, {**_key(function, event), "reply": Json(reply)})


def _key(function: str, event: Event[Any]) -> dict[str, str]:
    return {"function": function, "source": event.origin, "id": event.id}
