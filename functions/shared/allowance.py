"""How many answers of a language model people may have, what those may take, and what is left of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar, Literal, NamedTuple

Scarce = Literal["model", "answers", "tokens", "cost"]
"""What there is none of: a model at all, or too little left of one of the others."""

_SAID: dict[Scarce, str] = {
    "model": "Your course answers without a language model.",
    "answers": "{} answers of the language model are used up for today; there are new ones from {}.",
    "tokens": "{} tokens of the language model do not suffice for another answer; there are new ones from {}.",
    "cost": "{} money for the language model does not suffice for another answer; there is more from {}.",
}


@dataclass(frozen=True)
class Taken:
    """What answers take: tokens, and millionths of the prices' currency."""

    tokens: int = 0
    cost: int = 0


NOTHING = Taken()


@dataclass(frozen=True)
class Quota:
    """Answers of one day, and what they took. A limit that is None: as much as anybody likes.

    `tokens` and `cost`, in millionths of the prices' currency, hold what is reserved for questions under way, too.
    """

    whose: ClassVar[str] = "Your"
    renewed: ClassVar[str] = "midnight UTC"

    limit: int | None
    used: int
    token_limit: int | None = None
    tokens: int = 0
    cost: int = 0
    cost_limit: int | None = None

    @property
    def remaining(self) -> int | None:
        """How many are left; None where there is no limit. Somebody may have lowered it below what was used."""
        return _left(self.limit, self.used)

    @property
    def remaining_tokens(self) -> int | None:
        """How many tokens are left; None where there is no limit."""
        return _left(self.token_limit, self.tokens)

    @property
    def remaining_cost(self) -> int | None:
        """How many millionths are left; None where there is no limit."""
        return _left(self.cost_limit, self.cost)

    def scarce(self, most: Taken) -> Scarce | None:
        """Return what is too little for an answer that takes so much at most; None if there is enough."""
        if _is_less(self.remaining, 1):
            return "answers"
        if _is_less(self.remaining_tokens, max(1, most.tokens)):
            return "tokens"
        return "cost" if _is_less(self.remaining_cost, max(1, most.cost)) else None


@dataclass(frozen=True, kw_only=True)
class CourseQuota(Quota):
    """Answers of one day for all learners of a course together; `model` is whether it lets them have any."""

    whose: ClassVar[str] = "Your course's"

    id: str
    title: str
    model: bool

    def scarce(self, most: Taken) -> Scarce | None:
        """Return what is too little, or that there is no model at all."""
        return super().scarce(most) if self.model else "model"


@dataclass(frozen=True)
class MonthQuota(Quota):
    """What everybody's answers of one month may cost together, and did."""

    whose: ClassVar[str] = "Everybody's"
    renewed: ClassVar[str] = "the first of next month UTC"


class Against(NamedTuple):
    """What speaks against one more answer: a quota, and of what it has too little."""

    quota: Quota
    scarce: Scarce


@dataclass(frozen=True)
class Refused:
    """No answer of a language model: what is against it, and when there will be more."""

    by: Against
    resets_at: datetime

    def __str__(self) -> str:
        """Tell the learner, in Markdown."""
        quota, scarce = self.by
        return _SAID[scarce].format(quota.whose, quota.renewed)


def refusing(quotas: Iterable[Quota], most: Taken = NOTHING) -> Against | None:
    """Return what is against one more answer that takes so much at most; None if all quotas are for it.

    A course without a model is named before one that used its answers up: tomorrow changes nothing about it.
    """
    found = [Against(quota, scarce) for quota in quotas if (scarce := quota.scarce(most))]
    return min(found, key=lambda against: against.scarce != "model", default=None)


def available(quotas: Sequence[Quota]) -> int | None:
    """Return how many answers whom all these concern can have now; None where nothing limits them."""
    if refusing(quotas):
        return 0
    return min((left for quota in quotas if (left := quota.remaining) is not None), default=None)


def day_of(now: datetime) -> date:
    """Return the day (UTC) that an answer at this time counts for."""
    return now.astimezone(UTC).date()


def month_of(day: date) -> date:
    """Return the first day of the month that a day counts for."""
    return day.replace(day=1)


def next_reset(now: datetime, quota: Quota | None = None) -> datetime:
    """Return when the next day begins, UTC, or the next month for a quota of one."""
    day = day_of(now)
    first = month_of(month_of(day) + timedelta(days=31)) if isinstance(quota, MonthQuota) else day + timedelta(days=1)
    return datetime.combine(first, time(), UTC)


def _left(limit: int | None, used: int) -> int | None:
    return None if limit is None else max(0, limit - used)


def _is_less(left: int | None, needed: int) -> bool:
    return left is not None and left < needed
