"""How many answers of a language model a learner may have on one day, how many tokens, and what is left of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta


@dataclass(frozen=True)
class Quota:
    """Answers of one day, and what they took. `limit` or `token_limit` None: as many as anybody likes.

    `tokens` holds those too that are reserved for questions under way; `cost` is in millionths of the prices' currency.
    """

    limit: int | None
    used: int
    token_limit: int | None = None
    tokens: int = 0
    cost: int = 0

    @property
    def remaining(self) -> int | None:
        """How many are left; None where there is no limit. Somebody may have lowered it below what was used."""
        return None if self.limit is None else max(0, self.limit - self.used)

    @property
    def remaining_tokens(self) -> int | None:
        """How many tokens are left; None where there is no limit."""
        return None if self.token_limit is None else max(0, self.token_limit - self.tokens)

    @property
    def is_used_up(self) -> bool:
        """Whether there is no answer left, or no token for one."""
        return self.remaining == 0 or self.remaining_tokens == 0


@dataclass(frozen=True, kw_only=True)
class CourseQuota(Quota):
    """Answers of one day for all learners of a course together; `model` is whether it lets them have any."""

    id: str
    title: str
    model: bool


@dataclass(frozen=True)
class Refused:
    """No answer of a language model: which quota is against it, and when it will be a new one."""

    by: Quota
    resets_at: datetime

    def __str__(self) -> str:
        """Tell the learner, in Markdown."""
        if isinstance(self.by, CourseQuota) and not self.by.model:
            return "Your course answers without a language model."
        whose = "Your course's answers" if isinstance(self.by, CourseQuota) else "Your answers"
        return f"{whose} of the language model are used up for today; there are new ones from midnight UTC."


def refusing(learner: Quota, courses: Iterable[CourseQuota]) -> Quota | None:
    """Return the quota that is against one more answer; None if all that concern the learner are for it.

    A course without a model is named before one that used its answers up: tomorrow changes nothing about it.
    """
    every = tuple(courses)
    without = [course for course in every if not course.model]
    used_up = [quota for quota in (learner, *every) if quota.is_used_up]
    return next(iter((*without, *used_up)), None)


def available(learner: Quota, courses: Iterable[CourseQuota]) -> int | None:
    """Return how many answers the learner can have now; None where nothing limits them."""
    every = tuple(courses)
    if refusing(learner, every):
        return 0
    return min((left for quota in (learner, *every) if (left := quota.remaining) is not None), default=None)


def day_of(now: datetime) -> date:
    """Return the day (UTC) that an answer at this time counts for."""
    return now.astimezone(UTC).date()


def next_reset(now: datetime) -> datetime:
    """Return when the next day begins, UTC."""
    return datetime.combine(day_of(now) + timedelta(days=1), time(), UTC)
