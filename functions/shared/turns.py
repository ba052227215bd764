"""Turns: of what is stored for one person, whatever gets the lower number is seen first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from functions.shared.database import Connection

# In the order of the keys, so that two who wait for several people cannot wait for each other.
TAKE_TURNS = """
    SELECT pg_advisory_xact_lock(key) FROM (
        SELECT DISTINCT hashtextextended(%(table)s || ':' || person, 0) AS key
        FROM unnest(%(people)s::text[]) AS person ORDER BY key
    ) AS turns
"""


def take_turns(db: Connection, table: Literal["messages", "alerts"], people: Iterable[str]) -> None:
    """Wait until nobody else is storing anything in a table for these people; until this transaction ends, others wait.

    A `seq` is drawn when a row is inserted, not when it is committed: without turns a lower one may come into sight
    after a higher one, and whoever reads on from the highest that they saw, as realtime does, would never see it.
    """
    db.execute(TAKE_TURNS, {"table": table, "people": list(people)})
