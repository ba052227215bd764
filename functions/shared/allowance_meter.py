"""The meter in front of a language model: nobody gets more answers than they and their courses may have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
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


@dataclass
class Meter:
    """What an answer took, as far as it is known: tokens, and millionths of the prices' currency."""

    tokens: int = 0
    cost: int = 0

    def add(self, tokens: int, cost: int) -> None:
        """Note what one call took, whatever came of it."""
        self.tokens += tokens
        self.cost += cost


class _RolledBack(Exception):
    """Nothing is counted; `by` is the quota that is against it."""

    def __init__(self, by: Quota) -> None:
        self.by = by


def metered(
    ask: Callable[[Meter], Answer],
    event: Event[Any],
    database: Database,
    *,
    function: str,
    limit: int,
    token_limit: int | None = None,
    reserve: int = 0,
    now: datetime,
) -> Answer | Refused:
    """Return what a language model answers to an event, or why it may not be asked.

    `limit` is how many answers the learner may have on the day (UTC) of `now`, and `token_limit` how many tokens; each
    course of theirs may have others for all its learners. The answer is counted, for the learner and every course of
    theirs or for none, before the model is asked: however many ask at once, it gives no more than it may. As many
    tokens as `reserve` says are counted with it, until `ask` has told its meter how many there were; so what is taken
    above a limit is one answer's at most. It is for a handler's step `before`, where nothing is held while the model
    thinks.

    An event counts once in each function, however often it arrives and however many calls its answer takes: where the
    process ends in the middle, the next delivery finds the answer counted and asks again. What `ask` raises is raised
    on, and then no answer is counted, for there was none, but what it took. Two deliveries of one event at the same
    time share what is counted; should one of them fail, the other's answer goes uncounted.

    Raises TryAgainLater where the database does not answer.
    """
    try:
        _take(event, database, function, Quota(limit, 0, token_limit), reserve, now)
    except _RolledBack as refused:
        return Refused(refused.by, next_reset(now))
    meter = Meter()
    try:
        answer = ask(meter)
    except Exception:
        _settle(event, database, function, meter, answered=False)
        raise
    _settle(event, database, function, meter, answered=True)
    return answer


def _take(event: Event[Any], database: Database, function: str, limits: Quota, reserve: int, now: datetime) -> None:
    """Count an answer unless the event has one counted. Raises _RolledBack where a quota is against it."""
    with database.transaction() as db:
        counted = allowance_queries.grant(db, function, event, day_of(now), reserve)
        if counted is None:
            return
        used, tokens = allowance_queries.held_used(db, counted)
        learner = replace(limits, used=used, tokens=tokens)
        against = refusing(learner, allowance_queries.held_courses(db, counted))
        if against is not None:
            raise _RolledBack(against)
        allowance_queries.count(db, counted)


def _settle(event: Event[Any], database: Database, function: str, meter: Meter, *, answered: bool) -> None:
    """Count what the answer took instead of what was reserved for it; without an answer, count none."""
    try:
        with database.transaction() as db:
            settle = allowance_queries.settle if answered else allowance_queries.give_back
            settle(db, function, event, meter.tokens, meter.cost)
    except TryAgainLater:  # what the model said is what matters; what was reserved stays counted
        log.warning("allowance.not_settled")
