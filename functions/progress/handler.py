"""Count what learners do, in whatever order it is told, and tell them how far that has brought them."""

from __future__ import annotations

from functools import partial
from typing import Any

from functions.curriculum.reading import curriculum
from functions.progress.changing import changed
from functions.progress.counting import COUNTED, count
from functions.progress.queries import (
    active_days,
    all_days,
    hold_learner,
    kept_item,
    local_day,
    mark_day,
    rows_of,
    save_item,
    save_rows,
)
from functions.progress.tally import Tally, topics_of
from functions.progress.wording import reported
from functions.shared.courses.queries import policy_of
from functions.shared.database import Connection
from functions.shared.events import Event, ProgressRequested
from functions.shared.progressing import ProgressReported, ProgressUpdated
from functions.shared.serving import Clock, Handler, Handlers, utc_now
from functions.shared.standing.reckoning import standing


def take_in(event: Event[Any], db: Connection, _: None, *, now: Clock) -> ProgressUpdated | None:
    """Count what an event tells of, and answer if that shows.

    Costs the same however much a learner has behind them: a few rows by their keys, and a count of 30 days at most.
    Raises RejectedEvent for what may not be counted.
    """
    counted = count(event, now())
    if counted is None:
        return None
    learner, seen = event.learner_id, counted.item
    day = hold_learner(db, learner, event.time)
    is_new_day = mark_day(db, learner, day)
    if seen is None and not is_new_day:
        return None
    before = Tally(rows_of(db, learner, topics_of(seen)), kept_item(db, learner, seen) if seen else None)
    after = before.with_seen(seen, day)
    if after.item and after.item != before.item:
        save_item(db, learner, after.item)
    save_rows(db, learner, {topic: row for topic, row in after.rows.items() if row != before.rows.get(topic)})
    days = active_days(db, learner, day)
    return changed(before.rows, after.rows, active_days=days, is_new_day=is_new_day, because=event.type)


def report(event: Event[ProgressRequested], db: Connection, _: None) -> ProgressReported:
    """Tell a learner how far they had come when they asked, and what to do next of what is open to them."""
    learner = event.learner_id
    titles = {topic.id: topic.title for topic in curriculum().by_depth}
    taught = curriculum().opened(policy_of(db, learner).allowed_topics).by_depth
    as_of = local_day(db, learner, event.time)
    come = standing(rows_of(db, learner), all_days(db, learner), as_of, titles)
    return reported(come, taught, event.data.second_guess)


def make_handlers(now: Clock = utc_now) -> Handlers:
    """Return the handlers; `now` tells how late, or early, an event arrives."""
    return {ProgressRequested: Handler(report), **dict.fromkeys(COUNTED, Handler(partial(take_in, now=now)))}


HANDLERS: Handlers = make_handlers()
