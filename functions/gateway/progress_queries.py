"""What the gateway asks of the database about how far a learner has come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from functions.shared.edge.database import AsyncConnection
from functions.shared.standing.reading import DAYS, LOCAL_DAY, ROWS, rows_in
from functions.shared.standing.sums import Row


async def local_day(db: AsyncConnection, learner: str, at: datetime) -> date:
    """Return which day it was for a learner; for one who was never here, in UTC, which `at` is in."""
    row = await (await db.execute(LOCAL_DAY, {"learner": learner, "at": at})).fetchone()
    return row[0] if row else at.date()


async def shown_by_topic(db: AsyncConnection, learner: str) -> Mapping[str, Row]:
    """Return what a learner has shown, of each topic and of everything."""
    return rows_in(await (await db.execute(ROWS, {"learner": learner})).fetchall())


async def days_of(db: AsyncConnection, learner: str) -> set[date]:
    """Return every day on which a learner did something."""
    return {day for (day,) in await (await db.execute(DAYS, {"learner": learner})).fetchall()}
