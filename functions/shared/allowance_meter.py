"""The meter in front of a language model: nobody gets more answers than they and their courses may have."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import structlog

from functions.shared import allowance_queries
from functions.shared.allowance import Quota, Refused, day_of, next_reset, refusing
from functions.shared.database import Database
from functions.shared.errors import TryAgainLater
from functions.shared.events import Event

Answer = TypeVar("Answer")

log = structlog.get_logger()


class _RolledBack(Exception):
    """Nothing is counted; `by` is the quota that is against it."""

    def __init__(self, by: Quota) -> None:
        self.by = by


def metered(
    ask: Callable[[], Answer], event: Event[Any], database: Database, *, function: str, limit: int, now: datetime
) -> Answer | Refused:
    """Return what a language model answers to an event, or why it may not be asked.

    `limit` is how many answers the learner may have on the day (UTC) of `now`; each course of theirs may have another
    for all its learners. The answer is counted, for the learner and every course of theirs or for none, before the
    model is asked: however many ask at once, it gives no more than it may. It is for a handler's step `before`, where
    nothing is held while the model thinks.

    An event counts once in each function, however often it arrives and however many calls its answer takes: where the
    process ends in the middle, the next delivery finds the answer counted and asks again. What `ask` raises is raised
    on, and then nothing is counted, for there was no answer. Two deliveries of one event at the same time share what
    is counted; should one of them fail, the other's answer goes uncounted.

    Raises TryAgainLater where the database does not answer.
    """
    try:
        _take(event, database, function, limit, now)
    except _RolledBack as refused:
        return Refused(refused.by, next_reset(now))
    try:
        return ask()
    except Exception:
        _give_back(event, database, function)
        raise


def _take(event: Event[Any], database: Database, function: str, limit: int, now: datetime) -> None:
    """Count an answer unless the event has one counted. Raises _RolledBack where a quota is against it."""
    with database.transaction() as db:
        counted = allowance_queries.grant(db, function, event, day_of(now))
        if counted is None:
            return
        learner = Quota(limit, allowance_queries.held_used(db, counted))
        against = refusing(learner, allowance_queries.held_courses(db, counted))
        if against is not None:
            raise _RolledBack(against)
        allowance_queries.count(db, counted)


def _give_back(event: Event[Any], database: Database, function: str) -> None:
    try:
        with database.transaction() as db:
            allowance_queries.give_back(db, function, event)
    except TryAgainLater:  # what the model said is what matters; the next delivery finds the answer counted
        log.warning("allowance.not_given_back")
