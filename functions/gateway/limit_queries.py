"""What the gateway asks of the database about limits."""

from __future__ import annotations

from datetime import date

from psycopg.rows import class_row

from functions.shared.allowance import CourseQuota, Quota
from functions.shared.allowance_queries import COURSE_QUOTAS, LEARNER_USED
from functions.shared.edge.database import AsyncConnection


async def learner_quota(db: AsyncConnection, learner: str, day: date, *, limit: int, token_limit: int) -> Quota:
    """Return what a learner has left on a day of what they may have."""
    row = await (await db.execute(LEARNER_USED, {"learner": learner, "day": day})).fetchone()
    used, tokens, cost = row or (0, 0, 0)
    return Quota(limit, used, token_limit, tokens, cost)


async def course_quotas(db: AsyncConnection, learner: str, day: date) -> list[CourseQuota]:
    """Return what the courses of a learner have left on a day, in the order in which they joined them."""
    async with db.cursor(row_factory=class_row(CourseQuota)) as cursor:
        await cursor.execute(COURSE_QUOTAS, {"learner": learner, "day": day})
        return await cursor.fetchall()
