"""What triage knows of the learner who asks, so that whoever answers need not look it up."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from cachetools import TTLCache, cached

from functions.shared.database import Database
from functions.shared.events import LearnerContext
from functions.triage.queries import learner_context

KEPT_SECONDS = 300
"""How long a process believes what it knows of a learner."""
KEPT_LEARNERS = 2_000
"""The most learners a process remembers; a few hundred bytes each."""

ContextOf = Callable[[str, Database], LearnerContext | None]


def make_context_of(now: Callable[[], float] = time.monotonic) -> ContextOf:
    """Return a function that tells what is known of a learner, None if nothing is; it looks at most every five
    minutes, in any number of threads, and raises TryAgainLater if the database does not answer."""

    @cached(TTLCache(KEPT_LEARNERS, KEPT_SECONDS, timer=now), key=lambda learner, _: learner, lock=Lock())
    def context_of(learner: str, database: Database) -> LearnerContext | None:
        with database.reading() as db:
            return learner_context(db, learner)

    return context_of
