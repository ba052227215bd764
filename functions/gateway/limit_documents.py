"""The JSON of limits: how often one may ask, and how many answers of a language model there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, Field

from functions.shared.allowance import CourseQuota, Quota, available
from functions.shared.edge.limits import remaining
from functions.shared.rates import Rate


class RequestLimitDocument(BaseModel):
    """How often you may ask."""

    per_minute: int = Field(description="In the long run.")
    burst: int = Field(description="At once.")
    remaining: int = Field(ge=0, description="At this moment; it grows back, up to `burst`.")


class CourseAnswersDocument(BaseModel):
    """Answers of a language model for all learners of a course together, today."""

    id: str
    title: str
    model: bool = Field(description="Whether the course lets its learners have any.")
    limit: int | None = Field(description="Null: the course sets no limit of its own.")
    used: int
    remaining: int | None


class ModelAnswersDocument(BaseModel):
    """Answers of a language model that you may have today (UTC). One counts for you and for each course of yours."""

    limit: int
    used: int
    remaining: int
    available: int = Field(description="How many you can have now: the least that you or a course of yours has left.")
    resets_at: datetime
    courses: list[CourseAnswersDocument]


class LimitsDocument(BaseModel):
    """What you may, and what is left of it."""

    requests: RequestLimitDocument | None = Field(description="Null where nobody is limited.")
    model_answers: ModelAnswersDocument


def request_limit(rate: Rate, ahead: float) -> RequestLimitDocument:
    """Return how often somebody may ask whose moment is so many seconds ahead."""
    return RequestLimitDocument(per_minute=rate.per_minute, burst=rate.burst, remaining=max(0, remaining(rate, ahead)))


def model_answers(limit: int, used: int, courses: Sequence[CourseQuota], resets_at: datetime) -> ModelAnswersDocument:
    """Return the answers of a language model that a learner may have."""
    learner = Quota(limit, used)
    return ModelAnswersDocument(
        limit=limit,
        used=used,
        remaining=learner.remaining or 0,
        available=available(learner, courses) or 0,
        resets_at=resets_at,
        courses=[
            CourseAnswersDocument(**vars(course), remaining=course.remaining if course.model else 0)
            for course in courses
        ],
    )
