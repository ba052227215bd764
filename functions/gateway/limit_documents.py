"""The JSON of limits: how often one may ask, how many answers of a language model there are, and what they took."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from functions.shared.allowance import CourseQuota, MonthQuota, Quota, available
from functions.shared.edge.limits import remaining
from functions.shared.rates import Rate


class RequestLimitDocument(BaseModel):
    """How often you may ask."""

    per_minute: int = Field(description="In the long run.")
    burst: int = Field(description="At once.")
    remaining: int = Field(ge=0, description="At this moment; it grows back, up to `burst`.")


Cost = Field(
    description="What they cost, in the currency of the prices that are set up; 0 where none are. Of a question under "
    "way what it may cost at most, until it is answered."
)
CostLimit = Field(description="What they may cost; null: there is no limit.")
CostRemaining = Field(description="What is left of that. A little may be too little for an answer.")


class UsedDocument(BaseModel):
    """What answers of a language model took, of a limit."""

    limit: int | None = Field(description="Null: there is none.")
    used: int = Field(description="Of a question under way what it may take at most, until it is answered.")
    remaining: int | None


class CourseAnswersDocument(BaseModel):
    """Answers of a language model for all learners of a course together, today."""

    id: str
    title: str
    model: bool = Field(description="Whether the course lets its learners have any.")
    limit: int | None = Field(description="Null: the course sets no limit of its own.")
    used: int
    remaining: int | None
    tokens: UsedDocument
    cost: float = Cost
    cost_limit: float | None = CostLimit
    cost_remaining: float | None = CostRemaining


class ModelAnswersDocument(BaseModel):
    """Answers of a language model that you may have today (UTC). One counts for you and for each course of yours."""

    limit: int
    used: int
    remaining: int
    tokens: UsedDocument
    cost: float = Cost
    cost_limit: float | None = CostLimit
    cost_remaining: float | None = CostRemaining
    available: int = Field(
        description="How many you can have now: the least that you or a course of yours has left; none without tokens, "
        "or money, be it that of everybody for this month."
    )
    resets_at: datetime
    courses: list[CourseAnswersDocument]


class LimitsDocument(BaseModel):
    """What you may, and what is left of it."""

    requests: RequestLimitDocument | None = Field(description="Null where nobody is limited.")
    model_answers: ModelAnswersDocument


def request_limit(rate: Rate, ahead: float) -> RequestLimitDocument:
    """Return how often somebody may ask whose moment is so many seconds ahead."""
    return RequestLimitDocument(per_minute=rate.per_minute, burst=rate.burst, remaining=max(0, remaining(rate, ahead)))


def model_answers(
    learner: Quota, courses: Sequence[CourseQuota], month: MonthQuota, resets_at: datetime
) -> ModelAnswersDocument:
    """Return the answers of a language model that a learner may have."""
    return ModelAnswersDocument(
        limit=learner.limit or 0,
        used=learner.used,
        remaining=learner.remaining or 0,
        tokens=_tokens(learner),
        **_costs(learner),
        available=available((learner, *courses, month)) or 0,
        resets_at=resets_at,
        courses=[
            CourseAnswersDocument(
                id=course.id,
                title=course.title,
                model=course.model,
                limit=course.limit,
                used=course.used,
                remaining=course.remaining if course.model else 0,
                tokens=_tokens(course),
                **_costs(course),
            )
            for course in courses
        ],
    )


def in_money(cost: int) -> float:
    """Return a sum of millionths as people read it."""
    return cost / 1_000_000


def in_millionths(money: float) -> int:
    """Return a sum as it is kept."""
    return round(1_000_000 * money)


def limit_in_money(cost: int | None) -> float | None:
    """Return a limit in millionths as people read it; None where there is none."""
    return None if cost is None else in_money(cost)


def _costs(quota: Quota) -> dict[str, Any]:
    limit, left = limit_in_money(quota.cost_limit), limit_in_money(quota.remaining_cost)
    return {"cost": in_money(quota.cost), "cost_limit": limit, "cost_remaining": left}


def _tokens(quota: Quota) -> UsedDocument:
    return UsedDocument(limit=quota.token_limit, used=quota.tokens, remaining=quota.remaining_tokens)
