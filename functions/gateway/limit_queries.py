"""What the gateway asks of the database about limits."""

from __future__ import annotations

from datetime import date

from psycopg.rows import class_row

from functions.shared.allowance import CourseQuota, MonthQuota, Quota, month_of
from functions.shared.allowance_queries import COURSE_QUOTAS, LEARNER_USED, MONTH_COST
from functions.shared.edge.database import AsyncConnection
from functions.shared.settings import Settings


async def learner_quota(db: AsyncConnection, learner: str, day: date, settings: Settings) -> Quota:
    """Return what a learner has left on a day of what they may have."""
    row = await (await db.execute(LEARNER_USED, {"learner": learner, "day": day})).fetchone()
    used, tokens, cost = row or (0, 0, 0)
    limit, token_limit = settings.model_answers_per_day, settings.model_tokens_per_day
    return Quota(limit, used, token_limit, tokens, cost, settings.model.cost_per_day)


async def course_quotas(db: AsyncConnection, learner: str, day: date) -> list[CourseQuota]:
    """Return what the courses of a learner have left on a day, in the order in which they joined them."""
    async with db.cursor(row_factory=class_row(CourseQuota)) as cursor:
        await cursor.execute(COURSE_QUOTAS, {"learner": learner, "day": day})
        return await cursor.fetchall()


async def month_quota(db: AsyncConnection, day: date, limit: int | None) -> MonthQuota:
    """Return what is left of what everybody's answers of a day's month may cost."""
    if limit is None:
        return MonthQuota(None, 0)
    row = await (await db.execute(MONTH_COST, {"month": month_of(day)})).fetchone()
    return MonthQuota(None, 0, cost=row[0] if row else 0, cost_limit=limit)
