"""The meter in front of a language model: nobody gets more of it than they, their courses and everybody may have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

import structlog

from functions.shared import allowance_queries
from functions.shared.allowance import NOTHING, Against, MonthQuota, Quota, Refused, Taken, day_of, next_reset, refusing
from functions.shared.database import Database
from functions.shared.errors import TryAgainLater
from functions.shared.events import Event

Answer = TypeVar("Answer")

log = structlog.get_logger()


@dataclass
class Meter:
    """What an answer took, as far as it is known."""

    taken: Taken = NOTHING

    def add(self, tokens: int, cost: int) -> None:
        """Note what one call took, whatever came of it: tokens, and millionths of the prices' currency."""
        self.taken = Taken(self.taken.tokens + tokens, self.taken.cost + cost)


@dataclass(frozen=True)
class Limits:
    """What a learner may have on a day of each, and what everybody's answers of a month may cost; None: no limit."""

    answers: int
    tokens: int | None = None
    cost: int | None = None
    month_cost: int | None = None


class _RolledBack(Exception):
    """Nothing is counted; `by` is what is against it."""

    def __init__(self, by: Against) -> None:
        self.by = by


def metered(
    ask: Callable[[Meter], Answer],
    event: Event[Any],
    database: Database,
    *,
    function: str,
    limits: Limits,
    reserve: Taken = NOTHING,
    now: datetime,
) -> Answer | Refused:
    """Return what a language model answers to an event, or why it may not be asked.

    `limits` are for the day and the month (UTC) of `now`; each course of the learner's may have others of a day for all
    its learners. The answer is counted, for the learner, every course of theirs and the month or for none, before the
    model is asked, and with it what `reserve` says that it takes at most, until `ask` has told its meter what it took.
    So however many ask at once, no limit is exceeded but by what an answer takes above its `reserve`. It is for a
    handler's step `before`, where nothing is held while the model thinks.

    An event counts as one answer in each function, however often it arrives and however many calls that takes: where
    the process ends in the middle, the next delivery finds the answer counted, and asks again if the rest allows it.
    What `ask` raises is raised on, and then no answer is counted, for there was none, but what it took. Two deliveries
    of one event at the same time share what is counted; should one of them fail, the other's answer goes uncounted.

    Raises TryAgainLater where the database does not answer.
    """
    try:
        _take(event, database, function, limits, reserve, now)
    except _RolledBack as refused:
        return Refused(refused.by, next_reset(now, refused.by.quota))
    meter = Meter()
    try:
        answer = ask(meter)
    except Exception:
        _settle(event, database, function, meter, answered=False)
        raise
    _settle(event, database, function, meter, answered=True)
    return answer


def _take(event: Event[Any], database: Database, function: str, limits: Limits, reserve: Taken, now: datetime) -> None:
    """Count an answer, unless the event has one counted, and what it takes at most. Raises _RolledBack where a quota is
    against it."""
    with database.transaction() as db:
        counted = allowance_queries.grant(db, function, event, day_of(now), reserve)
        if counted is None:
            return
        used, taken = allowance_queries.held_used(db, counted)
        quotas: list[Quota] = [Quota(limits.answers, used, limits.tokens, taken.tokens, taken.cost, limits.cost)]
        quotas += allowance_queries.held_courses(db, counted)
        if reserve.cost:  # else nothing is ever counted of it
            cost = allowance_queries.held_month(db, counted)
            quotas.append(MonthQuota(None, 0, cost=cost, cost_limit=limits.month_cost))
        if not counted.answers:
            quotas = [replace(quota, limit=None) for quota in quotas]
        against = refusing(quotas, reserve)
        if against is not None:
            raise _RolledBack(against)
        allowance_queries.count(db, counted)


def _settle(event: Event[Any], database: Database, function: str, meter: Meter, *, answered: bool) -> None:
    """Count what the answer took instead of what was reserved for it; without an answer, count none."""
    try:
        with database.transaction() as db:
            settle = allowance_queries.settle if answered else allowance_queries.give_back
            settle(db, function, event, meter.taken)
    except TryAgainLater:  # what the model said is what matters; what was reserved stays counted
        log.warning("allowance.not_settled")
